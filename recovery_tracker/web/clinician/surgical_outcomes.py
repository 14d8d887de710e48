"""How patients did: pain a year after the operation, and the time to another one, as tables."""

from collections.abc import Sequence

from flask_babel import gettext as _

from ...domain.language import N_
from ...domain.measures import MEASURES
from ...domain.outcomes import LEAST_FOR_SHARE
from ...domain.surgery import REGION_NAMES, Region
from ...domain.survival import End, at_risk_on, last_step, steps_of, wilson
from ...domain.wording import difference, number
from ...reports import Part
from ...storage.surgical_outcomes import Operated, times_of

#: Months after the operation at which the time to another one is told, and their days.
MONTHS = ((3, 91), (6, 182), (12, 365), (24, 730))

_PAINS = ("axial_pain", "limb_pain")

_REACHED = N_("Reached the change that patients notice")


def parts_of(people: Sequence[Operated]) -> list[Part]:
    """A table of pain a year after, and one of the time to another operation."""
    return [_pain_part(people), *_time_parts(people)]


def _pain_part(people: Sequence[Operated]) -> Part:
    """Who is better by what patients notice, of those of whom both numbers are known."""
    due = [one for one in people if one.pain]
    rows = []
    for region in Region:
        here = [one for one in due if one.region is region]
        for key in _PAINS:
            if here:
                rows.append(_pain_row(here, region, key))
    least = number(MEASURES["axial_pain"].mcid or 0)
    return Part(
        _("Pain a year after the operation"),
        (
            _(
                "Everybody operated at least a year ago who had no other operation since then: "
                "the mean of week 52 beside the value before."
            ),
            _(
                "Patients notice a change of %(least)s points of 10 (source: the page on how flags "
                "work). In brackets: 95 %% interval (Wilson). Shares are given from %(n)s on.",
                least=least,
                n=LEAST_FOR_SHARE,
            ),
        ),
        (_("Operation"), _("Pain"), _("A year ago"), _("Both numbers known"), _(_REACHED)),
        rows,
    )


def _pain_row(people: Sequence[Operated], region: Region, key: str) -> tuple[str, ...]:
    known = [
        (one.pain[key].before, one.pain[key].after)
        for one in people
        if one.pain[key].before is not None and one.pain[key].after is not None
    ]
    least = MEASURES[key].mcid or 0
    # Less pain is better: the fall as the two numbers are written.
    reached = sum(difference(after or 0, before or 0) >= least for before, after in known)
    return (
        _(REGION_NAMES[region]),
        _(MEASURES[key].name_for(region)),
        str(len(people)),
        _of(len(known), len(people)),
        _share(reached, len(known)),
    )


def _of(count: int, of: int) -> str:
    return _(
        "%(count)s of %(all)s (%(percent)s %%)", count=count, all=of, percent=_percent(count / of)
    )


def _share(count: int, of: int) -> str:
    """A count, and with enough people its share with the interval."""
    if not of:
        return "–"
    if of < LEAST_FOR_SHARE:
        return _("%(count)s of %(all)s", count=count, all=of)
    low, high = wilson(count, of)
    return _(
        "%(count)s of %(all)s: %(percent)s %% (%(low)s to %(high)s)",
        count=count,
        all=of,
        percent=_percent(count / of),
        low=_percent(low),
        high=_percent(high),
    )


def _percent(share: float) -> str:
    return str(round(100 * share))


def _time_parts(people: Sequence[Operated]) -> list[Part]:
    times = times_of(people)
    events = sum(end is End.EVENT for _time, end in times)
    others = sum(end is End.OTHER for _time, end in times)
    steps = steps_of(times)
    rows = []
    for months, day in MONTHS:
        at_risk = at_risk_on(times, day)
        step = last_step(steps, day)
        free, low, high, had = (
            (1.0, None, None, 0.0)
            if step is None
            else (step.free, step.low, step.high, step.incidence)
        )
        is_told = at_risk >= LEAST_FOR_SHARE
        said = f"{_percent(free)} %"
        if low is not None and high is not None:
            said = _(
                "%(percent)s %% (%(low)s to %(high)s)",
                percent=_percent(free),
                low=_percent(low),
                high=_percent(high),
            )
        rows.append(
            (
                _("%(n)s months", n=months),
                str(at_risk),
                said if is_told else "–",
                f"{_percent(had)} %" if is_told else "–",
            )
        )
    return [
        Part(
            _("Time to another operation on the same part of the spine"),
            (
                _(
                    "%(all)s patients from their first operation here: %(events)s had another on "
                    "the same part, %(others)s first one on another part.",
                    all=len(times),
                    events=events,
                    others=others,
                ),
                _(
                    "At risk: followed to that day or longer with no other operation before it; "
                    "others left earlier, with their last entry, visit or imaging. Free of it: "
                    "Kaplan-Meier, in brackets the 95 %% interval (log-log). Had it: "
                    "Aalen-Johansen, an operation on another part counted as another end. Both "
                    "are given while at least %(n)s are at risk. Deaths are not recorded here.",
                    n=LEAST_FOR_SHARE,
                ),
            ),
            (_("After"), _("At risk"), _("Free of it"), _("Had it")),
            rows,
        )
    ]
