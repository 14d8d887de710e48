"""The demo: its links sign in after a button, its pages say that everybody is made up."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from recovery_tracker.storage.database import open_database
from recovery_tracker.web.auth.demo import demo_link
from tests.databases import copied, url_of
from tests.web.conftest import SECRET, Clinic, open_clinic


@pytest.fixture
def demo(clinic_database, tmp_path) -> Clinic:
    """The clinic in a database that is marked as a demo."""
    file = tmp_path / "demo.db"
    copied(clinic_database, file)
    database = open_database(url_of(file))
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET is_demo = 1"))
    database.close()
    return open_clinic(file)


def _path(demo: Clinic, name: str) -> str:
    link = demo_link(demo.database, SECRET, "http://localhost", demo.accounts[name].id)
    return link.removeprefix("http://localhost")


def test_following_the_link_does_nothing_and_the_button_signs_in(demo):
    browser = demo.browser()
    page = browser.page(_path(demo, "alice"))
    assert "Look around as Alice" in page.text
    assert browser.get("/account").status_code == 302
    assert browser.send(_path(demo, "alice")).status_code == 303
    assert browser.get("/account").status_code == 200


def test_every_page_says_so(demo):
    browser = demo.browser()
    assert "made-up people" in browser.page("/help").text
    browser.send(_path(demo, "carol"))
    for path in ("/account", "/clinic/patients"):
        assert "made-up people" in browser.get(path, follow_redirects=True).text


def test_the_page_to_sign_in_says_how_one_gets_in_again(demo):
    """Nobody has a password there, and the link still opens after a sign-in has run out."""
    assert (
        "Nobody has a password in this practice copy."
        in demo.browser().page("/account/sign-in").text
    )


def test_the_sign_in_page_of_a_real_clinic_says_no_such_thing(clinic):
    assert "practice copy" not in clinic.browser().page("/account/sign-in").text


def test_nothing_is_called_checked_there(demo):
    browser = demo.browser()
    browser.send(_path(demo, "carol"))
    text = browser.page("/clinic/rules").text
    assert "No clinician has checked the advice yet, in any language." in text


def test_its_cookie_is_its_own(demo):
    browser = demo.browser()
    browser.send(_path(demo, "alice"))
    assert browser.client.get_cookie("recovery-demo")
    assert browser.client.get_cookie("recovery") is None


def test_a_made_up_or_foreign_link_is_nobody(demo):
    link = demo_link(demo.database, "x" + SECRET, "", demo.accounts["alice"].id)
    for path in (link, "/demo/x", _path(demo, "alice")[:-2], _path(demo, "gina")):
        assert demo.browser().get(path).status_code == 404


def test_settings_cannot_turn_a_real_clinic_into_a_demo(clinic):
    frank = clinic.signed_in("frank")
    form = dict(frank.page("/admin/").form("/admin/").fields)
    frank.client.post("/admin/", data={**form, "is_demo": "1", "mode": "just_me", "paper": "a4"})
    from recovery_tracker.storage import settings

    with clinic.database.read() as session:
        now = settings.read_installation(session)
    assert now == replace(now, is_demo=False)
    assert now.mode == "clinic"
