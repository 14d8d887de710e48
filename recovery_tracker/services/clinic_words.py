"""What a patient's own file may bring into a record that a clinic keeps.

Imaging, instructions, decisions, complications and appointments are read as the clinic's own word,
and a total as what the clinic counted. A file that the patient chose may be an old one, somebody
else's, or made by hand; so it brings none of the first, and its totals count as typed by the
patient.
"""

from dataclasses import replace
from typing import Any

from ..domain.file_content import FileContent
from ..domain.history import OF_THE_CLINIC, Appointment, Event, ImagingResult
from ..domain.instructions import Instruction
from ..domain.people import Actor, Mode, Role
from ..domain.questionnaires import FormScore
from ..storage import record_rows, settings
from ..storage.database import Session


def without_clinic_words(
    session: Session,
    patient_id: int,
    content: FileContent,
    by: Actor,
) -> tuple[FileContent, int]:
    """What of a file `by` may bring in, and how much was left out that the record does not hold.

    Everything where `by` is the clinic, the command line, or a person who keeps the diary alone.
    """
    if by.role is not Role.PATIENT or settings.read_installation(session).mode is Mode.JUST_ME:
        return content, 0
    history = content.history
    clinical = (
        *content.appointments,
        *history.imaging,
        *history.instructions,
        *(event for event in history.events if event.kind in OF_THE_CLINIC),
    )
    kinds: tuple[Any, ...] = (Appointment, ImagingResult, Instruction, Event)
    known = {one for kind in kinds for one in record_rows.values_of(session, patient_id, kind)}
    kept = replace(
        history,
        imaging=(),
        instructions=(),
        events=tuple(event for event in history.events if event.kind not in OF_THE_CLINIC),
        scores=_typed_by_the_patient(session, patient_id, history.scores),
    )
    left_out = sum(one not in known for one in clinical)
    return replace(content, history=kept, appointments=()), left_out


def _typed_by_the_patient(
    session: Session, patient_id: int, scores: tuple[FormScore, ...]
) -> tuple[FormScore, ...]:
    """Those that the record does not hold, by whoever typed them."""
    there = {_total(one) for one in record_rows.values_of(session, patient_id, FormScore)}
    return tuple(replace(one, typed_by=Role.PATIENT) for one in scores if _total(one) not in there)


def _total(one: FormScore) -> Any:
    return one.day, one.form, one.score
