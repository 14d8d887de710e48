"""Who invited an account, access that a second person has to confirm, and codes handed over.

Every row stays; accounts of before were invited by nobody that is known. On the way down requests
that nobody answered and codes that nobody used are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("account", "care_request", "handover_code")


INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("account", sa.Column("invited_by", sa.Integer(), nullable=True))
    op.create_table(
        "care_request",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_care_request_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_care_request_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "patient_id", name=op.f("pk_care_request")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_care_request_patient_id"), "care_request", ["patient_id"])
    op.create_table(
        "handover_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_handover_code_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_handover_code_account_id"), "handover_code", ["account_id"])


def downgrade() -> None:
    op.drop_table("handover_code")
    op.drop_table("care_request")
    op.drop_column("account", "invited_by")
