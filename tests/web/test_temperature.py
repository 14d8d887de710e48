"""A temperature comes back as it was typed, and counts for what it was."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recovery_tracker.domain.diary import DiaryEntry, told_celsius
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.web.patient.days import asking_for
from recovery_tracker.web.patient.words import answer_words
from recovery_tracker.web.shared.forms.correction import typed_from
from recovery_tracker.web.shared.forms.diary import DiaryForm
from tests.web.diarist import CALM, TODAY, new_diarist

DAY = date(2026, 3, 1)
ASKING = asking_for(History((Operation(date(2026, 1, 5), Region.LUMBAR),)), DAY, DAY)


def test_every_temperature_that_was_typed_comes_back():
    """98.0 to 109.0 °F, a tenth at a time: typed, opened again, saved untouched, read."""
    asking = replace(ASKING, fahrenheit=True)
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for tenths in range(980, 1091):
        typed = f"{tenths / 10:g}"
        form = DiaryForm(asking, {"signs": ["none"], "temperature_c": [typed]})
        entry = form.to_entry(recorded_at=at, zone="UTC")
        assert entry.temperature_f == tenths / 10
        assert (entry.temperature_c >= 38.6) == (tenths >= 1015), typed
        assert (told_celsius(entry.temperature_c) >= 38.0) == (tenths >= 1004), typed
        again = typed_from(asking, entry)
        assert again["temperature_c"] == [typed]
        kept = DiaryForm(asking, {**again, "signs": ["none"]})
        assert kept.to_entry(recorded_at=at, zone="UTC", before=entry).temperature_f == tenths / 10
        assert answer_words("temperature_c", entry, fahrenheit=True).startswith(
            f"{tenths / 10:.1f}"
        )
        # Opened by somebody who reads Celsius and saved untouched: still as it was typed.
        shown = typed_from(ASKING, entry)
        other = DiaryForm(ASKING, {**shown, "signs": ["none"]})
        assert other.to_entry(recorded_at=at, zone="UTC", before=entry) == replace(
            entry, recorded_at=at
        )
    for tenths in range(350, 421):
        entry = DiaryEntry(at.date(), temperature_c=tenths / 10)
        shown = typed_from(asking, entry)
        same = DiaryForm(asking, {**shown, "signs": ["none"]})
        back = same.to_entry(recorded_at=at, zone="UTC", before=entry)
        assert (back.temperature_c, back.temperature_f) == (tenths / 10, None)


def test_a_temperature_in_the_other_unit_is_refused_by_the_name_of_this_one(clinic):
    """38.5 typed where °F is read: who has a fever sees at once what was asked for."""
    nora = new_diarist(clinic)
    nora.send("settings", zone="Europe/London", temperature="F")
    answer = nora.log(**CALM, temperature_c="38.5")
    assert answer.status_code == 422
    assert "Temperature (°F): Enter a number between 86 and 113" in answer.text


@pytest.mark.parametrize("fahrenheit", [False, True])
def test_the_style_sheet_sees_every_fever_that_is_read(clinic, fahrenheit):
    """A question that stayed hidden was not left open: both read the same, also at full width."""
    asking = replace(ASKING, fahrenheit=fahrenheit)
    wide = {ord(mark): chr(ord(mark) + 0xFEE0) for mark in "0123456789.,+"}
    numbers = range(860, 1131) if fahrenheit else range(300, 451)
    texts = [f"{tenths / 10:g}" for tenths in numbers]
    texts += [text.replace(".", ",") for text in texts]
    texts += ["+39", "038.5", "0100.4", "38.5 °C", "39c", "101 °F", " 39 ", "38.04", "100.39"]
    texts += ["\N{IDEOGRAPHIC SPACE}39", "٣٨", "3²", "39x", "-39"]
    for text in (*texts, *(text.translate(wide) for text in texts)):
        form = DiaryForm(asking, {"signs": ["none"], "temperature_c": [text]})
        with clinic.app.test_request_context():
            is_read = form.is_valid()
        if is_read or form.shows_fever:
            assert bool(re.fullmatch(asking.fever_pattern, text)) == form.shows_fever, text


def test_other_digits_are_not_read(clinic):
    assert new_diarist(clinic).log(**CALM, temperature_c="٣٨").status_code == 422


def test_a_normal_temperature_is_called_valid(clinic):
    """The pattern of a fever is for the style sheet: no screen reader says that 36.8 is wrong."""
    field = re.search(
        r'<input[^>]*id="temperature_c"[^>]*>', new_diarist(clinic).page(f"day/{TODAY}").text
    )
    assert 'pattern="' in field[0]
    assert 'aria-invalid="false"' in field[0]


def test_degrees_are_no_points_in_chinese(clinic):
    nora = new_diarist(clinic)
    text = nora.browser.get(nora.day(), headers={"Accept-Language": "zh-Hant"}).text
    assert "如果是 38\N{NO-BREAK SPACE}°C 以上：" in text
    assert "°C 分" not in text
