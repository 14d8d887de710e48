"""No text lies over another or is cut: any length of diary and name, every language and width.

Every length of diary meets every language and every width; the number of events and the script of
the name change along with the length (`long_names.HARD`), because they do not depend on each other.
"""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from recovery_tracker.domain.surgery import Operation
from recovery_tracker.storage import people, record_rows
from tests.browser.addresses import pages_of
from tests.browser.conftest import serve
from tests.browser.geometry import faults, open_everything
from tests.browser.long_names import HARD, admit
from tests.effort import first_of

pytestmark = pytest.mark.browser

WIDTHS = (320, 768, 1280)


@pytest.fixture(scope="module")
def hard(clinic_database, tmp_path_factory):
    """The clinic with the hardest people in it."""
    file: Path = tmp_path_factory.mktemp("hard") / "clinic.db"
    shutil.copy(clinic_database, file)
    with serve(file) as site:
        yield site, {one.days: admit(site.clinic, one).public_id for one in HARD}


def read_everywhere(tab: Page, addresses: list[str]) -> str:
    """What cannot be read of these pages, with everything open, at each width; a line for each."""
    found = []
    for address in addresses:
        tab.goto(address)
        open_everything(tab)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            found += [f"{address} at {width}: {fault}" for fault in faults(tab)]
    return "\n".join(found)


@pytest.mark.parametrize("language", first_of("es", "en", "zh_Hant"))
def test_the_list_and_every_chart_can_be_read(chromium, hard, language):
    site, patients = hard
    context = chromium.new_context(locale=language.replace("_", "-"))
    tab = site.sign_in(context, "carol")
    charts = [f"{site.address}/clinic/p/{public_id}" for public_id in patients.values()]
    assert read_everywhere(tab, [f"{site.address}/clinic/patients", *charts]) == ""
    context.close()


@pytest.mark.parametrize("language", first_of("zh_Hant", "es"))
def test_every_other_page_of_the_clinic_can_be_read(chromium, hard, language):
    site, patients = hard
    with site.clinic.database.read() as session:
        patient = people.patient_by_public_id(session, patients[90])
        (operation,) = record_rows.stored_of(session, patient.id, Operation)
    named = {"public_id": patients[90], "operation_id": operation.public_id}
    context = chromium.new_context(locale=language.replace("_", "-"))
    tab = site.sign_in(context, "carol")
    assert read_everywhere(tab, pages_of(site, "clinician", **named)) == ""
    context.close()


@pytest.mark.parametrize(("language", "days"), first_of(("zh_Hant", 3650), ("en", 0), ("es", 90)))
def test_what_the_patient_hands_over_can_be_read(chromium, hard, language, days):
    site, patients = hard
    context = chromium.new_context(locale=language.replace("_", "-"))
    tab = site.sign_in(context, f"days-{days}")
    own = f"{site.address}/p/{patients[days]}"
    assert read_everywhere(tab, [f"{own}/report", f"{own}/recovery", f"{own}/"]) == ""
    context.close()


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<p style='margin-bottom:-32px'>one line</p><p>another line</p>", "overlap"),
        ("<div style='width:40px;overflow:hidden;white-space:nowrap'>cut off</div>", "cut"),
        ("<p style='position:absolute;left:-90px;white-space:nowrap'>half of it</p>", "outside"),
        (
            "<button class=btn style='width:40px;white-space:nowrap'>too long for it</button>",
            "spills",
        ),
        ("<table class=data style='width:1em'><td>分鐘</table>", "broken"),
        ("<div style='width:2000px'>-</div>", "page"),
        ("<img src='data:image/png;base64,AAAA' alt='chart'>", "no picture"),
    ],
    ids=lambda one: one if len(one) < 12 else "",
)
def test_each_kind_of_fault_is_found(chromium, page, kind):
    context = chromium.new_context(viewport={"width": 600, "height": 400})
    tab = context.new_page()
    tab.set_content(f"<!doctype html><p>Nothing wrong <b>here</b>.</p>{page}")
    assert [fault.split()[0].rstrip(":") for fault in faults(tab)][:1] == [kind.split()[0]]
    tab.set_content("<!doctype html><p>Nothing wrong <b>here</b>.</p><table><td>1<td>2</table>")
    assert faults(tab) == []
    context.close()
