"""Teams of clinicians, responsible surgeons, cover, and ends that a patient set.

Every row stays. On the way down teams, cover and those ends are lost: care that was given for one
patient is all that opens a diary then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("team", "team_member", "team_patient", "cover", "care_ended")

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def _of(table: str, column: str, other: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_team_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_team_public_id")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=True),
        _of("team_member", "team_id", "team"),
        _of("team_member", "account_id", "account"),
        sa.PrimaryKeyConstraint("team_id", "account_id", name=op.f("pk_team_member")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_team_member_account_id"), "team_member", ["account_id"])
    op.create_table(
        "team_patient",
        sa.Column("patient_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("surgeon_id", sa.Integer(), nullable=True),
        _of("team_patient", "patient_id", "patient"),
        _of("team_patient", "team_id", "team", "SET NULL"),
        _of("team_patient", "surgeon_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_team_patient")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_team_patient_team_id"), "team_patient", ["team_id"])
    op.create_index(op.f("ix_team_patient_surgeon_id"), "team_patient", ["surgeon_id"])
    op.create_table(
        "cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("for_account_id", sa.Integer(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("account_id <> for_account_id", name=op.f("ck_cover_somebody_else")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_cover_from_before_until")),
        _of("cover", "account_id", "account"),
        _of("cover", "for_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cover_account_id"), "cover", ["account_id"])
    op.create_index(op.f("ix_cover_for_account_id"), "cover", ["for_account_id"])
    op.create_table(
        "care_ended",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        _of("care_ended", "account_id", "account"),
        _of("care_ended", "patient_id", "patient"),
        sa.PrimaryKeyConstraint("account_id", "patient_id", name=op.f("pk_care_ended")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_care_ended_patient_id"), "care_ended", ["patient_id"])


def downgrade() -> None:
    for table in ("care_ended", "cover", "team_patient", "team_member", "team"):
        op.drop_table(table)
