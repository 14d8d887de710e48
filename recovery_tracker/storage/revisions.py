"""Which revisions of the tables this program knows, and which one a database has.

Nothing of Alembic is imported: most commands find that there is nothing to upgrade.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, column, inspect, select, table

from ..domain.language import N_
from ..folders import folder
from .errors import DatabaseProblem

if TYPE_CHECKING:
    from alembic.config import Config

#: The folder with `env.py` and the revisions.
MIGRATIONS = folder("migrations")

#: Revisions from before the first release; one revision now makes their tables.
BEFORE_THE_FIRST_RELEASE = frozenset(f"{number:04}" for number in range(1, 6))


def config() -> "Config":
    """Alembic's settings, with no address in them."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def revisions() -> list[str]:
    """Every revision that this program knows, oldest first: their files are named after them."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def head_revision() -> str:
    """The newest revision that this program knows."""
    return revisions()[-1]


def current(connection: Connection) -> str | None:
    """The revision that an open database says it has, None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    said: Any = select(column("version_num")).select_from(table("alembic_version"))
    revision: str | None = connection.scalar(said)
    return revision


def known(connection: Connection) -> str | None:
    """The revision of an open database, None where it is empty.

    Raises:
        DatabaseProblem: this program does not know the revision: a newer one made it, or one from
            before the first release.
    """
    revision = current(connection)
    if revision in BEFORE_THE_FIRST_RELEASE:
        raise DatabaseProblem(
            "This database is from before the first release. Nothing was changed; run "
            "`git checkout f7df16e` and `make run` once, then come back to this version."
        )
    if revision is not None and revision not in revisions():
        raise DatabaseProblem(
            N_(
                "This database was made by a newer version of the program. Nothing was changed; "
                "install that version or a later one."
            )
        )
    return revision
