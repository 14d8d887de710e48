"""What differs between countries: whom to call, and how dates, paper and temperature are written.

Only defaults, shown at set-up to be checked: the installation stores what the person in charge
confirmed. A country that is not listed has no default number, so one must be typed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from .language import N_

#: The day on which the numbers below were compared with public lists and country pages. A number
#: stays good for `GOOD_FOR`; after that `recovery-tracker check` warns. Our default.
CHECKED_ON = date(2026, 11, 29)
GOOD_FOR = timedelta(days=365)


class DateOrder(StrEnum):
    """Order in which a short date is written."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"


@dataclass(frozen=True, slots=True)
class Place:
    """One country. Numbers are written as people dial them there."""

    code: str
    name: str
    #: The ambulance; if several numbers are usual, the first is offered.
    emergency: tuple[str, ...]
    #: Non-urgent medical advice by phone; "" where there is no national line.
    advice_line: str = ""
    dates: DateOrder = DateOrder.DAY_FIRST
    #: `a4` or `letter`.
    paper: str = "a4"
    #: `C` or `F`.
    temperature: str = "C"
    #: A crisis line, by phone; "" if we know of no national one.
    crisis_line: str = ""
    #: When these numbers were last compared with published ones; None where there are none.
    checked_on: date | None = CHECKED_ON
    #: Where a number does not work, as a sentence for the reader; "" if it works everywhere.
    note: str = ""


_PLACES = (
    Place(
        "AR",
        N_("Argentina"),
        ("911", "107"),
        note=N_(
            "107 is the ambulance in Buenos Aires, Córdoba, Tierra del Fuego and Jujuy; elsewhere"
            " call 911."
        ),
    ),
    Place("AT", N_("Austria"), ("144", "112"), "1450"),
    Place(
        "AU",
        N_("Australia"),
        ("000", "112"),
        "1800 022 222",
        crisis_line="13 11 14",
        note=N_("112 works from mobile phones only."),
    ),
    Place("BE", N_("Belgium"), ("112",), crisis_line="1813"),
    Place("BR", N_("Brazil"), ("192",), crisis_line="188"),
    Place(
        "CA",
        N_("Canada"),
        ("911",),
        "811",
        DateOrder.YEAR_FIRST,
        "letter",
        crisis_line="988",
        note=N_("811 does not reach Manitoba: call 1 888 315 9257 there."),
    ),
    Place("CH", N_("Switzerland"), ("144", "112"), crisis_line="143"),
    Place("CN", N_("China"), ("120",), "", DateOrder.YEAR_FIRST, crisis_line="12356"),
    Place("CZ", N_("Czechia"), ("155", "112")),
    Place("DE", N_("Germany"), ("112",), "116117", crisis_line="0800 1110111"),
    Place("DK", N_("Denmark"), ("112",)),
    Place("ES", N_("Spain"), ("112",), crisis_line="024"),
    Place(
        "FI",
        N_("Finland"),
        ("112",),
        "116117",
        note=N_(
            "116117 may not reach Åland, Lapland and Länsi-Pohja: call the local clinic there."
        ),
    ),
    Place("FR", N_("France"), ("15", "112"), crisis_line="3114"),
    Place(
        "GB",
        N_("United Kingdom"),
        ("999", "112"),
        "111",
        crisis_line="116 123",
        note=N_(
            "111 does not reach Northern Ireland: call the GP out-of-hours service there, listed on"
            " gpoutofhours.hscni.net."
        ),
    ),
    Place("GR", N_("Greece"), ("166", "112")),
    Place("HK", N_("Hong Kong"), ("999",)),
    Place("IE", N_("Ireland"), ("112", "999"), crisis_line="116 123"),
    Place("IL", N_("Israel"), ("101",)),
    Place("IN", N_("India"), ("112", "108")),
    Place("IT", N_("Italy"), ("112", "118")),
    Place(
        "JP",
        N_("Japan"),
        ("119",),
        "#7119",
        DateOrder.YEAR_FIRST,
        note=N_("#7119 works in some areas only."),
    ),
    Place("KR", N_("South Korea"), ("119",), "", DateOrder.YEAR_FIRST, crisis_line="109"),
    Place("MX", N_("Mexico"), ("911",), "", DateOrder.DAY_FIRST, "letter"),
    Place("NL", N_("Netherlands"), ("112",), crisis_line="113"),
    Place("NO", N_("Norway"), ("113", "112"), "116117", crisis_line="116 123"),
    Place("NZ", N_("New Zealand"), ("111",), "0800 611 116", crisis_line="1737"),
    Place("PL", N_("Poland"), ("112", "999")),
    Place("PT", N_("Portugal"), ("112",), "808 24 24 24", crisis_line="1411"),
    Place("SE", N_("Sweden"), ("112",), "1177", DateOrder.YEAR_FIRST, crisis_line="90101"),
    Place("SG", N_("Singapore"), ("995",), crisis_line="1767"),
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
    Place(
        "ZA",
        N_("South Africa"),
        ("10177", "112"),
        crisis_line="0800 567 567",
        note=N_("112 works from mobile phones only."),
    ),
)

#: Every country with a default, by ISO 3166 code.
COUNTRIES: Mapping[str, Place] = MappingProxyType({place.code: place for place in _PLACES})

#: Used for a country without an entry: no number is guessed.
ELSEWHERE = Place("", N_("Another country"), (), checked_on=None)


def place_of(code: str) -> Place:
    """The country with that code; `ELSEWHERE`, without a number, where it is not listed."""
    return COUNTRIES.get(code.upper(), ELSEWHERE)
