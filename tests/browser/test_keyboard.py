"""By keyboard alone: an answer is taken back, a leaf is read, a half-filled form comes back."""

import pytest

from recovery_tracker.domain.people import Rights, Role
from tests.browser.conftest import Site
from tests.browser.test_offline import until

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(chromium, site: Site, nora):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    yield tab
    context.close()


FOCUSED = "document.activeElement.textContent.trim()"


def test_an_answer_is_taken_back_by_key_and_the_question_keeps_the_focus(tab):
    tab.locator("#axial_pain-5").focus()
    tab.keyboard.press("Space")
    assert tab.locator("#axial_pain-5").is_checked()
    clear = tab.locator("#axial_pain .clear")
    clear.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#axial_pain input:checked").count() == 0
    assert tab.evaluate("document.activeElement.id") == "axial_pain-0"
    assert clear.is_hidden()


def test_the_next_question_is_where_the_reader_is(tab):
    tab.locator("#one").check()
    tab.locator(".next:visible").click()
    until(tab, "document.activeElement.tagName === 'LEGEND'")
    assert "Question 2 of 6" in tab.evaluate(FOCUSED)
    assert tab.title().startswith("Question 2 of 6")


def test_a_half_filled_form_outlives_a_reload_and_can_be_begun_again(tab):
    tab.locator("#walking-2").check(force=True)
    tab.evaluate("document.getElementById('more').open = true")
    tab.locator("#note").fill("half a note")
    tab.reload()
    assert tab.locator("#walking-2").is_checked()
    assert tab.locator("#note").input_value() == "half a note"
    with tab.expect_navigation():
        tab.locator("#draft button").click()
    assert not tab.locator("#walking-2").is_checked()


def test_a_half_filled_answer_to_other_words_is_not_filled_in(tab, nora):
    def named(words):
        nora.send("settings", zone="Europe/London", own_item=words)
        tab.reload()
        tab.evaluate("document.getElementById('more').open = true")

    named("Dizziness")
    tab.locator("#walking-2").check(force=True)
    tab.locator("#own_item-7").check(force=True)
    tab.reload()
    assert tab.locator("#own_item-7").is_checked()
    named("Headache")
    assert tab.locator("#walking-2").is_checked()
    assert not tab.locator("#own_item-7").is_checked()


def test_nothing_of_a_saved_form_is_kept(tab, site: Site, nora):
    tab.locator("#walking-2").check(force=True)
    tab.locator("#signs-none").check(force=True)
    with tab.expect_navigation(url="**/saved"):
        tab.locator("#save").click()
    assert tab.evaluate("localStorage.getItem('diary-draft')") is None
    assert nora.entry(nora.today).walking == 2


def test_what_one_person_had_begun_is_not_filled_in_for_another(tab, site, nora):
    """A carer who signs in next on the same phone opens the form of the same day."""
    site.clinic.add_account("ruth", Role.PATIENT, patient_id=nora.patient.id, rights=Rights.WRITE)
    tab.evaluate("document.getElementById('more').open = true")
    tab.locator("#note").fill("half a note")
    tab.context.clear_cookies()
    other = site.sign_in(tab.context, "ruth")
    other.goto(f"{site.address}{nora.day(nora.today)}")
    assert other.locator("#note").input_value() == ""
    assert other.locator("#draft").is_hidden()
    other.close()


def test_what_was_begun_before_forms_had_a_writer_comes_back_to_the_patient_alone(tab, site, nora):
    """A form begun on the day of the update to a program that writes down who types."""
    site.clinic.add_account("ruth", Role.PATIENT, patient_id=nora.patient.id, rights=Rights.WRITE)
    tab.evaluate("document.getElementById('more').open = true")
    tab.locator("#note").fill("half a note")
    tab.evaluate(
        """() => {
            const kept = JSON.parse(localStorage.getItem('diary-draft'));
            delete kept.whose;
            localStorage.setItem('diary-draft', JSON.stringify(kept));
        }"""
    )
    tab.reload()
    assert tab.locator("#note").input_value() == "half a note"
    tab.context.clear_cookies()
    other = site.sign_in(tab.context, "ruth")
    other.goto(f"{site.address}{nora.day(nora.today)}")
    assert other.locator("#note").input_value() == ""
    other.close()
