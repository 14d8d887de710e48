"""A link for one appointment: opaque, scoped, counted, listed, taken back, no use to guess."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest

from recovery_tracker.storage import audit_trail, erasure
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.columns import Base
from recovery_tracker.web.auth.sessions import digest_of
from tests.web.conftest import ALICE_WORDS, BOB_WORDS, NOW, SYSTEM, open_clinic
from tests.web.diarist import TODAY, new_diarist


def _link(clinic, day: str = "2026-03-12") -> str:
    alice = clinic.signed_in("alice")
    path = f"/p/{clinic.alice.public_id}/share"
    page = alice.send(path, f"{path}/link", day=day)
    assert page.status_code == 200, page.status_code
    return re.search(r'<code class="link">http://localhost(/v/[^<]+)<', page.text)[1]


def _opened(clinic, link: str, browser=None):
    browser = browser or clinic.browser()
    browser.opened = browser.send(link).headers["Location"]
    assert re.fullmatch(r"/visit/[0-9a-f]{16}", browser.opened)
    return browser


def test_it_opens_chart_and_report_without_an_account(clinic):
    browser = _opened(clinic, _link(clinic))
    page = browser.page(browser.opened)
    assert ALICE_WORDS[0] in page.text
    assert f"{browser.opened}/chart.svg?" in page.text
    assert clinic.alice.public_id not in page.text
    picture = browser.get(f"{browser.opened}/chart.svg?size=wide&theme=light&weeks=12")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    report = browser.get(f"{browser.opened}/report.pdf")
    assert report.data.startswith(b"%PDF")
    assert report.headers["Referrer-Policy"] == "no-referrer"
    # Nothing but these: no diary, no other patient, no account.
    for path in (f"/p/{clinic.alice.public_id}/", f"/p/{clinic.alice.public_id}/report.pdf"):
        assert browser.get(path).status_code == 302


def test_two_links_in_one_browser_never_show_each_other(clinic):
    """The page of one patient led to the report of the other, who was opened in the next tab."""
    browser = _opened(clinic, _link(clinic))
    first = browser.opened
    bob = clinic.signed_in("bob")
    path = f"/p/{clinic.bob.public_id}/share"
    made = bob.send(path, f"{path}/link", day="2026-03-12").text
    link = re.search(r'<code class="link">http://localhost(/v/[^<]+)<', made)[1]
    second = _opened(clinic, link, browser).opened
    assert first != second
    page, other = browser.page(first), browser.page(second)
    pair = [(page.text, first, ALICE_WORDS), (other.text, second, BOB_WORDS)]
    for (text, own, words), (_, foreign, others) in (pair, pair[::-1]):
        assert words[0] in text
        assert others[0] not in text
        assert f'href="{own}/report.pdf"' in text
        assert f"{own}/chart.svg" in text
        assert foreign not in text
    assert browser.send(second, f"{second}/close").status_code == 303
    assert browser.get(second).status_code == browser.get(f"{second}/report.pdf").status_code == 404
    assert browser.get(first).status_code == 200
    # No other browser gets in by that address.
    assert clinic.browser().get(first).status_code == 404


def test_the_last_day_is_the_one_after_the_appointment(clinic):
    browser = _opened(clinic, _link(clinic, "2026-03-20"))
    assert "until Saturday 21 March 2026" in browser.page(browser.opened).text


def test_each_opening_is_counted_and_told_to_the_patient(clinic):
    link = _link(clinic)
    _opened(clinic, link)
    clinic.clock.forward(hours=1)
    browser = _opened(clinic, link)
    browser.get(f"{browser.opened}/report.pdf")
    alice = clinic.signed_in("alice")
    assert "opened 2 times, last on" in alice.page(f"/p/{clinic.alice.public_id}/share").text
    looked = alice.page(f"/p/{clinic.alice.public_id}/looked").text
    assert looked.count("Somebody with your link opened your link for the appointment") == 2
    assert "Somebody with your link made a report" in looked
    assert "12 Mar 2026, 10:00" in looked


def test_the_page_behind_the_link_is_the_same_for_every_token(clinic):
    """A preview of a message counts nothing, and a guess by GET learns nothing."""
    link = _link(clinic)
    browser = clinic.browser()
    good, bad = browser.get(link).text, browser.get("/v/guess").text
    plain = [re.sub(r'value="[^"]+"|/v/[A-Za-z0-9_-]+', "", one) for one in (good, bad)]
    assert plain[0] == plain[1]
    assert not any(word in good for word in ALICE_WORDS)
    with clinic.database.read() as session:
        assert not audit_trail.events_among(session, clinic.alice.id, [AuditAction.VISIT_LINK_USED])


@pytest.mark.parametrize("end", ["taken back", "over", "erased", "another's", "restarted"])
def test_it_ends(clinic, end):
    link = _link(clinic)
    browser = _opened(clinic, link)
    if end == "taken back":
        alice = clinic.signed_in("alice")
        path = f"/p/{clinic.alice.public_id}/share"
        number = re.search(rf'action="{path}/link/(\d+)"', alice.page(path).text)[1]
        assert alice.send(path, f"{path}/link/{number}").status_code == 303
    elif end == "over":
        # The end of the day after the appointment, where the patient is.
        clinic.clock.instant = datetime(2026, 3, 13, 23, 59, tzinfo=UTC)
        browser = _opened(clinic, link)
        assert browser.get(browser.opened).status_code == 200
        clinic.clock.forward(minutes=2)
    elif end == "erased":
        with clinic.database.write() as session:
            erasure.erase(session, clinic.alice.id, by=SYSTEM, at=NOW)
    elif end == "another's":
        bob = clinic.signed_in("bob")
        path = f"/p/{clinic.bob.public_id}/share"
        token = bob.page(path).form().hidden()["csrf_token"]
        bob.client.post(f"{path}/link/1", data={"csrf_token": token})
        assert browser.get(browser.opened).status_code == 200
        return
    else:
        other = open_clinic(clinic.database.engine.url.database, clinic.clock)
        copied = browser.client.get_cookie("recovery").value
        again = other.browser()
        again.client.set_cookie("recovery", copied)
        assert again.get(browser.opened).status_code == 200
        return
    for path in ("", "/chart.svg", "/report.pdf"):
        assert browser.get(browser.opened + path).status_code == 404, path
    assert clinic.browser().send(link).status_code == 404


def test_guesses_are_few(clinic):
    link = _link(clinic)
    browser = clinic.browser()
    answers = [browser.send(f"/v/guess-{number}").status_code for number in range(12)]
    assert answers == [404] * 10 + [429] * 2
    clinic.clock.forward(minutes=16)
    assert browser.send(link).status_code == 303


def test_the_token_is_kept_nowhere(clinic, caplog):
    with caplog.at_level(logging.DEBUG):
        link = _link(clinic)
        browser = _opened(clinic, link)
        browser.get(f"{browser.opened}/report.pdf")
        clinic.browser().send("/v/guess-me-please")
    token = link.removeprefix("/v/")
    assert token not in caplog.text
    assert "guess-me" not in caplog.text
    assert "/v/<token>" in caplog.text
    with clinic.database.read() as session:
        stored = " ".join(
            repr(row)
            for table in Base.metadata.sorted_tables
            for row in session.execute(table.select())
        )
    assert token not in stored
    assert digest_of(token) in stored
    assert token not in browser.page(browser.opened).text


def test_a_day_that_is_no_appointment_is_refused(clinic):
    alice = clinic.signed_in("alice")
    path = f"/p/{clinic.alice.public_id}/share"
    far = (NOW + timedelta(days=200)).date().isoformat()
    for day in ("", "soon", "2026-03-11", far):
        answer = alice.send(path, f"{path}/link", day=day)
        assert answer.status_code == 422, day
        assert "within the next six months" in answer.text


def test_a_square_to_scan_only_where_another_device_reaches_it(clinic):
    with clinic.app.test_request_context():
        picture = clinic.app.jinja_env.globals["link_picture"]
        assert picture("http://127.0.0.1:8000/v/x") == ""
        assert picture("http://localhost/v/x") == ""
        assert "<svg" in picture("https://diary.example/v/x")


def test_a_visit_that_the_patient_noted_is_offered_as_the_day_of_the_link(clinic):
    nora = new_diarist(clinic)
    nora.send("events", kind="visit", day=str(TODAY + timedelta(days=9)), label="Dr Lund")
    assert f'value="{TODAY + timedelta(days=9)}"' in nora.page("share").text
