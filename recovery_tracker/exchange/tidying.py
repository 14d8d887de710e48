"""Turns a cell as another program writes it into the text that its column reads.

Decimal commas, thousands separators, half points, words for "nothing": each is read in one way or
refused, and what was changed is counted, so that people can be told. A missing value never becomes
a number.
"""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from ..domain.diary import FAHRENHEIT_HIGH, FAHRENHEIT_LOW
from ..domain.language import N_, Said, both
from ..domain.measures import MEASURES, Kind, Measure
from .cells import NONE, VERBATIM, a_number, a_whole_number
from .choices import NOTHING_CHOSEN, Choices
from .plain_text import plain
from .problems import Unreadable

#: Words for "not recorded", in any case. "none" is not among them: in a list it is an answer, and
#: for a score it might mean zero.
NOTHING = frozenset(
    {
        *("na", "n/a", "n.a.", "#n/a", "<na>", "nan", "null", "missing", "unknown"),
        *("#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!"),
        *("not recorded", "not answered", "k.a.", "k. a.", "-", "--", "–", "—", "?"),
    }
)

COMMA = Said(
    N_("It has a decimal comma. Use a point, or save the file with ; between the columns.")
)
NOBODY_ANSWERED = Said(N_("If this number means that nobody answered, empty the cell."))
HUNDRED = Said(N_("Is this a 0-100 scale?"), "scale")
FAHRENHEIT = Said(N_("This looks like Fahrenheit."), "temperature")
CELSIUS = Said(N_("It says °C. Put it in a column called temperature_c."))
FORMULA = Said(
    N_("It is a formula without its result. Open the file in a spreadsheet, and save it there.")
)
POINT = Said(N_("The point may stand for thousands or decimals. Write the number without it."))

#: Scores from here on may be on a scale of 100; an 11 or a 12 is a slip. Our default.
HUNDRED_FROM = 20

#: What studies write above a scale where nobody answered; below one it is any number.
_CODES = frozenset({"9", "77", "88", "98", "99", "777", "888", "999", "9999"})

#: "5/10", and words after a count: how many, of what.
_OF_TEN = re.compile(
    r"([+-]?\d{1,2}(?:[.,]\d{1,17})?)\s*(?:/|out of|of|von|de|sur)\s*10", re.IGNORECASE
)
#: A score by name: "5分", "5 points".
_NAMED = re.compile(r"(.*\d)\s*(?:分|points?|pts?\.?|puntos?|punkte?n?)", re.IGNORECASE)
_COUNTED = re.compile(
    r"(\d[\d.,'’ \u00a0\u2009\u202f]*?)\s*"
    r"(?:steps?|schritte?|pasos?|pas|步|歩|min\.?|minutes?|minuten|minutos?|分鐘?)",
    re.IGNORECASE,
)
#: A score out of a hundred, by what stands behind it.
_OF_HUNDRED = re.compile(r"([\d.,]+)\s*(?:%|mm|(?:/|out of|of|von|de|sur)\s*100)", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?\d{1,9}(?:\.\d{0,17})?", re.ASCII)
_COMMA = re.compile(r"([+-]?\d{1,9}),(\d{1,17})", re.ASCII)
_THOUSANDS = re.compile(
    r"\d{1,3}(?:([,' \u00a0\u2009\u202f’])\d{3})(?:\1\d{3})*(?:[.]0+)?", re.ASCII
)
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,0+)?", re.ASCII)
#: Below it a whole number has no thousands separator, and "4.000" is a four.
_MANY = 1_000
#: The range of `temperature_c` in Fahrenheit.
_FAHRENHEIT = (Decimal(86), Decimal(113))
_BLANKS = " \t\r\n\u00a0\u2009\u202f\ufeff"

_LISTED = frozenset(
    key for key, measure in MEASURES.items() if measure.kind in (Kind.WORD, Kind.WORDS)
) | {"signs", "signs_asked"}


#: Those in which "none" is an answer.
_MAY_BE_NONE = _LISTED - {"limb_pain_side"}


def none_may_be(answer: str) -> Said:
    """What is said of a "None", which programs write for nothing too; `answer` means none."""
    return Said(
        N_("“None” may be the answer, or mean that nobody answered. Write {number} for the "
           "answer, or empty the cell."),
        number=answer,
    )  # fmt: skip


class _TwoWays(Unreadable):
    """A cell that may mean two things; what is said tells what to do."""


class Tidier:
    """Makes the cells of one file plain. `changed` counts, by what: `rounded`, `emptied`,
    `divided`."""

    def __init__(self, separator: str = ",", choices: Choices = NOTHING_CHOSEN) -> None:
        self.changed: Counter[str] = Counter()
        self._comma_separates = separator == ","
        self._choices = choices

    def __call__(self, column: str, cell: str) -> str:
        """The text for the column's reader; "" is "not recorded".

        Raises:
            Unreadable: it can be read two ways.
        """
        if column in VERBATIM:
            return cell
        text = plain(cell.strip(_BLANKS)).strip()
        if not text:
            return ""
        if text.casefold() in NOTHING:
            self.changed["emptied"] += 1
            return ""
        if column in _LISTED:
            if column in _MAY_BE_NONE and text.lower() == NONE != text:
                raise Unreadable(none_may_be(NONE), says_what_to_do=True)
            return text.lower()
        measure = MEASURES.get("temperature_c" if column == "temperature_f" else column)
        if measure is None:
            return text
        try:
            if text.startswith("="):
                raise _TwoWays(FORMULA)
            return self._number(column, measure, text)
        except _TwoWays as problem:
            low, high = measure.low or 0, measure.high or 0
            if column == "temperature_f":
                low, high = FAHRENHEIT_LOW, FAHRENHEIT_HIGH
            must = a_number if measure.kind is Kind.NUMBER else a_whole_number
            said = both(must(low, high), problem.said)
            raise Unreadable(said, says_what_to_do=True) from None

    def _number(self, column: str, measure: Measure, text: str) -> str:
        if measure.kind is Kind.COUNT:
            counted = _COUNTED.fullmatch(text)
            text = counted[1] if counted else text
            return self._count(text, measure.high or 0)
        if measure.kind in (Kind.SCORE, Kind.CHOICE) and self._is_code(measure, text):
            is_share = measure.kind is Kind.SCORE and HUNDRED_FROM <= Decimal(text) <= 100
            raise _TwoWays(both(NOBODY_ANSWERED, HUNDRED) if is_share else NOBODY_ANSWERED)
        if measure.kind is Kind.SCORE:
            if named := _NAMED.fullmatch(text):
                text = named[1]
            if measure.high == 10 and (match := _OF_TEN.fullmatch(text)):
                return self._rounded(self._point(match[1]))
            return self._score(text)
        if column.startswith("temperature_"):
            return self._temperature(column, text)
        return self._point(text)

    def _is_code(self, measure: Measure, text: str) -> bool:
        """Whether a number that is no answer may say why there is none."""
        if _DECIMAL.fullmatch(text) is None:
            return False
        high = 100 if self._choices.hundred and measure.kind is Kind.SCORE else measure.high or 0
        return Decimal(text) < (measure.low or 0) or (text in _CODES and Decimal(text) > high)

    def _point(self, text: str) -> str:
        if (match := _COMMA.fullmatch(text)) is None:
            return text
        if self._comma_separates:
            raise _TwoWays(COMMA)
        return f"{match[1]}.{match[2]}"

    def _count(self, text: str, high: float) -> str:
        if high < _MANY:
            return self._point(text)
        if _THOUSANDS.fullmatch(text):
            return re.sub(r"[^\d]", "", text.partition(".")[0])
        if _POINTS.fullmatch(text):
            if self._comma_separates:
                raise _TwoWays(POINT)
            return text.partition(",")[0].replace(".", "")
        return self._whole(self._point(text), high)

    def _whole(self, text: str, high: float) -> str:
        """A count to which a program gave decimals, rounded unless it may be of thousands."""
        number = Decimal(text) if _DECIMAL.fullmatch(text) else Decimal(0)
        if number == number.to_integral_value() or number * 1000 <= high:
            return text
        self.changed["rounded"] += 1
        return str(number.quantize(Decimal(1), ROUND_HALF_UP))

    def _score(self, text: str) -> str:
        of_hundred = _OF_HUNDRED.fullmatch(text)
        is_share, text = of_hundred is not None, self._point(of_hundred[1] if of_hundred else text)
        if _DECIMAL.fullmatch(text) is None:
            return text
        value = Decimal(text)
        if self._choices.hundred:
            if not 0 <= value <= 100:
                raise Unreadable(a_number(0, 100))
            self.changed["divided"] += 1
            return self._rounded(f"{value / 10:f}")
        if is_share or HUNDRED_FROM <= value <= 100:
            raise _TwoWays(HUNDRED)
        return self._rounded(text)

    def _rounded(self, text: str) -> str:
        value = Decimal(text) if _DECIMAL.fullmatch(text) else Decimal(-1)
        if value == value.to_integral_value() or not 0 <= value <= 10:
            return text
        # As on paper and on the form, a half is rounded up.
        self.changed["rounded"] += 1
        return str(value.quantize(Decimal(1), ROUND_HALF_UP))

    def _temperature(self, column: str, text: str) -> str:
        bare = text.rstrip("CF°ºcf \u00a0") if text[-1:] in "CFcf°" else text
        said = text[len(bare) :].upper()
        if "F" in said and column == "temperature_c":
            raise _TwoWays(FAHRENHEIT)
        if "C" in said and column == "temperature_f":
            raise _TwoWays(CELSIUS)
        text = self._point(bare)
        is_number = _DECIMAL.fullmatch(text) is not None
        if column == "temperature_c" and is_number:
            low, high = _FAHRENHEIT
            if low <= Decimal(text) <= high:
                raise _TwoWays(FAHRENHEIT)
        return text
