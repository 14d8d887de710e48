"""Devices on which a clinician is told of urgent answers.

Nobody has one yet. On the way down they are lost; the addresses and wishes stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("staff_mail",)


def upgrade() -> None:
    op.add_column("staff_mail", sa.Column("rings", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("staff_mail", "rings")
