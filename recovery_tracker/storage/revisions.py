"""Which revisions of the tables this program knows, and which one a database has."""

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from ..domain.language import N_
from ..folders import folder
from .errors import DatabaseProblem

#: The folder with `env.py` and the revisions.
MIGRATIONS = folder("migrations")

#: Revisions from before the first release; one revision now makes their tables.
BEFORE_THE_FIRST_RELEASE = frozenset(f"{number:04}" for number in range(1, 6))


def config() -> Config:
    """Alembic's settings, with no address in them."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def head_revision() -> str:
    """The newest revision that this program knows."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None
    return head


def known(connection: Connection) -> str | None:
    """The revision of an open database, None where it is empty.

    Raises:
        DatabaseProblem: this program does not know the revision: a newer one made it, or one from
            before the first release.
    """
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return None
    if revision in BEFORE_THE_FIRST_RELEASE:
        raise DatabaseProblem(
            "This database is from before the first release. Nothing was changed; run "
            "`git checkout f7df16e` and `make run` once, then come back to this version."
        )
    try:
        ScriptDirectory.from_config(config()).get_revision(revision)
    except CommandError as error:
        raise DatabaseProblem(
            N_(
                "This database was made by a newer version of the program. Nothing was changed; "
                "install that version or a later one."
            )
        ) from error
    return revision
