"""Flask-Security on the rows of `storage`: who signs in, with what.

The extension reads and writes plain objects; `AccountStore` turns them into calls of `storage`,
each a transaction of its own. Nothing here decides who may see what: see `access`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, session
from flask_login import user_logged_in, user_logged_out
from flask_security import Security, UserMixin, WebAuthnMixin
from flask_security.core import RoleMixin
from flask_security.datastore import UserDatastore

from recovery_tracker.domain.people import Actor, Mode, Role
from recovery_tracker.storage import accounts as rows
from recovery_tracker.storage.audit import AuditAction, record
from recovery_tracker.storage.database import Database

from . import throttle
from .access import installation
from .clock import now
from .config import Config
from .forms.account import NewPassword, RecoveryCode, SecondFactorCode, SignIn, SignInAgain
from .keys import derived, derived_fernet_key
from .passkeys import CheckedPasskeys
from .passwords import PasswordRules
from .policies import ANYONE, SIGNED_IN, Policy
from .sessions import ROLE_KEY
from .totp import OneTimeCodes

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


class NoRole(RoleMixin):
    """The extension asks for a role class; our roles live in `domain.people`."""

    name = ""


class Passkey(WebAuthnMixin):
    """One registered passkey, as the extension reads it."""

    def __init__(self, row: rows.Passkey, owner_id: int) -> None:
        self.id = row.id
        self.user_id = owner_id
        self.credential_id = row.credential_id
        self.public_key = row.public_key
        self.sign_count = row.sign_count
        self.transports = list(row.transports)
        self.extensions = row.extensions
        self.name = row.name
        self.usage = row.usage
        self.backup_state = row.backup_state
        self.device_type = row.device_type
        self.create_datetime = row.created_at
        self.lastuse_datetime = row.last_used_at or row.created_at

    def get_user_mapping(self) -> dict[str, Any]:
        """How the owner is found."""
        return {"id": self.user_id}


class SignedIn(UserMixin):
    """One account, as the extension reads it. `account` is the row it came from."""

    # The extension looks for these on the class.
    fs_uniquifier = ""
    fs_webauthn_user_handle: Any = None
    username = ""

    def __init__(self, account: rows.Account, keys: tuple[rows.Passkey, ...]) -> None:
        self.account = account
        self.account_id = account.id
        self.id = account.id
        self.email = account.login
        self.username = account.login
        self.active = account.active
        self.password = account.password_hash
        self.fs_uniquifier = account.uniquifier
        self.fs_webauthn_user_handle = account.passkey_handle
        self.tf_primary_method = account.second_factor
        self.tf_totp_secret = account.totp_secret
        self.tf_phone_number = None
        self.mf_recovery_codes = list(account.recovery_codes)
        self.webauthn = [Passkey(row, account.id) for row in keys]
        self.roles = []

    def changed_credentials(self) -> dict[str, Any]:
        """What differs from the row it was read from, by the names of the row."""
        present = {
            "password_hash": self.password,
            "uniquifier": self.fs_uniquifier,
            "second_factor": self.tf_primary_method,
            "totp_secret": self.tf_totp_secret,
            "recovery_codes": tuple(self.mf_recovery_codes or ()),
            "passkey_handle": self.fs_webauthn_user_handle,
        }
        return {
            name: value for name, value in present.items() if getattr(self.account, name) != value
        }

    def calc_username(self) -> str:
        """The name an authenticator app shows."""
        return self.account.login

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """A second factor that was set up is always asked for; clinic staff must have one."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Whether this account may not do without a second factor."""
        settings = installation()
        return (
            self.account.role is not Role.PATIENT
            and settings.mode is Mode.CLINIC
            and not settings.is_demo
            and current_app.config["STAFF_NEED_SECOND_FACTOR"]
        )


class AccountStore(UserDatastore):
    """What the extension calls a datastore, over `storage`."""

    def __init__(self, database: Database) -> None:
        super().__init__(SignedIn, NoRole, Passkey)
        self._database = database

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> SignedIn | None:
        """The account with this one attribute, or None."""
        attribute, value = kwargs.popitem()
        finders: dict[str, Callable[..., rows.Account | None]] = {
            "id": rows.account_by_id,
            "email": rows.account_by_login,
            "username": rows.account_by_login,
            "fs_uniquifier": rows.account_by_uniquifier,
            "fs_webauthn_user_handle": rows.account_by_passkey_handle,
        }
        with self._database.read() as session:
            account = finders[attribute](session, value)
            if account is None:
                return None
            return SignedIn(account, rows.passkeys_of(session, account.id))

    def find_role(self, role: str) -> None:
        """No roles of the extension's own."""
        return

    def put(self, model: Any) -> Any:
        """The account or passkey is stored as it stands now."""
        with self._database.write() as session:
            if isinstance(model, Passkey):
                rows.use_passkey(session, model.id, sign_count=model.sign_count, at=now())
            elif changed := model.changed_credentials():
                by = own_actor(model.account)
                rows.save_credentials(session, model.account_id, by=by, at=now(), **changed)
        return model

    def delete(self, model: Any) -> None:
        """A passkey is gone; accounts are only ever switched off."""
        assert isinstance(model, Passkey)
        with self._database.write() as session:
            owner = rows.account_by_id(session, model.user_id)
            assert owner is not None
            rows.delete_passkey(session, model.id, by=own_actor(owner), at=now())

    def commit(self) -> None:
        """Nothing to do: every `put` was a whole transaction."""

    def reload(self, model: Any) -> None:
        """Nothing to do: objects are read anew for each request."""

    def create_webauthn(  # type: ignore[override]
        self, user: Any, credential_id: bytes, public_key: bytes, **more: Any
    ) -> None:
        """A new passkey belongs to the account from now on."""
        kept: dict[str, Any] = {
            name: more.get(name)
            for name in ("name", "sign_count", "usage", "device_type", "backup_state", "extensions")
        }
        with self._database.write() as session:
            rows.add_passkey(
                session,
                user.account_id,
                credential_id=credential_id,
                public_key=public_key,
                transports=tuple(more.get("transports") or ()),
                by=own_actor(user.account),
                at=now(),
                **kept,
            )

    def find_webauthn(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this credential, or None."""
        with self._database.read() as session:
            row = rows.passkey_by_credential(session, credential_id)
        return None if row is None else Passkey(row, row.account_id)


def connect(app: Flask, database: Database, config: Config) -> None:
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
    )
    security.want_json(lambda _request: False)
    # No header and no address parameter ever signs anybody in.
    app.login_manager._request_callback = None  # type: ignore[attr-defined]
    user_logged_in.connect(_note_role, app)
    user_logged_out.connect(_note_sign_out, app)
    throttle.connect(app)


def own_actor(account: rows.Account) -> Actor:
    """The account as someone who changes their own sign-in; it opens no record."""
    return Actor(account.id, account.name, account.role, account.patient_id)


def _note_role(_app: Flask, user: SignedIn, **_more: Any) -> None:
    session[ROLE_KEY] = user.account.role.value
    with current_app.extensions["recovery_database"].write() as stored:
        by = own_actor(user.account)
        rows.save_credentials(stored, user.account_id, by=by, at=now(), signed_in_at=now())


def _note_sign_out(_app: Flask, user: Any = None, **_more: Any) -> None:
    if isinstance(user, SignedIn):
        with current_app.extensions["recovery_database"].write() as stored:
            record(stored, AuditAction.SIGNED_OUT, by=own_actor(user.account), at=now())


def _settings(config: Config) -> dict[str, Any]:
    cheap = {"argon2__rounds": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    return {
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
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_STATIC_FOLDER_URL": None,
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
        "SECURITY_TOTP_SECRETS": {"1": derived(config.secret_key, "one-time codes")},
        "SECURITY_TOTP_ISSUER": "Recovery diary",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            derived_fernet_key(config.secret_key, "recovery codes")
        ],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Recovery diary",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/account/signed-out",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_CACHE_CONTROL": None,
        "STAFF_NEED_SECOND_FACTOR": config.staff_need_second_factor,
    }
