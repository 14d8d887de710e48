"""A flag that asked again before anybody looked keeps the time at which it first asked.

Of what waits now the first time is not known; it counts from the last. On the way down the first
times are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("flag",)

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("flag", sa.Column("first_asked", INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column("flag", "first_asked")
