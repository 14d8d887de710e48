"""A passkey from end to end: made, used and refused by a real Chromium under the strict policy."""

from collections.abc import Iterator

import pytest

from recovery_tracker.web.config import utc_now
from tests.browser.conftest import follow, served
from tests.web.conftest import PASSWORD, Clock, open_clinic

pytestmark = pytest.mark.browser


@pytest.fixture
def address(clinic_database, tmp_path) -> Iterator[str]:
    """The clinic behind a real socket, under a name that browsers allow passkeys for."""
    file = tmp_path / "clinic.db"
    file.write_bytes(clinic_database.read_bytes())
    clinic = open_clinic(file, Clock(utc_now()))
    with served(clinic.app) as port:
        yield f"http://localhost:{port}"


def test_a_passkey_signs_in_without_a_password(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    _plug_in_authenticator(page)
    _sign_in(page, address)
    page.goto(f"{address}/account/passkeys")
    page.fill("#name", "my phone")
    page.click("text=Add a passkey")
    page.wait_for_selector("text=Your passkeys")
    assert "my phone" in page.inner_text("main")
    page.goto(f"{address}/account")
    with page.expect_navigation():
        page.click("main >> text='Sign out'")
    page.goto(f"{address}/account/sign-in")
    follow(page.locator("text=Use a passkey"))
    page.click("main form button")
    page.wait_for_url("**/p/**")
    assert page.goto(f"{address}/account").status == 200
    assert not [text for text in said if "Content Security Policy" in text]
    context.close()


def _plug_in_authenticator(page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _sign_in(page, address: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.fill("#email", "alice")
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/p/**")
