"""What comes in by file: passive values, imports that can be taken back, and times as a file said
them; a temperature as it was typed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("entry_version", "import_done", "passive_value")

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
YES_NO = sa.Integer().with_variant(sa.Boolean(), "postgresql")
NUMBER = sa.REAL().with_variant(sa.Double(), "postgresql")


def upgrade() -> None:
    op.add_column("entry_version", sa.Column("temperature_f", NUMBER, nullable=True))
    op.add_column("entry_version", sa.Column("recorded_offset", sa.Integer(), nullable=True))
    op.add_column("entry_version", sa.Column("recorded_unknown", YES_NO, nullable=True))
    op.create_table(
        "import_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("brought", sa.Text(), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_import_done_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_done")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_done_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_import_done_patient_id"), "import_done", ["patient_id"], unique=False)
    op.create_table(
        "passive_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("value", NUMBER, nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_passive_value_day_date")
        ),
        sa.CheckConstraint(
            "kind IN ('steps', 'walking_minutes', 'distance_m', 'sleep_minutes', "
            "'walking_speed_kmh', 'steadiness_percent', 'six_minute_m')",
            name=op.f("ck_passive_value_kind_known"),
        ),
        sa.CheckConstraint("length(source) <= 120", name=op.f("ck_passive_value_source_length")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_passive_value_patient_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_done.id"],
            name=op.f("fk_passive_value_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passive_value")),
        sa.UniqueConstraint(
            "patient_id",
            "day",
            "kind",
            "source",
            name=op.f("uq_passive_value_patient_id_day_kind_source"),
        ),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_passive_value_import_id"), "passive_value", ["import_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("passive_value")
    op.drop_table("import_done")
    for column in ("recorded_unknown", "recorded_offset", "temperature_f"):
        op.drop_column("entry_version", column)
