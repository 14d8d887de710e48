"""One question of the patient's own, from 0 to 10.

Every row stays; on the way down the answers to it are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("entry_version",)


def upgrade() -> None:
    bounds = sa.CheckConstraint(
        "own_item BETWEEN 0 AND 10", name=op.f("ck_entry_version_own_item_bounds")
    )
    op.add_column("entry_version", sa.Column("own_item", sa.Integer(), bounds, nullable=True))


def downgrade() -> None:
    op.drop_column("entry_version", "own_item")
