"""Commands that read diary files and write only what was asked for."""

import json
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..domain.errors import RecoveryError
from .options import (
    FILE,
    civil_date,
    file_options,
    operation_options,
    progress,
    refuse_to_replace,
    seldom_collect,
)

if TYPE_CHECKING:
    from ..domain.flags import Assessment
    from ..domain.history import History
    from ..domain.surgery import Operation
    from ..exchange.choices import Choices

_AS_OF = "Assess as of this day; by default the last day on which the diary was kept."


def _history(diary: Path, operation: "Operation", choices: "Choices") -> "History":
    from ..domain.history import History
    from ..exchange.diary_csv import read_diary

    return History(operations=(operation,), entries=read_diary(diary, [operation.region], choices))


def _assessed(diary: Path, history: "History", as_of: date | None) -> "Assessment":
    from ..trends import assess as assess_history

    # An evening written down after midnight is known only from then on.
    as_of = as_of or history.last_known
    if as_of is None:
        raise RecoveryError(f"{diary.name}: holds no answered day; say --as-of DATE")
    return assess_history(history, as_of)


@click.command()
@click.argument("diary", type=FILE, metavar="DIARY.csv")
@operation_options
@file_options
@click.option("--as-of", type=civil_date, metavar="DATE", help=_AS_OF)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def assess(
    diary: Path, operation: "Operation", choices: "Choices", as_of: date | None, as_json: bool
) -> None:
    """Say what a diary shows, with the evidence."""
    from . import wording

    history = _history(diary, operation, choices)
    assessment = _assessed(diary, history, as_of)
    if as_json:
        result = wording.assessment_fields(assessment, history.region)
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        click.echo(wording.assessment_text(assessment, history))


@click.command()
@click.argument("diary", type=FILE, metavar="DIARY.csv")
@operation_options
@file_options
@click.option("--as-of", type=civil_date, metavar="DATE", help=_AS_OF)
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--out", type=FILE, required=True, metavar="FILE.pdf")
def report(
    diary: Path,
    operation: "Operation",
    choices: "Choices",
    as_of: date | None,
    paper: str,
    out: Path,
) -> None:
    """Write the one-page PDF of a diary."""
    from .. import __version__
    from ..exchange.whole_file import whole_file
    from ..handout import Handover, report_of

    refuse_to_replace(out, diary)
    history = _history(diary, operation, choices)
    assessment = _assessed(diary, history, as_of)
    pdf = report_of(history, assessment, Handover(version=__version__), paper=paper)
    with whole_file(out) as stream:
        stream.write(pdf)


@click.command()
@click.option("--patients", type=FILE, required=True, metavar="P.csv")
@click.option("--diary", type=FILE, required=True, metavar="D.csv")
@click.option("--out", type=FILE, required=True, metavar="FLAGS.csv")
@click.option("--scheduler", metavar="ADDRESS", help="Share a registry out with Dask.")
def replay(patients: Path, diary: Path, out: Path, scheduler: str | None) -> None:
    """Assess a whole cohort day by day and write every flag that would have been raised.

    The flags of a day depend on what was dated up to it and recorded by its end, and on nothing
    later. P, D and FLAGS may end in .parquet. P and D may also be folders of such files, each with
    some of the patients: then only one file at a time is in memory, and an interrupted run can be
    resumed.
    """
    refuse_to_replace(out, patients, diary)
    seldom_collect()
    if diary.is_dir() and patients.is_dir():
        _replay_registry(patients, diary, out, scheduler)
    elif scheduler is None:
        _replay_files(patients, diary, out)
    else:
        raise click.UsageError("--scheduler shares out folders of files, not a single one.")


def _replay_files(patients: Path, diary: Path, out: Path) -> None:
    from ..exchange.cohort_csv import read_cohort
    from ..exchange.flags_csv import flags_file, write_flags
    from ..exchange.patients_csv import read_patients
    from ..exchange.replaying import flags_of

    started = time.perf_counter()
    people = read_patients(patients)
    cohort = read_cohort(diary, people)
    read = time.perf_counter()
    batches = progress(flags_of(cohort), "batches of patients")
    flags = [flag for batch in batches for flag in batch]
    computed = time.perf_counter()
    with flags_file(out) as stream:
        write_flags(stream, flags)
    written = time.perf_counter()
    click.echo(
        f"{len(people):,} patients, {cohort.patient_days:,} days, {len(flags):,} flags; "
        f"read {read - started:.1f} s, assessed {computed - read:.1f} s, "
        f"wrote {written - computed:.1f} s",
        err=True,
    )
    _tell_unknown(cohort.unknown_days)


def _replay_registry(patients: Path, diary: Path, out: Path, scheduler: str | None) -> None:
    from ..exchange.registry import parts_of, replay_parts
    from ..exchange.sharing import on_dask, on_this_machine

    parts = parts_of(patients, diary)
    share = on_this_machine if scheduler is None else on_dask(scheduler)
    started = time.perf_counter()
    found = replay_parts(parts, out, share, lambda done, count: progress(done, "files", count))
    taken = time.perf_counter() - started
    click.echo(f"{len(parts):,} files, {found.days:,} days replayed in {taken:.1f} s", err=True)
    _tell_unknown(found.unknown)


def _tell_unknown(days: int) -> None:
    """One line if days were left out: a warning answer on such a day raised nothing."""
    from .wording import counted

    if days:
        click.echo(
            f"{counted(days, 'day')} left out: dated or recorded after their patient's "
            "observed_until, by default the last date in the diary file",
            err=True,
        )
