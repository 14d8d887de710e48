"""What the clinic told the patient: plans, restrictions, and from when on something is allowed.

A new table; every row of the others stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("instruction",)

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "instruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", DAY, nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_instruction_day_date")
        ),
        sa.CheckConstraint(
            "due BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_instruction_due_date")
        ),
        sa.CheckConstraint(
            "kind != 'clearance' OR due IS NOT NULL",
            name=op.f("ck_instruction_clearance_has_a_day"),
        ),
        sa.CheckConstraint(
            "kind IN ('plan', 'restriction', 'clearance')", name=op.f("ck_instruction_kind_known")
        ),
        sa.CheckConstraint("topic != '' OR text != ''", name=op.f("ck_instruction_says_something")),
        sa.CheckConstraint("length(text) <= 300", name=op.f("ck_instruction_text_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_instruction_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_instruction_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instruction_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_instruction_patient_id"), "instruction", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_instruction_patient_id"), table_name="instruction")
    op.drop_table("instruction")
