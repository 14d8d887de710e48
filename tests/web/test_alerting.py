"""Somebody is told: mail to clinicians who chose it, without a name or an answer in it."""

from collections import Counter
from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.reminders import Delivery
from recovery_tracker.services import attention, record_day
from recovery_tracker.services.alerts import note_run
from recovery_tracker.storage import alerts, claims, flags, people
from recovery_tracker.web.config import MailServer
from recovery_tracker.web.shared import alerting
from recovery_tracker.web.shared.alerting import alert
from recovery_tracker.web.shared.ringing import is_offered
from tests.mail_server import SENDER, mail_server
from tests.web.conftest import ALICE_WORDS, NOW, SYSTEM
from tests.web.diarist import CALM, new_diarist
from tests.web.test_clinician import LIST, rows_of

BASE = "http://localhost"


@pytest.fixture
def post():
    with mail_server() as found:
        yield found


@pytest.fixture
def server(post):
    return MailServer(host="127.0.0.1", port=post.port, tls=False, sender=SENDER)


@pytest.fixture
def told(clinic, post, server):
    """Sends what is due, and gives the addresses it went to."""

    def send():
        before = len(post.box.letters)
        alert(clinic.app, server, base=BASE, now=clinic.clock())
        return [letter["To"] for letter in post.box.letters[before:]]

    return send


@pytest.fixture
def nora(clinic):
    """A patient in erin's care; hanna cares for nobody."""
    nora = new_diarist(clinic)
    with clinic.database.write() as session:
        erin = clinic.accounts["erin"].id
        people.grant_care(session, nora.patient.id, erin, by=SYSTEM, at=NOW)
    clinic.add_account("hanna")
    return nora


def tell(nora):
    """Chest pain today."""
    chest = {"signs": "some", "line": ["chest"], "sign-chest": ["chest_pain"]}
    answer = nora.log(**{**CALM, **chest})
    assert answer.status_code == 303


def wants(clinic, name, **chosen):
    with clinic.database.write() as session:
        wanted = alerts.AlertWishes(clinic.accounts[name].id, f"{name}@clinic.example", **chosen)
        alerts.save_wishes(session, wanted)


def test_nobody_is_told_who_did_not_choose_it(clinic, nora, told):
    tell(nora)
    assert told() == []


def test_each_who_sees_the_diary_is_told_once_and_once_more_after_a_day(clinic, nora, told):
    """
    hour  0           1   25          26
          erin told  -   erin told  -
    """
    wants(clinic, "erin", each=True)
    wants(clinic, "hanna", each=True)
    assert told() == []
    tell(nora)
    seen = [told(), told()]
    clinic.clock.forward(hours=25)
    seen += [told(), told()]
    clinic.clock.forward(days=30)
    seen.append(told())
    erin = ["erin@clinic.example"]
    assert seen == [erin, [], erin, [], []]


def test_the_mail_has_no_name_and_no_answer(clinic, nora, told, post):
    wants(clinic, "erin", each=True, digest=True)
    tell(nora)
    clinic.clock.forward(days=1)
    clinic.clock.instant = clinic.clock.instant.replace(hour=8)
    told()
    assert len(post.box.letters) >= 1
    for letter in post.box.letters:
        text = letter["Subject"] + letter.get_content()
        assert "/clinic/patients" in text
        for word in (*ALICE_WORDS, nora.patient.name, "chest", "pain", "emergency"):
            assert word not in text, word


def test_who_looked_ends_it(clinic, nora, told):
    wants(clinic, "erin", each=True)
    tell(nora)
    erin = clinic.signed_in("erin")
    page = erin.page(f"/clinic/p/{nora.patient.public_id}")
    form = next(one for one in page.forms if "/flag" in one.action)
    seen = erin.client.post(form.action, data={**form.hidden(), "decision": "reassured"})
    assert seen.status_code in (200, 303)
    assert told() == []


def test_cover_is_told_and_who_lost_access_is_not(clinic, nora, told):
    from recovery_tracker.services import teams

    wants(clinic, "erin", each=True)
    wants(clinic, "hanna", each=True)
    erin, hanna = (clinic.accounts[name].id for name in ("erin", "hanna"))
    at = clinic.clock()
    teams.add_cover(clinic.database, hanna, erin, at, at + timedelta(days=2), by=SYSTEM, at=at)
    tell(nora)
    with clinic.database.write() as session:
        people.revoke_care(session, nora.patient.id, hanna, by=SYSTEM, at=at)
    assert told() == ["erin@clinic.example"]


def test_the_digest_comes_once_a_morning_while_something_waits(clinic, nora, told):
    """And once that somebody who chose the digest alone has to know: longer than promised."""
    wants(clinic, "erin", digest=True)
    clinic.clock.instant = clinic.clock.instant.replace(hour=8)
    assert told() == []
    tell(nora)
    seen = [told(), told()]
    clinic.clock.forward(hours=10)
    seen.append(told())
    clinic.clock.forward(hours=14)
    seen.append(told())
    erin = ["erin@clinic.example"]
    assert seen == [erin, [], [], [*erin, *erin]]


def test_a_server_that_is_away_is_asked_again(clinic, nora, server, post):
    wants(clinic, "erin", each=True)
    tell(nora)
    away = MailServer(host="127.0.0.1", port=1, tls=False, sender=SENDER)
    first = alert(clinic.app, away, base=BASE, now=clinic.clock())
    assert first == Counter({Delivery.FAILED: 1})
    second = alert(clinic.app, server, base=BASE, now=clinic.clock())
    assert second == Counter({Delivery.SENT: 1})


def test_a_night_without_a_mail_server_loses_no_message(clinic, nora, server, post):
    """After an hour of tries nobody was told of chest pain until the next day."""
    wants(clinic, "erin", each=True)
    tell(nora)
    away = MailServer(host="127.0.0.1", port=1, tls=False, sender=SENDER)
    for _run in range(50):
        tried = alert(clinic.app, away, base=BASE, now=clinic.clock())
        assert tried == Counter({Delivery.FAILED: 1})
        clinic.clock.forward(minutes=10)
    assert alert(clinic.app, server, base=BASE, now=clinic.clock()) == Counter({Delivery.SENT: 1})
    assert alert(clinic.app, server, base=BASE, now=clinic.clock()) == Counter()
    assert [letter["To"] for letter in post.box.letters] == ["erin@clinic.example"]


def test_a_server_that_refuses_is_not_asked_for_ever(clinic, nora, server, post):
    wants(clinic, "erin", each=True)
    tell(nora)
    post.box.mood = "refuses"
    tried = [alert(clinic.app, server, base=BASE, now=clinic.clock()) for _run in range(9)]
    assert tried.count(Counter({Delivery.FAILED: 1})) == claims.MOST_TRIES


def test_an_urgent_message_whose_end_nobody_knows_is_sent_again(clinic, nora, server, post):
    """The server had the text and fell silent: of chest pain rather two letters than none."""
    wants(clinic, "erin", each=True)
    tell(nora)

    def run(minutes):
        clinic.clock.forward(minutes=minutes)
        return alert(clinic.app, server, base=BASE, now=clinic.clock())

    post.box.mood = "hangs up"
    assert [run(0), run(1)] == [Counter({Delivery.UNSURE: 1}), Counter()]
    post.box.mood = "kind"
    assert [run(5), run(60)] == [Counter({Delivery.SENT: 1}), Counter()]


def test_a_run_that_was_killed_while_it_sent_has_told_nobody(clinic, nora, told, monkeypatch):
    wants(clinic, "erin", each=True)
    tell(nora)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(alerting.Post, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            told()
    clinic.clock.forward(minutes=5)
    assert told() == ["erin@clinic.example"]


def test_a_server_that_always_falls_silent_is_told_a_few_times(clinic, nora, server, post):
    wants(clinic, "erin", each=True)
    tell(nora)
    post.box.mood = "hangs up"
    tried = Counter()
    for _run in range(100):
        tried += alert(clinic.app, server, base=BASE, now=clinic.clock())
        clinic.clock.forward(minutes=10)
    assert tried == Counter({Delivery.UNSURE: claims.MOST_TRIES})


def test_how_many_wait_is_told_once_though_nobody_knows_that_it_came(clinic, nora, server, post):
    wants(clinic, "erin", digest=True)
    tell(nora)
    clinic.clock.forward(hours=13)
    post.box.mood = "hangs up"
    clinic.clock.instant = clinic.clock.instant.replace(hour=7)
    tried = Counter()
    for _run in range(6):
        tried += alert(clinic.app, server, base=BASE, now=clinic.clock())
        clinic.clock.forward(minutes=10)
    assert tried == Counter({Delivery.UNSURE: 1})


def test_the_health_page_says_when_tick_does_not_run(clinic):
    frank = clinic.signed_in("frank")
    # Since when nobody can say of a clinic that was set up a minute ago.
    assert "tick” has never run here" in frank.page("/admin/health").text
    assert "has not run for more than a day" not in frank.page("/admin/health").text
    note_run(clinic.database, "tick", at=clinic.clock())
    assert "has not run for more than a day" not in frank.page("/admin/health").text
    clinic.clock.forward(hours=27)
    assert "has not run for more than a day" in clinic.signed_in("frank").page("/admin/health").text


def test_the_health_page_says_when_remind_does_not_run(clinic):
    """Only where somebody waits for its messages, whether or not it has run before."""
    late = "has not run for more than an hour"
    assert late not in clinic.signed_in("frank").page("/admin/health").text
    wants(clinic, "carol", digest=True)
    frank = clinic.signed_in("frank")
    assert "remind” has never run here" in frank.page("/admin/health").text
    note_run(clinic.database, "remind", at=clinic.clock())
    assert late not in frank.page("/admin/health").text
    clinic.clock.forward(hours=2)
    assert late in clinic.signed_in("frank").page("/admin/health").text
    wants(clinic, "carol", digest=False)
    assert late not in clinic.signed_in("frank").page("/admin/health").text


def test_a_run_of_a_clock_that_was_ahead_is_none_of_today(clinic):
    """It counted as the last one until that day came, whether or not anything ran."""
    wants(clinic, "carol", digest=True)
    for name in ("tick", "remind"):
        note_run(clinic.database, name, at=clinic.clock() + timedelta(days=400))
    page = clinic.signed_in("frank").page("/admin/health").text
    assert "tick” has not run for more than a day" in page
    assert "remind” has not run for more than an hour" in page
    with clinic.app.test_request_context():
        assert not is_offered()


def test_a_patient_who_asked_for_reminders_waits_for_remind_as_well(clinic):
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        wish = {"to": "a@b.example", "mark": "m", "asked_at": NOW.isoformat(), "language": "en"}
        people.update_patient(
            session,
            people.with_preferences(patient, mail={**wish, "is_confirmed": True}),
            expected_version=patient.version,
            by=SYSTEM,
            at=NOW,
        )
    page = clinic.signed_in("frank").page("/admin/health").text
    assert "remind” has never run here" in page


def red_wound(nora):
    """A red wound today, reported without a page."""
    at = nora.clinic.clock()
    found = DiaryEntry(at.date(), signs=frozenset({"wound_redness"}), recorded_at=at)
    record_day(
        nora.clinic.database,
        nora.patient.id,
        found,
        by=SYSTEM,
        at=at,
        today=at.date(),
        key=f"red-{at}",
    )


def test_who_reports_again_before_anybody_looked_has_waited_since_the_first_time(clinic, nora):
    """A sign of every day does not set the clock back to each day."""
    first = clinic.clock()
    red_wound(nora)
    for _ in range(2):
        clinic.clock.forward(hours=20)
        red_wound(nora)
    with clinic.database.read() as session:
        (one,) = alerts.waiting_for(session, clinic.accounts["erin"].id, clinic.clock())
    assert one.since == first
    (row,) = rows_of(clinic.signed_in("erin").page(LIST))
    assert "Waiting since 12 Mar, 09:00" in row


def test_who_reports_again_after_a_look_waits_since_then(clinic, nora):
    red_wound(nora)
    with clinic.database.read() as session:
        (flag,) = flags.flags_of(session, nora.patient.id)
    attention.mark_seen(
        clinic.database,
        nora.patient.id,
        flag.public_id,
        flag.version,
        by=SYSTEM,
        at=clinic.clock(),
    )
    clinic.clock.forward(hours=20)
    red_wound(nora)
    again = clinic.clock()
    clinic.clock.forward(hours=20)
    red_wound(nora)
    with clinic.database.read() as session:
        (one,) = alerts.waiting_for(session, clinic.accounts["erin"].id, clinic.clock())
    assert one.since == again
