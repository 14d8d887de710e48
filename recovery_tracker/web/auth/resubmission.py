"""Typed answers outlive an expired sign-in, an expired form, and a database that takes nothing.

A form that arrives signed out from a browser in which somebody signed in before is kept for that
browser (encrypted, one hour, a few forms), the sign-in page comes with the emergency advice first,
and after signing in the answers are handed back as a form to look over. So is one that arrives
while somebody else is signed in, from a page that its writer left open. Nothing is kept of a
browser in which nobody signed in: such a form was never shown there. What could not be saved is
handed back in the same way: the form's own route shows it again, because `carried` stands in it.
They are handed only to somebody who may write where they were meant to go: on a shared computer the
next person never sees them.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from ...domain.people import Role, may
from ...services import signing_in
from ...storage import people
from ...storage import sessions as stored
from ...storage.errors import NotSaved
from ..shared import access
from ..shared.at_once import AtOnce, advice_at_once, advice_for_forms
from ..shared.clock import now
from ..shared.keys import derived_fernet_key
from ..shared.pages import new_key, render
from ..shared.policies import SIGNED_IN, Policy, policy, policy_of
from . import known_device
from .form_names import name_of_form
from .forms.account import SignIn

blueprint = Blueprint("resubmission", __name__)

KEPT_SECONDS = 3600
"""How long typed answers wait for their writer. Our default."""

LARGEST = 60_000
"""Bytes of typed answers that are carried; a day with its longest note is under 20,000."""

MOST = 4
"""Forms that wait in one browser: those of two people who both write there. Our default."""

NOT_ANSWERS = frozenset({"csrf_token", "key", "carried"})

OF_THE_PAGE = frozenset({"opened_at", "shown", "expected_version", "same_as", "source"})
"""Fields of a form that say which page it stood on, and nothing that was typed."""


def init_app(app: Flask) -> None:
    """An unsafe request that comes signed out ends on the page that keeps its answers."""
    app.after_request(_forget_done)
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
        # Of any other address nothing is read: half a gigabyte may follow. Staff answer no signs.
        holds_answers=terms.carries and Role.PATIENT in terms.roles,
        next_path=target,
    )
    return page, 401


def not_theirs() -> str | None:
    """The page for a form that whoever is signed in here may not send; None for anything else.

    Its writer left the page open and somebody else signed in beside it. The same whether the
    address is another's or leads nowhere.
    """
    terms = policy_of(current_app, request.endpoint or "")
    if request.method != "POST" or terms is None or not terms.carries:
        return None
    who = access.actor_or_none()
    fields = _answers_of(request.form)
    if who is None or not fields or _is_own(request.path):
        return None
    return render(
        "errors/not_theirs.html",
        name=who.name,
        at_once=advice_at_once_of_form() if Role.PATIENT in terms.roles else None,
        is_kept=_keep(request.form, request.full_path.rstrip("?")),
    )


@blueprint.get("/carried")
@policy(SIGNED_IN)
def carried() -> ResponseReturnValue:
    """The kept answers, for somebody who may save them, until they go on with them."""
    kept = _own_forms()
    if not kept:
        return redirect(url_for("home"))
    return _page(kept, "")


def handed_back(problem: str) -> str:
    """Everything of the form that was just sent, and why it is not saved yet."""
    key = request.form.get("key") or new_key()
    return _page([KeptForm(request.path, _answers_of(request.form), key)], problem)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that waits: where it was sent, what stands in it, and the key it is sent with.

    `was_signed_in`: only a proof was asked for. `patient`: the name of whom it is about, for
    somebody who has several.
    """

    path: str
    fields: list[tuple[str, str]]
    key: str
    was_signed_in: bool = False
    patient: str = ""

    @property
    def name(self) -> str:
        """What its button calls it: the day, or the page."""
        return name_of_form(*_route(self.path), self.patient)

    @property
    def typed(self) -> set[tuple[str, str]]:
        """What somebody answered in it."""
        return {(name, text) for name, text in self.fields if text and name not in OF_THE_PAGE}


def _page(forms: list[KeptForm], problem: str) -> str:
    # A database that is damaged cannot say who is asking; the patient's words fit everybody.
    who = access.actor_or_none()
    is_staff = who is not None and who.role is not Role.PATIENT
    fields = [] if is_staff else [one.fields for one in forms]
    return render(
        "patient/carried.html",
        forms=forms,
        at_once=advice_for_forms(fields, access.installation()),
        problem=problem,
        was_signed_in=all(one.was_signed_in for one in forms),
        is_staff=is_staff,
    )


def _answers_of(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.items(multi=True) if name not in NOT_ANSWERS]


def _keep(form: MultiDict[str, str], path: str, *, is_signed_in: bool = False) -> bool:
    """Whether the form waits in this browser for whoever may save it; of each address only the
    newest. True as well where its patient is not there, or no longer: nothing is kept, and nothing
    said of it.
    """
    devices = known_device.devices()
    text = json.dumps({"path": path, "fields": _answers_of(form), "signed in": is_signed_in})
    if not devices or len(text) > LARGEST:
        return False
    _endpoint, values = _route(path)
    signing_in.keep_form(
        access.database(),
        known_device.digest(devices[0]),
        known_device.digest(path),
        _seal().encrypt(text.encode()).decode(),
        public_id=values.get("public_id"),
        most=MOST,
        at=now(),
        until=now() + timedelta(seconds=KEPT_SECONDS),
    )
    g.form_waits = True
    return True


def _own_forms() -> list[KeptForm]:
    """Forms that wait in this browser and are meant for a record of this person's, the newest
    first; whoever of those who use the browser sent them.
    """
    kept = [_opened(one) for one in _waiting()]
    return [_named(one) for one in kept if one is not None and _is_own(one.path)]


def _named(form: KeptForm) -> KeptForm:
    """With the name of the patient, for somebody who has more than one."""
    public_id = _route(form.path)[1].get("public_id")
    if access.actor().role is Role.PATIENT or public_id is None:
        return form
    with access.database().read() as rows:
        patient = people.patient_by_public_id(rows, public_id)
    return form if patient is None else replace(form, patient=patient.name)


def _waiting(path: str | None = None) -> tuple[stored.StoredSession, ...]:
    """What waits in this browser; with `path`, only what is sent there."""
    devices = [known_device.digest(one) for one in known_device.devices()]
    form = None if path is None else known_device.digest(path)
    with access.database().read() as rows:
        return stored.waiting_forms(rows, devices, now(), form)


def _opened(row: stored.StoredSession) -> KeptForm | None:
    try:
        kept = json.loads(_seal().decrypt(row.content["carried"], ttl=KEPT_SECONDS))
    except InvalidToken:
        return None
    fields = [(name, value) for name, value in kept["fields"]]
    return KeptForm(kept["path"], fields, new_key(), kept.get("signed in", False))


def _forget_done(response: Response) -> Response:
    """A form waits no longer once it was taken, or is shown again to be looked over; nor does one
    of which every answer stands in what was just saved at its address.
    """
    is_taken = response.status_code in {201, 303}
    terms = policy_of(current_app, request.endpoint or "")
    is_form = request.method == "POST" and terms is not None and (terms.carries or terms.fresh)
    if not is_form or "form_waits" in g or not (is_taken or response.status_code in {200, 422}):
        return response
    is_carried = bool(request.form.get("carried"))
    if is_carried or is_taken:
        here = KeptForm(request.full_path.rstrip("?"), _answers_of(request.form), "")
        with suppress(NotSaved):
            waiting = [(row.digest, _opened(row)) for row in _waiting(here.path)]
            done = [at for at, one in waiting if is_carried or (one and one.typed <= here.typed)]
            signing_in.forget_forms(access.database(), done)
    return response


def _route(path: str) -> tuple[str, Mapping[str, Any]]:
    """The endpoint that takes a form sent to an address, "" for none, and the values in it."""
    routes = current_app.url_map.bind("")
    with suppress(HTTPException):
        endpoint, values = routes.match(path.partition("?")[0], method="POST")
        return endpoint, values
    return "", {}


def _is_own(path: str) -> bool:
    endpoint, values = _route(path)
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
