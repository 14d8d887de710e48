"""A real server on loopback and a real Chromium in front of it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from waitress import create_server

from recovery_tracker.storage import people
from tests.web.conftest import (  # noqa: F401  (fixtures)
    PASSWORD,
    SYSTEM,
    Clinic,
    Clock,
    _closing,
    clinic_database,
    closes_it_itself,
    empty,
    open_clinic,
)
from tests.web.diarist import CALM, Diarist, new_diarist


@dataclass
class Chromium:
    """The one browser of all tests, patient where a machine is busy: no test is about seconds."""

    browser: Browser

    def new_context(self, **options: Any) -> BrowserContext:
        """A profile of its own, empty."""
        context = self.browser.new_context(**options)
        context.set_default_timeout(120_000)
        return context


def follow(way: Locator) -> None:
    """Press what leads to another page; then that page is loaded to its end.

    A click alone ends with the first byte of the answer: what is asked of the page next may not
    have arrived.
    """
    with way.page.expect_navigation():
        way.click()


def browser_program() -> str | None:
    """Chromium without windows of its own, a fifth of the work where there is one."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One Chromium for all tests; each test opens its own context in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_program(), args=["--no-sandbox"], timeout=120_000
        )
        yield Chromium(browser)
        browser.close()


@dataclass
class Site:
    """The running clinic and where it is reached."""

    clinic: Clinic
    address: str

    def sign_in(self, context: BrowserContext, login: str) -> Page:
        """A tab in which this person has just signed in."""
        tab = context.new_page()
        tab.goto(f"{self.address}/account/sign-in")
        tab.locator("input[name=email]").fill(login)
        tab.locator("input[name=password]").fill(PASSWORD)
        follow(tab.locator("form[action='/account/sign-in'] button[type=submit]").first)
        assert "/account/sign-in" not in tab.url
        return tab


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The application behind waitress, one of the product's own servers; gives the port.

    werkzeug's server for developers leaves the file of an answer open where a browser drops the
    connection, as browsers do.
    """
    server = create_server(app, host="127.0.0.1", port=0, threads=8)

    def close() -> None:
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()

    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        # Answers are ended first; then the thread that has the sockets closes them.
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(close)
        thread.join()


@contextmanager
def serve(file: Path, **settings: Any) -> Iterator[Site]:
    """The clinic of this file on a free port, by the real clock: browsers drop old cookies."""
    clinic = open_clinic(file, Clock(datetime.now(UTC)), **settings)
    closes_it_itself(clinic.database)
    try:
        with served(clinic.app) as port:
            yield Site(clinic, f"http://127.0.0.1:{port}")
    finally:
        clinic.database.close()


@pytest.fixture
def site(clinic_database: Path, tmp_path: Path) -> Iterator[Site]:  # noqa: F811
    """A fresh copy of the clinic, running."""
    file = tmp_path / "clinic.db"
    shutil.copy(clinic_database, file)
    with serve(file) as running:
        yield running


@pytest.fixture
def nora(site: Site) -> Diarist:
    """A patient twelve weeks after a lumbar fusion, with a month of calm days."""
    diarist = new_diarist(site.clinic, "nora", preop_axial_pain=7, preop_limb_pain=6)
    diarist.history_of(30)
    return diarist


@pytest.fixture
def nora_today(nora: Diarist) -> dict[str, str]:
    """What nora's addresses name, once today is logged, corrected and full of signs."""
    today = nora.today
    nora.log(today, form=nora.blank(today), **CALM)
    signs = {"signs": "some", "line": "calf", "note": "since this morning"}
    nora.log(today, form=nora.blank(today), **signs)
    (operation,) = nora.recovery().operations
    carol = nora.clinic.accounts["carol"]
    with nora.clinic.database.write() as session:
        people.grant_care(session, nora.patient.id, carol.id, by=SYSTEM, at=nora.clinic.clock())
    return {
        "public_id": nora.patient.public_id,
        "day": today.isoformat(),
        "operation_id": operation.public_id,
        "reader_id": carol.public_id,
    }


def answer_everything(tab: Page) -> None:
    """Every follow-up question of the daily form is shown, and every part that opens is open."""
    for name in ("signs-some", "axial_pain-9", "limb_pain-9", "numbness-4"):
        tab.locator(f"#{name}").check(force=True)
    for box in tab.locator("input[name=line]").all():
        box.evaluate("one => one.click()")
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
