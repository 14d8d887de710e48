"""Somebody who keeps a diary in the test clinic: opens forms, answers, saves, looks."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_security import hash_password

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import Recovery, read_recovery, reassess
from recovery_tracker.storage import accounts, diary, people, record_rows
from recovery_tracker.storage.people import Patient
from tests.web.conftest import NOW, PASSWORD, SYSTEM, Browser, Clinic
from tests.web.page import Page

TODAY = NOW.date()

#: A day with nothing to tell, as the form sends it.
CALM = {
    "walking": "2",
    "mobility": "1",
    "axial_pain": "3",
    "limb_pain": "1",
    "limb_pain_side": "left",
    "numbness": "0",
    "signs": "none",
}


@dataclass
class Diarist:
    """One patient with a browser of their own."""

    clinic: Clinic
    browser: Browser
    patient: Patient

    def path(self, tail: str = "") -> str:
        return f"/p/{self.patient.public_id}/{tail}"

    def day(self, day: date = TODAY) -> str:
        return self.path(f"day/{day}")

    def page(self, tail: str = "") -> Page:
        """A page that must be there and must have no problem."""
        page = self.browser.page(self.path(tail))
        assert page.problems == []
        return page

    def blank(self, day: date = TODAY) -> dict[str, str]:
        """The hidden fields of a day's form, as a browser would send them along."""
        return self.browser.page(self.day(day)).form(self.day(day)).hidden()

    def log(self, day: date = TODAY, form: dict[str, str] | None = None, **answers):
        """The answer to sending a day's form; `form` is one that was opened earlier."""
        hidden = self.blank(day) if form is None else form
        return self.browser.client.post(self.day(day), data={**hidden, **answers})

    def entry(self, day: date = TODAY) -> DiaryEntry | None:
        """The day as it stands."""
        stored = self.recovery().entry_on(day)
        return stored.entry if stored else None

    def version(self, day: date = TODAY) -> int:
        stored = self.recovery().entry_on(day)
        return stored.version if stored else 0

    def send(self, tail: str, **fields):
        """The answer to sending the form of a page, filled in."""
        return self.browser.send(self.path(tail), self.path(tail), **fields)

    def known_as(self, **who: Any) -> None:
        """The patient with this name, date of birth or number, as the clinic has entered them."""
        with self.clinic.database.write() as session:
            patient = people.patient_by_public_id(session, self.patient.public_id)
            assert patient is not None
            people.update_patient(
                session,
                replace(patient, **who),
                expected_version=patient.version,
                by=SYSTEM,
                at=NOW,
            )

    @property
    def today(self) -> date:
        """The civil day of the clinic's clock."""
        return self.clinic.clock().date()

    def recovery(self) -> Recovery:
        return read_recovery(
            self.clinic.database, self.patient.id, today=self.today, by=SYSTEM, audited=False
        )

    def history_of(self, days: int, **answers) -> None:
        """Calm days before today are in the diary, recorded on their own evening.

        They are assessed once, as of the last of them: the result is that of the whole history.
        """
        values = {"walking": 2, "mobility": 1, "axial_pain": 3, "limb_pain": 1, "numbness": 0}
        with self.clinic.database.write() as session:
            for back in range(days, 0, -1):
                at = self.clinic.clock() - timedelta(days=back)
                entry = DiaryEntry(
                    at.date(),
                    **{**values, "limb_pain_side": "left", **answers},
                    signs=frozenset(),
                    signs_asked=frozenset(),
                    recorded_at=at,
                    zone=self.patient.zone,
                )
                diary.save_version(session, self.patient.id, entry, by=SYSTEM, at=at)
        reassess(self.clinic.database, self.patient.id, today=at.date(), at=at)


def new_diarist(
    clinic: Clinic,
    login: str = "nora",
    *,
    region: Region = Region.LUMBAR,
    days_ago: int | None = 86,
    zone: str = "Europe/London",
    **operation,
) -> Diarist:
    """A new patient, signed in; `days_ago` is when the operation was, None for none yet."""
    options = (region, days_ago, zone, *sorted(operation.items()))
    patient = clinic.once(
        ("admit", login, *options),
        lambda one: _admitted(one, login, region, days_ago, zone, operation),
    )
    return Diarist(clinic, clinic.signed_in(login), patient)


def _admitted(
    clinic: Clinic,
    login: str,
    region: Region,
    days_ago: int | None,
    zone: str,
    operation: dict[str, Any],
) -> Patient:
    now = clinic.clock()
    with clinic.app.app_context():
        password_hash = hash_password(PASSWORD)
    with clinic.database.write() as session:
        patient = people.create_patient(
            session, name=login.title(), zone=zone, country="GB", by=SYSTEM, at=now
        )
        if days_ago is not None:
            done = Operation(now.date() - timedelta(days=days_ago), region, **operation)
            record_rows.add(session, patient.id, done, by=SYSTEM, at=now)
        accounts.create_account(
            session,
            name=login.title(),
            login=login,
            role=Role.PATIENT,
            patient_id=patient.id,
            password_hash=password_hash,
            by=SYSTEM,
            at=now,
        )
    return patient
