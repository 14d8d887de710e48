"""A clinic lead who gets too many flags: looks, changes in two steps, and everybody hears of it."""

import re

import pytest

from recovery_tracker.domain.flags import Decision
from recovery_tracker.domain.sensitivity import Sensitivity
from recovery_tracker.services import read_recovery
from recovery_tracker.storage import attention, audit_trail, flags, people
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.sensitivity import changes_of
from recovery_tracker.trends import STANDARD
from tests.web.conftest import ALICE_WORDS, BOB_WORDS, NOW, SYSTEM
from tests.web.page import Page

PAGE = "/clinic/sensitivity"
LIST = "/clinic/patients"
NAME = ALICE_WORDS[0]


def own(clinic) -> str:
    return f"/clinic/p/{clinic.alice.public_id}/sensitivity"


def preview(browser, page: str, **fields) -> Page:
    answer = browser.send(page, f"{page}/preview", **fields)
    assert answer.status_code == 200, answer.status_code
    return Page(answer.text)


def confirm(browser, found: Page, page: str):
    form = found.form(page)
    assert form.action == page
    return browser.client.post(page, data=form.hidden())


def settings_of(clinic, patient=None):
    with clinic.database.read() as session:
        return [one.setting for one in changes_of(session, patient and patient.id)]


def test_two_steps_and_the_list_says_it_for_a_month(clinic, carol):
    assert "It has always been standard" in carol.page(PAGE).text
    found = preview(carol, PAGE, setting="quiet", reason="forty flags last week")
    assert settings_of(clinic) == [], "a preview changes nothing"
    assert "forty flags last week" in found.text
    assert "the last 26 weeks would have brought" in found.text
    assert confirm(carol, found, PAGE).status_code == 303
    assert settings_of(clinic) == [Sensitivity.QUIET]
    assert "Now: standard; from 13 Mar 2026: quiet." in carol.page(PAGE).text
    said = "12 Mar 2026: from standard to quiet, Carol: “forty flags last week”"
    for browser in (carol, clinic.signed_in("dan")):
        assert said in browser.page(PAGE).text
        assert said in browser.page(LIST).text
    clinic.clock.forward(days=29)
    assert said in clinic.signed_in("carol").page(LIST).text
    clinic.clock.forward(days=2)
    later = clinic.signed_in("carol")
    assert "Now: quiet." in later.page(PAGE).text
    assert said not in later.page(LIST).text
    assert said in later.page(PAGE).text


def test_a_change_that_does_not_count_yet_is_never_said_to_hold_now(clinic, carol):
    """On every page that names a setting, until the day from which it counts."""
    confirm(carol, preview(carol, PAGE, setting="quiet"), PAGE)
    alice = own(clinic)
    confirm(carol, preview(carol, alice, setting="sensitive", reason="even diary"), alice)
    text = carol.page(PAGE).text
    assert "Standard (now)" in text
    assert "Quiet (from 13 Mar 2026)" in text
    text = preview(carol, PAGE, setting="sensitive").text
    assert "Standard (now)" in text
    assert "Quiet (from 13 Mar 2026)" in text
    text = carol.page(alice).text
    assert "</a>: as the clinic; from 13 Mar 2026: sensitive." in text
    assert "The clinic: standard; from 13 Mar 2026: quiet." in text
    text = carol.page("/clinic/rules").text
    assert "Sensitivity of this clinic: standard; from 13 Mar 2026: quiet." in text
    assert f"{STANDARD.rule_set}/quiet" not in text
    clinic.clock.forward(days=1)
    carol = clinic.signed_in("carol")
    text = carol.page(PAGE).text
    assert "Now: quiet." in text
    assert "Quiet (now)" in text
    assert "(from" not in text
    assert "</a>: sensitive. The clinic: quiet." in carol.page(alice).text
    assert f"{STANDARD.rule_set}/quiet" in carol.page("/clinic/rules").text


def test_a_change_taken_back_on_the_same_day_changes_nothing(clinic, carol):
    for setting in ("quiet", "standard"):
        confirm(carol, preview(carol, PAGE, setting=setting), PAGE)
    text = carol.page(PAGE).text
    assert "Now: standard." in text
    assert "(from" not in text


def test_the_same_confirmation_twice_is_one_change(clinic, carol):
    found = preview(carol, PAGE, setting="sensitive")
    data = found.form(PAGE).hidden()
    assert [carol.client.post(PAGE, data=data).status_code for _ in range(2)] == [303, 303]
    assert settings_of(clinic) == [Sensitivity.SENSITIVE]


def test_a_colleague_was_quicker(clinic, carol):
    mine = preview(carol, PAGE, setting="sensitive")
    dan = clinic.signed_in("dan")
    confirm(dan, preview(dan, PAGE, setting="quiet"), PAGE)
    answer = confirm(carol, mine, PAGE)
    assert answer.status_code == 409
    assert "Error:" in answer.text
    assert settings_of(clinic) == [Sensitivity.QUIET]


def test_what_is_typed_wrong_is_named_and_kept(clinic, carol):
    answer = carol.send(PAGE, f"{PAGE}/preview", setting="loud", reason="because")
    assert answer.status_code == 422
    assert "Choose a setting." in answer.text
    assert "because" in answer.text
    answer = carol.send(own(clinic), f"{own(clinic)}/preview", setting="quiet", reason=" ")
    assert answer.status_code == 422
    assert "Write why this patient needs another setting." in answer.text
    assert settings_of(clinic) == settings_of(clinic, clinic.alice) == []


def test_the_setting_that_is_there_cannot_be_confirmed_again(carol):
    found = preview(carol, PAGE, setting="standard")
    assert "The setting is already" in found.text
    assert f'action="{PAGE}"' not in found.text


def test_one_patients_own_setting_with_its_reason(loosening, carol):
    clinic = loosening
    found = preview(carol, own(clinic), setting="sensitive", reason="a very even diary")
    assert "Loose-hardware pattern" in found.text or "no worsening" in found.text
    assert confirm(carol, found, own(clinic)).status_code == 303
    assert settings_of(clinic, clinic.alice) == [Sensitivity.SENSITIVE]
    assert "a very even diary" in carol.page(own(clinic)).text
    assert f">{NAME}</a>: as the clinic; from 13 Mar 2026: sensitive" in carol.page(PAGE).text
    assert "1 of your patients had an individual setting changed" in carol.page(LIST).text
    # Dan does not care for Alice: neither her name nor that somebody's setting was changed.
    dan = clinic.signed_in("dan")
    assert NAME not in dan.page(PAGE).text
    assert "patient of yours" not in dan.page(LIST).text
    back = preview(carol, own(clinic), setting="clinic", reason="like everybody again")
    confirm(carol, back, own(clinic))
    assert settings_of(clinic, clinic.alice) == [Sensitivity.SENSITIVE, None]
    assert f">{NAME}</a>:" not in carol.page(PAGE).text


def test_the_list_of_patients_own_settings_says_from_when_each_holds(clinic, carol):
    """It counts from tomorrow on, and so does the way back to the clinic's."""
    confirm(carol, preview(carol, own(clinic), setting="quiet", reason="loud"), own(clinic))
    assert f">{NAME}</a>: as the clinic; from 13 Mar 2026: quiet" in carol.page(PAGE).text
    clinic.clock.forward(days=1)
    carol = clinic.signed_in("carol")
    assert f">{NAME}</a>: quiet<" in carol.page(PAGE).text
    confirm(carol, preview(carol, own(clinic), setting="clinic", reason="calm"), own(clinic))
    assert f">{NAME}</a>: quiet; from 14 Mar 2026: as the clinic" in carol.page(PAGE).text
    clinic.clock.forward(days=1)
    assert f">{NAME}</a>:" not in clinic.signed_in("carol").page(PAGE).text


def test_everything_says_the_same_setting_from_the_next_day(loosening, carol):
    """Chart, rules, assessment and its next day: one place decides for all of them."""
    clinic = loosening
    confirm(carol, preview(carol, PAGE, setting="quiet"), PAGE)
    chart = f"/clinic/p/{clinic.alice.public_id}"
    assert "<dt>Sensitivity</dt><dd>Standard" in carol.page(chart).text
    before = [f.public_id for f in _flags(clinic)]
    clinic.clock.forward(days=1)
    tomorrow = clinic.signed_in("carol")
    assert "<dt>Sensitivity</dt><dd>Quiet" in tomorrow.page(chart).text
    assert f"{STANDARD.rule_set}/quiet" in tomorrow.page("/clinic/rules").text
    found = read_recovery(clinic.database, clinic.alice.id, today=clinic.clock().date(), by=SYSTEM)
    assert found.assessment is not None
    assert found.assessment.rule_set == f"{STANDARD.rule_set}/quiet"
    assert [f.public_id for f in _flags(clinic) if f.public_id in before] == before


def _flags(clinic):
    with clinic.database.read() as session:
        return flags.flags_of(session, clinic.alice.id)


def test_looking_at_one_patients_preview_is_in_the_audit(loosening, carol):
    clinic = loosening
    preview(carol, own(clinic), setting="quiet", reason="loud")
    with clinic.database.read() as session:
        latest = audit_trail.events_about(session, clinic.alice.id)[0]
    assert latest.action is AuditAction.CHART_READ


@pytest.mark.parametrize("name", ["alice", "dan", "erin", "frank"])
def test_nobody_else_changes_a_patients_setting(clinic, name):
    browser = clinic.signed_in(name)
    token = browser.page("/account").form().hidden()["csrf_token"]
    data = {
        "csrf_token": token,
        "key": "k",
        "setting": "quiet",
        "reason": "x",
        "expected_version": "0",
    }
    for path in (own(clinic), f"{own(clinic)}/preview"):
        assert browser.client.post(path, data=data).status_code == 404
    assert settings_of(clinic, clinic.alice) == []


@pytest.mark.parametrize("name", ["alice", "frank"])
def test_only_clinicians_change_the_clinics(clinic, name):
    browser = clinic.signed_in(name)
    token = browser.page("/account").form().hidden()["csrf_token"]
    data = {"csrf_token": token, "key": "k", "setting": "quiet", "expected_version": "0"}
    for path in (PAGE, f"{PAGE}/preview"):
        assert browser.client.post(path, data=data).status_code == 404
    assert browser.get("/clinic/outcomes").status_code == 404
    assert settings_of(clinic) == []


def test_the_office_sees_that_it_was_changed_and_nothing_more(clinic, carol):
    confirm(carol, preview(carol, PAGE, setting="quiet", reason="too loud"), PAGE)
    page = clinic.signed_in("frank").page("/admin/events").text
    assert "Sensitivity of the flags changed" in page
    assert "too loud" not in page


def test_a_settings_of_its_own_leaves_with_the_care(clinic, carol):
    confirm(carol, preview(carol, own(clinic), setting="quiet", reason="loud"), own(clinic))
    with clinic.database.write() as session:
        people.revoke_care(session, clinic.alice.id, clinic.accounts["carol"].id, by=SYSTEM, at=NOW)
    assert NAME not in carol.page(PAGE).text
    assert carol.get(own(clinic)).status_code == 404


# --- how our flags did ---


def test_outcomes_are_counted_without_names(clinic, carol):
    """Alice has a flag on wound redness; carol decides; dan sees the count and no name."""
    page = carol.page("/clinic/outcomes").text
    assert "Nothing is known yet about what became of them." in page
    (flag,) = _flags(clinic)
    with clinic.database.write() as session:
        by = _actor(session, clinic)
        attention.decide(
            session, clinic.alice.id, flag.public_id, Decision.WOUND_OR_BLOODS, by=by, at=NOW,
            today=NOW.date(),
        )  # fmt: skip
    page = clinic.signed_in("dan").page("/clinic/outcomes")
    assert "1 confirmed of 1 with a known outcome. Percentages are shown from 20." in page.text
    shares = page.text.split("<main")[1].split("What the words mean")[0]
    assert re.findall(r"\w+\s%", shares) == ["95 %"], "of the interval, and of no count"
    assert NAME not in page.text
    assert BOB_WORDS[0] not in page.text
    # Alice and Bob have one each; only one was looked at.
    (row,) = [row for row in page.text.split("<tr") if "Mar 2026" in row]
    assert re.findall(r">(\d+)</td>", row) == ["2", "1", "1", "0", "1"]
    assert "Feb 2026" not in page.text, "months before the first flag say nothing"


def _actor(session, clinic):
    from recovery_tracker.storage import accounts

    return accounts.actor_of(session, clinic.accounts["carol"].id, NOW)


def test_months_run_over_the_turn_of_the_year():
    from datetime import date

    from recovery_tracker.web.clinician.outcomes import last_months

    months = last_months(date(2026, 3, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)
    assert date(2025, 12, 1) in months


def test_shares_only_from_enough(clinic):
    from recovery_tracker.domain.outcomes import Tally
    from recovery_tracker.web.clinician.outcomes import share_words

    with clinic.app.test_request_context():
        assert "(75 %)" in share_words(Tally(30, 30, 15, 5))
        assert "15 confirmed of 19" in share_words(Tally(30, 30, 15, 4))
        assert "%" not in share_words(Tally(30, 30, 15, 4))
