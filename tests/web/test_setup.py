"""The first run: one link, once, and never again."""

import re
from dataclasses import fields
from zoneinfo import available_timezones

import pytest

from recovery_tracker.domain.people import Mode, Role
from recovery_tracker.domain.places import COUNTRIES
from recovery_tracker.storage import accounts, people, settings
from recovery_tracker.storage.settings import Installation
from recovery_tracker.web.auth.setup import setup_link
from recovery_tracker.web.shared.zones import all_zones, zone_choices, zones_of
from tests.web.conftest import NOW, PASSWORD, Browser
from tests.web.page import Page

JUST_ME = {
    "name": "Maria",
    "login": "Maria@Example.org",
    "password": PASSWORD,
    "zone": "Europe/Berlin",
    "emergency_number": "112",
    "team_number": "030 123 456",
}


def test_before_set_up_every_page_says_where_the_link_is(empty):
    app, _database = empty
    browser = Browser(app.test_client())
    assert browser.get("/").headers["Location"] == "/setup/"
    assert browser.get("/account/sign-in").headers["Location"] == "/setup/"
    assert "link that works once" in browser.page("/setup/").text
    assert browser.get("/setup/a-guess").status_code == 404


def test_help_works_before_anything_is_set_up(empty):
    app, _database = empty
    assert "emergency department" in Browser(app.test_client()).page("/help").text


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("zh-TW,zh;q=0.9,en-GB;q=0.5", "TW"),
        ("es-ES", "ES"),
        ("en-US,en", "US"),
        ("es-419,fr", "--"),
        ("fr", "--"),
        (None, "--"),
    ],
)
def test_no_country_is_chosen_in_advance_but_the_one_the_browser_names(empty, asked, chosen):
    """Whoever presses on has its emergency number on every page of advice."""
    browser, path = _browser_at_set_up(empty)
    headers = {"Accept-Language": asked} if asked else {}
    page = browser.client.get(path, headers=headers).text
    assert re.findall(r'<option value="([^"]*)" selected', page) == [chosen]
    refused = browser.client.get(f"{path}/details?mode=just_me&country=--")
    assert refused.status_code == 422
    assert "Choose where you live" in refused.text


def test_the_numbers_say_when_they_were_checked_and_where_they_do_not_reach(empty):
    """Beside the fields to be confirmed."""
    browser, path = _browser_at_set_up(empty)
    page = browser.page(f"{path}/details?mode=just_me&country=GB").text
    assert "We last checked them on" in page
    assert "does not reach Northern Ireland" in page


def test_just_me(empty):
    """Maria follows the link and is in; the next page asks about her operation."""
    _app, database = empty
    browser, path = _browser_at_set_up(empty)
    assert "Just me" in browser.page(path).text
    details = f"{path}/details?mode=just_me&country=DE"
    page = browser.page(details)
    assert 'value="112"' in page.text
    assert 'value="Europe/Berlin" selected' in page.text
    answer = browser.send(details, **JUST_ME)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].endswith("/surgery/new")
    assert browser.get(answer.headers["Location"]).status_code == 200
    with database.read() as session:
        installation = settings.read_installation(session)
        account = accounts.account_by_login(session, "maria@example.org")
        patient = people.patient_by_id(session, account.patient_id)
    assert installation.mode is Mode.JUST_ME
    assert installation.team_number == "030 123 456"
    assert account.role is Role.PATIENT
    assert patient.zone == "Europe/Berlin"
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/people").status_code == 404


@pytest.mark.parametrize(("chosen", "is_diary_only"), [("diary", True), ("", False)])
def test_a_diary_alone_can_be_chosen(empty, chosen, is_diary_only):
    """It looks for no pattern and says so; emergency help stays."""
    app, database = empty
    browser, path = _browser_at_set_up(empty)
    details = f"{path}/details?mode=just_me&country=DE"
    assert browser.send(details, **JUST_ME, scope=chosen).status_code == 303
    with database.read() as session:
        assert settings.read_installation(session).is_diary_only is is_diary_only
    assert "emergency department" in Browser(app.test_client()).page("/help").text


def test_without_a_number_of_the_team_the_hospital_letter_has_it(empty):
    browser, path = _browser_at_set_up(empty)
    answer = browser.send(
        f"{path}/details?mode=just_me&country=DE", **JUST_ME | {"team_number": ""}
    )
    operation = answer.headers["Location"]
    home = browser.send(operation, day=str(NOW.date()), region="lumbar").headers["Location"]
    today = f"{home}day/{NOW.date()}"
    told = browser.send(today, today, signs="some", line="wound").headers["Location"]
    for page in (told, f"{home}card", f"{home}sheet"):
        assert "Use the number on your hospital letter." in browser.page(page).text


def test_set_up_never_opens_again(empty):
    app, database = empty
    browser, path = _browser_at_set_up(empty)
    details = f"{path}/details?mode=just_me&country=DE"
    form = browser.page(details).form().hidden()
    browser.client.post(f"{path}/details", data={**form, **JUST_ME})
    again = Browser(app.test_client())
    assert again.get(path).status_code == 404
    assert again.get(details).status_code == 404
    assert again.client.post(f"{path}/details", data={**form, **JUST_ME}).status_code in {400, 404}
    assert setup_link(database, "http://localhost", NOW) is None
    with database.read() as session:
        assert len(accounts.all_accounts(session)) == 1


def test_a_new_link_replaces_the_old_one(empty):
    _app, database = empty
    browser, old = _browser_at_set_up(empty)
    new = setup_link(database, "http://localhost", NOW)
    assert browser.get(old).status_code == 404
    assert browser.get(new.removeprefix("http://localhost")).status_code == 200


def test_mistakes_are_named_and_what_was_typed_is_kept(empty):
    browser, path = _browser_at_set_up(empty)
    details = f"{path}/details?mode=just_me&country=DE"
    answer = browser.send(
        details,
        **{**JUST_ME, "password": "short", "emergency_number": "call me", "name": "Zoë"},
    )
    assert answer.status_code == 422
    page = Page(answer.text)
    assert 'href="#password"' in page.text
    assert 'href="#emergency_number"' in page.text
    assert 'value="Zoë"' in page.text
    assert 'value="call me"' in page.text
    assert "short" not in page.text


def test_mistakes_are_named_in_the_order_of_the_page(empty):
    browser, path = _browser_at_set_up(empty)
    sent = dict.fromkeys(JUST_ME, "") | {"mode": "just_me", "team_number": "ring me"}
    text = browser.send(f"{path}/details?mode=just_me&country=DE", **sent).text
    named = re.findall(r'<a href="#(\w+)"', text.split("errsum")[1].split("</div>")[0])
    assert named == ["name", "login", "password", "emergency_number", "team_number"]


def test_a_country_without_a_number_must_be_told_one(empty):
    browser, path = _browser_at_set_up(empty)
    details = f"{path}/details?mode=just_me&country="
    answer = browser.send(details, **{**JUST_ME, "zone": "UTC", "emergency_number": ""})
    assert answer.status_code == 422
    assert "Type the emergency number" in answer.text


class TestClinic:
    """A clinic fills in its numbers before any patient page opens."""

    def test_patient_pages_wait_for_the_numbers_and_help_does_not(self, clinic):
        with clinic.database.write() as session:
            from dataclasses import replace

            from tests.web.conftest import SYSTEM

            now = settings.read_installation(session)
            settings.save_installation(session, replace(now, team_number=""), by=SYSTEM, at=NOW)
        alice = clinic.signed_in("alice")
        answer = alice.get(f"/p/{clinic.alice.public_id}/")
        assert answer.status_code == 503
        assert "not open yet" in answer.text
        assert alice.get("/help").status_code == 200
        frank = clinic.signed_in("frank")
        assert "Patient pages are closed" in frank.page("/admin/").text
        form = frank.page("/admin/").form("/admin/")
        data = {**dict(form.fields), "team_number": "01632 960 123", "paper": "a4"}
        assert frank.client.post("/admin/", data=data).status_code == 303
        assert alice.get(f"/p/{clinic.alice.public_id}/").status_code == 200

    def test_the_first_administrator_signs_in_and_sees_no_patient(self, empty):
        _app, _database = empty
        browser, path = _browser_at_set_up(empty)
        details = f"{path}/details?mode=clinic&country=GB"
        answer = browser.send(details, **{**JUST_ME, "login": "frank", "zone": "UTC"})
        assert answer.headers["Location"] == "/account/ready"
        assert browser.sign_in("frank").status_code == 302
        assert browser.get("/").headers["Location"] == "/admin/"

    def test_every_text_of_an_installation_is_asked_for_and_kept(self, empty):
        _app, database = empty
        browser, path = _browser_at_set_up(empty)
        texts = {one.name for one in fields(Installation) if one.type is str}
        texts -= {"rules_signed_set"}
        fixed = {"country": "GB", "paper": "a4", "scope": "diary"}
        typed = dict.fromkeys(texts, "0800 112 112") | fixed
        details = f"{path}/details?mode=clinic&country=GB"
        assert texts - {"paper"} <= dict(browser.page(details).form().fields).keys()
        assert browser.send(details, **JUST_ME | typed).status_code == 303
        browser.sign_in("maria@example.org")
        shown = dict(browser.page("/admin/").form("/admin/").fields)
        assert {name: shown[name] for name in texts - {"country", "paper", "scope"}} == {
            name: typed[name] for name in texts - {"country", "paper", "scope"}
        }
        with database.read() as session:
            installation = settings.read_installation(session)
        assert {name: getattr(installation, name) for name in texts} == typed

    def test_two_administrators_do_not_overwrite_each_other(self, clinic):
        one, other = clinic.signed_in("frank"), clinic.signed_in("frank")
        forms = [dict(browser.page("/admin/").form("/admin/").fields) for browser in (one, other)]
        first = one.client.post("/admin/", data={**forms[0], "team_hours": "mornings"})
        second = other.client.post("/admin/", data={**forms[1], "team_hours": "evenings"})
        assert first.status_code == 303
        assert second.status_code == 409
        assert "evenings" in second.text
        with clinic.database.read() as session:
            assert settings.read_installation(session).team_hours == "mornings"


def _browser_at_set_up(empty) -> tuple[Browser, str]:
    app, database = empty
    link = setup_link(database, "http://localhost", NOW)
    return Browser(app.test_client()), link.removeprefix("http://localhost")


@pytest.mark.parametrize(
    ("country", "first"),
    [("US", "America/New_York"), ("AU", "Australia/Sydney"), ("ES", "Europe/Madrid")],
)
def test_first_zone_offered_is_where_most_people_of_the_country_live(country, first):
    assert zones_of(country)[0] == first
    assert zones_of(country)[1:] == sorted(zones_of(country)[1:])


@pytest.mark.parametrize("country", sorted(code for code in COUNTRIES if code))
def test_every_country_has_a_zone(country):
    assert zones_of(country)


def test_every_zone_offered_is_a_place_this_machine_knows():
    assert all_zones() <= available_timezones()
    assert not [zone for zone in all_zones() if zone.startswith("Etc/")]


def test_zone_that_stands_already_stays_a_choice():
    offered = dict(zone_choices("TW", "US/Eastern"))
    assert next(iter(offered)) == "Asia/Taipei"
    assert {"US/Eastern", "UTC"} <= set(offered)
