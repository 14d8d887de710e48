"""The list on paper: what it shows, of whom, as of when; a dozen patients to a sheet."""

import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from recovery_tracker.storage import people
from tests.browser.conftest import Site
from tests.crowd import multiply
from tests.web.conftest import SYSTEM

pytestmark = pytest.mark.browser


def sheets(tab) -> list[str]:
    """The text of each sheet, as it would be printed."""
    document = pypdfium2.PdfDocument(tab.pdf(prefer_css_page_size=True))
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_the_list_is_printed_as_a_table_that_says_what_it_is(site: Site, chromium, nora):
    clinic = site.clinic
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        known = replace(patient, birth_date=date(1964, 5, 3), hospital_number="H-77")
        people.update_patient(
            session, known, expected_version=patient.version, by=SYSTEM, at=clinic.clock()
        )
    multiply(clinic.database, 24)
    context = chromium.new_context()
    tab = site.sign_in(context, "carol")
    tab.goto(f"{site.address}/clinic/patients?show=urgent")
    found = sheets(tab)
    context.close()
    assert len(found) <= 3, "25 patients"
    first = found[0]
    assert re.search(r"\d\d:\d\d, Carol", first), "when, and for whom"
    assert re.search(r"Act today\s+25", first), "which part of the list"
    assert "H-77 24, 1964-05-03" in "".join(found), "whom it is about, by two more than the name"
    assert re.search(r"Pain or symptom named\s+12 weeks", first)
    for other in ("Needs a look", "Find", "This list as CSV", "Sign out"):
        assert other not in first, other
    for sheet in found[:-1]:
        assert "Next visit" in sheet, "the heads stand on every sheet"
        assert sheet.count("Same day") >= 8


def test_all_my_entries_are_printed_without_the_form_that_searches_them(site: Site, chromium, nora):
    context = chromium.new_context()
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.path('diary')}")
    assert tab.get_by_text("Find a note").is_visible()
    said = "".join(sheets(tab))
    context.close()
    assert "All my entries" in said
    assert "Find a note" not in said


def test_the_card_is_one_sheet_where_its_list_is_longest(site: Site, chromium, nora):
    """Twelve weeks after the operation, with the margins of an ordinary printer."""
    context = chromium.new_context()
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.path('card')}")
    edge = "10mm"
    margins = {"top": edge, "bottom": edge, "left": edge, "right": edge}
    for paper in ("A4", "Letter"):
        document = pypdfium2.PdfDocument(tab.pdf(format=paper, margin=margins))
        assert len(document) == 1, paper
        document.close()
    context.close()


def test_a_chart_is_printed_without_what_can_only_be_pressed(site: Site, chromium, nora_today):
    context = chromium.new_context()
    tab = site.sign_in(context, "carol")
    tab.goto(f"{site.address}/clinic/p/{nora_today['public_id']}")
    assert tab.get_by_text("Save decision").first.is_visible()
    said = "".join(sheets(tab))
    context.close()
    for words in ("Save decision", "26 weeks", "Add a visit"):
        assert words not in said, words
    assert "leg swelling or calf pain" in said
    assert "Latest days" in said
