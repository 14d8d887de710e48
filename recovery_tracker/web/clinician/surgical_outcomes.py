"""How patients did: a year after the operation, and the time to another one, as tables."""

from collections.abc import Sequence

from flask_babel import gettext as _

from ...domain.follow_up_times import TIMES, YEAR
from ...domain.language import N_
from ...domain.measures import MEASURES, Better
from ...domain.outcomes import LEAST_FOR_SHARE
from ...domain.questionnaires import INSTRUMENTS, own_instrument
from ...domain.surgery import REGION_NAMES, Region
from ...domain.survival import End, Step, at_risk_on, last_step, steps_of, wilson
from ...domain.wording import difference
from ...reports import Part
from ...storage.surgical_outcomes import AfterAYear, Operated, times_of

#: Months after the operation at which the time to another one is told, and their days.
MONTHS = ((3, 91), (6, 182), (12, 365), (24, 730))

_PAINS = ("axial_pain", "limb_pain")

_REACHED = N_("Reached the change that patients notice")

#: Forms that are for every region.
_FOR_ALL = tuple(key for key in INSTRUMENTS if key not in map(own_instrument, Region))

#: From this step on somebody is satisfied.
_SATISFIED = 4


def parts_of(people: Sequence[Operated]) -> list[Part]:
    """How people did after a year, how complete the forms are, and what went wrong."""
    return [_year_part(people), _forms_part(people), *_time_parts(people), _trouble_part(people)]


def _year_part(people: Sequence[Operated]) -> Part:
    """Who is better by what patients notice, of those of whom both numbers are known."""
    due = [one for one in people if one.year]
    rows = []
    for region in Region:
        here = [one for one in due if one.region is region]
        for key in _PAINS:
            if here:
                pain = MEASURES[key]
                rows.append(_year_row(here, key, _(pain.name_for(region)), pain.mcid, sign=-1))
        for key, form in INSTRUMENTS.items():
            if any(key in one.year for one in here):
                sign = 1 if form.better is Better.HIGHER else -1
                rows.append(
                    _year_row(here, key, _(form.name), form.mcid, sign=sign, decimals=form.decimals)
                )
    return Part(
        _("A year after the operation"),
        (
            _(
                "Everybody whose operation was at least a year ago and who has had no other since. "
                "Pain is the mean of week 52; each form is the one nearest to 12 months. Both "
                "stand next to the value from before."
            ),
            _(
                "“How flags work” has the size of the change that patients notice, and its source. "
                "In brackets: 95 %% interval (Wilson). Shares are shown from %(n)s patients on. "
                "Satisfaction counts those who are satisfied or very satisfied.",
                n=LEAST_FOR_SHARE,
            ),
        ),
        (_("Operation"), _("Measure"), _("A year ago"), _("Both numbers known"), _(_REACHED)),
        rows,
        words=2,
    )


def _year_row(
    people: Sequence[Operated],
    key: str,
    name: str,
    least: float | None,
    *,
    sign: int,
    decimals: int = 1,
) -> tuple[str, ...]:
    """One measure; `sign` is 1 where more is better. Without `least`, the value itself counts."""
    told = [one.year.get(key, AfterAYear(None, None)) for one in people]
    if least is None:
        after = [one.after for one in told if one.after is not None]
        reached, known = sum(value >= _SATISFIED for value in after), len(after)
    else:
        both = [(o.before, o.after) for o in told if o.before is not None and o.after is not None]
        # As the two numbers are written.
        moved = (sign * difference(before, after, decimals) for before, after in both)
        reached, known = sum(change >= least for change in moved), len(both)
    return (
        _(REGION_NAMES[people[0].region]),
        name,
        str(len(people)),
        _of(known, len(people)),
        _share(reached, known),
    )


def _forms_part(people: Sequence[Operated]) -> Part:
    """How many filled in each form at each time, among those whose time for it has passed."""
    used = [key for key in INSTRUMENTS if any(key in (a or ()) for p in people for a in p.asked)]
    rows = []
    for place, time in enumerate(TIMES):
        due = [one for one in people if one.asked[place] is not None]
        if due and used:
            rows.append((_(time.name), *(_filled(due, key, place) for key in used)))
    return Part(
        _("How many filled in a form"),
        (_("Patients whose time for that form is over."),),
        (_("After"), *(_(INSTRUMENTS[key].name) for key in used)),
        rows,
    )


def _filled(people: Sequence[Operated], key: str, place: int) -> str:
    """How many filled in one form, of those whom it is for: the neck form of the neck alone."""
    names = [
        one.asked[place] or () for one in people if key in (own_instrument(one.region), *_FOR_ALL)
    ]
    return _of(sum(key in told for told in names), len(names)) if names else "–"


def _trouble_part(people: Sequence[Operated]) -> Part:
    """Complications and other operations within a year, of those operated a year ago."""
    due = [one for one in people if one.is_a_year_ago]
    rows = [
        (
            _("Complication recorded"),
            _share(sum(one.has_complication for one in due), len(due)),
        ),
        (
            _("Another operation on the same part"),
            _share(sum(one.end is End.EVENT and one.seen <= YEAR.day for one in due), len(due)),
        ),
    ]
    return Part(
        _("Within a year after the operation"),
        (_("Everybody whose operation was at least a year ago, as far as it was recorded here."),),
        ("", _("Patients")),
        rows if due else [],
    )


def _of(count: int, of: int) -> str:
    """A count, and with enough people its share."""
    if of < LEAST_FOR_SHARE:
        return _("%(count)s of %(all)s", count=count, all=of)
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
    rows = [
        _time_row(months, at_risk_on(times, day), last_step(steps, day)) for months, day in MONTHS
    ]
    return [
        Part(
            _("Time to another operation on the same part of the spine"),
            (
                _(
                    "%(all)s patients, followed from their first operation here: %(events)s had "
                    "another on the same part, %(others)s had one on another part first.",
                    all=len(times),
                    events=events,
                    others=others,
                ),
                _(
                    "At risk: followed to that day or longer with no other operation before it; "
                    "others left with their last entry, visit or imaging. Free of it: "
                    "Kaplan-Meier, with the 95 %% interval (log-log) in brackets. Had it: "
                    "Aalen-Johansen; an operation on another part is a competing event. Both are "
                    "shown while at least %(n)s are at risk. Deaths are not recorded here.",
                    n=LEAST_FOR_SHARE,
                ),
            ),
            (_("After"), _("At risk"), _("Free of it"), _("Had it")),
            rows,
        )
    ]


def _time_row(months: int, at_risk: int, step: Step | None) -> tuple[str, ...]:
    """What is known at a time: how many are followed to it, free of it and had it, with enough."""
    name = _("%(n)s months", n=months)
    if at_risk < LEAST_FOR_SHARE:
        return name, str(at_risk), "–", "–"
    if step is None:
        return name, str(at_risk), "100 %", "0 %"
    free = f"{_percent(step.free)} %"
    if step.low is not None and step.high is not None:
        free = _(
            "%(percent)s %% (%(low)s to %(high)s)",
            percent=_percent(step.free),
            low=_percent(step.low),
            high=_percent(step.high),
        )
    return name, str(at_risk), free, f"{_percent(step.incidence)} %"
