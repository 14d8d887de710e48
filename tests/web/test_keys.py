"""The key of an installation: changed, carried in a backup, and what depends on it."""

import re
import stat

import pytest
from passlib.totp import TOTP

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.storage import accounts, erasure, people
from recovery_tracker.storage.database import open_database
from recovery_tracker.web.secret_file import rotate_in, secrets_in
from recovery_tracker.web.shared.keys import mark, unwrapped, wrapped
from tests.cli.conftest import command
from tests.databases import copied
from tests.web.conftest import ALICE_WORDS, NOW, PASSWORD, SECRET, SYSTEM, open_clinic
from tests.web.test_ways_in import Walker, _give_an_app, _give_recovery_codes

__all__ = ["command"]

NEWER = "another-secret-for-tests-0123456789abcdef"
PASSPHRASE = "a dozen grey geese over the marsh"


def test_a_new_key_locks_nobody_out(clinic_database, tmp_path):
    """Password, app and recovery codes of before work with the key of after, and move to it."""
    file = tmp_path / "clinic.db"
    copied(clinic_database, file)
    before = open_clinic(file)
    key, codes = _give_an_app(before, "carol"), _give_recovery_codes(before, "carol")
    with before.database.read() as session:
        old_hash = accounts.account_by_login(session, "carol").password_hash
    after = open_clinic(file, secret_key=NEWER, older_secrets=(SECRET,))
    for step, text in enumerate((TOTP(key=key).generate().token, codes[0])):
        walker = Walker(after).open("/account/sign-in")
        walker.send("/account/sign-in", email="carol", password=PASSWORD)
        if step:
            walker.open("/account/recovery-code").send("/account/recovery-code", code=text)
        else:
            walker.send("/account/second-step/code", code=text)
        assert walker.open("/account").at == "/account"
    with after.database.read() as session:
        assert accounts.account_by_login(session, "carol").password_hash != old_hash
    alone = open_clinic(file, secret_key=NEWER)
    assert "second-step" in alone.browser().sign_in("carol").headers["Location"]
    assert alone.browser().sign_in("bob").status_code == 200


def test_moving_to_the_new_key_signs_nobody_out(clinic_database, tmp_path):
    file = tmp_path / "clinic.db"
    copied(clinic_database, file)
    clinic = open_clinic(file, secret_key=NEWER, older_secrets=(SECRET,))
    phone = clinic.signed_in("alice")
    tablet = clinic.signed_in("alice")
    assert phone.get("/account").status_code == tablet.get("/account").status_code == 200


def test_recovery_codes_are_shown_at_set_up_and_never_again(clinic_database, tmp_path):
    file = tmp_path / "strict.db"
    copied(clinic_database, file)
    clinic = open_clinic(file, staff_need_second_factor=True)
    walker = Walker(clinic).open("/account/sign-in")
    walker.send("/account/sign-in", email="carol", password=PASSWORD)
    walker.send("/account/second-step", setup="authenticator")
    key = _key_of(walker.text).replace("-", "").replace(" ", "")
    walker.send("/account/second-step/code", code=TOTP(key=key).generate().token)
    assert walker.at == "/account/recovery-codes"
    walker.send("/account/recovery-codes")
    codes = re.search(r'class="card codes num">(.*?)</ul>', walker.text)[1]
    code = re.search(r"<li>([^<]+)", codes)[1]
    walker.open("/account/recovery-codes?show_codes=1")
    assert code not in walker.text
    with clinic.database.read() as session:
        kept = accounts.account_by_login(session, "carol").recovery_codes
    assert len(kept) == 8
    assert all(one.startswith("hmac:") for one in kept)


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_wrong_code_does_not_take_the_square_away(clinic_database, tmp_path, signed_in):
    file = tmp_path / "strict.db"
    copied(clinic_database, file)
    clinic = open_clinic(file, staff_need_second_factor=not signed_in)
    walker = Walker(clinic).open("/account/sign-in")
    walker.send("/account/sign-in", email="carol", password=PASSWORD)
    if signed_in:
        walker.open("/account/second-step")
    walker.send("/account/second-step", setup="authenticator")
    key = _key_of(walker.text)
    walker.send("/account/second-step/", code="000000")
    assert "That code is wrong. Type the newest one." in walker.text
    assert 'href="#code"' in walker.text
    assert _key_of(walker.text) == key
    assert 'class="qr"' in walker.text
    assert "Phone lost?" not in walker.text
    code = TOTP(key=key.replace("-", "").replace(" ", "")).generate().token
    walker.send("/account/second-step/", code=code)
    assert walker.at == "/account/recovery-codes"
    assert "The second step is on." in walker.text
    assert "You have none yet." in walker.text
    assert "New codes end the old ones." not in walker.text
    walker.send("/account/recovery-codes")
    assert "New codes end the old ones." in walker.open("/account/recovery-codes").text


def _key_of(text):
    return re.search(r'class="num key">([^<]+)', text)[1]


def test_the_file_of_keys(tmp_path):
    first = secrets_in(tmp_path)
    assert rotate_in(tmp_path) == 2
    newer, older = secrets_in(tmp_path)
    assert (older,) == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["secret-key"]
    assert mark(newer) != mark(older)
    assert mark(newer) not in newer


def test_a_wrapped_key_opens_with_its_passphrase_alone():
    text = wrapped([NEWER, SECRET], PASSPHRASE)
    assert unwrapped(text, PASSPHRASE) == (NEWER, SECRET)
    assert NEWER not in text
    for changed in (text[:-10] + "AAAA" + text[-6:], "", "{}", "[]"):
        with pytest.raises(RecoveryError, match="does not open"):
            unwrapped(changed, PASSPHRASE)
    with pytest.raises(RecoveryError, match="does not open"):
        unwrapped(text, PASSPHRASE + "!")


class TestBackup:
    """A clinic comes back on another computer, and says beforehand whether it could."""

    @pytest.fixture
    def house(self, clinic_database, tmp_path):
        folder = tmp_path / "house"
        folder.mkdir()
        copied(clinic_database, folder / "recovery.db")
        (folder / "secret-key").write_text(f"{SECRET}\n")
        (tmp_path / "words").write_text(f"{PASSPHRASE}\n")
        return folder

    def test_with_its_key_people_sign_in_elsewhere(self, command, house, tmp_path):
        words, file, there = tmp_path / "words", tmp_path / "b.zip", tmp_path / "there"
        url, elsewhere = f"sqlite:///{house / 'recovery.db'}", f"sqlite:///{there / 'recovery.db'}"
        made = command("backup", file, "--passphrase-file", words, "--database", url)
        assert made.status == 0, made.err
        assert "could sign in" in command("verify", file, "--database", url).out
        said = command("verify", file, "--database", elsewhere)
        assert "needs --passphrase-file" in said.out
        said = command("verify", file, "--passphrase-file", words, "--database", elsewhere)
        assert "people could sign in" in said.out
        said = command("restore", file, "--passphrase-file", words, "--database", elsewhere)
        assert said.status == 0, said.err
        assert secrets_in(there) == (SECRET,)
        again = open_clinic(there / "recovery.db")
        assert again.browser().sign_in("alice").status_code == 302

    def test_without_it_that_is_said(self, command, house, tmp_path):
        file, url = tmp_path / "b.zip", f"sqlite:///{house / 'recovery.db'}"
        assert "nobody can sign in" in command("backup", file, "--database", url).err
        elsewhere = f"sqlite:///{tmp_path / 'there' / 'recovery.db'}"
        assert "nobody could sign in" in command("verify", file, "--database", elsewhere).out
        assert "nobody could sign in" in command("restore", file, "--database", elsewhere).err

    def test_a_wrong_passphrase_changes_nothing(self, command, house, tmp_path):
        words, file = tmp_path / "words", tmp_path / "b.zip"
        url = f"sqlite:///{house / 'recovery.db'}"
        command("backup", file, "--passphrase-file", words, "--database", url)
        words.write_text("another passphrase altogether\n")
        before = (house / "recovery.db").read_bytes()
        said = command("restore", file, "--passphrase-file", words, "--database", url)
        assert said.status == 1
        assert "passphrase" in said.err
        assert (house / "recovery.db").read_bytes() == before
        words.write_text("short\n")
        assert command("verify", file, "--passphrase-file", words, "--database", url).status == 1

    def test_what_was_ended_since_stays_ended(self, command, house, tmp_path):
        file, url = tmp_path / "b.zip", f"sqlite:///{house / 'recovery.db'}"
        command("backup", file, "--database", url)
        clinic = open_clinic(house / "recovery.db")
        with clinic.database.write() as session:
            dan, carol = clinic.accounts["dan"].id, clinic.accounts["carol"].id
            accounts.set_active(session, dan, False, by=SYSTEM, at=NOW)
            people.revoke_care(session, clinic.alice.id, carol, by=SYSTEM, at=NOW)
        clinic.database.close()
        assert command("restore", file, "--database", url).status == 0
        clinic = open_clinic(house / "recovery.db")
        assert not clinic.accounts["dan"].active
        assert (
            clinic.signed_in("carol").get(f"/clinic/p/{clinic.alice.public_id}").status_code == 404
        )
        assert "audit" not in command("check", "--database", url).err

    def test_a_lost_second_step_is_taken_away_by_command(self, command, house):
        clinic = open_clinic(house / "recovery.db")
        _give_an_app(clinic, "carol")
        assert "second-step" in clinic.browser().sign_in("carol").headers["Location"]
        url = f"sqlite:///{house / 'recovery.db'}"
        said = command("user", "reset", "carol", "--second-step", "--database", url)
        assert said.status == 0, said.err
        assert "second-step" not in clinic.browser().sign_in("carol").headers["Location"]
        assert command("key", "rotate", "--database", url).status == 0
        assert secrets_in(house)[1] == SECRET


def test_another_process_forgets_whom_a_command_erased(clinic):
    """What it has read is gone with the next request; the memory itself goes with a restart."""
    from recovery_tracker.storage import diary

    clinic.signed_in("carol").get(f"/clinic/p/{clinic.alice.public_id}")
    assert any(ALICE_WORDS[1] in repr(one) for one in diary._read.values())
    command_line = open_database(clinic.config.database_url)
    with command_line.write() as session:
        erasure.erase(session, clinic.alice.id, by=SYSTEM, at=NOW)
    command_line.close()
    clinic.browser().get("/help")
    assert not any(ALICE_WORDS[1] in repr(one) for one in diary._read.values())
