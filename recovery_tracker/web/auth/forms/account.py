"""Forms for signing in, and for proving it again."""

from typing import Any, cast

from flask import session
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_security.forms import ChangePasswordForm, LoginForm, TwoFactorVerifyCodeForm, VerifyForm
from flask_security.proxies import _security
from flask_security.recovery_codes import MfRecoveryForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from .. import throttle
from ..passwords import LONGEST
from ..second_steps import WRONG


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
        if not self.email.data or not self.password.data:
            return bool(super().validate(**kwargs))
        name = f"account:{self.email.data}"
        throttle.begin(name)
        is_right = bool(super().validate(**kwargs))
        known = cast(Any, self.user)
        return throttle.ended(name, is_right, None if known is None else known.account_id)


class SignInAgain(VerifyForm):
    """The password once more, before a change to how one signs in."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the same person; guesses count like any other."""
        if not self.password.data:
            super().validate(**kwargs)  # For its words: what was left empty is no guess.
            return False
        user = cast(Any, self.user)
        name = f"account:{user.account.login}"
        throttle.begin(name)
        return throttle.ended(name, bool(super().validate(**kwargs)), user.account_id)


class NewPassword(ChangePasswordForm):
    """The old password, and the new one twice."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the change may be made; wrong old passwords count as guesses."""
        name = f"account:{current_user.account.login}"
        throttle.begin(name)
        if super().validate(**kwargs):
            throttle.right(name)
            return True
        if self.password is not None and self.password.data and self.password.errors:
            throttle.wrong(name, current_user.account_id)
        else:
            throttle.undo(name)
        return False


class SecondFactorCode(TwoFactorVerifyCodeForm):
    """The six digits of an authenticator app."""

    code = StringField(
        _l("6-digit code"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
        validators=[InputRequired(_l("Type the 6 digits.")), Length(max=20)],
    )

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the code of this moment; a wrong one is remembered while setting up."""
        is_right = bool(super().validate(**kwargs))
        if self.is_setup and not is_right:
            session[WRONG] = True
        return is_right


class RecoveryCode(MfRecoveryForm):
    """One of the codes kept for the day the phone is lost."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is one of this account's; few guesses."""
        if not self.code.data:
            super().validate(**kwargs)  # For its words: what was left empty is no guess.
            return False
        user = cast(Any, self.user)
        account = user.account
        name = f"recovery:{account.id}"
        throttle.begin(name, account=f"account:{account.login}")
        # Used up here: two requests with one code would both find it good before either went on.
        codes: Any = _security.mf_recovery_codes_util
        is_right = super().validate(**kwargs) and codes.delete_recovery_code(user, self.code.data)
        return throttle.ended(name, bool(is_right), account.id)
