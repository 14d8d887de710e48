"""Mail to staff, and when the daily commands last ran.

Every row stays. On the way down what staff chose, what was sent and the last runs are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("staff_mail", "alert", "last_run")

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
YES_NO = sa.Integer().with_variant(sa.Boolean(), "postgresql")


def _yes_no(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"CAST({column} AS INTEGER) BETWEEN 0 AND 1", name=op.f(f"ck_{table}_{column}_yes_no")
    )


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id")
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "staff_mail",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("each", YES_NO, nullable=False),
        sa.Column("digest", YES_NO, nullable=False),
        sa.CheckConstraint("length(address) <= 254", name=op.f("ck_staff_mail_address_length")),
        _yes_no("staff_mail", "each"),
        _yes_no("staff_mail", "digest"),
        _of_account("staff_mail"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_mail")),
        sqlite_strict=True,
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('flag', 'again', 'digest')", name=op.f("ck_alert_kind_known")),
        sa.CheckConstraint(
            "outcome IN ('sent', 'failed', 'unsure')", name=op.f("ck_alert_outcome_known")
        ),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_alert_tries_bounds")),
        _of_account("alert"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "account_id", "kind", "subject", name=op.f("uq_alert_account_id_kind_subject")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "last_run",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_last_run")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("last_run", "alert", "staff_mail"):
        op.drop_table(table)
