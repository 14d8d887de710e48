"""Numbers, dates and levels as people write them; the same on page, chart and paper."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from math import isnan
from unicodedata import combining, normalize

from .flags import Value
from .language import N_
from .surgery import completed_months, completed_weeks

Translate = Callable[[str], str]

#: Text in pieces, each with the tag of its language; "" is the reader's, or one that nobody knows.
Pieces = tuple[tuple[str, str], ...]

#: The options of an ordered choice, short enough for a column of a chart.
SHORT_OPTIONS = {
    "walking": (
        N_("none"),
        N_("under 10 min"),
        N_("10 to 30 min"),
        N_("30 to 60 min"),
        N_("over 1 hour"),
    ),
    "mobility": (
        N_("not hard"),
        N_("a little hard"),
        N_("quite hard"),
        N_("very hard"),
        N_("with help"),
    ),
    "numbness": (N_("none"), N_("a little"), N_("some"), N_("a lot"), N_("no feeling")),
}

#: The answers to a question without an order of its own, just as short, from the lowest place on a
#: chart to the highest.
SHORT_WORDS = {
    "painkiller_change": {
        "none": N_("none"),
        "fewer": N_("fewer"),
        "same": N_("the same"),
        "more": N_("more"),
    },
}

MONTHS = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)  # fmt: skip

MODALITY_NAMES = {"xray": N_("X-ray"), "ct": N_("CT"), "mri": N_("MRI")}

#: From this day after the operation, time is given in months rather than weeks. Our default.
MONTHS_FROM = 183

#: Said where a mean would rest on too few answers.
TOO_FEW = N_("too few days")


def without_accents(text: str) -> str:
    """Small letters without accents, as words are compared however they were typed.

    >>> without_accents("Ángela Groß")
    'angela gross'
    """
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


def number(value: float) -> str:
    """A score with at most one decimal and a real minus sign.

    >>> number(7.0), number(2.84), number(-3.16)
    ('7', '2.8', '−3.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text.replace("-", "\N{MINUS SIGN}")


def difference(one: float, other: float, decimals: int = 1) -> float:
    """From one mean to another as a reader works it out: between the numbers that are written.

    >>> difference(1.06, 4.84)
    3.7
    """
    return round(round(other, decimals) - round(one, decimals), decimals)


def level_words(measure: str, value: float | None, translate: Translate = str) -> str:
    """A level as written beside its panel: a number, or the nearest of the words."""
    if value is None or isnan(value):
        return translate(TOO_FEW)
    if measure in SHORT_OPTIONS:
        return translate(SHORT_OPTIONS[measure][round(value)])
    if measure in SHORT_WORDS:
        return translate(list(SHORT_WORDS[measure].values())[round(value)])
    return number(value)


def day_words(day: date, translate: Translate = str, *, year: bool = False) -> str:
    """A date as people say it.

    >>> day_words(date(2026, 2, 19)), day_words(date(2026, 2, 19), year=True)
    ('19 Feb', '19 Feb 2026')
    """
    pattern = N_("{day} {month} {year}") if year else N_("{day} {month}")
    month = translate(MONTHS[day.month - 1])
    return translate(pattern).format(day=day.day, month=month, year=day.year)


def near_day_words(day: date, today: date, translate: Translate = str) -> str:
    """A date as people say it; a date in another year than `today` includes its year.

    >>> near_day_words(date(2026, 2, 19), date(2026, 12, 1))
    '19 Feb'
    >>> near_day_words(date(2027, 1, 6), date(2026, 12, 1))
    '6 Jan 2027'
    """
    return day_words(day, translate, year=day.year != today.year)


def time_since(operation_day: date, day: date, translate: Translate = str) -> str:
    """How long after the operation a day is: its week, or from half a year on its month.

    >>> time_since(date(2024, 11, 29), date(2026, 11, 29))
    'month 24'
    >>> time_since(date(2026, 11, 1), date(2026, 11, 29))
    'week 4'
    """
    days = (day - operation_day).days
    if days < 0:
        said = N_("1 day before") if days == -1 else N_("{count} days before")
        return translate(said).format(count=-days)
    if days < MONTHS_FROM:
        return translate(N_("week {week}")).format(week=completed_weeks(days))
    return translate(N_("month {month}")).format(month=completed_months(operation_day, day))


def month_words(day: date, translate: Translate = str) -> str:
    """The month of a date, with its year.

    >>> month_words(date(2026, 2, 19))
    'Feb 2026'
    """
    month = translate(MONTHS[day.month - 1])
    return translate(N_("{month} {year}")).format(month=month, year=day.year)


def days_words(count: int, translate: Translate = str) -> str:
    """A number of days.

    >>> days_words(1), days_words(26)
    ('1 day', '26 days')
    """
    return translate(N_("1 day") if count == 1 else N_("{count} days")).format(count=count)


def levels_words(count: int, translate: Translate = str) -> str:
    """A number of fused levels.

    >>> levels_words(1), levels_words(3)
    ('1 level', '3 levels')
    """
    return translate(N_("1 level") if count == 1 else N_("{count} levels")).format(count=count)


def show_in(translate: Translate = str, today: date | None = None) -> Callable[[str, Value], str]:
    """Writes a value inside a sentence of `phrases`: a short date, a number with a real minus.

    With `today` a date of another year carries its year.
    """

    def show(name: str, value: Value) -> str:
        del name
        if isinstance(value, date):
            return near_day_words(value, today or value, translate)
        if isinstance(value, (int, float)):
            return number(value)
        return value

    return show


def listed(names: Iterable[str], translate: Translate = str) -> str:
    """Several names, one after the other, joined as the language joins them.

    >>> listed(["fever", "chills", "cough"])
    'fever, chills, cough'
    """
    return joined_as(N_("{some}, {one}"), names, translate)


def sentences(said: Iterable[str], translate: Translate = str) -> str:
    """Whole sentences, one after the other; some languages leave no blank between them.

    >>> sentences(["Gone on 3 May.", "", "No entry since."])
    'Gone on 3 May. No entry since.'
    """
    told = filter(None, said)
    pattern = translate(N_("{first} {second}"))
    return reduce(lambda a, b: pattern.format(first=a, second=b), told, next(told, ""))


def joined_as(pattern: str, parts: Iterable[str], translate: Translate = str) -> str:
    """Several parts joined by a pattern of the catalogue with `some` and `one` in it."""
    said = translate(pattern)
    return reduce(lambda some, one: said.format(some=some, one=one), parts)


#: A mark between two texts or after them, as a sentence: each language writes its own.
_MARKS = {
    ", ": N_("{first}, {second}"),
    "; ": N_("{first}; {second}"),
    ": ": N_("{first}: {second}"),
    ". ": N_("{first}. {second}"),
    ".": N_("{first}."),
    " (": N_("{first} ({second})"),
    ")": N_("{first} ({second})"),
}


def mark(text: str, translate: Translate = str) -> str:
    """A mark that stands between two texts, such as "; ", as the language writes it; any other
    text unchanged.

    >>> mark(", "), mark(" ("), mark(")"), mark(".")
    (', ', ' (', ')', '.')
    """
    said = translate(_MARKS.get(text, text))
    if text == ")":
        return said.rpartition("{second}")[2]
    return said.removeprefix("{first}").partition("{second}")[0]


def uncapitalize(text: str) -> str:
    """The same text as it stands inside a sentence; a name of capitals alone keeps them.

    >>> uncapitalize("Back pain"), uncapitalize("PEG")
    ('back pain', 'PEG')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def capitalize_first(text: str) -> str:
    """The same text with a capital at its start and nothing else changed."""
    return text[:1].upper() + text[1:]
