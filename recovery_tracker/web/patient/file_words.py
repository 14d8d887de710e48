"""A file that a patient brings in, in words: what it is, what was read, and what the page asks."""

from collections.abc import Sequence

from flask_babel import gettext as _

from ...domain.diary import DiaryEntry
from ...domain.history import History
from ...domain.measures import MEASURES
from ...domain.passive import PASSIVE_MEASURES, PassiveKind
from ...domain.surgery import Region
from ...exchange.file_kinds import BEARABLE, DAYLIO, LIMESURVEY, REDCAP, REDCAP_LABELS
from ..shared.language import mark, short_day_text
from .file_look import SHOWN, Look
from .words import answer_words


def has_choices(look: Look) -> bool:
    return any(asks_of(look).values())


def samples_of(look: Look) -> list[str]:
    """What stands under each head in the first rows, each once, short enough for a line."""
    under = ([row[at] for row in look.samples if at < len(row)] for at in range(len(look.heads)))
    return [_sample([cell.strip() for cell in cells if cell.strip()]) for cells in under]


#: Characters of the cells that are shown under a head. Our default.
_SAMPLE = 60


def _sample(cells: Sequence[str]) -> str:
    text = ", ".join(dict.fromkeys(cells))
    return text if len(text) <= _SAMPLE else f"{text[:_SAMPLE].rpartition(' ')[0].rstrip(',')} …"


def asks_of(look: Look) -> dict[str, bool]:
    """Which questions about the file are shown: those that a refusal is about.

    The scale is asked for every table of another shape: 4 of 100 looks like 4 of 10.
    """
    return {name: name in look.asks or (name == "scale" and bool(look.heads)) for name in ASKED}


#: What can be said of a file beside its columns, by the names that the form gives them.
ASKED = ("dates", "temperature", "scale", "encoding", "same_day", "person")


def orders_of(look: Look) -> tuple[str, list[tuple[str, str]]]:
    """The question about the dates and its answers: the orders they may be written in, with the
    year first only if it has two digits."""
    if look.has_short_years:
        return _("How is a date like 03/04/26 meant?"), [
            ("dmy", _("Day first: 3 April 2026")),
            ("mdy", _("Month first: March 4, 2026")),
            ("ymd", _("Year first: 2003, April 26")),
        ]
    return _("How is a date like 3/4/2026 meant?"), [
        ("dmy", _("Day first: 3 April")),
        ("mdy", _("Month first: March 4")),
    ]


def differing_of(look: Look) -> list[tuple[str, str]]:
    """The first answers that differ from those in the diary, as (day, question)."""
    found = look.would.differing[:SHOWN] if look.would else ()
    return [(short_day_text(day), column_name(key, region)) for day, key, region in found]


def column_name(key: str, region: Region) -> str:
    names = {
        "date": _("Day"),
        "temperature_f": _("Temperature (°F)"),
        "own_question": _("The words of your own question"),
        "signs": _("Warning signs"),
        "signs_asked": _("Warning signs asked"),
        "recorded_at": _("Written at"),
    }
    return names.get(key) or _(MEASURES[key].name_for(region))


def rows_of(look: Look) -> list[tuple[str, str]]:
    """The first days as they were read, so that a swapped column is seen before it is stored."""
    if look.found is None:
        return []
    rows = [
        (short_day_text(entry.day), _answers_of(entry, look) or _("other answers"))
        for entry in look.found.archive.entries[:SHOWN]
    ]
    for value in look.found.passive[: SHOWN - len(rows)]:
        unit = PASSIVE_MEASURES[value.kind].unit
        measured = f"{_kind_name(value.kind)} {value.value:g} {_(unit) if unit else ''}".strip()
        counted = f"{value.source}{mark(': ')}{measured}"
        rows.append((short_day_text(value.day), counted))
    return rows


def _answers_of(entry: DiaryEntry, look: Look) -> str:
    """The answers of a day by name; pain and numbness are those of the part that the file names, or
    of the part that was operated on by that day."""
    region = entry.region or look.region
    if entry.region is None and look.operations:
        region = History(look.operations).region_of(entry)
    shown = ("axial_pain", "limb_pain", "walking", "mobility", "numbness", "steps")
    answers = ((key, answer_words(key, entry)) for key in shown)
    said = [f"{column_name(key, region)}{mark(': ')}{words}" for key, words in answers if words]
    return mark("; ").join(said)


def what_it_is(kind: str) -> str:
    """What a file is, in words for the person; names of programs are not translated."""
    names = {
        "diary": _("a table of days"),
        "export": _("everything from a diary (zip)"),
        "code": _("the code on a report"),
        "passive values": _("counts of a device"),
        DAYLIO: _("a diary of Daylio (a mood is no pain score)"),
        BEARABLE: _("a diary of Bearable (its short scales are no pain scores)"),
        REDCAP: _("a table of records of REDCap"),
        REDCAP_LABELS: _("a table of records of REDCap, with labels"),
        LIMESURVEY: _("answers of LimeSurvey"),
    }
    return names.get(kind, kind)


def _kind_name(kind: PassiveKind) -> str:
    return _(PASSIVE_MEASURES[kind].name)
