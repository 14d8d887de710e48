"""How our flags did: what the clinic found behind its flags, by month and by pattern."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.flags import PATTERN_NAMES, Pattern
from ...domain.language import N_
from ...domain.outcomes import (
    LEAST_FOR_SHARE,
    OUTCOME_DEFINITIONS,
    OUTCOME_NAMES,
    Tally,
    tally,
)
from ...domain.wording import MONTHS
from ...storage.outcomes import RaisedFlag, flags_raised
from ..shared.access import actor, database
from ..shared.pages import render
from ..shared.policies import CLINICIAN, policy
from ..shared.zones import clinic_today
from . import blueprint

Key = TypeVar("Key")

#: Months shown, this one included.
MONTHS_SHOWN = 12

#: The other words of the tables; those of outcomes stand with their rules.
COUNTED = (
    (
        N_("Raised"),
        N_("The rules raised a flag on a diary kept here, even if it was withdrawn later."),
    ),
    (N_("Looked at"), N_("Somebody marked it as seen or recorded a decision.")),
)


@blueprint.get("/outcomes")
@policy(CLINICIAN, lists=True)
def outcomes() -> ResponseReturnValue:
    """Counts over the whole clinic, without a name; shares only from enough known outcomes on."""
    today = clinic_today()
    months = last_months(today)
    with database().read() as session:
        flags = flags_raised(session, months[0], today)
    by_month = _tallies(flags, lambda flag: flag.raised_on.replace(day=1))
    by_pattern = _tallies(flags, lambda flag: flag.pattern)
    whole = _tally(flags)
    return render(
        "clinician/outcomes.html",
        user=actor().name,
        whole=whole,
        share=share_words(whole),
        header=[_("Raised"), _("Looked at"), *(_(name) for name in OUTCOME_NAMES.values())],
        by_month=[
            (f"{_(MONTHS[month.month - 1])} {month.year}", *numbers(by_month.get(month)))
            for month in reversed(months)
            if not by_month or month >= min(by_month)
        ],
        by_pattern=[
            (_(PATTERN_NAMES[pattern]), *numbers(by_pattern[pattern]))
            for pattern in Pattern
            if pattern in by_pattern
        ],
        definitions=[
            *((_(name), _(text)) for name, text in COUNTED),
            *((_(OUTCOME_NAMES[key]), _(text)) for key, text in OUTCOME_DEFINITIONS.items()),
        ],
    )


def last_months(today: date) -> list[date]:
    """First days of the last months, oldest first."""
    count = today.year * 12 + today.month - 1
    places = (divmod(count - back, 12) for back in range(MONTHS_SHOWN - 1, -1, -1))
    return [date(year, month + 1, 1) for year, month in places]


def numbers(found: Tally | None) -> list[str]:
    """A row of the tables; "–" where nothing was raised."""
    if found is None:
        return ["–"] * 5
    counts = (found.raised, found.seen, found.confirmed, found.not_confirmed, found.unknown)
    return [str(count) for count in counts]


def share_words(found: Tally) -> str:
    """How often flags were right, as far as anybody knows; a share only of enough."""
    if not found.known:
        return _("Nothing is known yet about what became of them.")
    values = {"confirmed": found.confirmed, "known": found.known}
    if found.share is None:
        return _(
            "%(confirmed)s confirmed of %(known)s with a known outcome. Percentages are "
            "shown from %(least)s.",
            least=LEAST_FOR_SHARE,
            **values,
        )
    return _(
        "%(confirmed)s confirmed of %(known)s with a known outcome (%(share)s %%).",
        share=round(100 * found.share),
        **values,
    )


def _tally(flags: Iterable[RaisedFlag]) -> Tally:
    return tally((flag.is_seen, flag.outcome) for flag in flags)


def _tallies(flags: Iterable[RaisedFlag], key: Callable[[RaisedFlag], Key]) -> dict[Key, Tally]:
    groups: dict[Key, list[RaisedFlag]] = {}
    for flag in flags:
        groups.setdefault(key(flag), []).append(flag)
    return {name: _tally(group) for name, group in groups.items()}
