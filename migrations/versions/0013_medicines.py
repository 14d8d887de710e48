"""The medicines of a person, and from which day an entry was filled in.

Every row stays; both are empty afterwards. On the way down what they hold is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("entry_version", "medicine")

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
NUMBER = sa.REAL().with_variant(sa.Double(), "postgresql")


def upgrade() -> None:
    op.add_column("entry_version", sa.Column("same_as", DAY, nullable=True))
    op.create_table(
        "medicine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount", NUMBER, nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("times", NUMBER, nullable=True),
        sa.Column("until", DAY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_medicine_day_date")
        ),
        sa.CheckConstraint(
            "until BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_medicine_until_date")
        ),
        sa.CheckConstraint("length(name) <= 80", name=op.f("ck_medicine_name_length")),
        sa.CheckConstraint(
            "unit IN ('mg', 'g', 'ug', 'ml', 'tablet', 'drop', 'patch')",
            name=op.f("ck_medicine_unit_known"),
        ),
        sa.CheckConstraint("amount BETWEEN 0 AND 100000", name=op.f("ck_medicine_amount_bounds")),
        sa.CheckConstraint("times BETWEEN 0 AND 24", name=op.f("ck_medicine_times_bounds")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_medicine_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_medicine_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicine")),
        sa.UniqueConstraint("public_id", name=op.f("uq_medicine_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_medicine_patient_id"), "medicine", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("medicine")
    op.drop_column("entry_version", "same_as")
