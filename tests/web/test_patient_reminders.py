"""The calendar feed: it names days, never anything about health, and only while it is wanted."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from tests.web.diarist import CALM, TODAY, new_diarist


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic, days_ago=40)


def feed_of(diarist):
    """The path of the feed, as the page shows it."""
    page = diarist.page("reminders")
    return urlsplit(dict(page.forms[0].fields).get("feed") or _shown(page.text)).path


def _shown(text):
    start = text.index("http://localhost/calendar/")
    return text[start : text.index('"', start)]


def days_in(answer):
    calendar = Calendar.from_ical(answer.data)
    return [event.decoded("dtstart").date() for event in calendar.walk("VEVENT")]


def test_feed_follows_the_tapering_schedule_and_leaves_out_what_is_done(nora):
    nora.send("reminders", time="08:00", what="keep")
    stranger = nora.clinic.browser()
    days = days_in(stranger.get(feed_of(nora)))
    assert days[:3] == [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert {day.weekday() for day in days if (day - TODAY).days > 3} == {0, 2, 4, 6}
    nora.log(**CALM)
    assert TODAY not in days_in(stranger.get(feed_of(nora)))


def test_feed_has_no_health_word_and_rings_at_the_chosen_time(nora):
    nora.send("reminders", time="08:00", what="keep")
    answer = nora.clinic.browser().get(feed_of(nora))
    text = answer.text.lower()
    assert not any(word in text for word in ("pain", "spine", "surgery", "fusion", "nora"))
    first = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    assert first.decoded("dtstart").strftime("%H:%M") == "08:00"


def test_new_address_makes_the_old_one_useless(nora):
    nora.send("reminders", what="keep")
    old = feed_of(nora)
    nora.send("reminders", what="new")
    assert nora.clinic.browser().get(old).status_code == 404
    assert nora.clinic.browser().get(feed_of(nora)).status_code == 200
    kept = feed_of(nora)
    nora.send("reminders", what="off")
    assert nora.clinic.browser().get(kept).status_code == 404


def test_made_up_address_is_not_there(nora):
    assert nora.clinic.browser().get("/calendar/made-up.ics").status_code == 404
