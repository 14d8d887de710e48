"""A birth date is found however it is typed."""

from datetime import date

import pytest

from recovery_tracker.domain.birth_dates import birth_dates

BORN = date(1960, 5, 13)


@pytest.mark.parametrize(
    "typed",
    [
        *("1960-05-13", "13.5.1960", "13/05/1960", "5/13/1960", "13 5 60", "13-05-60", "1960/5/13"),
        *("13 May 1960", "13th of May 1960", "May 13, 1960", "13-MAY-60", "1960 May 13"),
        *("13 de mayo de 1960", "13 de mayo del 60", "mayo 13, 1960", "Nacida el 13/05/1960"),
        *("1960年5月13日", "民國49年5月13日", "49.5.13", "049/05/13", "１９６０年５月１３日"),
        *("13051960", "19600513", "05131960", "0490513", "DOB 13 May 1960"),
        *("f. nac. 13/05/1960", "F.N. 13-5-60", "fec. de nac.: 13.5.1960", "d.o.b. 13/05/1960"),
        *("出生日期：1960/5/13", "出生年月日 49.5.13"),
    ],
)
def test_it_is_among_the_days_that_may_be_meant(typed: str) -> None:
    assert BORN in birth_dates(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3 de diciembre de 1971", date(1971, 12, 3)),
        ("3 dic 1971", date(1971, 12, 3)),
        ("1 set 1948", date(1948, 9, 1)),
        ("7 agosto 1955", date(1955, 8, 7)),
        ("2 Sept 1990", date(1990, 9, 2)),
        ("4 de março", None),
    ],
)
def test_months_are_read_in_english_and_spanish(typed: str, day: date | None) -> None:
    assert birth_dates(typed) == ([] if day is None else [day])


@pytest.mark.parametrize(
    "typed",
    ["Anna", "May", "June Miller", "DEMO-005", "Anna 13 May 1960", "13 14 15 16", "31.2.1960"],
)
def test_what_is_no_date_finds_no_day(typed: str) -> None:
    assert birth_dates(typed) == []
