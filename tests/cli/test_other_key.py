"""A database beside another key than the one its passwords were made with says so."""

from recovery_tracker import services
from recovery_tracker.services.assessing import SYSTEM
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.engine import url_of
from recovery_tracker.storage.upgrade import upgrade_database
from recovery_tracker.web.config import utc_now
from recovery_tracker.web.secret_file import rotate_in, secrets_in
from recovery_tracker.web.shared.keys import mark
from tests.cli.conftest import command

__all__ = ["command"]


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
