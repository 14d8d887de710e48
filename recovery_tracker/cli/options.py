"""Options that several commands share, and what they stand for."""

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from platformdirs import user_data_path

from ..domain.errors import RecoveryError
from ..domain.people import Actor, Role
from ..domain.surgery import Operation, Region
from ..exchange.cells import civil_day
from ..exchange.choices import DATE_ORDERS, ENCODINGS, Choices
from ..exchange.same_day import HOW

if TYPE_CHECKING:
    from ..storage.database import Database

T = TypeVar("T")
Command = Callable[..., Any]

FILE = click.Path(path_type=Path)

#: The actor in the audit trail when a command changes something.
BY_COMMAND = Actor(None, "command line", Role.SYSTEM)


def civil_date(value: str) -> date:
    """A date given on the command line, written like 2026-03-31."""
    try:
        return civil_day(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} {error}") from None


class _Pain(click.FloatRange):
    """A pain score; "nan" is no number."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number: float = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


def _with(options: Iterable[Callable[[Command], Command]], command: Command) -> Command:
    for option in options:
        command = option(command)
    return command


_FILE_OPTIONS = (
    click.option(
        "--encoding",
        type=click.Choice(ENCODINGS),
        help="Encoding of the file, if it is not UTF-8.",
    ),
    click.option(
        "--pain-scale",
        type=click.Choice(["10", "100"]),
        default="10",
        show_default=True,
        help="Scores run from 0 to this; those out of 100 are divided by ten.",
    ),
    click.option(
        "--temperature",
        type=click.Choice(["c", "f"]),
        default="c",
        show_default=True,
        help="Temperatures are in Celsius or Fahrenheit.",
    ),
    click.option(
        "--same-day",
        type=click.Choice(HOW),
        help="Which counts where a day has several rows with different numbers; of walking and "
        "overall_change highest takes the lowest, which is the worse; sum adds steps, minutes "
        "and doses.",
    ),
    click.option(
        "--dates",
        type=click.Choice(DATE_ORDERS),
        help="Order of day, month and year; by default worked out from the whole column.",
    ),
)


def file_options(command: Command) -> Command:
    """Options that answer what a file alone cannot; the command gets them as `choices`."""

    @wraps(command)
    def with_choices(
        *,
        dates: str | None,
        temperature: str,
        pain_scale: str,
        encoding: str | None,
        same_day: str | None,
        **others: Any,
    ) -> Any:
        choices = Choices(
            dates=dates,
            fahrenheit=temperature == "f",
            hundred=pain_scale == "100",
            encoding=encoding,
            same_day=same_day,
        )
        return command(choices=choices, **others)

    return _with(_FILE_OPTIONS, with_choices)


_OPERATION_OPTIONS = (
    click.option(
        "--preop-limb-pain",
        type=_Pain(0, 10),
        help="Leg or arm pain before the operation, 0 to 10.",
    ),
    click.option(
        "--preop-axial-pain",
        type=_Pain(0, 10),
        help="Back or neck pain before the operation, 0 to 10.",
    ),
    click.option(
        "--region",
        type=click.Choice([region.value for region in Region]),
        required=True,
        help="Part of the spine that was fused.",
    ),
    click.option(
        "--surgery-date",
        type=civil_date,
        metavar="DATE",
        required=True,
        help="Day of the operation.",
    ),
)


def operation_options(command: Command) -> Command:
    """Options for the operation that a diary belongs to; the command gets it as `operation`."""

    @wraps(command)
    def with_operation(
        *,
        surgery_date: date,
        region: str,
        preop_axial_pain: float | None,
        preop_limb_pain: float | None,
        **others: Any,
    ) -> Any:
        operation = Operation(
            day=surgery_date,
            region=Region(region),
            preop_axial_pain=preop_axial_pain,
            preop_limb_pain=preop_limb_pain,
        )
        return command(operation=operation, **others)

    return _with(_OPERATION_OPTIONS, with_operation)


def refuse_to_replace(out: Path, *kept: Path) -> None:
    """A command does not overwrite what it reads: a typing mistake must not cost a diary.

    Raises:
        RecoveryError: `out` is one of the files to keep, by whatever name.
    """
    for file in kept:
        if out.exists() and file.exists() and out.samefile(file):
            raise RecoveryError(f"{out}: would be written over itself; choose another --out")


ELSEWHERE = (
    "set RECOVERY_TRACKER_DATABASE_URL, or use --database, to keep the diary elsewhere, "
    "for example sqlite:////srv/diary/recovery.sqlite"
)
SECRET_ELSEWHERE = "set XDG_DATA_HOME to a folder in which the file secret-key can be kept"


def data_folder(way_out: str = ELSEWHERE) -> Path:
    """Where this computer keeps the diary; created if it is not there, closed to everyone else.

    Raises:
        RecoveryError: it cannot be made, as in a home folder that is read-only; says `way_out`.
    """
    folder = user_data_path("recovery-tracker")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise RecoveryError(
            f"the data folder {folder} cannot be made ({(error.strerror or str(error)).lower()}); "
            f"{way_out}"
        ) from error
    return folder


def default_database() -> str:
    """The database used by default: one SQLite file in the data folder."""
    found = os.environ.get("RECOVERY_TRACKER_DATABASE_URL")
    if found:
        return found
    from ..storage.engine import url_of

    return url_of(data_folder() / "recovery.sqlite")


def secret_folder(url: str) -> Path:
    """Where the secret of an installation is kept: beside its SQLite file, else the data folder."""
    from ..storage.engine import file_of, readable_url

    if readable_url(url).get_backend_name() != "sqlite":
        return data_folder(SECRET_ELSEWHERE)
    folder = file_of(url).resolve().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


database_option = click.option(
    "--database",
    "database_url",
    metavar="URL",
    help="The database; by default RECOVERY_TRACKER_DATABASE_URL, or else the SQLite file in your "
    "data folder.",
)


def progress(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """The items, with a progress bar on a terminal and silently elsewhere."""
    if not sys.stderr.isatty():
        return iter(items)
    from tqdm import tqdm

    return iter(tqdm(items, desc=label, total=total, leave=False))


@contextmanager
def bytes_read(file: Path) -> "Iterator[Callable[[int], object]]":
    """Is told how many bytes of a file were read: a bar on a terminal, and silence elsewhere.

    What a zip unpacks to is not known beforehand, so its bar counts without an end.
    """
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from tqdm import tqdm

    size = file.stat().st_size if file.is_file() and file.suffix.lower() != ".zip" else None
    with tqdm(total=size, desc="Reading", unit="B", unit_scale=True, leave=False) as bar:
        yield bar.update


def seldom_collect() -> None:
    """From here on this process seldom looks for cycles of objects: a command that reads a million
    rows makes objects without end and hardly a cycle (measured: a twentieth to a seventh of it).
    """
    gc.freeze()
    gc.set_threshold(100_000)


def know_audit_key(url: str) -> None:
    """From here on this process seals the audit trail with the installation's key, if any."""
    from ..storage.audit_key import use_audit_keys
    from ..web.secret_file import known_secrets
    from ..web.shared.keys import AUDIT, derived

    use_audit_keys([derived(one, AUDIT) for one in known_secrets(secret_folder(url))])


def seal_audit(url: str) -> None:
    """The ends of chains from before the key are sealed, once: a mark beside the key remembers it.

    Later an end without a seal is one that somebody cut or wrote without the key.
    """
    from ..services import seal_audit as seal
    from ..storage.checked import SEALED
    from ..storage.database import open_database
    from ..storage.errors import NotSaved

    mark = secret_folder(url) / SEALED
    if mark.exists():
        return
    database = open_database(url)
    try:
        seal(database)
        mark.touch(mode=0o600)
    except (OSError, NotSaved):
        pass  # A folder that cannot be written keeps no mark; the database is reported elsewhere.
    finally:
        database.close()


def make_ready(url: str) -> None:
    """The database is there and up to date; an older one was copied before it was changed."""
    from ..storage.backup import kept_before_upgrade
    from ..storage.upgrade import upgrade_database
    from ..web.config import utc_now
    from ..web.secret_file import known_secrets
    from ..web.shared.keys import mark

    know_audit_key(url)
    folder = secret_folder(url)
    marks = [mark(one) for one in known_secrets(folder)]
    kept = kept_before_upgrade(url, folder, at=utc_now(), key_marks=marks)
    kept = upgrade_database(url).backup or kept
    if kept is not None:
        click.echo(f"The database was upgraded; a copy of the old one is in {kept}.")


@contextmanager
def opened(database_url: str | None) -> "Iterator[Database]":
    """The database, which must be up to date already: such a command does not upgrade it."""
    from ..storage.database import open_database
    from ..storage.upgrade import require_current

    url = database_url or default_database()
    require_current(url)
    know_audit_key(url)
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()
