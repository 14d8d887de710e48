"""A small clinic on a real SQLite file, and one browser for each person in it.

alice and bob are patients; carol cares for alice, dan for bob; erin cared for alice until her
access was taken away; frank administers; gina's account is switched off; a stranger has none.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import Cookie

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.people import Actor, Mode, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import import_history, reassess, record_day
from recovery_tracker.storage import accounts, people, record_rows, settings
from recovery_tracker.storage import engine as opening
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.settings import Installation
from recovery_tracker.web import application
from recovery_tracker.web.application import Address, create_app
from recovery_tracker.web.config import Config
from tests.charts.recoveries import recovery
from tests.databases import ON_POSTGRESQL, copied, url_of
from tests.web.page import Page

SECRET = "a-secret-for-tests-only-0123456789abcdef"
PASSWORD = "violet kettle on the moon 42"
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SURGERY_DAY = date(2025, 12, 16)
SYSTEM = Actor(None, "test set-up", Role.SYSTEM)

#: Words that stand in one patient's record alone; nobody else may ever be sent them.
ALICE_WORDS = ("Alicia Canaryfield", "zebra-note-alice")
BOB_WORDS = ("Bobby Canarystone", "zebra-note-bob")


class Clock:
    """A clock that tests move forward."""

    def __init__(self, instant: datetime = NOW) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def forward(self, **span: float) -> None:
        """Time passes."""
        self.instant += timedelta(**span)


@dataclass
class Clinic:
    """The running application, its database, its people and its clock."""

    app: Flask
    database: Database
    clock: Clock
    config: Config
    alice: Patient
    bob: Patient
    accounts: dict[str, accounts.Account]
    #: Where its database is, or the name of the one on PostgreSQL.
    file: Path
    #: What was done in a fresh copy of the clinic, by `once`; None where it is no such copy.
    done: tuple[Any, ...] | None = None

    def browser(self) -> "Browser":
        """A browser of somebody who has not signed in."""
        return Browser(self.app.test_client())

    def once(self, step: tuple[Any, ...], do: Callable[["Clinic"], Any]) -> Any:
        """What `do` comes to in this clinic.

        Where nothing but such steps was done in a fresh clinic, this one is kept as it is then, and
        the next one in which the same is to be done becomes a copy of it.
        """
        if self.done is None or self.clock() != NOW or not _is_as_copied(self.file):
            self.done = None
            return do(self)
        before, self.done = self.done, (*self.done, step)
        if self.done not in _prepared:
            came_of_it = do(self)
            self.database.close()  # What is in its log goes into the file.
            file = _prepared[before][0].with_name(f"{len(_prepared)}.db")
            _prepared[self.done] = copied(self.file, file), came_of_it
        self.database.close()
        self.database.forget()
        _fresh_copy(self.done, self.file)
        return _prepared[self.done][1]

    def signed_in(self, name: str) -> "Browser":
        """A browser in which this person has signed in through the sign-in page."""
        browser = self.browser()
        browser.client._cookies = dict(self.once(("sign in", name), lambda one: one._cookies(name)))
        return browser

    def _cookies(self, name: str) -> dict[Any, Cookie]:
        """The cookies of somebody who signs in through the sign-in page."""
        browser = self.browser()
        answer = browser.sign_in(name)
        assert answer.status_code == 302, answer.status_code
        return browser.client._cookies

    def add_account(self, login: str, role: Role = Role.CLINICIAN, **more: Any) -> accounts.Account:
        """One more person, who signs in with the password that all of them have."""
        known = self.accounts["carol"].password_hash
        told = {"name": login.title(), "password_hash": known, "by": SYSTEM, "at": NOW, **more}
        with self.database.write() as session:
            self.accounts[login] = accounts.create_account(session, login=login, role=role, **told)
        return self.accounts[login]

    def path_of(self, rule: Rule, values: dict[str, Any]) -> str:
        """The address of a route with these values in it."""
        return self.app.url_map.bind("localhost").build(rule.endpoint, values)

    def signed_out_again(self, name: str) -> "Browser":
        """A browser in which this person signed in once, whose session has run out."""
        browser = self.signed_in(name)
        browser.client.delete_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return browser


class Browser:
    """A test client that reads pages and sends their forms as a browser would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more):
        """The answer to following a link."""
        return self.client.get(path, **more)

    def page(self, path: str) -> Page:
        """The page behind a link, which must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return Page(answer.text)

    def send(self, path: str, action: str | None = None, **fields):
        """The form of the page at `path` (the one for `action`, else the first), filled in."""
        form = self.page(path).form(action)
        return self.client.post(form.action or path, data={**form.hidden(), **fields})

    def sign_in(self, login: str, password: str = PASSWORD):
        """The answer of the sign-in form."""
        form = self.page("/account/sign-in").form("/account/sign-in")
        data = {**form.hidden(), "email": login, "password": password}
        return self.client.post("/account/sign-in", data=data)


#: The files of clinics in which something was done, by what that was, and what came of it.
_prepared: dict[tuple[Any, ...], tuple[Path, Any]] = {}


def _fresh_copy(done: tuple[Any, ...], file: Path) -> Path:
    """The clinic in which this was done, in `file`, whose time says that nobody wrote to it."""
    for log in ("-wal", "-shm"):
        file.with_name(file.name + log).unlink(missing_ok=True)
    copied(_prepared[done][0], file)
    os.utime(file, (0, 0))
    return file


def _is_as_copied(file: Path) -> bool:
    if ON_POSTGRESQL:
        return False  # Nothing says it there.
    log = file.with_name(f"{file.name}-wal")
    return file.stat().st_mtime == 0 and not (log.exists() and log.stat().st_size)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that somebody else holds is given up after a second; people wait for ten."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 1)


@pytest.fixture(scope="session")
def clinic_database(empty_file, tmp_path_factory) -> Path:
    """The clinic with its people and two days of two diaries, made once."""
    file = tmp_path_factory.mktemp("clinic") / "clinic.db"
    copied(empty_file, file, is_kept=True)
    database = open_database(url_of(file))
    app = make_app(_config(file, Clock()), database)
    with app.app_context():
        _people_the_clinic(database)
    database.close()
    return file


#: Databases that `open_clinic` and `empty` opened in the test that runs.
_opened: list[Database] = []


@pytest.fixture(autouse=True)
def _closing() -> Iterator[None]:
    """What a test opened is closed after it."""
    yield
    while _opened:
        _opened.pop().close()


def opened(file: Path) -> Database:
    """The database in this file, closed after the test."""
    _opened.append(open_database(url_of(file)))
    return _opened[-1]


def closes_it_itself(database: Database) -> None:
    """The caller closes this one: a server that runs for a whole module must not lose its database
    after each test, with a request perhaps still under way.
    """
    _opened.remove(database)


@pytest.fixture
def clinic(clinic_database, tmp_path_factory) -> Clinic:
    """A fresh copy of the clinic."""
    # Where a password must have been typed just now, ten minutes of the machine's clock count.
    done = (clinic_database, time.monotonic() // 300)
    _prepared.setdefault(done, (clinic_database, None))
    return _standing(tmp_path_factory.getbasetemp() / "standing").clinic(done)


@cache
def _standing(folder: Path) -> "Standing":
    """The application that the tests of this process use one after the other."""
    return Standing(folder)


class Standing:
    """One application for test after test, each on a fresh copy of the database: to make it takes
    longer than a page.

    Where a test changed the application itself another one is made, as where a database that
    somebody else holds is given up after another time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: Clinic | None = None
        self._extensions: dict[str, Any] = {}
        self._like: Any = None

    def clinic(self, done: tuple[Any, ...]) -> Clinic:
        """The clinic in which this was done, as if its application had just been made."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        file = _fresh_copy(done, self._folder / "clinic.db")
        if self._made is not None and self._is_as_made(self._made):
            _opened.append(self._made.database)
        else:
            self._made = open_clinic(file)
            self._extensions = dict(self._made.app.extensions)
            self._like = _looks(self._made)
        return replace(self._made, accounts=dict(self._made.accounts), done=done)

    def _is_as_made(self, clinic: Clinic) -> bool:
        """What the application remembers is forgotten; whether it is then as it was."""
        clinic.app.extensions.clear()
        clinic.app.extensions.update(self._extensions)
        clinic.clock.instant = NOW
        clinic.database.forget()
        return bool(_looks(clinic) == self._like)


def _looks(clinic: Clinic) -> Any:
    """What a test may change of an application, and what it is made with, for comparison."""
    app = clinic.app
    parts = (
        *(vars(clinic.config), app.config, app.view_functions, app.jinja_env.globals),
        *(app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs),
        *(asdict(clinic.database._memory), opening.BUSY_SECONDS),
    )
    return [_copied_out(part) for part in parts]


def _copied_out(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _copied_out(value) for name, value in part.items()}
    return list(part) if isinstance(part, list) else part


def open_clinic(file: Path, clock: Clock | None = None, **settings_) -> Clinic:
    """The clinic in this file, running; twice on one file is two processes."""
    clock = clock or Clock()
    database = opened(file)
    config = _config(file, clock, **settings_)
    app = make_app(config, database)
    with database.read() as session:
        found = {one.login: one for one in accounts.all_accounts(session)}
        patients = {one.name: one for one in people.all_patients(session)}
    return Clinic(
        app,
        database,
        clock,
        config,
        alice=patients[ALICE_WORDS[0]],
        bob=patients[BOB_WORDS[0]],
        accounts=found,
        file=file,
    )


@pytest.fixture
def empty(empty_file, tmp_path) -> tuple[Flask, Database]:
    """An application nobody has set up."""
    file = tmp_path / "empty.db"
    copied(empty_file, file)
    database = opened(file)
    return make_app(_config(file, Clock()), database), database


class RememberedAddress(Address):
    """An address that is taken apart, from nothing but itself, for the first application alone.

    Every test has an application of its own, and what is left of them has to be collected.
    """

    _taken_apart: ClassVar[dict[tuple[str, str], dict[str, Any]]] = {}

    def compile(self) -> None:
        """Its parts, converters and builders, as they were made the first time."""
        key = (self.rule, repr(self.defaults))
        if key not in self._taken_apart:
            super().compile()
            names = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")
            self._taken_apart[key] = {name: getattr(self, name) for name in names}
        vars(self).update(self._taken_apart[key])


def make_app(config: Config, database: Database) -> Flask:
    """The application; its templates are compiled once for all tests, a third of their time."""
    with patch.object(application, "Address", RememberedAddress):
        app = create_app(config, database)
    app.jinja_env.bytecode_cache = CompiledTemplates()
    return app


class CompiledTemplates(BytecodeCache):
    """Templates are compiled once for all applications."""

    _compiled: ClassVar[dict[str, tuple[str, Any]]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code of the same template with the same text, if it was compiled before."""
        checksum, code = self._compiled.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """The code is kept."""
        self._compiled[bucket.key] = bucket.checksum, bucket.code


def _config(file: Path, clock: Clock, **more) -> Config:
    values = {
        "database_url": url_of(file),
        "secret_key": SECRET,
        "testing": True,
        "quick_passwords": True,
        "staff_need_second_factor": False,
        "clock": clock,
    }
    return Config(**{**values, **more})


def _people_the_clinic(database: Database) -> None:
    from flask_security import hash_password

    password_hash = hash_password(PASSWORD)
    filled = Installation(
        mode=Mode.CLINIC,
        country="GB",
        emergency_number="999",
        team_number="01632 960 123",
        team_hours="9am to 5pm",
        reading_promise="Your team reads it before each visit.",
        rules_signed_by="Dr Test",
        clinic_name="Spine team",
    )
    with database.write() as session:
        settings.save_installation(session, filled, by=SYSTEM, at=NOW)
        ids = {}
        for name, words in (("alice", ALICE_WORDS), ("bob", BOB_WORDS)):
            patient = people.create_patient(
                session, name=words[0], zone="Europe/London", country="GB", by=SYSTEM, at=NOW
            )
            operation = Operation(SURGERY_DAY, Region.LUMBAR)
            record_rows.add(session, patient.id, operation, by=SYSTEM, at=NOW)
            ids[name] = patient.id
        roles = {
            "alice": Role.PATIENT,
            "bob": Role.PATIENT,
            "carol": Role.CLINICIAN,
            "dan": Role.CLINICIAN,
            "erin": Role.CLINICIAN,
            "frank": Role.ADMINISTRATOR,
            "gina": Role.CLINICIAN,
        }
        made = {
            name: accounts.create_account(
                session,
                name=name.title(),
                login=name,
                role=role,
                patient_id=ids.get(name),
                password_hash=password_hash,
                by=SYSTEM,
                at=NOW,
            )
            for name, role in roles.items()
        }
        for clinician, patient in (("carol", "alice"), ("dan", "bob"), ("erin", "alice")):
            people.grant_care(session, ids[patient], made[clinician].id, by=SYSTEM, at=NOW)
        people.grant_care(session, ids["alice"], made["gina"].id, by=SYSTEM, at=NOW)
        people.revoke_care(session, ids["alice"], made["erin"].id, by=SYSTEM, at=NOW)
        accounts.set_active(session, made["gina"].id, False, by=SYSTEM, at=NOW)
    for name, words in (("alice", ALICE_WORDS), ("bob", BOB_WORDS)):
        for back in (1, 0):
            _log_a_day(database, ids[name], NOW - timedelta(days=back), words[1])


def _log_a_day(database: Database, patient_id: int, at: datetime, note: str) -> None:
    entry = DiaryEntry(
        at.date(),
        walking=3,
        mobility=1,
        axial_pain=3,
        limb_pain=0,
        numbness=0,
        signs=frozenset({"wound_redness"}),
        note=note,
        recorded_at=at,
        zone="Europe/London",
    )
    record_day(
        database,
        patient_id,
        entry,
        by=SYSTEM,
        at=at,
        today=at.date(),
        key=f"{patient_id}-{at:%Y%m%d}",
    )


@pytest.fixture
def loosening(clinic):
    """Alice's back settled and then came back; the diary was imported."""
    history, _ = recovery(85)
    import_history(
        clinic.database, clinic.alice.id, FileContent(history), by=SYSTEM, at=NOW, today=NOW.date()
    )
    # What came in is the past; the newest answers raise their flags as usual.
    reassess(clinic.database, clinic.alice.id, today=NOW.date(), at=NOW)
    return clinic


@pytest.fixture
def carol(clinic):
    return clinic.signed_in("carol")
