"""A file that a patient brings in: what it is, and what would happen."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import request
from flask_babel import gettext as _

from ... import services
from ...domain.errors import RecoveryError
from ...domain.history import History
from ...domain.passive import PassiveKind, days_by_source
from ...domain.surgery import Operation, Region
from ...exchange import long_reading
from ...exchange.choices import DATE_ORDERS, ENCODINGS, Choices
from ...exchange.dates import SHORT_YEAR
from ...exchange.diary_csv import COLUMNS, Limits
from ...exchange.incoming import Incoming, NeedsMapping, read_file
from ...exchange.mapping import NO_MAPPING, ColumnMap
from ...exchange.problems import FileRefused
from ...exchange.same_day import HOW
from ...exchange.table import plain_name
from ...exchange.whose import refuse_another
from ...services import Imported
from ...storage import people, record_rows
from ...storage.people import Patient
from ..shared import clock
from ..shared.access import actor, database
from ..shared.refused_files import lines_of

#: Rows of a file that are shown before anything is stored.
SHOWN = 5
#: Columns of a file that a person can explain on a page; more is for a mapping file. Our default.
MOST_HEADS = 40

#: Columns of a table that hold no answer.
_NO_ANSWERS = frozenset({"date", "own_question", "signs_asked", "recorded_at"})

#: How this page takes the answer to a question about a file.
_ADVICE = {
    "dates": lambda: _("Say below how the dates are written."),
    "temperature": lambda: _("Say below if it is °F."),
    "scale": lambda: _("If it is, choose 0 to 100 below."),
    "encoding": lambda: _("Say below what saved it, or save it again as “CSV UTF-8”."),
    "same_day": lambda: _("Say below which one counts."),
    "person": lambda: _("Say below whether both are one person."),
}


@dataclass(slots=True)
class Look:
    """What a file is and what importing it would do, or why it is refused."""

    kind: str = ""
    refusals: tuple[str, ...] = ()
    #: The answers about the file that would settle some of the refusals.
    asks: frozenset[str] = frozenset()
    #: Whether one of the days has a year of two digits.
    has_short_years: bool = False
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
        read = read or read_file(
            path,
            zone=patient.zone,
            limits=Limits({operation.region for operation in done}, today, at),
            choices=choices_made(),
            how=how,
        )
        look.found = read.of_whole_days(today)
        look.kind = look.found.kind
        is_same = choices_made().same_person
        refuse_another(look.found.archive, patient, path.name, is_same=is_same)
        look.operations = (*look.found.archive.operations, *done)
        look.would = _import(patient, look.found, done, dry_run=dry_run)
    except NeedsMapping as needs:
        look.kind, look.heads, look.samples = needs.kind, needs.heads[:MOST_HEADS], needs.rows
        if "head" in request.form:
            look.names_no_answer = True
        else:
            look.mapped = _guessed(patient, needs)
    except FileRefused as refused:
        look.refusals, look.asks = lines_of(refused, (path, path.name), _ADVICE), refused.asks
        look.has_short_years = any(one.what == SHORT_YEAR for one in refused.problems)
    except RecoveryError as error:
        look.refusals = (_(str(error)),)
    return look


def _region_of(done: tuple[Operation, ...], day: date) -> Region:
    return History(done).counted_on(day).region if done else Region.LUMBAR


def _import(
    patient: Patient, found: Incoming, done: tuple[Operation, ...], *, dry_run: bool
) -> Imported:
    if not (done or found.archive.operations):
        raise RecoveryError(_("Enter your operation first; the days are counted from it."))
    source = request.form.get("source", "")
    return services.import_history(
        database(),
        patient.id,
        found.content(done, patient.schedule, source if source in sources_of(found) else ""),
        by=actor(),
        at=clock.now(),
        today=clock.today(patient.zone),
        dry_run=dry_run,
    )


def choices_made() -> Choices:
    """What the person said about the file, in a form or, for a long file, in the address."""
    return Choices(
        dates=_one_of(DATE_ORDERS, "dates"),
        fahrenheit=request.values.get("temperature") == "f",
        hundred=request.values.get("scale") == "100",
        encoding=_one_of(ENCODINGS, "encoding"),
        same_day=_one_of(HOW, "same_day"),
        same_person=request.values.get("person") == "same",
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
