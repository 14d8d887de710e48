"""Patients who arrive by list: what the file says, what would happen, done; and their slips."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.language import N_, Said
from ...domain.people import Role
from ...domain.surgery import Operation
from ...exchange.patient_list import Arrival, read_patient_list
from ...exchange.problems import FileRefused, Problem
from ...reports.facts import operation_words
from ...reports.slips import Slip, SlipWords, write_slips
from ...services.admitting import Admission
from ...storage import accounts, idempotency, invitations, namesakes, people, teams
from ...storage.database import Session
from ..auth.invitations import VALID, invite
from ..shared import access, waiting_files
from ..shared.clock import now
from ..shared.downloads import download
from ..shared.language import instant_text, language_tag
from ..shared.pages import render
from ..shared.policies import ADMINISTRATOR, WHO_GETS_IN, policy
from ..shared.refused_files import lines_of
from ..shared.zones import clinic_zone
from . import blueprint
from .installation import links

#: Rows that are shown before anything is stored, and slips of one file. Our defaults.
SHOWN, MOST_SLIPS = 5, 300

#: What to do where a file leaves a question open; this page offers nothing to choose.
_ADVICE = {
    "dates": lambda: _("Write every day like 2026-03-31."),
    "encoding": lambda: _("Save it as CSV in UTF-8. Excel calls it “CSV UTF-8”."),
}
_TO_COME = Said(N_("This day is still to come."))
_UNKNOWN = N_("“{name}” is not here. Add it first.")

#: Numbers that count levels and do not name one.
_COUNTS = frozenset(map(str, range(1, 26)))


@dataclass(slots=True)
class _Look:
    """What a list says and what would become of it."""

    new: list[Arrival] = field(default_factory=list)
    #: Patients who are here already, or are twice in the list, with whom they look like.
    known: list[tuple[Arrival, str]] = field(default_factory=list)
    refusals: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@blueprint.get("/people/list", endpoint="arriving")
@policy(ADMINISTRATOR)
def arriving_page() -> ResponseReturnValue:
    """What the file may be, and a place to send it."""
    return _page()


@blueprint.post("/people/list")
@policy(ADMINISTRATOR, lists=True, fresh=WHO_GETS_IN)
def look() -> ResponseReturnValue:
    """What would happen with this list; nothing is stored yet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(notice=_("Choose a file first.")), 422
    token = waiting_files.keep(sent, _owner())
    path = waiting_files.waiting(token, _owner())
    assert path is not None
    found = _look_at(path, Path(sent.filename).name)
    if found.refusals or not found.new:
        waiting_files.drop(token, _owner())
        return _page(look=found), 422 if found.refusals else 200
    return _page(look=found, token=token, file=Path(sent.filename).name)


@blueprint.post("/people/list/take")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def take() -> ResponseReturnValue:
    """Everybody new on the list has an empty diary now, or nobody has."""
    token, name = request.form.get("token", ""), request.form.get("file", "")
    path, key = waiting_files.waiting(token, _owner()), request.form.get("key", "")
    if path is None and _was_taken(key):
        return redirect(url_for("admin.arriving"), 303)
    if path is None:
        return _page(notice=_("The file is no longer here. Send it again.")), 422
    found = _look_at(path, name)
    if found.refusals:
        return _page(look=found), 422
    with access.database().read() as session:
        placed = _Places(session)
    country = access.installation().country
    services.admit_all(
        access.database(),
        [placed.admission(one) for one in found.new],
        zone=clinic_zone(),
        country=country,
        key=key,
        by=access.actor(),
        at=now(),
    )
    waiting_files.drop(token, _owner())
    return redirect(url_for("admin.arriving", taken=len(found.new)), 303)


@blueprint.post("/people/slips")
@policy(ADMINISTRATOR, fresh=WHO_GETS_IN)
def slips() -> ResponseReturnValue:
    """A PDF with a page and a new one-time link for everybody who has no account yet."""
    database, by, at = access.database(), access.actor(), now()
    with database.read() as session:
        without = people.without_account(session, most=MOST_SLIPS)
        before = {
            one.patient_id: one.id
            for one in invitations.open_invitations(session, at)
            if one.patient_id is not None and not one.is_for_carer
        }
    if not without:
        return _page(notice=_("Everybody already has an account or entries.")), 422
    made = []
    for patient in without:
        if patient.id in before:
            services.accounts.withdraw(database, before[patient.id], by=by, at=at)
        link = invite(
            database,
            request.host_url,
            role=Role.PATIENT,
            name=patient.name,
            patient_id=patient.id,
            by=by,
            at=at,
        )
        made.append(Slip(patient.name, link, _until()))
    pdf = write_slips(made, _words(), access.installation().paper)
    return download(pdf, "invitations.pdf", "application/pdf")


def _was_taken(key: str) -> bool:
    with access.database().read() as session:
        return bool(key) and idempotency.was_answered(session, key)


def _until() -> str:
    until = now() + VALID[Role.PATIENT]
    return _(
        "The link works once, until %(when)s. Do not give it to anybody else.",
        when=instant_text(until, clinic_zone()),
    )


def _words() -> SlipWords:
    installation = access.installation()
    return SlipWords(
        title=_("Invitations"),
        clinic=installation.clinic_name,
        lines=(
            _("Your recovery diary after your spinal fusion."),
            _("Point the camera of your phone at the square and open the link."),
        ),
        type=_("Or type this into the browser of your phone or computer:"),
        alt=_("QR code that opens the link"),
        language=language_tag(),
    )


class _Places:
    """Teams and clinicians by name, for the lines of a list."""

    def __init__(self, session: Session) -> None:
        self.teams = {namesakes.plain_name(one.name): one.id for one in teams.all_teams(session)}
        staff = [one for one in accounts.all_accounts(session) if one.is_clinician and one.active]
        self.staff = {namesakes.plain_name(one.name): one.id for one in staff}

    def problems(self, arrivals: Sequence[Arrival], name: str) -> list[Problem]:
        """Teams and surgeons in the list that are unknown here, each named at its first row, and
        births that are to come.
        """
        found: dict[tuple[str, str], Problem] = {}
        for one in arrivals:
            if one.birth_date is not None and one.birth_date > now().date():
                problem = Problem(name, _TO_COME, one.row, "birth_date")
                found["birth_date", str(one.row)] = problem
            for column, said, known in (
                ("team", one.team, self.teams),
                ("surgeon", one.surgeon, self.staff),
            ):
                if said and namesakes.plain_name(said) not in known:
                    problem = Problem(name, Said(_UNKNOWN, name=said), one.row, column)
                    found.setdefault((column, said), problem)
        return list(found.values())

    def admission(self, one: Arrival) -> Admission:
        return Admission(
            name=one.name,
            birth_date=one.birth_date,
            hospital_number=one.hospital_number,
            phone=one.phone,
            operation=_operation(one),
            team_id=self.teams.get(namesakes.plain_name(one.team)),
            surgeon_id=self.staff.get(namesakes.plain_name(one.surgeon)),
        )


def _operation(one: Arrival) -> Operation | None:
    """The operation of a line; its levels are a number of them, or their names."""
    if one.operation_day is None or one.region is None:
        return None
    if one.levels in _COUNTS:
        return Operation(one.operation_day, one.region, levels=int(one.levels))
    return Operation(one.operation_day, one.region, level_names=one.levels)


def _operation_words(one: Arrival) -> str:
    operation = _operation(one)
    return "–" if operation is None else operation_words(operation, _)


def _look_at(path: Path, name: str) -> _Look:
    try:
        read = read_patient_list(path, name)
    except FileRefused as refused:
        return _Look(refusals=lines_of(refused, (path, path.name, name), _ADVICE))
    found = _Look(left_out=read.left_out)
    with access.database().read() as session:
        problems = _Places(session).problems(read.arrivals, name)
        known = namesakes.Known(session)
    if problems:
        told = FileRefused(problems).with_columns(read.called)
        found.refusals = lines_of(told, (name,), _ADVICE)
    for one in read.arrivals:
        same = known.like(one.name, one.birth_date, one.hospital_number)
        if same is None:
            found.new.append(one)
            known.add(one.name, one.birth_date, one.hospital_number)
        else:
            found.known.append((one, same))
    return found


def _page(*, look: _Look | None = None, token: str = "", file: str = "", notice: str = "") -> str:
    with access.database().read() as session:
        waiting = people.count_without_account(session)
        unread = people.count_unread(session, now())
    taken = request.args.get("taken", type=int) if request.method != "POST" else None
    return render(
        "admin/arriving.html",
        look=look,
        without_team=sum(not one.team for one in look.new) if look else 0,
        shown=[(one, _operation_words(one)) for one in look.new[:SHOWN]] if look else [],
        token=token,
        file=file,
        notice=notice,
        taken=taken,
        unread=unread if taken is not None else 0,
        waiting=waiting,
        most=MOST_SLIPS,
        links=links("admin.people"),
    )


def _owner() -> str:
    return f"office-{access.actor().account_id}"
