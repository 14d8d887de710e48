"""What `assess` says: the fields of its JSON and the text for people."""

import shutil
import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ..domain.flags import (
    URGENCY_NAMES,
    Assessment,
    Episode,
    raisings,
)
from ..domain.history import History
from ..domain.phrases import pattern_name, say, summary
from ..domain.status import status_sentence
from ..domain.surgery import Region
from ..domain.wording import time_since
from ..exchange.flags_csv import flag_fields
from ..reports.sufficiency import begun_late, is_before_diary

_DISCLAIMER = (
    "This is a diary with explained rules, not a diagnosis. The rules were tuned on published "
    "numbers and simulated diaries, never validated in patients. If you are worried, call your "
    "spine team; in an emergency, call an ambulance."
)


def assessment_fields(assessment: Assessment, region: Region) -> dict[str, Any]:
    """`assess --json`: the present status and every flag so far, in the order they were raised."""
    return {
        "status": assessment.status.value,
        "as_of": assessment.as_of.isoformat(),
        "days_logged": assessment.sufficiency.logged,
        "days_expected": assessment.sufficiency.expected,
        "flags": [
            flag_fields(raised, region)
            for raised in sorted(
                (raised for episode in assessment.episodes for raised in raisings(episode)),
                key=lambda raised: raised.raised_on,
            )
        ],
    }


def assessment_text(assessment: Assessment, history: History) -> str:
    """The same for a reader: the status first, then each flag; its summary includes what is for
    it."""
    kept, region, known = assessment.sufficiency, history.region, history.known_on(assessment.as_of)
    begun = begun_late(known, assessment.as_of, show_day=str)
    day = assessment.postoperative_day
    lines = [
        *_wrapped(status_sentence(assessment)),
        "",
        f"As of {assessment.as_of}, {_since(day, assessment.as_of)}.",
        f"Logged: {kept.kept} of {kept.expected} expected days"
        + (f" and {_days(kept.unasked)} unasked" if kept.unasked else "")
        + f"; {kept.recent_kept} of the last {kept.recent_expected}; "
        f"longest gap {_days(kept.longest_gap)}"
        + (f"; {_days(kept.late)} written up late." if kept.late else "."),
        *filter(None, (begun,)),
    ]
    for title, episodes in (
        ("Active flags", [e for e in assessment.episodes if e.cleared_on is None]),
        ("Ended flags", [e for e in assessment.episodes if e.cleared_on is not None]),
    ):
        if episodes:
            lines += ["", f"{title}: {len(episodes)}"]
            for episode in episodes:
                lines += ["", *_flag(episode, region, known.begun_on)]
    lines += ["", *_wrapped(_DISCLAIMER), f"Rule set {assessment.rule_set}."]
    return "\n".join(lines)


def _since(day: int, as_of: date) -> str:
    operated_on = as_of - timedelta(days=day)
    if day < 0:
        return f"{_days(-day)} before the operation"
    return f"day {day} ({time_since(operated_on, as_of)}) after the operation"


def counted(count: int, thing: str) -> str:
    """A count with its noun in the right number.

    >>> counted(1, "day"), counted(0, "day"), counted(2, "entry")
    ('1 day', '0 days', '2 entries')
    """
    if count == 1:
        return f"1 {thing}"
    return f"{count} {thing.removesuffix('y')}ies" if thing.endswith("ry") else f"{count} {thing}s"


def _days(count: int) -> str:
    return counted(count, "day")


def _flag(episode: Episode, region: Region, begun: date | None) -> Iterator[str]:
    raised = f"raised on {episode.raised_on}"
    if episode.began is not None:
        between = f"between {episode.onset_first} and {episode.onset_last}"
        raised += f", began about {episode.began} ({between})"
    elif episode.onset is not None and not episode.signs:
        raised += f", since {_onset(episode.onset, begun)}"
    if episode.cleared_on is not None:
        raised += f", ended on {episode.cleared_on}"
    urgency, pattern = URGENCY_NAMES[episode.urgency], pattern_name(episode)
    title = f"{urgency if urgency == pattern else f'{urgency}: {pattern}'}, {raised}"
    yield from _wrapped(title, "  ")
    yield from _wrapped(summary(episode, region), "    ")
    ends = filter(None, (episode.would_clear,))
    for what, reasons in (
        ("against", episode.evidence_against),
        ("explained by", episode.explained_by),
        ("would end it", ends),
    ):
        for reason in reasons:
            said = say(reason, region=region, signals=episode.signals)
            yield from _wrapped(f"{what}: {said}", "    ")
    if episode.days_used or episode.days_missing:
        yield f"    days used {episode.days_used}, missing {episode.days_missing}"


def _onset(onset: date, begun: date | None) -> str:
    """Of a level that counts from the operation nobody knows where the diary was begun late."""
    if is_before_diary(onset, begun):
        return f"before the diary began on {begun}"
    return str(onset)


def _wrapped(text: str, indent: str = "") -> list[str]:
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)
