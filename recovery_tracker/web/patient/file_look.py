"""A file that a patient brings in: what it is, what would happen, and what the page asks."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import request
from flask_babel import gettext as _

from ... import services
from ...domain.diary import DiaryEntry
from ...domain.errors import RecoveryError
from ...domain.history import History
from ...domain.measures import MEASURES
from ...domain.passive import PASSIVE_MEASURES, PassiveKind, days_by_source
from ...domain.surgery import Operation, Region
from ...exchange import long_reading
from ...exchange.choices import DATE_ORDERS, ENCODINGS, Choices
from ...exchange.diary_csv import COLUMNS, Limits
from ...exchange.file_kinds import BEARABLE, DAYLIO, LIMESURVEY, REDCAP, REDCAP_LABELS
from ...exchange.incoming import Incoming, NeedsMapping, read_file
from ...exchange.mapping import NO_MAPPING, ColumnMap
from ...exchange.problems import FileRefused
from ...exchange.same_day import HOW
from ...exchange.table import plain_name
from ...services import Imported
from ...storage import people, record_rows
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database
from ..shared.language import mark, short_day_text

#: Rows of a file that are shown before anything is stored.
SHOWN = 5
#: Columns of a file that a person can explain on a page; more is for a mapping file. Our default.
MOST_HEADS = 40

#: Columns of a table that hold no answer.
_NO_ANSWERS = frozenset({"date", "own_question", "signs_asked", "recorded_at"})

#: Options of the command line in a refusal, which a page has as buttons.
_OPTION = re.compile(r" \((?:or say )?--[^)]*\)|, or say the order|; then choose it(?= |$)")


@dataclass(slots=True)
class Look:
    """What a file is and what would happen with it, or why not."""

    kind: str = ""
    refusals: tuple[str, ...] = ()
    found: Incoming | None = None
    would: Imported | None = None
    heads: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    mapped: dict[str, str] = field(default_factory=dict)
    #: Where the person was operated by today: what the pain and the numbness of a table are about.
    region: Region = Region.LUMBAR
    #: Operations of the diary and of the file: they say what the pain of each day is about.
    operations: tuple[Operation, ...] = ()
    #: The person said what the columns mean, and none of them is an answer.
    names_no_answer: bool = False

    @property
    def is_refused(self) -> bool:
        return bool(self.refusals) or self.names_no_answer


def look_at(patient: Patient, path: Path, *, dry_run: bool = True) -> Look:
    """The file as it reads; without `dry_run` it is imported too, if nothing is in the way."""
    at, today = clock.now(), clock.today(patient.zone)
    with database().read() as session:
        done = record_rows.values_of(session, patient.id, Operation)
    look = Look(mapped=_mapped(), region=_region_of(done, today), operations=done)
    # A table of which nothing but the day is known is shown again, to be explained.
    is_explained = bool(set(look.mapped.values()) - _NO_ANSWERS)
    how = ColumnMap(look.mapped, choices_made()) if is_explained else NO_MAPPING
    try:
        read = long_reading.outcome(path) if long_reading.is_begun(path) else None
        look.found = read or read_file(
            path,
            zone=patient.zone,
            limits=Limits({operation.region for operation in done}, today, at),
            choices=choices_made(),
            how=how,
        )
        look.kind = look.found.kind
        look.operations = (*look.found.archive.operations, *done)
        look.would = _import(patient, look.found, done, dry_run=dry_run)
    except NeedsMapping as needs:
        look.kind, look.heads, look.samples = needs.kind, needs.heads[:MOST_HEADS], needs.rows
        if "head" in request.form:
            look.names_no_answer = True
        else:
            look.mapped = _guessed(patient, needs)
    except FileRefused as refused:
        look.refusals = rows_together([_plain(line, path) for line in refused.listed])
    except RecoveryError as error:
        look.refusals = (_plain(_(str(error)), path),)
    return look


def _region_of(done: tuple[Operation, ...], day: date) -> Region:
    return History(done).counted_on(day).region if done else Region.LUMBAR


def _plain(line: str, path: Path) -> str:
    """A refusal as a page says it: without the name of a waiting file, and without options."""
    line = line.replace(f"{path}: ", "").replace(f"{path.name}, ", "").replace(f"{path.name}: ", "")
    line = _OPTION.sub("", line)
    return line[:1].upper() + line[1:]


#: A refusal of a row: what stands before its number, and after it.
_OF_A_ROW = re.compile(r"(.*?)\b([Rr])ow (\d+)(.*)", re.DOTALL)


def rows_together(lines: Sequence[str]) -> tuple[str, ...]:
    """The same refusals, one line for all rows of which the same is said: "Rows 2 to 9, 12"."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for line in lines:
        found = _OF_A_ROW.fullmatch(line)
        key = (found[1], found[2], found[4]) if found else ("", "", line)
        rows.setdefault(key, []).extend([int(found[3])] if found else [])
    return tuple(
        f"{before}{letter}ow{'s' * (len(numbers) > 1)} {_runs(numbers)}{after}"
        if numbers
        else after
        for (before, letter, after), numbers in rows.items()
    )


def _runs(numbers: Sequence[int]) -> str:
    """Numbers in order, with "2 to 9" for those that follow each other."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )


def _import(
    patient: Patient, found: Incoming, done: tuple[Operation, ...], *, dry_run: bool
) -> Imported:
    read, at = found.archive, clock.now()
    if not (done or read.operations):
        raise RecoveryError(_("Enter your operation first; the days are counted from it."))
    source = request.form.get("source", "")
    return services.import_history(
        database(),
        patient.id,
        read.history(done, patient.schedule),
        by=actor(),
        at=at,
        today=clock.today(patient.zone),
        appointments=read.appointments,
        passive=found.passive,
        questions=read.questions,
        planned=read.planned,
        kind=found.kind,
        steps_source=source if source in sources_of(found) else "",
        dry_run=dry_run,
    )


def choices_made() -> Choices:
    """What the person said about the file, in a form or in the address of a long file's page."""
    return Choices(
        dates=_one_of(DATE_ORDERS, "dates"),
        fahrenheit=request.values.get("temperature") == "f",
        hundred=request.values.get("scale") == "100",
        encoding=_one_of(ENCODINGS, "encoding"),
        same_day=_one_of(HOW, "same_day"),
    )


def _one_of(allowed: Collection[str], name: str) -> str | None:
    said = request.values.get(name)
    return said if said in allowed else None


def _mapped() -> dict[str, str]:
    """What the person said about the columns: head to column."""
    said = zip(request.form.getlist("head"), request.form.getlist("means"), strict=False)
    return {head: column for head, column in said if column in COLUMNS}


def _guessed(patient: Patient, needs: NeedsMapping) -> dict[str, str]:
    """What was said of such columns before, and names that are ours; scales are never guessed."""
    known: Any = patient.preferences.get("import_columns")
    before = known if isinstance(known, dict) else {}
    guessed: dict[str, str] = {}
    if needs.day_column is not None and needs.day_column < MOST_HEADS:
        guessed[needs.heads[needs.day_column]] = "date"
    for head in needs.heads[:MOST_HEADS]:
        name = before.get(head) or plain_name(head, COLUMNS)
        if name in COLUMNS and name not in guessed.values():
            guessed.setdefault(head, name)
    return guessed


def remember(patient: Patient, columns: dict[str, str]) -> None:
    """The mapping is offered again for the next file of the same columns."""
    with database().read() as session:
        now = people.patient_by_id(session, patient.id)
    services.save_patient(
        database(),
        people.with_preferences(now, import_columns=columns),
        by=actor(),
        at=clock.now(),
    )


def sources_of(found: Incoming) -> dict[str, int]:
    return dict(days_by_source(found.passive, PassiveKind.STEPS))


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
    text = " ".join(look.refusals)
    return {
        "dates": "day or month" in text or "year of four" in text,
        "temperature": "Fahrenheit" in text,
        "scale": bool(look.heads) or "0-100" in text,
        "encoding": "is not UTF-8" in text,
        "same_day": "another answer for this day" in text,
    }


#: What can be said of a file beside its columns, by the names that the form gives them.
ASKED = ("dates", "temperature", "scale", "encoding", "same_day")


def orders_of(look: Look) -> tuple[str, list[tuple[str, str]]]:
    """What is asked about the dates, and the orders in which they may be written; with the year
    first only where it is short."""
    if "year of four" in " ".join(look.refusals):
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
    """The first answers that the diary has in another way, as (day, question)."""
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
    values = ((key, getattr(entry, key)) for key in shown)
    said = [f"{column_name(key, region)} {value}" for key, value in values if value is not None]
    return mark(", ").join(said)


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
