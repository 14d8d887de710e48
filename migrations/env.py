"""Runs the revisions inside one guarded transaction; see `recovery_tracker.storage.upgrade`.

A revision holds no pragma and imports no model. Foreign keys are off before the transaction starts,
rows are counted and digested before and after, and nothing is kept if anything differs.
"""

from collections.abc import Sequence
from typing import Any

from alembic import context
from sqlalchemy import Connection

from recovery_tracker.storage import columns, tables  # noqa: F401  what autogenerate compares
from recovery_tracker.storage.columns import Base
from recovery_tracker.storage.revisions import head_revision
from recovery_tracker.storage.upgrade import default_url, guarded

#: How a revision writes our column types: in plain words that no later model can change.
PLAIN = {
    columns.Day: 'sa.Text().with_variant(sa.Date(), "postgresql")',
    columns.Instant: 'sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")',
    columns.YesNo: 'sa.Integer().with_variant(sa.Boolean(), "postgresql")',
    columns.Number: 'sa.REAL().with_variant(sa.Double(), "postgresql")',
    columns.Json: "sa.Text()",
    columns.Words: "sa.Text()",
}


def plain(kind: str, item: Any, _context: Any) -> Any:
    return PLAIN.get(type(item), False) if kind == "type" else False


def numbered(_context: Any, _revision: Any, directives: Sequence[Any]) -> None:
    """Revisions are numbered, so that their order is their names'."""
    for directive in directives:
        directive.rev_id = f"{int(head_revision()) + 1:04}"


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        render_item=plain,
        process_revision_directives=numbered,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations check the rows they touch, so they need a database")
settings = context.config.attributes
with guarded(
    settings.get("url") or default_url(),
    backup=settings.get("backup", True),
) as connection:
    run(connection)
