"""Who is asking, whether they may use the route, and the only way to load a patient."""

from collections.abc import Container
from contextlib import suppress

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.utils import check_and_update_authn_fresh
from werkzeug.exceptions import BadRequest, NotFound

from ...domain.people import Action, Actor, Mode, Rights, Role, may
from ...storage import accounts, diary, emergency, erasure, people, settings
from ...storage.accounts import Account
from ...storage.database import Database
from ...storage.errors import NotSaved
from ...storage.people import Patient
from ...storage.settings import Installation
from ...storage.trouble import Trouble, refusal
from ...storage.ways import OpenDiaries
from . import security
from .clock import now
from .language import use_language
from .policies import HOW_TO_SIGN_IN, Policy, policy_of


def database() -> Database:
    """The database this application was made with."""
    found: Database = current_app.extensions["recovery_database"]
    return found


def installation() -> Installation:
    """The settings of this installation, read once for each request.

    Where they can no longer be read they are those that were read last: the telephone numbers must
    stay.
    """
    if "installation" not in g:
        try:
            with database().read() as session:
                g.installation = settings.read_installation(session)
                _forget_erased(erasure.count_erased(session))
            current_app.extensions["recovery_installation"] = g.installation
        except NotSaved:
            g.installation = current_app.extensions["recovery_installation"]
    found: Installation = g.installation
    return found


def _forget_erased(count: int) -> None:
    """If another process erased somebody, this one forgets them too.

    Freed memory is not overwritten, so serving processes are replaced where that is possible, even
    idle ones.
    """
    known = current_app.extensions.get("recovery_erased", count)
    current_app.extensions["recovery_erased"] = count
    if known != count:
        diary.forget_read()
        database().forget()
        current_app.extensions["recovery_forget_drawings"]()
        current_app.extensions.get("recovery_replace_processes", lambda: None)()


def actor() -> Actor:
    """Who is asking; 404 for someone who is not signed in."""
    found = actor_or_none()
    if found is None:
        raise NotFound
    return found


def actor_or_none() -> Actor | None:
    """Who is asking, with the rights of this very moment, or None."""
    if "actor" not in g:
        g.actor = None
        if current_user.is_authenticated:
            # The account was read for this request; a clinician's patients were not.
            account, at = current_user.account, now()
            cared: Container[int] = frozenset()
            opened = frozenset[int]()
            if account.role is Role.CLINICIAN:
                cared = OpenDiaries(database(), account.id, at)
                with database().read() as session:
                    hours = emergency.open_for(session, account.id, at=at)
                opened = frozenset(one.patient_id for one in hours)
            g.actor = accounts.to_actor(account, cared, at, opened)
    found: Actor | None = g.actor
    return found


def speak_to_reader() -> None:
    """From here on, a page for everyone is in the language of whoever is signed in.

    Where nobody is, or the database cannot say who, it stays the browser's.
    """
    try:
        found = actor_or_none()
    except NotSaved:
        return
    if found is not None:
        use_language(current_user.account.language)


def own_record() -> Patient | None:
    """The record of the patient who reads this page; None for staff and strangers, and if it cannot
    be read.
    """
    found: Actor | None = g.get("actor")
    if found is None or found.patient_id is None:
        return None
    known: dict[str, Patient] = g.get("patients", {})
    for patient in known.values():
        if patient.id == found.patient_id:
            return patient
    if "own_record" not in g:
        g.own_record = None
        with suppress(NotSaved), database().read() as session:
            g.own_record = people.patient_by_id(session, found.patient_id)
    own: Patient | None = g.own_record
    return own


def has_full_rights() -> bool:
    """Whether the reader of this page has all the rights of their role."""
    return actor().rights is Rights.FULL


def reader_name() -> str:
    """The name of whoever reads this page."""
    return actor().name


def reader_id() -> str:
    """What tells whoever reads this page from others who use the same browser."""
    return str(current_user.account.public_id)


def may_here(action: str, patient: Patient) -> bool:
    """Whether the reader of this page may do this to the patient's record, by an action's name."""
    return may(actor(), Action(action), patient.id)


def whose_diary() -> str:
    """Whose diary a carer has before them, for every page of it; "" for everybody else."""
    found: Actor | None = g.get("actor")
    if found is None or not found.is_carer:
        return ""
    patient = patient_asked_for()
    return "" if patient is None else patient.name


def signed_in_as_patient() -> bool:
    """Whether a patient or a carer reads this page, which then leads to the way out."""
    found: Actor | None = g.get("actor")
    return found is not None and found.role is Role.PATIENT


def runs_alone() -> bool:
    """Whether the signed-in person owns the one diary of this installation ("just me")."""
    found = actor_or_none()
    if found is None or found.patient_id is None or found.role is not Role.PATIENT:
        return False
    return installation().mode is Mode.JUST_ME and not found.is_carer


def load_patient(public_id: str, action: Action) -> Patient:
    """The patient, if this actor may do `action` to their record; else 404, as if not there.

    `action` must be the one the route's policy declares, so that neither can drift.
    """
    terms = policy_of(current_app, request.endpoint or "")
    if terms is None or terms.action is not action:
        raise RuntimeError(f"{request.endpoint} does {action}, its policy says otherwise")
    cached: dict[str, Patient] = g.setdefault("patients", {})
    if public_id in cached:
        return cached[public_id]
    with database().read() as session:
        patient = people.patient_by_public_id(session, public_id)
    if patient is None:
        raise NotFound
    if not may(actor(), action, patient.id):
        current_app.extensions["recovery_note_refused"](patient.id, actor())
        raise NotFound
    cached[public_id] = patient
    return patient


def load_account(public_id: str) -> Account:
    """The account; 404 where there is none. Whether it may be touched is the route's policy."""
    with database().read() as session:
        found = accounts.account_by_public_id(session, public_id)
    if found is None:
        raise NotFound
    return found


def patient_asked_for() -> Patient | None:
    """The patient this request was about and let in to, None where there is none."""
    public_id = (request.view_args or {}).get("public_id")
    found: Patient | None = g.get("patients", {}).get(public_id)
    return found


def check_request() -> ResponseReturnValue | None:
    """Runs before every view: foreign pages, set-up, sign-in, role, patient, forged requests."""
    security.refuse_foreign()
    if request.endpoint in {None, "static"}:
        return None
    terms = policy_of(current_app, request.endpoint or "")
    if terms is None:
        raise NotFound
    takes_file = request.endpoint in security.TAKES_FILES
    if not takes_file:
        _refuse_malformed()
    if (asked := _check_terms(terms)) is not None:
        return asked
    if takes_file:
        # To read it is to keep half a gigabyte: not a byte of it is read for anybody else.
        security.allow_file()
        _refuse_malformed()
    security.refuse_forged()
    if terms.fresh and not _is_fresh():
        return ask_again()
    if request.endpoint in _HALF_SIGNED_IN and actor_or_none() is not None:
        # The library would sign somebody out who is in already; a link must not do that.
        return redirect(url_for("home"))
    return None


def _check_terms(terms: Policy) -> ResponseReturnValue | None:
    """Set-up, sign-in, role and patient; None for who may go on."""
    if not terms.before_setup and not installation().is_set_up:
        return redirect(url_for("setup.closed"))
    if not terms.roles:
        return None
    if _session_is_unreadable():
        raise refusal(Trouble.DAMAGED)
    return _check_role(terms)


def _session_is_unreadable() -> bool:
    """Whether the cookie names a session that the damaged database cannot give."""
    return bool(getattr(session, "is_unreadable", False))


def _is_fresh() -> bool:
    """Whether the password was typed just now; made-up people of a demonstration have none."""
    if installation().is_demo:
        return True
    within = current_app.config["SECURITY_FRESHNESS"]
    grace = current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"]
    return bool(check_and_update_authn_fresh(within, grace, "session"))


def ask_again() -> ResponseReturnValue:
    """The page that asks for the password once more; a form that was sent waits in the meantime."""
    target = request.full_path.rstrip("?")
    if request.method not in security.SAFE:
        target = current_app.extensions["recovery_keep_form"]()
    return redirect(url_for("security.verify", next=target, act=request.endpoint), 303)


def why_asked_again() -> str:
    """The sentence that names what the password is asked for, by default how one signs in."""
    terms = policy_of(current_app, request.args.get("act", ""))
    return terms.fresh if terms is not None and terms.fresh else HOW_TO_SIGN_IN


_HALF_SIGNED_IN = frozenset({"security.two_factor_token_validation", "security.mf_recovery"})
"""Pages for somebody whose second step is to come."""


def _refuse_malformed() -> None:
    """Reads the whole body, and stops what no page of this site sends.

    Nobody types a NUL; PostgreSQL cannot store one and a diary file with one cannot be read.
    """
    sent = (text for pair in request.values.items(multi=True) for text in pair)
    if "\0" in request.path or any("\0" in text for text in sent):
        raise BadRequest
    if request.values.get("next") and security.own_path(request.values["next"]) is None:
        raise BadRequest


def _check_role(terms: Policy) -> ResponseReturnValue | None:
    found = actor_or_none()
    if found is None:
        return ask_to_sign_in(terms)
    use_language(current_user.account.language)
    if not terms.lets_in(found) and not (terms.owner and runs_alone()):
        raise NotFound
    if terms.action is None:
        return None
    load_patient(str((request.view_args or {})["public_id"]), terms.action)
    if found.role is Role.PATIENT and not installation().is_ready_for_patients:
        return render_template("errors/not_ready.html"), 503
    return None


def ask_to_sign_in(terms: Policy) -> ResponseReturnValue:
    """The sign-in page; typed answers of a route that carries them go along."""
    if request.method in security.SAFE:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    page: ResponseReturnValue = current_app.extensions["recovery_sign_in_again"](terms)
    return page
