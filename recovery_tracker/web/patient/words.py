"""What a patient reads about their own days: plain sentences, never a verdict.

Compared with their own week before, as `trends.levels` counts it for chart and report: under one
point is "much the same", under two "a bit", more is plain. Two points are about what people notice
(our default; Suzuki 2020 found less, in people with no operation). Whole numbers only; too few days
say nothing.
"""

from datetime import date

from flask_babel import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from ...domain.diary import DiaryEntry, SignChange, fahrenheit_of, told_celsius
from ...domain.history import History
from ...domain.language import N_
from ...domain.measures import MEASURES, Kind
from ...domain.signs import SIGNS
from ...domain.surgery import Operation, Region, postoperative_day
from ...domain.wording import capitalize_first
from ...trends.levels import WINDOW, Level, levels_of
from ..shared.language import mark, say_day

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
    entry: DiaryEntry, history: History, today: date, *, scores: bool = True
) -> tuple[Markup, ...]:
    """How a day compares with the week before it; walking first, one sentence each.

    A day is compared with others since the latest operation only. `scores` off leaves pain out.
    """
    levels, before = levels_of(history, today), (entry.day - history.index.day).days - 1
    region = history.operation_of(entry).region

    def said(key: str) -> tuple[float | None, int]:
        return _mean_on(levels.measures[key], before)

    sentences = []
    if entry.walking is not None:
        sentences.append(_walking(entry.walking, *said("walking")))
    for key, name in _PAIN[region].items():
        score = getattr(entry, key)
        if scores and score is not None:
            sentences.append(_pain(_(name), score, *said(key)))
    return tuple(sentences)


def _walking(level: int, usual: float | None, span: int) -> Markup:
    said = _rich(_("You walked for <b>%(level)s</b>."), level=_walked(level))
    if level == 0:
        said = _rich(_("You did not walk."))
    if usual is None or span > WINDOW:
        return said
    if abs(level - usual) <= SLIGHT / 2:
        compared = _("That is about what was usual in the week before.")
    elif level > usual:
        compared = _("That is more than was usual in the week before.")
    else:
        compared = _("That is less than was usual in the week before.")
    return said + Markup(" ") + compared


def _pain(name: str, score: int, usual: float | None, span: int) -> Markup:
    said = _rich(_("Your %(name)s was <b>%(score)s out of 10</b>."), name=name, score=score)
    if usual is None:
        return said
    words = _("In the week before it was about <b>%(usual)s</b>.")
    if span > WINDOW:
        words = _("In the 2 weeks before it was about <b>%(usual)s</b>.")
    before = _rich(words, usual=round(usual))
    compared = _rich(_("That is %(compared)s."), compared=compare(score - usual))
    return said + Markup(" ") + before + Markup(" ") + compared


def compare(difference: float) -> str:
    """A difference of pain scores in words."""
    if abs(difference) < SLIGHT:
        return _("much the same")
    if difference > 0:
        return _("a bit higher") if difference < CLEAR else _("higher")
    return _("a bit lower") if difference > -CLEAR else _("lower")


def getting_on(history: History, today: date, *, scores: bool = True) -> tuple[Markup, ...]:
    """How it is going, in two or three sentences; empty if even two weeks hold too few answers.

    The last week is compared with the week four weeks earlier, and pain also with the time before
    the operation; the numbers are those of the chart. If two weeks stand in for the last one, the
    words say so. Function comes first; without `scores`, which patients may hide, pain is left out.
    """
    measures = levels_of(history, today).measures
    told = [measures["walking"]]
    sentences = [_getting_about(*_now_and_then(told[0]))]
    if scores:
        axial, limb = measures["axial_pain"], measures["limb_pain"]
        names = {key: _(name) for key, name in _PAIN[history.region].items()}
        sentences.append(_pain_now(names["axial_pain"], *_now_and_then(axial)))
        if axial.before is not None and sentences[-1]:
            sentences.append(_since_before(axial.before))
        if (limb.last or 0) >= SLIGHT:
            sentences.append(_pain_now(names["limb_pain"], *_now_and_then(limb)))
        told += [axial, limb]
    if any(level.last_span > WINDOW for level in told):
        sentences.append(_rich(_("This is about the last 2 weeks.")))
    return tuple(s for s in sentences if s)


def hurts_more(history: History, today: date) -> bool:
    """Whether either pain of the last week is clearly above that of four weeks earlier.

    Two points, and both weeks since the operation; False where either is too thin to say.
    """
    measures = levels_of(history, today).measures
    pairs = [_now_and_then(measures[key]) for key in _PAIN[history.region]]
    return any(a is not None and b is not None and a - b >= CLEAR for a, b in pairs)


def _getting_about(level: float | None, before: float | None) -> Markup | None:
    if level is None:
        return None
    if before is None and round(level) == 0:
        return _rich(_("On most days you <b>did not walk</b>."))
    if before is None:
        return _rich(
            _("On average you walk for <b>%(level)s</b> a day."), level=_walked(round(level))
        )
    if abs(level - before) < SLIGHT / 2:
        return _rich(_("You are walking <b>about as much as 4 weeks ago</b>."))
    if level - before >= CLEAR:
        return _rich(_("You are walking <b>much more than you did 4 weeks ago</b>."))
    if level > before:
        return _rich(_("You are walking <b>more than you did 4 weeks ago</b>."))
    return _rich(_("You are walking <b>less than you did 4 weeks ago</b>."))


def _pain_now(name: str, level: float | None, before: float | None) -> Markup | None:
    if level is None:
        return None
    said = _rich(
        _("Your %(name)s is about <b>%(level)s out of 10</b>."), name=name, level=round(level)
    )
    if before is None or round(before) == round(level):
        return said
    then = _rich(_("4 weeks ago it was about %(before)s."), before=round(before))
    return said + Markup(" ") + then


def _since_before(before: float) -> Markup:
    said = _("Before your operation it was %(preop)s.")
    return _rich(said, preop=format_decimal(round(before, 1)))


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
    words = mark("; ").join(_sign_answer(sign, entry) for sign in sorted(entry.signs))
    return capitalize_first(words)


def _sign_answer(sign: str, entry: DiaryEntry) -> str:
    words: str = _(SIGNS[sign].patient)
    if entry.sign_changes.get(sign) is SignChange.GONE:
        return _("%(sign)s (gone by now)", sign=words)
    return words


def _walked(level: int) -> str:
    words = MEASURES["walking"].level_name(level)
    said: str = _(words)
    return said[:1].lower() + said[1:]


def _now_and_then(level: Level) -> tuple[float | None, float | None]:
    """The mean of the last week, and of the week that ended four weeks ago."""
    return level.last, _mean_on(level, len(level.means) - 1 - 28)[0]


def _mean_on(level: Level, day: int) -> tuple[float | None, int]:
    """The mean of the week that ends on a postoperative day, and the days it rests on."""
    if not 0 <= day < len(level.means) or not level.spans[day]:
        return None, 0
    return float(level.means[day]), int(level.spans[day])


def _rich(sentence: str, **values: object) -> Markup:
    """A translated sentence with emphasis; every value is escaped."""
    return Markup(sentence) % values
