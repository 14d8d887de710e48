"""A temperature comes back as it was typed, and counts for what it was."""

from dataclasses import replace
from datetime import UTC, date, datetime

from recovery_tracker.domain.diary import DiaryEntry, told_celsius
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.web.patient.days import asking_for
from recovery_tracker.web.patient.words import answer_words
from recovery_tracker.web.shared.forms.correction import typed_from
from recovery_tracker.web.shared.forms.diary import DiaryForm
from tests.web.diarist import CALM, new_diarist

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
