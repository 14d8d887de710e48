"""How much of its role an account has, and an invitation gives.

Whoever shared a diary with its owner until now reads and writes in it, and no longer changes the
owner's settings.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("account", "invitation")


def upgrade() -> None:
    for table in rows_may_change:
        op.add_column(table, sa.Column("rights", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE account SET rights = 'write' WHERE role = 'patient' AND id NOT IN "
        "(SELECT min(id) FROM account WHERE patient_id IS NOT NULL GROUP BY patient_id)"
    )


def downgrade() -> None:
    for table in rows_may_change:
        op.drop_column(table, "rights")
