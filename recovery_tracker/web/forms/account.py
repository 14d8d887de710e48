"""Forms for signing in, and for proving it again."""

from typing import Any, cast

from flask import session
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_security.forms import ChangePasswordForm, LoginForm, TwoFactorVerifyCodeForm, VerifyForm
from flask_security.recovery_codes import MfRecoveryForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from .. import throttle
from ..passwords import LONGEST


class SignIn(LoginForm):
    """Sign-in name and password. A wrong name and a wrong password answer alike."""

    email = StringField(
        _l("Sign-in name or e-mail address"),
        validators=[InputRequired(_l("Type your sign-in name.")), Length(max=200)],
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Type your password.")), Length(max=LONGEST)],
    )
    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Whether this is the person; at most a few guesses in a quarter of an hour."""
        # As it is stored: `casefold` would make another name of a Greek or a German one.
        self.email.data = (self.email.data or "").strip().lower()
        name = f"account:{self.email.data}"
        throttle.refuse_if_blocked(name)
        if super().validate(**kwargs):
            throttle.forget(name)
            return True
        if self.email.data and self.password.data:
            throttle.note_failure(name)
        return False


class SignInAgain(VerifyForm):
    """The password once more, before a change to how one signs in."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the same person; guesses count like any other."""
        name = f"account:{cast(Any, self.user).account.login}"
        throttle.refuse_if_blocked(name)
        if super().validate(**kwargs):
            return True
        throttle.note_failure(name)
        return False


class NewPassword(ChangePasswordForm):
    """The old password, and the new one twice."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the change may be made; wrong old passwords count as guesses."""
        name = f"account:{current_user.account.login}"
        throttle.refuse_if_blocked(name)
        if super().validate(**kwargs):
            return True
        if self.password is not None and self.password.errors:
            throttle.note_failure(name)
        return False


class SecondFactorCode(TwoFactorVerifyCodeForm):
    """The six digits of an authenticator app."""

    code = StringField(
        _l("6-digit code"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
        validators=[InputRequired(_l("Type the 6 digits.")), Length(max=20)],
    )


class RecoveryCode(MfRecoveryForm):
    """One of the codes kept for the day the phone is lost."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is one of this account's; few guesses."""
        name = f"recovery:{session.get('tf_user_id')}"
        throttle.refuse_if_blocked(name)
        if super().validate(**kwargs):
            throttle.forget(name)
            return True
        throttle.note_failure(name)
        return False
