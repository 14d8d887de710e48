"""A note of its own for steps that fell: one more word that a flag may be named by.

Every row stays. On the way down the notes of that name are lost, with what was decided about them.
"""

from collections.abc import Callable

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("flag", "decision", "acknowledgement")

BEFORE = (
    "pattern IN ('emergency_sign', 'urgent_sign', 'infection', 'event', 'nerve', 'loose_hardware', "
    "'failed_fusion', 'worsening', 'slow_recovery', 'gone_quiet')"
)
AFTER = BEFORE.removesuffix(")") + ", 'less_walking')"
CHILDREN = ("decision", "acknowledgement")


def upgrade() -> None:
    change(BEFORE, AFTER)


def downgrade() -> None:
    change(AFTER, BEFORE)


def change(old: str, new: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        rebuild(old, new)
        return
    if new == BEFORE:
        for table in CHILDREN:
            op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        forget()
        for table in CHILDREN:
            op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    op.execute("ALTER TABLE flag DROP CONSTRAINT ck_flag_pattern_known")
    op.execute(f"ALTER TABLE flag ADD CONSTRAINT ck_flag_pattern_known CHECK ({new})")


def forget() -> None:
    gone = "(SELECT id FROM flag WHERE pattern = 'less_walking')"
    for table in CHILDREN:
        op.execute(f"DELETE FROM {table} WHERE flag_id IN {gone}")
    op.execute("DELETE FROM flag WHERE pattern = 'less_walking'")


def rebuild(old: str, new: str) -> None:
    """The table again with the other words, its rows kept aside in the meantime.

    It is never renamed: SQLite then follows its name into every trigger.
    """
    run = op.get_bind().exec_driver_sql
    made = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'flag'").scalar()
    indexes = run(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'flag' "
        "AND sql IS NOT NULL"
    ).fetchall()
    last = run("SELECT seq FROM sqlite_sequence WHERE name = 'flag'").scalar()
    assert made is not None
    assert old in made
    if new == BEFORE:
        without_guards(forget)
    run("CREATE TABLE flag_kept AS SELECT * FROM flag")
    run("DROP TABLE flag")
    run(made.replace(old, new))
    run("INSERT INTO flag SELECT * FROM flag_kept")
    run("DROP TABLE flag_kept")
    for (index,) in indexes:
        run(index)
    # The numbers of rows that are gone are never given again.
    if last is not None:
        run("DELETE FROM sqlite_sequence WHERE name = 'flag'")
        run("INSERT INTO sqlite_sequence (name, seq) VALUES ('flag', ?)", (last,))


def without_guards(work: Callable[[], None]) -> None:
    """Does something that the guards of the children forbid; they come back as they were."""
    run = op.get_bind().exec_driver_sql
    guards = run(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
        "AND tbl_name IN ('decision', 'acknowledgement')"
    ).fetchall()
    for name, _ in guards:
        run(f'DROP TRIGGER "{name}"')
    work()
    for _, guard in guards:
        run(guard)
