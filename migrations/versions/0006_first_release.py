"""Every table of the first release.

There was no database before it, so nothing is changed; later revisions are built on this one. Its
number is that of the last revision before the release, whose tables these are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = None
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = (
    "attempt",
    "erasure",
    "installation",
    "patient",
    "setup_token",
    "account",
    "care",
    "invitation",
    "passkey",
    "web_session",
    "audit_event",
    "audit_head",
    "appointment",
    "audit_payload",
    "entry_version",
    "event",
    "first_answer",
    "imaging",
    "operation",
    "flag",
    "acknowledgement",
    "decision",
    "standing",
    "instruction",
    "form_score",
    "reminder",
    "sensitivity_change",
)

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
YES_NO = sa.Integer().with_variant(sa.Boolean(), "postgresql")
NUMBER = sa.REAL().with_variant(sa.Double(), "postgresql")

SQLITE_GUARDS = (
    "CREATE TRIGGER erasure_unchanged BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, "
    "'erasure rows are never changed'); END",
    "CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'erasure "
    "rows are never deleted'); END",
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
    "CREATE TRIGGER sensitivity_change_unchanged BEFORE UPDATE ON sensitivity_change BEGIN "
    "SELECT RAISE(ABORT, 'sensitivity_change rows are never changed'); END",
    "CREATE TRIGGER sensitivity_change_kept BEFORE DELETE ON sensitivity_change WHEN NOT EXISTS "
    "(SELECT 1 FROM erasure WHERE erasure.patient_id = OLD.patient_id) BEGIN SELECT RAISE(ABORT, "
    "'sensitivity_change rows are never deleted'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION erasure_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN IF "
    "TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'erasure rows are never deleted'; END IF; IF "
    "FALSE THEN RETURN OLD; END IF; RAISE EXCEPTION 'erasure rows are never changed or "
    "deleted'; END $guard$",
    "CREATE TRIGGER erasure_kept BEFORE UPDATE OR DELETE ON erasure FOR EACH ROW EXECUTE "
    "FUNCTION erasure_guard()",
    "CREATE TRIGGER erasure_not_emptied BEFORE TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE"
    " FUNCTION erasure_guard()",
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
    people()
    diary()
    flags()
    instructions()
    reminders_and_scores()
    sensitivity()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "sensitivity_change",
        "reminder",
        "form_score",
        "instruction",
        "standing",
        "decision",
        "acknowledgement",
        "flag",
        "operation",
        "imaging",
        "first_answer",
        "event",
        "entry_version",
        "audit_payload",
        "appointment",
        "audit_head",
        "audit_event",
        "web_session",
        "passkey",
        "invitation",
        "care",
        "account",
        "setup_token",
        "patient",
        "installation",
        "erasure",
        "attempt",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in (
            "sensitivity_change_guard",
            "acknowledgement_guard",
            "decision_guard",
            "audit_event_guard",
            "audit_payload_guard",
            "entry_version_guard",
            "erasure_guard",
        ):
            op.execute(f"DROP FUNCTION {function}()")


def people() -> None:
    """The installation, patients, accounts and what signs them in."""
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_digest", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_attempt_at"), "attempt", ["at"], unique=False)
    op.create_index(op.f("ix_attempt_key_digest"), "attempt", ["key_digest"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("patient_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_erasure")),
        sqlite_strict=True,
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("emergency_number", sa.Text(), nullable=False),
        sa.Column("team_number", sa.Text(), nullable=False),
        sa.Column("team_hours", sa.Text(), nullable=False),
        sa.Column("out_of_hours", sa.Text(), nullable=False),
        sa.Column("reading_promise", sa.Text(), nullable=False),
        sa.Column("rules_signed_by", sa.Text(), nullable=False),
        sa.Column("clinic_name", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("is_demo", YES_NO, nullable=False),
        sa.Column("set_up_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mode IN ('just_me', 'clinic')", name=op.f("ck_installation_mode_known")
        ),
        sa.CheckConstraint("paper IN ('a4', 'letter')", name=op.f("ck_installation_paper_known")),
        sa.CheckConstraint(
            "CAST(is_demo AS INTEGER) BETWEEN 0 AND 1", name=op.f("ck_installation_is_demo_yes_no")
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_only_one")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_installation_version_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sqlite_strict=True,
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("birth_date", DAY, nullable=True),
        sa.Column("hospital_number", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("preferences", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "birth_date BETWEEN '1900-01-01' AND '2199-12-31'",
            name=op.f("ck_patient_birth_date_date"),
        ),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_patient_name_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_patient_version_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("public_id", name=op.f("uq_patient_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_patient_hospital_number"), "patient", ["hospital_number"], unique=False
    )
    op.create_table(
        "setup_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_setup_token_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_token")),
        sqlite_strict=True,
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("active", YES_NO, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("uniquifier", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("second_factor", sa.Text(), nullable=True),
        sa.Column("recovery_codes", sa.Text(), nullable=False),
        sa.Column("passkey_handle", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("signed_in_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(role = 'patient') = (patient_id IS NOT NULL)", name=op.f("ck_account_patient_owns")
        ),
        sa.CheckConstraint(
            "role IN ('patient', 'clinician', 'administrator')", name=op.f("ck_account_role_known")
        ),
        sa.CheckConstraint(
            "CAST(active AS INTEGER) BETWEEN 0 AND 1", name=op.f("ck_account_active_yes_no")
        ),
        sa.CheckConstraint(
            "login = lower(login) AND length(login) >= 1", name=op.f("ck_account_login_lower")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_account_version_bounds")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_account_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("passkey_handle", name=op.f("uq_account_passkey_handle")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
        sa.UniqueConstraint("uniquifier", name=op.f("uq_account_uniquifier")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_account_patient_id"), "account", ["patient_id"], unique=False)
    op.create_table(
        "care",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_care_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_care_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "patient_id", name=op.f("pk_care")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_care_patient_id"), "care", ["patient_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "role IN ('patient', 'clinician', 'administrator')",
            name=op.f("ck_invitation_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_invitation_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_account_id"],
            ["account.id"],
            name=op.f("fk_invitation_by_account_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_invitation_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_invitation_account_id"), "invitation", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_invitation_by_account_id"), "invitation", ["by_account_id"], unique=False
    )
    op.create_index(op.f("ix_invitation_patient_id"), "invitation", ["patient_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.Column("backup_state", YES_NO, nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.CheckConstraint("usage IN ('first', 'secondary')", name=op.f("ck_passkey_usage_known")),
        sa.CheckConstraint(
            "CAST(backup_state AS INTEGER) BETWEEN 0 AND 1",
            name=op.f("ck_passkey_backup_state_yes_no"),
        ),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count_bounds")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_web_session_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_session")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_web_session_account_id"), "web_session", ["account_id"], unique=False)
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)


def diary() -> None:
    """The diary, what stands beside it, and the audit."""
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


def flags() -> None:
    """Flags, what was answered and decided about them, and each patient's summary."""
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


def instructions() -> None:
    """What the clinic told the patient: plans, restrictions, and from when something is allowed."""
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


def reminders_and_scores() -> None:
    """Reminders by e-mail, and totals of a clinic's forms."""
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


def sensitivity() -> None:
    """How easily the trend rules raise a flag: every change of the setting."""
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
