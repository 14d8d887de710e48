"""The diary, what stands beside it, and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = (
    "audit_event",
    "audit_head",
    "appointment",
    "audit_payload",
    "entry_version",
    "event",
    "first_answer",
    "imaging",
    "operation",
)

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
YES_NO = sa.Integer().with_variant(sa.Boolean(), "postgresql")
NUMBER = sa.REAL().with_variant(sa.Double(), "postgresql")

SQLITE_GUARDS = (
    "CREATE TRIGGER entry_version_unchanged BEFORE UPDATE ON entry_version BEGIN SELECT "
    "RAISE(ABORT, 'entry_version rows are never changed'); END",
    "CREATE TRIGGER entry_version_kept BEFORE DELETE ON entry_version WHEN NOT EXISTS (SELECT"
    " 1 FROM erasure WHERE erasure.patient_id = OLD.patient_id) BEGIN SELECT RAISE(ABORT, "
    "'entry_version rows are never deleted'); END",
    "CREATE TRIGGER audit_event_unchanged BEFORE UPDATE ON audit_event BEGIN SELECT "
    "RAISE(ABORT, 'audit_event rows are never changed'); END",
    "CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, "
    "'audit_event rows are never deleted'); END",
    "CREATE TRIGGER audit_payload_unchanged BEFORE UPDATE ON audit_payload BEGIN SELECT "
    "RAISE(ABORT, 'audit_payload rows are never changed'); END",
    "CREATE TRIGGER audit_payload_kept BEFORE DELETE ON audit_payload WHEN NOT EXISTS (SELECT"
    " 1 FROM erasure WHERE erasure.patient_id = (SELECT audit_event.chain FROM audit_event "
    "WHERE audit_event.id = OLD.event_id)) BEGIN SELECT RAISE(ABORT, 'audit_payload rows are "
    "never deleted'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION entry_version_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    "IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'entry_version rows are never deleted'; END "
    "IF; IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM erasure WHERE erasure.patient_id = "
    "OLD.patient_id) THEN RETURN OLD; END IF; RAISE EXCEPTION 'entry_version rows are never "
    "changed or deleted'; END $guard$",
    "CREATE TRIGGER entry_version_kept BEFORE UPDATE OR DELETE ON entry_version FOR EACH ROW "
    "EXECUTE FUNCTION entry_version_guard()",
    "CREATE TRIGGER entry_version_not_emptied BEFORE TRUNCATE ON entry_version FOR EACH "
    "STATEMENT EXECUTE FUNCTION entry_version_guard()",
    "CREATE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN IF"
    " TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'audit_event rows are never deleted'; END IF; "
    "IF FALSE THEN RETURN OLD; END IF; RAISE EXCEPTION 'audit_event rows are never changed or"
    " deleted'; END $guard$",
    "CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW "
    "EXECUTE FUNCTION audit_event_guard()",
    "CREATE TRIGGER audit_event_not_emptied BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT"
    " EXECUTE FUNCTION audit_event_guard()",
    "CREATE FUNCTION audit_payload_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
    "IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'audit_payload rows are never deleted'; END "
    "IF; IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM erasure WHERE erasure.patient_id = "
    "(SELECT audit_event.chain FROM audit_event WHERE audit_event.id = OLD.event_id)) THEN "
    "RETURN OLD; END IF; RAISE EXCEPTION 'audit_payload rows are never changed or deleted'; "
    "END $guard$",
    "CREATE TRIGGER audit_payload_kept BEFORE UPDATE OR DELETE ON audit_payload FOR EACH ROW "
    "EXECUTE FUNCTION audit_payload_guard()",
    "CREATE TRIGGER audit_payload_not_emptied BEFORE TRUNCATE ON audit_payload FOR EACH "
    "STATEMENT EXECUTE FUNCTION audit_payload_guard()",
)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("payload_digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_audit_event_sequence_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_audit_event_chain_sequence")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("time", sa.Text(), nullable=True),
        sa.Column("with_whom", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_appointment_day_date")
        ),
        sa.CheckConstraint("time LIKE '__:__'", name=op.f("ck_appointment_time_shape")),
        sa.CheckConstraint("length(place) <= 200", name=op.f("ck_appointment_place_length")),
        sa.CheckConstraint(
            "length(with_whom) <= 200", name=op.f("ck_appointment_with_whom_length")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_appointment_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_appointment_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appointment_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_appointment_patient_id"), "appointment", ["patient_id"], unique=False)
    op.create_table(
        "audit_payload",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_payload_event_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_payload")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "entry_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signs", sa.Text(), nullable=True),
        sa.Column("signs_asked", sa.Text(), nullable=True),
        sa.Column("sign_changes", sa.Text(), nullable=False),
        sa.Column("spoke_to_someone", YES_NO, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("author_account_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_role", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("walking", sa.Integer(), nullable=True),
        sa.Column("mobility", sa.Integer(), nullable=True),
        sa.Column("axial_pain", sa.Integer(), nullable=True),
        sa.Column("limb_pain", sa.Integer(), nullable=True),
        sa.Column("limb_pain_side", sa.Text(), nullable=True),
        sa.Column("numbness", sa.Integer(), nullable=True),
        sa.Column("numbness_zones", sa.Text(), nullable=True),
        sa.Column("sleep", sa.Integer(), nullable=True),
        sa.Column("opioid_doses", sa.Integer(), nullable=True),
        sa.Column("painkiller_change", sa.Text(), nullable=True),
        sa.Column("temperature_c", NUMBER, nullable=True),
        sa.Column("strain", sa.Text(), nullable=True),
        sa.Column("pain_quality", sa.Text(), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("walking_minutes", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("peg_pain", sa.Integer(), nullable=True),
        sa.Column("peg_enjoyment", sa.Integer(), nullable=True),
        sa.Column("peg_activity", sa.Integer(), nullable=True),
        sa.Column("overall_change", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "author_role IN ('patient', 'clinician', 'administrator', 'system')",
            name=op.f("ck_entry_version_author_role_known"),
        ),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_entry_version_day_date")
        ),
        sa.CheckConstraint(
            "limb_pain_side IN ('left', 'right', 'both')",
            name=op.f("ck_entry_version_limb_pain_side_known"),
        ),
        sa.CheckConstraint(
            "painkiller_change IN ('fewer', 'same', 'more', 'none')",
            name=op.f("ck_entry_version_painkiller_change_known"),
        ),
        sa.CheckConstraint(
            "source IN ('form', 'offline', 'paper', 'import')",
            name=op.f("ck_entry_version_source_known"),
        ),
        sa.CheckConstraint(
            "CAST(spoke_to_someone AS INTEGER) BETWEEN 0 AND 1",
            name=op.f("ck_entry_version_spoke_to_someone_yes_no"),
        ),
        sa.CheckConstraint(
            "axial_pain BETWEEN 0 AND 10", name=op.f("ck_entry_version_axial_pain_bounds")
        ),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_entry_version_note_length")),
        sa.CheckConstraint(
            "limb_pain BETWEEN 0 AND 10", name=op.f("ck_entry_version_limb_pain_bounds")
        ),
        sa.CheckConstraint(
            "mobility BETWEEN 0 AND 4", name=op.f("ck_entry_version_mobility_bounds")
        ),
        sa.CheckConstraint(
            "numbness BETWEEN 0 AND 4", name=op.f("ck_entry_version_numbness_bounds")
        ),
        sa.CheckConstraint(
            "opioid_doses BETWEEN 0 AND 50", name=op.f("ck_entry_version_opioid_doses_bounds")
        ),
        sa.CheckConstraint(
            "overall_change BETWEEN -3 AND 3", name=op.f("ck_entry_version_overall_change_bounds")
        ),
        sa.CheckConstraint(
            "peg_activity BETWEEN 0 AND 10", name=op.f("ck_entry_version_peg_activity_bounds")
        ),
        sa.CheckConstraint(
            "peg_enjoyment BETWEEN 0 AND 10", name=op.f("ck_entry_version_peg_enjoyment_bounds")
        ),
        sa.CheckConstraint(
            "peg_pain BETWEEN 0 AND 10", name=op.f("ck_entry_version_peg_pain_bounds")
        ),
        sa.CheckConstraint("sleep BETWEEN 0 AND 4", name=op.f("ck_entry_version_sleep_bounds")),
        sa.CheckConstraint(
            "steps BETWEEN 0 AND 200000", name=op.f("ck_entry_version_steps_bounds")
        ),
        sa.CheckConstraint(
            "temperature_c BETWEEN 30 AND 45", name=op.f("ck_entry_version_temperature_c_bounds")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_entry_version_version_bounds")),
        sa.CheckConstraint("walking BETWEEN 0 AND 4", name=op.f("ck_entry_version_walking_bounds")),
        sa.CheckConstraint(
            "walking_minutes BETWEEN 0 AND 1440",
            name=op.f("ck_entry_version_walking_minutes_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_entry_version_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_version")),
        sa.UniqueConstraint(
            "patient_id", "day", "version", name=op.f("uq_entry_version_patient_id_day_version")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_entry_version_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_event_day_date")
        ),
        sa.CheckConstraint(
            (
                "kind IN ('fall', 'medication_change', 'physio', 'brace_off', "
                "'injection', 'visit', 'decision', 'other')"
            ),
            name=op.f("ck_event_kind_known"),
        ),
        sa.CheckConstraint("length(label) <= 200", name=op.f("ck_event_label_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_event_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_event_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_event_patient_id"), "event", ["patient_id"], unique=False)
    op.create_table(
        "first_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_first_answer_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_answer")),
        sa.UniqueConstraint("key", name=op.f("uq_first_answer_key")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_first_answer_patient_id"), "first_answer", ["patient_id"], unique=False
    )
    op.create_table(
        "imaging",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_imaging_day_date")
        ),
        sa.CheckConstraint(
            "modality IN ('xray', 'ct', 'mri')", name=op.f("ck_imaging_modality_known")
        ),
        sa.CheckConstraint(
            "result IN ('fused', 'not_yet_fused', 'loosening_seen', 'no_loosening_seen')",
            name=op.f("ck_imaging_result_known"),
        ),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_imaging_note_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_imaging_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_imaging_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imaging")),
        sa.UniqueConstraint("public_id", name=op.f("uq_imaging_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_imaging_patient_id"), "imaging", ["patient_id"], unique=False)
    op.create_table(
        "operation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("levels", sa.Integer(), nullable=True),
        sa.Column("level_names", sa.Text(), nullable=False),
        sa.Column("approach", sa.Text(), nullable=True),
        sa.Column("hardware", sa.Text(), nullable=False),
        sa.Column("risk_factors", sa.Text(), nullable=False),
        sa.Column("known_deficits", sa.Text(), nullable=False),
        sa.Column("preop_axial_pain", NUMBER, nullable=True),
        sa.Column("preop_limb_pain", NUMBER, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approach IN ('anterior', 'posterior', 'lateral', 'combined')",
            name=op.f("ck_operation_approach_known"),
        ),
        sa.CheckConstraint(
            "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_operation_day_date")
        ),
        sa.CheckConstraint(
            "region IN ('lumbar', 'cervical', 'thoracic')", name=op.f("ck_operation_region_known")
        ),
        sa.CheckConstraint("levels BETWEEN 1 AND 25", name=op.f("ck_operation_levels_bounds")),
        sa.CheckConstraint(
            "preop_axial_pain BETWEEN 0 AND 10", name=op.f("ck_operation_preop_axial_pain_bounds")
        ),
        sa.CheckConstraint(
            "preop_limb_pain BETWEEN 0 AND 10", name=op.f("ck_operation_preop_limb_pain_bounds")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_operation_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_operation_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_operation_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_operation_patient_id"), "operation", ["patient_id"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("operation")
    op.drop_table("imaging")
    op.drop_table("first_answer")
    op.drop_table("event")
    op.drop_table("entry_version")
    op.drop_table("audit_payload")
    op.drop_table("appointment")
    op.drop_table("audit_head")
    op.drop_table("audit_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_event_guard()")
        op.execute("DROP FUNCTION audit_payload_guard()")
        op.execute("DROP FUNCTION entry_version_guard()")
