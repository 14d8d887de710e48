"""The hardest people for a layout: no diary or ten years of one, long names in every script."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.history import Appointment, Event, EventKind, History
from recovery_tracker.domain.people import Role
from recovery_tracker.services import import_history, reassess
from recovery_tracker.storage import accounts, people, record_rows
from recovery_tracker.storage.people import Patient
from tests.charts.recoveries import OPERATION, recovery
from tests.web.conftest import SYSTEM, Clinic

_UNBROKEN = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
_CJK = (
    "歐陽司馬諸葛長孫宇文慕容上官皇甫令狐尉遲澹臺公冶宗政濮陽淳于單于"
    "太叔申屠公孫仲孫軒轅令狐鍾離宇文長孫慕容鮮于閭丘司徒司空亓官司寇"
)
_RTL = "عبد الرحمن بن محمد بن عبد العزيز بن إبراهيم آل سليمان الحسيني القرشي الهاشمي"
_HEBREW = "אברהםיצחקיעקבראובןשמעוןלוייהודהיששכרזבולוןדןנפתליגדאשריוסףבנימיןאפרים"


@dataclass(frozen=True, slots=True)
class Hard:
    """One patient: days of diary, events on the chart, and a name."""

    days: int
    events: int
    name: str

    @property
    def login(self) -> str:
        return f"days-{self.days}"


#: Each length of diary once, each script of name with a short and a long one, the number of events
#: growing with the diary but once, so that twelve meet a chart of a day as well as one of years.
HARD = (
    Hard(0, 0, _UNBROKEN),
    Hard(1, 12, _CJK),
    Hard(14, 1, _RTL),
    Hard(90, 12, _UNBROKEN),
    Hard(400, 5, _HEBREW),
    Hard(3650, 12, _CJK),
)


def admit(clinic: Clinic, hard: Hard) -> Patient:
    """The patient with diary, events, questions and visits, cared for by carol."""
    now = clinic.clock()
    with clinic.database.write() as session:
        patient = people.create_patient(
            session,
            name=hard.name,
            hospital_number="HOSPITALNUMBER-" + "0123456789" * 3,
            zone="UTC",
            country="GB",
            phone="+44 7700 900123",
            by=SYSTEM,
            at=now,
        )
        asked = {"questions": [_UNBROKEN * 2, "May I swim?", _CJK]}
        patient = people.update_patient(
            session,
            replace(patient, preferences={**patient.preferences, **asked}),
            expected_version=patient.version,
            by=SYSTEM,
            at=now,
        )
        carol = clinic.accounts["carol"]
        people.grant_care(session, patient.id, carol.id, by=SYSTEM, at=now)
        accounts.create_account(
            session,
            name=hard.name,
            login=hard.login,
            role=Role.PATIENT,
            patient_id=patient.id,
            password_hash=carol.password_hash,
            by=SYSTEM,
            at=now,
        )
        visit = Appointment(now.date() + timedelta(days=3), "09:30", f"Dr {_UNBROKEN}", _CJK)
        record_rows.add(session, patient.id, visit, by=SYSTEM, at=now)
    history = history_of(hard, now)
    today = now.date()
    import_history(
        clinic.database, patient.id, FileContent(history), by=SYSTEM, at=now, today=today
    )
    # What came in is the past; today's assessment raises its flags as usual.
    reassess(clinic.database, patient.id, today=today, at=now)
    return patient


def history_of(hard: Hard, now: datetime) -> History:
    """The recovery of the chart's tests, ended today, with notes that no hyphen breaks."""
    told, _assessment = recovery(hard.days, events=())
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=max(0, hard.days - 1))
    later = first - OPERATION
    texts = [_UNBROKEN, _CJK, _RTL, "fell on the stairs"]
    step = max(1, hard.days // (hard.events + 1))
    return History(
        operations=(
            replace(told.index, day=first, level_names="L2-L3-L4-L5-S1", hardware=_UNBROKEN),
        ),
        entries=tuple(
            replace(
                entry,
                day=entry.day + later,
                recorded_at=min(entry.recorded_at + later, now) if entry.recorded_at else None,
                note=texts[number % 4] * 3 if number % 9 == 0 else None,
                signs=frozenset({"wound_redness"} if number % 50 == 0 else ()),
            )
            for number, entry in enumerate(told.entries)
        ),
        events=tuple(
            Event(
                min(today, first + timedelta(days=number * step)),
                EventKind.OTHER,
                texts[number % 4],
            )
            for number in range(hard.events)
        ),
    )
