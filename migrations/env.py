"""Runs the revisions inside one guarded transaction; see `recovery_tracker.storage.upgrade`.

A revision holds no pragma and imports no model. Foreign keys are off before the transaction starts,
rows are counted and digested before and after, and nothing is kept if anything differs.
"""

from alembic import context
from sqlalchemy import Connection

from recovery_tracker.storage import tables  # noqa: F401  the models that autogenerate compares
from recovery_tracker.storage.columns import Base
from recovery_tracker.storage.upgrade import default_url, guarded


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations check the rows they touch, so they need a database")
settings = context.config.attributes
with guarded(
    settings.get("url") or default_url(),
    backup=settings.get("backup", True),
    key=settings.get("key"),
) as connection:
    run(connection)
