"""Which part of the spine a day's questions were about.

Every row stays; the new column is empty for the days that were written before, and of those the
operation of the day decides. On the way down what it holds is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("entry_version",)


def upgrade() -> None:
    op.add_column("entry_version", sa.Column("region", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("entry_version", "region")
