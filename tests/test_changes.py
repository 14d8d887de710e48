"""Every kind of write, stopped between any two statements: flags and record still agree.

A program that is killed does not finish its transaction. Here each verb of `services` is stopped at
every statement in turn, and at the commit. Afterwards nothing of it is stored; or it is, and the
flags say what the record says; or the patient is marked as due, and `tick` puts it right.
"""

import ast
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import event as listening
from sqlalchemy.exc import SQLAlchemyError

from recovery_tracker import services
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.flags import Decision
from recovery_tracker.domain.history import (
    DAILY,
    Appointment,
    Event,
    EventKind,
    History,
    Imaging,
    ImagingResult,
)
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.people import Actor, Mode, Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.sensitivity import Sensitivity
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import assessing, attention, record
from recovery_tracker.services.assessing import is_past
from recovery_tracker.services.attention import Decided
from recovery_tracker.services.medicines import add_medicine
from recovery_tracker.storage import (
    accounts,
    flags,
    imports,
    patient_summary,
    people,
    record_rows,
    second_person,
    settings,
)
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.flags import Acknowledged
from recovery_tracker.storage.patient_record import PatientRecord, record_of
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.settings import Installation
from tests.databases import (
    NOW,
    OPERATED,
    SYSTEM,
    TODAY,
    as_patient,
    calm,
    file,
    new_clinician,
    new_patient,
    url_of,
)
from tests.effort import effort

__all__ = ["file"]

SERVICES = Path(services.__file__).parent
FALL = Event(TODAY, EventKind.FALL)


@dataclass
class Ward:
    """A patient of a clinic with a diary, an open flag, and one of everything beside the diary."""

    database: Database
    patient: Patient
    surgeon: Actor

    @property
    def own(self) -> Actor:
        return as_patient(self.patient)

    @property
    def flag(self) -> flags.StoredFlag:
        with self.database.read() as session:
            return next(flag for flag in flags.flags_of(session, self.patient.id) if flag.is_open)

    def account(self, login: str) -> int:
        with self.database.read() as session:
            return next(a.id for a in accounts.all_accounts(session) if a.login == login)

    def one(self, kind: Any) -> record_rows.Stored[Any]:
        """The newest of a kind."""
        with self.database.read() as session:
            return record_rows.stored_of(session, self.patient.id, kind)[-1]

    def add(self, value: Any) -> None:
        record.add(self.database, self.patient.id, value, key="", by=self.own, at=NOW)

    def edit(self, value: Any) -> None:
        stored = self.one(type(value))
        terms = {"expected_version": stored.version, "by": self.own, "at": NOW}
        record.edit(self.database, self.patient.id, stored.public_id, value, **terms)

    def remove(self, kind: Any) -> None:
        stored = self.one(kind)
        terms = {"expected_version": stored.version, "by": self.own, "at": NOW}
        record.remove(self.database, self.patient.id, stored.public_id, kind, **terms)

    def write(self, entry: DiaryEntry) -> None:
        services.record_day(
            self.database, self.patient.id, entry, by=self.own, at=NOW, today=TODAY, key="one form"
        )

    def agrees(self) -> bool:
        """Whether flags and summary say what the record says; an assessment changes nothing."""
        with self.database.read() as session:
            as_of = patient_summary.summary_of(session, self.patient.id).as_of
        before = self._said()
        services.reassess(self.database, self.patient.id, today=as_of or TODAY, at=NOW)
        return before == self._said()

    def is_due(self) -> bool:
        with self.database.read() as session:
            return is_past(patient_summary.summary_of(session, self.patient.id), TODAY)

    def beside(self, *, anew: bool = False) -> PatientRecord:
        """What stands beside the days, from memory where it still holds, or read anew."""
        if anew:
            self.database.forget()
        with self.database.read() as session:
            return record_of(session, self.patient.id)[0]

    def _said(self) -> tuple[Any, ...]:
        with self.database.read() as session:
            stands = patient_summary.summary_of(session, self.patient.id)
            return flags.flags_of(session, self.patient.id), stands.next_change_on


def an_entry(**answers: Any) -> DiaryEntry:
    return DiaryEntry(TODAY, signs=frozenset(answers.pop("signs", ())), **answers)


def an_instruction(text: str) -> Instruction:
    return Instruction(InstructionKind.PLAN, TODAY, NOW, "physio", text, None, "Dr Example")


def take_back_day(ward: Ward) -> None:
    terms: Any = {"by": ward.own, "at": NOW, "today": TODAY, "expected_version": 1}
    services.take_back_day(ward.database, ward.patient.id, TODAY - timedelta(5), **terms)


def make_link(ward: Ward, digest: str = "a second link") -> None:
    terms: Any = {"day": TODAY, "expires_at": NOW + timedelta(1), "by": ward.own, "at": NOW}
    services.visit_links.make(ward.database, ward.patient.id, digest=digest, **terms)


def diary_only(ward: Ward) -> None:
    with ward.database.read() as session:
        before = settings.read_installation(session)
    wanted = replace(before, scope=settings.DIARY_ONLY)
    services.save_settings(ward.database, wanted, by=SYSTEM, at=NOW)


def import_more(ward: Ward) -> None:
    days = calm(OPERATED + timedelta(1), 5, pain=4)
    more = History(operations=(Operation(OPERATED, Region.LUMBAR),), entries=days, events=(FALL,))
    services.import_history(
        ward.database, ward.patient.id, FileContent(more), by=SYSTEM, at=NOW, today=TODAY
    )


def take_back_import(ward: Ward) -> None:
    with ward.database.read() as session:
        done = imports.imports_of(session, ward.patient.id)[0]
    terms: Any = {"by": SYSTEM, "at": NOW, "today": TODAY}
    services.undo_import(ward.database, ward.patient.id, done.public_id, **terms)


def decide(ward: Ward) -> None:
    flag = ward.flag
    plan = an_instruction("Come in.")
    made = Decided(Decision.REASSURED, "Called.", None, plan, flag.version)
    terms: Any = {"key": "one form", "by": ward.surgeon, "at": NOW, "today": TODAY}
    attention.decide(ward.database, ward.patient.id, flag.public_id, made, **terms)


def acknowledge(ward: Ward) -> None:
    terms: Any = {"key": "one form", "by": ward.own, "at": NOW, "today": TODAY}
    terms["asked_since"] = ward.flag.attention_since
    flag = ward.flag.public_id
    attention.acknowledge(ward.database, ward.patient.id, flag, Acknowledged.CALLED, **terms)


def choose(ward: Ward, patient_id: int | None) -> None:
    services.choose_sensitivity(
        ward.database,
        Sensitivity.SENSITIVE,
        reason="A fragile spine.",
        expected_version=0,
        key="one form",
        by=ward.surgeon,
        at=NOW,
        patient_id=patient_id,
    )


def save(ward: Ward, changed: Patient) -> None:
    services.save_patient(ward.database, changed, by=ward.own, at=NOW)


def sheet(ward: Ward) -> None:
    days = calm(TODAY - timedelta(2), 2)
    services.record_days(
        ward.database, ward.patient.id, days, by=ward.own, at=NOW, today=TODAY, key="one form"
    )


def medicine(ward: Ward) -> None:
    taken = Medicine(TODAY, "Oxycodone", 10, "mg", 2)
    add_medicine(ward.database, ward.patient.id, taken, key="", by=ward.own, at=NOW)


RINGS = {"endpoint": "https://a.example/1"}


def stops(ward: Ward, changed: services.devices.Change) -> None:
    """A device rings until `changed`."""
    with ward.database.read() as session:
        now = people.patient_by_id(session, ward.patient.id)
    if not now.preferences.get("rings"):
        save(ward, people.with_preferences(now, rings=[RINGS]))
    services.change_devices(ward.database, ward.patient.id, changed, by=ward.own, at=NOW)


#: Every kind of write about one patient.
VERBS: dict[str, Callable[[Ward], object]] = {
    "a day with an emergency": lambda w: w.write(an_entry(signs={"saddle_numbness"})),
    "an ordinary day": lambda w: w.write(an_entry(axial_pain=3, walking=2)),
    "days from paper": sheet,
    "a diary from a file": import_more,
    "a fall": lambda w: w.add(FALL),
    "a second operation": lambda w: w.add(Operation(TODAY, Region.LUMBAR)),
    "imaging": lambda w: w.add(ImagingResult(TODAY, "xray", Imaging.FUSED)),
    "a visit": lambda w: w.add(Appointment(TODAY, None, "Dr Example")),
    "an instruction": lambda w: w.add(an_instruction("Walk.")),
    "a score": lambda w: w.add(FormScore(TODAY, "odi_points", 20, Role.PATIENT)),
    "a medicine": medicine,
    "tags": lambda w: services.set_tags(w.database, w.patient.id, ("A", "B"), by=w.surgeon, at=NOW),
    "the end of the follow-up": lambda w: save(w, replace(w.patient, ended_on=TODAY)),
    "signing out on a device that rings": lambda w: stops(w, services.all_but(None)),
    "a device that rings no more": lambda w: stops(w, services.all_but_this(RINGS)),
    "another day of the operation": lambda w: w.edit(
        Operation(OPERATED + timedelta(1), Region.LUMBAR)
    ),
    "another kind of event": lambda w: w.edit(Event(TODAY, EventKind.PHYSIO)),
    "an event taken back": lambda w: w.remove(Event),
    "an instruction taken back": lambda w: w.remove(Instruction),
    "seen": lambda w: attention.mark_seen(
        w.database, w.patient.id, w.flag.public_id, w.flag.version, by=w.surgeon, at=NOW
    ),
    "taken on": lambda w: attention.take_on(
        w.database,
        w.patient.id,
        w.flag.public_id,
        w.flag.version,
        by=w.surgeon,
        at=NOW,
        here=NOW.date(),
    ),
    "a telephone number": lambda w: save(w, replace(w.patient, phone="020 7946 0000")),
    "decided": decide,
    "acknowledged": acknowledge,
    "other days to write on": lambda w: save(w, replace(w.patient, schedule=DAILY)),
    "another zone": lambda w: save(w, replace(w.patient, zone="Pacific/Auckland")),
    "a preference": lambda w: save(w, people.with_preferences(w.patient, questions=["Why?"])),
    "an import taken back": take_back_import,
    "care that begins": lambda w: services.second_person.give_care(
        w.database, w.patient.id, w.surgeon.account_id or 0, by=SYSTEM, at=NOW
    ),
    "care that ends": lambda w: services.end_care(
        w.database, w.patient.id, w.surgeon.account_id or 0, by=w.own, at=NOW
    ),
    "a patient's own sensitivity": lambda w: choose(w, w.patient.id),
    "the clinic's sensitivity": lambda w: choose(w, None),
    "a day that has come": lambda w: services.tick(w.database, NOW + timedelta(40)),
    "a day taken back": take_back_day,
    "a page of a later day": lambda w: services.read_recovery(
        w.database, w.patient.id, today=TODAY + timedelta(40), by=w.surgeon
    ),
    "assessed anew": lambda w: services.reassess(
        w.database, w.patient.id, today=TODAY + timedelta(40), at=NOW + timedelta(40)
    ),
    "opened in an emergency": lambda w: services.emergency.open_record(
        w.database, w.patient.id, "Unconscious.", by=w.surgeon, at=NOW
    ),
    "a link for a visit": make_link,
    "a link taken back": lambda w: services.visit_links.end(
        w.database, w.patient.id, 1, by=w.own, at=NOW
    ),
    "care that is declined": lambda w: services.second_person.answer_care(
        w.database, w.patient.id, w.account("colleague"), False, by=w.own, at=NOW
    ),
    "a code for a new password": lambda w: services.second_person.make_code(
        w.database, w.patient.id, by=w.surgeon, at=NOW
    ),
    "an account that ends": lambda w: services.end_account(
        w.database, w.patient.id, w.account("ann"), by=w.own, at=NOW
    ),
    "what the installation is for": diary_only,
}

#: Verbs about a patient that end with nobody to compare flags of, and where each is stopped.
ELSEWHERE = {
    "people.follow": "waits for the flag; its change is that of `the end of the follow-up`",
    "people.erase_patient": "tests/storage/test_crash.py",
    "people.admit": "has no operation yet",
    "accounts.invite_once": "has no operation yet",
    "settings.set_up": "has no operation yet",
    "admitting.admit_all": "marks as due whoever has an operation",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Path:
    """The file of a clinic with one patient: six weeks of diary, and a fall a week ago."""
    made = tmp_path_factory.mktemp("changes") / "filled.db"
    made.write_bytes(empty_file.read_bytes())
    database = open_database(url_of(made))
    with database.write() as session:
        clinic = Installation(mode=Mode.CLINIC, emergency_number="999")
        settings.save_installation(session, clinic, by=SYSTEM, at=NOW)
    patient = new_patient(database)
    surgeon = new_clinician(database, patient)
    ward = Ward(database, patient, SYSTEM)
    with database.write() as session:
        terms: Any = {"by": SYSTEM, "at": NOW}
        own: Any = {"role": Role.PATIENT, "patient_id": patient.id}
        accounts.create_account(session, name="Ann", login="ann", **own, **terms)
        asking = accounts.create_account(
            session, name="Dr Other", login="colleague", role=Role.CLINICIAN, **terms
        )
        second_person.ask_for_care(session, patient.id, asking.id, by=surgeon, at=NOW)
    make_link(ward, digest="a link")
    days = calm(TODAY - timedelta(20), 18)
    history = History(operations=(Operation(OPERATED, Region.LUMBAR),), entries=days)
    services.import_history(
        database, patient.id, FileContent(history), by=SYSTEM, at=NOW, today=TODAY
    )
    ward.add(Event(TODAY - timedelta(7), EventKind.FALL))
    ward.add(an_instruction("Rest."))
    assert ward.flag
    assert ward.agrees()
    assert not ward.is_due()
    database.close()
    return made


@contextmanager
def ward_in(file: Path) -> Iterator[Ward]:
    database = open_database(url_of(file))
    with database.read() as session:
        (patient,) = people.all_patients(session)
        (account,) = people.care_of(session, patient.id, NOW)
    surgeon = Actor(account, "Dr Example", Role.CLINICIAN, cares_for=frozenset({patient.id}))
    try:
        yield Ward(database, patient, surgeon)
    finally:
        database.close()


class Stop:
    """Counts the statements and commits of a database, and stops the program at one of them."""

    def __init__(self, database: Database) -> None:
        self.count, self.at = 0, 0
        listening.listen(database.engine, "before_cursor_execute", self._seen)
        listening.listen(database.engine, "commit", self._seen)

    def _seen(self, *_: object) -> None:
        self.count += 1
        # A dead program does not tidy up either.
        if self.at and self.count >= self.at:
            raise SystemExit(f"stopped at statement {self.at}")

    def run(self, deed: Callable[[], object], at: int = 0) -> bool:
        """Whether the deed came to its end; `at` 0 lets it."""
        self.count, self.at = 0, at
        try:
            deed()
        except (SystemExit, SQLAlchemyError):
            if not (at and self.count >= at):
                raise
            return False
        finally:
            self.at = 0
        return True


@pytest.mark.parametrize("verb", VERBS)
def test_a_write_stopped_anywhere_leaves_flags_and_record_in_step(
    verb: str, filled: Path, tmp_path: Path
) -> None:
    stop_everywhere(VERBS[verb], filled, tmp_path)


def test_every_verb_that_changes_a_record_is_stopped(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function of `services` that writes about a patient is in `VERBS` or in `ELSEWHERE`."""
    opened = set()
    write = Database.write

    def noted(database: Database) -> Any:
        opened.add(_verb_above(sys._getframe(1)))
        return write(database)

    monkeypatch.setattr(Database, "write", noted)
    for number, verb in enumerate(VERBS.values()):
        with ward_in(Path(shutil.copy(filled, tmp_path / f"{number}.db"))) as ward:
            verb(ward)
    assert set(_verbs_about_patients()) - ELSEWHERE.keys() <= opened


def _verb_above(frame: FrameType | None) -> str:
    """By module and name the function of `services` that a write was opened for."""
    while frame is not None:
        place = Path(frame.f_code.co_filename)
        if place.parent == SERVICES and place.stem != "change":
            return f"{place.stem}.{frame.f_code.co_name}"
        frame = frame.f_back
    return ""


def _verbs_about_patients() -> Iterator[str]:
    """The functions of `services` that open a write and change what is stored about somebody."""
    about = {"session.record_changed", "record_rows.add", "people.create_patient", "erasure.erase"}
    for module in SERVICES.glob("*.py"):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith(
                "in_one_change("
            ):
                # It is `change` with nothing but one writer in it.
                written = ast.unparse(node.value).removeprefix("in_one_change(").rstrip(")")
                assert written not in about, f"{module.stem}: {written} is stopped by nothing"
            if not isinstance(node, ast.FunctionDef) or module.stem == "change":
                continue
            calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
            called = set(map(ast.unparse, calls))
            if "patient_change" in called or ("change" in called and called & about):
                yield f"{module.stem}.{node.name}"


def test_a_change_in_two_transactions_is_found(filled: Path, tmp_path: Path) -> None:
    """The check itself: a fall that is stored first and looked at in a second transaction."""

    def add_and_look(ward: Ward) -> None:
        with ward.database.write() as session:
            record_rows.add(session, ward.patient.id, FALL, by=SYSTEM, at=NOW)
            session.assessed(ward.patient.id)
        services.reassess(ward.database, ward.patient.id, today=TODAY, at=NOW)

    with pytest.raises(AssertionError):
        stop_everywhere(add_and_look, filled, tmp_path)


def test_a_writer_that_forgets_the_flags_leaves_the_patient_due(
    filled: Path, tmp_path: Path
) -> None:
    """Whoever changes a record outside the helper all the same: the next tick puts it right."""

    def add_only(ward: Ward) -> None:
        with ward.database.write() as session:
            record_rows.add(session, ward.patient.id, FALL, by=SYSTEM, at=NOW)

    stop_everywhere(add_only, filled, tmp_path)


def test_an_assessment_that_fails_leaves_the_change_and_the_patient_due(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copy(filled, tmp_path / "ward.db"))
    with ward_in(copy) as ward:
        with monkeypatch.context() as broken:
            broken.setattr(assessing, "assess", lambda *_: 1 / 0)
            ward.add(FALL)
        assert ward.one(Event).value == FALL
        assert ward.is_due()
        _check(ward)


def stop_everywhere(deed: Callable[[Ward], object], filled: Path, folder: Path) -> None:
    """The deed was stopped at each of its statements, and each time all was in step.

    Of a long deed a part of them, another one every day, unless the whole effort is asked for.
    """
    with ward_in(Path(shutil.copy(filled, folder / "counted.db"))) as ward:
        counted = Stop(ward.database)
        counted.run(lambda: deed(ward))
    assert counted.count > 5, "nothing was written"
    step = effort(5, 1)
    points = [
        at
        for at in range(1, counted.count + 1)
        if at <= 30 or at > counted.count - 5 or at % step == datetime.now(UTC).toordinal() % step
    ]
    copy = Path(shutil.copy(filled, folder / "ward.db"))
    with ward_in(copy) as ward, closing(driver().connect(copy)) as beside:
        stop = Stop(ward.database)
        # At the end nothing stops it.
        for at in [*points, 0]:
            version = _version(beside)
            is_done = stop.run(lambda: deed(ward), at)
            # What a dead program had set on its connections is gone with it.
            ward.database.engine.dispose()
            if is_done or _version(beside) != version:
                _check(ward)
            if is_done:
                break


def _version(beside: Any) -> int:
    """Another number after every commit of somebody else."""
    (found,) = beside.execute("PRAGMA data_version").fetchone()
    return int(found)


def _check(ward: Ward) -> None:
    assert ward.beside() == ward.beside(anew=True), "what was kept in memory is stale"
    if ward.is_due():
        assert services.tick(ward.database, NOW) == 1
    assert not ward.is_due()
    assert ward.agrees()
