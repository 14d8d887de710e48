"""Whether the loading and hardware questions are asked daily for now.

Empty until the next assessment, which counts as no.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

YES_NO = sa.Integer().with_variant(sa.Boolean(), "postgresql")

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("standing",)


def upgrade() -> None:
    op.add_column("standing", sa.Column("asks_daily", YES_NO, nullable=True))


def downgrade() -> None:
    op.drop_column("standing", "asks_daily")
