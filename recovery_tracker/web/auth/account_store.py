"""What the sign-in library reads and writes: plain objects over the rows of `storage`.

`AccountStore` turns the calls of Flask-Security into functions of `storage`, each a transaction of
its own. Nothing here decides who may see what: see `access`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from flask import current_app
from flask_security import UserMixin, WebAuthnMixin, hash_password
from flask_security.core import RoleMixin
from flask_security.datastore import UserDatastore

from ...domain.people import Actor, Mode, Role
from ...services import accounts as account_verbs
from ...services import signing_in as services
from ...storage import accounts as rows
from ...storage import passkeys
from ...storage.database import Database
from ..shared.access import database, installation
from ..shared.clock import now
from .passwords import fits_older_key


class NoRole(RoleMixin):
    """The extension asks for a role class; our roles live in `domain.people`."""

    name = ""


class Passkey(WebAuthnMixin):
    """One registered passkey, as the extension reads it."""

    def __init__(self, row: passkeys.Passkey, owner_id: int) -> None:
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

    def __init__(
        self, account: rows.Account, keys: Callable[[int], tuple[passkeys.Passkey, ...]]
    ) -> None:
        self.account = account
        self._keys = keys
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
        self.roles = []

    @cached_property
    def webauthn(self) -> list[Passkey]:  # type: ignore[override]
        """The account's passkeys, read only when a page needs them; few do."""
        return [Passkey(row, self.account_id) for row in self._keys(self.account_id)]

    def verify_and_update_password(self, password: str) -> bool:
        """Whether this is the password; one that an older key of the installation peppers will do,
        and is peppered with the newest from now on.
        """
        if super().verify_and_update_password(password):
            return True
        if not fits_older_key(password, self.password):
            return False
        self.password = hash_password(password)
        account_verbs.rehash(database(), self.account_id, self.password)
        self.account = replace(self.account, password_hash=self.password)
        return True

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
        return None if account is None else SignedIn(account, self._passkeys_of)

    def _passkeys_of(self, account_id: int) -> tuple[passkeys.Passkey, ...]:
        with self._database.read() as session:
            return passkeys.passkeys_of(session, account_id)

    def find_role(self, role: str) -> None:
        """No roles of the extension's own."""
        return

    def put(self, model: Any) -> Any:
        """The account or passkey is stored as it is now."""
        if isinstance(model, Passkey):
            services.use_passkey(self._database, model.id, sign_count=model.sign_count, at=now())
        elif changed := model.changed_credentials():
            by = own_actor(model.account)
            services.save_credentials(self._database, model.account_id, by=by, at=now(), **changed)
        return model

    def delete(self, model: Any) -> None:
        """A passkey is gone; accounts are only ever switched off."""
        assert isinstance(model, Passkey)
        with self._database.read() as session:
            owner = rows.account_by_id(session, model.user_id)
        assert owner is not None
        services.delete_passkey(self._database, model.id, by=own_actor(owner), at=now())

    def commit(self) -> None:
        """Nothing to do: every `put` was a whole transaction."""

    def reload(self, model: Any) -> None:
        """Nothing to do: objects are read again for each request."""

    def create_webauthn(  # type: ignore[override]
        self, user: Any, credential_id: bytes, public_key: bytes, **more: Any
    ) -> None:
        """A new passkey belongs to the account from now on."""
        kept: dict[str, Any] = {
            name: more.get(name)
            for name in ("name", "sign_count", "usage", "device_type", "backup_state", "extensions")
        }
        kept["transports"] = list(more.get("transports") or ())
        kept |= {"credential_id": credential_id, "public_key": public_key}
        by = own_actor(user.account)
        services.add_passkey(self._database, user.account_id, by=by, at=now(), **kept)

    def find_webauthn(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this credential, or None."""
        with self._database.read() as session:
            row = passkeys.passkey_by_credential(session, credential_id)
        return None if row is None else Passkey(row, row.account_id)


def own_actor(account: rows.Account) -> Actor:
    """The account as someone who changes their own sign-in; it opens no record."""
    return Actor(account.id, account.name, account.role, account.patient_id)
