"""Commands for the person who keeps the database: copies, checks, upgrades."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..domain.errors import RecoveryError
from .key import passphrase_option
from .options import (
    BY_COMMAND,
    FILE,
    database_option,
    default_database,
    know_audit_key,
    make_ready,
    opened,
    progress,
    seldom_collect,
)


@click.command()
@database_option
def upgrade(database_url: str | None) -> None:
    """Back up the database and bring it to this version of the program."""
    make_ready(database_url or default_database())
    click.echo("The database is up to date.")


@click.command()
@click.argument("file", type=FILE)
@passphrase_option
@database_option
def backup(file: Path, passphrase_file: Path | None, database_url: str | None) -> None:
    """Copy the database into FILE (a zip) while it is in use, and verify the copy."""
    from ..storage.backup import backup_to
    from ..web.config import utc_now
    from ..web.secret_file import IN_ENVIRONMENT, given_secret, secrets_in_use
    from ..web.shared.keys import mark, wrapped
    from .key import passphrase_in
    from .options import secret_folder

    url = database_url or default_database()
    know_audit_key(url)
    passphrase = passphrase_in(passphrase_file)
    secrets = secrets_in_use(secret_folder(url))
    made = backup_to(
        url,
        file,
        by=BY_COMMAND,
        at=utc_now(),
        key_marks=[mark(one) for one in secrets],
        wrapped_key=None if passphrase is None else wrapped(secrets, passphrase),
    )
    click.echo(f"Backed up to {made.file} and verified: {_rows(made.counts)}.")
    if not made.is_noted:
        click.echo("The database took no note of it; the backup is whole.", err=True)
    if passphrase is None:
        key = IN_ENVIRONMENT if given_secret() else "the file secret-key"
        click.echo(
            f"The key is not in it: without a copy of {key} nobody can sign in on another "
            "computer. --passphrase-file puts it in, wrapped.",
            err=True,
        )


@click.command()
@click.argument("file", type=FILE)
@passphrase_option
@database_option
def restore(file: Path, passphrase_file: Path | None, database_url: str | None) -> None:
    """Replace the database with the backup in FILE; what was there is kept beside it."""
    from ..storage.audit_key import use_audit_keys
    from ..storage.backup import restore_from
    from ..storage.backup import verify as verify_file
    from ..storage.checked import SEALED
    from ..web.config import utc_now
    from ..web.secret_file import replace_secrets
    from ..web.shared.keys import AUDIT, derived, unwrapped
    from .key import OVERRULED, fits, key_words, passphrase_in
    from .options import seal_audit, secret_folder

    url = database_url or default_database()
    know_audit_key(url)
    passphrase = passphrase_in(passphrase_file)
    secrets = None
    if passphrase is not None:
        carried = verify_file(file).wrapped_key
        if carried is None:
            raise RecoveryError(f"{file} does not carry its key")
        secrets = unwrapped(carried, passphrase)
        # A restore that brings its key is recorded with that key.
        use_audit_keys([derived(one, AUDIT) for one in secrets])
    restored, former = restore_from(file, url, by=BY_COMMAND, at=utc_now())
    if secrets is not None and not fits(url, restored.key_marks):
        replace_secrets(secret_folder(url), secrets)
    make_ready(url)
    # A backup from before the key has ends without a seal.
    (secret_folder(url) / SEALED).unlink(missing_ok=True)
    seal_audit(url)
    kept = "" if former is None else f" The former database is in {former}."
    click.echo(
        f"Restored: {_rows(restored.counts)}. Everybody signs in again, with the passwords of "
        f"then.{kept}"
    )
    if not fits(url, restored.key_marks):
        said = key_words(url, restored.key_marks, restored.wrapped_key)
        click.echo(said if secrets is None else OVERRULED, err=True)


def _rows(counts: Mapping[str, int]) -> str:
    people, days = counts.get("patient", 0), counts.get("entry_version", 0)
    return f"patients {people:,}, entries with their corrections {days:,}"


@click.command()
@click.option("--from", "source", required=True, metavar="URL", help="The database as it is now.")
@click.option("--to", "target", required=True, metavar="URL", help="An empty one.")
def move(source: str, target: str) -> None:
    """Copy every row of a database into another one, SQLite or PostgreSQL; stop the program first.

    If it is interrupted, the same command goes on. The old database is left as it is.
    """
    from ..storage.moving import move as move_rows
    from ..web.secret_file import given_secret, known_secrets
    from .options import secret_folder

    old, new = secret_folder(source), secret_folder(target)
    # A key in the environment stands for the first line of the file, and for no other.
    are_in_file = not given_secret() or len(known_secrets(old)) > 1
    moved = move_rows(source, target, lambda tables: progress(tables, "tables"))
    click.echo(f"Moved: {_rows(moved.counts)}. The same rows in both, digest {moved.digest}.")
    if old != new and are_in_file:
        click.echo(f"Passwords need their key: put {old / 'secret-key'} into {new}.", err=True)


@click.command()
@click.argument("file", type=FILE)
@passphrase_option
@database_option
def verify(file: Path, passphrase_file: Path | None, database_url: str | None) -> None:
    """Say whether the backup in FILE is complete, and whether it would let people sign in."""
    from ..storage.backup import verify as verify_file
    from ..web.shared.keys import mark, unwrapped
    from .key import key_words, passphrase_in

    seldom_collect()
    found = verify_file(file)
    passphrase = passphrase_in(passphrase_file)
    click.echo(f"{file} is whole: {_rows(found.counts)}, made {found.made_at:%Y-%m-%d %H:%M} UTC.")
    if passphrase is not None and found.wrapped_key is not None:
        inside = tuple(mark(one) for one in unwrapped(found.wrapped_key, passphrase))
        if inside != found.key_marks:
            raise RecoveryError(f"{file}: the key in it is not the one its passwords need")
        click.echo("The passphrase opens the key in it: people could sign in after a restore.")
        return
    click.echo(key_words(database_url or default_database(), found.key_marks, found.wrapped_key))


@click.command()
@click.option("--full", is_flag=True, help="Read everything, not only what is new.")
@database_option
def check(full: bool, database_url: str | None) -> None:
    """Check the installation: database, audit chains, secret, set-up.

    It reads what was written since the last check that found nothing wrong, and everything once a
    week.
    """
    from ..storage.checked import forget_mark, keep_mark, read_mark
    from ..web.config import utc_now
    from .checks import problems_of, warnings_of
    from .options import secret_folder

    seldom_collect()
    url, now = database_url or default_database(), utc_now()
    folder = secret_folder(url)
    since = None if full else read_mark(folder, url, now)
    problems, checked = problems_of(url, at=now, since=since)
    if checked is None:
        forget_mark(folder)
    elif not problems:
        keep_mark(folder, url, checked)
    for problem in problems:
        click.echo(problem, err=True)
    for warning in warnings_of(url, now):
        click.echo(warning, err=True)
    if problems:
        raise RecoveryError(f"{len(problems)} to put right")
    if since is None or checked is None or checked.whole == now:
        click.echo("Nothing found.")
        return
    click.echo(
        f"Nothing found in what was written since {since.at:%Y-%m-%d %H:%M} UTC. Everything was "
        f"last read on {since.whole:%Y-%m-%d}; --full reads it again."
    )


@click.command()
@database_option
def tick(database_url: str | None) -> None:
    """Reassess everyone who is due. Run it daily from cron; more often does no harm."""
    from .. import services
    from ..web.config import utc_now
    from ..web.shared import waiting_files

    waiting_files.sweep()
    with opened(database_url) as database:
        now = utc_now()
        count = services.tick(database, now, lambda waiting: progress(waiting, "patients"))
        services.note_run(database, "tick", at=now)
        # Nobody who was erased since is left in it.
        is_empty = database.empty_log()
    click.echo(f"{count} assessed.")
    if not is_empty:
        click.echo(
            "The log beside the database (-wal) could not be emptied, for example because a backup "
            "reads it. Whoever was erased meanwhile may be in it until the next `tick`.",
            err=True,
        )
