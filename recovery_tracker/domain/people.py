"""Who may do what. The web declares one policy for each route and loads data through it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .language import N_


class Role(StrEnum):
    """What an account is for."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
    """Runs the installation; sees no clinical data."""
    SYSTEM = "system"
    """A command of the person who runs the installation: import, tick, migration."""


ROLE_NAMES = {
    Role.PATIENT: N_("Patient"),
    Role.CLINICIAN: N_("Clinician"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.SYSTEM: N_("System"),
}


class Mode(StrEnum):
    """How the installation is used; chosen once, at set-up."""

    JUST_ME = "just_me"
    CLINIC = "clinic"


class Action(StrEnum):
    """Something an actor does to one patient's record."""

    READ_DIARY = "read_diary"
    WRITE_DIARY = "write_diary"
    EDIT_SURGERY = "edit_surgery"
    ADD_EVENT = "add_event"
    ACKNOWLEDGE_FLAG = "acknowledge_flag"
    """The patient's "I have called" or "been seen"."""
    DECIDE_FLAG = "decide_flag"
    MAKE_REPORT = "make_report"
    CHOOSE_READERS = "choose_readers"
    """The patient says who may no longer look."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor. `patient_id` is the record a patient owns; `cares_for` those a clinician may see.

    In "just me" mode the patient owns the installation and answers flags for themselves.
    """

    account_id: int | None
    name: str
    role: Role
    patient_id: int | None = None
    cares_for: frozenset[int] = frozenset()
    #: The instant for which `cares_for` holds; None for everybody but a clinician.
    as_of: datetime | None = None


_OWN = frozenset(
    {
        Action.READ_DIARY,
        Action.WRITE_DIARY,
        Action.EDIT_SURGERY,
        Action.ADD_EVENT,
        Action.ACKNOWLEDGE_FLAG,
        Action.MAKE_REPORT,
        Action.CHOOSE_READERS,
    }
)
_CARE = frozenset(
    {
        Action.READ_DIARY,
        Action.EDIT_SURGERY,
        Action.ADD_EVENT,
        Action.DECIDE_FLAG,
        Action.MAKE_REPORT,
    }
)


def may(actor: Actor, action: Action, patient_id: int) -> bool:
    """Whether `actor` may do `action` to that patient's record. Denied unless granted here."""
    if actor.role is Role.PATIENT:
        return actor.patient_id == patient_id and action in _OWN
    if actor.role is Role.CLINICIAN:
        return patient_id in actor.cares_for and action in _CARE
    return actor.role is Role.SYSTEM
