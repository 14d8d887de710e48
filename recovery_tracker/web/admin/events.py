"""What happened to the installation: who, when, which kind of thing and about whom. No contents.

Filtered by kind and by account, searched, a page at a time, and as a file. Patients are called
"Patient" here: who keeps a diary is nobody's business in a list of sign-ins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.language import N_
from ...domain.people import ROLE_NAMES, Role
from ...storage import accounts, audit_trail
from ...storage.accounts import Account
from ...storage.audit import AuditAction
from ...storage.audit_trail import AuditEvent
from ..shared import access
from ..shared.clock import now
from ..shared.downloads import download, table
from ..shared.language import instant_text
from ..shared.pages import render
from ..shared.policies import ADMINISTRATOR, TAKES_A_FILE, policy
from ..shared.zones import clinic_zone
from .installation import links

blueprint = Blueprint("admin_events", __name__, url_prefix="/admin")

EVENT_WORDS = {
    AuditAction.SET_UP: N_("Installation set up"),
    AuditAction.SETTINGS_CHANGED: N_("Settings changed"),
    AuditAction.SENSITIVITY_CHANGED: N_("Sensitivity of the flags changed"),
    AuditAction.ACCOUNT_CREATED: N_("Account created"),
    AuditAction.ACCOUNT_CHANGED: N_("Account changed"),
    AuditAction.CREDENTIALS_CHANGED: N_("Sign-in method changed"),
    AuditAction.ACCOUNT_ENABLED: N_("Account switched on"),
    AuditAction.ACCOUNT_DISABLED: N_("Account switched off"),
    AuditAction.TEAM_CHANGED: N_("Team changed"),
    AuditAction.INVITED: N_("One-time link made"),
    AuditAction.INVITATION_USED: N_("One-time link used"),
    AuditAction.INVITATION_WITHDRAWN: N_("One-time link withdrawn"),
    AuditAction.LIST_READ: N_("Patient list opened"),
    AuditAction.EXPORTED: N_("File exported"),
    AuditAction.SIGNED_IN: N_("Signed in"),
    AuditAction.NEW_DEVICE: N_("Signed in on a new device"),
    AuditAction.SIGNED_OUT: N_("Signed out"),
    AuditAction.SIGN_IN_REFUSED: N_("Sign-in refused"),
    AuditAction.PATIENT_ERASED: N_("Patient erased"),
    AuditAction.BACKED_UP: N_("Backup made"),
    AuditAction.RESTORED: N_("Backup restored"),
    AuditAction.UPGRADED: N_("Database upgraded"),
}
"""What happens to an installation, in words; other events belong to a patient's own record."""

PAGE = 100
"""Events shown on one page. Our default."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words; `at` is local to the clinic, `about` "" where it is about nobody."""

    sequence: int
    at: str
    who: str
    what: str
    about: str

    def holds(self, text: str) -> bool:
        """Whether the text stands anywhere in the line, whatever the case."""
        return text.casefold() in " ".join((self.at, self.who, self.what, self.about)).casefold()


@blueprint.get("/events")
@policy(ADMINISTRATOR, owner=True)
def events() -> ResponseReturnValue:
    """A page of events, newest first; `before` is the number of the event it goes on from."""
    found = list(islice(_lines(), PAGE + 1))
    typed = {name: _asked(name) for name in ("kind", "account", "text")}
    return render(
        "admin/events.html",
        lines=found[:PAGE],
        earlier=found[PAGE - 1].sequence if len(found) > PAGE else None,
        typed=typed,
        asked={name: text for name, text in typed.items() if text},
        kinds=sorted(((str(key), _(words)) for key, words in EVENT_WORDS.items()), key=_by_words),
        accounts=[(one.public_id, one.name) for one in _staff().values()],
        zone=clinic_zone(),
        links=links("admin_events.events"),
    )


@blueprint.get("/events.csv")
@policy(ADMINISTRATOR, owner=True, fresh=TAKES_A_FILE)
def events_csv() -> ResponseReturnValue:
    """Every event that the filter lets through, as a file; that it was made is an event too."""
    lines = list(_lines())
    services.note_files(
        access.database(),
        (),
        AuditAction.EXPORTED,
        {"file": "events.csv"},
        by=access.actor(),
        at=now(),
    )
    heads = (_("When"), _("Who"), _("What"), _("Whom it concerns"))
    cells = [(line.at, line.who, line.what, line.about) for line in lines]
    return download(table([heads, *cells]), "events.csv", "text/csv")


def _lines() -> Iterator[Line]:
    """The events that the request asks for, newest first."""
    zone, text = clinic_zone(), _asked("text")
    by_number = _everybody()
    chosen = next((one.id for one in _staff().values() if one.public_id == _asked("account")), None)
    kind = next((one for one in EVENT_WORDS if str(one) == _asked("kind")), None)
    before = request.args.get("before", type=int)
    with access.database().read() as session:
        for event in audit_trail.events_about(session, action=kind):
            if before is not None and event.sequence >= before:
                continue
            about = _subject_of(event)
            if chosen is not None and chosen not in (event.account_id, about):
                continue
            line = _line(event, by_number, about, zone)
            if line.holds(text):
                yield line


def _line(
    event: AuditEvent, by_number: Mapping[int, Account], about: int | None, zone: str
) -> Line:
    who = _(ROLE_NAMES[Role.PATIENT]) if event.role == Role.PATIENT else event.by
    what = _(EVENT_WORDS.get(event.action, event.action.value))
    return Line(
        event.sequence, instant_text(event.at, zone), who, what, _about(event, by_number, about)
    )


def _about(event: AuditEvent, by_number: Mapping[int, Account], about: int | None) -> str:
    """Whom or what an event is about: an account's name, "Patient", the name of a file."""
    details = event.details or {}
    known = by_number.get(about) if about is not None else None
    if known is not None and about != event.account_id:
        return _(ROLE_NAMES[Role.PATIENT]) if known.role is Role.PATIENT else known.name
    file, role = details.get("file"), details.get("role")
    if isinstance(file, str):
        return file
    return _(ROLE_NAMES[Role(role)]) if role in set(Role) else ""


def _subject_of(event: AuditEvent) -> int | None:
    about = (event.details or {}).get("account_id")
    return about if isinstance(about, int) else None


def _everybody() -> dict[int, Account]:
    with access.database().read() as session:
        return {one.id: one for one in accounts.all_accounts(session)}


def _staff() -> dict[int, Account]:
    return {key: one for key, one in _everybody().items() if one.role is not Role.PATIENT}


def _asked(name: str) -> str:
    return request.args.get(name, "").strip()[:80]


def _by_words(choice: tuple[str, str]) -> str:
    return choice[1]
