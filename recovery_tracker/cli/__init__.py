"""The command line: running the diary, and working with files.

Exit status 0 is success, 1 bad input or a refusal, in one line on standard error, 2 wrong usage.
Each command imports what it needs when it runs, so that `--help` does not wait for charts.
"""

import logging
import os
import sys
from collections.abc import Sequence

import click

from .. import __version__
from ..domain.errors import RecoveryError
from ..exchange.problems import FileRefused
from ..storage.trouble import refusal, trouble_in
from .audit import audit
from .clinical import clinical_content
from .database import backup, check, erase, export, import_, restore, tick, upgrade, verify
from .diaries import assess, replay, report
from .key import key
from .laboratory import evaluate, laboratory, simulate
from .options import cache_matplotlib
from .remind import remind
from .serving import demo, run
from .users import user


class _InOrder(click.Group):
    """Lists its commands as they were added, most wanted first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recovery-tracker")
def cli() -> None:
    """A recovery diary after spinal fusion, with explained flags.

    It does not diagnose, and nobody reads it live.
    """


for _command in (
    run,
    demo,
    assess,
    report,
    replay,
    simulate,
    evaluate,
    laboratory,
    clinical_content,
    import_,
    export,
    erase,
    backup,
    restore,
    verify,
    upgrade,
    check,
    tick,
    remind,
    user,
    key,
    audit,
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    # What storage refuses is said below, in one line; the journal of `run` has it all the same.
    logging.getLogger("recovery_tracker.storage").addHandler(logging.NullHandler())
    cache_matplotlib()
    try:
        status = cli.main(arguments, prog_name="recovery-tracker", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        status = 2
    except click.ClickException as error:
        status = _fail(error.format_message())
    except FileRefused as error:
        for line in error.listed:
            status = _fail(line)
    except RecoveryError as error:
        status = _fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:
        # The reader of a pipe has left; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except OSError as error:
        status = _fail(f"{error.filename or 'input or output'}: {error.strerror or error}")
    except Exception as error:
        trouble = trouble_in(error) if _is_of_a_database(error) else None
        if trouble is None:
            raise
        status = _fail(str(refusal(trouble)))
    sys.exit(status or 0)


def _is_of_a_database(error: Exception) -> bool:
    """By its name: each driver has its own, and none is loaded by a command that needs none."""
    return any(one.__name__ == "DatabaseError" for one in type(error).__mro__)


def _fail(text: str) -> int:
    click.echo(f"recovery-tracker: {' '.join(text.split())}", err=True)
    return 1
