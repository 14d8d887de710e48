"""Two people who write in one browser: no form of either is lost, and no warning goes unanswered.

A couple with one tablet, a mother who keeps the diaries of two children by two sign-in names, a
nurse who is a patient too: one signs in while a page of the other still stands open.
"""

from datetime import timedelta

import pytest
from werkzeug.datastructures import MultiDict

from recovery_tracker.services.people import erase_patient
from recovery_tracker.services.ticking import tick
from recovery_tracker.storage.tables.access import SessionRow
from recovery_tracker.web.auth import resubmission
from tests.web.conftest import BOB_WORDS, PASSWORD, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page
from tests.web.test_access import MISSING

SADDLE = {**CALM, "signs": "some", "line": "saddle", "note": "typed by nora"}
EMERGENCY = "Go to a hospital emergency department now"


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


def sign_out(browser):
    token = browser.page("/account").form().hidden()
    return browser.client.post("/account/sign-out", data=token)


def sign_in_on(browser, text: str, login: str):
    """The page after signing in with the form that stands on the page `text`."""
    form = Page(text).form("/account/sign-in")
    sent = {**form.hidden(), "email": login, "password": PASSWORD}
    answer = browser.client.post(form.action, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    return answer


def left_open(nora, then: str) -> dict[str, str]:
    """Nora's form stays open while she signs out and `then` signs in in the same browser."""
    form = nora.blank()
    assert sign_out(nora.browser).status_code == 302
    assert nora.browser.sign_in(then).status_code == 302
    return form


def continued(nora, text: str):
    form = Page(text).form(nora.day())
    return nora.browser.client.post(nora.day(), data=MultiDict(form.fields))


@pytest.mark.parametrize("other", ["bob", "carol"])
def test_a_form_sent_while_another_is_signed_in_is_answered_and_comes_back(nora, other):
    form = left_open(nora, other)
    answer = nora.browser.client.post(nora.day(), data={**form, **SADDLE})
    assert answer.status_code == 404
    text = Page(answer.text).text
    assert EMERGENCY in text
    assert text.index(EMERGENCY) < text.index("<h1>Nothing was saved")
    assert "typed by nora" not in text
    leave = Page(text).form("/account/sign-out")
    out = nora.browser.client.post(leave.action, data=MultiDict(leave.fields))
    assert out.headers["Clear-Site-Data"] == '"cache"'
    asked = nora.browser.get(out.headers["Location"], follow_redirects=True)
    back = sign_in_on(nora.browser, asked.text, "nora")
    assert EMERGENCY in back.text
    shown = continued(nora, back.text)
    assert "typed by nora" in shown.text
    saved = {**Page(shown.text).form(nora.day()).hidden(), **SADDLE}
    assert nora.browser.client.post(nora.day(), data=saved).status_code == 303
    assert nora.entry().note == "typed by nora"


def test_a_clinicians_note_sent_while_a_colleague_is_signed_in_comes_back(clinic, carol):
    chart = f"/clinic/p/{clinic.alice.public_id}"
    event = {"day": "2026-03-02", "kind": "fall", "label": "typed by carol"}
    form = carol.page(chart).form(f"{chart}/record/event").hidden()
    sign_out(carol)
    carol.sign_in("dan")
    answer = carol.client.post(f"{chart}/record/event", data={**form, **event})
    assert answer.status_code == 404
    assert "is kept for 1 hour" in answer.text
    sign_out(carol)
    carol.sign_in("carol")
    kept = carol.page("/carried").form(f"{chart}/record/event")
    assert ("label", "typed by carol") in kept.fields


def test_what_is_not_theirs_is_said_as_what_is_not_there(clinic):
    browser = clinic.signed_in("alice")
    said = [
        browser.client.post(f"/p/{one}/day/{TODAY}", data=SADDLE).text
        for one in (clinic.bob.public_id, MISSING)
    ]
    assert BOB_WORDS[0] not in said[0]
    for one in said:
        for value in Page(one).form("/account/sign-out").hidden().values():
            said[said.index(one)] = one = one.replace(value, "")
    assert said[0] == said[1]


def test_what_was_sent_signed_out_comes_back_whoever_signed_in_last(nora):
    """The browser was known by the one who signed in last, and the promise was not kept."""
    form = left_open(nora, "bob")
    sign_out(nora.browser)
    answer = nora.browser.client.post(nora.day(), data={**form, **SADDLE})
    assert answer.status_code == 401
    assert "Your answers are kept for 1 hour." in answer.text
    back = sign_in_on(nora.browser, answer.text, "nora")
    assert "typed by nora" in continued(nora, back.text).text


def test_a_form_of_one_replaces_none_of_the_other_and_none_of_another_day(nora, clinic):
    forms = [nora.blank(), nora.blank(TODAY - timedelta(1))]
    sign_out(nora.browser)
    bobs = f"/p/{clinic.bob.public_id}/day/{TODAY}"
    nora.browser.client.post(nora.day(), data={**forms[0], **SADDLE})
    before = nora.day(TODAY - timedelta(1))
    nora.browser.client.post(before, data={**forms[1], **CALM, "note": "of yesterday"})
    nora.browser.client.post(bobs, data={**CALM, "note": "typed by bob"})
    nora.browser.sign_in("nora")
    page = nora.browser.page("/carried")
    assert {form.action for form in page.forms} >= {nora.day(), before}
    assert "typed by bob" not in page.text
    continued(nora, page.text)
    page = nora.browser.page("/carried")
    assert nora.day() not in {form.action for form in page.forms}
    assert "of yesterday" in page.text
    sign_out(nora.browser)
    nora.browser.sign_in("bob")
    assert "typed by bob" in nora.browser.page("/carried").text


def waiting(clinic) -> list[str]:
    with clinic.database.read() as session:
        rows = session.query(SessionRow).filter(SessionRow.digest.startswith("carried "))
        return [row.digest for row in rows]


def test_few_forms_wait_in_one_browser(nora):
    form = nora.blank()
    sign_out(nora.browser)
    for back in range(2 * resubmission.MOST):
        nora.browser.client.post(nora.day(TODAY - timedelta(back)), data={**form, **CALM})
    assert len(waiting(nora.clinic)) == resubmission.MOST


def test_who_is_erased_leaves_no_form_that_waits(nora, clinic):
    form = nora.blank()
    browser = clinic.signed_out_again("alice")
    browser.client.post(f"/p/{clinic.alice.public_id}/day/{TODAY}", data={**form, **CALM})
    sign_out(nora.browser)
    nora.browser.client.post(nora.day(), data={**form, **SADDLE})
    assert len(waiting(clinic)) == 2
    erase_patient(clinic.database, nora.patient.id, by=SYSTEM, at=clinic.clock())
    assert len(waiting(clinic)) == 1


def test_what_nobody_came_back_for_is_gone_with_the_next_tick(nora, clinic):
    form = nora.blank()
    sign_out(nora.browser)
    nora.browser.client.post(nora.day(), data={**form, **SADDLE})
    tick(clinic.database, clinic.clock())
    assert len(waiting(clinic)) == 1
    clinic.clock.forward(hours=2)
    tick(clinic.database, clinic.clock())
    assert waiting(clinic) == []
