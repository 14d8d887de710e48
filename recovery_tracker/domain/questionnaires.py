"""Total scores typed in from a clinic's own form, and how satisfied a patient is.

The questions of these forms belong to their owners, so none of them is here: only the total, kept
with the unit that the form uses. A total of 20 means one thing out of 50 and another in percent, so
nobody has to guess later. Satisfaction is one question of ours.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from .follow_up_times import before_and_latest
from .language import N_
from .measures import Better
from .people import Role
from .surgery import Region
from .wording import Translate, day_words, mark, number


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the forms of one name measure, in one unit whatever the unit they are typed in."""

    name: str
    low: float
    high: float
    better: Better
    #: The smallest change that patients notice, None where nobody knows.
    mcid: float | None = None
    mcid_source: str = ""
    decimals: int = 1


#: A value set may go below 0, which is "as bad as dead"; the lowest that we know of is that of
#: Taiwan, a little under -1. Our default.
_WORST_INDEX = -1.1

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        "ODI": Instrument(
            "ODI",
            0,
            100,
            Better.LOWER,
            15,
            "our default of 15 percent points: 15.0 to 16.5 a year after lumbar decompression (235"
            " after decompression); 18 in the Swedish registry (Parai 2020)",
        ),
        "NDI": Instrument(
            "NDI",
            0,
            100,
            Better.LOWER,
            15,
            "our default of 15 percent points, as for the ODI; 7 points after operations on neck"
            " deformity, the abstract does not say of how many (Mikula 2026)",
        ),
        "EQ-5D": Instrument(
            N_("EQ-5D index"),
            _WORST_INDEX,
            1,
            Better.HIGHER,
            0.1,
            "0.10 in the Swedish registry, where chance alone moves one person by up to 0.49"
            " (Parai 2020)",
            decimals=2,
        ),
        "satisfaction": Instrument(N_("Satisfaction"), 1, 5, Better.HIGHER),
    }
)


@dataclass(frozen=True, slots=True)
class Form:
    """One form in one unit, from `low` to `high`.

    `short` is the key of its instrument. Points are whole numbers; a percentage may have decimals,
    because it can be of nine questions answered.
    """

    key: str
    short: str
    name: str
    high: float
    is_whole: bool
    low: float = 0
    #: Whether totals are compared in percent of the highest.
    in_percent: bool = True

    @property
    def instrument(self) -> Instrument:
        """What it measures."""
        return INSTRUMENTS[self.short]


#: Ranges and owners: Fairbank 1980 (ODI 2.1a, 10 items of 0-5, in percent of those answered),
#: Vernon 1991 (NDI, 10 items of 0-5, points of 50 or percent); both licensed by the Mapi Research
#: Trust. Printed ODI scores are sometimes out of 50 as well.
_FORMS = (
    Form("odi_percent", "ODI", N_("Back: ODI in percent, 0 to 100"), 100, is_whole=False),
    Form("odi_points", "ODI", N_("Back: ODI in points, 0 to 50"), 50, is_whole=True),
    Form("ndi_percent", "NDI", N_("Neck: NDI in percent, 0 to 100"), 100, is_whole=False),
    Form("ndi_points", "NDI", N_("Neck: NDI in points, 0 to 50"), 50, is_whole=True),
    Form(
        "eq5d_index",
        "EQ-5D",
        N_("Health: EQ-5D index, at most 1"),
        1,
        is_whole=False,
        low=_WORST_INDEX,
        in_percent=False,
    ),
    Form(
        "satisfaction",
        "satisfaction",
        N_("Satisfaction with the result, 1 (very dissatisfied) to 5 (very satisfied)"),
        5,
        is_whole=True,
        low=1,
        in_percent=False,
    ),
)

FORMS: Mapping[str, Form] = MappingProxyType({form.key: form for form in _FORMS})

SATISFACTION = (
    N_("very dissatisfied"),
    N_("dissatisfied"),
    N_("neither satisfied nor dissatisfied"),
    N_("satisfied"),
    N_("very satisfied"),
)
"""Answers to the one question of ours, from 1 to 5."""

#: Shown wherever a score is typed in.
LICENCE = N_(
    "ODI © Jeremy Fairbank, NDI © Howard Vernon, both licensed by the Mapi Research Trust; EQ-5D "
    "© EuroQol. This diary holds none of their questions. Copy the total from a form your clinic "
    "gave you."
)


@dataclass(frozen=True, slots=True)
class FormScore:
    """A total of one form on the day it was filled in, and who typed it in here.

    `score` is in the unit of `form`, a key of `FORMS`.
    """

    day: date
    form: str
    score: float
    typed_by: Role

    @property
    def value(self) -> float:
        """The score in the one unit of its instrument: percent, an index, or a step."""
        form = FORMS[self.form]
        return 100 * self.score / form.high if form.in_percent else self.score


def read_score(form: str, text: str) -> float | None:
    """The score as typed, None if it is not a valid score of this form; a comma is a decimal
    point."""
    known = FORMS.get(form)
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    plain = plain.replace("\N{MINUS SIGN}", "-")
    if known is None or not re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", plain, re.ASCII):
        return None
    score = float(plain)
    fits = known.low <= score <= known.high and (score.is_integer() or not known.is_whole)
    return score if fits else None


def value_words(name: str, value: float, translate: Translate = str) -> str:
    """A number in the unit of an instrument, a key of `INSTRUMENTS`.

    >>> value_words("ODI", 28.0), value_words("EQ-5D", -0.059), value_words("satisfaction", 4)
    ('28 %', '−0.06', 'satisfied')
    """
    if name == "satisfaction":
        return translate(SATISFACTION[round(value) - 1])
    if INSTRUMENTS[name].decimals > 1:
        return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
    return translate(N_("{percent} %")).format(percent=number(value))


def score_words(score: FormScore, translate: Translate = str) -> str:
    """A score with its unit; points also in percent.

    >>> score_words(FormScore(date(2026, 3, 2), "ndi_points", 14, Role.PATIENT))
    '14 of 50 (28 %)'
    """
    form = FORMS[score.form]
    said = value_words(form.short, score.value, translate)
    if not (form.is_whole and form.in_percent):
        return said
    return translate(N_("{score} of {high} ({percent})")).format(
        score=number(score.score), high=number(form.high), percent=said
    )


def own_instrument(region: Region) -> str:
    """The key of the instrument made for a region: the neck's, else the back's."""
    return "NDI" if region is Region.CERVICAL else "ODI"


def by_instrument(scores: Iterable[FormScore], region: Region) -> dict[str, tuple[FormScore, ...]]:
    """The scores of each instrument by day; the one made for the operated region comes first."""
    own = own_instrument(region)
    found: dict[str, list[FormScore]] = {}
    for score in sorted(scores, key=lambda one: one.day):
        found.setdefault(FORMS[score.form].short, []).append(score)
    names = sorted(found, key=lambda name: (name != own, list(INSTRUMENTS).index(name)))
    return {name: tuple(found[name]) for name in names}


def scores_line(
    scores: Iterable[FormScore], region: Region, operated_on: date, translate: Translate = str
) -> str:
    """The latest score of each instrument, and the one from before the operation or else the one
    before it; "" where there is none.
    """
    said = []
    for name, found in by_instrument(scores, region).items():
        latest, earlier, is_before = before_and_latest(found, operated_on)
        dated = [
            translate(N_("{score} on {day}")).format(
                score=score_words(one, translate), day=day_words(one.day, translate, year=True)
            )
            for one in (latest, earlier)
            if one is not None
        ]
        text = f"{translate(INSTRUMENTS[name].name)} {dated[0]}"
        if earlier is not None:
            pattern = (
                N_(", before the operation {score}") if is_before else N_(", before that {score}")
            )
            text += translate(pattern).format(score=dated[1])
        said.append(text)
    return mark("; ", translate).join(said)
