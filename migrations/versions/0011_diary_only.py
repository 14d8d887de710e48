"""An installation may keep a diary and look for no pattern."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("installation",)


def upgrade() -> None:
    op.add_column("installation", sa.Column("scope", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("installation", "scope")
