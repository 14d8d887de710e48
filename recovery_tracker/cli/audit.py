"""`audit`: the heads of the audit chains, to be kept where the operator cannot write.

The chains are linked by digests without a key: somebody who can write to the database and run our
code can build a new chain that is consistent in itself. Only a head written down elsewhere
beforehand gives it away.
"""

from pathlib import Path

import click

from ..domain.errors import RecoveryError
from .options import FILE, database_option, opened


@click.group()
def audit() -> None:
    """The ends of the audit chains: print them daily, compare them when in doubt."""


@audit.command()
@database_option
def heads(database_url: str | None) -> None:
    """Print one line per chain: its number, its length and the digest of its last event."""
    from ..storage import audit_chain

    with opened(database_url) as database, database.read() as session:
        for chain, (length, digest) in sorted(audit_chain.heads(session).items()):
            click.echo(f"{chain} {length} {digest}")


@audit.command()
@click.argument("file", type=FILE)
@database_option
def compare(file: Path, database_url: str | None) -> None:
    """Say whether every chain still holds the end that `heads` wrote into FILE."""
    from ..storage import audit_chain

    known = {}
    try:
        for line in file.read_text(encoding="ascii").splitlines():
            chain, length, digest = line.split()
            known[int(chain)] = (int(length), digest)
    except (OSError, ValueError) as error:
        raise RecoveryError(f"{file}: is not what `audit heads` prints") from error
    with opened(database_url) as database, database.read() as session:
        problems = audit_chain.verify(session, known)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise RecoveryError(f"{len(problems)} to look into")
    click.echo(f"Every one of {len(known)} ends is still there.")
