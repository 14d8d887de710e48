"""The statistics break: no warning answer is lost from any page for it."""

import re
from dataclasses import replace

import pytest

from recovery_tracker.domain.flags import Attention, Condition, Pattern
from recovery_tracker.services import assessing, attention, listing, save_settings
from recovery_tracker.storage import flags, patient_summary, people, settings
from tests.web.conftest import SYSTEM, Clinic
from tests.web.diarist import CALM, Diarist, new_diarist
from tests.web.page import Page

SADDLE = {**CALM, "signs": "some", "line": "saddle", "sign-saddle": "saddle_numbness"}
ADVICE = "Go to a hospital emergency department now"


@pytest.fixture
def nora(clinic: Clinic) -> Diarist:
    """She writes for ten days, and carol cares for her."""
    nora = new_diarist(clinic, days_ago=20)
    nora.history_of(10)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"]
        people.grant_care(session, nora.patient.id, carol.id, by=SYSTEM, at=clinic.clock())
    return nora


def _broken(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def _break_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither statistics nor answers can be assessed from here on."""
    monkeypatch.setattr(assessing, "assess", _broken)
    monkeypatch.setattr(assessing, "answer_findings", _broken)


def _stored(nora: Diarist) -> list[tuple[str, str]]:
    with nora.clinic.database.read() as session:
        found = flags.flags_of(session, nora.patient.id)
    return [(flag.pattern.value, flag.condition.value) for flag in found]


def test_an_emergency_is_flagged_from_the_answer_alone(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "assess", _broken)
    assert nora.log(**SADDLE).headers["Location"].endswith("/advice")
    assert _stored(nora) == [("emergency_sign", "active")]
    home = nora.page()
    assert ADVICE in home.text
    assert "usual" not in home.text
    assert "4 weeks ago" not in home.text
    row = nora.clinic.signed_in("carol").page("/clinic/patients").text
    about = row[row.index("Nora") - 600 : row.index("Nora") + 900]
    assert "Emergency sign" in about
    assert "Saddle numbness (12 Mar)" in about
    assert "as it was on" not in about
    chart = nora.clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}")
    assert "Saddle numbness" in chart.text


def test_the_flag_is_the_same_one_when_the_statistics_work_again(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person said of it in the meantime stays."""
    with monkeypatch.context() as broken:
        broken.setattr(assessing, "assess", _broken)
        nora.log(**SADDLE)
        with nora.clinic.database.read() as session:
            (flag,) = flags.flags_of(session, nora.patient.id)
        database, patient, at = nora.clinic.database, nora.patient.id, nora.clinic.clock()
        attention.mark_seen(database, patient, flag.public_id, flag.version, by=SYSTEM, at=at)
    assert ADVICE in nora.page().text
    with nora.clinic.database.read() as session:
        (again,) = flags.flags_of(session, nora.patient.id)
    assert again.public_id == flag.public_id
    assert again.attention is Attention.SEEN
    assert not again.corrected_by_patient


def test_what_statistics_found_before_stands(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trend flag is neither ended nor withdrawn by an assessment that could not be made."""
    nora = new_diarist(clinic, days_ago=85)
    nora.history_of(84, axial_pain=8)
    before = _stored(nora)
    assert before
    monkeypatch.setattr(assessing, "assess", _broken)
    nora.log(**SADDLE)
    assert _stored(nora) == [*before, (Pattern.EMERGENCY_SIGN.value, Condition.ACTIVE.value)]


def test_where_no_flag_can_be_stored_home_still_says_what_to_do(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_all(monkeypatch)
    nora.log(**SADDLE)
    assert _stored(nora) == []
    assert ADVICE in nora.page().text
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **CALM)
    page = nora.page()
    assert ADVICE in page.text
    assert "4 weeks ago" not in page.text
    assert "Good days and bad days" not in nora.page(f"day/{nora.today}/saved").text
    nora.log(nora.today, **{**CALM, "change-saddle_numbness": "gone", "spoke": "yes"})
    assert ADVICE not in nora.page().text


WOUND = {**CALM, "signs": "some", "line": "wound", "sign-wound": "wound_redness"}


def _cards(page: Page) -> list[str]:
    """The titles of the cards, from the top."""
    found = re.findall(r'<section class="care .*?<h2[^>]*>(.*?)</h2>', page.text, re.DOTALL)
    return [re.sub("<[^>]*>", "", title).strip() for title in found]


@pytest.mark.parametrize(
    "news",
    [
        {"line": "fever", "sign-fever": "shivering"},
        {"line": "wound", "sign-wound": "wound_drainage"},
        {"signs": "none"},
    ],
)
def test_what_joined_an_open_flag_has_no_card_of_its_own(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch, news: dict[str, str]
) -> None:
    nora.log(**WOUND)
    nora.clinic.clock.forward(days=1)
    with monkeypatch.context() as broken:
        broken.setattr(assessing, "assess", _broken)
        nora.log(nora.today, **{**CALM, "signs": "some", "change-wound_redness": "same", **news})
        told = _cards(nora.page())
        with nora.clinic.database.read() as session:
            stored = flags.flags_of(session, nora.patient.id)
        database, patient, at = nora.clinic.database, nora.patient.id, nora.clinic.clock()
        for flag in stored:
            attention.mark_seen(database, patient, flag.public_id, flag.version, by=SYSTEM, at=at)
        assert _cards(nora.page()) == told
    assert told == _cards(nora.page())
    assert len(told) == len(stored)


def test_what_no_flag_says_stands_where_it_is_as_urgent(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under an emergency that has a flag, above what asks for a call."""
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    _break_all(monkeypatch)
    nora.log(nora.today, **{**WOUND, "change-saddle_numbness": "same"})
    told = _cards(nora.page())
    assert [title.split(":")[0] for title in told] == ["Emergency", "Urgent"]


def test_an_emergency_that_no_flag_says_stands_first(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora.log(**WOUND)
    nora.clinic.clock.forward(days=1)
    _break_all(monkeypatch)
    nora.log(nora.today, **{**SADDLE, "change-wound_redness": "same"})
    told = _cards(nora.page())
    assert [title.split(":")[0] for title in told] == ["Emergency", "Urgent"]
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **{**CALM, "change-wound_redness": "same"})
    assert "Emergency:" in _cards(nora.page(f"day/{nora.today}/saved"))[0]


def test_a_flag_that_ended_hides_no_new_emergency(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **{**CALM, "change-saddle_numbness": "gone", "spoke": "yes"})
    assert _stored(nora) == [("emergency_sign", "ended")]
    nora.clinic.clock.forward(days=4)
    assert ADVICE not in nora.page().text
    _break_all(monkeypatch)
    nora.log(nora.today, **SADDLE)
    assert _stored(nora) == [("emergency_sign", "ended")]
    assert ADVICE in nora.page().text


def _row(nora: Diarist) -> str:
    """Her row of carol's list, as it is read."""
    page = nora.clinic.signed_in("carol").page("/clinic/patients?show=all").text
    (row,) = (part for part in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if "Nora" in part)
    return " ".join(re.sub("<[^>]*>", " ", row).split())


@pytest.mark.parametrize("is_later", [False, True])
def test_where_no_flag_can_be_stored_the_clinic_is_told(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch, is_later: bool
) -> None:
    """Never "No flag now", also where the morning of the same day was assessed."""
    if is_later:
        nora.log(**CALM)
        assert "Pain not compared yet" in _row(nora)
    _break_all(monkeypatch)
    nora.log(**SADDLE)
    row = _row(nora)
    assert "Could not be assessed" in row
    assert "The diary could not be assessed. Look at the individual days." in row
    assert "No flag now" not in row
    assert "compared" not in row
    carol = nora.clinic.signed_in("carol")
    listed = carol.get("/clinic/patients.csv?show=all").get_data(as_text=True)
    assert "No flag now" not in listed
    assert "Could not be assessed" in listed
    assert "No flag now <b>0</b>" in carol.page("/clinic/patients?show=all").text
    chart = carol.page(f"/clinic/p/{nora.patient.public_id}").text
    assert "Emergency sign" in chart
    assert "addle numbness" in chart


def test_a_flag_and_what_no_flag_says_are_both_told_on_the_chart_page(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora.log(**WOUND)
    nora.clinic.clock.forward(days=1)
    _break_all(monkeypatch)
    nora.log(nora.today, **{**SADDLE, "change-wound_redness": "same"})
    chart = nora.clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}").text
    listed = re.findall(r"<li><b>(.*?)</b>(.*?)</li>", chart, re.DOTALL)
    assert [urgency for urgency, _reason in listed] == ["Emergency sign: ", "Same day: "]
    assert "addle" in listed[0][1]


def test_an_emergency_that_is_gone_with_no_call_keeps_its_card(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both fail, and the next day it is gone: nobody is known to have been told of it."""
    _break_all(monkeypatch)
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    nora.browser = nora.clinic.signed_in("nora")
    nora.log(nora.today, **CALM, **{"change-saddle_numbness": "gone"})
    assert _cards(nora.page()) == ["Urgent: Call your spine team today"]
    assert "You told us about something serious that has now gone away." in nora.page().text
    nora.log(nora.today, **CALM, **{"change-saddle_numbness": "gone", "spoke": "yes"})
    assert _cards(nora.page()) == []


def test_patients_who_wait_for_other_rules_are_not_said_to_have_failed(
    nora: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clinic looks for patterns no more: until each diary is read again nothing went wrong."""
    database = nora.clinic.database
    with database.read() as session:
        chosen = replace(settings.read_installation(session), scope=settings.DIARY_ONLY)
    save_settings(database, chosen, by=SYSTEM, at=nora.clinic.clock())
    monkeypatch.setattr(listing, "_PATIENCE", -1)
    row = nora.clinic.signed_in("carol").page("/clinic/patients?show=all").text
    assert "Nora" in row
    assert "ould not be assessed" not in row
    assert nora.recovery().history.diary_only
    assert not nora.recovery().assessment_is_due
    with database.read() as session:
        assert patient_summary.summary_of(session, nora.patient.id).rule_set
