"""Total scores typed in from a clinic's own form.

The questions of these forms belong to their owners, so none of them is here: only the total, kept
with the unit that the form uses. A total of 20 means one thing out of 50 and another in percent, so
nobody has to guess later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from .language import N_
from .people import Role
from .surgery import Region
from .wording import Translate, day_words, number


@dataclass(frozen=True, slots=True)
class Form:
    """One form in one unit. Scores run from 0 to `high`; lower is better.

    `short` names the form in a row of scores, whatever the unit. Points are whole numbers; a
    percentage may have decimals, because it can be of nine questions answered.
    """

    key: str
    short: str
    name: str
    high: int
    is_whole: bool


#: Ranges and owners: Fairbank 1980 (ODI 2.1a, 10 items of 0-5, in percent of those answered),
#: Vernon 1991 (NDI, 10 items of 0-5, points of 50 or percent); both licensed by the Mapi Research
#: Trust. Printed ODI scores are sometimes out of 50 as well.
_FORMS = (
    Form("odi_percent", "ODI", N_("Back: ODI in percent, 0 to 100"), 100, is_whole=False),
    Form("odi_points", "ODI", N_("Back: ODI in points, 0 to 50"), 50, is_whole=True),
    Form("ndi_percent", "NDI", N_("Neck: NDI in percent, 0 to 100"), 100, is_whole=False),
    Form("ndi_points", "NDI", N_("Neck: NDI in points, 0 to 50"), 50, is_whole=True),
)

FORMS: Mapping[str, Form] = MappingProxyType({form.key: form for form in _FORMS})

#: Shown wherever a score is typed in.
LICENCE = N_(
    "ODI © Jeremy Fairbank, NDI © Howard Vernon; both are licensed by the Mapi Research Trust. "
    "This diary holds none of their questions. Copy the total from a form your clinic gave you."
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
    def percent(self) -> float:
        """The score as a share of the highest, 0 to 100."""
        return 100 * self.score / FORMS[self.form].high


def read_score(form: str, text: str) -> float | None:
    """The score as typed, None if it is not a valid score of this form; a comma is a decimal
    point."""
    known = FORMS.get(form)
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    if known is None or not plain.replace(".", "", 1).isdecimal():
        return None
    score = float(plain)
    fits = score <= known.high and (score.is_integer() or not known.is_whole)
    return score if fits else None


def score_words(score: FormScore, translate: Translate = str) -> str:
    """A score with its unit; points also in percent.

    >>> score_words(FormScore(date(2026, 3, 2), "ndi_points", 14, Role.PATIENT))
    '14 of 50 (28 %)'
    """
    percent = translate(N_("{percent} %")).format(percent=number(score.percent))
    form = FORMS[score.form]
    if not form.is_whole:
        return percent
    return translate(N_("{score} of {high} ({percent})")).format(
        score=number(score.score), high=form.high, percent=percent
    )


def scores_line(scores: Iterable[FormScore], region: Region, translate: Translate = str) -> str:
    """The latest score of each form and the one before it; "" where there is none.

    The form made for the operated region comes first.
    """
    own = "NDI" if region is Region.CERVICAL else "ODI"
    by_form: dict[str, list[FormScore]] = {}
    for score in sorted(scores, key=lambda one: one.day):
        by_form.setdefault(FORMS[score.form].short, []).append(score)
    said = []
    for short, found in sorted(by_form.items(), key=lambda one: one[0] != own):
        dated = [
            translate(N_("{score} on {day}")).format(
                score=score_words(one, translate), day=day_words(one.day, translate, year=True)
            )
            for one in found[-2:]
        ]
        before = translate(N_(", before that {score}")).format(score=dated[0])
        said.append(f"{short} {dated[-1]}{before if len(dated) > 1 else ''}")
    return "; ".join(said)
