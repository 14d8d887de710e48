"""What a patient reads about their own days: plain sentences, never a verdict.

Compared with the own week before, in the words of the interface plan: under one point is "much the
same", under two "a bit", more is plain. Two points are about what people notice (our default;
Suzuki 2020 found less, in people with no operation). Whole numbers only; too few days say nothing.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from ...domain.diary import DiaryEntry, fahrenheit_of, told_celsius
from ...domain.language import N_
from ...domain.measures import MEASURES, Kind
from ...domain.signs import SIGNS
from ...domain.surgery import Operation, Region, postoperative_day
from ..shared.language import mark, say_day

#: Entries that a week needs before a day is compared with it. Our default.
ENOUGH_DAYS = 3
#: Differences in points between "much the same", "a bit" and plain.
SLIGHT, CLEAR = 1.0, 2.0

_PAIN = {
    Region.LUMBAR: {"axial_pain": N_("back pain"), "limb_pain": N_("leg pain")},
    Region.CERVICAL: {"axial_pain": N_("neck pain"), "limb_pain": N_("arm pain")},
    Region.THORACIC: {"axial_pain": N_("back pain"), "limb_pain": N_("rib or leg pain")},
}


def say_postoperative(day: date, operation: Operation) -> str:
    """For example "day 86", or "5 days before your operation"."""
    pod = postoperative_day(day, operation)
    if pod >= 0:
        return _("day %(n)s", n=pod)
    if pod == -1:
        return _("the day before your operation")
    return _("%(n)s days before your operation", n=-pod)


def day_line(day: date, operation: Operation) -> str:
    """For example "Thursday 12 March, day 86"; a line of its own, so it starts with a capital."""
    line = _("%(day)s, %(pod)s", day=say_day(day), pod=say_postoperative(day, operation))
    return capitalize_first(line)


def fits_the_week(
    entry: DiaryEntry,
    entries: Sequence[DiaryEntry],
    operation: Operation,
    *,
    scores: bool = True,
) -> tuple[Markup, ...]:
    """How a day compares with the seven days before it; walking first, one sentence each.

    A day after the operation is not compared with days before it. `scores` off leaves pain out.
    """
    first = entry.day - timedelta(days=7)
    if entry.day >= operation.day:
        first = max(first, operation.day)
    week = [e for e in entries if first <= e.day < entry.day]
    sentences = []
    if entry.walking is not None:
        sentences.append(_walking(entry.walking, _mean(week, "walking")))
    for key, name in _PAIN[operation.region].items():
        score = getattr(entry, key)
        if scores and score is not None:
            sentences.append(_pain(_(name), score, _mean(week, key)))
    return tuple(sentences)


def _walking(level: int, usual: float | None) -> Markup:
    said = _rich(_("You walked for <b>%(level)s</b>."), level=_walked(level))
    if level == 0:
        said = _rich(_("You did not walk."))
    if usual is None:
        return said
    if abs(level - usual) < SLIGHT / 2:
        compared = _("That is the same as most days last week.")
    elif level > usual:
        compared = _("That is more than most days last week.")
    else:
        compared = _("That is less than most days last week.")
    return said + Markup(" ") + compared


def _pain(name: str, score: int, usual: float | None) -> Markup:
    said = _rich(_("Your %(name)s was <b>%(score)s out of 10</b>."), name=name, score=score)
    if usual is None:
        return said
    before = _rich(_("Last week it was about <b>%(usual)s</b>."), usual=round(usual))
    compared = _rich(_("That is %(compared)s."), compared=compare(score - usual))
    return said + Markup(" ") + before + Markup(" ") + compared


def compare(difference: float) -> str:
    """A difference of pain scores in words."""
    if abs(difference) < SLIGHT:
        return _("much the same")
    if difference > 0:
        return _("a bit higher") if difference < CLEAR else _("higher")
    return _("a bit lower") if difference > -CLEAR else _("lower")


def getting_on(
    entries: Sequence[DiaryEntry], operation: Operation, today: date, *, scores: bool = True
) -> tuple[Markup, ...]:
    """How it is going in two or three sentences; empty when a week is too thin to say.

    The last seven days against the week four weeks earlier, and pain also against the time before
    the operation; days before the operation are never mixed with days after it. `scores` off leaves
    pain out: function leads and scores can be hidden.
    """
    if today >= operation.day:
        entries = [entry for entry in entries if entry.day >= operation.day]
    now = _window(entries, today)
    earlier = _window(entries, today - timedelta(days=28))
    sentences = [_getting_about(now, earlier)]
    if scores:
        names = {key: _(name) for key, name in _PAIN[operation.region].items()}
        sentences.append(_pain_now(names["axial_pain"], "axial_pain", now, earlier))
        if operation.preop_axial_pain is not None and sentences[-1]:
            sentences.append(_since_before(_mean(now, "axial_pain"), operation.preop_axial_pain))
        if (_mean(now, "limb_pain") or 0) >= SLIGHT:
            sentences.append(_pain_now(names["limb_pain"], "limb_pain", now, earlier))
    return tuple(s for s in sentences if s)


def hurts_more(entries: Sequence[DiaryEntry], operation: Operation, today: date) -> bool:
    """Whether either pain of the last week is clearly above that of four weeks earlier.

    Two points, and both weeks since the operation; False where either is too thin to say.
    """
    after = [entry for entry in entries if entry.day >= operation.day]
    now, earlier = _window(after, today), _window(after, today - timedelta(days=28))
    pairs = [(_mean(now, key), _mean(earlier, key)) for key in _PAIN[operation.region]]
    return any(a is not None and b is not None and a - b >= CLEAR for a, b in pairs)


def _getting_about(now: Sequence[DiaryEntry], earlier: Sequence[DiaryEntry]) -> Markup | None:
    level, before = _mean(now, "walking"), _mean(earlier, "walking")
    if level is None:
        return None
    if before is None and round(level) == 0:
        return _rich(_("On most days you <b>did not walk</b>."))
    if before is None:
        return _rich(_("On most days you walk for <b>%(level)s</b>."), level=_walked(round(level)))
    if abs(level - before) < SLIGHT / 2:
        return _rich(_("You are walking <b>about as much as 4 weeks ago</b>."))
    if level - before >= CLEAR:
        return _rich(_("You are walking <b>much more than 4 weeks ago</b>."))
    if level > before:
        return _rich(_("You are walking <b>more than 4 weeks ago</b>."))
    return _rich(_("You are walking <b>less than 4 weeks ago</b>."))


def _pain_now(
    name: str, key: str, now: Sequence[DiaryEntry], earlier: Sequence[DiaryEntry]
) -> Markup | None:
    level, before = _mean(now, key), _mean(earlier, key)
    if level is None:
        return None
    said = _rich(
        _("Your %(name)s is about <b>%(level)s out of 10</b>."), name=name, level=round(level)
    )
    if before is None or round(before) == round(level):
        return said
    then = _rich(_("4 weeks ago it was about %(before)s."), before=round(before))
    return said + Markup(" ") + then


def _since_before(level: float | None, preop: float) -> Markup | None:
    if level is None:
        return None
    return _rich(_("Before your operation it was %(preop)s."), preop=format_decimal(preop))


def answer_words(key: str, entry: DiaryEntry, *, fahrenheit: bool = False) -> str:
    """One answer as people say it; "" where it was left out."""
    measure, value = MEASURES[key], getattr(entry, key)
    if value is None:
        return ""
    if measure.kind is Kind.CHOICE:
        return _(measure.level_name(value))
    if measure.kind is Kind.SCORE:
        return _("%(score)s out of 10", score=value)
    if measure.kind is Kind.WORD:
        return _(measure.words[value])
    if measure.kind is Kind.WORDS:
        return mark(", ").join(_(measure.words[word]) for word in measure.words if word in value)
    if key == "overall_change":
        return _(measure.options[value + 3])
    if key == "temperature_c":
        return temperature_words(entry, fahrenheit=fahrenheit)
    return str(value)


def temperature_words(entry: DiaryEntry, *, fahrenheit: bool = False) -> str:
    """The temperature as it was typed, with the reader's own unit beside it where that differs."""
    celsius, typed = entry.temperature_c, entry.temperature_f
    if celsius is None:
        return ""
    in_celsius = f"{told_celsius(celsius):.1f}\N{NO-BREAK SPACE}°C"
    if typed is not None:
        in_fahrenheit = f"{typed:.1f}\N{NO-BREAK SPACE}°F"
        return in_fahrenheit if fahrenheit else f"{in_fahrenheit} ({in_celsius})"
    if not fahrenheit:
        return in_celsius
    return f"{fahrenheit_of(celsius):.1f}\N{NO-BREAK SPACE}°F"


def signs_answer(entry: DiaryEntry) -> str:
    """The answer to the warning question as people say it."""
    if entry.signs is None:
        return _("Not answered")
    if not entry.signs:
        return _("None of these")
    # The words of a sign hold commas of their own.
    return mark("; ").join(_(SIGNS[sign].patient) for sign in sorted(entry.signs))


def _walked(level: int) -> str:
    words = MEASURES["walking"].level_name(level)
    said: str = _(words)
    return said[:1].lower() + said[1:]


def _window(entries: Sequence[DiaryEntry], last: date) -> list[DiaryEntry]:
    """The entries of the seven days up to `last`, included."""
    return [e for e in entries if last - timedelta(days=7) < e.day <= last]


def _mean(entries: Sequence[DiaryEntry], key: str) -> float | None:
    """Mean of the days that were answered; None below `ENOUGH_DAYS`."""
    values = [value for e in entries if (value := getattr(e, key)) is not None]
    return sum(values) / len(values) if len(values) >= ENOUGH_DAYS else None


def _rich(sentence: str, **values: object) -> Markup:
    """A translated sentence with emphasis; every value is escaped."""
    return Markup(sentence) % values


def capitalize_first(text: str) -> str:
    """The same text with a capital at its start and nothing else changed."""
    return text[:1].upper() + text[1:]
