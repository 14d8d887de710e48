"""The patient's telephone number, and who said that they see to a flag."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("patient", "flag")


def upgrade() -> None:
    op.add_column("patient", sa.Column("phone", sa.Text(), nullable=False, server_default=""))
    op.add_column("flag", sa.Column("taken_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("flag", sa.Column("taken_at", INSTANT))


def downgrade() -> None:
    op.drop_column("flag", "taken_at")
    op.drop_column("flag", "taken_by")
    op.drop_column("patient", "phone")
