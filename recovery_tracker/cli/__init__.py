"""The command line: running the diary, and working with files.

Exit status 0 is success; 1 is bad input or a refusal, with one line on standard error; 2 is wrong
usage. Each command is imported when it is called, so that `--help` waits for none of them.
"""

import atexit
import gc
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import cast

import click

from .. import __version__
from ..domain.errors import RecoveryError
from ..exchange.problems import FileRefused
from ..storage.trouble import refusal, trouble_in
from . import refused
from .matplotlib_folder import cache_matplotlib
from .terminal import printable

#: Every command, most used first: its name, where it is defined, and what it does in one line.
COMMANDS = {
    "run": ("serving:run", "Back up and upgrade the database, then serve the diary."),
    "demo": ("serving:demo", "Serve a throw-away database of synthetic patients."),
    "assess": ("diaries:assess", "Say what a diary shows, with the evidence."),
    "report": ("diaries:report", "Write the one-page PDF of a diary."),
    "replay": ("diaries:replay", "Assess a cohort day by day and write down every flag."),
    "simulate": ("laboratory:simulate", "Write the reference cohort as CSV files."),
    "evaluate": ("laboratory:evaluate", "Measure the trend module beside its peers."),
    "laboratory": ("laboratory:laboratory", "Research: make cohorts and measure on them."),
    "clinical-content": ("clinical:clinical_content", "Print every rule and sentence, to sign."),
    "import": ("files:import_", "Bring a file into the database, whole or not at all."),
    "export": ("files:export", "Write everything about one patient into a zip."),
    "erase": ("files:erase", "Erase everything about one patient, for good."),
    "backup": ("database:backup", "Copy the database into a zip while it is in use."),
    "restore": ("database:restore", "Replace the database with a backup."),
    "move": ("database:move", "Copy a database to PostgreSQL, or back to SQLite."),
    "verify": ("database:verify", "Say whether a backup is complete and usable here."),
    "upgrade": ("database:upgrade", "Back up the database, then bring it to this version."),
    "check": ("database:check", "Check the installation: database, audit trail, keys."),
    "tick": ("database:tick", "Assess everyone who is due; run it once a day."),
    "remind": ("remind:remind", "Send the reminders and messages that are due now."),
    "user": ("users:user", "Accounts: invite, list, reset, disable."),
    "key": ("key:key", "The secret that passwords and links depend on."),
    "audit": ("audit:audit", "Print the audit trail's heads, or compare them."),
}


class _OnDemand(click.Group):
    """Knows its commands by `COMMANDS` and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(f".{module}", __package__), name)
        return cast(click.Command, command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recovery-tracker")
def cli() -> None:
    """A recovery diary after spinal fusion, with explained flags.

    It does not diagnose, and nobody reads it live.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """One command runs, and its exit status ends the program."""
    # What storage refuses is said below, in one line; the journal of `run` has it all the same.
    logging.getLogger("recovery_tracker.storage").addHandler(logging.NullHandler())
    cache_matplotlib()
    # What is left at the end goes with the process; nobody needs to look through it first.
    atexit.register(gc.freeze)
    try:
        status = cli.main(arguments, prog_name="recovery-tracker", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        status = 2
    except click.ClickException as error:
        status = _fail(error.format_message())
    except FileRefused as error:
        for line in refused.lines_of(error):
            status = _fail(line)
    except RecoveryError as error:
        status = _fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:
        # The reader of a pipe has gone; Python would complain again when it closes the stream.
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
    """By name: each driver has its own class, and a command that needs no driver loads none."""
    return any(one.__name__ == "DatabaseError" for one in type(error).__mro__)


def _fail(text: str) -> int:
    click.echo(f"recovery-tracker: {printable(' '.join(text.split()))}", err=True)
    return 1
