"""Running the installation: its settings, its people, what happened, and its health.

No page here shows an answer, a sign, a flag or a chart. In "just me" mode the diary's owner may use
the settings, the record of what happened and the health page; who shares the diary may not.
"""

from dataclasses import replace
from typing import Any, cast

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.alerts import MOST_HOURS
from ...domain.people import Mode
from ...storage import settings
from ...storage.errors import Conflict
from ..auth.forms.installation import read_texts, text_problems
from ..shared import access
from ..shared.clock import now
from ..shared.forms import sent
from ..shared.pages import render
from ..shared.policies import ADMINISTRATOR, WHOM_TO_CALL, policy
from ..shared.signature import is_signed, signature_words
from ..shared.zones import clinic_today
from . import blueprint, health


@blueprint.get("/", endpoint="settings")
@policy(ADMINISTRATOR, owner=True)
def settings_page() -> ResponseReturnValue:
    """Numbers, hours, names and promises of this installation."""
    return _settings_page(access.installation(), {})


@blueprint.post("/")
@policy(ADMINISTRATOR, owner=True, fresh=WHOM_TO_CALL)
def save_settings() -> ResponseReturnValue:
    """The settings are stored, unless somebody else changed them in the meantime."""
    current = access.installation()
    texts = read_texts(request.form)
    paper = request.form.get("paper", current.paper)
    scope = request.form.get("scope", current.scope)
    hours = request.form.get("promised_hours", str(current.promised_hours)).strip()
    is_number = hours.isdecimal() and 1 <= int(hours) <= MOST_HOURS
    wanted = replace(
        current,
        paper=paper if paper in {"a4", "letter"} else "a4",
        scope=settings.DIARY_ONLY if scope == settings.DIARY_ONLY else "",
        promised_hours=int(hours) if is_number else current.promised_hours,
        **cast(Any, texts),
    )
    problems = text_problems(texts)
    if not is_number:
        problems["promised_hours"] = _(
            "Type a number of hours from 1 to %(most)s.", most=MOST_HOURS
        )
    if problems:
        return _settings_page(wanted, problems), 422
    try:
        services.save_settings(
            access.database(),
            replace(wanted, version=sent.version(default=-1)),
            by=access.actor(),
            at=now(),
            signs_again="signs_again" in request.form,
            here=clinic_today(),
        )
    except Conflict as conflict:
        said, status = sent.refusal(conflict)
        return _settings_page(wanted, {"main": said}), status
    return redirect(url_for("admin.settings", saved=1), 303)


@blueprint.get("/health", endpoint="health")
@policy(ADMINISTRATOR, owner=True)
def health_page() -> ResponseReturnValue:
    """Whether the database is sound and when it was last backed up, said plainly."""
    return render(
        "admin/health.html", checks=health.checks(access.database()), links=links("admin.health")
    )


def links(current: str) -> list[tuple[str, str, bool]]:
    """The pages of this part as (address, words, is the current one)."""
    pages = [("admin.settings", _("Settings"))]
    if access.installation().mode is Mode.CLINIC:
        pages += [("admin.people", _("People")), ("admin.teams", _("Teams"))]
    pages += [("admin_events.events", _("What happened")), ("admin.health", _("Health"))]
    return [(url_for(endpoint), text, endpoint == current) for endpoint, text in pages]


def _settings_page(shown: settings.Installation, problems: dict[str, str]) -> str:
    return render(
        "admin/settings.html",
        shown=shown,
        missing=access.installation().missing_for_patients,
        is_clinic=shown.mode is Mode.CLINIC,
        signature=signature_words(access.installation()),
        is_signed=is_signed(access.installation()),
        problems=problems,
        saved=request.method != "POST" and request.args.get("saved") == "1",
        links=links("admin.settings"),
    )
