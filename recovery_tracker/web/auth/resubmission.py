"""Typed answers outlive an expired sign-in, an expired form, and a database that takes nothing.

A form that arrives signed out from a browser in which somebody signed in before is kept for that
browser (encrypted, one hour, one form), the sign-in page comes with the emergency advice first, and
after signing in the answers are handed back as a form to look over. Nothing is kept of anybody
else: such a form was never shown to them. What could not be saved is handed back in the same way:
the form's own route shows it again, because `carried` stands in it. They are handed only to
somebody who may write where they were meant to go: on a shared computer the next person never sees
them.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from ...domain.people import Role, may
from ...services import signing_in
from ...storage import people
from ...storage import sessions as stored
from ..shared import access
from ..shared.at_once import AtOnce, advice_at_once
from ..shared.clock import now
from ..shared.keys import derived_fernet_key
from ..shared.pages import new_key, render
from ..shared.policies import SIGNED_IN, Policy, policy, policy_of
from . import known_device
from .forms.account import SignIn

blueprint = Blueprint("resubmission", __name__)

KEPT_SECONDS = 3600
"""How long typed answers wait for their writer. Our default."""

LARGEST = 60_000
"""Bytes of typed answers that are carried; a day with its longest note is under 20,000."""

NOT_ANSWERS = frozenset({"csrf_token", "key", "carried"})


def init_app(app: Flask) -> None:
    """An unsafe request that comes signed out ends on the page that keeps its answers."""
    app.extensions["recovery_sign_in_again"] = sign_in_again
    app.extensions["recovery_keep_form"] = keep_form
    app.add_template_global(advice_at_once_of_form)


def advice_at_once_of_form() -> AtOnce | None:
    """What to do now about the answers in the form that was just sent."""
    return advice_at_once(request.form.items(multi=True), access.installation())


def keep_form() -> str:
    """Where the form that was just sent waits, for somebody who proves once more who they are."""
    is_kept = _keep(request.form, request.full_path.rstrip("?"), is_signed_in=True)
    return url_for("resubmission.carried") if is_kept else _page_of_the_form()


def _page_of_the_form() -> str:
    """The page that the form just sent stood on: the nearest address above its own that can be
    looked at. Referrers are never sent.
    """
    routes, path = current_app.url_map.bind(""), request.path
    while path := path.rstrip("/"):
        for page in (path, f"{path}/"):
            with suppress(HTTPException):
                routes.match(page, method="GET")
                return page
        path = path.rpartition("/")[0]
    return url_for("home")


def sign_in_again(terms: Policy) -> ResponseReturnValue:
    """Emergency advice, then the sign-in form; answers of a route that carries them are kept."""
    is_kept = terms.carries and _keep(request.form, request.full_path.rstrip("?"))
    target = url_for("resubmission.carried") if is_kept else _page_of_the_form()
    page = render(
        "security/login_user.html",
        login_user_form=SignIn(formdata=None, next=target),
        carries=is_kept,
        expired=True,
        # Of any other address nothing is read: half a gigabyte may follow.
        holds_answers=terms.carries,
        next_path=target,
    )
    return page, 401


@blueprint.get("/carried")
@policy(SIGNED_IN)
def carried() -> ResponseReturnValue:
    """The kept answers, for somebody who may save them; for anybody else they are gone."""
    kept = _take()
    if kept is None:
        return redirect(url_for("home"))
    path, fields, was_signed_in = kept
    return _page(path, fields, new_key(), "", was_signed_in=was_signed_in)


def handed_back(problem: str) -> str:
    """Everything of the form that was just sent, and why it is not saved yet."""
    key = request.form.get("key") or new_key()
    return _page(request.path, _answers_of(request.form), key, problem)


def _page(
    path: str,
    fields: Iterable[tuple[str, str]],
    key: str,
    problem: str,
    *,
    was_signed_in: bool = False,
) -> str:
    # A database that is damaged cannot say who is asking; the patient's words fit everybody.
    who = access.actor_or_none()
    is_staff = who is not None and who.role is not Role.PATIENT
    fields = list(fields)
    return render(
        "patient/carried.html",
        path=path,
        fields=fields,
        at_once=None if is_staff else advice_at_once(fields, access.installation()),
        key=key,
        problem=problem,
        was_signed_in=was_signed_in,
        is_staff=is_staff,
    )


def _answers_of(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.items(multi=True) if name not in NOT_ANSWERS]


def _keep(form: MultiDict[str, str], path: str, *, is_signed_in: bool = False) -> bool:
    """Whether the form is kept for the next sign-in from this browser; only the newest one is."""
    device = known_device.device()
    text = json.dumps({"path": path, "fields": _answers_of(form), "signed in": is_signed_in})
    if not device or len(text) > LARGEST:
        return False
    sealed = _seal().encrypt(text.encode()).decode()
    until = now() + timedelta(seconds=KEPT_SECONDS)
    kept = stored.StoredSession(_place(device), None, {"carried": sealed}, now(), now(), until)
    signing_in.keep_for_visitor(access.database(), kept)
    return True


def _place(device: str) -> str:
    # No digest of a token looks like this, so no cookie ever opens it as a session.
    return f"carried {known_device.digest(device)}"


def _take() -> tuple[str, list[tuple[str, str]], bool] | None:
    """Path, fields and whether only a proof was asked for; once, while they are fresh, and if they
    are meant for a record of this person's.
    """
    place = _place(known_device.device())
    with access.database().read() as rows:
        found = stored.load_session(rows, place, now())
    if found is None:
        return None
    if request.method == "GET":
        signing_in.end_session(access.database(), place)
    try:
        kept = json.loads(_seal().decrypt(found.content["carried"], ttl=KEPT_SECONDS))
    except InvalidToken:
        return None
    if not _is_own(kept["path"]):
        return None
    fields = [(name, value) for name, value in kept["fields"]]
    return kept["path"], fields, kept.get("signed in", False)


def _is_own(path: str) -> bool:
    routes = current_app.url_map.bind("")
    try:
        endpoint, values = routes.match(path.partition("?")[0], method="POST")
    except HTTPException:
        return False
    terms = policy_of(current_app, endpoint)
    if terms is None or not (terms.carries or terms.fresh):
        return False
    if terms.action is None:
        return terms.lets_in(access.actor()) or (terms.owner and access.runs_alone())
    with access.database().read() as rows:
        patient = people.patient_by_public_id(rows, values["public_id"])
    return patient is not None and may(access.actor(), terms.action, patient.id)


def _seal() -> Fernet:
    return Fernet(derived_fernet_key(current_app.config["SECRET_KEY"], "carried answers"))
