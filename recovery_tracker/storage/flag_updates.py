"""The computed side of a flag: what the diary shows now, written into the stored flags.

What people did about a flag stays. Only a higher urgency, a further clear worsening, or a flag that
comes back raises attention again. An emergency or same-day flag is never withdrawn from here, but
for a "yes" of which the day now says what it was: that has a flag of its own.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from ..domain.context import SAME_MATTER_DAYS
from ..domain.flags import (
    Attention,
    Condition,
    Episode,
    Pattern,
    Urgency,
    outlasts_operation,
)
from ..domain.people import Occasion, Role
from ..domain.sign_form import YES_ALONE
from .as_json import episode_from_json, episode_to_json
from .audit import AuditAction, record
from .database import WriteSession
from .flags import wake
from .matching import asks_again, match, withdraws_by_itself
from .people import new_public_id
from .tables.flags import FlagRow


@dataclass(frozen=True, slots=True)
class Shown:
    """What a diary shows, for its flags to follow."""

    #: All since the index operation, which was on `since`.
    episodes: Sequence[Episode]
    since: date
    #: Urgent episodes from before that operation that may have been told only after it: what no
    #: flag holds yet is one more that waits over it.
    before: Sequence[Episode] = ()
    #: The day that was just written. Where it no longer shows what a flag from before the operation
    #: names, the patient corrected that.
    told: date | None = None
    #: No pattern is looked for: a flag that does not rest on an answer is withdrawn, because nobody
    #: corrected it.
    diary_only: bool = False
    #: The episodes as of the last day that the diary knows about, for flags that a wrong clock
    #: raised on a day to come; None if unknown.
    to_come: Callable[[], Sequence[Episode] | None] = lambda: None
    #: Days that say which warning sign was new or worse.
    said_which: Set[date] = frozenset()


def reconcile(
    session: WriteSession,
    patient_id: int,
    shown: Shown,
    occasion: Occasion,
    *,
    imported: bool = False,
) -> list[FlagRow]:
    """The stored flags match what is shown now; what people did about them stays. Returns them all.

    Flags raised before the index operation end with it, except that an emergency or same-day flag
    ends only once a person has answered it; the same sign reported after it is a new flag. If that
    operation turns out to be a mistake, they are active again. With `imported`, new flags come from
    a file: past ones are stored as ended and seen, as is a sign last reported more than
    `SAME_MATTER_DAYS` ago; later ones stay open. An event that a clinician entered, such as a fall,
    is seen by definition, and an old one is over in the same way. A snooze that ran out before
    today is over.
    """
    today, at = occasion.today, occasion.at
    query = select(FlagRow).where(FlagRow.patient_id == patient_id).order_by(FlagRow.id)
    found = list(session.scalars(query))
    rows = {row.id: row for row in found}
    stored = {row.id: episode_from_json(row.episode) for row in found}
    former = {k: stored[k] for k, row in rows.items() if row.raised_on < shown.since}
    continued = match({k: one for k, one in stored.items() if k not in former}, shown.episodes)
    known = match(former, shown.before)
    changes: list[dict[str, Any]] = []
    for place, number in sorted(continued.items()):
        changes += _continue(rows.pop(number), shown.episodes[place], at)
    for place, number in sorted(known.items()):
        again = shown.before[place]
        if asks_again(former[number], again) or rows[number].corrected_by_patient:
            changes += _continue(rows.pop(number), again, at)
    for episode in (*_not_in(continued, shown.episodes), *_not_in(known, shown.before)):
        found.append(_raise(session, patient_id, episode, occasion, imported))
    gone = _gone_to_come(rows, shown, today)
    for number, row in rows.items():
        # What a clock that ran ahead raised on a day to come stands until a person decides.
        if row.raised_on <= today or number in gone:
            is_untold = number in former.keys() - known.values()
            is_untold = is_untold and shown.told in stored[number].days
            changes += _unmatched(row, shown, is_untold)
    for row in found:
        # A day late, so that it is over wherever the clinic is: until then the list reckons itself.
        wake(row, today - timedelta(days=1))
    session.flush()
    if changes:
        record(
            session, AuditAction.FLAG_CHANGED, by=occasion.by, at=at, patient_id=patient_id,
            details={"changes": changes},
        )  # fmt: skip
    return found


def _not_in(matched: Mapping[int, int], episodes: Sequence[Episode]) -> list[Episode]:
    """The episodes that no flag holds, by the places of those that are matched."""
    return [episode for place, episode in enumerate(episodes) if place not in matched]


def _gone_to_come(rows: Mapping[int, FlagRow], shown: Shown, today: date) -> Set[int]:
    """Flags of answers on days to come that are no longer there: the day was taken back."""
    found = {k: episode_from_json(row.episode) for k, row in rows.items() if row.raised_on > today}
    signs = {k: episode for k, episode in found.items() if episode.signs}
    episodes = shown.to_come() if signs else None
    return set() if episodes is None else signs.keys() - match(signs, episodes).values()


def _raise(
    session: WriteSession,
    patient_id: int,
    episode: Episode,
    occasion: Occasion,
    imported: bool,
) -> FlagRow:
    """A new flag, and the record of it."""
    by, at, today = occasion.by, occasion.at, occasion.today
    typed = by.role is Role.CLINICIAN and episode.pattern is Pattern.EVENT
    is_past = (imported or typed) and (
        episode.cleared_on is not None or _is_old_answer(episode, today)
    )
    row = FlagRow(
        public_id=new_public_id(),
        patient_id=patient_id,
        pattern=str(episode.pattern),
        urgency=int(episode.worst_urgency),
        raised_on=episode.raised_on,
        condition=str(Condition.ENDED if is_past else episode.condition),
        attention=str(Attention.SEEN if is_past or typed else Attention.UNSEEN),
        snoozed_until=None,
        corrected_by_patient=False,
        closed_on=today if is_past else None,
        imported=imported and is_past,
        episode=episode_to_json(episode),
        stored_at=at,
        attention_since=at,
        version=1,
    )
    session.add(row)
    session.flush()
    details = {"flag": row.public_id, "episode": row.episode}
    record(session, AuditAction.FLAG_RAISED, by=by, at=at, patient_id=patient_id, details=details)
    return row


def _is_old_answer(episode: Episode, today: date) -> bool:
    # Nobody can answer "gone" in a diary that was only imported. What the next entry would still
    # ask about stays open (`open_signs`); anything older is over.
    latest = max([episode.raised_on, *(update.day for update in episode.updates)])
    return bool(episode.signs) and latest < today - timedelta(days=SAME_MATTER_DAYS)


def _continue(row: FlagRow, episode: Episode, at: datetime) -> list[dict[str, Any]]:
    """The flag of an episode that continues; returns what changed, for the audit."""
    before = episode_from_json(row.episode)
    was = row.condition
    again = asks_again(before, episode)
    if again or was == Condition.WITHDRAWN:
        # It was closed because the patient had taken it back; now it has been reported again.
        row.closed_on = None
    now = Condition.ENDED if row.closed_on is not None else episode.condition
    comes_back = now is Condition.ACTIVE and (was != Condition.ACTIVE or row.corrected_by_patient)
    if before == episode and was == now and not row.corrected_by_patient:
        return []
    row.episode = episode_to_json(episode)
    row.raised_on = episode.raised_on
    row.condition = str(now)
    row.corrected_by_patient = False
    if again or comes_back:
        # Who had not looked yet is late since the first time, however often it asks again.
        still = row.attention == Attention.UNSEEN and was != Condition.WITHDRAWN
        row.first_asked = (row.first_asked or row.attention_since) if still else None
        row.attention = str(Attention.UNSEEN)
        row.attention_since = at
        row.snoozed_until = None
        row.taken_by, row.taken_at = "", None
    row.urgency = int(episode.worst_urgency)
    row.version += 1
    if was == now and not again:
        return []
    return [{"flag": row.public_id, "was": was, "now": str(now), "asks_again": again}]


def _unmatched(row: FlagRow, shown: Shown, is_untold: bool) -> list[dict[str, Any]]:
    """What becomes of a flag that the diary no longer shows."""
    episode = episode_from_json(row.episode)
    was = row.condition
    if row.raised_on < shown.since and not (is_untold and was == Condition.ACTIVE):
        waits = outlasts_operation(Urgency(row.urgency), Attention(row.attention))
        if row.condition == Condition.ACTIVE and not waits:
            # The next operation ended it: recovery is counted from there. Nobody closed it, so it
            # is active again if that operation is taken back or postponed.
            row.condition = str(Condition.ENDED)
    elif (
        withdraws_by_itself(episode)
        or (shown.diary_only and not episode.signs)
        or (episode.signs == (YES_ALONE,) and episode.days <= shown.said_which)
    ):
        row.condition = str(Condition.WITHDRAWN)
    elif row.closed_on is None and not row.corrected_by_patient:
        row.corrected_by_patient = True
        row.version += 1
        return [{"flag": row.public_id, "was": was, "now": "corrected by the patient"}]
    if row.condition == was:
        return []
    row.version += 1
    return [{"flag": row.public_id, "was": was, "now": row.condition}]
