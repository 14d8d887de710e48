"""${message}

What happens to the rows: say here which tables keep every row and which may not.
"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ()
${imports if imports else ""}

def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
