"""Links for one appointment, and records opened for an hour with a reason.

Every row stays. On the way down the links work no longer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("visit_link", "emergency_access")


DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "visit_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_visit_link_day_date")
        ),
        sa.CheckConstraint("uses >= 0", name=op.f("ck_visit_link_uses_bounds")),
        _patient("visit_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_visit_link_digest")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_visit_link_patient_id"), "visit_link", ["patient_id"])
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.CheckConstraint("length(reason) <= 500", name=op.f("ck_emergency_access_reason_length")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_emergency_access_account_id"),
            ondelete="CASCADE",
        ),
        _patient("emergency_access"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    for column in ("account_id", "patient_id"):
        op.create_index(op.f(f"ix_emergency_access_{column}"), "emergency_access", [column])


def _patient(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_patient_id")
    return sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("emergency_access")
    op.drop_table("visit_link")
