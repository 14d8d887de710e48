"""A second operation elsewhere: what was said of the back stays about the back, and stays seen."""

import re
from datetime import timedelta

import pytest

from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import people, record_rows
from recovery_tracker.web.clinician.days import entry_row
from tests.pdf import text_of
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, TODAY, Diarist, new_diarist


@pytest.fixture
def nora(clinic) -> Diarist:
    """Nineteen days after an operation on the back, with the answers of a fortnight."""
    nora = new_diarist(clinic, days_ago=19)
    nora.history_of(14, axial_pain=5, region=Region.LUMBAR)
    nora.log(**{**CALM, "numbness": "2", "numbness_zones": "left_calf"})
    return nora


def operated_again(nora: Diarist, region: Region) -> None:
    """Another operation is entered, of the day before yesterday."""
    again = Operation(TODAY - timedelta(days=1), region)
    with nora.clinic.database.write() as session:
        record_rows.add(session, nora.patient.id, again, by=SYSTEM, at=nora.clinic.clock())


def test_old_answers_are_called_what_they_were_asked_as(nora) -> None:
    operated_again(nora, Region.CERVICAL)

    entries = nora.page("diary").text
    assert "Back pain: 5 out of 10" in entries
    assert "Neck pain" not in entries
    saved = nora.page(f"day/{TODAY}/saved").text
    assert "Left calf" in saved
    assert "Back pain" in saved
    # The form of the day, opened again, asks what it asked.
    form = nora.page(f"day/{TODAY}").text
    assert "back pain" in form.lower()
    assert "neck pain" not in form.lower()


def test_a_check_in_before_it_keeps_its_day_and_every_answer(nora) -> None:
    before = TODAY - timedelta(days=3)
    nora.send(f"day/{before}/weekly", peg_pain="4", overall_change="2", sign="none")
    operated_again(nora, Region.CERVICAL)

    assert "Monday 9 March, day 16" in nora.page(f"day/{before}/weekly").text
    assert 'id="overall_change"' in nora.page(f"day/{before}/weekly").text
    form = nora.page(f"day/{before}/weekly").form(nora.path(f"day/{before}/weekly")).hidden()
    nora.browser.client.post(nora.path(f"day/{before}/weekly"), data={**form, "peg_pain": "5"})
    entry = nora.entry(before)
    assert entry is not None
    assert (entry.peg_pain, entry.overall_change) == (5, 2)


def test_two_answers_of_a_day_before_it_are_named_as_they_were_asked(nora) -> None:
    before = TODAY - timedelta(days=3)
    blank = nora.blank(before)
    nora.log(before, **{**CALM, "axial_pain": "6"})
    operated_again(nora, Region.CERVICAL)

    answer = nora.log(before, form=blank, **{**CALM, "axial_pain": "8"})
    assert answer.status_code == 409
    assert "Back pain" in answer.text
    assert "Neck pain" not in answer.text


def test_an_operation_that_is_to_come_is_not_called_the_last(nora) -> None:
    planned = Operation(TODAY + timedelta(days=9), Region.CERVICAL)
    with nora.clinic.database.write() as session:
        record_rows.add(session, nora.patient.id, planned, by=SYSTEM, at=nora.clinic.clock())
    page = nora.page("surgery").text
    assert page.index("Your planned operation") < page.index("Your last operation")
    assert "An earlier operation" not in page


def test_a_clinician_reads_what_each_day_was_about(nora) -> None:
    operated_again(nora, Region.CERVICAL)
    with nora.clinic.app.test_request_context():
        recovery = nora.recovery()
        days = [entry_row(stored, recovery)[0] for stored in recovery.entries]

    assert len(days) == 15
    assert all(day.endswith("(Lower back)") for day in days)


def test_a_clinician_reads_that_it_is_not_the_first(nora, carol) -> None:
    with nora.clinic.database.write() as session:
        by = nora.clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, by, by=SYSTEM, at=nora.clinic.clock())
    path = f"/clinic/p/{nora.patient.public_id}"
    assert "Earlier operation" not in carol.page(path).text
    operated_again(nora, Region.CERVICAL)
    assert "Lower back fusion on 21 Feb 2026" in carol.page(path).text


@pytest.mark.parametrize("who", ["nora", "carol"])
def test_what_is_known_of_the_person_is_ticked_for_the_next_operation(clinic, who) -> None:
    """Else a blood thinner is forgotten on the day on which it matters most."""
    risks = frozenset({"blood_thinner", "revision"})
    told = {"risk_factors": risks, "known_deficits": frozenset({"weakness"})}
    nora = new_diarist(clinic, days_ago=60, **told)
    browser, path = nora.browser, nora.path("surgery/new")
    if who == "carol":
        with clinic.database.write() as session:
            carol = clinic.accounts["carol"].id
            people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=clinic.clock())
        browser, path = (
            clinic.signed_in("carol"),
            f"/clinic/p/{nora.patient.public_id}/operation/new",
        )
    text = browser.page(path).text
    ticked = re.findall(r'value="(\w+)"[^>]* checked', text)
    assert ticked == ["weakness", "blood_thinner"]
    assert browser.get(path).headers["Cache-Control"] == "no-store"


def test_the_next_day_asks_about_the_neck(nora) -> None:
    operated_again(nora, Region.CERVICAL)
    nora.clinic.clock.forward(days=1)
    tomorrow = TODAY + timedelta(days=1)

    nora.log(tomorrow, **CALM)

    entry = nora.entry(tomorrow)
    assert entry is not None
    assert entry.region is Region.CERVICAL
    assert nora.recovery().history.region_of(entry) is Region.CERVICAL
    assert "Neck pain: 3 out of 10" in nora.page("diary").text


@pytest.mark.parametrize("region", [Region.CERVICAL, Region.LUMBAR])
def test_both_recoveries_are_on_the_chart_page_and_in_the_report(nora, region) -> None:
    operated_again(nora, region)

    page = nora.page("recovery?weeks=all")
    assert "Before: Lower back fusion on 21 Feb 2026" in page.text
    chart = nora.browser.get(nora.path("chart.svg?earlier=0"))
    assert chart.status_code == 200
    assert nora.browser.get(nora.path("chart.svg?earlier=1")).status_code == 404
    report = nora.browser.get(nora.path("report.pdf"))
    words = " ".join(text_of(report.data).split())
    assert "Earlier operation" in words
    assert "Lower back fusion on 21 Feb 2026" in words
    # Today was asked about the back, so it is still a day of the first recovery or, after a second
    # operation on the back, the first of the next.
    mean = "4.7" if region is Region.CERVICAL else "5"
    assert f"Back pain: before –, best {mean}, last {mean}" in words
    if region is Region.CERVICAL:
        # Nothing of the back stands in for the neck, nor the calf for the arm.
        assert "Left calf" not in words
        assert "Neck pain 5" not in words


def test_days_of_the_paper_sheet_before_it_are_about_what_the_sheet_asked(clinic) -> None:
    nora = new_diarist(clinic, days_ago=40)
    operated_again(nora, Region.CERVICAL)
    before = TODAY - timedelta(days=3)
    page = nora.page("sheet/type").text
    assert "Back pain / Neck pain" in page
    assert "Monday 9 March" in page or "Mon 9 Mar" in page
    assert re.search(rf'for="axial_pain-{before}">[^<]*Back pain<', page)
    assert re.search(rf'for="axial_pain-{TODAY}">[^<]*Neck pain<', page)
    nora.send(
        "sheet/type",
        **{f"axial_pain-{day}": "6" for day in (before, TODAY)},
        **{f"signs-{day}": "no" for day in (before, TODAY)},
    )
    old, new = nora.entry(before), nora.entry(TODAY)
    assert old is not None
    assert new is not None
    assert (old.region, new.region) == (Region.LUMBAR, Region.CERVICAL)
    # The one line of the old sheet did not ask about the throat, and that of the new one did.
    throat = {"cannot_swallow_saliva", "noisy_breathing"}
    assert not throat & (old.signs_asked or set())
    assert throat <= (new.signs_asked or set())
