"""Days in the hospital are added afterwards, back to the operation."""

from datetime import timedelta

from tests.web.diarist import CALM, TODAY, new_diarist


def test_days_in_the_hospital_are_added_back_to_the_operation(clinic):
    nora = new_diarist(clinic, days_ago=6)
    for back, there in ((6, 200), (7, 404)):
        assert nora.browser.get(nora.day(TODAY - timedelta(days=back))).status_code == there
    day = TODAY - timedelta(days=5)
    assert nora.log(day, **CALM).status_code == 303
    assert nora.entry(day).days_late == 5
    assert f"/day/{TODAY - timedelta(days=6)}" in nora.page("diary").text


def test_two_weeks_later_three_days_back_are_enough(clinic):
    nora = new_diarist(clinic, days_ago=15)
    assert nora.browser.get(nora.day(TODAY - timedelta(days=4))).status_code == 404
    assert nora.browser.get(nora.day(TODAY - timedelta(days=3))).status_code == 200
