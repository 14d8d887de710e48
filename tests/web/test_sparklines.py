"""The small drawings of the list: short to send, and the same lines as written at length."""

import re
from datetime import timedelta
from itertools import accumulate

import numpy as np

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.surgery import Region
from recovery_tracker.services import reassess
from recovery_tracker.storage import diary, people
from recovery_tracker.storage.lines import DayLine
from recovery_tracker.storage.listing import PAGE_SIZE
from recovery_tracker.web.clinician.sparklines import (
    SPAN,
    _path,
    _x,
    _y,
    recent_words,
    spark,
    strip,
)
from tests.crowd import multiply
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import new_diarist

TODAY = NOW.date()

OPERATED = TODAY - timedelta(days=200)


def days(count: int = SPAN + 13) -> tuple[DayLine, ...]:
    """A diary whose pain goes up and down."""
    each = (TODAY - timedelta(days=ago) for ago in reversed(range(count)))
    return tuple(DayLine(day, day.toordinal() * 7 % 11, day.toordinal() % 5) for day in each)


def places(path: str) -> list[tuple[float, float]]:
    """The points of a path, as a browser reads it."""
    first, steps = re.fullmatch(r"M([^l]+)l(.+)", path).groups()
    x, y, *rest = (float(one) for one in re.findall(r"-?\d*\.?\d+", f"{first} {steps}"))
    moves = list(zip(rest[::2], rest[1::2], strict=True))
    return list(accumulate(moves, lambda a, b: (a[0] + b[0], a[1] + b[1]), initial=(x, y)))


def test_a_line_passes_every_day_closely_in_few_steps():
    answers = np.random.default_rng(3).uniform(0, 10, SPAN + 6)
    heights = _y(np.convolve(answers, np.ones(7) / 7, "valid"), 10)
    drawn = places(_path(range(SPAN), heights))
    assert drawn[0] == (2, round(heights[0], 1))
    for day, height in enumerate(heights):
        assert abs(height - np.interp(_x(day), *zip(*drawn, strict=True))) < 0.5
    assert len(_path(range(SPAN), np.linspace(5, 30, SPAN))) < 20


def test_a_row_of_the_list_is_short(clinic):
    with clinic.app.test_request_context():
        picture = spark("axial_pain", days(), TODAY, OPERATED, region=Region.LUMBAR).picture
    assert picture.count("<path") == 3
    assert len(picture) < 700
    assert 'class="y" d="M0.5 7h96"' in strip(days(), TODAY)


def test_days_without_an_entry_are_empty_marks():
    logged = strip((*days(14)[:2], *days(14)[4:10]), TODAY)
    filled, empty = re.findall(r'd="([^"]+)"', logged)
    assert filled == "M0.5 7h12M28.5 7h40"
    assert re.findall(r"M(\d+)\.5", empty) == ["14", "21", "70", "77", "84", "91"]


def test_a_full_page_is_not_large_where_every_patient_has_a_flag(clinic):
    """Fifty rows with restless lines, the course behind them and a flag marked on them."""
    nora = new_diarist(clinic, days_ago=100)
    noise = np.random.default_rng(5)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=NOW)
        for ago in range(95, -1, -1):
            at = NOW - timedelta(days=ago)
            pain = int(noise.integers(1, 3)) + 4 * (ago < 30)
            walking = 3 - (ago % 9 < 2)
            entry = DiaryEntry(at.date(), axial_pain=pain, walking=walking, recorded_at=at)
            diary.save_version(session, nora.patient.id, entry, by=SYSTEM, at=at)
    reassess(clinic.database, nora.patient.id, today=TODAY, at=NOW)
    multiply(clinic.database, 60)
    page = clinic.signed_in("carol").page("/clinic/patients?show=review").text
    assert page.count('role="rowheader"') == PAGE_SIZE
    assert page.count('class="fl"') == 2 * PAGE_SIZE
    assert len(page.encode()) < 100_000


def beside_an_urgent_flag(clinic, answers: dict[int, int], key: str = "axial_pain") -> str:
    """The change that the list tells there of these answers by days ago."""
    with clinic.app.test_request_context():
        lines = [DayLine(TODAY - timedelta(days=ago), a, a) for ago, a in answers.items()]
        return recent_words(key, tuple(reversed(lines)), TODAY, OPERATED, worse_only=True)[1]


def test_what_got_worse_is_told_of_whoever_keeps_to_two_entries_a_week(clinic):
    """Weeks with two answers: the mean of two weeks stands in, and it is said."""
    twice_a_week = [ago for week in range(0, 56, 7) for ago in (week + 1, week + 5)]
    pain = {ago: 7 if ago < 14 else 2 for ago in twice_a_week}
    assert beside_an_urgent_flag(clinic, pain) == "over 2 weeks, +5 since 27 Feb"
    walking = {ago: 0 if ago < 14 else 4 for ago in twice_a_week}
    assert beside_an_urgent_flag(clinic, walking, "walking") == "over 2 weeks, less since 27 Feb"
    assert beside_an_urgent_flag(clinic, dict.fromkeys(twice_a_week, 2)) == "over 2 weeks"


def test_of_equal_weeks_the_last_is_the_one_since_which_it_got_worse(clinic):
    pain = {ago: 7 if ago < 7 else 2 for ago in range(60)}
    assert beside_an_urgent_flag(clinic, pain) == "+5 since 5 Mar"
