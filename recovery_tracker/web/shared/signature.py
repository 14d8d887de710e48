"""Who signed the rules in use and when, or that nobody has: one sentence for pages and PDF."""

from flask_babel import gettext as _

from ...storage.settings import Installation
from ...trends.parameters import STANDARD
from .language import short_day_text


def signature_words(installation: Installation) -> str:
    """The sentence about the rules in use now; a name stands for the rule set it was given to."""
    rules, who = STANDARD.rule_set, installation.rules_signed_by
    if not who or installation.is_demo:
        return _("Rules %(name)s. Nobody has signed them.", name=rules)
    signed, on = installation.rules_signed_set, installation.rules_signed_on
    if signed == rules and on is not None:
        return _(
            "Rules %(name)s, signed by %(who)s on %(day)s.",
            name=rules,
            who=who,
            day=short_day_text(on),
        )
    if signed and on is not None:
        return _(
            "Rules %(name)s are not signed yet. %(who)s signed rules %(old)s on %(day)s.",
            name=rules,
            who=who,
            old=signed,
            day=short_day_text(on),
        )
    return _(
        "Rules %(name)s are not signed yet. %(who)s signed earlier rules. Which ones and when was"
        " not noted.",
        name=rules,
        who=who,
    )


def is_signed(installation: Installation) -> bool:
    """Whether the rules in use are those that were signed."""
    return bool(installation.rules_signed_by) and installation.rules_signed_set == STANDARD.rule_set
