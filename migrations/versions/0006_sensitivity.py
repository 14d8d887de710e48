"""How easily the trend rules raise a flag: every change of the setting.

One new table; every row of the others stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("sensitivity_change",)

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")

SQLITE_GUARDS = (
    "CREATE TRIGGER sensitivity_change_unchanged BEFORE UPDATE ON sensitivity_change BEGIN "
    "SELECT RAISE(ABORT, 'sensitivity_change rows are never changed'); END",
    "CREATE TRIGGER sensitivity_change_kept BEFORE DELETE ON sensitivity_change WHEN NOT EXISTS "
    "(SELECT 1 FROM erasure WHERE erasure.patient_id = OLD.patient_id) BEGIN SELECT RAISE(ABORT, "
    "'sensitivity_change rows are never deleted'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION sensitivity_change_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    "IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'sensitivity_change rows are never deleted'; END "
    "IF; IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM erasure WHERE erasure.patient_id = "
    "OLD.patient_id) THEN RETURN OLD; END IF; RAISE EXCEPTION 'sensitivity_change rows are never "
    "changed or deleted'; END $guard$",
    "CREATE TRIGGER sensitivity_change_kept BEFORE UPDATE OR DELETE ON sensitivity_change FOR "
    "EACH ROW EXECUTE FUNCTION sensitivity_change_guard()",
    "CREATE TRIGGER sensitivity_change_not_emptied BEFORE TRUNCATE ON sensitivity_change FOR EACH "
    "STATEMENT EXECUTE FUNCTION sensitivity_change_guard()",
)


def upgrade() -> None:
    op.create_table(
        "sensitivity_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author_account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "length(reason) <= 500", name=op.f("ck_sensitivity_change_reason_length")
        ),
        sa.CheckConstraint(
            "patient_id IS NOT NULL OR setting IS NOT NULL",
            name=op.f("ck_sensitivity_change_clinic_has_one"),
        ),
        sa.CheckConstraint(
            "patient_id IS NULL OR reason != ''",
            name=op.f("ck_sensitivity_change_patient_has_a_reason"),
        ),
        sa.CheckConstraint(
            "setting IN ('quiet', 'standard', 'sensitive')",
            name=op.f("ck_sensitivity_change_setting_known"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_sensitivity_change_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensitivity_change")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_sensitivity_change_patient_id"), "sensitivity_change", ["patient_id"], unique=False
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("sensitivity_change")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION sensitivity_change_guard()")
