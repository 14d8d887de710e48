"""`key`: the secret of the installation, without which nobody can sign in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..domain.errors import RecoveryError
from .options import FILE, database_option, default_database, secret_folder

OVERRULED = (
    "Its key was put into the file secret-key, but RECOVERY_TRACKER_SECRET_KEY is set to another "
    "one: remove the variable, or nobody can sign in."
)

Command = TypeVar("Command", bound=Callable[..., Any])

SHORTEST_PASSPHRASE = 12
"""Characters; somebody who has the backup may guess for years. Our default."""


def passphrase_option(command: Command) -> Command:
    """A file whose first line is the passphrase, or the environment."""
    return click.option(
        "--passphrase-file",
        type=FILE,
        help="A file whose first line is the passphrase of the key that travels in the backup.",
    )(command)


@click.group()
def key() -> None:
    """The secret that every password, second step and link depends on (the file secret-key)."""


@key.command()
@database_option
def rotate(database_url: str | None) -> None:
    """Make a new secret; what the older ones sealed is still read. Restart the program after it.

    Passwords and second steps go on working and move to the new secret as people sign in.
    """
    from ..web.secret_file import IN_ENVIRONMENT, given_secret, rotate_in

    folder = secret_folder(database_url or default_database())
    if given_secret():
        raise RecoveryError(
            f"{IN_ENVIRONMENT} is set, and no new key in the file would be used. Make it the first "
            f"line of {folder / 'secret-key'}, remove the variable, and rotate then."
        )
    count = rotate_in(folder)
    click.echo(f"A new key is in use from the next start on; {count - 1} older stay readable.")


def passphrase_in(file: Path | None) -> str | None:
    """The passphrase of a file, None where none is given.

    Raises:
        RecoveryError: the file cannot be read, or the passphrase is short.
    """
    if file is None:
        return None
    try:
        found = file.read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise RecoveryError(f"{file}: no passphrase can be read from it") from error
    if len(found) < SHORTEST_PASSPHRASE:
        raise RecoveryError(f"{file}: a passphrase needs at least {SHORTEST_PASSPHRASE} characters")
    return found


def fits(url: str, marks: tuple[str, ...]) -> bool:
    """Whether this installation's key opens what a backup with these marks contains."""
    from ..web.secret_file import secrets_in_use
    from ..web.shared.keys import mark

    here = {mark(one) for one in secrets_in_use(secret_folder(url))}
    return bool(marks) and set(marks) <= here


def key_words(url: str, marks: tuple[str, ...], carried: str | None) -> str:
    """Whether people could sign in after this backup is restored here, in one sentence."""
    if not marks:
        return "It does not say which key it needs (it was made by an older version)."
    if fits(url, marks):
        return "The key of this installation fits: people could sign in after a restore."
    if carried is not None:
        return "It carries its key; restoring it here needs --passphrase-file."
    return (
        "Its key is neither in it nor here: after a restore nobody could sign in. Keep a copy of "
        "the file secret-key, or back up with --passphrase-file."
    )
