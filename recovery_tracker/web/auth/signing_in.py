"""Signing in, as Flask-Security does it: passwords, one-time codes, recovery codes, passkeys.

Here stand its settings, the terms of its routes, and what is noted when somebody comes or goes.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, after_this_request, request, session, url_for
from flask_login import user_logged_in, user_logged_out
from flask_security import Security
from flask_security.signals import (
    password_changed,
    tf_code_confirmed,
    tf_profile_changed,
    wan_deleted,
    wan_registered,
)

from ...services import signing_in as services
from ...storage.audit import AuditAction
from ...storage.database import Database
from ..config import Config
from ..shared import access
from ..shared.clock import now
from ..shared.keys import derived, derived_fernet_key, signing_keys
from ..shared.policies import ANYONE, SIGNED_IN, Policy
from . import devices, known_device, throttle
from .account_store import AccountStore, SignedIn, own_actor
from .forms.account import NewPassword, RecoveryCode, SecondFactorCode, SignIn, SignInAgain
from .passwords import PasswordRules
from .second_steps import CheckedPasskeys, HashedRecoveryCodes, OneTimeCodes, second_step_to_scan
from .sessions import DEVICE_KEY, RING_KEY, ROLE_KEY

FRESH = timedelta(minutes=10)
"""How long a sign-in counts as just now, for changes to how one signs in. Our default."""

SIGN_IN = Policy(ANYONE)
OWN_ACCOUNT = Policy(SIGNED_IN)

POLICIES = {
    "security.login": SIGN_IN,
    "security.logout": OWN_ACCOUNT,
    "security.verify": OWN_ACCOUNT,
    "security.change_password": OWN_ACCOUNT,
    "security.two_factor_setup": SIGN_IN,
    "security.two_factor_setup_validate": OWN_ACCOUNT,
    "security.two_factor_token_validation": SIGN_IN,
    "security.two_factor_rescue": SIGN_IN,
    "security.tf_select": SIGN_IN,
    "security.mf_recovery_codes": OWN_ACCOUNT,
    "security.mf_recovery": SIGN_IN,
    "security.wan_register": OWN_ACCOUNT,
    "security.wan_register_response": OWN_ACCOUNT,
    "security.wan_signin": SIGN_IN,
    "security.wan_signin_response": SIGN_IN,
    "security.wan_delete": OWN_ACCOUNT,
    "security.wan_verify": OWN_ACCOUNT,
    "security.wan_verify_response": OWN_ACCOUNT,
    "static": SIGN_IN,
}
"""Policies of views that are not ours: `SIGN_IN` views guard themselves by their own state."""

_ADDRESSES = {
    "SECURITY_URL_PREFIX": "/account",
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_CHANGE_URL": "/password",
    "SECURITY_VERIFY_URL": "/check",
    "SECURITY_TWO_FACTOR_SETUP_URL": "/second-step",
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-step/code",
    "SECURITY_TWO_FACTOR_RESCUE_URL": "/second-step/help",
    "SECURITY_TWO_FACTOR_SELECT_URL": "/second-step/choose",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery-code",
    "SECURITY_WAN_REGISTER_URL": "/passkeys",
    "SECURITY_WAN_SIGNIN_URL": "/passkey",
    "SECURITY_WAN_DELETE_URL": "/passkeys/remove",
    "SECURITY_WAN_VERIFY_URL": "/passkey/check",
    # Nothing of the library's own is served.
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_STATIC_FOLDER_URL": None,
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/account/signed-out",
    "SECURITY_POST_CHANGE_VIEW": "/account",
}


def init_app(app: Flask, database: Database, config: Config) -> None:
    """Signing in works: passwords, one-time codes, recovery codes, passkeys."""
    app.config.update(_settings(config))
    security = Security(
        app,
        AccountStore(database),
        login_form=SignIn,
        verify_form=SignInAgain,
        change_password_form=NewPassword,
        two_factor_verify_code_form=SecondFactorCode,
        mf_recovery_form=RecoveryCode,
        password_util_cls=PasswordRules,
        totp_cls=OneTimeCodes,
        webauthn_util_cls=CheckedPasskeys,
        mf_recovery_codes_util_cls=HashedRecoveryCodes,
    )
    security.want_json(lambda _request: False)
    # No header and no address parameter ever signs anybody in.
    app.login_manager._request_callback = None  # type: ignore[attr-defined]
    user_logged_in.connect(_note_role, app)
    user_logged_out.connect(_note_sign_out, app)
    for changed in (tf_profile_changed, password_changed, wan_registered, wan_deleted):
        changed.connect(_note_change, app)
    tf_profile_changed.connect(_offer_recovery_codes, app)
    tf_code_confirmed.connect(_offer_recovery_codes, app)
    app.add_template_global(second_step_to_scan)
    throttle.init_app(app)
    devices.init_app(app)


def _note_role(_app: Flask, user: SignedIn, **_more: Any) -> None:
    session[ROLE_KEY] = user.account.role.value
    session[DEVICE_KEY] = devices.device_words()
    account = user.account
    is_known = bool(known_device.device_of(f"account:{account.login}"))
    is_new = account.signed_in_at is not None and not is_known
    services.note_signed_in(
        access.database(),
        account.id,
        by=own_actor(account),
        at=now(),
        new_device=session[DEVICE_KEY] if is_new else None,
    )
    if is_new:
        devices.tell_by_mail(account, AuditAction.NEW_DEVICE)


def _note_change(_app: Flask, user: Any = None, **_more: Any) -> None:
    if isinstance(user, SignedIn):
        devices.tell_by_mail(user.account, AuditAction.CREDENTIALS_CHANGED)


def _offer_recovery_codes(_app: Flask, user: Any = None, **_more: Any) -> None:
    """Somebody who has just set up the second step sees codes for the day the phone is lost."""
    if user.mf_recovery_codes or session.get("tf_state", "validating_profile") == "ready":
        return

    @after_this_request
    def go_there(response: Response) -> Response:
        if response.status_code == 302:
            response.location = url_for("security.mf_recovery_codes")
        return response


def _note_sign_out(_app: Flask, user: Any = None, **_more: Any) -> None:
    @after_this_request
    def forget_pages(response: Response) -> Response:
        # Erasing, which signs out as well, forgets more.
        response.headers.setdefault("Clear-Site-Data", '"cache"')
        return response

    # The page's script says where this device rings; the session knows it where it was chosen here.
    here = {request.form.get("endpoint", ""), session.pop(RING_KEY, "")} - {""}
    if isinstance(user, SignedIn):
        services.note_signed_out(access.database(), by=own_actor(user.account), at=now())
        devices.stop_reminders(user.account, here)


def _settings(config: Config) -> dict[str, Any]:
    cheap = {"argon2__rounds": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    return {
        **_ADDRESSES,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SALT": derived(config.secret_key, "password"),
        "SECURITY_PASSWORD_LENGTH_MIN": 8,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": cheap if config.quick_passwords else {},
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        # Numbered from the oldest on; the library seals with the highest number.
        "SECURITY_TOTP_SECRETS": {
            str(number): key
            for number, key in enumerate(signing_keys(config.secrets, "one-time codes"), start=1)
        },
        "SECURITY_TOTP_ISSUER": config.shown_name or "Recovery diary",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            derived_fernet_key(one, "recovery codes") for one in config.secrets
        ],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": config.shown_name or "Recovery diary",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_CACHE_CONTROL": None,
        "STAFF_NEED_SECOND_FACTOR": config.staff_need_second_factor,
    }
