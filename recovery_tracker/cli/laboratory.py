"""Commands of the laboratory: make a cohort, and measure the trend module on cohorts."""

import sys
from pathlib import Path

import click

from .options import FILE, progress


@click.command()
@click.option("--patients", type=click.IntRange(1, 1_000_000), required=True, metavar="N")
@click.option("--days", type=click.IntRange(1, 3_650), required=True, metavar="N")
@click.option("--seed", type=click.IntRange(0), required=True, metavar="S")
@click.option("--out", type=FILE, required=True, metavar="DIR")
@click.option("--parquet", is_flag=True, help="Write folders of Parquet files, not CSV.")
def simulate(patients: int, days: int, seed: int, out: Path, parquet: bool) -> None:
    """Write the reference cohort: patients.csv, diary.csv and truth.csv.

    The same seed gives the same files. Nobody in them exists.
    """
    from ..laboratory.files import write_cohorts, write_registry
    from ..laboratory.simulate import block_count, simulate_blocks

    blocks = simulate_blocks(patients, days, seed)
    write = write_registry if parquet else write_cohorts
    write(progress(blocks, "patients", block_count(patients, days)), patients, out)


@click.command()
@click.option("--seed", type=click.IntRange(0), metavar="S", help="Another cohort, other numbers.")
@click.option("--quick", is_flag=True, help="A smaller cohort, under a minute.")
@click.option("--out", type=FILE, metavar="DIR", help="Write tables and plots there as well.")
@click.option("--scheduler", metavar="ADDRESS", help="Share the cohorts out with Dask.")
def evaluate(seed: int | None, quick: bool, out: Path | None, scheduler: str | None) -> None:
    """Measure the trend module and its peers side by side, at the same false alarms."""
    from ..exchange.sharing import on_dask, on_this_machine
    from ..laboratory.evaluate import evaluate as evaluate_module

    share = on_this_machine if scheduler is None else on_dask(scheduler)
    results = evaluate_module(seed=seed, quick=quick, out=out, progress=_tell, share=share)
    click.echo(results, nl=False)


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(line, err=True)


@click.group()
def laboratory() -> None:
    """Research: make cohorts, and measure the trend module on them.

    `evaluate` needs the extra packages of `pip install recovery-tracker[laboratory]`.
    """


laboratory.add_command(simulate)
laboratory.add_command(evaluate)
