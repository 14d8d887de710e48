"""How the patient's pages get at the diary: always through the gate, never around it."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from flask import abort, make_response, redirect, url_for
from werkzeug.exceptions import NotFound

from ... import services
from ...charts import LETTERS
from ...domain.history import History
from ...domain.people import Action
from ...domain.places import place_of
from ...services import Recovery
from ...storage import diary, record_rows
from ...storage.entry_rows import StoredEntry
from ...storage.people import Patient
from ...storage.record_rows import Stored, Thing
from ...storage.settings import Installation
from ..shared import clock
from ..shared.access import actor, database, load_patient, may_here, own_record
from ..shared.pages import render
from .days import read_day

#: Postoperative day up to which getting about leads alone when scores are hidden by choice: less
#: attention to pain in the first six weeks. Our default.
HIDE_SCORES_UNTIL = 42


@dataclass(frozen=True)
class Begun(Recovery):
    """A recovery that has an operation to count from: what the patient's pages show."""

    history: History

    def operated_by(self, today: date) -> date | None:
        """The day of the last operation done by today; None while it is waited for."""
        done = [stored.value.day for stored in self.operations if stored.value.day <= today]
        return max(done, default=None)

    def latest_day(self, today: date) -> date:
        """Today, or the last day with an entry: a phone ahead of the diary's zone wrote it."""
        return max([today, *(stored.day for stored in self.entries[-1:])])

    def versions_of(self, day: date) -> tuple[StoredEntry, ...]:
        """Every version of a day, oldest first; read once, however many flags are about it."""
        if day not in self._versions:
            with self.database.read() as session:
                self._versions[day] = diary.versions_of(session, self.patient.id, day)
        return self._versions[day]

    @cached_property
    def _versions(self) -> dict[date, tuple[StoredEntry, ...]]:
        return {}


def recovery_of(public_id: str, action: Action) -> Begun:
    """Everything known about the patient, as of their own today.

    Without an operation there is nothing to count from: the page leads to its form, or says so to a
    carer who only reads.
    """
    patient = load_patient(public_id, action)
    found = begun_or_none(patient)
    if found is None and not may_here(Action.EDIT_SURGERY, patient):
        abort(make_response(render("patient/not_begun.html")))
    if found is None:
        abort(redirect(url_for("patient.new_surgery", public_id=public_id), 303))
    return found


def begun_or_none(patient: Patient) -> Begun | None:
    """Everything known about the patient, as of their own today; None without an operation."""
    found = services.read_recovery(
        database(), patient.id, today=clock.today(patient.zone), by=actor(), at=clock.now()
    )
    if found.history is None:
        return None
    return Begun(**{part.name: getattr(found, part.name) for part in fields(found)})


def stored_day(recovery: Begun, day: str, latest: date) -> StoredEntry:
    """The day in an address, as stored; 404 if it is after `latest` or has no entry."""
    stored = recovery.entry_on(read_day(day, latest))
    if stored is None:
        raise NotFound
    return stored


def stored_of(patient: Patient, kind: type[Thing]) -> tuple[Stored[Thing], ...]:
    """Everything of one kind in the patient's record, by day."""
    with database().read() as session:
        return record_rows.stored_of(session, patient.id, kind)


def stored_or_none(patient: Patient, kind: type[Thing], public_id: str) -> Stored[Thing] | None:
    """What this address names in the patient's record; None if it is not there."""
    return next((one for one in stored_of(patient, kind) if one.public_id == public_id), None)


def scores_are_hidden(recovery: Begun, pod: int) -> bool:
    """Whether the patient chose to see no scores, always or for the first six weeks."""
    choice = recovery.patient.preferences.get("scores", "shown")
    return choice == "hidden" or (choice == "later" and pod < HIDE_SCORES_UNTIL)


def page_look() -> str:
    """Classes of the page for the text size and contrast its reader chose; "" by default.

    A clinician who looks at a patient's page reads it in the usual size of text.
    """
    patient, size = own_record(), letters()
    if patient is None:
        return ""
    classes = [f"text-{size}"] if size else []
    is_strong = patient.preferences.get("contrast") == "more"
    return " ".join([*classes, "more-contrast"] if is_strong else classes)


def letters() -> str:
    """The text size that the reader chose, as in `charts.LETTERS`; "" is the usual one."""
    patient = own_record()
    chosen = "" if patient is None else patient.preferences.get("text_size", "")
    return chosen if chosen in LETTERS else ""


def crisis_number(installation: Installation) -> str:
    """Whom to call in despair: the country's crisis line, else the emergency number."""
    return place_of(installation.country).crisis_line or installation.emergency_number
