"""What a page of before may say about a warning that has asked again since it was opened."""

import pytest

from recovery_tracker.domain.flags import Attention, Urgency
from recovery_tracker.storage import people
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist

CALF = {**CALM, "signs": "some", "line": "calf"}
WORSE = {"change-calf_swelling": "worse", "spoke": "no"}
CHEST = {**CALM, "signs": "some", "line": "chest", "sign-chest": "chest_pain"}
BOTH = {**CHEST, "line": ["saddle", "chest"]}

NOT_NOTED = "Where this page still asks you, nothing was noted."


@pytest.fixture
def nora(clinic):
    """A patient whom carol cares for, with a swollen calf since yesterday."""
    nora = new_diarist(clinic)
    with clinic.database.write() as session:
        people.grant_care(
            session, nora.patient.id, clinic.accounts["carol"].id, by=SYSTEM, at=clinic.clock()
        )
    nora.log(**CALF)
    clinic.clock.forward(minutes=10)
    return nora


def chart(nora) -> str:
    return f"/clinic/p/{nora.patient.public_id}"


@pytest.mark.parametrize("press", ["seen", "take"])
def test_a_chart_of_before_does_not_say_that_what_came_since_was_seen(nora, carol, press):
    (flag,) = nora.recovery().open_flags
    action = f"{chart(nora)}/flag/{flag.public_id}/{press}"
    old = carol.page(chart(nora)).form(f"{chart(nora)}/flag/{flag.public_id}").hidden()
    other = dict(old)
    assert carol.client.post(action, data=old).status_code == 303
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **{**CALM, **WORSE})
    (flag,) = nora.recovery().open_flags
    assert flag.attention is Attention.UNSEEN

    # An hour or a day later the page asks for the password first, and still is the page of before.
    carol = nora.clinic.signed_in("carol")
    other["csrf_token"] = (
        carol.page(chart(nora)).form(action.rpartition("/")[0]).hidden()["csrf_token"]
    )
    answer = carol.client.post(action, data={**other, "note": "rings back"})

    assert answer.status_code == 409
    assert "changed somewhere else" in answer.text
    assert "rings back" in answer.text
    (flag,) = nora.recovery().open_flags
    assert (flag.attention, flag.taken_by) == (Attention.UNSEEN, "")


def test_a_colleague_who_took_it_on_first_is_not_replaced_unseen(nora, carol, clinic):
    with clinic.database.write() as session:
        people.grant_care(
            session, nora.patient.id, clinic.accounts["dan"].id, by=SYSTEM, at=clinic.clock()
        )
    dan = clinic.signed_in("dan")
    (flag,) = nora.recovery().open_flags
    action = f"{chart(nora)}/flag/{flag.public_id}/take"
    forms = [
        one.page(chart(nora)).form(f"{chart(nora)}/flag/{flag.public_id}").hidden()
        for one in (carol, dan)
    ]
    assert carol.client.post(action, data=forms[0]).status_code == 303
    answer = dan.client.post(action, data=forms[1])
    assert answer.status_code == 409
    assert nora.recovery().open_flags[0].taken_by == "Carol"


def press(nora, form, what="called"):
    return nora.browser.client.post(form.action, data={**form.hidden(), "what": what})


def answering(page):
    return next(form for form in page.forms if form.action.endswith("/acknowledge"))


def test_a_call_is_not_about_what_was_told_after_the_page_was_opened(nora):
    """The calf got worse in another tab; "I have called" on the old page is not about that."""
    old = answering(nora.page())
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **{**CALM, **WORSE})
    assert press(nora, old).status_code == 303
    (flag,) = nora.recovery().open_flags
    assert flag.acknowledgements == ()
    press(nora, answering(nora.page()))
    assert nora.recovery().open_flags[0].acknowledgements


@pytest.mark.parametrize("was_made_before_the_update", [False, True])
@pytest.mark.parametrize("tail", ["", f"day/{TODAY}/advice"])
def test_a_call_that_was_not_noted_is_said_not_to_be(nora, tail, was_made_before_the_update):
    """It led to the same advice without a word, and the patient took it for noted."""
    old = answering(nora.page(tail))
    sent = {**old.hidden(), "what": "called"}
    if was_made_before_the_update:
        del sent["asked_since"]
    else:
        nora.clinic.clock.forward(days=1)
        nora.log(nora.today, **{**CALM, **WORSE})
    # Pressed twice or sent again, it is said again.
    for _time in range(2):
        page = nora.browser.page(nora.browser.client.post(old.action, data=sent).location)
        assert NOT_NOTED in page.text
    assert nora.recovery().open_flags[0].acknowledgements == ()
    page = nora.browser.page(press(nora, answering(page)).location)
    assert NOT_NOTED not in page.text
    assert nora.recovery().open_flags[0].acknowledgements


@pytest.mark.parametrize("tail", ["", f"day/{TODAY}/advice"])
def test_a_call_about_one_emergency_is_none_about_the_next(nora, tail):
    nora.log(**CHEST)
    old = answering(nora.page(tail))
    nora.clinic.clock.forward(minutes=10)
    nora.log(**BOTH)
    assert NOT_NOTED not in nora.page().text
    answer = press(nora, old)
    # Of what its page did not show: the card that still asks stands below the sentence.
    assert NOT_NOTED in nora.browser.page(answer.location).text
    said = {
        sign: bool(flag.acknowledgements)
        for flag in nora.recovery().open_flags
        for sign in flag.episode.signs
        if flag.urgency is Urgency.EMERGENCY
    }
    assert said == {"chest_pain": True, "saddle_numbness": False}
