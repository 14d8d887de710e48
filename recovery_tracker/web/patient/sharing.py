"""Sharing: carers whom the patient lets in, and links for one appointment. Only the patient's own.

A carer has an account of their own, made by a link that works once. A link for an appointment opens
the chart and the report for whoever holds it, until the day after the appointment.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.history import Appointment, Event, EventKind
from ...domain.people import CARER_RIGHTS, Action, Rights, Role
from ...storage import invitations, record_rows, visit_links
from ...storage.people import Patient
from ..auth.forms.installation import one_line
from ..auth.invitations import invite
from ..auth.sessions import digest_of
from ..shared import clock
from ..shared.access import actor, database, load_patient
from ..shared.forms import sent
from ..shared.forms.numbers import day_in
from ..shared.pages import render
from ..shared.policies import PATIENT, WHO_SHARES, policy
from . import blueprint
from .readers import readers_of

FURTHEST = timedelta(days=190)
"""How far away an appointment may be: six months, as follow-up visits are planned. Our default."""

SHOWN = 20
"""Links for appointments that are listed, the newest ones."""


@blueprint.get("/share")
@policy(PATIENT, Action.CHOOSE_READERS)
def share(public_id: str) -> ResponseReturnValue:
    """Whom the patient invited, and the links they made; forms for more."""
    return _page(load_patient(public_id, Action.CHOOSE_READERS))


@blueprint.post("/share/carer")
@policy(PATIENT, Action.CHOOSE_READERS, fresh=WHO_SHARES, carries=True)
def invite_carer(public_id: str) -> ResponseReturnValue:
    """A link that makes a carer's account is shown, once."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    if sent.is_carried():
        return _page(patient, typed=request.form)
    name, rights = one_line(request.form, "name"), request.form.get("rights", "")
    problems = {}
    if not name:
        problems["name"] = _("Type the person's name.")
    if rights not in CARER_RIGHTS:
        problems["rights"] = _("Choose what the person may do.")
    if problems:
        return _page(patient, problems=problems, typed=request.form), 422
    link = invite(
        database(),
        request.host_url,
        role=Role.PATIENT,
        name=name,
        patient_id=patient.id,
        rights=Rights(rights),
        by=actor(),
        at=clock.now(),
    )
    return _page(patient, carer_link=link, carer=name)


@blueprint.post("/share/carer/<int:number>")
@policy(PATIENT, Action.CHOOSE_READERS)
def withdraw_carer(public_id: str, number: int) -> ResponseReturnValue:
    """An invitation that has not been used stops working."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    with database().read() as session:
        found = invitations.invitation_by_id(session, number)
    if found is None or not found.is_for_carer or found.patient_id != patient.id:
        raise NotFound
    services.accounts.withdraw(database(), number, by=actor(), at=clock.now())
    return redirect(url_for("patient.share", public_id=public_id), 303)


@blueprint.post("/share/link")
@policy(PATIENT, Action.CHOOSE_READERS, fresh=WHO_SHARES, carries=True)
def make_link(public_id: str) -> ResponseReturnValue:
    """Makes a link for one appointment and shows it, once."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    if sent.is_carried():
        return _page(patient, typed=request.form)
    day = day_in(request.form.get("day", ""))
    today = clock.today(patient.zone)
    if day is None or not today <= day <= today + FURTHEST:
        problem = _("Choose the day of the appointment: today, or within the next six months.")
        return _page(patient, problems={"day": problem}, typed=request.form), 422
    token = secrets.token_urlsafe(32)
    services.visit_links.make(
        database(),
        patient.id,
        digest=digest_of(token),
        day=day,
        expires_at=_end_of(day + timedelta(days=1), patient.zone),
        by=actor(),
        at=clock.now(),
    )
    return _page(patient, visit_link=url_for("visit.enter", token=token, _external=True), day=day)


@blueprint.post("/share/link/<int:number>")
@policy(PATIENT, Action.CHOOSE_READERS)
def end_link(public_id: str, number: int) -> ResponseReturnValue:
    """A link for an appointment stops working."""
    patient = load_patient(public_id, Action.CHOOSE_READERS)
    services.visit_links.end(database(), patient.id, number, by=actor(), at=clock.now())
    return redirect(url_for("patient.share", public_id=public_id), 303)


def _page(
    patient: Patient,
    *,
    problems: Mapping[str, str] = MappingProxyType({}),
    typed: Mapping[str, str] = MappingProxyType({}),
    carer_link: str = "",
    carer: str = "",
    visit_link: str = "",
    day: date | None = None,
) -> str:
    now, today = clock.now(), clock.today(patient.zone)
    with database().read() as session:
        invited = [
            one
            for one in invitations.open_invitations(session, now)
            if one.is_for_carer and one.patient_id == patient.id
        ]
        links = visit_links.links_of(session, patient.id)[:SHOWN]
        arranged = record_rows.values_of(session, patient.id, Appointment)
        noted = record_rows.values_of(session, patient.id, Event)
    visits = [one.day for one in arranged]
    visits += [one.day for one in noted if one.kind is EventKind.VISIT]
    return render(
        "patient/share.html",
        patient=patient,
        problems=problems,
        typed=typed,
        carers=[one for one in readers_of(patient).now if one.shares and one.may_end],
        invited=invited,
        carer_link=carer_link,
        carer=carer,
        links=[(one, one.is_open(now)) for one in links],
        visit_link=visit_link,
        day=day,
        next_visit=min((one for one in visits if one >= today), default=None),
    )


def _end_of(day: date, zone: str) -> datetime:
    """The end of a civil day where the patient is."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")
    return datetime.combine(day + timedelta(days=1), time(), place)
