"""The clinic's pages in a real browser: the answer inside the first screen, open to everyone."""

from datetime import date

import pytest
from sqlalchemy import update

from recovery_tracker.demonstration.stories import stories
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.flags import Pattern
from recovery_tracker.domain.history import Appointment
from recovery_tracker.domain.surgery import Operation
from recovery_tracker.services import import_history
from recovery_tracker.storage import people, record_rows
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.tables.flags import SummaryRow
from recovery_tracker.translations import LOCALES
from recovery_tracker.trends import assess
from tests.browser.addresses import pages_of
from tests.browser.barriers import COLOURS, barriers, too_wide
from tests.browser.conftest import Site
from tests.browser.geometry import open_everything
from tests.effort import first_of
from tests.web.conftest import SYSTEM

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
#: On how many lines the piece of text stands that holds some words.
LINES_OF = """(cell, words) => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = new Range();
  while (texts.nextNode() && !texts.currentNode.data.includes(words));
  range.selectNodeContents(texts.currentNode);
  return new Set([...range.getClientRects()].map(box => box.top)).size;
}"""
#: How the headline begins about walking.
WALKING = {"en": "Walking", "es": "Caminar", "zh_Hant": "走路"}


@pytest.fixture
def loosening(site: Site) -> Patient:
    """One of the made-up stories: a back that settled and came back; cared for by carol."""
    now = site.clinic.clock()
    told = next(one for one in stories(now) if _shows_loosening(one.history, now.date()))
    database = site.clinic.database
    with database.write() as session:
        patient = people.create_patient(
            session, name=told.name, zone="UTC", country="GB", by=SYSTEM, at=now
        )
        record_rows.add(session, patient.id, told.history.index, by=SYSTEM, at=now)
        carol = site.clinic.accounts["carol"]
        people.grant_care(session, patient.id, carol.id, by=SYSTEM, at=now)
    import_history(
        database, patient.id, FileContent(told.history), by=SYSTEM, at=now, today=now.date()
    )
    return patient


def _shows_loosening(history, today) -> bool:
    active = assess(history, today).active
    return [episode.pattern for episode in active] == [Pattern.LOOSE_HARDWARE]


def clinic_tab(chromium, site: Site, viewport, **options):
    context = chromium.new_context(viewport=viewport, **options)
    return site.sign_in(context, "carol")


def chart_address(site: Site, patient: Patient) -> str:
    return f"{site.address}/clinic/p/{patient.public_id}"


@pytest.mark.parametrize("language", ["en", *LOCALES])
def test_the_answer_is_inside_the_first_screen(chromium, site: Site, loosening, language):
    """At 1280 by 800: verdict, onset, size, walking, data, and the buttons that decide."""
    tab = clinic_tab(chromium, site, DESKTOP, locale=language.replace("_", "-"))
    tab.goto(chart_address(site, loosening))
    told = tab.locator(".flag-card").first
    wanted = {
        "verdict": tab.locator(".verdict .tag"),
        "what happened, with walking": tab.locator(".verdict b"),
        "how full the diary is": tab.locator(".verdict .quiet"),
        "onset": told.locator("p").first,
        "size": told.locator("p b").first,
        "decision": told.locator(".acts .btn").first,
        "later": told.locator("button[formaction$='/seen']"),
    }
    assert WALKING[language] in wanted["what happened, with walking"].inner_text()
    for name, place in wanted.items():
        box = place.bounding_box()
        assert box is not None, name
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= DESKTOP["height"], (name, box)


def test_eight_patients_are_on_the_first_screen_of_the_list(chromium, site: Site, loosening):
    tab = clinic_tab(chromium, site, DESKTOP)
    tab.goto(f"{site.address}/clinic/patients")
    rows = tab.locator("table.list-t tbody tr")
    tall = [row.bounding_box()["height"] for row in rows.all()]
    start = rows.first.bounding_box()["y"]
    assert start + 8 * min(tall) <= DESKTOP["height"]


@pytest.mark.parametrize("width", first_of(961, 1024, 1217, 1280))
def test_why_has_room_on_the_list_between_a_tablet_and_a_desk(
    chromium, site: Site, loosening, width
):
    tab = clinic_tab(chromium, site, {"width": width, "height": 800}, locale="zh-TW")
    tab.goto(f"{site.address}/clinic/patients")
    cells = tab.locator("table.list-t td.why").all()
    assert min(cell.bounding_box()["width"] for cell in cells) >= 120
    assert too_wide(tab) == 0


@pytest.mark.parametrize("locale", first_of("es-ES", "en-GB", "en-US", "zh-TW"))
def test_the_day_somebody_was_last_seen_stands_on_one_line(chromium, site: Site, locale):
    """With its year, which makes it the longest day there is; and inside its column."""
    now = site.clinic.clock()
    with site.clinic.database.write() as session:
        seen = Appointment(date(now.year - 1, 11, 30))
        record_rows.add(session, site.clinic.alice.id, seen, by=SYSTEM, at=now)
    tab = clinic_tab(chromium, site, DESKTOP, locale=locale)
    tab.goto(f"{site.address}/clinic/patients")
    (cell,) = tab.locator("table.list-t td:last-child", has_text=str(now.year - 1)).all()
    said = cell.locator("small")
    for width in (320, 1217, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert said.evaluate("one => one.getClientRects().length") == 1, width
        box, column = said.bounding_box(), cell.bounding_box()
        assert box["x"] + box["width"] <= column["x"] + column["width"], width


@pytest.mark.parametrize("locale", first_of("es-ES", "en-GB", "en-US", "zh-TW"))
def test_the_day_of_the_last_entry_is_never_broken(chromium, site: Site, locale):
    """With its year and after a word, it is longer than its column."""
    with site.clinic.database.write() as session:
        last = date(site.clinic.clock().year - 1, 11, 30)
        session.execute(update(SummaryRow).values(last_entry=last))
    tab = clinic_tab(chromium, site, DESKTOP, locale=locale)
    tab.goto(f"{site.address}/clinic/patients")
    cell = tab.locator("table.list-t td:nth-child(6)").first
    for width in (320, 375, 768, 1024, 1217, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert cell.evaluate(LINES_OF, str(last.year)) == 1, width
        assert too_wide(tab) == 0, width


@pytest.mark.parametrize("width", [740, 768, 896, 1024])
def test_the_list_is_a_table_on_a_tablet(chromium, site: Site, loosening, width):
    """Heads in sight, a patient in one row, nothing wider than the screen."""
    tab = clinic_tab(chromium, site, {"width": width, "height": 1024})
    tab.goto(f"{site.address}/clinic/patients")
    assert tab.locator("table.list-t thead th").first.is_visible()
    assert too_wide(tab) == 0
    tops = (
        tab.locator("table.list-t tbody tr")
        .first.locator(":scope > *")
        .evaluate_all(
            "cells => cells.map(cell => cell.getBoundingClientRect())"
            ".filter(box => box.width).map(box => box.top)"
        )
    )
    assert len(tops) >= 5
    assert max(tops) - min(tops) < 1


@pytest.mark.parametrize("viewport", first_of(DESKTOP, PHONE))
def test_no_barrier_that_axe_can_find(chromium, site: Site, loosening, viewport):
    tab = clinic_tab(chromium, site, viewport)
    with site.clinic.database.read() as session:
        (operation,) = record_rows.stored_of(session, loosening.id, Operation)
    named = {"public_id": loosening.public_id, "operation_id": operation.public_id}
    for address in pages_of(site, "clinician", **named):
        tab.goto(address)
        open_everything(tab)
        assert barriers(tab) == [], tab.url
        tab.emulate_media(color_scheme="dark")
        assert barriers(tab, COLOURS) == [], tab.url
        tab.emulate_media(color_scheme="light")
        assert too_wide(tab) == 0, tab.url


def test_a_decision_by_keyboard(chromium, site: Site, loosening):
    tab = clinic_tab(chromium, site, DESKTOP)
    tab.goto(chart_address(site, loosening))
    tab.locator("select[name=decision]").first.focus()
    tab.keyboard.type("Imaging")
    tab.keyboard.press("Tab")
    tab.locator("input[name=note]").first.focus()
    tab.keyboard.type("CT next week")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert tab.get_by_text("CT next week").count() >= 1
    assert tab.get_by_text("Decided").count() >= 1
    # What was saved, and who is next, is in sight.
    said = tab.locator("p.said")
    assert "Saved." in said.inner_text()
    assert 0 <= said.bounding_box()["y"] < 400


def test_the_chart_is_seen_and_nothing_is_refused_by_the_policy(chromium, site, loosening):
    tab = clinic_tab(chromium, site, DESKTOP)
    problems = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.goto(chart_address(site, loosening))
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("document.querySelector('img.chart').naturalWidth") >= 800
    tab.goto(f"{site.address}/p/{loosening.public_id}/chart.svg?theme=dark")
    assert problems == []


def test_the_values_of_a_day_by_pointer_and_by_keyboard(chromium, site: Site, loosening):
    tab = clinic_tab(chromium, site, DESKTOP)
    tab.goto(chart_address(site, loosening))
    tab.wait_for_load_state("networkidle")
    output = tab.locator(".readout output")
    latest = output.inner_text()
    assert "Back pain" in latest
    box = tab.locator("img.chart").bounding_box()
    tab.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.4)
    assert output.inner_text() != latest
    pointed = output.inner_text()
    tab.locator("#readout-day").focus()
    tab.keyboard.press("ArrowLeft")
    assert output.inner_text() not in (pointed, latest)
