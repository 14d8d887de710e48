"""`check` reads what was written since it last found nothing, and everything once a week."""

import json
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest

from recovery_tracker.storage import checked
from recovery_tracker.storage.engine import driver

EVERYTHING = "Nothing found.\n"
NEWLY = "Nothing found in what was written since"


@pytest.fixture
def save(command, url, tmp_path):
    """Imports a day by its number."""
    file = tmp_path / "diary.csv"

    def one(day):
        file.write_text(f"date,axial_pain,signs\n{date(2026, 3, 1) + timedelta(day)},3,none\n")
        said = command("import", file, "--database", url)
        assert said.status == 0, said.err

    one(1)
    return one


@pytest.fixture
def check(command, url, save):
    return lambda *arguments: command("check", "--database", url, *arguments)


@pytest.fixture
def file(url, tmp_path):
    return tmp_path / "home" / "diary.sqlite"


def behind_its_back(file, statement):
    with closing(driver().connect(file)) as raw, raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute(statement)


PAIN = "UPDATE entry_version SET axial_pain = 9 WHERE id = "


def test_the_second_check_reads_what_is_new(check, save):
    assert check().out == EVERYTHING
    save(2)
    assert NEWLY in check().out
    assert check("--full").out == EVERYTHING


def test_what_was_read_before_is_read_again_on_wish_and_after_a_week(check, file):
    assert check().status == 0
    behind_its_back(file, PAIN + "1")
    assert NEWLY in check().out
    assert "entry 1: was changed" in check("--full").err
    # Something was found: the next check reads everything too.
    assert "entry 1: was changed" in check().err
    behind_its_back(file, "UPDATE entry_version SET axial_pain = 3 WHERE id = 1")
    assert check().out == EVERYTHING
    mark = file.with_name(checked.MARK)
    kept = json.loads(mark.read_text())
    long_ago = datetime.fromisoformat(kept["whole"]) - timedelta(checked.WHOLE_DAYS, 1)
    kept["whole"] = long_ago.isoformat()
    mark.write_text(json.dumps(kept))
    assert check().out == EVERYTHING


def test_a_write_that_began_before_a_check_and_ended_after_it_is_read_by_the_next(
    check, save, file
):
    """PostgreSQL gave it its numbers before the check; the end of its chain gives it away."""
    assert check().out == EVERYTHING
    mark = file.with_name(checked.MARK)
    kept = json.loads(mark.read_text())
    save(2)
    with closing(driver().connect(file)) as raw:
        for name, table in (("event", "audit_event"), ("entry", "entry_version")):
            ((kept[name],),) = raw.execute(f"SELECT max(id) FROM {table}")
    mark.write_text(json.dumps(kept))
    behind_its_back(file, PAIN + "2")
    assert "entry 2: was changed" in check().err


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (PAIN + "2", "entry 2: was changed"),
        ("DELETE FROM entry_version WHERE id = 2", "an entry that it tells of is gone"),
        ("UPDATE audit_payload SET body = '{}' WHERE event_id = (SELECT max(id) FROM audit_event)",
         "what it says was changed"),
        ("UPDATE audit_event SET previous = 'x' WHERE id = (SELECT max(id) FROM audit_event)",
         "was changed"),
        ("DELETE FROM audit_head WHERE chain = 1", "its end is missing"),
        ("UPDATE audit_head SET digest = 'x' WHERE chain = 1", "its end is missing or was changed"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_with_what_is_new_is_found(check, save, file, statement, said):
    assert check().status == 0
    save(2)
    behind_its_back(file, statement)
    found = check()
    assert found.status == 1
    assert said in found.err


def test_a_database_that_does_not_fit_the_mark_is_read_whole(check, save, command, url, tmp_path):
    """A restored one, one of another address, or a mark that somebody spoilt."""
    copy = tmp_path / "copy.zip"
    mark = tmp_path / "home" / checked.MARK
    assert command("backup", copy, "--database", url).status == 0
    save(2)
    assert check().out == EVERYTHING
    assert command("restore", copy, "--database", url).status == 0
    assert check().out == EVERYTHING
    for spoilt in ("", "[]", '{"database": 1}', mark.read_text().replace('"entry"', '"x"')):
        mark.write_text(spoilt)
        assert check().out == EVERYTHING
    assert mark.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("table", ["entry_version", "audit_event", "audit_payload", "audit_head"])
def test_a_torn_page_makes_it_read_everything(check, save, file, table):
    """The list of what is wrong instead of one line, and the mark is gone."""
    assert check().status == 0
    save(2)
    with closing(driver().connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = raw.execute(root, (table,)).fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\xa5" * size)
    found = check()
    assert found.status == 1
    assert "database: its structure is damaged" in found.err
    assert not file.with_name(checked.MARK).exists()
