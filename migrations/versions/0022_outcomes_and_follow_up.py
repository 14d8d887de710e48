"""More forms and what imaging shows, the end of a follow-up, tags, and messages to other systems.

Every row stays. On the way down rows with a word that the older program does not know are lost, and
so are ends of follow-up, tags and what was sent.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = (
    *("form_score", "imaging", "event", "instruction"),
    *("patient", "installation", "tag", "patient_tag", "hook"),
)

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")

LANGUAGE = sa.Column("language", sa.Text(), nullable=False, server_default="")

_FORMS = ("odi_percent", "odi_points", "ndi_percent", "ndi_points")
_IMAGING = ("fused", "not_yet_fused", "loosening_seen", "no_loosening_seen")
_EVENTS = ("fall", "medication_change", "physio", "brace_off", "injection", "visit", "decision")
_KINDS = ("plan", "restriction", "clearance")

#: Table and column, the words before, and those after.
_WORDS = (
    ("form_score", "form", _FORMS, (*_FORMS, "eq5d_index", "satisfaction")),
    (
        "imaging",
        "result",
        _IMAGING,
        (
            *_IMAGING,
            *("lucency", "broken", "cage_moved", "cage_sunk", "collection", "compression"),
            "awaited",
        ),
    ),
    ("event", "kind", (*_EVENTS, "other"), (*_EVENTS, "complication", "other")),
    ("instruction", "kind", _KINDS, (*_KINDS, "target")),
)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _choose(*, up: bool) -> None:
    """The four columns hold the words of the program they are for."""
    for table, column, before, after in _WORDS:
        known = after if up else before
        if not up:
            op.execute(f"DELETE FROM {table} WHERE {column} NOT IN ({_listed(known)})")
        with op.batch_alter_table(
            table,
            table_kwargs={"sqlite_strict": True, "sqlite_autoincrement": True},
            # Read from the database its default would come back in brackets.
            reflect_args=[LANGUAGE] if table == "instruction" else [],
        ) as changed:
            name = op.f(f"ck_{table}_{column}_known")
            changed.drop_constraint(name, type_="check")
            changed.create_check_constraint(name, f"{column} IN ({_listed(known)})")
            if table == "form_score":
                bounds = op.f("ck_form_score_score_bounds")
                changed.drop_constraint(bounds, type_="check")
                low = "-1.1" if up else "0"
                changed.create_check_constraint(bounds, f"score BETWEEN {low} AND 100")


def upgrade() -> None:
    _choose(up=True)
    op.add_column("patient", sa.Column("ended_on", DAY, nullable=True))
    op.add_column(
        "installation",
        sa.Column("promised_hours", sa.Integer(), nullable=False, server_default="24"),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) <= 40", name=op.f("ck_tag_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tag_public_id")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "patient_tag",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_tag_patient_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_patient_tag_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patient_id", "tag_id", name=op.f("pk_patient_tag")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_patient_tag_tag_id"), "patient_tag", ["tag_id"], unique=False)
    op.create_table(
        "hook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('flag', 'again', 'digest')", name=op.f("ck_hook_kind_known")),
        sa.CheckConstraint(
            "outcome IN ('sent', 'failed', 'unsure')", name=op.f("ck_hook_outcome_known")
        ),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_hook_tries_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_hook_kind_subject")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("hook", "patient_tag", "tag"):
        op.drop_table(table)
    op.drop_column("installation", "promised_hours")
    op.drop_column("patient", "ended_on")
    _choose(up=False)
