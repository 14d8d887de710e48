"""The two pages everyone may open: the way in, and help."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.people import Role
from ...domain.places import place_of
from ...domain.sign_lists import general_lists
from ...domain.surgery import Operation
from ...storage import people, record_rows
from ...storage.errors import NotSaved
from . import access, security
from .language import day_text
from .pages import render
from .policies import ANYONE, policy
from .sign_card import lists_in_words


def init_app(app: Flask) -> None:
    """`home` and `help` are known by these short names everywhere."""
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/help", "help", help_now)


@policy(ANYONE)
def home() -> ResponseReturnValue:
    """The front page of whoever is signed in: the diary, the list of patients, or the settings."""
    actor = access.actor_or_none()
    if actor is None:
        return redirect(url_for("security.login"))
    if actor.role is Role.CLINICIAN:
        return redirect(url_for("clinician.patients"))
    if actor.role is Role.FRONT_DESK:
        return redirect(url_for("desk.appointments"))
    if actor.role is Role.ADMINISTRATOR:
        return redirect(url_for("admin.settings"))
    assert actor.patient_id is not None
    with access.database().read() as session:
        patient = people.patient_by_id(session, actor.patient_id)
    return redirect(url_for("patient.home", public_id=patient.public_id))


@policy(ANYONE, before_setup=True)
def help_now() -> ResponseReturnValue:
    """Whom to call and when; needs no sign-in and no set-up."""
    security.keep_with_check()
    access.speak_to_reader()
    settings = access.installation()
    place = place_of(settings.country)
    emergency = settings.emergency_number or next(iter(place.emergency), "")
    return render(
        "help.html",
        emergency=emergency,
        team=settings.team_number,
        hours=settings.team_hours,
        out_of_hours=settings.out_of_hours or place.advice_line,
        team_name=settings.clinic_name,
        may_change=_may_change(),
        lists=lists_in_words(general_lists(_own_operations())),
        crisis_line=place.crisis_line,
        country=_(place.name),
        place_note=_(place.note) if place.note else "",
        checked_on=day_text(place.checked_on) if place.checked_on else "",
    )


def _own_operations() -> tuple[Operation, ...]:
    """The operations of the patient who reads; none for staff, strangers, and where they cannot be
    read: those are shown the lists for everybody.
    """
    patient = access.own_record()
    if patient is None:
        return ()
    try:
        with access.database().read() as session:
            return record_rows.values_of(session, patient.id, Operation)
    except NotSaved:
        return ()


def _may_change() -> bool:
    """Whether the reader may change these numbers; not where the database cannot say who reads."""
    try:
        return access.runs_alone()
    except NotSaved:
        return False
