"""Settings: place and language, units, what is shown, on which days an entry is expected."""

from dataclasses import replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.diary import OWN_QUESTION_LENGTH
from ...domain.history import DAILY, TAPERING, Schedule
from ...domain.people import Action
from ...storage import people
from ...storage.errors import Conflict
from ...storage.people import Patient
from ..shared.access import actor, database, installation, load_patient, runs_alone
from ..shared.forms import sent
from ..shared.language import LANGUAGES, language_tag
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from ..shared.zones import zone_choices
from . import blueprint
from .days import reads_fahrenheit
from .readers import readers_of

#: Three set days a week from the start, for those who want less.
THREE_A_WEEK = Schedule(((0, frozenset({0, 2, 4})),))
SCHEDULES = {"tapering": TAPERING, "daily": DAILY, "three": THREE_A_WEEK}

CHOICES = {
    "temperature": ("C", "F"),
    "scores": ("shown", "later", "hidden"),
    "text_size": ("normal", "large", "largest"),
    "contrast": ("normal", "more"),
    "entry": ("together", "one"),
}


@blueprint.route("/settings", methods=["GET", "POST"])
@policy(PATIENT, Action.KEEP_SETTINGS, carries=True)
def settings(public_id: str) -> ResponseReturnValue:
    """The patient's own choices; a change is saved at once."""
    patient = load_patient(public_id, Action.KEEP_SETTINGS)
    problems: dict[str, str] = {}
    if request.method == "POST" and not sent.is_carried():
        changed = _read(patient, problems)
        if changed is not None and _save(changed, problems):
            return redirect(url_for("patient.settings", public_id=public_id, saved=1), 303)
    page = render(
        "patient/settings.html",
        patient=patient,
        zones=_zones(patient),
        languages=list(LANGUAGES.items()),
        chosen={**_standing(patient), **request.form.to_dict()},
        problems=problems,
        readers=readers_of(patient),
        clinic=installation(),
        runs_alone=runs_alone(),
        was_saved="saved" in request.args,
    )
    return page, 422 if problems else 200


def _zones(patient: Patient) -> list[tuple[str, str]]:
    return zone_choices(patient.country or installation().country, patient.zone)


def _standing(patient: Patient) -> dict[str, str]:
    """What is chosen now, by the name of its field; typed choices go over it."""
    preferences = patient.preferences
    return {
        **{name: preferences.get(name, values[0]) for name, values in CHOICES.items()},
        "temperature": "F" if reads_fahrenheit(patient) else "C",
        "schedule": _schedule_name(patient.schedule),
        "own_item": patient.own_item,
        "language": language_tag(),
        "zone": patient.zone,
    }


def _read(patient: Patient, problems: dict[str, str]) -> Patient | None:
    zone, language = request.form.get("zone", ""), request.form.get("language", "")
    if zone not in dict(_zones(patient)):
        problems["zone"] = _("Choose a time zone from the list")
    if language not in LANGUAGES:
        language = patient.language
    schedule = SCHEDULES.get(request.form.get("schedule", ""), patient.schedule)
    preferences = {
        name: request.form[name]
        for name, values in CHOICES.items()
        if request.form.get(name) in values
    }
    own_item = " ".join(request.form.get("own_item", patient.own_item).split())
    if len(own_item) > OWN_QUESTION_LENGTH:
        problems["own_item"] = _("Use at most %(limit)s characters", limit=OWN_QUESTION_LENGTH)
    if problems:
        return None
    changed = replace(patient, zone=zone, language=language, schedule=schedule)
    return people.with_preferences(changed, own_item=own_item, **preferences)


def _save(changed: Patient, problems: dict[str, str]) -> bool:
    try:
        services.save_patient(
            database(),
            changed,
            account_id=actor().account_id,
            **sent.as_change(),
        )
    except Conflict as error:
        problems["zone"], _status = sent.refusal(error)
        return False
    return True


def _schedule_name(schedule: Schedule) -> str:
    return next((name for name, known in SCHEDULES.items() if known == schedule), "")
