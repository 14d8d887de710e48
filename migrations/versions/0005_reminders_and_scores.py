"""Reminders by e-mail, and totals of a clinic's forms.

Two new tables; every row of the others stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("form_score", "reminder")

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
NUMBER = sa.REAL().with_variant(sa.Double(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "form_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("score", NUMBER, nullable=False),
        sa.Column("typed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_form_score_day_date")
        ),
        sa.CheckConstraint(
            "form IN ('odi_percent', 'odi_points', 'ndi_percent', 'ndi_points')",
            name=op.f("ck_form_score_form_known"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_form_score_score_bounds")),
        sa.CheckConstraint(
            "typed_by IN ('patient', 'clinician', 'administrator', 'system')",
            name=op.f("ck_form_score_typed_by_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_form_score_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_form_score_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_score")),
        sa.UniqueConstraint("public_id", name=op.f("uq_form_score_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_form_score_patient_id"), "form_score", ["patient_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_reminder_day_date")
        ),
        sa.CheckConstraint(
            "outcome IN ('sent', 'failed', 'unsure')", name=op.f("ck_reminder_outcome_known")
        ),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_reminder_tries_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_reminder_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("patient_id", "day", name=op.f("uq_reminder_patient_id_day")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_index(op.f("ix_form_score_patient_id"), table_name="form_score")
    op.drop_table("form_score")
