"""The first run: one link from the terminal opens these pages, once.

"Just me" makes the patient and their account; "a clinic" makes the first administrator. All of it
is one transaction, and afterwards the link and these pages are closed for good.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import login_user
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.people import Actor, Mode, Role
from ...domain.places import COUNTRIES, ELSEWHERE, place_of
from ...storage import accounts, people, settings
from ...storage import setup as tokens
from ...storage.database import Database
from ...storage.settings import Installation
from ..shared import access, security
from ..shared.clock import now
from ..shared.language import DEFAULT_LANGUAGE, day_text
from ..shared.pages import render
from ..shared.policies import ANYONE, policy
from ..shared.zones import all_zones, zone_choices, zones_of
from .account_store import SignedIn
from .forms.installation import account_problems, one_line, read_texts, text_problems
from .passwords import hashed

blueprint = Blueprint("setup", __name__, url_prefix="/setup")

#: No country chosen yet; "" is a country that is not listed.
NOT_CHOSEN = "--"

SYSTEM = Actor(None, "set-up", Role.SYSTEM)


@dataclass(frozen=True)
class Answers:
    """What was typed on the set-up page."""

    mode: Mode
    country: str
    zone: str
    name: str
    login: str
    password: str
    texts: dict[str, str]
    #: "" or `settings.DIARY_ONLY`.
    scope: str = ""

    def problems(self) -> dict[str, str]:
        """Field to one clear sentence, in the order of the page; empty when all will do."""
        found = account_problems(self.name, self.login, self.password)
        if self.zone not in all_zones():
            found["zone"] = _("Choose a time zone from the list.")
        return found | text_problems(self.texts)


def setup_link(database: Database, base_url: str, at: datetime) -> str | None:
    """A fresh one-time link to set-up; None once the installation is set up."""
    token = services.new_setup_token(database, at)
    return None if token is None else f"{base_url.rstrip('/')}/setup/{token}"


@blueprint.get("/")
@policy(ANYONE, before_setup=True)
def closed() -> ResponseReturnValue:
    """Before set-up: where the link is. Afterwards: nothing to see."""
    if access.installation().is_set_up:
        return redirect(url_for("home"))
    return render("setup/closed.html")


@blueprint.get("/<token>")
@policy(ANYONE, before_setup=True)
def choose(token: str) -> ResponseReturnValue:
    """Who will use it, and where."""
    _check(token)
    security.blank_form()
    return _choose_page(token)


def _choose_page(token: str, problem: str = "") -> str:
    """The first page. Only the country that the browser names is preselected."""
    country = _country_of_browser()
    countries = _countries()
    if country == NOT_CHOSEN:
        countries = [(NOT_CHOSEN, _("Choose a country")), *countries]
    return render(
        "setup/choose.html", token=token, countries=countries, country=country, problem=problem
    )


def _country_of_browser() -> str:
    """The region of the languages the browser asks for; `NOT_CHOSEN` where it names none."""
    for language, _quality in request.accept_languages:
        region = language.replace("_", "-").split("-")[-1].upper()
        if "-" in language.replace("_", "-") and region in COUNTRIES:
            return region
    return NOT_CHOSEN


@blueprint.get("/<token>/details")
@policy(ANYONE, before_setup=True)
def details(token: str) -> ResponseReturnValue:
    """The rest, with the numbers of the chosen country filled in to be checked."""
    _check(token)
    mode = _mode(request.args.get("mode"))
    country = request.args.get("country", NOT_CHOSEN)
    if mode is None or country not in {*COUNTRIES, ""}:
        return _choose_page(token, _("Choose where you live and who will use it.")), 422
    place = place_of(country)
    texts = dict.fromkeys(settings.TYPED, "")
    texts["emergency_number"] = place.emergency[0] if place.emergency else ""
    texts["out_of_hours"] = place.advice_line
    zones = zones_of(country)
    blank = Answers(mode, country, zones[0] if zones else "UTC", "", "", "", texts)
    return _details_page(token, blank, {})


@blueprint.post("/<token>/details")
@policy(ANYONE, before_setup=True)
def finish(token: str) -> ResponseReturnValue:
    """The installation is set up, and its first person signed in or sent to sign in."""
    _check(token)
    mode = _mode(request.form.get("mode"))
    country = request.form.get("country", NOT_CHOSEN)
    if mode is None or country not in {*COUNTRIES, ""}:
        return redirect(url_for("setup.choose", token=token), 303)
    answers = _read_answers(mode, country)
    if problems := answers.problems():
        return _details_page(token, answers, problems), 422
    account = _set_up(token, answers)
    if mode is Mode.CLINIC:
        return redirect(url_for("account.ready"), 303)
    login_user(SignedIn(account, lambda _: ()), remember=False, authn_via=["password"])
    with access.database().read() as session:
        assert account.patient_id is not None
        patient = people.patient_by_id(session, account.patient_id)
    return redirect(url_for("patient.new_surgery", public_id=patient.public_id), 303)


def _set_up(token: str, answers: Answers) -> accounts.Account:
    chosen = Installation(
        mode=answers.mode,
        country=answers.country,
        paper=place_of(answers.country).paper,
        scope=answers.scope,
        **cast(Any, answers.texts),
    )
    made = services.set_up(
        access.database(),
        token,
        chosen,
        name=answers.name,
        login=answers.login,
        password_hash=hashed(answers.password),
        zone=answers.zone,
        language=DEFAULT_LANGUAGE,
        by=SYSTEM,
        at=now(),
    )
    if made is None:
        raise NotFound
    return made


def _check(token: str) -> None:
    with access.database().read() as session:
        if not tokens.is_setup_token(session, token):
            raise NotFound


def _mode(text: str | None) -> Mode | None:
    return Mode(text) if text in set(Mode) else None


def _read_answers(mode: Mode, country: str) -> Answers:
    return Answers(
        mode=mode,
        country=country,
        zone=one_line(request.form, "zone") or "UTC",
        name=one_line(request.form, "name"),
        login=one_line(request.form, "login"),
        password=request.form.get("password", ""),
        texts=read_texts(request.form),
        scope=settings.DIARY_ONLY if request.form.get("scope") == settings.DIARY_ONLY else "",
    )


def _details_page(token: str, answers: Answers, problems: dict[str, str]) -> str:
    place = place_of(answers.country)
    return render(
        "setup/details.html",
        token=token,
        answers=answers,
        problems=problems,
        is_clinic=answers.mode is Mode.CLINIC,
        country=_countries_by_code()[answers.country],
        checked_on=day_text(place.checked_on) if place.checked_on else "",
        place_note=_(place.note) if place.note else "",
        zones=zone_choices(answers.country),
    )


def _countries() -> list[tuple[str, str]]:
    known = sorted(_countries_by_code().items(), key=lambda pair: pair[1])
    return [pair for pair in known if pair[0]] + [("", _(ELSEWHERE.name))]


def _countries_by_code() -> dict[str, str]:
    places = {**COUNTRIES, "": ELSEWHERE}
    return {code: _(place.name) for code, place in places.items()}
