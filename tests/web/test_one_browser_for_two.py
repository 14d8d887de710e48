"""Two people who write in one browser: no form of either is lost, and no warning goes unanswered.

A couple with one tablet, a mother who keeps the diaries of two children by two sign-in names, a
nurse who is a patient too: one signs in while a page of the other still stands open.
"""

import re
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from recovery_tracker.domain.people import Rights, Role
from recovery_tracker.services.people import erase_patient
from recovery_tracker.services.ticking import tick
from recovery_tracker.storage.settings import Installation
from recovery_tracker.storage.tables.access import SessionRow
from recovery_tracker.web.auth import resubmission
from recovery_tracker.web.auth.form_names import PAGE_OF
from recovery_tracker.web.shared.at_once import advice_at_once, advice_for_forms
from tests.web.conftest import ALICE_WORDS, BOB_WORDS, PASSWORD, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page
from tests.web.test_access import MISSING

SADDLE = {**CALM, "signs": "some", "line": "saddle", "note": "typed by nora"}
YESTERDAY = TODAY - timedelta(1)
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
    assert "what you typed comes back" in answer.text
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
    assert "your answers come back" in answer.text
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


def two_days(nora, first: dict[str, str], second: dict[str, str]) -> Page:
    """What waits after forms of two days were sent signed out, today's first, as it is offered."""
    forms = [nora.blank(), nora.blank(YESTERDAY)]
    sign_out(nora.browser)
    nora.browser.client.post(nora.day(), data={**forms[0], **first})
    nora.clinic.clock.forward(seconds=20)
    nora.browser.client.post(nora.day(YESTERDAY), data={**forms[1], **second})
    nora.browser.sign_in("nora")
    return nora.browser.page("/carried")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"signs": "some"}, "Emergency:"),
        ({"temperature_c": "39.0"}, "Emergency:"),
        ({"axial_pain": "10", "stays-axial_pain": "yes"}, "Urgent:"),
        ({"signs": "some", "line": "saddle"}, "Emergency:"),
    ],
)
def test_a_calm_form_of_another_day_takes_no_advice_away(nora, told, words):
    calm = {**CALM, "temperature_c": "36.8"}
    for first, second in (({**CALM, **told}, calm), (calm, {**CALM, **told})):
        assert words in two_days(nora, first, second).text


def test_the_advice_for_two_forms_is_that_of_each(nora):
    """Their answers are not read as those of one day."""
    wound = {**CALM, "signs": "some", "line": "wound"}
    pain = {**CALM, "signs": "some", "line": "calf", "limb_pain": "10", "stays-limb_pain": "yes"}
    with nora.clinic.app.test_request_context():
        alone = [advice_at_once(one.items(), Installation()) for one in (wound, pain)]
        both = advice_for_forms([wound.items(), pain.items()], Installation())
    assert set(both.found) == {one for each in alone for one in each.found}
    assert "Urgent:" in two_days(nora, wound, pain).text


def buttons(page: Page) -> list[str]:
    found = re.findall(r"<button[^>]*>(.*?)</button>", page.text, re.DOTALL)
    return [" ".join(unescape(one).split()) for one in found if "ontinue with" in one]


def test_every_form_that_waits_is_called_by_its_day_or_its_page(nora, carol, clinic):
    assert buttons(two_days(nora, CALM, CALM)) == [
        f"Continue with my answers: {day}" for day in ("Wednesday 11 March", "Thursday 12 March")
    ]
    sign_out(carol)
    for one in (clinic.alice, nora.patient):
        event = {"day": "2026-03-02", "kind": "fall", "label": "typed by carol"}
        carol.client.post(f"/clinic/p/{one.public_id}/record/event", data=event)
    carol.client.post("/clinic/sensitivity", data={"reason": "typed by carol"})
    carol.sign_in("carol")
    # Sent at one moment of the test's clock, so in any order.
    assert set(buttons(carol.page("/carried"))) == {
        "Continue with what you typed: Sensitivity",
        f"Continue with what you typed: Visits, imaging and events, {ALICE_WORDS[0]}",
    }


def test_every_form_that_can_wait_has_a_name(clinic):
    terms = clinic.app.extensions["recovery_policies"]
    kept = {
        rule.endpoint
        for rule in clinic.app.url_map.iter_rules()
        if "POST" in rule.methods and (terms[rule.endpoint].carries or terms[rule.endpoint].fresh)
    }
    assert set(PAGE_OF) == kept - {"patient.save_entry"}
    with clinic.app.test_request_context():
        for path in ("day/2026-03-12", "day/2026-03-12/weekly"):
            assert "12 March" in resubmission.KeptForm(f"/p/{MISSING}/{path}", [], "").name


def test_what_was_done_with_a_proof_is_not_offered_again(clinic, monkeypatch):
    frank, carol = clinic.signed_in("frank"), clinic.accounts["carol"].public_id
    active = f"/admin/people/{carol}/active"
    for again in (False, True):
        monkeypatch.setitem(clinic.app.config, "SECURITY_FRESHNESS", timedelta(microseconds=1))
        monkeypatch.setitem(clinic.app.config, "SECURITY_FRESHNESS_GRACE_PERIOD", timedelta(0))
        asked = frank.send("/admin/people", active, active="0")
        monkeypatch.setitem(clinic.app.config, "SECURITY_FRESHNESS", timedelta(minutes=10))
        frank.send(asked.headers["Location"], "/account/check", password=PASSWORD)
        assert len(waiting(clinic)) == 1
        form = frank.page("/carried").form(active)
        # Gone on with, or done once more in the usual way.
        fields = {k: v for k, v in form.fields if not (again and k == "carried")}
        assert frank.client.post(active, data=fields).status_code == 303
        assert waiting(clinic) == []


def test_what_was_typed_again_and_saved_is_not_offered_as_unsaved(nora, clinic):
    form = nora.blank()
    sign_out(nora.browser)
    nora.browser.client.post(nora.day(), data={**form, **SADDLE})
    nora.browser.sign_in("nora")
    assert nora.log(**SADDLE, steps="300").status_code == 303
    assert waiting(clinic) == []
    assert nora.browser.get("/carried").status_code == 302


def test_what_was_saved_with_other_answers_takes_none_away(nora, clinic):
    """It may be somebody else's form of the same day; its sign was never saved."""
    form = nora.blank()
    sign_out(nora.browser)
    nora.browser.client.post(nora.day(), data={**form, **SADDLE})
    nora.browser.sign_in("nora")
    assert nora.log(**CALM).status_code == 303
    page = nora.browser.page("/carried")
    assert EMERGENCY in page.text
    assert "What waits here is not saved yet." in page.text


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


def test_nothing_typed_about_somebody_erased_is_kept_and_all_that_is_said_is_true(nora, clinic):
    """The name that belongs to the page is nobody's any more, or never was another one."""
    form, chart = nora.blank(), f"/clinic/p/{clinic.alice.public_id}"
    carol = clinic.signed_in("carol")
    noted = carol.page(chart).form(f"{chart}/record/event").hidden()
    clinic.add_account("zoe", Role.PATIENT, patient_id=clinic.bob.id, rights=Rights.READ)
    zoe = clinic.signed_in("zoe")
    token = zoe.page("/account").form().hidden()
    erase_patient(clinic.database, nora.patient.id, by=SYSTEM, at=clinic.clock())
    erase_patient(clinic.database, clinic.alice.id, by=SYSTEM, at=clinic.clock())
    bobs = f"/p/{clinic.bob.public_id}/day/{TODAY}"
    answers = [
        nora.browser.client.post(nora.day(), data={**form, **SADDLE}),
        carol.client.post(f"{chart}/record/event", data={**noted, "label": "typed by carol"}),
        zoe.client.post(bobs, data={**token, **SADDLE}),
    ]
    assert [one.status_code for one in answers] == [401, 404, 404]
    assert EMERGENCY in answers[0].text
    assert Page(answers[2].text).text.index(EMERGENCY) < answers[2].text.index("<h1>")
    for one in answers:
        assert "for 1 hour" not in one.text
        assert "belongs to that page" not in one.text
    for one in answers[1:]:
        assert "If somebody who may save on that page signs in here within 1 hour" in one.text
        assert "Go back: what you typed may still be there." in one.text
    assert len(waiting(clinic)) == 1  # Zoe's, for whoever may write for Bob.


def test_what_nobody_came_back_for_is_gone_with_the_next_tick(nora, clinic):
    form = nora.blank()
    sign_out(nora.browser)
    nora.browser.client.post(nora.day(), data={**form, **SADDLE})
    tick(clinic.database, clinic.clock())
    assert len(waiting(clinic)) == 1
    clinic.clock.forward(hours=2)
    tick(clinic.database, clinic.clock())
    assert waiting(clinic) == []
