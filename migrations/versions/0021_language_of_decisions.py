"""The language in which a clinician wrote the note of a decision.

Every row stays; of what was written before, nobody knows it, and the column is empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("decision",)


def upgrade() -> None:
    op.add_column("decision", sa.Column("language", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("decision", "language")
