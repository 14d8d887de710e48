"""What the chart tells is what the diary holds: no more, and nothing made up."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from recovery_tracker.charts import describe, legend, story_of, table
from recovery_tracker.charts.events import EVENT_PITCH, SYMBOL, place_events
from recovery_tracker.charts.flag_fields import Field
from recovery_tracker.charts.layout import PRINT, WIDE, narrow_layout, wide_layout
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import MeasureChange
from recovery_tracker.domain.history import DAILY, TAPERING, EventKind, History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.trends.assessment import assess
from recovery_tracker.trends.levels import asked_days, levels_of

from .recoveries import OPERATION, recovery


def diary(scores, *, schedule=DAILY, measure="axial_pain"):
    """A history from one score a day; None is a day without an entry."""
    return History(
        (Operation(OPERATION, Region.LUMBAR),),
        tuple(
            DiaryEntry(OPERATION + timedelta(days=day), **{measure: score})
            for day, score in enumerate(scores)
            if score is not None
        ),
        schedule=schedule,
    )


def level(scores, **options):
    history = diary(scores, **options)
    today = OPERATION + timedelta(days=len(scores) - 1)
    measure = options.get("measure", "axial_pain")
    return levels_of(history, today).measures[measure]


def test_line_needs_three_entries_in_seven_days():
    line = level([4, None, 4, None, 4]).line
    assert [str(value) for value in line] == ["nan", "nan", "nan", "nan", "4.0"]


def test_line_breaks_where_three_days_are_missing():
    levels = levels_of(diary([5] * 10 + [None] * 3 + [5] * 7), OPERATION + timedelta(days=19))
    assert levels.gaps == ((10, 12),)
    line = levels.measures["axial_pain"].line
    assert all(str(line[day]) == "nan" for day in (10, 11, 12))


def test_two_missing_days_are_no_gap():
    assert levels_of(diary([5] * 9 + [None] * 2 + [5]), OPERATION + timedelta(days=11)).gaps == ()


def test_best_and_last_week_of_a_recovery_that_turned():
    told = level([8] * 7 + [2] * 7 + [6] * 7)
    assert (told.best, told.best_day, told.last) == (2.0, 13, 6.0)
    assert told.change == 4.0


def test_more_walking_is_better_walking():
    told = level([1] * 7 + [4] * 7 + [2] * 7, measure="walking")
    assert told.best == 4.0
    assert told.change == 2.0


def test_before_is_what_was_stated_else_the_mean_of_earlier_entries():
    history, _ = recovery(20)
    assert levels_of(history, OPERATION).measures["axial_pain"].before == 7
    earlier = History(
        (Operation(OPERATION, Region.LUMBAR),),
        tuple(DiaryEntry(OPERATION - timedelta(days=d), walking=w) for d, w in ((2, 1), (1, 2))),
    )
    measures = levels_of(earlier, OPERATION).measures
    assert measures["walking"].before == 1.5
    assert measures["axial_pain"].before is None


def test_nothing_recorded_is_not_zero():
    told = level([None] * 20)
    assert (told.best, told.last, told.answered) == (None, None, 0)


def test_twice_a_week_is_neither_a_gap_nor_too_few():
    """From day 85 the diary asks on two days a week; who answers those leaves nothing out."""
    asked = asked_days(TAPERING, OPERATION, 150)
    scores = [3 if asks else None for asks in asked]
    levels = levels_of(diary(scores, schedule=TAPERING), OPERATION + timedelta(days=149))
    assert levels.gaps == ()
    assert levels.measures["axial_pain"].last == 3.0


def test_an_entry_of_tomorrow_is_not_known_today():
    history = diary([5] * 10)
    assert levels_of(history, OPERATION + timedelta(days=4)).measures["axial_pain"].answered == 5


def test_late_days_are_hollow_and_the_flag_shows_both_dates():
    history, assessment = recovery(86)
    story = story_of(history, assessment)
    late = [entry.day for entry in history.entries if entry.days_late >= 2]
    drawn = {
        day
        for panel in story.panels
        for day, is_late in zip(panel.days, panel.late, strict=True)
        if is_late
    }
    known = {(day - OPERATION).days for day in late if (day - OPERATION).days < 83}
    assert drawn == known
    assert story.lead is not None
    assert story.lead.label == "Began about 19 Feb, noticed 2 Mar"


def test_pain_that_never_went_down_is_drawn_from_the_day_it_was_noticed():
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    flat = replace(flag, onset=OPERATION, onset_first=OPERATION, onset_last=OPERATION)
    story = story_of(history, replace(assessment, episodes=(flat,)))
    assert story.lead is not None
    assert story.lead.start == 76
    assert story.lead.label == "Noticed 2 Mar"


@pytest.mark.parametrize("count", [0, 1, 11, 40])
@pytest.mark.parametrize("crowded", [False, True])
def test_no_event_is_without_a_symbol_and_none_without_its_words(count, crowded):
    """Forty events in six weeks, or over the whole recovery: each has a number, a place, a line in
    the key."""
    days = [(40 + i if crowded else 2 * i, EventKind.OTHER, f"Event {i}") for i in range(count)]
    history, assessment = recovery(90, events=tuple(days))
    story = story_of(history, replace(assessment, episodes=()))
    told = len({day for day, _, _ in days} | {80})
    assert len(story.events) == len(story.key) == told
    for layout in (wide_layout(story, *WIDE), wide_layout(story, *PRINT), narrow_layout(story)):
        placed = place_events(story, layout)
        assert [event.number for event in placed] == list(range(1, told + 1))
        assert all(0 < event.x < layout.width for event in placed)
        top = layout.events_from + EVENT_PITCH * (1 + max(event.row for event in placed))
        assert top <= layout.height
        for one, other in combinations(placed, 2):
            assert one.row != other.row or abs(one.x - other.x) >= SYMBOL - 1e-6


def test_what_was_written_about_an_event_stands_after_what_it_was():
    """A fall told as "in the bath" is a fall; those words alone have the patient's language."""
    events = (
        (30, EventKind.FALL, "in the bath"),
        (30, EventKind.VISIT, ""),
        (40, EventKind.OTHER, "new bed"),
    )
    history, assessment = recovery(60, events=events)
    story = story_of(history, replace(assessment, episodes=()))
    assert [event.label for event in story.events] == ["Fall: in the bath, Visit", "new bed"]
    assert "15 Jan Fall: in the bath, Visit; 25 Jan new bed." in describe(story)
    own = [text for text, language in story.key_pieces("es") if language]
    assert own == ["in the bath", "new bed"]


def test_only_panels_with_the_evidence_of_a_flag_are_shaded():
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    (signal, *_) = flag.signals or (MeasureChange("axial_pain", 2, 5, 20, 1),)
    story = story_of(
        history, replace(assessment, episodes=(replace(flag, signals=(signal,), evidence_for=()),))
    )
    assert story.lead is not None
    assert story.lead.measures == ("axial_pain",)
    assert story.lead.onset == (61, 69)
    # An answer has a day and no panel.
    told = replace(flag, signs=("fever",), signals=(), evidence_for=())
    lead = story_of(history, replace(assessment, episodes=(told,))).lead
    assert lead is not None
    assert (lead.measures, lead.onset) == ((), None)


def test_zoom_cuts_the_picture_but_not_the_numbers():
    history, assessment = recovery(86)
    whole, close = story_of(history, assessment), story_of(history, assessment, first=60)
    assert [p.columns for p in whole.panels] == [p.columns for p in close.panels]
    assert min(day for panel in close.panels for day in panel.days) >= 60


def test_painkillers_have_a_panel_only_when_recorded():
    without, with_them = recovery(40), recovery(40, opioids=True)
    assert "opioid_doses" not in {p.measure for p in story_of(*without).panels}
    assert "opioid_doses" in {p.measure for p in story_of(*with_them).panels}


@pytest.mark.parametrize("days", [0, 1, 14, 90, 3650])
def test_words_and_table_say_the_same_as_the_picture(days):
    history, assessment = recovery(days)
    story = story_of(history, assessment)
    header, rows = table(story)
    assert all(len(row) == len(header) for row in rows)
    assert sum(int(row[-1]) for row in rows) == sum(
        entry.day <= assessment.as_of and entry.recorded_on() <= assessment.as_of
        for entry in history.entries
    )
    if history.entries:
        last = next(panel for panel in story.panels if panel.measure == "axial_pain").columns[2]
        assert f"last week {last}" in describe(story)
    else:
        assert "no entries" in describe(story)


def test_the_legend_names_the_marks_of_this_picture_and_no_others():
    every = legend(story_of(*recovery(90)))
    for mark in ("Dots:", "hollow", "Line:", "Hatched:", "Pale area:", "Dashes", "Bracket:"):
        assert mark in every
    years = legend(story_of(*recovery(800)))
    assert "Strokes:" in years
    assert "Dots:" not in years
    nothing = legend(story_of(*recovery(0)))
    assert nothing.startswith("Pale area:")
    assert "Line:" not in nothing
    close = legend(story_of(*recovery(90), first=76))
    assert "Dashes" not in close
    small = legend(story_of(*recovery(90)).only("walking", "axial_pain"))
    assert "Line:" in small
    assert "Bracket:" not in small, "the home page draws none"


def test_a_legend_speaks_of_a_flag_only_where_its_field_is_drawn():
    numb = Field(40, 44, None, "Noticed", measures=("numbness",))
    story = replace(story_of(*recovery(90)), lead=numb)
    assert "Shaded:" in legend(story)
    assert "Shaded:" not in legend(story.only("walking", "axial_pain"))


def test_a_head_without_labels_leaves_its_room_to_the_panels():
    full = story_of(*recovery(90))
    plain = replace(full, events=(), lead=None)
    heights = [wide_layout(story, *PRINT).rows[0].height for story in (plain, full)]
    assert heights[0] > heights[1] * 1.05


def test_single_days_without_a_line_are_dots_in_a_long_chart_too():
    """Whoever writes once a week was drawn in strokes of one point's height: the months that
    raised a flag could hardly be seen."""
    days = [*range(60), *range(63, 430, 7)]
    index = Operation(OPERATION, Region.LUMBAR)
    entries = tuple(
        DiaryEntry(OPERATION + timedelta(days=day), axial_pain=2 if day < 300 else 6)
        for day in days
    )
    history = History((index,), entries)
    story = story_of(history, assess(history, OPERATION + timedelta(days=430)))
    assert story.is_long
    (pain,) = (panel for panel in story.panels if panel.measure == "axial_pain")
    assert 0 not in pain.lone
    assert {day for day in days if day > 90} <= set(pain.lone)
    assert "Strokes: each week from its lowest to its highest day." in legend(story)
    assert "Dots: single days without a line." in legend(story)
    steady = story_of(*recovery(430))
    assert not any(panel.lone for panel in steady.panels if panel.measure == "axial_pain")
    assert "Dots: single days without a line." not in legend(steady)
