"""Two periods side by side: the best two weeks and now, or any two that a clinician chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from markupsafe import Markup

from ...domain.flags import Urgency
from ...domain.measures import MEASURES, Better
from ...domain.nerve_answers import beside_answers
from ...domain.wording import difference, level_words, near_day_words, number
from ...services import Recovery
from ...trends.levels import FOLLOWED, PERIOD, Level, Levels, levels_of
from ...trends.levels import period_mean as mean_of
from ..shared.forms.numbers import day_in
from ..shared.language import mark
from ..shared.zones import clinic_today

#: The shortest time since the best two weeks, beside an urgent flag. Our default.
WEEK = 7

#: The measures whose best weeks are compared with, the first that was answered often enough.
_LEADING = ("axial_pain", "limb_pain", "mobility", "walking", "numbness", "opioid_doses")


@dataclass(frozen=True, slots=True)
class Period:
    """Postoperative days, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table of two periods; `before` and `after` fill the form, `problems` are why it was not
    followed, by field. Without two periods to show in its place there are no rows.
    """

    title: str
    before: date
    after: date
    columns: list[str]
    rows: list[list[str]]
    #: Postoperative days of both, as the chart marks them.
    periods: tuple[Period, ...]
    problems: Mapping[str, str]


def comparison_of(recovery: Recovery, today: date, asked: Mapping[str, str]) -> Comparison | None:
    """The two periods asked for, else the patient's best two weeks and the last two.

    None before the operation, and while there are no two periods to compare and none was asked for.
    Beside an emergency or same-day flag the best two weeks may end a week ago, and what got worse
    is told first. Beside one that asks for a look, nothing that got worse is called small.
    """
    assert recovery.history is not None
    levels = levels_of(recovery.history, today)
    operated = recovery.history.index.day
    beside = recovery.worst_standing or Urgency.NOTE
    is_urgent = beside >= Urgency.SAME_DAY
    problems, chosen = _chosen(asked, operated, levels)
    if chosen is None:
        title = _("Own best two weeks and the last two weeks")
        before = _best(levels, _leading_of(recovery), WEEK if is_urgent else PERIOD)
        if before is None:
            ago = today - timedelta(days=PERIOD)
            refused = Comparison(_("Two periods"), ago, today, [], [], (), problems)
            return refused if problems else None
        first = max(before.last + 1, levels.last_day - PERIOD + 1)
        if first > levels.last_day - PERIOD + 1:
            title = _("Own best two weeks and the time since")
        chosen = before, Period(first, levels.last_day)
    else:
        title = _("Two periods")
    region = recovery.history.region
    shown = [levels.measures[key] for key in FOLLOWED if levels.measures[key].answered]
    if is_urgent:
        shown.sort(key=lambda level: -_worsened(level, *chosen))
    rows = [
        [_(MEASURES[level.measure].name_for(region)), *_cells(level, *chosen, beside=beside)]
        for level in shown
    ]
    named = (_named(period, operated, today) for period in chosen)
    heads = (f"{letter}{mark(': ')}{words}" for letter, words in zip("AB", named, strict=True))
    columns = ["", *heads, _("Difference")]
    before_day, after_day = (operated + timedelta(days=period.last) for period in chosen)
    return Comparison(title, before_day, after_day, columns, rows, chosen, problems)


def _leading_of(recovery: Recovery) -> tuple[str, ...]:
    """The measures whose best weeks count, the one that an open flag is about first."""
    flagged = []
    for flag in recovery.waiting_flags(clinic_today()):
        flagged += [signal.measure for signal in flag.episode.signals[:1]]
        flagged += beside_answers(flag.episode.signs)
    return tuple(dict.fromkeys((*(key for key in flagged if key in FOLLOWED), *_LEADING)))


def _best(levels: Levels, leading: tuple[str, ...], least: int) -> Period | None:
    """The own best two weeks of what leads that is known now, `least` days or more ago."""
    for key in leading:
        level = levels.measures[key]
        means = (
            (mean, last)
            for last in range(PERIOD - 1, levels.last_day - least + 1)
            if (mean := mean_of(level, last)) is not None
        )
        towards = -1 if MEASURES[key].better is Better.HIGHER else 1
        found = min(means, key=lambda one: (round(one[0] * towards, 9), one[1]), default=None)
        if found is not None:
            return Period(found[1] - PERIOD + 1, found[1])
    return None


def _chosen(
    asked: Mapping[str, str], operated: date, levels: Levels
) -> tuple[dict[str, str], tuple[Period, Period] | None]:
    """The fortnights up to both days, or what is wrong by field; None and nothing if not asked."""
    if not (asked.get("before") or asked.get("after")):
        return {}, None
    days: dict[str, int] = {}
    problems = {}
    for field in ("before", "after"):
        day = day_in(asked.get(field))
        pod = None if day is None else (day - operated).days
        if pod is None or not PERIOD - 1 <= pod <= levels.last_day:
            problems[field] = _("Choose a day from two weeks after the operation up to today.")
        else:
            days[field] = pod
    if not problems and days["after"] - days["before"] < PERIOD:
        problems["before"] = _(
            "Choose an earlier day: the first period ends before the second begins."
        )
    if problems:
        return problems, None
    before, after = (Period(days[f] - PERIOD + 1, days[f]) for f in ("before", "after"))
    return {}, (before, after)


def _named(period: Period, operated: date, today: date) -> str:
    first, last = (operated + timedelta(days=pod) for pod in (period.first, period.last))
    return _(
        "%(first)s to %(last)s",
        first=near_day_words(first, today, _),
        last=near_day_words(last, today, _),
    )


def _means(level: Level, before: Period, after: Period) -> tuple[float | None, float | None]:
    one, other = (mean_of(level, p.last, p.last - p.first + 1) for p in (before, after))
    return one, other


def _worsened(level: Level, before: Period, after: Period) -> float:
    """By what share of its scale a measure got worse, and one more where patients notice as much;
    0 where it did not.
    """
    one, other = _means(level, before, after)
    if one is None or other is None:
        return 0.0
    measure = MEASURES[level.measure]
    towards = -1 if measure.better is Better.HIGHER else 1
    worse = max(0.0, towards * difference(one, other))
    is_noticed = worse > 0 and (measure.mcid is None or worse >= measure.mcid)
    return worse / float(measure.high or 10) + is_noticed


def _cells(level: Level, before: Period, after: Period, *, beside: Urgency) -> list[str]:
    """Both levels and the change. Beside a flag that asks for a look a change for the worse is
    never called small, beside an urgent one none for the better is called that: the number stands.
    """
    one, other = _means(level, before, after)
    cells = [level_words(level.measure, value, _) for value in (one, other)]
    if one is not None and other is not None:
        worse = _worsened(level, before, after)
        calming_from = Urgency.REVIEW if worse else Urgency.SAME_DAY
        if worse < 1 and beside >= calming_from:
            moved = difference(one, other)
            return [*cells, f"{'+' if moved > 0 else ''}{number(moved)}"]
    return [*cells, _change(level.measure, one, other)]


def _change(measure: str, one: float | None, other: float | None) -> str:
    """The change of a measure between two numbers as they are written; "–" without both."""
    if one is None or other is None:
        return "–"
    better_high = MEASURES[measure].better is Better.HIGHER
    return change_words(one, other, least=MEASURES[measure].mcid, better_high=better_high)


def change_words(one: float, other: float, *, least: float | None, better_high: bool) -> str:
    """The change between the numbers as they are written, and whether patients notice as much.

    `least` is the smallest change that patients notice; None if unknown.
    """
    moved = difference(one, other)
    sign = "+" if moved > 0 else ""
    points = f"{sign}{number(moved)}"
    if points == "0":
        return _("no change")
    if least is not None and abs(moved) < least:
        return _("%(points)s, smaller than patients usually notice", points=points)
    if (moved > 0) == better_high:
        return _("%(points)s, better", points=points)
    # What got worse is what a reader in a hurry looks for.
    return Markup("<b>{}</b>").format(_("%(points)s, worse", points=points))
