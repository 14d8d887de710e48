"""What a row of the list says about a patient: why they are there, and what was done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...domain.flags import (
    PATTERN_NAMES,
    Attention,
    Episode,
    Urgency,
)
from ...domain.nerve_answers import beside_answers
from ...domain.status import earlier_words, sentence_for
from ...domain.surgery import REGION_NAMES, Operation, Region
from ...domain.ticked import SignDay, told_from
from ...domain.wording import time_since
from ...reports.findings import CORRECTED, Told
from ...storage.lines import (
    DecidedLine,
    OperationLine,
    decided_of,
    ended_of,
    sign_days_of,
)
from ...storage.list_order import MEASURED
from ...storage.listing import ListedPatient
from ..shared.decision_words import decision_name, instant_words
from ..shared.language import mark
from ..shared.language import quick_gettext as _
from ..shared.zones import clinic_today
from .sparklines import short_date
from .words import (
    ATTENTION_NAMES,
    QUIET,
    age,
    badge,
    joined,
    put_off_words,
    reason_of,
)

#: Longest note of a decision in a row, in characters; the chart page has the whole. Our default.
NOTE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a row's reason is told from beside its flag; times are given in the clinic's zone."""

    zone: str
    days: tuple[SignDay, ...]
    #: About each open flag, the newest decision last.
    decided: tuple[DecidedLine, ...]
    ended: tuple[Episode, ...]


def reasons_of(
    session: Session, rows: Sequence[ListedPatient], zone: str, today: date
) -> dict[int, Reasons]:
    """By number what the reason of each row is told from."""
    flagged = {r.id: told_from(r.episode) for r in rows if r.episode and r.episode.signs}
    # Where the patient is it may be tomorrow already.
    signs = sign_days_of(session, flagged, last=today + timedelta(days=1))
    answered = [r.id for r in rows if r.episode is None and r.flags_open]
    looked_at = [r.id for r in rows if r.attention in (Attention.SNOOZED, Attention.SEEN)]
    decided = decided_of(session, {*answered, *looked_at})
    ended = ended_of(session, [r.id for r in rows if r.episode is None and not r.flags_open])
    return {
        row.id: Reasons(zone, signs.get(row.id, ()), decided.get(row.id, ()), ended.get(row.id, ()))
        for row in rows
    }


def state_words(row: ListedPatient, reasons: Reasons, today: date) -> str:
    """What the row says under its badge, in one line."""
    waits = waits_words(row, reasons, today) or attention_words(row, reasons, today)
    return mark(". ").join(filter(None, (ended_words(row), waits, taken_words(row))))


def attention_words(row: ListedPatient, reasons: Reasons, today: date) -> str:
    """What has been done about the flag, until when it was put off and by whom; "" if none waits.

    An emergency cannot be put off: if the patient was not reached, somebody must try again.
    """
    for made in reasons.decided:
        if made.flag != row.flag_public_id:
            continue
        since = row.waits_since
        if said := put_off_words(row.attention, made, since, today, author=made.author):
            return said
    return "" if row.attention is None else _(ATTENTION_NAMES[row.attention])


def ended_words(row: ListedPatient) -> str:
    if row.ended_on is None:
        return ""
    return _("Follow-up ended on %(day)s", day=short_date(row.ended_on, clinic_today()))


def about_of(row: ListedPatient, operation: OperationLine | None, today: date) -> str:
    years = age(row.birth_date, today)
    levels = operation.level_names if operation else ""
    region = _(REGION_NAMES[row.region]) if row.region else ""
    since = _("no operation yet")
    if row.operation_day is not None:
        since = time_since(row.operation_day, today, _)
    return joined([str(years) if years is not None else "", levels or region, since])


def badge_of(row: ListedPatient) -> tuple[str, str]:
    """Level and words of the row's badge."""
    answered, due = row.flags_open > 0, row.assessment_due
    return badge(row.urgency, row.status, is_answered=answered, is_due=due)


def is_behind(row: ListedPatient) -> bool:
    """Whether flag and reason are of a day before today; answers are flagged all the same."""
    if not row.assessment_is_due or row.as_of is None or row.as_of >= row.today:
        return False
    if row.episode is None or not row.episode.signs:
        return True
    told = max([row.episode.raised_on, *(update.day for update in row.episode.updates)])
    return told <= row.as_of


def logged_words(row: ListedPatient) -> str:
    if not row.recent_expected:
        return "–"
    return _("%(logged)s of %(expected)s", logged=row.recent_logged, expected=row.recent_expected)


#: What a row may draw in place of the pain of back or neck, where its flag is about it.
_DRAWN = frozenset({"limb_pain", "numbness", "mobility"})


def measure_of(episode: Episode | None, *, sort: str = "") -> str:
    """The symptom drawn in a row: the one its flag is about, otherwise back or neck pain.

    In a list sorted by pain, every row shows that pain.
    """
    if sort.removeprefix("-") == "pain":
        return MEASURED["pain"]
    if episode is None:
        return "axial_pain"
    if beside := beside_answers(episode.signs):
        return beside[0]
    leading = episode.signals[0].measure if episode.signals else ""
    return leading if leading in _DRAWN else "axial_pain"


def taken_words(row: ListedPatient) -> str:
    """Who said that they see to the flag, of which nothing was decided since."""
    return _("%(name)s is seeing to it", name=row.taken_by) if row.taken_by else ""


def waits_words(row: ListedPatient, reasons: Reasons, today: date) -> str:
    """Since when a flag waits for somebody; "" where none does."""
    if row.attention is not Attention.UNSEEN or row.waits_since is None:
        return ""
    if (row.urgency or Urgency.NOTE) < Urgency.SAME_DAY:
        return ""
    at = instant_words(row.waits_since, today, reasons.zone, _)
    return _("Waiting since %(at)s", at=at)


def why_of(
    row: ListedPatient, reasons: Reasons, operation: OperationLine | None, today: date
) -> str:
    said = _reason(row, reasons, operation, today)
    awaited = _("No imaging result yet.") if row.awaits_imaging else ""
    return f"{said} {awaited}".strip()


def _reason(
    row: ListedPatient, reasons: Reasons, operation: OperationLine | None, today: date
) -> str:
    if row.episode is not None:
        counted_from = Operation(
            row.operation_day or today,
            row.region or Region.LUMBAR,
            approach=None if operation is None else operation.approach,
        )
        why = reason_of(row.episode, Told(today, counted_from, reasons.days), in_brief=True)
        if row.flag_is_corrected:
            why = f"{why} {_(CORRECTED)}"
        return _and_more(why, row.flags_open - row.flag_is_open)
    if row.status is None:
        return ""
    if row.assessment_due:
        # What it found before says nothing of the newest answers.
        return _("The diary could not be assessed. Look at the individual days.")
    if reasons.decided and row.status not in QUIET:
        return _and_more(_decided(reasons.decided[-1], reasons.zone, today), row.flags_open - 1)
    # A row knows the last day of the whole diary: one of before the operation is none since it.
    is_empty = row.last_entry is None or row.last_entry < (row.operation_day or row.last_entry)
    expected, recent = row.expected, row.recent_expected
    said = _(
        sentence_for(
            row.status,
            is_empty=is_empty,
            expected=expected,
            recent_expected=recent,
            has_badge=True,
        )
    ).format(
        logged=row.logged,
        expected=row.expected,
        recent=row.recent_logged,
        recent_expected=row.recent_expected,
        last=short_date(row.last_entry, today),
    )
    earlier = earlier_words(reasons.ended, _, show_day=lambda day: short_date(day, today))
    return f"{said} {earlier}".strip() if row.status not in QUIET else said


def _and_more(said: str, more: int) -> str:
    """What is said of one flag, and how many more hold."""
    and_more = ngettext("(+1 flag)", "(+%(num)s flags)", more) if more > 0 else ""
    return f"{said} {and_more}".strip()


def _decided(line: DecidedLine, zone: str, today: date) -> str:
    """What was decided about the flag that still holds, by whom and when."""
    said = _(
        "%(pattern)s: %(decision)s, %(author)s, %(at)s",
        pattern=_(PATTERN_NAMES[line.pattern]),
        decision=decision_name(line.decision, line.until, today, _),
        author=line.author,
        at=instant_words(line.at, today, zone, _),
    )
    if not line.note:
        return said + mark(".")
    note = line.note
    if len(note) > NOTE_LENGTH:
        note = f"{note[:NOTE_LENGTH].rstrip()}…"
    return f"{said}{mark(': ')}“{note}”"
