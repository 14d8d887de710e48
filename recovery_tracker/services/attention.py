"""What people do about a flag: a clinician looks and decides, a patient has called or was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..domain.flags import DECISION_NAMES, Decision
from ..domain.history import Event, EventKind
from ..domain.instructions import Instruction
from ..domain.people import Actor
from ..storage import attention, record_rows
from ..storage.database import Database
from ..storage.flags import Acknowledged, row_of
from .change import once, patient_change


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a flag: `plan` is what the patient is told, `version` that of the flag when
    it was shown.
    """

    decision: Decision
    note: str
    until: date | None
    plan: Instruction | None
    version: int
    #: Tag of the language of the note; "" where nobody knows.
    language: str = ""


def mark_seen(
    database: Database, patient_id: int, flag_id: str, version: int, *, by: Actor, at: datetime
) -> None:
    """The flag counts as looked at; it still waits for a decision.

    `version` is that of the flag when it was shown: what came since was not looked at.

    Raises:
        NotFound: this patient has no such flag.
        Conflict: the flag changed in the meantime.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        attention.mark_seen(session, patient_id, flag_id, by=by, at=at, expected_version=version)


def take_on(
    database: Database,
    patient_id: int,
    flag_id: str,
    version: int,
    *,
    by: Actor,
    at: datetime,
    here: date,
) -> None:
    """The list says who sees to the flag; it still waits for a decision.

    `version` is that of the flag when it was shown, `here` the day where the clinic is.

    Raises:
        NotFound: this patient has no such flag.
        Conflict: the flag changed in the meantime.
    """
    with patient_change(database, patient_id, by=by, at=at) as session:
        attention.take_on(
            session, patient_id, flag_id, by=by, at=at, here=here, expected_version=version
        )


def decide(
    database: Database,
    patient_id: int,
    flag_id: str,
    made: Decided,
    *,
    key: str,
    by: Actor,
    at: datetime,
    today: date,
    here: date | None = None,
) -> None:
    """Decision, event on the chart and plan are stored together or not at all; once for each key.

    `today` is the date where the patient is, `here` the date where the clinician is.

    Raises:
        NotFound: the patient has no such flag.
        Conflict: the flag changed in the meantime.
        Refused: it may not be answered like this.
    """
    told = made.plan and [made.plan.topic, made.plan.text, str(made.plan.due)]
    content = ["decision", patient_id, flag_id, str(made.decision), made.note, str(made.until)]
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:

        def deed() -> None:
            attention.decide(
                session,
                patient_id,
                flag_id,
                made.decision,
                by=by,
                at=at,
                today=today,
                note=made.note,
                language=made.language,
                until=made.until,
                expected_version=made.version,
                here=here,
            )
            event = Event(today, EventKind.DECISION, DECISION_NAMES[made.decision])
            record_rows.add(session, patient_id, event, by=by, at=at)
            if made.plan is not None:
                record_rows.add(session, patient_id, made.plan, by=by, at=at)

        once(session, key, [*content, told], deed, at=at, patient_id=patient_id)


def acknowledge(
    database: Database,
    patient_id: int,
    flag_id: str,
    answer: Acknowledged | None,
    *,
    key: str,
    by: Actor,
    at: datetime,
    today: date,
    asked_since: datetime,
    beside: Sequence[str] = (),
) -> bool:
    """The patient's own answer is kept with the flag; None means that it was a mistake.

    `beside` are the flags of the same answer that were shown with it: one call was about all of
    them. What asks for a call since later than `asked_since` was not on the page, and nothing is
    said about it: False if there was such a flag.

    Raises:
        NotFound: there is no such flag, or it is not theirs.
        Refused: it may not be called a mistake.
    """
    content = ["acknowledge", patient_id, flag_id, answer and str(answer)]
    with patient_change(database, patient_id, by=by, at=at, today=today) as session:
        flags = [row_of(session, patient_id, one) for one in (flag_id, *beside)]
        shown = [one.public_id for one in flags if one.attention_since <= asked_since]

        def deed() -> None:
            if answer is None:
                if flag_id in shown:
                    attention.take_back(session, patient_id, flag_id, by=by, at=at, today=today)
                return
            for one in shown:
                attention.acknowledge(session, patient_id, one, answer, by=by, at=at, today=today)

        once(session, key, content, deed, at=at, patient_id=patient_id)
        return len(shown) == len(flags)
