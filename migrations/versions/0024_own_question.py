"""The words of the patient's own question, kept with each answer to it.

Every row stays; how an answer from before was worded nobody knows, and the column is empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

#: Tables whose rows may differ afterwards, up or down; of every other table each row is compared.
rows_may_change: tuple[str, ...] = ("entry_version",)


def upgrade() -> None:
    length = sa.CheckConstraint(
        "length(own_question) <= 60", name=op.f("ck_entry_version_own_question_length")
    )
    op.add_column("entry_version", sa.Column("own_question", sa.Text(), length, nullable=True))


def downgrade() -> None:
    op.drop_column("entry_version", "own_question")
