"""Card, help and advice for six people, as they see them: three days after a lumbar operation, and
three after one on the neck from the front.

`make shown FOLDER=…` writes every page into a folder, at 390 pixels, light and dark, and each card
as a PDF: for whoever signs the clinical content, or draws the pages.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from recovery_tracker.domain.surgery import Approach, Region
from tests.browser.conftest import Site
from tests.web.diarist import new_diarist

pytestmark = [pytest.mark.browser, pytest.mark.long]

#: Where the pages are written; nowhere in an ordinary run.
FOLDER = os.environ.get("SHOWN")
WIDTH, HEIGHT = 390, 844


@dataclass(frozen=True)
class Person:
    """Somebody on a day, what they tick, and the title that must come first."""

    name: str
    region: Region
    approach: Approach | None
    day: int
    ticked: dict[str, list[str]]
    first: str


PEOPLE = (
    Person(
        "lumbar-2",
        Region.LUMBAR,
        Approach.POSTERIOR,
        2,
        {"line": ["fever"], "sign-fever": ["fever"], "follow-fever": ["none"]},
        "Call your spine team today",
    ),
    Person(
        "lumbar-20",
        Region.LUMBAR,
        Approach.POSTERIOR,
        20,
        {"line": ["saddle", "chest", "calf"], "sign-chest": ["chest_pain", "breathing_difficulty"]},
        "Call 999 now",
    ),
    Person(
        "lumbar-100",
        Region.LUMBAR,
        Approach.POSTERIOR,
        100,
        {"line": ["fever"], "sign-fever": ["fever"], "follow-fever": ["none"]},
        "Call your spine team today",
    ),
    Person(
        "neck-1",
        Region.CERVICAL,
        Approach.ANTERIOR,
        1,
        {"line": ["throat"], "sign-throat": ["swallowing_difficulty"]},
        "Call your spine team today",
    ),
    Person(
        "neck-8",
        Region.CERVICAL,
        Approach.ANTERIOR,
        8,
        {
            "line": ["throat", "fever"],
            "sign-throat": ["neck_swelling"],
            "sign-fever": ["fever"],
            "follow-fever": ["none"],
        },
        "Call 999 now",
    ),
    Person(
        "neck-20",
        Region.CERVICAL,
        Approach.ANTERIOR,
        20,
        {
            "line": ["throat", "weakness"],
            "sign-throat": ["voice_worse", "throat_lump"],
            "sign-weakness": ["new_weakness"],
        },
        "Call 999 now",
    ),
)


def _look(tab: Page, name: str) -> None:
    """Nothing runs off the side, in light and in dark; written down where a folder is named."""
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTH, name
        if FOLDER:
            tab.screenshot(path=Path(FOLDER) / f"{name}-{scheme}.png", full_page=True)
    tab.emulate_media(color_scheme="light")


def test_card_help_and_advice_of_six_people(chromium, site: Site):
    if FOLDER:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
    for person in PEOPLE:
        login = person.name.replace("-", "")
        diarist = new_diarist(
            site.clinic,
            login,
            region=person.region,
            days_ago=person.day,
            approach=person.approach,
        )
        context = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        tab = site.sign_in(context, login)
        diarist.log(diarist.today, signs="some", **person.ticked)
        pages = {
            "advice": diarist.path(f"day/{diarist.today}/advice"),
            "card": diarist.path("card"),
            "help": "/help",
            "entry": diarist.path(f"day/{diarist.today}"),
            "home": diarist.path(),
        }
        for name, path in pages.items():
            tab.goto(site.address + path, wait_until="networkidle")
            _look(tab, f"{person.name}-{name}")
            if name == "advice":
                title = tab.locator(".care h1").inner_text()
                assert person.first in title, (person.name, title)
            if name == "card":
                pdf = tab.pdf(prefer_css_page_size=True, print_background=True)
                assert pdf.startswith(b"%PDF")
                if FOLDER:
                    (Path(FOLDER) / f"{person.name}-card.pdf").write_bytes(pdf)
        context.close()
