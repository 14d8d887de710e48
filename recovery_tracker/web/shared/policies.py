"""Who may use which route. Every route declares it; the program refuses to start otherwise.

The policy says who may ask. What they may ask about is decided where the data is loaded:
`access.load_patient`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from ...domain.errors import RecoveryError
from ...domain.language import N_
from ...domain.people import Action, Actor, Rights, Role

View = TypeVar("View", bound=Callable[..., Any])

ANYONE: frozenset[Role] = frozenset()
"""No sign-in needed."""
PATIENT = frozenset({Role.PATIENT})
CLINICIAN = frozenset({Role.CLINICIAN})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
FRONT_DESK = frozenset({Role.FRONT_DESK})
CARE = PATIENT | CLINICIAN
SIGNED_IN = PATIENT | CLINICIAN | ADMINISTRATOR | FRONT_DESK


#: Why the password is asked for once more: a sentence for each kind of act.
WHOM_TO_CALL = N_(
    "Type your password once more before you change whom to call and the settings with it."
)
WHO_GETS_IN = N_("Type your password once more before you change who gets in.")
WHO_SHARES = N_("Type your password once more before you change who shares this diary.")
TAKES_A_FILE = N_("Type your password once more before you take this file out of the program.")
OPENS_A_DIARY = N_("Type your password once more before you open a diary in an emergency.")
ERASES = N_("Type your password once more before you erase this diary.")
HOW_TO_SIGN_IN = N_("Type your password once more before you change how you sign in.")


@dataclass(frozen=True)
class Policy:
    """The terms of one route.

    Attributes:
        roles: who may ask; empty means anyone, signed in or not.
        action: what is done to the patient named by `public_id` in the path; checked before the
            view runs and again by `load_patient`.
        carries: an expired sign-in or form hands the typed answers on instead of losing them.
        before_setup: works while the installation has not been set up.
        owner: in "just me" mode the diary's owner may use it too; who shares the diary may not.
        lists: shows many patients; each look is an event in the installation's audit trail.
        fresh: the sentence that asks for the password once more, unless it was typed a few minutes
            ago; "" where it is not asked for.
        full: only for accounts that have all the rights of their role.
    """

    roles: frozenset[Role]
    action: Action | None = None
    carries: bool = False
    before_setup: bool = False
    owner: bool = False
    fresh: str = ""
    lists: bool = False
    full: bool = False

    def lets_in(self, actor: Actor) -> bool:
        """Whether somebody of this role and these rights may ask at all."""
        return actor.role in self.roles and (not self.full or actor.rights is Rights.FULL)


class UndeclaredRoute(RecoveryError):
    """A route has no policy, or one that its path contradicts."""


def policy(
    roles: Iterable[Role],
    action: Action | None = None,
    *,
    carries: bool = False,
    before_setup: bool = False,
    owner: bool = False,
    fresh: str = "",
    lists: bool = False,
    full: bool = False,
) -> Callable[[View], View]:
    """Declares the policy of a view; stands directly above the function."""
    terms = Policy(frozenset(roles), action, carries, before_setup, owner, fresh, lists, full)

    def declare(view: View) -> View:
        view.policy = terms  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The declared policy of an endpoint, or None."""
    found: dict[str, Policy] = app.extensions["recovery_policies"]
    return found.get(endpoint)


def gather(app: Flask, others: dict[str, Policy]) -> None:
    """Every route of the finished application has a policy, or `UndeclaredRoute` is raised.

    `others` are the policies of views that are not ours to decorate.
    """
    policies = dict(others)
    for endpoint, view in app.view_functions.items():
        declared = getattr(view, "policy", None)
        if declared is not None:
            policies[endpoint] = declared
    for rule in app.url_map.iter_rules():
        terms = policies.get(rule.endpoint)
        if terms is None:
            raise UndeclaredRoute(f"No policy for {rule.endpoint} ({rule.rule}).")
        if ("public_id" in rule.arguments) != (terms.action is not None):
            raise UndeclaredRoute(f"{rule.endpoint}: a patient in the path needs an action.")
    app.extensions["recovery_policies"] = policies
