"""Steps in the picture: one source, beside the own usual from before, and nothing made up."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from recovery_tracker.charts import ChartStory, describe, draw_recovery, legend, story_of, table
from recovery_tracker.domain.history import History
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.passive import PassiveKind, PassiveValue, step_sources
from recovery_tracker.fonts import REPLACEMENT
from recovery_tracker.trends.step_course import EXPECTED, SHARES, published_share, step_course

from .recoveries import OPERATION, recovery
from .test_geometry import crossings

PHONE, WATCH = "Ana’s iPhone", "Watch"


def counted(steps: dict[int, float], source: str = PHONE) -> list[PassiveValue]:
    return [
        PassiveValue(OPERATION + timedelta(days=day), PassiveKind.STEPS, source, value)
        for day, value in steps.items()
    ]


def walked(history: History, *series: list[PassiveValue]) -> History:
    """The history with the first series as the source that is read."""
    everything = [value for values in series for value in values]
    return replace(history, passive=tuple(series[0]), step_sources=step_sources(everything))


#: 6,000 a day before, 3,000 from the operation on, none in days 20 to 26, half on Sundays.
STEPS = {
    day: (6000.0 if day < 0 else 3000.0) / (2 if day % 7 == 0 else 1)
    for day in range(-200, 100)
    if not 20 <= day <= 26
}


def told(days: int = 100, **more: bool) -> ChartStory:
    history, assessment = recovery(days, **more)
    watch = counted(dict.fromkeys(range(60, days), 12_000.0), WATCH)
    return story_of(walked(history, counted(STEPS), watch), assessment)


def test_a_diary_without_a_device_has_the_picture_that_it_had():
    history, assessment = recovery(100)
    story = story_of(history, assessment)
    assert [p.measure for p in story.panels][-1] == "walking"
    assert "teps" not in describe(story) + legend(story) + " ".join(table(story)[0])


def test_before_best_and_now_are_numbers_and_shares_of_the_own_usual():
    story = told()
    panel = story.panels[-1]
    assert panel.measure == "steps"
    # Every week holds one Sunday: the geometric mean of six days and half a day.
    usual = 6000 / 2 ** (1 / 7)
    assert panel.before == pytest.approx(usual, rel=0.01)
    assert panel.columns == ("5450", "2730", "2720")
    assert story.window_notes(panel) == ("", "50 %", "50 %")
    assert "before the operation 5450" in describe(story)
    assert "last week 2720 (50 %)" in describe(story)
    header, rows = table(story)
    assert header[-2:] == ("Steps", "Days logged")
    assert rows[5][-2] == "2720"
    assert rows[3][-2] == "–"


def test_a_day_without_steps_is_a_gap_and_never_nought():
    values = {**STEPS, 50: 0.0, 51: 30.0}
    history, assessment = recovery(100)
    panel = story_of(walked(history, counted(values)), assessment).panels[-1]
    assert panel.gaps == ((20, 26),)
    assert not {20, 23, 26, 50, 51} & set(panel.days)
    assert not {day for day, _ in panel.line} & set(range(20, 27))
    assert min(panel.values) >= 1500
    # The diary's own gap is none of the steps.
    assert {37, 39, 41} <= set(panel.days)


def test_a_new_watch_is_marked_and_not_added():
    panel = told().panels[-1]
    assert panel.marks == (60,)
    assert max(panel.values) == 3000
    assert any("Watch" in remark and "14 Feb" in remark for remark in panel.remarks)
    alone, assessment = recovery(100)
    short = counted(dict.fromkeys(range(60, 64), 12_000.0), WATCH)
    assert story_of(walked(alone, counted(STEPS), short), assessment).panels[-1].marks == ()


def test_without_the_months_before_there_is_no_share():
    history, assessment = recovery(100)
    late = {day: steps for day, steps in STEPS.items() if day >= -60}
    few = {day: steps for day, steps in STEPS.items() if day >= -5}
    panel = story_of(walked(history, counted(late)), assessment).panels[-1]
    assert panel.columns[0] == "5470"
    assert any("last twelve weeks" in remark for remark in panel.remarks)
    panel = story_of(walked(history, counted(few)), assessment).panels[-1]
    assert (panel.before, panel.columns[0], panel.middle) == (None, "–", ())
    assert panel.notes == ("", "", "")


def test_nothing_of_tomorrow_is_drawn():
    history, assessment = recovery(100)
    history = walked(history, counted(STEPS))
    early = step_course(history, OPERATION + timedelta(days=40))
    assert early is not None
    assert early.values.size == 41
    assert step_course(history, OPERATION - timedelta(days=1)) is None
    assert assessment.postoperative_day == 99


def test_the_published_course_is_drawn_where_it_was_measured_and_nowhere_else():
    middle = dict(told().panels[-1].middle)
    assert (min(middle), max(middle)) == (7, 28)
    assert middle[7] == pytest.approx(0.29 * 5440, rel=0.01)
    assert np.isnan(published_share(np.array([3.0, 29.0, 200.0]))).all()
    assert all(row.source and row.people for row in EXPECTED)
    page = (Path(__file__).parents[2] / "docs" / "trends.md").read_text("utf-8")
    table = page.split("<!-- steps:begin -->")[1].split("<!-- steps:end -->")[0]
    rows = [f"| {r.what} | {r.value} | {r.people} | {r.source} |" for r in EXPECTED]
    assert table.strip().splitlines()[2:] == rows
    assert [row.value for row in EXPECTED[: len(SHARES)]] == ["29%", "63%", "77%"]


def test_nothing_is_cut_or_lies_over_another_with_steps():
    for story in (told(), told(opioids=True), told(14)):
        for size in ("wide", "narrow", "print"):
            assert crossings(draw_recovery(story, size=size)) == ([], []), size


def test_a_number_of_steps_is_written_without_a_comma():
    history, assessment = recovery(100)
    many = {day: steps * 4 for day, steps in STEPS.items()}
    panel = story_of(walked(history, counted(many)), assessment).panels[-1]
    assert re.fullmatch(r"\d\d\xa0\d{3}", panel.columns[0])


def test_every_medicine_keeps_its_name_however_low_its_row_is():
    history, assessment = recovery(100, opioids=True)
    taken = tuple(
        Medicine(OPERATION + timedelta(days=day), name, 10, "mg", 2)
        for day, name in (
            (0, "Oxycodone"),
            (9, "Paracetamol"),
            (40, "Pregabalin prolonged release"),
        )
    )
    story = story_of(walked(replace(history, medicines=taken), counted(STEPS)), assessment)
    for size in ("wide", "narrow", "print"):
        sheet = draw_recovery(story, size=size)
        said = " ".join(one.text for one in sheet.texts)
        assert all(name in said for name in ("Oxycodone", "Parace", "Pregab")), size
        assert crossings(sheet) == ([], []), size


def test_what_no_face_has_in_the_name_of_a_medicine_is_a_visible_square():
    history, assessment = recovery(100)
    taken = (Medicine(OPERATION, "\N{PILL} Ibuprofen", 400, "mg", 3),)
    story = story_of(replace(history, medicines=taken), assessment)
    for size in ("wide", "narrow", "print"):
        said = " ".join(one.text for one in draw_recovery(story, size=size).texts)
        assert f"{REPLACEMENT} Ibu" in said, size
        assert "\N{PILL}" not in said, size
