"""What differs from country to country: whom to call, and how dates, paper and heat are written.

Only defaults, shown at set-up to be checked: the installation stores what the person in charge
confirmed. A country that is not listed has no default number, so one must be typed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from .language import N_


class DateOrder(StrEnum):
    """Order in which a short date is written."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"


@dataclass(frozen=True, slots=True)
class Place:
    """One country. Numbers are written as they are dialled there."""

    code: str
    name: str
    #: The ambulance; more than one where more than one is usual, the first is offered.
    emergency: tuple[str, ...]
    #: Non-urgent medical advice by phone; "" where there is no national line.
    advice_line: str = ""
    dates: DateOrder = DateOrder.DAY_FIRST
    #: `a4` or `letter`.
    paper: str = "a4"
    #: `C` or `F`.
    temperature: str = "C"
    #: Somebody to talk to in despair, by phone; "" where we know of no national line.
    crisis_line: str = ""


_PLACES = (
    Place("AR", N_("Argentina"), ("107",)),
    Place("AT", N_("Austria"), ("144", "112"), "1450"),
    Place("AU", N_("Australia"), ("000", "112"), "1800 022 222", crisis_line="13 11 14"),
    Place("BE", N_("Belgium"), ("112",)),
    Place("BR", N_("Brazil"), ("192",)),
    Place("CA", N_("Canada"), ("911",), "811", DateOrder.YEAR_FIRST, "letter", crisis_line="988"),
    Place("CH", N_("Switzerland"), ("144", "112")),
    Place("CN", N_("China"), ("120",), "", DateOrder.YEAR_FIRST),
    Place("CZ", N_("Czechia"), ("155", "112")),
    Place("DE", N_("Germany"), ("112",), "116117", crisis_line="0800 1110111"),
    Place("DK", N_("Denmark"), ("112",)),
    Place("ES", N_("Spain"), ("112",), crisis_line="024"),
    Place("FI", N_("Finland"), ("112",), "116117"),
    Place("FR", N_("France"), ("15", "112"), crisis_line="3114"),
    Place("GB", N_("United Kingdom"), ("999", "112"), "111", crisis_line="116 123"),
    Place("GR", N_("Greece"), ("166", "112")),
    Place("HK", N_("Hong Kong"), ("999",)),
    Place("IE", N_("Ireland"), ("112", "999"), crisis_line="116 123"),
    Place("IL", N_("Israel"), ("101",)),
    Place("IN", N_("India"), ("112", "108")),
    Place("IT", N_("Italy"), ("112", "118")),
    Place("JP", N_("Japan"), ("119",), "#7119", DateOrder.YEAR_FIRST),
    Place("KR", N_("South Korea"), ("119",), "", DateOrder.YEAR_FIRST),
    Place("MX", N_("Mexico"), ("911",), "", DateOrder.DAY_FIRST, "letter"),
    Place("NL", N_("Netherlands"), ("112",), crisis_line="113"),
    Place("NO", N_("Norway"), ("113", "112"), "116117"),
    Place("NZ", N_("New Zealand"), ("111",), "0800 611 116", crisis_line="1737"),
    Place("PL", N_("Poland"), ("112", "999")),
    Place("PT", N_("Portugal"), ("112",), "808 24 24 24"),
    Place("SE", N_("Sweden"), ("112",), "1177", DateOrder.YEAR_FIRST),
    Place("SG", N_("Singapore"), ("995",)),
    Place("TR", N_("Turkey"), ("112",)),
    Place("TW", N_("Taiwan"), ("119",), "", DateOrder.YEAR_FIRST, crisis_line="1925"),
    Place(
        "US",
        N_("United States"),
        ("911",),
        "",
        DateOrder.MONTH_FIRST,
        "letter",
        "F",
        crisis_line="988",
    ),
    Place("ZA", N_("South Africa"), ("10177", "112")),
)

#: Every country with a default, by ISO 3166 code.
COUNTRIES: Mapping[str, Place] = MappingProxyType({place.code: place for place in _PLACES})

#: Used for a country without an entry: no number is guessed.
ELSEWHERE = Place("", N_("Another country"), ())


def place_of(code: str) -> Place:
    """The country with that code; `ELSEWHERE`, without a number, where it is not listed."""
    return COUNTRIES.get(code.upper(), ELSEWHERE)
