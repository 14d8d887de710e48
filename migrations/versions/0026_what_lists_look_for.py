"""Indexes by which a list finds visits of some days, and imaging that is awaited, of everybody."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ()

#: Table and column.
FOUND_BY = (
    ("appointment", "day"),
    ("event", "day"),
    ("decision", "decision"),
    ("imaging", "result"),
)


def upgrade() -> None:
    for table, column in FOUND_BY:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in FOUND_BY:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
