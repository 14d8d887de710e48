"""The installation: what was chosen at set-up, and what is missing before patients may come."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.alerts import PROMISED_HOURS
from ..domain.people import Actor, Mode
from . import accounts
from .audit import AuditAction, record
from .audit_trail import events_about
from .database import WriteSession
from .errors import Conflict
from .one_row import row_by
from .tables.people import AccountRow, InstallationRow

#: What a clinic must fill in before patient pages open.
CLINIC_NEEDS = (
    "emergency_number",
    "team_number",
    "team_hours",
    "reading_promise",
    "rules_signed_by",
)


#: The scope of an installation that only keeps a diary and looks for no pattern.
DIARY_ONLY = "diary"


@dataclass(frozen=True, slots=True)
class Installation:
    """The settings of one installation; empty text is "not set"."""

    mode: Mode | None = None
    #: ISO code of the country: default phone numbers, paper size, the order of dates.
    country: str = ""
    emergency_number: str = ""
    team_number: str = ""
    team_hours: str = ""
    out_of_hours: str = ""
    #: When entries are read, in the clinic's words.
    reading_promise: str = ""
    #: Who signed the rule set; empty means that nobody has.
    rules_signed_by: str = ""
    #: Which rule set that was, and on which day; "" and None where it was not noted.
    rules_signed_set: str = ""
    rules_signed_on: date | None = None
    clinic_name: str = ""
    #: `a4` or `letter`.
    paper: str = "a4"
    #: "" for everything, `DIARY_ONLY` for no flags by pattern.
    scope: str = ""
    #: Hours within which somebody looks at an urgent answer; then more people are told.
    promised_hours: int = PROMISED_HOURS
    is_demo: bool = False
    set_up_at: datetime | None = None
    #: 0 before it was first saved.
    version: int = 0

    @property
    def is_diary_only(self) -> bool:
        """Whether no pattern is looked for; warning answers still lead to their advice."""
        return self.scope == DIARY_ONLY

    @property
    def is_set_up(self) -> bool:
        return self.set_up_at is not None

    @property
    def missing_for_patients(self) -> tuple[str, ...]:
        """Required fields that are still empty; until they are filled in, patient pages stay
        closed."""
        if not self.is_set_up or self.mode is None:
            return ("mode",)
        needed = CLINIC_NEEDS if self.mode is Mode.CLINIC else ()
        return tuple(name for name in needed if not getattr(self, name).strip())

    @property
    def is_ready_for_patients(self) -> bool:
        return not self.missing_for_patients


#: The key under which the marks of the keys appear among the changes.
_KEYS = "keys"

_TEXTS = tuple(setting.name for setting in fields(Installation) if setting.type is str)

#: What may be changed, and stands in the audit when it is.
_KEPT = (*_TEXTS, "promised_hours")

_NOT_TYPED = ("country", "paper", "scope", "rules_signed_set")

#: Settings typed as one line of text; the other texts are chosen from a list, or follow from one.
TYPED = tuple(name for name in _TEXTS if name not in _NOT_TYPED)


def read_installation(session: Session) -> Installation:
    """The settings; all empty before set-up."""
    row = row_by(session, InstallationRow.id, 1)
    if row is None:
        return Installation()
    return Installation(
        mode=Mode(row.mode) if row.mode else None,
        is_demo=row.is_demo,
        promised_hours=row.promised_hours,
        set_up_at=row.set_up_at,
        version=row.version,
        rules_signed_on=row.rules_signed_on,
        **{name: getattr(row, name) for name in _TEXTS},
    )


def save_installation(
    session: WriteSession, installation: Installation, *, by: Actor, at: datetime
) -> Installation:
    """These are the settings; `installation.version` is the version they were changed from.

    A mode, once chosen, and the mark of a demo cannot be changed.
    """
    current = read_installation(session)
    if current.version != installation.version:
        raise Conflict(current=current.version)
    first = not current.is_set_up
    saved = replace(
        installation,
        mode=current.mode or installation.mode,
        is_demo=current.is_demo if current.version else installation.is_demo,
        set_up_at=current.set_up_at or installation.set_up_at or at,
        version=current.version + 1,
    )
    row = session.get(InstallationRow, 1) or InstallationRow(id=1)
    for name in (*_KEPT, "rules_signed_on", "is_demo", "set_up_at", "version"):
        setattr(row, name, getattr(saved, name))
    row.mode = None if saved.mode is None else str(saved.mode)
    session.add(row)
    changed = [name for name in _KEPT if getattr(current, name) != getattr(saved, name)]
    action = AuditAction.SET_UP if first else AuditAction.SETTINGS_CHANGED
    old = {name: getattr(current, name) for name in changed}
    new = {name: getattr(saved, name) for name in changed}
    record(session, action, by=by, at=at, details={"old": old, "new": new})
    return saved


def note_keys(session: WriteSession, marks: Sequence[str], *, by: Actor, at: datetime) -> None:
    """The marks of the installation's keys are in its audit chain."""
    details = {"old": {_KEYS: sorted(noted_keys(session))}, "new": {_KEYS: sorted(marks)}}
    record(session, AuditAction.SETTINGS_CHANGED, by=by, at=at, details=details)


def noted_keys(session: Session) -> frozenset[str]:
    """The marks noted last; empty if none ever were."""
    for event in events_about(session, action=AuditAction.SETTINGS_CHANGED):
        marks = ((event.details or {}).get("new") or {}).get(_KEYS)
        if marks is not None:
            return frozenset(marks)
    return frozenset()


def forget_installation(session: WriteSession, *, by: Actor, at: datetime) -> None:
    """The installation is as before set-up, with no account that could sign in."""
    row = session.get(InstallationRow, 1)
    if row is not None:
        session.delete(row)
    for account_id in session.scalars(select(AccountRow.id).where(AccountRow.active)).all():
        accounts.set_active(session, account_id, False, by=by, at=at)
    session.flush()
