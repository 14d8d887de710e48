"""Reminders by e-mail, from the wish to the letter, against a real mail server.

A patient asks, confirms by the link in a letter, is reminded at most once of a day, and stops by
the link in any reminder, without signing in.
"""

import re
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask_babel import force_locale, gettext

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.history import DAILY
from recovery_tracker.domain.reminders import Delivery
from recovery_tracker.storage import accounts, claims, people, reminders, settings
from recovery_tracker.web.shared import reminding
from recovery_tracker.web.shared.subscription import subscription_of
from tests.databases import copied
from tests.mail_server import free_port, mail_server
from tests.web.conftest import NOW, SYSTEM, open_clinic
from tests.web.diarist import CALM, TODAY, Diarist, new_diarist

BASE = "https://localhost"
ADDRESS = "nora.canary@example.org"
#: Nine in the evening in London: in the window of a reminder wished for at six.
EVENING = datetime(2026, 3, 12, 21, 0, tzinfo=UTC)


@dataclass
class Setting:
    """A clinic with a mail server, and a patient whose diary waits today."""

    nora: Diarist
    running: object

    @property
    def box(self):
        return self.running.box

    def remind(self, now: datetime = EVENING, **more):
        """What a run of the command does."""
        clinic = self.nora.clinic
        server = clinic.config.mail
        return reminding.remind(clinic.app, server, base=BASE, now=now, **more)

    def subscribe(self, address: str = ADDRESS) -> None:
        """Asks on the page and opens the link in the letter."""
        assert self.nora.send("reminders", address=address, what="mail").status_code == 303
        reader = self.nora.clinic.browser()
        path = link_in(self.box.letters.pop())
        self.box.readers.clear()
        assert reader.send(path, path).status_code == 200

    def outcomes(self) -> list[Delivery]:
        with self.nora.clinic.database.read() as session:
            return [one.outcome for one in reminders.reminders_of(session, self.nora.patient.id)]


@pytest.fixture
def setting(clinic_database, tmp_path):
    file = tmp_path / "clinic.db"
    copied(clinic_database, file)
    with mail_server() as running:
        clinic = open_clinic(file, mail=running.settings())
        yield Setting(new_diarist(clinic, days_ago=40), running)


def link_in(letter: EmailMessage, last: bool = False) -> str:
    """The path of the first (or last) link in a letter."""
    found = re.findall(r"https?://\S+", letter.get_content())
    return urlsplit(found[-1 if last else 0]).path


def wish_of(setting):
    with setting.nora.clinic.database.read() as session:
        return subscription_of(people.patient_by_id(session, setting.nora.patient.id))


class TestAsking:
    def test_an_address_gets_one_letter_and_nothing_until_its_link_is_opened(self, setting):
        setting.nora.send("reminders", address=ADDRESS, what="mail")
        (letter,) = setting.box.letters
        assert setting.box.readers == [ADDRESS]
        assert setting.remind().outcomes == {}
        assert f"We sent an e-mail to {ADDRESS}" in setting.nora.page("reminders").text
        path = link_in(letter)
        reader = setting.nora.clinic.browser()
        assert "Do you want these reminders?" in reader.page(path).text
        assert wish_of(setting).is_confirmed is False  # a scanner that follows links starts nothing
        assert "Reminders are on" in reader.send(path, path).text
        assert wish_of(setting).is_confirmed is True
        assert f"Reminders go to {ADDRESS}" in setting.nora.page("reminders").text

    def test_the_link_holds_no_address_and_ends_after_three_days(self, setting):
        setting.nora.send("reminders", address=ADDRESS, what="mail")
        path = link_in(setting.box.letters[0])
        assert "canary" not in path
        assert "example" not in path
        setting.nora.clinic.clock.forward(days=3)
        answer = setting.nora.clinic.browser().get(path)
        assert answer.status_code == 404
        assert "no longer in use" in answer.text
        assert "Send me the link" in setting.nora.page("reminders").text

    def test_a_new_wish_ends_the_old_link(self, setting):
        setting.nora.send("reminders", address="wrong@example.org", what="mail")
        setting.nora.send("reminders", what="no_mail")
        setting.nora.send("reminders", address=ADDRESS, what="mail")
        reader = setting.nora.clinic.browser()
        assert reader.get(link_in(setting.box.letters[0])).status_code == 404
        assert reader.get(link_in(setting.box.letters[1])).status_code == 200

    def test_a_link_for_starting_does_not_stop(self, setting):
        setting.nora.send("reminders", address=ADDRESS, what="mail")
        path = link_in(setting.box.letters[0])
        stop = path.replace("/start/", "/stop/")
        assert setting.nora.clinic.browser().get(stop).status_code == 404
        assert setting.nora.clinic.browser().get("/reminders/start/made-up").status_code == 404
        assert setting.nora.clinic.browser().get("/reminders/other/made-up").status_code == 404

    def test_what_is_no_address_comes_back_as_it_was_typed(self, setting):
        answer = setting.nora.send("reminders", address="nora at home", what="mail")
        assert answer.status_code == 422
        assert 'value="nora at home"' in answer.text
        assert setting.box.letters == []

    def test_what_was_typed_before_the_sign_in_expired_comes_back(self, setting):
        answer = setting.nora.send("reminders", address=ADDRESS, what="mail", carried="1")
        assert answer.status_code == 200
        assert f'value="{ADDRESS}"' in answer.text
        assert setting.box.letters == []

    def test_a_letter_that_cannot_be_sent_is_said_at_once(self, setting):
        setting.box.mood = "refuses"
        answer = setting.nora.send("reminders", address=ADDRESS, what="mail")
        assert answer.status_code == 422
        assert "could not be sent" in answer.text
        assert f'value="{ADDRESS}"' in answer.text
        assert wish_of(setting) is None

    def test_nobody_s_letterbox_is_flooded(self, setting):
        for _ in range(5):
            setting.nora.send("reminders", address=ADDRESS, what="mail")
            setting.nora.send("reminders", what="no_mail")
        assert len(setting.box.letters) == 3
        setting.nora.clinic.clock.forward(minutes=16)
        setting.nora.send("reminders", address=ADDRESS, what="mail")
        assert len(setting.box.letters) == 4

    def test_without_a_mail_server_the_page_offers_none(self, clinic):
        nora = new_diarist(clinic, days_ago=40)
        assert "e-mail" not in nora.page("reminders").text
        assert nora.send("reminders", address=ADDRESS, what="mail").status_code == 303
        with clinic.database.read() as session:
            assert subscription_of(people.patient_by_id(session, nora.patient.id)) is None


class TestTheLetter:
    def test_it_says_nothing_of_health_and_how_to_stop(self, setting):
        setting.subscribe()
        assert setting.remind().outcomes == {Delivery.SENT: 1}
        (letter,) = setting.box.letters
        text = f"{letter['Subject']} {letter.get_content()}".lower()
        for word in ("nora", "pain", "spine", "surgery", "recovery", "patient", "clinic"):
            assert word not in text, word
        assert letter["To"] == ADDRESS
        assert f"{BASE}/" in letter.get_content().split()
        assert urlsplit(letter["List-Unsubscribe"].strip("<>")).path == link_in(letter, last=True)

    def test_its_last_link_stops_the_letters_without_signing_in(self, setting):
        setting.subscribe()
        setting.remind()
        path = link_in(setting.box.letters.pop(), last=True)
        reader = setting.nora.clinic.browser()
        assert "Stop the reminders?" in reader.page(path).text
        assert wish_of(setting) is not None
        assert "Reminders have stopped" in reader.send(path, path).text
        assert wish_of(setting) is None
        assert setting.remind(EVENING + timedelta(days=1)).outcomes == {}
        assert "Send me the link" in setting.nora.page("reminders").text

    def test_it_speaks_the_language_of_the_patient(self, setting):
        setting.subscribe()
        with setting.nora.clinic.database.write() as session:
            account = accounts.account_of_patient(session, setting.nora.patient.id)
            accounts.set_language(session, account.id, "es", by=SYSTEM, at=NOW)
        assert setting.remind().outcomes == {Delivery.SENT: 1}
        with setting.nora.clinic.app.test_request_context(), force_locale("es"):
            subject = gettext("Your diary is open")
        assert setting.box.letters[0]["Subject"] == subject != "Your diary is open"


class TestOnce:
    def test_a_second_run_sends_nothing(self, setting):
        setting.subscribe()
        assert setting.remind().outcomes == {Delivery.SENT: 1}
        again = setting.remind(EVENING + timedelta(minutes=10))
        assert (again.outcomes, again.not_due) == ({}, {reminding.REMINDED: 1})
        assert len(setting.box.letters) == 1

    def test_two_runs_at_once_send_one(self, setting):
        setting.subscribe()
        file = setting.nora.clinic.database.engine.url.database
        others = [open_clinic(file, mail=setting.running.settings()) for _ in range(4)]
        ready = threading.Barrier(len(others))
        done = []

        def run(clinic):
            ready.wait()
            done.append(reminding.remind(clinic.app, clinic.config.mail, base=BASE, now=EVENING))

        threads = [threading.Thread(target=run, args=(one,)) for one in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(done) == len(others)
        assert sum(one.outcomes[Delivery.SENT] for one in done) == 1
        assert len(setting.box.letters) == 1

    @pytest.mark.parametrize("mood", ["refuses", "busy"])
    def test_what_failed_is_tried_again_by_the_next_run(self, setting, mood, caplog):
        setting.subscribe()
        setting.box.mood = mood
        assert setting.remind().outcomes == {Delivery.FAILED: 1}
        assert setting.outcomes() == [Delivery.FAILED]
        setting.box.mood = "kind"
        assert setting.remind(EVENING + timedelta(minutes=10)).outcomes == {Delivery.SENT: 1}
        assert setting.outcomes() == [Delivery.SENT]
        assert f"reminder of patient {setting.nora.patient.id}: failed" in caplog.text
        assert "canary" not in caplog.text.lower()

    def test_an_address_that_is_refused_is_not_tried_for_ever(self, setting):
        setting.subscribe()
        setting.box.mood = "refuses"
        now = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)
        tried = [setting.remind(now + timedelta(minutes=10 * n)).outcomes for n in range(20)]
        assert tried.count({Delivery.FAILED: 1}) == claims.MOST_TRIES

    def test_a_server_that_hangs_up_on_the_text_gets_it_once(self, setting):
        """It may have kept the letter: better none than two."""
        setting.subscribe()
        setting.box.mood = "hangs up"
        assert setting.remind().outcomes == {Delivery.UNSURE: 1}
        setting.box.mood = "kind"
        assert setting.remind(EVENING + timedelta(minutes=10)).outcomes == {}
        assert len(setting.box.letters) == 1
        assert setting.outcomes() == [Delivery.UNSURE]

    def test_killed_between_the_claim_and_the_answer_nothing_is_sent_again(
        self, setting, monkeypatch
    ):
        setting.subscribe()

        def killed(*_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(reminding.Post, "send", killed)
            with pytest.raises(KeyboardInterrupt):
                setting.remind()
        assert setting.outcomes() == [Delivery.UNSURE]
        assert setting.remind().outcomes == {}

    def test_no_server_at_all_fails_everybody_and_the_next_run_reaches_them(self, setting):
        setting.subscribe()
        clinic = setting.nora.clinic
        away = setting.running.settings(port=free_port())
        done = reminding.remind(clinic.app, away, base=BASE, now=EVENING)
        assert done.outcomes == {Delivery.FAILED: 1}
        assert setting.remind().outcomes == {Delivery.SENT: 1}

    def test_a_dry_run_sends_nothing_and_claims_nothing(self, setting):
        setting.subscribe()
        assert setting.remind(dry_run=True).outcomes == {Delivery.SENT: 1}
        assert (setting.box.letters, setting.outcomes()) == ([], [])


class TestNotDue:
    def why(self, setting, now=EVENING):
        done = setting.remind(now)
        assert done.outcomes == {}
        assert setting.box.letters == []
        return done.not_due

    def test_a_day_that_is_done(self, setting):
        setting.subscribe()
        setting.nora.log(**CALM)
        assert self.why(setting) == {reminding.DONE: 1}

    def test_a_day_written_between_the_look_and_the_letter(self, setting, monkeypatch):
        setting.subscribe()
        look = reminding._subscribed

        def looked(*args):
            found = list(look(*args))
            setting.nora.log(**CALM)
            return found

        monkeypatch.setattr(reminding, "_subscribed", looked)
        assert self.why(setting) == {}

    def test_stopped_between_the_look_and_the_letter(self, setting, monkeypatch):
        setting.subscribe()
        look = reminding._subscribed

        def looked(*args):
            found = list(look(*args))
            setting.nora.send("reminders", what="no_mail")
            return found

        monkeypatch.setattr(reminding, "_subscribed", looked)
        assert self.why(setting) == {}

    def test_before_the_wished_time_and_long_after_it(self, setting):
        setting.subscribe()
        for hour in (9, 17, 22, 23):
            assert self.why(setting, EVENING.replace(hour=hour)) == {reminding.NOT_THE_TIME: 1}

    def test_a_day_that_is_not_planned(self, setting):
        setting.subscribe()
        thursday_in_week_seven = EVENING + timedelta(days=7)
        assert self.why(setting, thursday_in_week_seven) == {reminding.NOT_A_SET_DAY: 1}

    def test_after_three_without_an_entry_until_the_next(self, setting):
        every_day(setting)
        setting.subscribe()
        evenings = [EVENING + timedelta(days=n) for n in range(6)]
        sent = [setting.remind(evening).outcomes[Delivery.SENT] for evening in evenings]
        assert sent == [1, 1, 1, 0, 0, 0]
        setting.nora.clinic.clock.instant = EVENING + timedelta(days=6)
        setting.nora.log(TODAY + timedelta(days=6), **CALM)
        assert setting.remind(EVENING + timedelta(days=7)).outcomes == {Delivery.SENT: 1}

    def test_an_account_that_is_switched_off(self, setting):
        setting.subscribe()
        with setting.nora.clinic.database.write() as session:
            account = accounts.account_of_patient(session, setting.nora.patient.id)
            accounts.set_active(session, account.id, False, by=SYSTEM, at=NOW)
        assert self.why(setting) == {}

    def test_a_zone_this_machine_does_not_know(self, setting):
        """Nobody is woken because a clock could not be read, and the others are reminded."""
        setting.subscribe()
        change(setting, zone="Mars/Olympus")
        assert self.why(setting) == {reminding.ZONE_UNKNOWN: 1}

    def test_closed_patient_pages(self, setting):
        clinic = setting.nora.clinic
        with clinic.database.write() as session:
            closed = replace(settings.read_installation(session), emergency_number="")
            settings.save_installation(session, closed, by=SYSTEM, at=NOW)
        with pytest.raises(RecoveryError, match="patient pages are still closed"):
            reminding.require_open(clinic.app)


def every_day(setting) -> None:
    change(setting, schedule=DAILY)


def change(setting, **values) -> None:
    with setting.nora.clinic.database.write() as session:
        patient = people.patient_by_id(session, setting.nora.patient.id)
        people.update_patient(
            session,
            replace(patient, **values),
            expected_version=patient.version,
            by=SYSTEM,
            at=NOW,
        )


class TestTheClinicSees:
    def test_reminders_without_an_entry_on_list_and_chart(self, clinic):
        carol, chart = clinic.signed_in("carol"), f"/clinic/p/{clinic.alice.public_id}"
        assert "reminded" not in carol.page("/clinic/patients").text
        tries = [Delivery.SENT, Delivery.SENT, Delivery.SENT, Delivery.FAILED]
        with clinic.database.write() as session:
            for back, outcome in enumerate(tries):
                day = TODAY - timedelta(days=back)
                reminders.claim(session, clinic.alice.id, day, at=NOW + timedelta(hours=1))
                reminders.settle(session, clinic.alice.id, day, outcome)
        said = "eminded 3 times, 1 reminder may be lost, no entry since"
        assert f"R{said}." in carol.page("/clinic/patients").text
        assert f"r{said}" in carol.page(chart).text
        clinic.clock.forward(hours=2)
        alice = clinic.signed_in("alice")
        day = f"/p/{clinic.alice.public_id}/day/{TODAY}"
        assert alice.send(day, day, **CALM).status_code == 303
        carol = clinic.signed_in("carol")
        assert "no entry since" not in carol.page("/clinic/patients").text
        assert "no entry since" not in carol.page(chart).text
