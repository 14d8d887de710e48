"""The day of a decision where the patient is, and whose turn it is when a snooze has run out.

Every row stays; of older decisions nobody knows the day, and theirs is that of the instant. The
flag that leads when a snooze has run out is found again with the next assessment, which is due for
everybody with a flag that was put off. Nobody sees to a flag that was decided or asks again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("decision", "standing", "flag")

DAY = sa.Text().with_variant(sa.Date(), "postgresql")


def upgrade() -> None:
    bounds = sa.CheckConstraint(
        "day BETWEEN '1900-01-01' AND '2199-12-31'", name=op.f("ck_decision_day_date")
    )
    op.add_column("decision", sa.Column("day", DAY, bounds, nullable=True))
    op.add_column("standing", sa.Column("flag_awake_id", sa.Integer(), nullable=True))
    op.execute("UPDATE standing SET flag_awake_id = flag_id")
    yes = "true" if op.get_bind().dialect.name == "postgresql" else "1"
    op.execute(
        f"UPDATE standing SET assessment_due = {yes} WHERE wakes_on IS NOT NULL"
        " AND operation_day IS NOT NULL"
    )
    op.execute(
        "UPDATE flag SET taken_by = '', taken_at = NULL WHERE taken_at IS NOT NULL AND"
        " (attention IN ('decided', 'snoozed') OR taken_at < attention_since)"
    )


def downgrade() -> None:
    op.drop_column("standing", "flag_awake_id")
    op.drop_column("decision", "day")
