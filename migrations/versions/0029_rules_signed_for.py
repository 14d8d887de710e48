"""Which rule set was signed, and on which day.

A name from before was signed for the rules of then; which those were nobody noted: it stays empty.
On the way down both are lost; the name stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("installation",)

DAY = sa.Text().with_variant(sa.Date(), "postgresql")


def upgrade() -> None:
    bounds = sa.CheckConstraint(
        "rules_signed_on BETWEEN '1900-01-01' AND '2199-12-31'",
        name=op.f("ck_installation_rules_signed_on_date"),
    )
    op.add_column(
        "installation",
        sa.Column("rules_signed_set", sa.Text(), nullable=False, server_default=""),
    )
    op.add_column("installation", sa.Column("rules_signed_on", DAY, bounds, nullable=True))


def downgrade() -> None:
    op.drop_column("installation", "rules_signed_on")
    op.drop_column("installation", "rules_signed_set")
