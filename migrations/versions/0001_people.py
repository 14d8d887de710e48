"""Installation, patients, accounts and what signs them in."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
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
)

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
YES_NO = sa.Integer().with_variant(sa.Boolean(), "postgresql")

SQLITE_GUARDS = (
    "CREATE TRIGGER erasure_unchanged BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, "
    "'erasure rows are never changed'); END",
    "CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'erasure "
    "rows are never deleted'); END",
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
)


def upgrade() -> None:
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
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("web_session")
    op.drop_table("passkey")
    op.drop_table("invitation")
    op.drop_table("care")
    op.drop_table("account")
    op.drop_table("setup_token")
    op.drop_table("patient")
    op.drop_table("installation")
    op.drop_table("erasure")
    op.drop_table("attempt")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION erasure_guard()")
