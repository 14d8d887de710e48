"""Carers: let in by the patient, named at every version they write, sent away with one button."""

import re

import pytest

from recovery_tracker.domain.people import Rights, Role
from recovery_tracker.domain.surgery import Operation
from recovery_tracker.storage import accounts, audit_trail, invitations, people, record_rows
from recovery_tracker.storage.audit import AuditAction
from tests.pdf import text_of
from tests.web.conftest import ALICE_WORDS, NOW, PASSWORD, SYSTEM


def _invite(clinic, rights: str):
    """Alice's browser, and the link by which she invites a carer."""
    alice = clinic.signed_in("alice")
    path = f"/p/{clinic.alice.public_id}/share"
    page = alice.send(path, f"{path}/carer", name="Anna", rights=rights)
    assert page.status_code == 200
    found = re.search(r'<code class="link">http://localhost(/invitation/[^<]+)<', page.text)
    return alice, found[1]


def _let_in(clinic, rights: str, login: str = "anna"):
    """The browser of a carer whom alice invited and who followed the link."""
    alice, link = _invite(clinic, rights)
    browser = clinic.browser()
    assert browser.send(link, login=login, password=PASSWORD).status_code == 303
    assert browser.sign_in(login).status_code == 302
    with clinic.database.read() as session:
        return browser, alice, accounts.account_by_login(session, login), link


def test_a_carer_who_writes_is_named_at_each_version(clinic):
    anna, alice, account, _link = _let_in(clinic, "write")
    assert (account.role, account.rights, account.patient_id) == (
        Role.PATIENT,
        Rights.WRITE,
        clinic.alice.id,
    )
    base = f"/p/{clinic.alice.public_id}"
    answer = anna.send(
        f"{base}/day/2026-03-12", f"{base}/day/2026-03-12", axial_pain="7", signs="none"
    )
    assert answer.status_code == 303, answer.text
    written = f"Written by Anna for {ALICE_WORDS[0]}."
    for browser in (alice, anna):
        assert written in browser.page(f"{base}/day/2026-03-12/versions").text
        assert written in browser.page(f"{base}/diary").text
    report = alice.get(f"{base}/report.pdf")
    assert "Anna wrote 1 day for the patient." in " ".join(text_of(report.data).split())
    # The patient reads on the first page who joined, and among those who looked what they read.
    assert "Anna can sign in to this diary now" in alice.page(f"{base}/").text
    looked = alice.page(f"{base}/looked").text
    assert "Alice invited somebody to this diary: Anna" not in looked
    assert "Anna looked at the diary" in looked


def test_a_carer_who_reads_meets_no_page_that_is_not_theirs(clinic):
    """Every link and form on every page that a reading carer reaches leads somewhere."""
    anna, _alice, _account, _link = _let_in(clinic, "read")
    _walk(anna, f"/p/{clinic.alice.public_id}/", f"/p/{clinic.alice.public_id}")


def test_a_carer_who_reads_is_told_that_no_operation_was_entered(clinic):
    anna, _alice, _account, _link = _let_in(clinic, "read")
    with clinic.database.write() as session:
        (operation,) = record_rows.stored_of(session, clinic.alice.id, Operation)
        terms = {"expected_version": operation.version, "by": SYSTEM, "at": NOW}
        record_rows.remove(session, clinic.alice.id, operation.public_id, Operation, **terms)
    for part in ("", "recovery", "diary", "report", "plan"):
        answer = anna.get(f"/p/{clinic.alice.public_id}/{part}")
        assert answer.status_code == 200, part
        assert "Nothing here yet" in answer.text


def test_a_carer_who_writes_meets_no_page_that_is_not_theirs(clinic):
    anna, _alice, _account, _link = _let_in(clinic, "write")
    _walk(anna, f"/p/{clinic.alice.public_id}/", f"/p/{clinic.alice.public_id}")


@pytest.mark.parametrize("rights", [Rights.READ, Rights.ANSWER])
def test_a_clinician_meets_no_page_that_is_not_theirs(clinic, rights):
    made = clinic.add_account("ines", rights=rights)
    with clinic.database.write() as session:
        people.grant_care(session, clinic.alice.id, made.id, by=SYSTEM, at=NOW)
    _walk(clinic.signed_in("ines"), "/clinic/patients", "/clinic")


def _walk(browser, start: str, inside: str) -> None:
    waiting, seen = [start], set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = browser.get(path)
        assert answer.status_code in {200, 302, 303}, (path, answer.status_code)
        if answer.status_code != 200 or "html" not in answer.content_type:
            continue
        for action in re.findall(r'<form[^>]*?action="([^"?#]*)', answer.text):
            if not action.startswith(inside):
                continue
            # Nothing but the token is sent: a form that may be sent is told what is missing.
            token = browser.client.get("/account").text
            token = re.search(r'name="csrf_token" value="([^"]+)', token)[1]
            sent = browser.client.post(
                action, data={"csrf_token": token, "carried": "1", "what": "called"}
            )
            assert sent.status_code != 404, (path, action)
        for link in re.findall(r'<a [^>]*?href="([^"#]+)', answer.text):
            link = link.replace("&amp;", "&")
            plain = link.partition("?")[0]
            if plain.startswith(inside) and plain not in seen and plain not in waiting:
                waiting.append(link if "month=" not in link else plain)
        if len(seen) > 60:
            break
    assert len(seen) > 5


def test_the_diary_is_named_on_every_page_of_a_carer(clinic):
    anna, alice, _account, _link = _let_in(clinic, "read")
    for part in ("/", "/diary", "/recovery"):
        assert (
            f"The diary of {ALICE_WORDS[0]}" in anna.page(f"/p/{clinic.alice.public_id}{part}").text
        )
        assert "Hello Alicia" not in anna.page(f"/p/{clinic.alice.public_id}{part}").text
        assert "The diary of" not in alice.page(f"/p/{clinic.alice.public_id}{part}").text


def test_you_is_said_to_mean_the_patient_wherever_a_carer_reads_it(clinic):
    anna, alice, _account, _link = _let_in(clinic, "write")
    base = f"/p/{clinic.alice.public_id}"
    said = f"Where this page says “you” or “my”, it means {ALICE_WORDS[0]}."
    said += " Only the account is your own."
    for part in ("/", "/diary", "/recovery", "/day/2026-03-12", "/report", "/medicines"):
        assert said in anna.page(base + part).text, part
        assert "it means" not in alice.page(base + part).text, part
    assert "it means" not in anna.page("/account").text


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        ("read", "lets you read their diary. You cannot change anything in it."),
        ("write", "lets you read their diary and write in it for them."),
    ],
)
def test_an_invitation_says_whose_diary_it_opens_and_what_one_may_do(clinic, rights, may):
    _alice, link = _invite(clinic, rights)
    page = clinic.browser().page(link)
    assert f"{ALICE_WORDS[0]} {may}" in page.text
    assert (
        f"<p>{ALICE_WORDS[0]} sees when you looked and can end this at any time.</p>" in page.text
    )
    # Programs that show what is behind a link in a message show its title.
    assert ALICE_WORDS[0] not in page.title
    assert ALICE_WORDS[0] not in link


def test_the_patient_ends_it_with_one_button(clinic):
    anna, alice, account, _link = _let_in(clinic, "write")
    path = f"/p/{clinic.alice.public_id}/readers/{account.public_id}"
    assert alice.send(path, path).status_code == 303
    assert anna.get(f"/p/{clinic.alice.public_id}/").status_code == 302
    assert clinic.browser().sign_in("anna").status_code == 200
    assert "Anna" in alice.page(f"/p/{clinic.alice.public_id}/settings").text


def test_the_page_that_says_it_can_be_ended_ends_it(clinic):
    _anna, alice, account, _link = _let_in(clinic, "write")
    share = alice.page(f"/p/{clinic.alice.public_id}/share")
    assert "You can end it at any time." in share.text
    assert f"/p/{clinic.alice.public_id}/readers/{account.public_id}" in share.links


def test_a_carer_says_nothing_about_who_may_look(clinic):
    anna, alice, account, _link = _let_in(clinic, "write")
    base = f"/p/{clinic.alice.public_id}"
    for path in ("/settings", "/share", "/reminders", f"/readers/{account.public_id}"):
        assert anna.get(base + path).status_code == 404, path
    assert "Stop sharing" in alice.page(f"{base}/settings").text
    with clinic.database.read() as session:
        events = audit_trail.events_among(session, clinic.alice.id, [AuditAction.INVITED])
    assert events[0].details["rights"] == "write"


def test_an_invitation_is_listed_and_taken_back(clinic):
    alice = clinic.signed_in("alice")
    path = f"/p/{clinic.alice.public_id}/share"
    page = alice.send(path, f"{path}/carer", name="Anna", rights="read").text
    link = re.search(r'<code class="link">http://localhost(/invitation/[^<]+)<', page)[1]
    assert clinic.browser().get(link).status_code == 200
    number = re.search(rf'action="{path}/carer/(\d+)"', page)[1]
    assert clinic.signed_in("bob").client.post(f"{path}/carer/{number}").status_code in {400, 404}
    assert alice.send(path, f"{path}/carer/{number}").status_code == 303
    assert clinic.browser().get(link).status_code == 404
    assert f"{path}/carer/{number}" not in alice.page(path).text


def test_the_office_sees_no_carers_link_and_makes_none(clinic):
    """Whoever held such a link could read the diary."""
    alice, frank = clinic.signed_in("alice"), clinic.signed_in("frank")
    path = f"/p/{clinic.alice.public_id}/share"
    page = alice.send(path, f"{path}/carer", name="Anna ~", rights="read").text
    number = re.search(rf'action="{path}/carer/(\d+)"', page)[1]
    people_page = frank.page("/admin/people")
    assert "Anna ~" not in people_page.text
    token = people_page.form().hidden()["csrf_token"]
    sent = {"csrf_token": token, "again": "1"}
    assert frank.client.post(f"/admin/people/links/{number}", data=sent).status_code == 404
    with clinic.database.read() as session:
        assert invitations.invitation_by_id(session, int(number)).used_at is None


def test_a_diary_has_one_owner(clinic):
    second = clinic.add_account("second", Role.PATIENT, patient_id=clinic.alice.id)
    assert second.rights is Rights.WRITE


def test_a_carer_who_reads_is_promised_nothing_that_only_writing_can_do(clinic):
    anna, alice, _account, _link = _let_in(clinic, "read")
    base = f"/p/{clinic.alice.public_id}"
    day = f"{base}/day/2026-03-12/saved"
    assert "Versions of this day, or remove it" in alice.page(day).text
    assert "or remove it" not in anna.page(day).text
    assert "can still be added" not in anna.page(f"{base}/diary").text
    assert "that you wrote" not in anna.page(f"{base}/report").text


def test_what_a_carer_added_is_not_from_the_clinic_and_the_patient_can_take_it_back(clinic):
    anna, alice, _account, _link = _let_in(clinic, "write")
    base = f"/p/{clinic.alice.public_id}"
    path = f"{base}/events"
    anna.send(path, path, kind="physio", day="2026-03-10", label="by Anna")
    alice.send(path, path, kind="physio", day="2026-03-11", label="by Alice")
    page = alice.page(path)
    assert "from your clinic" not in page.text
    assert len([form for form in page.forms if form.action.endswith("/remove")]) == 2
    theirs = anna.page(path)
    assert "from your clinic" not in theirs.text
    (own,) = [form for form in theirs.forms if form.action.endswith("/remove")]
    alice.client.post(own.action, data=page.form(own.action).hidden())
    assert "by Anna" not in alice.page(path).text
