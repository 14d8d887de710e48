"""Reminders by e-mail as they are seen: the card of each state, and the pages behind the links."""

import re
import shutil

import pytest

from recovery_tracker.storage import people
from recovery_tracker.web.shared.subscription import Purpose, link, subscription_of
from tests.browser.barriers import barriers
from tests.browser.conftest import follow, serve
from tests.browser.geometry import faults
from tests.effort import first_of
from tests.mail_server import mail_server
from tests.web.diarist import new_diarist

pytestmark = pytest.mark.browser

ADDRESS = "a.rather.long.name.of.somebody.with.a.diary@hospital-of-a-far-away-place.example.org"


@pytest.fixture
def running(clinic_database, tmp_path):
    """The clinic with a mail server, and what arrives there."""
    file = tmp_path / "clinic.db"
    shutil.copy(clinic_database, file)
    with mail_server() as server, serve(file, mail=server.settings()) as site:
        new_diarist(site.clinic, "nora", days_ago=40)
        yield site, server.box


def looks_right(tab, said):
    """The page says this, can be read, and has no violation, on the smallest phone and a desk."""
    assert tab.get_by_text(said).first.is_visible()
    for width in (320, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert faults(tab) == [], (said, width)
        assert barriers(tab) == [], (said, width)


def link_in(letter):
    return re.findall(r"https?://\S+", letter.get_content())[-1]


def stop_of(site):
    """The link at the foot of nora's reminders."""
    with site.clinic.database.read() as session:
        nora = people.all_patients(session)[-1]
    with site.clinic.app.test_request_context(base_url=site.address):
        return link(Purpose.STOP, nora, subscription_of(nora))


@pytest.mark.parametrize("theme", first_of("dark", "light"))
def test_from_the_wish_to_the_end_every_page_can_be_read(chromium, running, theme):
    site, box = running
    context = chromium.new_context(color_scheme=theme)
    tab = site.sign_in(context, "nora")
    reader = chromium.new_context(color_scheme=theme).new_page()
    follow(tab.locator("nav a", has_text="Reminders"))
    looks_right(tab, "We send you an e-mail with a link.")
    tab.locator("#address").fill("nobody")
    follow(tab.get_by_role("button", name="Send me the link"))
    looks_right(tab, "Enter an e-mail address, such as name@example.org")
    tab.locator("#address").fill(ADDRESS)
    follow(tab.get_by_role("button", name="Send me the link"))
    looks_right(tab, "Open the link in it within 3 days.")
    start = link_in(box.letters[0])
    reader.goto(start)
    looks_right(reader, "Do you want these reminders?")
    follow(reader.get_by_role("button", name="Yes, send them"))
    looks_right(reader, "Reminders are on")
    tab.reload()
    looks_right(tab, "They pause after")
    reader.goto(stop_of(site))
    looks_right(reader, "Stop the reminders?")
    follow(reader.get_by_role("button", name="Yes, stop them"))
    looks_right(reader, "Reminders have stopped")
    reader.goto(start)
    looks_right(reader, "This link is no longer in use")
    context.close()
    reader.context.close()


@pytest.mark.parametrize("language", ["es", "zh-TW"])
def test_page_that_stops_reminders_can_be_read_in_other_languages(chromium, running, language):
    site, _box = running
    context = chromium.new_context(locale=language, viewport={"width": 320, "height": 700})
    tab = site.sign_in(context, "nora")
    tab.goto(tab.url + "reminders")
    assert faults(tab) == []
    tab.goto(f"{site.address}/reminders/stop/torn")
    assert faults(tab) == []
    context.close()
