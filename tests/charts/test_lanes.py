"""The lanes of ticked signs: what was ticked when, and nothing where nothing was."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product

import pytest
from babel.support import Translations

from recovery_tracker.charts import LETTERS, describe, draw_recovery, legend, pixel_sizes, story_of
from recovery_tracker.charts.events import SYMBOL, place_events
from recovery_tracker.charts.layout import (
    PRINT,
    WIDE,
    narrow_layout,
    print_height,
    wide_height,
    wide_layout,
)
from recovery_tracker.domain.flags import Episode, Pattern, Urgency
from recovery_tracker.domain.history import EventKind
from recovery_tracker.translations import LOCALES

from .recoveries import OPERATION, recovery
from .test_geometry import SIZES, TRANSLATIONS, crossings, many_events

#: Day, signs and temperature: every lane has something.
TICKED = (
    (10, {"wound_redness"}, 37.4),
    (11, {"wound_drainage", "fever"}, 38.7),
    (20, {"saddle_numbness", "new_weakness"}, None),
    (40 + 2, {"worse_on_loading"}, None),
    (50, {"clunk", "chest_pain", "voice_worse"}, None),
)


def ticked(history, days=TICKED):
    """The same history in which these days were answered so; the others stay."""
    told = {OPERATION + timedelta(days=pod): (signs, warm) for pod, signs, warm in days}
    entries = tuple(
        replace(entry, signs=frozenset(told[entry.day][0]), temperature_c=told[entry.day][1])
        if entry.day in told
        else entry
        for entry in history.entries
    )
    assert len({entry.day for entry in history.entries} & set(told)) == len(told)
    return replace(history, entries=entries)


def test_a_sign_stands_in_its_lane_on_its_day_and_is_full_if_it_was_urgent():
    history, assessment = recovery(90, missing=0)
    story = story_of(ticked(history), assessment)
    lanes = {lane.key: lane for lane in story.lanes}
    assert list(lanes) == ["saddle", "weakness", "throat", "wound", "fever", "loading", "other"]
    assert (lanes["wound"].urgent, lanes["wound"].calm) == ((10, 11), ())
    assert lanes["wound"].said == "2 days, last 27 Dec 2025"
    assert (lanes["fever"].urgent, lanes["fever"].calm) == ((11,), ()), "37.4 is no fever"
    assert lanes["fever"].said == "27 Dec 2025, up to 38.7\N{NO-BREAK SPACE}°C"
    assert lanes["loading"].calm == (42,)
    assert "Ticked: Saddle, bladder 5 Jan; Weakness 5 Jan" in describe(story)
    assert "Squares:" in legend(story)


def test_without_a_sign_there_is_no_lane_and_a_normal_temperature_makes_none():
    history, assessment = recovery(90, missing=0)
    assert story_of(history, assessment).lanes == ()
    warm = ticked(history, [(10, set(), 37.2)])
    story = story_of(warm, assessment)
    assert story.lanes == ()
    assert "Squares:" not in legend(story)


def test_a_flag_of_answers_marks_its_lanes_and_no_panel():
    history, assessment = recovery(90, missing=0)
    flag = Episode(
        Pattern.INFECTION,
        Urgency.SAME_DAY,
        raised_on=OPERATION + timedelta(days=85),
        signs=frozenset({"wound_redness"}),
        rule_set="test",
    )
    story = story_of(ticked(history), replace(assessment, episodes=(flag,)))
    assert story.lead is not None
    assert story.lead.lanes == ("wound", "fever")
    assert story.lead.measures == ()


def test_no_event_without_symbol_key_and_room_at_any_number_in_any_language():
    """Nothing cut and nothing over anything, on page, phone and paper, with every lane there."""
    for language in ("en", *LOCALES):
        translate = Translations.load(TRANSLATIONS, [language]).gettext
        for count in (0, 1, 2, 5, 12, 25, 40):
            events = tuple((40 + i, EventKind.OTHER, f"Event {i} of many") for i in range(count))
            history, assessment = recovery(90, events=events, missing=0, opioids=True)
            story = story_of(ticked(history), assessment, translate=translate)
            days = {day for day, _, _ in events} | {80}
            assert len(story.events) == len(story.key) == len(days)
            for size in SIZES:
                sheet = draw_recovery(story, size=size, translate=translate)
                assert crossings(sheet) == ([], []), (language, count, size)
                numbers = [one.text for one in sheet.texts if one.text.isdigit()]
                shown = [str(event.number) for event in story.events]
                assert size == "home" or set(shown) <= set(numbers)
            for layout in (
                wide_layout(story, WIDE[0], wide_height(story)),
                wide_layout(story, PRINT[0], print_height(story)),
                narrow_layout(story),
            ):
                placed = place_events(story, layout)
                assert all(0 < event.x < layout.width for event in placed)
                assert all(
                    one.row != other.row or abs(one.x - other.x) >= SYMBOL - 1e-6
                    for one, other in combinations(placed, 2)
                )
                assert all(row.height >= 0.19 for row in layout.rows), (count, layout.height)


def test_on_paper_the_panels_take_the_height_that_is_given_to_them():
    history, assessment = recovery(90)
    story = story_of(history, assessment)
    low, high = (
        wide_layout(story, PRINT[0], print_height(story, share)).rows[0] for share in (1, 1.4)
    )
    assert high.height > low.height * 1.4
    sheet = draw_recovery(story, size="print", height=print_height(story, 1.4))
    assert crossings(sheet) == ([], [])


def test_larger_letters_are_as_large_as_the_page_and_still_keep_apart():
    """For each text size that a reader may choose: no text cut, none over another."""
    words = [Translations.load(TRANSLATIONS, [locale]).gettext for locale in LOCALES]
    for days, translate in product((14, 90, 400), (str, *words)):
        history, assessment = recovery(days, events=many_events(5, days), opioids=True)
        if days == 90:
            history, assessment = recovery(90, missing=0, opioids=True)
            history = ticked(history)
        story = story_of(history, assessment, translate=translate)
        for size in ("wide", "narrow", "home"):
            shown = story.only("walking", "axial_pain") if size == "home" else story
            usual = draw_recovery(shown, size=size, translate=translate)
            for letters, larger in LETTERS.items():
                sheet = draw_recovery(shown, size=size, letters=letters, translate=translate)
                assert crossings(sheet) == ([], []), (days, size, letters)
                assert not [one.text for one in sheet.texts if "…" in one.text]
                # A picture fills its column: on a narrower sheet the same letters are larger.
                assert usual.width / sheet.width == pytest.approx(larger)
                sizes = pixel_sizes(shown, letters)[size]
                assert sizes == (round(sheet.width * 100), round(sheet.height * 100))
    css = (TRANSLATIONS.parent / "web" / "static" / "app.css").read_text("utf-8")
    for letters in set(LETTERS) - {""}:
        assert f"html.text-{letters}{{font-size:{LETTERS[letters]:.0%}}}" in css


def test_two_periods_are_marked_where_they_lie_and_keep_apart_from_everything():
    history, assessment = recovery(90, missing=0, opioids=True)
    for first in (0, 60):
        periods = [(10, 37), (76, 89)]
        story = story_of(ticked(history), assessment, first=first, periods=periods)
        shown = {"A", "B"} if first == 0 else {"B"}
        assert "Bars A and B" in legend(story)
        for size in ("wide", "narrow"):
            sheet = draw_recovery(story, size=size)
            assert crossings(sheet) == ([], []), (first, size)
            letters = [one for one in sheet.texts if one.text in ("A", "B")]
            assert {one.text for one in letters} == shown
    assert "Bars" not in legend(story_of(history, assessment))
