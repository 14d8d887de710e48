"""The end of each audit chain is sealed; what one account did is found without reading every event.

Every row stays; the seals come with the next start of the program.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("audit_head",)


def upgrade() -> None:
    op.add_column("audit_head", sa.Column("seal", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_audit_event_account_id"), "audit_event", ["account_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_event_account_id"), "audit_event")
    op.drop_column("audit_head", "seal")
