"""One administrator sets a clinic up from nothing: five clinicians, two teams, 200 patients.

Everything is done by hand in a browser, and counted: each press of a button, a link or a box, each
form that is typed. A second administrator agrees to the accounts that the first one made.
"""

from pathlib import Path

import pypdfium2
import pytest

from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts, ways
from tests.browser.conftest import follow
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.browser

CLINICIANS = ("Dr Lund", "Dr Okafor", "Nurse Five", "Nurse Kim", "Physio May")
TEAMS = {"Lund": ("Dr Lund", "Nurse Five"), "Okafor": ("Dr Okafor", "Nurse Kim", "Physio May")}

#: Seconds that a press and a typed form take somebody who knows the page. Our estimate.
PRESS, TYPED = 10, 30

MINUTES = 30
"""What we promise for the whole."""

LARGEST_PAGE = 100_000
"""Bytes of one page: our promise."""


class Hand:
    """Presses and types like a person, and counts it."""

    def __init__(self, page):
        self.page, self.presses, self.forms = page, 0, 0

    def open(self, address):
        self.page.goto(address)
        self.look()

    def look(self):
        """The page is small, whatever the clinic has."""
        assert len(self.page.content().encode()) < LARGEST_PAGE, self.page.url

    def press(self, name, role="button"):
        self.presses += 1
        follow(self.page.get_by_role(role, name=name, exact=True).first)
        self.look()

    def typed(self, **fields):
        self.forms += 1
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).locator(
                "visible=true"
            ).fill(value)


def patients_csv(folder: Path) -> Path:
    """200 patients of two teams, as a hospital's own list would have them."""
    lines = ["Patient;DOB;MRN;Phone;Operation date;Region;Levels;Surgeon;Team"]
    for number in range(200):
        team = "Lund" if number % 2 else "Okafor"
        day = f"{1 + number % 28:02}.01.2026"
        lines.append(
            f"Patient {number:03};{1 + number % 28:02}.06.1950;H{number};020 7946 {number:04};"
            f"{day};lumbar;L4-L5;Dr {team};{team}"
        )
    path = folder / "theatre list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_clinic_works_within_half_an_hour(site, chromium, tmp_path):
    assert site.clinic.add_account("olga", Role.ADMINISTRATOR).active
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    hand = Hand(site.sign_in(context, "frank"))
    links = [_invited(hand, site, name) for name in CLINICIANS]
    for name, link in zip(CLINICIANS, links, strict=True):
        login = name.split()[-1].lower()
        site.clinic.browser().send(link, login=f"{login}1", password=PASSWORD)
    for name, members in TEAMS.items():
        hand.open(f"{site.address}/admin/teams")
        hand.typed(Name_of_the_team=name)
        hand.press("Create the team")
        card = hand.page.get_by_role("region", name=name, exact=True)
        for member in members:
            hand.presses += 1
            card.get_by_label(member, exact=True).check(force=True)
        hand.press(f"Save members {name}")
        assert hand.page.get_by_text("a second person has to agree").is_visible()
    second = Hand(site.sign_in(chromium.new_context(), "olga"))
    second.open(f"{site.address}/admin/teams")
    for _team in TEAMS:
        second.press("Let them join")
    hand.open(f"{site.address}/admin/people/list")
    hand.page.get_by_label("File with patients").set_input_files(patients_csv(tmp_path))
    hand.presses += 2
    hand.press("See what will happen")
    assert hand.page.get_by_text("200 new patients.").is_visible()
    hand.press("Add these patients")
    hand.presses += 1
    with hand.page.expect_download() as download:
        hand.page.get_by_role("button", name="Make the slips (PDF)").click()
    slips = pypdfium2.PdfDocument(download.value.path())
    # Those of the list, and whoever was here without an account or an entry.
    assert len(slips) >= 200
    slips.close()
    hand.open(f"{site.address}/admin/people")
    hand.typed(**{"Find a patient by name, hospital number or birth date": "patient 117"})
    hand.press("Find")
    hand.press("Patient 117", role="link")
    presses, forms = hand.presses + second.presses, hand.forms + second.forms
    assert presses * PRESS + forms * TYPED < MINUTES * 60, (presses, forms)
    with site.clinic.database.read() as session:
        lund = accounts.account_by_login(session, "lund1")
        assert len(ways.patients_open_to(session, lund.id, site.clinic.clock())) == 100


def _invited(hand, site, name):
    hand.open(f"{site.address}/admin/people")
    hand.presses += 1
    hand.page.locator("details.more > summary").first.click()
    hand.presses += 1
    hand.page.get_by_label("Clinician", exact=True).check(force=True)
    hand.typed(Name=name)
    hand.press("Make the link")
    link = hand.page.locator("code.link").inner_text()
    return "/invitation/" + link.rsplit("/", 1)[1]
