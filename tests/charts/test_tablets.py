"""What was said about pain tablets, and what became allowed, stand on the chart and in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.support import Translations

from recovery_tracker.charts import describe, draw_recovery, story_of
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from tests.charts.recoveries import OPERATION, recovery
from tests.charts.test_geometry import TRANSLATIONS, crossings

SAID = ("more", "same", "fewer", "fewer", "none")


def with_tablets(days=86, *, opioids=True, said=SAID):
    """A diary in which the weekly question was answered on the days 20, 27, 34 and so on."""
    history, assessment = recovery(days, opioids=opioids)
    answers = {OPERATION + timedelta(days=20 + 7 * n): word for n, word in enumerate(said)}
    entries = tuple(
        replace(entry, painkiller_change=answers.get(entry.day)) for entry in history.entries
    )
    return replace(history, entries=entries), assessment


def panel_in(story):
    return next((one for one in story.panels if one.measure == "painkiller_change"), None)


def test_the_answers_stand_below_the_doses():
    story = story_of(*with_tablets())
    names = [panel.measure for panel in story.panels]
    assert names.index("painkiller_change") == names.index("opioid_doses") + 1
    assert names[-1] == "walking"
    panel = panel_in(story)
    assert panel.days == (27, 34, 48)
    assert panel.values == (2.0, 1.0, 0.0)
    # The column of the last week does not take an answer from weeks ago; the report dates that one.
    assert panel.columns == ("–", "–", "–")
    assert panel_in(story_of(*with_tablets(54))).columns == ("–", "–", "none")
    assert panel.line == ()
    said = "All pain tablets compared with the week before, number of answers: none 1"
    assert said in describe(story)


def test_never_answered_is_no_panel_and_no_sentence():
    story = story_of(*with_tablets(said=()))
    assert panel_in(story) is None
    assert "pain tablets" not in describe(story)


def test_they_stand_without_any_dose():
    story = story_of(*with_tablets(opioids=False))
    assert panel_in(story) is not None
    assert all(panel.measure != "opioid_doses" for panel in story.panels)


@pytest.mark.parametrize("size", ["wide", "narrow", "print"])
@pytest.mark.parametrize("days", [14, 86, 500])
@pytest.mark.parametrize("language", ["en", "es", "zh_Hant"])
def test_no_text_is_cut_or_covered(size, days, language):
    translations = Translations.load(TRANSLATIONS, [language])
    history, assessment = with_tablets(days, said=SAID[: max(1, days // 20)])
    story = story_of(history, assessment, translate=translations.gettext)
    sheet = draw_recovery(story, size=size, translate=translations.gettext)
    assert crossings(sheet) == ([], [])


def test_what_became_allowed_is_a_tick_and_what_is_restricted_is_none():
    history, assessment = recovery(86)
    at = datetime(2026, 2, 1, 9, tzinfo=UTC)
    told = (
        Instruction(InstructionKind.CLEARANCE, at.date(), at, "driving", due=date(2026, 2, 10)),
        Instruction(InstructionKind.RESTRICTION, at.date(), at, "lifting", due=date(2026, 2, 12)),
    )
    story = story_of(replace(history, instructions=told), assessment)
    labels = {tick.day: tick.label for tick in story.events}
    assert labels[(date(2026, 2, 10) - OPERATION).days] == "Allowed: driving"
    assert not any("lifting" in label.lower() for label in labels.values())
