"""Typed answers outlive an expired sign-in, an expired form, and a database that takes nothing.

A form that arrives signed out is sealed into the visitor's session (encrypted, one hour), the
sign-in page comes with the emergency advice first, and after signing in the answers are handed
back as a form to look over. What could not be saved is handed back at once, in the same way: the
form's own route shows it again, because `carried` stands in it. They are handed only to somebody
who may write where they were meant to go: on a shared computer the next person never sees them.
"""

import json
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from ..domain.people import Role, may
from ..storage import people
from . import access
from .forms.account import SignIn
from .keys import derived_fernet_key
from .pages import new_key, render
from .policies import SIGNED_IN, Policy, policy, policy_of

blueprint = Blueprint("carry", __name__)

KEPT_SECONDS = 3600
"""How long typed answers wait for their writer. Our default."""

LARGEST = 60_000
"""Bytes of typed answers that are carried; a day with its longest note is under 20,000."""

SESSION_KEY = "carried"

NOT_ANSWERS = frozenset({"csrf_token", "key", "carried"})


def connect(app: Flask) -> None:
    """An unsafe request that comes signed out ends on the page that keeps its answers."""
    app.extensions["recovery_sign_in_again"] = sign_in_again


def sign_in_again(terms: Policy) -> ResponseReturnValue:
    """The emergency advice, then the sign-in form; the answers of a route that carries wait."""
    if terms.carries:
        _keep(request.form, request.full_path.rstrip("?"))
    target = url_for("carry.carried") if terms.carries else url_for("home")
    page = render(
        "security/login_user.html",
        login_user_form=SignIn(formdata=None, next=target),
        carries=terms.carries,
        expired=True,
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
    path, fields = kept
    return _page(path, fields, new_key(), "")


def handed_back(problem: str) -> str:
    """Everything of the form that was just sent, and why it is not saved yet."""
    key = request.form.get("key") or new_key()
    return _page(request.path, _answers_of(request.form), key, problem)


def _page(path: str, fields: Iterable[tuple[str, str]], key: str, problem: str) -> str:
    # A database that is damaged cannot say who is asking; the patient's words fit everybody.
    who = access.actor_or_none()
    return render(
        "patient/carried.html",
        path=path,
        fields=fields,
        key=key,
        problem=problem,
        is_staff=who is not None and who.role is not Role.PATIENT,
    )


def _answers_of(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.items(multi=True) if name not in NOT_ANSWERS]


def _keep(form: MultiDict[str, str], path: str) -> None:
    text = json.dumps({"path": path, "fields": _answers_of(form)})
    if len(text) <= LARGEST:
        session[SESSION_KEY] = _seal().encrypt(text.encode()).decode()


def _take() -> tuple[str, list[tuple[str, str]]] | None:
    """Path and fields, once, if they are still fresh and meant for a record of this person's."""
    sealed = session.pop(SESSION_KEY, None)
    if sealed is None:
        return None
    try:
        kept = json.loads(_seal().decrypt(sealed.encode(), ttl=KEPT_SECONDS))
    except InvalidToken:
        return None
    if not _is_own(kept["path"]):
        return None
    return kept["path"], [(name, value) for name, value in kept["fields"]]


def _is_own(path: str) -> bool:
    routes = current_app.url_map.bind("")
    try:
        endpoint, values = routes.match(path.partition("?")[0], method="POST")
    except HTTPException:
        return False
    terms = policy_of(current_app, endpoint)
    if terms is None or not terms.carries:
        return False
    if terms.action is None:
        return access.actor().role in terms.roles
    with access.database().read() as rows:
        patient = people.patient_by_public_id(rows, values["public_id"])
    return patient is not None and may(access.actor(), terms.action, patient.id)


def _seal() -> Fernet:
    return Fernet(derived_fernet_key(current_app.config["SECRET_KEY"], "carried answers"))
