"""The law of numbers: what is said in two places is equal, and is what the exported diary gives.

The plain recomputation below reads the diary file as anybody would, with sums and dates alone; it
shares no code with the program.
"""

import calendar
import csv
import io
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import pytest
from flask import Flask

from recovery_tracker.charts import legend, story_of
from recovery_tracker.cli.wording import assessment_fields
from recovery_tracker.demonstration.stories import stories
from recovery_tracker.domain.flags import Assessment, Status
from recovery_tracker.domain.history import DAILY, TAPERING, History
from recovery_tracker.domain.measures import MEASURES, Better
from recovery_tracker.domain.status import status_sentence
from recovery_tracker.domain.wording import level_words
from recovery_tracker.exchange.diary_csv import diary_text
from recovery_tracker.laboratory.histories import history_of
from recovery_tracker.laboratory.simulate import simulate
from recovery_tracker.reports import summarise
from recovery_tracker.reports.headline import sentence
from recovery_tracker.storage.lines import DayLine
from recovery_tracker.trends import assess
from recovery_tracker.trends.levels import (
    FOLLOWED,
    levels_of,
    period_mean,
)
from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.quiet import sufficiency
from recovery_tracker.web.clinician.sparklines import spark
from recovery_tracker.web.shared import language
from tests.effort import in_turn

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LOWER = ("axial_pain", "limb_pain", "numbness", "mobility", "opioid_doses")
#: What is asked when, as the README has it: daily, from week 6 four days a week, then two.
TAPER = ((0, range(7)), (43, (0, 2, 4, 6)), (85, (0, 3)))
DAYS = 200

#: Days of the best period that a flag names.
BEST_PERIOD = STANDARD.best_length


def best_period(level, latest: int) -> int | None:
    """The day on which the best four weeks end, at the latest on `latest`, as the rules count."""
    towards = -1 if MEASURES[level.measure].better is Better.HIGHER else 1
    found: list[tuple[float, int]] = []
    for last in range(STANDARD.best_first_day + BEST_PERIOD - 1, latest + 1):
        values = level.values[last - BEST_PERIOD + 1 : last + 1]
        known = values[~np.isnan(values)]
        if known.size >= STANDARD.level_entries:
            found.append((round(float(known.mean()) * towards, 9), last))
    return min(found)[1] if found else None


class Plain:
    """The diary file up to a day, and what it says by sums and dates alone."""

    def __init__(self, text: str, operated: date, today: date, *, daily: bool) -> None:
        self.operated, self.today = operated, today
        rows = {date.fromisoformat(row["date"]): row for row in csv.DictReader(io.StringIO(text))}
        self.begun = min(rows, default=operated)
        self.rows = {day: row for day, row in rows.items() if operated <= day <= today}
        self.daily = daily
        self.told = {
            key: {day: int(row[key]) for day, row in self.rows.items() if row.get(key)}
            for key in FOLLOWED
        }
        self.days = [operated + timedelta(days=n) for n in range((today - operated).days + 1)]

    def mean(self, key: str, last: date) -> tuple[float, int] | None:
        for days in (7, 14):
            first = max(self.operated, last - timedelta(days=days - 1))
            found = self.answers(key, first, last)
            if len(found) >= 3:
                return sum(found) / len(found), days
        return None

    def answers(self, key: str, first: date, last: date) -> list[int]:
        start = (first - self.operated).days
        days = self.days[start : (last - self.operated).days + 1]
        return [self.told[key][day] for day in days if day in self.told[key]]

    def is_asked(self, day: date) -> bool:
        if self.daily:
            return True
        pod = (day - self.operated).days
        return day.weekday() in [days for first, days in TAPER if first <= pod][-1]

    def best(self, key: str) -> tuple[float, int] | None:
        """The best of the drawn line: no mean ends inside a gap."""
        means = [self.mean(key, day) for day in self.days if day not in self.gap_days]
        known = [mean for mean in means if mean is not None]
        choose = min if key in LOWER else max
        return choose(known, key=lambda mean: round(mean[0], 9)) if known else None

    @cached_property
    def gap_days(self) -> set[date]:
        """Three days and more without an entry, two of them asked for, from day 2 on."""
        found: set[date] = set()
        run: list[date] = []
        for day in [*self.days, None]:
            if day is not None and day not in self.rows:
                run.append(day)
                continue
            run = [d for d in run if (d - self.operated).days >= 2]
            if len(run) >= 3 and sum(map(self.is_asked, run)) >= 2:
                found.update(run)
            run = []
        return found

    def best_four_weeks(self, key: str) -> float:
        """None of them begins in the first six weeks, and each holds three answers."""
        weeks = (
            self.answers(key, last - timedelta(days=27), last) for last in self.days[42 + 27 :]
        )
        return min(sum(found) / len(found) for found in weeks if len(found) >= 3)

    def months(self) -> int:
        """Whole calendar months since the operation; a day that a month lacks is its last."""
        months, day = 0, self.operated
        while True:
            year, month = divmod(self.operated.year * 12 + self.operated.month + months, 12)
            length = calendar.monthrange(year, month + 1)[1]
            day = date(year, month + 1, min(self.operated.day, length))
            if day > self.today:
                return months
            months += 1

    def counts(self) -> tuple[int, int, int]:
        """Asked days that were written, asked days, and days written unasked."""
        asked = {day for day in self.days if self.is_asked(day) and day >= self.begun}
        return len(asked & set(self.rows)), len(asked), len(set(self.rows) - asked)

    def week(self, key: str, number: int) -> float | None:
        first = self.operated + timedelta(days=7 * number)
        found = self.answers(key, first, min(first + timedelta(days=6), self.today))
        return sum(found) / len(found) if len(found) >= 3 else None


def as_of(history: History, today: date) -> Assessment:
    """The counts of a day without its flags: what this law is about."""
    held = sufficiency(history.known_on(today), today)
    pod = (today - history.index.day).days
    return Assessment(today, pod, Status.NO_RULE_MATCHED, held, (), None, "rules")


def check(history: History, today: date) -> None:
    """Everything that quotes a number of this day quotes the same one."""
    known = history.known_on(today)
    operated = known.index.day
    daily = known.schedule == DAILY
    plain = Plain(diary_text(known.entries), operated, today, daily=daily)
    assessment = as_of(history, today)
    levels = levels_of(history, today)
    story = story_of(history, assessment)
    told = summarise(history, assessment)
    panels = {panel.measure: panel for panel in story.panels}
    lines = tuple(DayLine(e.day, e.axial_pain, e.walking) for e in known.entries)
    for key in FOLLOWED:
        level, last, best = levels.measures[key], plain.mean(key, today), plain.best(key)
        assert (level.last, level.last_span) == (last or (None, 0)), (key, today)
        assert (level.best, level.best_span) == (best or (None, 0)), (key, today)
        words = level_words(key, last[0] if last else None)
        if key in panels and level.answered:
            panel = panels[key]
            assert panel.columns[2] == words
            assert panel.columns[1] == ("–" if best is None else level_words(key, best[0]))
            _, _, note = story.window_notes(panel)
            two = (story.heads[2] == "Last 2 weeks") != bool(note)
            assert last is None or two == (last[1] == 14)
            span = "two weeks" if last and last[1] == 14 else "week"
            assert f"last {span} {words}" in story.description
        if level.best is not None:
            said = sentence(level, known.region)
            assert last is None or words in said
            assert ("over two weeks" in said) <= (last is not None and last[1] == 14)
        if key in ("axial_pain", "walking") and last is not None:
            glance = spark(key, lines, today, operated)
            assert glance.value == words
            assert ("2 weeks" in glance.change) == (last[1] == 14)
    check_counts(plain, assessment, told)
    pod = (today - operated).days
    if pod >= 183:
        assert told.now == f"Day {pod}, month {plain.months()}"
    _, rows = story.tabled()
    for row in rows:
        for cell, key in zip(row[1:], levels_shown(levels), strict=False):
            week = plain.week(key, int(row[0]))
            assert cell == ("–" if week is None else level_words(key, week))
    assert sum(int(row[-1]) for row in rows) == len(plain.rows)
    fourteen = any(
        14 in set(level.spans[~(level.line != level.line)])
        for level in levels.measures.values()
        if level.measure in panels
    )
    assert ("of 14" in legend(story)) == fourteen


def levels_shown(levels):
    return [key for key in FOLLOWED if levels.measures[key].answered]


def check_flags(history: History, today: date) -> Counter[str]:
    """What a flag calls usual, or the best four weeks, is that of the diary and of the page."""
    checked: Counter[str] = Counter()
    for flag in assess(history, today).episodes:
        # Everything about a flag is as it was known on the day it was raised.
        known = history.known_on(flag.raised_on)
        text = diary_text(known.entries)
        plain = Plain(text, known.index.day, flag.raised_on, daily=known.schedule == DAILY)
        told = {reason.code: reason.values for reason in flag.evidence_for}
        if usual := told.get("usual_from"):
            found = plain.answers(flag.signals[0].measure, usual["first"], usual["last"])
            assert flag.signals[0].before == pytest.approx(sum(found) / len(found), abs=0.006)
            checked["usual"] += 1
        if best := told.get("best_so_far"):
            level = levels_of(known, flag.raised_on).measures[best["measure"]]
            last = best_period(level, (flag.raised_on - known.index.day).days)
            assert last is not None
            assert round(period_mean(level, last, BEST_PERIOD), 1) == best["best"]
            assert best["best"] == round(plain.best_four_weeks(best["measure"]), 1)
            checked["best"] += 1
    return checked


def check_counts(plain: Plain, assessment: Assessment, told) -> None:
    kept, asked, unasked = plain.counts()
    assert (told.logged, told.expected) == (kept, asked)
    if kept + unasked:
        assert f"{kept} of {asked} expected days logged" in told.sufficiency
    assert f"{kept} of {asked} expected days were logged" in status_sentence(assessment)
    more = re.findall(r"(\d+) more days? (?:was|were) logged without", told.sufficiency)
    assert [int(n) for n in more] == ([unasked] if unasked else [])
    fields = assessment_fields(assessment, plain_region)
    assert (fields["days_logged"], fields["days_expected"]) == (kept + unasked, asked)


plain_region = simulate(1, 30, 1).diaries.region[0]


def ten_days(history: History, last: date) -> list[date]:
    """Ten days spread over a recovery, the last one among them."""
    length = (last - history.index.day).days
    return [history.index.day + timedelta(days=length * n // 10) for n in range(1, 11)]


def simulated(count: int, seed: int):
    """Diaries of two hundred days: every second one tapers and skips most days it is not asked."""
    cohort = simulate(count, DAYS, seed)
    for row in range(count):
        history = history_of(cohort, row, date(2026, 1, 12))
        if row % 2:
            kept = tuple(
                entry
                for entry in history.entries
                if TAPERING.expects(entry.day, history.index) or entry.day.day % 5 == row % 5
            )
            history = History(history.operations, kept, schedule=TAPERING)
        yield history, history.index.day + timedelta(days=DAYS - 1)


@pytest.fixture
def page():
    """Words of pages, in English."""
    app = Flask(__name__)
    language.init_app(app)
    with app.test_request_context():
        yield


def test_every_number_of_forty_simulated_diaries_is_one_number(page):
    checked: Counter[str] = Counter()
    for history, last in simulated(40, 51):
        for day in ten_days(history, last)[1::4]:
            check(history, day)
        checked += check_flags(history, last)
    assert set(checked) == {"usual", "best"}


def test_every_number_of_the_demonstration_is_one_number(page):
    """The two-year visit, the eager, the silent and those not operated on yet."""
    for story in stories(NOW)[::4]:
        if story.history.index.day < NOW.date():
            for day in ten_days(story.history, NOW.date())[::3]:
                check(story.history, day)
            check_flags(story.history, NOW.date())


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", in_turn(range(52, 58)))
def test_every_number_of_three_hundred_simulated_diaries_is_one_number(page, seed):
    """Fifty a day in turn, all three hundred where the whole effort is asked for."""
    for history, last in simulated(50, seed):
        for day in ten_days(history, last):
            check(history, day)
        check_flags(history, last)


@pytest.mark.slow
def test_every_number_of_all_the_demonstration_is_one_number(page):
    for story in stories(NOW):
        if story.history.index.day < NOW.date():
            for day in ten_days(story.history, NOW.date()):
                check(story.history, day)
            check_flags(story.history, NOW.date())
