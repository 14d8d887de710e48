"""Sentences that a person acts on: each must hold for what was answered, and none may be empty."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.surgery import Approach, Region
from recovery_tracker.services import reassess
from recovery_tracker.storage import people
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, new_diarist

SADDLE = {**CALM, "signs": "some", "line": "saddle"}
NOT_SAID = "You did not say whether tablets ease the pain."


def after(who, **answers) -> str:
    """The page after the save of today."""
    answer = who.log(who.today, **answers)
    return who.browser.get(answer.headers["Location"]).text


def words_to_say(page: str) -> str:
    """What stands under "What to say" on the page, up to the next list."""
    return page.split("What to say", 1)[1].split("<ul>", 1)[0]


def seen_by_carol(who):
    """Carol, who cares for them too."""
    with who.clinic.database.write() as session:
        carol = who.clinic.accounts["carol"].id
        people.grant_care(session, who.patient.id, carol, by=SYSTEM, at=who.clinic.clock())
    return who.clinic.signed_in("carol")


def test_a_nerve_that_only_the_trend_found_has_words_for_the_phone(clinic):
    """Nothing was ticked, so no sign can be named: "New or worse: ." says nothing to anybody."""
    nora = new_diarist(clinic, days_ago=150)
    now = clinic.clock.instant
    clinic.clock.instant = now - timedelta(days=29)
    nora.history_of(110, numbness=1, numbness_zones=frozenset({"left_foot"}))
    clinic.clock.instant = now
    nora.history_of(29, numbness=3, numbness_zones=frozenset({"left_foot", "left_calf"}))
    reassess(clinic.database, nora.patient.id, today=nora.today, at=now)
    (flag,) = nora.recovery().open_flags
    assert flag.pattern.value == "nerve"
    said = words_to_say(nora.page().text)
    assert "worse: ." not in said
    assert "numbness, weakness or limb pain have got worse" in said


def test_of_a_question_left_open_only_the_pain_is_taken_as_said(clinic):
    """The score was answered, whether tablets help was not: no sentence may claim that it was."""
    nora = new_diarist(clinic, days_ago=40)
    nora.history_of(5)
    page = after(nora, **{**CALM, "axial_pain": "9"})
    assert NOT_SAID in page
    assert "your tablets do not help" not in page
    assert "very bad, or much worse than usual" in words_to_say(page)


def test_a_blood_thinner_is_named_where_a_question_was_left_open(clinic):
    nora = new_diarist(clinic, days_ago=5, risk_factors=frozenset({"blood_thinner"}))
    nora.history_of(4)
    page = after(nora, **{**CALM, "axial_pain": "9"})
    assert "Emergency:" in page
    assert "You take a blood thinner. Say so first." in words_to_say(page)


@pytest.mark.parametrize("region", [Region.CERVICAL, Region.THORACIC])
def test_above_the_lower_back_nobody_is_told_of_its_nerves(clinic, region):
    nora = new_diarist(clinic, days_ago=40, region=region, approach=Approach.POSTERIOR)
    page = after(nora, **SADDLE)
    assert "Go to a hospital emergency department now" in page
    assert "lower back" not in page


def test_a_new_medicine_is_asked_after_and_not_claimed(clinic):
    nora = new_diarist(clinic, days_ago=10)
    page = after(nora, **{**CALM, "signs": "some", "line": "chest", "sign-chest": "face_swelling"})
    assert "Did you start a new medicine? Do not take it again." in page


@pytest.mark.parametrize("days", [20, 120])
def test_after_a_fall_a_knock_on_the_head_is_asked_after(clinic, days):
    """A blood thinner makes a knock on the head an emergency, and nobody may have noted either."""
    nora = new_diarist(clinic, days_ago=days)
    page = after(nora, **{**CALM, "signs": "some", "line": "shift", "sign-shift": "fall"})
    assert "Did you hit your head, and do you take a blood thinner? Go to a hospital now." in page
