"""Receipts of what was found, decisions, and where each patient stands."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = (
    "flag",
    "acknowledgement",
    "decision",
    "standing",
)

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
YES_NO = sa.Integer().with_variant(sa.Boolean(), "postgresql")

SQLITE_GUARDS = (
    "CREATE TRIGGER decision_unchanged BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, "
    "'decision rows are never changed'); END",
    "CREATE TRIGGER decision_kept BEFORE DELETE ON decision WHEN NOT EXISTS (SELECT 1 FROM "
    "erasure WHERE erasure.patient_id = (SELECT flag.patient_id FROM flag WHERE flag.id = "
    "OLD.flag_id)) BEGIN SELECT RAISE(ABORT, 'decision rows are never deleted'); END",
    "CREATE TRIGGER acknowledgement_unchanged BEFORE UPDATE ON acknowledgement BEGIN SELECT "
    "RAISE(ABORT, 'acknowledgement rows are never changed'); END",
    "CREATE TRIGGER acknowledgement_kept BEFORE DELETE ON acknowledgement WHEN NOT EXISTS "
    "(SELECT 1 FROM erasure WHERE erasure.patient_id = (SELECT flag.patient_id FROM flag "
    "WHERE flag.id = OLD.flag_id)) BEGIN SELECT RAISE(ABORT, 'acknowledgement rows are never "
    "deleted'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN IF "
    "TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'decision rows are never deleted'; END IF; IF "
    "TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM erasure WHERE erasure.patient_id = (SELECT "
    "flag.patient_id FROM flag WHERE flag.id = OLD.flag_id)) THEN RETURN OLD; END IF; RAISE "
    "EXCEPTION 'decision rows are never changed or deleted'; END $guard$",
    "CREATE TRIGGER decision_kept BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE "
    "FUNCTION decision_guard()",
    "CREATE TRIGGER decision_not_emptied BEFORE TRUNCATE ON decision FOR EACH STATEMENT "
    "EXECUTE FUNCTION decision_guard()",
    "CREATE FUNCTION acknowledgement_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
    "BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'acknowledgement rows are never "
    "deleted'; END IF; IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM erasure WHERE "
    "erasure.patient_id = (SELECT flag.patient_id FROM flag WHERE flag.id = OLD.flag_id)) "
    "THEN RETURN OLD; END IF; RAISE EXCEPTION 'acknowledgement rows are never changed or "
    "deleted'; END $guard$",
    "CREATE TRIGGER acknowledgement_kept BEFORE UPDATE OR DELETE ON acknowledgement FOR EACH "
    "ROW EXECUTE FUNCTION acknowledgement_guard()",
    "CREATE TRIGGER acknowledgement_not_emptied BEFORE TRUNCATE ON acknowledgement FOR EACH "
    "STATEMENT EXECUTE FUNCTION acknowledgement_guard()",
)


def upgrade() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("raised_on", DAY, nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("snoozed_until", DAY, nullable=True),
        sa.Column("corrected_by_patient", YES_NO, nullable=False),
        sa.Column("closed_on", DAY, nullable=True),
        sa.Column("imported", YES_NO, nullable=False),
        sa.Column("episode", sa.Text(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("attention_since", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(attention = 'snoozed') = (snoozed_until IS NOT NULL)", name=op.f("ck_flag_snoozed")
        ),
        sa.CheckConstraint(
            "NOT (attention = 'snoozed' AND urgency >= 4)",
            name=op.f("ck_flag_emergency_never_snoozed"),
        ),
        sa.CheckConstraint(
            "attention IN ('unseen', 'seen', 'decided', 'snoozed')",
            name=op.f("ck_flag_attention_known"),
        ),
        sa.CheckConstraint(
            "condition IN ('active', 'ended', 'withdrawn')", name=op.f("ck_flag_condition_known")
        ),
        sa.CheckConstraint(
            (
                "pattern IN ('emergency_sign', 'urgent_sign', 'infection', 'event', "
                "'nerve', 'loose_hardware', 'failed_fusion', 'worsening', "
                "'slow_recovery', 'gone_quiet')"
            ),
            name=op.f("ck_flag_pattern_known"),
        ),
        sa.CheckConstraint(
            "raised_on BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_flag_raised_on_date")
        ),
        sa.CheckConstraint(
            "CAST(corrected_by_patient AS INTEGER) BETWEEN 0 AND 1",
            name=op.f("ck_flag_corrected_by_patient_yes_no"),
        ),
        sa.CheckConstraint(
            "CAST(imported AS INTEGER) BETWEEN 0 AND 1", name=op.f("ck_flag_imported_yes_no")
        ),
        sa.CheckConstraint("urgency BETWEEN 1 AND 4", name=op.f("ck_flag_urgency_bounds")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_flag_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_flag_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("public_id", name=op.f("uq_flag_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_flag_patient_id"), "flag", ["patient_id"], unique=False)
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author_account_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('called', 'been_seen')", name=op.f("ck_acknowledgement_kind_known")
        ),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_acknowledgement_note_length")),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flag.id"], name=op.f("fk_acknowledgement_flag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_acknowledgement_flag_id"), "acknowledgement", ["flag_id"], unique=False
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", DAY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author_account_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decision IN ('could_not_reach', 'watch')) = (until IS NOT NULL)",
            name=op.f("ck_decision_dated_has_a_day"),
        ),
        sa.CheckConstraint(
            (
                "decision IN ('reassured', 'medication_changed', 'physiotherapy', "
                "'imaging', 'seen_sooner', 'wound_check_or_bloods', 'sent_to_hospital',"
                " 'could_not_reach', 'watch')"
            ),
            name=op.f("ck_decision_decision_known"),
        ),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_decision_note_length")),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flag.id"], name=op.f("fk_decision_flag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_decision_flag_id"), "decision", ["flag_id"], unique=False)
    op.create_table(
        "standing",
        sa.Column("patient_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("assessment_due", YES_NO, nullable=False),
        sa.Column("as_of", DAY, nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("next_change_on", DAY, nullable=True),
        sa.Column("last_entry", DAY, nullable=True),
        sa.Column("logged", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("recent_logged", sa.Integer(), nullable=False),
        sa.Column("recent_expected", sa.Integer(), nullable=False),
        sa.Column("operation_day", DAY, nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("wakes_on", DAY, nullable=True),
        sa.Column("need_awake", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=True),
        sa.Column("flags_open", sa.Integer(), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("computed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            (
                "status IN ('before_operation', 'emergency', 'same_day', 'review', "
                "'gone_quiet', 'too_little_data', 'too_early', 'no_rule_matched')"
            ),
            name=op.f("ck_standing_status_known"),
        ),
        sa.CheckConstraint(
            "CAST(assessment_due AS INTEGER) BETWEEN 0 AND 1",
            name=op.f("ck_standing_assessment_due_yes_no"),
        ),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flag.id"], name=op.f("fk_standing_flag_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_standing_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_standing")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_standing_flag_id"), "standing", ["flag_id"], unique=False)
    op.create_index("ix_standing_need", "standing", ["need"], unique=False)
    op.create_index(
        op.f("ix_standing_next_change_on"), "standing", ["next_change_on"], unique=False
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("standing")
    op.drop_table("decision")
    op.drop_table("acknowledgement")
    op.drop_table("flag")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION acknowledgement_guard()")
        op.execute("DROP FUNCTION decision_guard()")
