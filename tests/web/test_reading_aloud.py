"""What a screen reader, a keyboard and a stranger's language meet."""

import re

from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.web.shared.forms.numbers import read_count
from tests.web.diarist import CALM, new_diarist
from tests.web.page import Page


def test_each_language_is_named_in_its_own_tongue_and_says_so(clinic):
    nora = new_diarist(clinic)
    assert re.search(
        r'<label for="language-es" lang="es">Español</label>', nora.page("settings").text
    )
    stranger = clinic.browser().page("/account/sign-in")
    assert '<a href="/language/zh-Hant?next=/account/sign-in" lang="zh-Hant">' in stranger.text


def test_language_is_chosen_before_signing_in_and_stays_after_signing_out(clinic):
    browser = clinic.browser()
    answer = browser.get("/language/es?next=/account/sign-in")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/sign-in")
    assert browser.page("/account/sign-in").language == "es"
    assert browser.page("/help").language == "es"
    assert browser.get("/language/xx").status_code == 404
    assert browser.get("/language/en-GB?next=https://evil.example/").status_code == 400


def test_error_pages_speak_the_language_of_the_account(clinic):
    nora = new_diarist(clinic)
    form = nora.page("settings").form(nora.path("settings"))
    fields = {name: value for name, value in form.fields if name in ("zone",)}
    answer = nora.browser.client.post(
        nora.path("settings"),
        data={**form.hidden(), **fields, "language": "es", "zone": "Europe/London"},
    )
    assert answer.status_code == 303
    assert Page(nora.browser.get(nora.path("nowhere")).text).language == "es"


def test_saving_settings_says_so_where_a_reader_begins(clinic):
    nora = new_diarist(clinic)
    text = nora.page("settings?saved=1").text
    assert re.search(r'tabindex="-1" data-focus>Your settings are saved', text)
    assert "<title>Saved – Settings" in text


def test_an_error_in_a_list_is_tied_to_it(clinic):
    nora = new_diarist(clinic)
    answer = nora.send("settings", zone="Nowhere/Nothing")
    assert 'name="zone" aria-invalid="true" aria-describedby="zone-e"' in answer.text


def test_errors_name_their_field_and_steps_may_be_grouped(clinic):
    nora = new_diarist(clinic)
    answer = nora.log(**CALM, steps="many", opioid_doses="1.5")
    assert "Steps: Enter a" in answer.text
    for text in ("4,200", "4.200", "4 200", "4200"):
        assert read_count(text, MEASURES["steps"]) == 4200
    nora.log(**CALM, steps="4,200")
    assert nora.entry().steps == 4200
