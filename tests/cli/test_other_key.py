"""A database beside another key than the one its passwords were made with says so."""

import pytest

from recovery_tracker import services
from recovery_tracker.services.assessing import SYSTEM
from recovery_tracker.storage.backup import verify
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.engine import url_of
from recovery_tracker.storage.upgrade import upgrade_database
from recovery_tracker.web.config import Config, utc_now
from recovery_tracker.web.secret_file import known_secrets, rotate_in, secrets_in, secrets_in_use
from recovery_tracker.web.shared.keys import mark
from tests.cli.conftest import command, url

__all__ = ["command", "url"]


def test_check_says_when_stored_secrets_do_not_fit_the_present_key(command, tmp_path):
    """A key that was changed keeps the older ones and is quiet; one that was replaced is not."""
    url = url_of(tmp_path / "diary.db")
    upgrade_database(url, backup=False)

    def start() -> bool:
        """What `run` does before it serves."""
        database = open_database(url)
        try:
            marks = [mark(one) for one in secrets_in(tmp_path)]
            return services.note_keys(database, marks, by=SYSTEM, at=utc_now())
        finally:
            database.close()

    said = command("check", "--database", url).err
    assert "key:" not in said
    assert start()
    assert "key:" not in command("check", "--database", url).err
    rotate_in(tmp_path)
    assert "key:" not in command("check", "--database", url).err
    assert start()
    file = tmp_path / "secret-key"
    both = file.read_text()
    for other in ("another-secret-of-another-machine-0123456789", both.split()[0]):
        file.write_text(f"{other}\n")
        assert "key: passwords, second steps" in command("check", "--database", url).err
        assert not start()  # And the record goes on naming what the passwords were made with.
        assert "key: passwords, second steps" in command("check", "--database", url).err
    file.unlink()
    assert "key: passwords, second steps" in command("check", "--database", url).err
    assert not file.exists()
    file.write_text(both)
    file.chmod(0o600)
    assert "key:" not in command("check", "--database", url).err


IN_ENVIRONMENT = "a-key-that-an-orchestrator-keeps-0123456789abcdef"


def test_a_backup_carries_the_key_from_the_environment(command, url, tmp_path, monkeypatch):
    """The one that passwords were made with, not one in a file that nobody uses."""
    secrets_in(tmp_path / "home")
    monkeypatch.setenv("RECOVERY_TRACKER_SECRET_KEY", IN_ENVIRONMENT)
    phrase, file = tmp_path / "phrase", tmp_path / "backup.zip"
    phrase.write_text("five words in a row\n")
    options = ("--database", url, "--passphrase-file", phrase)
    assert command("backup", file, *options).status == 0
    assert verify(file).key_marks == (mark(IN_ENVIRONMENT),)
    assert "fits" in command("verify", file, "--database", url).out
    said = command("backup", tmp_path / "plain.zip", "--database", url).err
    assert "without a copy of RECOVERY_TRACKER_SECRET_KEY" in said
    monkeypatch.setenv("RECOVERY_TRACKER_SECRET_KEY", IN_ENVIRONMENT[::-1])
    assert "remove the variable" in command("restore", file, *options).err
    monkeypatch.delenv("RECOVERY_TRACKER_SECRET_KEY")
    assert secrets_in(tmp_path / "home")[0] == IN_ENVIRONMENT
    assert command("restore", file, *options).err == ""


def test_a_key_from_the_environment_is_not_rotated_in_a_file(command, url, tmp_path, monkeypatch):
    monkeypatch.setenv("RECOVERY_TRACKER_SECRET_KEY", IN_ENVIRONMENT)
    said = command("key", "rotate", "--database", url)
    assert said.status == 1
    assert "RECOVERY_TRACKER_SECRET_KEY is set" in said.err
    assert not (tmp_path / "home" / "secret-key").exists()


def test_an_empty_variable_is_none(tmp_path, monkeypatch):
    """As an orchestrator leaves it that was given no value."""
    kept = secrets_in(tmp_path)
    monkeypatch.setenv("RECOVERY_TRACKER_SECRET_KEY", "")
    assert secrets_in_use(tmp_path) == kept
    assert (
        Config.from_environment(database_url="sqlite:///a", secret_key=kept[0]).secret_key
        == (kept[0])
    )


@pytest.mark.parametrize("given", ["", IN_ENVIRONMENT])
@pytest.mark.parametrize(
    "held", [b"", b"\n\n", b"k\xc3\xa9y\n"], ids=["none", "blank", "not ASCII"]
)
def test_a_file_without_a_key_is_one_line(command, url, tmp_path, monkeypatch, held, given):
    monkeypatch.setenv("RECOVERY_TRACKER_SECRET_KEY", given)
    (tmp_path / "home" / "secret-key").write_bytes(held)
    for called in ("check", "tick", "backup", "run"):
        more = [tmp_path / "a.zip"] if called == "backup" else []
        said = command(called, *more, "--database", url)
        assert said.status == 1
        assert "secret-key: no key can be read from it" in said.err
        assert said.err.count("\n") == 1


def test_older_keys_that_cannot_be_read_are_not_passed_over(command, url, tmp_path, monkeypatch):
    """What they sealed would count as forged, and whoever has not signed in since is shut out."""
    monkeypatch.setenv("RECOVERY_TRACKER_SECRET_KEY", IN_ENVIRONMENT)
    assert known_secrets(tmp_path / "home") == (IN_ENVIRONMENT,)
    (tmp_path / "home" / "secret-key").mkdir()
    said = command("check", "--database", url)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert "secret-key" in said.err


@pytest.mark.parametrize(("given", "keys", "is_told"), [("", 1, True), (IN_ENVIRONMENT, 1, False),
                                                        (IN_ENVIRONMENT, 2, True)])  # fmt: skip
def test_moving_says_which_keys_have_to_follow(
    command, url, tmp_path, monkeypatch, given, keys, is_told
):
    """The variable stands for the first line of the file only."""
    (tmp_path / "home" / "secret-key").write_text(f"{IN_ENVIRONMENT[::-1]}\n" * keys)
    monkeypatch.setenv("RECOVERY_TRACKER_SECRET_KEY", given)
    there = url_of(tmp_path / "new" / "diary.sqlite")
    said = command("move", "--from", url, "--to", there)
    assert said.status == 0
    assert ("put" in said.err and "secret-key" in said.err) is is_told
