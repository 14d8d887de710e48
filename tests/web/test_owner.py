"""An installation of one person is run by the diary's owner, not by those who share the diary."""

import pytest

from recovery_tracker.domain.flags import Condition, Pattern
from recovery_tracker.services import tick
from recovery_tracker.services.assessing import is_past
from recovery_tracker.storage import accounts, patient_summary, settings
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.audit_trail import events_about
from tests.web.diarist import new_diarist
from tests.web.test_taking_back import just_me, share

PAGES = ("/admin/", "/admin/events", "/admin/health")
#: What the page of settings sends.
TYPED = {"emergency_number": "112", "team_number": "01632 960 999"}


@pytest.fixture
def couple(clinic):
    """nora, whose own installation this is, and the browser of ann, who shares her diary."""
    nora = new_diarist(clinic)
    just_me(clinic)
    return nora, share(clinic, nora, "ann")


def test_who_shares_a_diary_changes_none_of_its_numbers(clinic, couple):
    """The refusal is that of every page that is somebody else's."""
    nora, ann = couple
    form = nora.browser.page("/admin/").form("/admin/").hidden()
    for page in PAGES:
        assert nora.browser.get(page).status_code == 200, page
        assert ann.get(page).status_code == 404, page
        assert page not in ann.page("/account").links
        assert page not in ann.page("/help").links
    assert "/admin/" in nora.browser.page("/help").links
    own = ann.page("/account").forms[0].hidden()
    sent = {**form, **TYPED, "csrf_token": own["csrf_token"]}
    assert ann.client.post("/admin/", data=sent).status_code == 404
    with clinic.database.read() as session:
        assert settings.read_installation(session).emergency_number == "999"
    assert nora.browser.client.post("/admin/", data={**form, **TYPED}).status_code == 303
    with clinic.database.read() as session:
        assert settings.read_installation(session).emergency_number == "112"


def test_who_shares_a_diary_neither_erases_it_nor_ends_its_owner(clinic, couple):
    nora, ann = couple
    with clinic.database.read() as session:
        owner = accounts.account_of_patient(session, nora.patient.id)
    token = ann.page("/account").forms[0].hidden()
    for path, fields in (
        (nora.path("erase"), {"word": "erase"}),
        (nora.path(f"readers/{owner.public_id}"), {}),
        (f"/admin/people/{owner.public_id}/active", {"active": "0"}),
        (f"/admin/people/{owner.public_id}/password", {}),
    ):
        answer = ann.client.post(path, data={**token, **fields})
        assert answer.status_code in {303, 404}, path
    assert nora.browser.get(nora.path()).status_code == 200
    with clinic.database.read() as session:
        assert accounts.account_by_id(session, owner.id).active


def test_an_answer_kept_over_a_sign_in_opens_nothing_more(clinic, couple):
    """A form of the settings that waited for the owner is not handed to who shares the diary."""
    nora, _ann = couple
    form = nora.browser.page("/admin/").form("/admin/").hidden()
    clinic.clock.forward(hours=1)
    shared = nora.browser
    assert shared.client.post("/admin/", data={**form, **TYPED}).status_code in {302, 303}
    shared.client.delete_cookie(clinic.app.config["SESSION_COOKIE_NAME"])
    shared.sign_in("ann")
    assert TYPED["team_number"] not in shared.get("/carried", follow_redirects=True).text


def test_diary_only_is_chosen_later_and_everybody_is_assessed_again(clinic, couple):
    """From the save on the patterns of the old scope are due; the audit names old and new."""
    nora, _ann = couple
    nora.history_of(40)
    clinic.clock.forward(days=25)
    assert Pattern.GONE_QUIET in _patterns(nora)
    browser = clinic.signed_in("nora")
    page = browser.page("/admin/")
    assert "What should it do?" in page.text
    form = page.form("/admin/").hidden()
    # A form without the field, as of an older page, leaves it as it is.
    assert browser.client.post("/admin/", data={**form, **TYPED}).status_code == 303
    assert _scope(clinic) == ""
    form = browser.page("/admin/").form("/admin/").hidden()
    sent = {**form, **TYPED, "scope": settings.DIARY_ONLY}
    assert browser.client.post("/admin/", data=sent).status_code == 303
    assert _scope(clinic) == settings.DIARY_ONLY
    with clinic.database.read() as session:
        summary = patient_summary.summary_of(session, nora.patient.id)
        assert is_past(summary, clinic.clock().date())
        assert not summary.assessment_due, "nothing has failed"
        changed = events_about(session, action=AuditAction.SETTINGS_CHANGED)[0]
    assert changed.details["old"]["scope"] == ""
    assert changed.details["new"]["scope"] == settings.DIARY_ONLY
    assert tick(clinic.database, clinic.clock()) >= 1
    (flag,) = nora.recovery().flags
    assert (flag.condition, flag.corrected_by_patient) == (Condition.WITHDRAWN, False)
    # And back again: what is still so is said again, to be looked at.
    form = browser.page("/admin/").form("/admin/").hidden()
    assert browser.client.post("/admin/", data={**form, **TYPED, "scope": ""}).status_code == 303
    assert Pattern.GONE_QUIET in _patterns(nora)


def test_the_office_chooses_the_scope_of_a_clinic(clinic):
    frank = clinic.signed_in("frank")
    form = frank.page("/admin/").form("/admin/").hidden()
    sent = {**form, **TYPED, "scope": settings.DIARY_ONLY}
    assert frank.client.post("/admin/", data=sent).status_code == 303
    assert _scope(clinic) == settings.DIARY_ONLY
    assert 'value="diary" checked' in frank.page("/admin/").text


def _scope(clinic) -> str:
    with clinic.database.read() as session:
        return settings.read_installation(session).scope


def _patterns(nora) -> set[Pattern]:
    return {flag.episode.pattern for flag in nora.recovery().open_flags}
