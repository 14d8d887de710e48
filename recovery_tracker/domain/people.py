"""Who may do what. The web declares one policy for each route and loads data through it."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .language import N_


class Role(StrEnum):
    """What an account is for."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
    """Runs the installation; sees no clinical data."""
    FRONT_DESK = "front_desk"
    """Sees names and appointments, and nothing of any diary."""
    SYSTEM = "system"
    """A command of the person who runs the installation: import, tick, migration."""


ROLE_NAMES = {
    Role.PATIENT: N_("Patient"),
    Role.CLINICIAN: N_("Clinician"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.FRONT_DESK: N_("Front desk"),
    Role.SYSTEM: N_("System"),
}


#: The roles that an account is stored with. The front desk is stored as a clinician of no rights,
#: so that an older program lets it see nobody.
ACCOUNT_ROLES = (Role.PATIENT, Role.CLINICIAN, Role.ADMINISTRATOR)
#: The roles that somebody who wrote something is stored with.
AUTHOR_ROLES = (*ACCOUNT_ROLES, Role.SYSTEM)


class Rights(StrEnum):
    """How much of its role an account has."""

    FULL = ""
    """The patient's own account; a clinician who changes rules too; an administrator."""
    READ = "read"
    """A carer or a clinician who reads and makes reports."""
    WRITE = "write"
    """A carer who also writes in the diary for the patient."""
    ANSWER = "answer"
    """A clinician who also answers flags and tells the patient things."""
    DESK = "desk"
    """The front desk of a clinic: names and appointments only."""


CARER_RIGHTS = (Rights.READ, Rights.WRITE)


#: A telephone number as people write it: digits and what stands between them.
_PHONE = re.compile(r"\+?(?:[ ()/.-]*\d){3,20}[ ()/.-]*")


def is_phone(text: str) -> bool:
    """Whether a text is a telephone number: 3 to 20 digits, with a leading plus or none."""
    return _PHONE.fullmatch(text) is not None


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
    """The patient says who may look, and who no longer."""
    KEEP_SETTINGS = "keep_settings"
    """How the diary looks, when it asks and reminds, where the patient is."""
    CHANGE_RULES = "change_rules"
    """How sensitive the rules are for this patient."""
    GIVE_ACCESS = "give_access"
    """A clinician answers for somebody else's access, or for the patient's new password."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor. `patient_id` is the record a patient or a carer opens; `cares_for` those of a
    clinician; `emergency_for` those a clinician opened for an hour with a reason.

    In "just me" mode the patient owns the installation and answers flags for themselves.
    """

    account_id: int | None
    name: str
    role: Role
    patient_id: int | None = None
    cares_for: Container[int] = frozenset()
    #: The instant for which `cares_for` holds; None for everybody but a clinician.
    as_of: datetime | None = None
    rights: Rights = Rights.FULL
    emergency_for: frozenset[int] = frozenset()

    @property
    def is_carer(self) -> bool:
        """Whether this is somebody whom the patient let into their diary."""
        return self.role is Role.PATIENT and self.rights is not Rights.FULL


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who writes something about a patient, at which instant, and the civil day where the patient
    is.
    """

    by: Actor
    at: datetime
    today: date


_READING = frozenset({Action.READ_DIARY, Action.MAKE_REPORT})
_HELPING = _READING | {
    Action.WRITE_DIARY,
    Action.EDIT_SURGERY,
    Action.ADD_EVENT,
    Action.ACKNOWLEDGE_FLAG,
}
_ANSWERING = _READING | {Action.ADD_EVENT, Action.DECIDE_FLAG}

#: What each kind of account may do to a record that it may open.
GRANTED: dict[tuple[Role, Rights], frozenset[Action]] = {
    (Role.PATIENT, Rights.FULL): _HELPING | {Action.CHOOSE_READERS, Action.KEEP_SETTINGS},
    (Role.PATIENT, Rights.WRITE): _HELPING,
    (Role.PATIENT, Rights.READ): _READING,
    (Role.CLINICIAN, Rights.FULL): _ANSWERING
    | {Action.EDIT_SURGERY, Action.CHANGE_RULES, Action.GIVE_ACCESS},
    (Role.CLINICIAN, Rights.ANSWER): _ANSWERING,
    (Role.CLINICIAN, Rights.READ): _READING,
}

#: What an hour of emergency access is for, as far as the account's own rights reach.
_IN_AN_EMERGENCY = _READING | {Action.DECIDE_FLAG}


def may(actor: Actor, action: Action, patient_id: int) -> bool:
    """Whether `actor` may do `action` to that patient's record. Denied unless granted here."""
    if actor.role is Role.SYSTEM:
        return True
    granted = GRANTED.get((actor.role, actor.rights), frozenset())
    if actor.role is Role.PATIENT:
        return actor.patient_id == patient_id and action in granted
    if patient_id in actor.cares_for:
        return action in granted
    return patient_id in actor.emergency_for and action in granted & _IN_AN_EMERGENCY
