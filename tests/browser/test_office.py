"""Set-up, sign-in, help and administration in a real browser: nothing axe or the policy minds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from recovery_tracker.web.auth.setup import setup_link
from recovery_tracker.web.config import utc_now
from tests.browser.barriers import COLOURS, barriers
from tests.browser.conftest import served
from tests.browser.geometry import faults
from tests.effort import first_of
from tests.web.conftest import PASSWORD, Clock, open_clinic

pytestmark = pytest.mark.browser


@pytest.fixture
def addresses(clinic_database, empty, tmp_path) -> Iterator[tuple[str, str]]:
    """The clinic on one socket, and the set-up link of an empty installation on another."""
    file = tmp_path / "clinic.db"
    file.write_bytes(clinic_database.read_bytes())
    app = open_clinic(file, Clock(utc_now())).app
    empty_app, empty_database = empty
    with served(app) as clinic, served(empty_app) as blank:
        link = setup_link(empty_database, f"http://localhost:{blank}", utc_now())
        yield f"http://localhost:{clinic}", link or ""


@pytest.mark.parametrize("width", first_of(390, 1280))
def test_pages_hold_up(chromium, addresses, width):
    clinic, link = addresses
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("", "/details?mode=just_me&country=GB", "/details?mode=clinic&country=US"):
        _inspect(page, f"{link}{path}")
    for path in ("/help", "/account/sign-in", "/account/passkey", "/account/ready", "/nothing"):
        _inspect(page, f"{clinic}{path}")
    _sign_in(page, clinic, "frank")
    for path in ("/admin/", "/admin/people", "/admin/events", "/admin/health", "/account"):
        _inspect(page, f"{clinic}{path}")
    for path in ("/account/password", "/account/second-step", "/account/recovery-codes"):
        _inspect(page, f"{clinic}{path}")
    context.close()
    assert not [text for text in said if "Content Security Policy" in text]


def _inspect(page: Page, address: str) -> None:
    page.goto(address)
    assert barriers(page, ()) == [], address
    page.emulate_media(color_scheme="dark")
    assert barriers(page, COLOURS) == [], address
    page.emulate_media(color_scheme="light")
    assert faults(page) == [], address


def _sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.fill("#email", name)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/admin/")
