"""The migrations make the tables of the models, and never lose a row on the way."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from recovery_tracker import folders
from recovery_tracker.domain.alerts import Alert
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.flags import Decision
from recovery_tracker.domain.history import (
    Appointment,
    Event,
    EventKind,
    History,
    Imaging,
    ImagingResult,
)
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.people import Mode, Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.sensitivity import Sensitivity
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import erase_patient, import_history, record_day
from recovery_tracker.storage import (
    accounts,
    alerts,
    attention,
    emergency,
    flags,
    invitations,
    passkeys,
    record_rows,
    reminders,
    revisions,
    second_person,
    sensitivity,
    sessions,
    settings,
    setup,
    tables,
    tags,
    teams,
    upgrade,
    visit_links,
    ways,
)
from recovery_tracker.storage.columns import Base
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import driver, make_engine
from recovery_tracker.storage.errors import DatabaseProblem
from recovery_tracker.storage.sessions import StoredSession
from recovery_tracker.storage.soundness import problems_of
from recovery_tracker.storage.upgrade import (
    downgrade_database,
    guarded,
    rows_of,
    upgrade_database,
)
from tests.databases import (
    NOW,
    PROJECT,
    SYSTEM,
    TODAY,
    Fresh,
    as_patient,
    new_clinician,
    new_patient,
    url_of,
)
from tests.effort import effort

HEAD = upgrade.head_revision()
REVISIONS = [
    revision.revision
    for revision in reversed(list(ScriptDirectory.from_config(upgrade.config()).walk_revisions()))
]


def schema(file: Path) -> Mapping[str, tuple[str, ...]]:
    """Every table, index and trigger with the parts of its definition, in no order."""
    with closing(driver().connect(file)) as raw:
        found = raw.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' "
            "AND name != 'alembic_version' AND sql IS NOT NULL"
        ).fetchall()
    return {name: _parts(sql) for name, sql in found}


def _parts(sql: str) -> tuple[str, ...]:
    """The columns and constraints of a table, each by itself; a trigger is one part.

    A column that was added later stands on the line of the one before it and holds its bounds, and
    the name of a table that was built anew stands in quotation marks.
    """
    plain = re.sub(r"\s+", " ", sql).strip()
    if not plain.startswith("CREATE TABLE"):
        return (plain,)
    head, _, inside = plain.partition("(")
    inside, _, tail = inside.rpartition(")")
    parts, depth = [""], 0
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    each = [one for part in parts for one in re.split(r" (?=CONSTRAINT )", part.strip())]
    return (head.strip().replace('"', ""), *sorted(each), tail.strip())


OPERATED = History((Operation(TODAY, Region.LUMBAR),))


def filled(file: Path) -> Database:
    """A database with rows in every table."""
    database = open_database(url_of(file))
    fill(database)
    return database


def fill(database: Database) -> None:
    """Rows in every table."""
    ann, bo = new_patient(database, "Ann"), new_patient(database, "Bo")
    surgeon = new_clinician(database, ann)
    assert surgeon.account_id is not None
    entry = DiaryEntry(TODAY, axial_pain=4, signs=frozenset({"saddle_numbness"}), note="Größe 😀")
    record_day(
        database, ann.id, entry, by=as_patient(ann), at=NOW, today=TODAY, key="k", opened_at=NOW
    )
    with database.write() as session:
        setup.new_setup_token(session, NOW)
        settings.save_installation(
            session, settings.Installation(mode=Mode.CLINIC), by=SYSTEM, at=NOW
        )
        for value in (
            Event(TODAY, EventKind.FALL),
            ImagingResult(TODAY, "ct", Imaging.FUSED),
            Appointment(TODAY, "10:30"),
            Instruction(InstructionKind.PLAN, TODAY, NOW, topic="have_picture", due=TODAY),
            FormScore(TODAY, "odi_percent", 42.5, Role.PATIENT),
            Medicine(TODAY, "Oxycodone", 10, "mg", 2),
        ):
            record_rows.add(session, ann.id, value, by=SYSTEM, at=NOW)
        reminders.claim(session, ann.id, TODAY, at=NOW)
        for owner, setting in ((None, Sensitivity.QUIET), (ann.id, Sensitivity.SENSITIVE)):
            sensitivity.change(
                session, setting, reason="why", rule_set="1", expected_version=0, by=surgeon,
                at=NOW, patient_id=owner,
            )  # fmt: skip
        flag = flags.flags_of(session, ann.id)[0]
        attention.acknowledge(
            session, ann.id, flag.public_id, flags.Acknowledged.CALLED, by=as_patient(ann), at=NOW,
            today=TODAY,
        )  # fmt: skip
        attention.decide(
            session, ann.id, flag.public_id, Decision.HOSPITAL, by=surgeon, at=NOW, today=TODAY
        )
        sessions.save_session(session, StoredSession("d", surgeon.account_id, {}, NOW, NOW, NOW))
        sessions.record_attempt(session, "k", NOW)
        second_person.ask_for_care(session, ann.id, surgeon.account_id, by=surgeon, at=NOW)
        second_person.keep_code(session, surgeon.account_id, "d", until=NOW)
        team = teams.save_team(session, "T", public_id="t", by=SYSTEM, at=NOW, team_id=None)
        teams.ask_to_join(session, team.id, surgeon.account_id, joins=True, by=SYSTEM, at=NOW)
        teams.place(session, ann.id, team_id=team.id, surgeon_id=None, by=SYSTEM, at=NOW)
        colleague = accounts.create_account(
            session, name="C", login="c", role=Role.CLINICIAN, by=SYSTEM, at=NOW
        )
        span = (NOW, NOW + timedelta(days=1))
        teams.add_cover(session, colleague.id, surgeon.account_id, *span, by=SYSTEM, at=NOW)
        ways.end_way(session, ann.id, colleague.id)
        rings = ({"endpoint": "e", "p256dh": "p", "auth": "a", "key": "k"},)
        wanted = alerts.AlertWishes(colleague.id, "c@example.org", True, True, rings)
        alerts.save_wishes(session, wanted)
        alerts.claim(session, colleague.id, Alert.DIGEST, "2026-01-01", at=NOW)
        alerts.claim(session, None, Alert.FLAG, "f", at=NOW)
        alerts.note_run(session, "tick", NOW)
        tags.set_tags(session, ann.id, ("T",), by=SYSTEM, at=NOW)
        visit_links.make_link(
            session, ann.id, digest="d", day=TODAY, expires_at=NOW, by=SYSTEM, at=NOW
        )
        emergency.open_record(session, ann.id, "why", until=NOW, by=surgeon, at=NOW)
        link = invitations.NewLink("d", Role.CLINICIAN, "C", NOW)
        invitations.create_invitation(session, link, by=surgeon, at=NOW)
        passkeys.add_passkey(
            session, surgeon.account_id, credential_id=b"1", public_key=b"2", sign_count=0,
            name="key", usage="first", backup_state=False, device_type="single", by=SYSTEM, at=NOW,
        )  # fmt: skip
    import_history(
        database,
        ann.id,
        FileContent(OPERATED, passive=(PassiveValue(TODAY, PassiveKind.STEPS, "phone", 4000),)),
        by=SYSTEM,
        at=NOW,
        today=TODAY,
    )
    erase_patient(database, bo.id, by=SYSTEM, at=NOW)


#: The kinds of change that come: a column on a table that others point at (on SQLite it is built
#: anew), a column on one with guards, a new table.
_ONE_MORE = """
import sqlalchemy as sa
from alembic import op

revision = {new!r}
down_revision = {head!r}
branch_labels = None
depends_on = None

rows_may_change = ("later",)


def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("entry_version", sa.Column("sitting", sa.REAL(), nullable=True))
    with op.batch_alter_table(
        "patient", recreate="auto", table_kwargs={{"sqlite_strict": True}}
    ) as patient:
        patient.add_column(sa.Column("later_id", sa.Integer(), nullable=True))
        patient.create_check_constraint("later", "later_id > 0")
"""


@pytest.fixture
def one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The program knows one revision more than it does today; gives its name."""
    folder = Path(shutil.copytree(revisions.MIGRATIONS, tmp_path / "migrations"))
    new = f"{int(HEAD) + 1:04}"
    (folder / "versions" / f"{new}_later.py").write_text(_ONE_MORE.format(new=new, head=HEAD))
    monkeypatch.setattr(revisions, "MIGRATIONS", folder)
    return new


def kept_rows(url: str, before: Mapping[str, tuple[frozenset[str], int]]) -> None:
    """Every row that there was is there, as far as its columns still are."""
    engine = make_engine(url)
    with engine.connect() as connection:
        after = rows_of(connection, {table: columns for table, (columns, _) in before.items()})
    engine.dispose()
    assert {table: after[table] for table in before} == dict(before)


def rows(file: Path) -> Mapping[str, tuple[frozenset[str], int]]:
    return rows_at(url_of(file))


def rows_at(url: str) -> Mapping[str, tuple[frozenset[str], int]]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return dict(rows_of(connection))
    finally:
        engine.dispose()


def test_the_history_is_one_line() -> None:
    script = ScriptDirectory.from_config(upgrade.config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert all(not revision.is_merge_point for revision in script.walk_revisions())
    assert revisions.revisions() == REVISIONS, "a file is named after its revision, a number"


def test_who_has_nothing_to_upgrade_loads_no_alembic(tmp_path: Path) -> None:
    """Its import took a tenth of a second of nearly every command."""
    upgrade_database(url_of(tmp_path / "diary.db"))
    program = """
import sys
from recovery_tracker.storage.upgrade import require_current, upgrade_database
require_current(sys.argv[1])
upgrade_database(sys.argv[1])
print("alembic" in sys.modules)
"""
    command = [sys.executable, "-c", program, url_of(tmp_path / "diary.db")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_revisions_hold_no_models_and_no_pragmas() -> None:
    for file in (revisions.MIGRATIONS / "versions").glob("*.py"):
        source = file.read_text(encoding="utf-8")
        assert "recovery_tracker" not in source, file
        assert "PRAGMA" not in source.upper(), file


def test_the_settings_hold_no_address() -> None:
    assert "://" not in (PROJECT / "alembic.ini").read_text(encoding="utf-8")


def test_the_migrations_make_what_the_models_say(file: Path, tmp_path: Path) -> None:
    """Every column, bound, index and trigger, compared as SQLite keeps it."""
    assert tables is not None
    engine = make_engine(url_of(tmp_path / "models.db"))
    Base.metadata.create_all(engine)
    engine.dispose()
    migrated, modelled = schema(file), schema(tmp_path / "models.db")
    assert migrated.keys() == modelled.keys()
    for name in modelled:
        assert migrated[name] == modelled[name], name
    assert any(name.endswith("_unchanged") for name in migrated)


def test_autogenerate_finds_nothing_to_do(file: Path) -> None:
    engine = make_engine(url_of(file))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_every_constraint_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_an_older_database_is_upgraded_with_every_row(file: Path, one_more: str) -> None:
    filled(file).close()
    before = rows(file)
    done = upgrade_database(url_of(file))
    assert (done.before, done.after) == (HEAD, one_more)
    kept_rows(url_of(file), before)
    with closing(driver().connect(file)) as raw:
        assert raw.execute("SELECT count(*) FROM later").fetchone() == (0,)


@pytest.mark.parametrize("older", sorted(revisions.BEFORE_THE_FIRST_RELEASE))
def test_a_database_from_before_the_first_release_is_told_what_to_do(
    file: Path, older: str
) -> None:
    with closing(driver().connect(file)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (older,))
        raw.commit()
    content = file.read_bytes()
    for attempt in (upgrade_database, upgrade.require_current):
        with pytest.raises(DatabaseProblem, match=r"^[^\n]*git checkout f7df16e[^\n]*$"):
            attempt(url_of(file))
    assert file.read_bytes() == content


def test_up_down_up_with_rows_in_every_table(file: Path) -> None:
    """Each revision down and up again: rows stay except in tables the revision gives up."""
    filled(file).close()
    full = rows(file)
    assert all(digest for _, digest in full.values()), "a table of the test is empty"
    at_head = schema(file)
    for target, gone in zip(reversed(REVISIONS[:-1]), reversed(REVISIONS[1:]), strict=True):
        script = ScriptDirectory.from_config(upgrade.config())
        announced = set(script.get_revision(gone).module.rows_may_change)
        before = rows(file)
        downgrade_database(url_of(file), target)
        after = rows(file)
        kept = before.keys() - announced
        assert {table: after[table] for table in kept} == {table: before[table] for table in kept}
    older = rows(file)
    upgraded = upgrade_database(url_of(file))
    assert (upgraded.before, upgraded.after) == (REVISIONS[0], HEAD)
    assert schema(file) == at_head
    kept_rows(url_of(file), older)
    database = open_database(url_of(file))
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.execute(text("PRAGMA foreign_key_check")).first() is None
    database.close()


def test_an_upgrade_copies_the_database_first(file: Path, one_more: str) -> None:
    filled(file).close()
    before = rows(file)
    done = upgrade_database(url_of(file))
    assert done.backup is not None
    assert rows(done.backup) == before
    assert upgrade_database(url_of(file)).backup is None


def in_migration(file: Path, change: Callable[[Operations], None]) -> None:
    with guarded(url_of(file), backup=False) as connection:
        change(Operations(MigrationContext.configure(connection)))


def rebuild(table: str) -> Callable[[Operations], None]:
    """Builds a table anew, as SQLite needs for nearly every change."""

    def change(op: Operations) -> None:
        with op.batch_alter_table(
            table, recreate="always", table_kwargs={"sqlite_strict": True}
        ) as batch:
            batch.create_check_constraint("later", "id > 0")

    return change


def test_a_parent_is_built_anew_and_no_child_is_lost(file: Path) -> None:
    """The classic loss: with foreign keys on, every diary entry of every patient would be gone."""
    filled(file).close()
    before = rows(file)
    in_migration(file, rebuild("patient"))
    assert rows(file) == before


def test_the_test_above_can_fail(file: Path) -> None:
    """Without the guard and with foreign keys on, the days are deleted, or a trigger objects."""
    filled(file).close()
    engine = make_engine(url_of(file))

    def unguarded() -> None:
        with engine.begin() as connection:
            rebuild("flag")(Operations(MigrationContext.configure(connection)))

    with pytest.raises(IntegrityError):
        unguarded()
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda op: op.execute("DELETE FROM first_answer"), "first_answer"),
        (lambda op: op.execute("UPDATE patient SET zone = 'UTC+1'"), "patient"),
        (lambda op: op.execute("ALTER TABLE patient DROP COLUMN country"), "patient"),
        (lambda op: op.drop_table("appointment"), "appointment"),
        (rebuild("entry_version"), "entry_version_kept"),
    ],
)
def test_a_change_that_no_revision_announced_is_undone(
    file: Path, change: Callable[[Operations], None], named: str
) -> None:
    """Rows deleted or changed, a column or a table gone, guards of a rebuilt table forgotten."""
    filled(file).close()
    before, tables_before = rows(file), schema(file)
    with pytest.raises(DatabaseProblem, match=named):
        in_migration(file, change)
    assert rows(file) == before
    assert schema(file) == tables_before


def test_foreign_keys_are_off_in_a_migration_and_on_afterwards(file: Path) -> None:
    with guarded(url_of(file), backup=False) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
    database = open_database(url_of(file))
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_a_row_left_pointing_at_nothing_changes_nothing(file: Path) -> None:
    filled(file).close()

    def orphan() -> None:
        with guarded(url_of(file), backup=False) as connection:
            connection.exec_driver_sql(
                "INSERT INTO care VALUES (999, 999, '2026-03-02T12:00:00.000000+00:00')"
            )

    with pytest.raises(DatabaseProblem):
        orphan()
    with closing(driver().connect(file)) as raw:
        assert raw.execute("SELECT count(*) FROM care WHERE account_id = 999").fetchone() == (0,)


def test_a_newer_database_is_refused_in_one_line(file: Path) -> None:
    with closing(driver().connect(file)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    content = file.read_bytes()
    with pytest.raises(DatabaseProblem, match="newer version") as refused:
        upgrade_database(url_of(file))
    assert "\n" not in str(refused.value)
    assert file.read_bytes() == content


def test_a_database_that_is_not_up_to_date_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="upgrade"):
        upgrade.require_current(url_of(tmp_path / "new.db"))
    upgrade_database(url_of(tmp_path / "new.db"))
    upgrade.require_current(url_of(tmp_path / "new.db"))


def test_a_new_file_is_private(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "new.db"
    upgrade_database(url_of(file))
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.fixture
def postgresql(fresh: Fresh) -> str:
    """The address of an empty database."""
    return fresh()


def test_postgresql_is_upgraded_with_every_row(
    postgresql: str, one_more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation in use: rows in every table, and its server still connected."""
    with monkeypatch.context() as today:
        today.setattr(revisions, "MIGRATIONS", folders.folder("migrations"))
        upgrade_database(postgresql)
    database = open_database(postgresql)
    fill(database)
    assert all(digest for _, digest in rows_at(postgresql).values()), "a table of the test is empty"
    downgrade_database(postgresql, REVISIONS[0])
    before = rows_at(postgresql)
    done = upgrade_database(postgresql)
    assert (done.before, done.after, done.backup) == (REVISIONS[0], one_more, None)
    kept_rows(postgresql, before)
    with database.read() as session:
        assert list(problems_of(session)) == []
        assert session.scalar(text("SELECT count(later_id) FROM patient")) == 0
    new_patient(database, "Cy")
    database.close()
    with pytest.raises(DatabaseProblem, match="changed what is stored"):
        delete_answers(postgresql)
    kept_rows(postgresql, {"first_answer": before["first_answer"]})


def delete_answers(url: str) -> None:
    with guarded(url) as connection:
        connection.exec_driver_sql("DELETE FROM first_answer")


def test_postgresql_from_before_the_first_release_is_told_what_to_do(postgresql: str) -> None:
    upgrade_database(postgresql)
    engine = make_engine(postgresql)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    engine.dispose()
    with pytest.raises(DatabaseProblem, match=r"^[^\n]*git checkout f7df16e[^\n]*$"):
        upgrade_database(postgresql)


_UPGRADE = """
import sys
from pathlib import Path
from recovery_tracker.storage import revisions, upgrade
revisions.MIGRATIONS = Path(sys.argv[2])
upgrade.upgrade_database(sys.argv[1])
"""


@pytest.mark.slow
def test_a_killed_migration_leaves_the_old_or_the_new(
    file: Path, tmp_path: Path, one_more: str
) -> None:
    """Killed at many points: always one of the two revisions, always every row."""
    filled(file).close()
    folder = str(revisions.MIGRATIONS)
    before = rows(file)
    started = time.perf_counter()
    one = Path(shutil.copy(file, tmp_path / "whole.db"))
    subprocess.run([sys.executable, "-c", _UPGRADE, url_of(one), folder], check=True)
    whole = time.perf_counter() - started
    for n in range(0, 20, effort(3, 1)):
        copy = Path(shutil.copy(file, tmp_path / f"killed-{n}.db"))
        process = subprocess.Popen([sys.executable, "-c", _UPGRADE, url_of(copy), folder])
        time.sleep(whole * (0.4 + 0.6 * n / 20))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        revision = upgrade.revision_of(url_of(copy))
        assert revision in (HEAD, one_more)
        kept_rows(url_of(copy), before)
        assert upgrade_database(url_of(copy)).after == one_more


def test_a_new_column_keeps_every_day_and_its_digest(file: Path) -> None:
    """The most frequent migration: one measure more. Old days stay as they are, and sound."""
    database = filled(file)
    in_migration(file, lambda op: op.execute("ALTER TABLE entry_version ADD COLUMN sitting REAL"))
    with database.read() as session:
        assert list(problems_of(session)) == []
    database.close()
