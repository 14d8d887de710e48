"""The calendar feed names days, never anything about health; the page says how it has gone."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from recovery_tracker.domain.reminders import Delivery, Wishes
from recovery_tracker.storage import people, reminders
from recovery_tracker.web.shared.subscription import as_preference, asked, wishes_of
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic, days_ago=40)


def feed_of(diarist):
    """The path of the feed, as the page shows it."""
    return urlsplit(_shown(diarist.page("reminders").text)).path


def _shown(text):
    start = text.index("http://localhost/calendar/")
    return text[start : text.index('"', start)]


def days_in(answer):
    calendar = Calendar.from_ical(answer.data)
    return [event.decoded("dtstart").date() for event in calendar.walk("VEVENT")]


def test_feed_follows_the_tapering_schedule_and_leaves_out_what_is_done(nora):
    nora.send("reminders", what="feed")
    stranger = nora.clinic.browser()
    days = days_in(stranger.get(feed_of(nora)))
    assert days[:3] == [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert {day.weekday() for day in days if (day - TODAY).days > 3} == {0, 2, 4, 6}
    nora.log(**CALM)
    assert TODAY not in days_in(stranger.get(feed_of(nora)))


def test_feed_has_no_health_word_and_rings_at_the_chosen_time(nora):
    nora.send("reminders", time="08:00", quiet_from="22:00", quiet_to="07:00", what="times")
    nora.send("reminders", what="feed")
    answer = nora.clinic.browser().get(feed_of(nora))
    text = answer.text.lower()
    assert not any(word in text for word in ("pain", "spine", "surgery", "fusion", "nora"))
    first = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    local = first.decoded("dtstart").astimezone(ZoneInfo("Europe/London"))
    assert local.strftime("%H:%M") == "08:00"


def test_every_instant_of_the_feed_is_in_utc(nora):
    """Eight in the morning stays eight across a change of the clocks, whatever reads the feed."""
    nora.send("reminders", time="08:00", quiet_from="22:00", quiet_to="07:00", what="times")
    nora.send("reminders", what="feed")
    text = nora.clinic.browser().get(feed_of(nora)).text
    instants = re.findall(r"^(?:DTSTART|DTEND|DTSTAMP).*$", text.replace("\r", ""), re.M)
    assert len(instants) > 30
    assert [line for line in instants if not re.fullmatch(r"\w+:\d{8}T\d{6}Z", line)] == []
    assert "TZID" not in text
    starts = {line[8:16]: line[17:21] for line in instants if line.startswith("DTSTART:")}
    assert set(starts.values()) == {"0800", "0700"}, "winter and summer in London"


def test_new_address_makes_the_old_one_useless(nora):
    nora.send("reminders", what="feed")
    old = feed_of(nora)
    nora.send("reminders", what="feed")
    assert nora.clinic.browser().get(old).status_code == 404
    assert nora.clinic.browser().get(feed_of(nora)).status_code == 200
    kept = feed_of(nora)
    nora.send("reminders", what="no_feed")
    assert nora.clinic.browser().get(kept).status_code == 404


def test_made_up_address_is_not_there(nora):
    assert nora.clinic.browser().get("/calendar/made-up.ics").status_code == 404


def test_a_time_in_the_quiet_hours_is_refused_and_what_was_typed_stays(nora):
    answer = nora.send(
        "reminders", time="08:00", quiet_from="20:00", quiet_to="09:00", what="times"
    )
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "quiet hours" in page.text
    assert '<option value="20:00" selected>' in page.text
    assert wishes_of(nora.recovery().patient) == Wishes("Europe/London")


def test_nonsense_for_a_time_is_refused(nora):
    for bad in ({"time": "03:00"}, {"time": "noon"}, {"time": "08:00", "quiet_to": "99:99"}):
        fields = {"quiet_from": "22:00", "quiet_to": "07:00", **bad}
        assert nora.send("reminders", what="times", **fields).status_code == 422
    assert wishes_of(nora.recovery().patient) == Wishes("Europe/London")


def test_planned_days_are_told_without_guilt(nora):
    """Eleven of the thirteen days before today: today counts once it is written."""
    nora.clinic.clock.forward(days=-14)
    nora.history_of(1)
    nora.clinic.clock.forward(days=14)
    nora.history_of(11)
    text = nora.page("reminders").text
    assert "You wrote on 11 of 13 planned days" in text
    assert "A missed day is fine. You can add it up to 3 days later." in text
    nora.log(**CALM)
    assert "You wrote on 12 of 14 planned days" in nora.page("reminders").text


def test_nobody_missed_a_day_before_the_diary_was_begun(nora):
    """Twelve weeks after the operation, on the first evening and eleven days later."""
    assert "planned days in the last" not in nora.page("reminders").text
    nora.history_of(11)
    assert "planned days in the last" not in nora.page("reminders").text


def test_who_missed_no_day_is_told_of_none(nora):
    nora.history_of(20)
    text = nora.page("reminders").text
    assert "You wrote on 13 of 13 planned days" in text
    assert "missed" not in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Delivery.SENT, "Last reminder: sent on"),
        (Delivery.FAILED, "it could not be sent on"),
        (Delivery.UNSURE, "it may not have reached you"),
    ],
)
def test_the_page_says_what_became_of_the_last_reminder(nora, outcome, words):
    assert "Last reminder" not in nora.page("reminders").text
    remembered(nora, TODAY, outcome)
    assert words in nora.page("reminders").text


def test_a_pause_is_told_and_ends_with_an_entry(nora):
    for back in range(3):
        remembered(nora, TODAY - timedelta(days=back), Delivery.SENT)
    assert "Reminders are paused." in nora.page("reminders").text
    nora.clinic.clock.forward(minutes=1)
    nora.log(**CALM)
    assert "Reminders are paused." not in nora.page("reminders").text


def remembered(diarist, day, outcome):
    """Reminders by e-mail are on, and the one of this day was tried just now."""
    wish = asked("nora@example.org", language="en-GB", at=diarist.clinic.clock())
    with diarist.clinic.database.write() as session:
        patient = people.patient_by_id(session, diarist.patient.id)
        people.update_patient(
            session,
            people.with_preferences(patient, mail={**as_preference(wish), "is_confirmed": True}),
            expected_version=patient.version,
            by=SYSTEM,
            at=diarist.clinic.clock(),
        )
        assert reminders.claim(session, diarist.patient.id, day, at=diarist.clinic.clock())
        reminders.settle(session, diarist.patient.id, day, outcome)
