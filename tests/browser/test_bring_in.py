"""Two months of a spreadsheet come in on a phone, by somebody who has never seen the page.

Every tap is counted: choosing in a list takes two, choosing a file two (the button, the file).
"""

from datetime import timedelta

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import Chromium, Site, follow
from tests.web.diarist import Diarist, new_diarist
from tests.web.test_long_files import long_export

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}}
MOST_TAPS = 12


def test_two_months_of_a_spreadsheet_take_twelve_taps_at_most(
    chromium: Chromium, site: Site, tmp_path
) -> None:
    ann: Diarist = new_diarist(site.clinic, "ann")
    days = [ann.today - timedelta(days=n) for n in range(60, 0, -1)]
    rows = "".join(f"{day:%d.%m.%Y};{n % 10},5;{n}\n" for n, day in enumerate(days))
    file = tmp_path / "Schmerzen.csv"
    file.write_text(f"Datum;Schmerz;Wetter\n{rows}", encoding="utf-8")
    tab = site.sign_in(chromium.new_context(**PHONE), "ann")
    tab.goto(f"{site.address}{ann.path('settings')}")
    taps = 0

    def narrow() -> bool:
        return bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    follow(tab.get_by_role("link", name="My data"))
    taps += 1
    assert narrow()
    tab.get_by_label("The file").set_input_files(str(file))
    taps += 2
    follow(tab.get_by_role("button", name="Look at the file"))
    taps += 1
    assert narrow()
    # The day was recognised by its name; what the pain is only the person knows.
    assert tab.get_by_label("Datum").input_value() == "date"
    tab.get_by_label("Schmerz").select_option("axial_pain")
    taps += 2
    follow(tab.get_by_role("button", name="Look again"))
    taps += 1
    assert narrow()
    assert tab.get_by_text("New days").is_visible()
    follow(tab.get_by_role("button", name="Add it to my diary"))
    taps += 1
    assert narrow()
    assert len(ann.recovery().entries) == 60
    assert taps <= MOST_TAPS
    follow(tab.get_by_role("button", name="Take back"))
    assert ann.recovery().entries == ()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_long_file_says_how_far_it_is_and_goes_on(
    chromium: Chromium, site: Site, tmp_path, has_script: bool
) -> None:
    ann: Diarist = new_diarist(site.clinic, "ann")
    file = tmp_path / "export.zip"
    file.write_bytes(long_export())
    tab = site.sign_in(chromium.new_context(**PHONE, java_script_enabled=has_script), "ann")
    tab.goto(f"{site.address}{ann.path('data')}")
    tab.get_by_label("The file").set_input_files(str(file))
    follow(tab.get_by_role("button", name="Look at the file"))
    if has_script:
        assert tab.get_by_role("progressbar").is_visible()
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert barriers(tab) == []
    else:
        while (on := tab.get_by_role("link", name="See how far it is")).count():
            follow(on)
    tab.get_by_role("heading", name="What will happen").wait_for()
    follow(tab.get_by_role("button", name="Add it to my diary"))
    assert tab.get_by_text("Apple Health", exact=True).is_visible()


def test_a_long_file_that_is_refused_says_why(chromium: Chromium, site: Site, tmp_path) -> None:
    ann: Diarist = new_diarist(site.clinic, "ann")
    file = tmp_path / "export.zip"
    file.write_bytes(long_export(end=""))
    tab = site.sign_in(chromium.new_context(**PHONE), "ann")
    tab.goto(f"{site.address}{ann.path('data')}")
    tab.get_by_label("The file").set_input_files(str(file))
    follow(tab.get_by_role("button", name="Look at the file"))
    tab.get_by_role("heading", name="This file cannot be added as it is").wait_for()
    assert tab.get_by_text("cannot be read to the end").is_visible()
