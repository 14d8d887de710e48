"""What the heading of a column says of its unit or scale, against what a person mapped it to.

A "VAS (mm)" of 7 is hardly any pain; as a 7 of 10 it is a strong one. The cells alone do not show
it, so such a heading is refused unless the answer about the scale agrees.
"""

import re

from ..domain.language import N_, Said
from ..domain.measures import MEASURES, Better, Kind
from .choices import Choices
from .plain_text import plain

_TO = r"\s*(?:-|–|—|to|bis|a|à|~|〜|～)\s*"
_HUNDRED = re.compile(rf"(?<!\w)mm(?!\w)|%|[01]{_TO}100\b|/\s*100\b")
#: Not "L1-5" and "L4/5": vertebrae stand in headings too.
#: The ends of 0-10, and of 0-2-4-6-8-10.
_RANGE = re.compile(rf"(?<![\w.])([01])(?:{_TO}\d{{1,2}})*{_TO}(\d{{1,2}})(?![\d.])")
#: "day 1-5" and "1-4 weeks" are when it was; from 0 on it is a scale: "pain per day 0-5".
_TIMES = (
    r"(?:pod|days?|weeks?|months?|visits?|tage?|wochen?|monate?|d[ií]as?|semanas?|mes|meses|jours?"
    r"|semaines?|mois|giorn[oi]|settiman[ae]|mes[ei]|dag|dagen|weken|maanden)"
)
_WHEN = re.compile(
    rf"(?:(?<!per )(?<!pro )(?<!por )(?<!par )\b{_TIMES}|[天日週周月第])\s*1{_TO}\d{{1,2}}(?!\d)"
    rf"|(?<!\d)1{_TO}\d{{1,2}}\s*(?:{_TIMES}\b|[天日週周月])"
)
_SHARE = re.compile(
    r"%\s*(?:of|der|des|del|de|du|di|van)\b\s*(?:the|la|el|il|l['’])?\s*"
    r"(?:day|time|tage?s|zeit|d[ií]a|tiempo|journée|jour|temps|giorno|tempo|dag|tijd)\b"
)
_OUT_OF = re.compile(r"(?<!\d)/\s*(\d{1,2})(?![\d/])")
#: Units as words of their own: not "last 24 h", and not the month of "2/3/h".
_UNITS = {
    "hours": r"h|hr|hrs|hours?|std|stunden?|heures?|horas?|ore|uur|小時|时间|時間",
    "seconds": r"sec|secs|seconds?|sek|sekunden?|ms",
    "minutes": r"min|mins|minutes?|minuten?|minutos?|分鐘|分",
    "kilometres": r"km|miles?",
    "thousands": r"k|tsd|thousands?|miles de pasos",
    "an amount": r"mg|ml|µg|mcg|mme|g|tropfen|drops",
}
_PATTERNS = {
    unit: re.compile(rf"(?:[(\[/,]|\b[ie]n)\s*(?:{words})\.?\s*(?:[)\]]|$)")
    for unit, words in _UNITS.items()
}
#: The same as words that need no bracket around them; of a distance only where steps are counted.
_LONG = {
    "hours": re.compile(r"\b(?:hours|stunden|heures|horas)\b|小時|小时|鐘頭"),
    "seconds": re.compile(r"\b(?:seconds|sekunden)\b"),
}
#: "mi" alone is Spanish for "my".
_DISTANCE = re.compile(
    r"\b(?:km|kilomet\w*|miles|distan\w*|strecke)\b|[(\[]mi[)\]]|\d ?mi\b|公里|距離|里程"
)
_STEPS = re.compile(r"step|schritt|pasos|\bpas\b|步|歩")
#: The unit that a count or an amount of time may be in, by column.
_MAY_BE = {"walking_minutes": "minutes"}
_IS_IN = {
    unit: Said(
        N_("The heading says {unit}. This answer has another unit. Leave the column out."),
        unit=name,
    )
    for unit, name in {
        "hours": Said(N_("hours")),
        "seconds": Said(N_("seconds")),
        "minutes": Said(N_("minutes")),
        "kilometres": Said(N_("kilometres")),
        "thousands": Said(N_("thousands")),
        "an amount": Said(N_("an amount")),
    }.items()
}
#: What the ends of a scale are called, in the languages that files come in.
_GOOD = (
    r"no (?:\w+ )?pain(?![a-z])|pain[- ]?free|painless|none|best"
    r"|kein\w*(?: \w*schmerz\w*)?|schmerzfrei|sin dolor|ausencia de dolor|ningun[oa]|mejor"
    r"|(?:pas de|sans|aucune) douleur|mieux|nessun dolore|geen pijn|無痛|不痛|最好|痛みなし"
    r"|(?:(?:very|sehr|muy|très) )?(?:great|good|excellent|gut|bien|excelente)(?![a-zà-ÿ])"
    r"|(?:非常|很)好"
)
_BAD = (
    r"worst|maximum|unbearable|severe|extreme|schlimmst\w*|stärkst\w*|unerträglich|peor|máxim\w*"
    r"|insoportable|pire|insupportable|peggiore|ergste?|最痛|劇痛|最嚴重|最差"
    r"|(?:(?:very|sehr|muy|très) )?(?:bad|terrible|schlecht|mal|malo)(?![a-zà-ÿ])|(?:非常|很)差"
)
#: A range has no ends of its own, and what stands behind "day", "Q" or the letter of a vertebra is
#: no step of the scale.
_NO_END = re.compile(
    rf"\w*\d{_TO}\d+|(?:\b(?:{_TIMES}|q|questions?|items?|no\.?|nr\.?)|#|第)\s*\d+|\b[a-z]\d+"
)
_END = re.compile(rf"(?<!\d)(?<!\d[.,])(\d{{1,3}})(?![\d.,]\d)|(?<![^\W\d_])(?:({_GOOD})|({_BAD}))")
#: What ties a number to a word where there is only one of each: "10 = no pain", "10 (no pain)".
_TIE = re.compile(
    r"\s*(?:分?\s*[=:(]|(?:is|means|ist|heißt|es|est)\s)\s*(?:the|die|der|das|el|la|le)?\s*"
)
#: What is better the more there is of it; a heading that says so and names no end of its scale.
_GOOD_THING = re.compile(
    r"\b(?:quality|qualität|calidad|qualité|qualidade|qualità|kwaliteit|well-?being|wohlbefinden"
    r"|bienestar|bien-être)\b|schlafqualität|schmerzlinderung|[品質质]{2}|[質质]量"
    r"|^(?:pain )?relief\b|^(?:alivio|soulagement)\b|[緩缓]解(?:程?度)?$"
)
_NAMES_AN_END = re.compile(rf"(?<![^\W\d_])(?:{_GOOD}|{_BAD})")
_ASK_HUNDRED = Said(N_("The heading says a 0-100 scale."), "scale")
_ASK_FAHRENHEIT = Said(N_("The heading says Fahrenheit."), "temperature")
_IS_SHARE = Said(
    N_("The heading says a share of the time. This answer is none. Leave the column out.")
)
_READ = (Kind.SCORE, Kind.CHOICE, Kind.COUNT)


def against(head: str, column: str, choices: Choices) -> Said | None:
    """Why a column with this heading cannot be what it is mapped to; None if it can."""
    measure = MEASURES.get(column)
    if measure is None:
        return None
    said = plain(head).casefold().strip()
    if column == "temperature_c" and re.search(r"°\s*f\b|fahrenheit|\(f\)", said):
        return None if choices.fahrenheit else _ASK_FAHRENHEIT
    if measure.kind not in _READ:
        return None
    if _SHARE.search(said):
        return _IS_SHARE
    if measure.better is Better.LOWER and (problem := _direction(said) or _good_thing(said)):
        return problem
    if measure.kind is not Kind.COUNT and (problem := _scale(said, measure.high or 0, choices)):
        return problem
    for unit, pattern in _PATTERNS.items():
        if unit == "minutes" and measure.kind is Kind.SCORE:
            continue  # The least pain of a day.
        is_long = unit in _LONG and _LONG[unit].search(said) is not None
        if (pattern.search(said) or is_long) and _MAY_BE.get(column) != unit:
            return _IS_IN[unit]
    if column == "steps" and _DISTANCE.search(said) and not _STEPS.search(said):
        return _IS_IN["kilometres"]
    return None


def _direction(said: str) -> Said | None:
    """Why a scale that starts with "none" cannot have this heading: it says that it ends there.

    Both ends decide in the order in which they stand, each a number and a word; of one end alone
    it must be plain that the two belong together.
    """
    said = _NO_END.sub(" ", said)
    found = list(_END.finditer(said))
    if len(found) % 2 and found[0][1] is None:
        found = found[1:]  # "How bad was it (0 = none, 10 = worst)?"
    pairs = list(zip(found[::2], found[1::2], strict=False))
    if len(found) not in (2, 4) or any((one[1] is None) == (two[1] is None) for one, two in pairs):
        return None
    ends = {bool(one[2] or two[2]): int(one[1] or two[1]) for one, two in pairs}
    if len(found) == 2:
        if not _TIE.fullmatch(said[found[0].end() : found[1].start()]):
            return None
        ((is_good, end),) = ends.items()
        is_turned = end > 1 if is_good else end == 0
    else:
        is_turned = len(ends) == 2 and ends[True] > ends[False]
    if not is_turned:
        return None
    told = said[found[0].start() : found[-1].end()].strip()
    return Said(
        N_("The heading says “{told}”. Here 0 is the best. Turn the numbers round."), told=told
    )


def _good_thing(said: str) -> Said | None:
    """Why "sleep quality" cannot be trouble sleeping: its high numbers are the good ones."""
    found = _GOOD_THING.search(said)
    if found is None or _NAMES_AN_END.search(said):
        return None
    return Said(
        N_(
            "The heading says “{told}”, of which more is better. Here 0 is the best. Turn the "
            "numbers round, or call the column by another name."
        ),
        told=found[0],
    )


def _scale(said: str, high: float, choices: Choices) -> Said | None:
    if _HUNDRED.search(said):
        if high != 10:
            return _ends_at(100, high)
        return None if choices.hundred else _ASK_HUNDRED
    for match in (_RANGE.search(_WHEN.sub(" ", said)), _OUT_OF.search(said)):
        end = int(match[match.lastindex or 1]) if match else high
        if end != high:
            return _ends_at(int(end), high)
    return None


def _ends_at(end: int, high: float) -> Said:
    return Said(
        N_(
            "The heading says that the scale ends at {end}. Here it ends at {high}. "
            "Leave the column out."
        ),
        end=end,
        high=f"{high:g}",
    )
