"""The visit loop in a real browser: told by the clinic, read at home, open to everyone."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.storage import people, record_rows
from tests.browser.barriers import barriers, too_wide
from tests.browser.conftest import Site, follow
from tests.effort import first_of
from tests.web.conftest import SYSTEM
from tests.web.diarist import Diarist, new_diarist

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1280, "height": 800}
LONG = "Nothing over 5 kg, and please ask somebody else to carry the shopping home for you. " * 3


def care_of_carol(site: Site, diarist: Diarist) -> None:
    with site.clinic.database.write() as session:
        carol = site.clinic.accounts["carol"].id
        people.grant_care(session, diarist.patient.id, carol, by=SYSTEM, at=site.clinic.clock())


@pytest.fixture
def told(site: Site, nora):
    """Nora, cared for by carol, who has told her one thing of each kind and one that is over."""
    care_of_carol(site, nora)
    now = site.clinic.clock()
    with site.clinic.database.write() as session:
        for kind, topic, ahead in (
            (InstructionKind.PLAN, "have_picture", 5),
            (InstructionKind.RESTRICTION, "lifting", 30),
            (InstructionKind.CLEARANCE, "driving", 9),
            (InstructionKind.RESTRICTION, "work", -1),
        ):
            due = nora.today + timedelta(days=ahead)
            said = Instruction(kind, nora.today, now, topic, LONG[:299], due, "Carol")
            record_rows.add(session, nora.patient.id, said, by=SYSTEM, at=now)
    return nora


def assert_open_to_everyone(tab) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert barriers(tab) == [], tab.url
    assert too_wide(tab) == 0, tab.url


@pytest.mark.parametrize(("viewport", "scheme"), first_of((PHONE, "dark"), (DESKTOP, "light")))
def test_no_barrier_for_patient_or_clinic(chromium, site: Site, told, viewport, scheme):
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)
    tab = site.sign_in(context, "nora")
    for tail in ("", "plan", "recovery"):
        tab.goto(f"{site.address}{told.path(tail)}")
        assert tab.get_by_text("Do not lift anything heavy.").is_visible()
        assert_open_to_everyone(tab)
    context.close()
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)
    tab = site.sign_in(context, "carol")
    chart = f"{site.address}/clinic/p/{told.patient.public_id}"
    tab.goto(chart)
    assert_open_to_everyone(tab)
    tab.goto(f"{chart}/operation/new")
    tab.locator("#day").fill(told.today.isoformat())
    tab.locator("#region-lumbar").check(force=True)
    follow(tab.get_by_role("button", name="Continue"))
    assert tab.get_by_role("heading", name="What it changes").is_visible()
    assert_open_to_everyone(tab)
    context.close()


def test_new_numbness_is_seen_on_the_map_and_read_beside_it(chromium, site: Site):
    mona = new_diarist(site.clinic, "mona")
    mona.history_of(45)
    care_of_carol(site, mona)
    zone = {"numbness": "2", "numbness_zones": "left_calf"}
    mona.log(mona.today, form=mona.blank(mona.today), **zone, signs="none", walking="2")
    context = chromium.new_context(viewport=DESKTOP)
    tab = site.sign_in(context, "carol")
    tab.goto(f"{site.address}/clinic/p/{mona.patient.public_id}")
    assert tab.locator("svg.numb path.new").count() == 2, "front and back"
    assert tab.get_by_text("Never marked before: Left calf.").is_visible()
    row = tab.locator("table", has_text="First marked").locator("tr", has_text="Left calf")
    assert "1 of 14" in row.inner_text()
    label = tab.locator("svg.numb").get_attribute("aria-label")
    assert label == "Numb places: Left calf"
    # Darker is more: the marked place differs from the unmarked in lightness, not in hue alone.
    fills = tab.evaluate(
        """() => ['.numb .z0', '.numb .z1'].map(s => getComputedStyle(
            document.querySelector(s)).fillOpacity)"""
    )
    assert fills[0] != fills[1]
    context.close()
