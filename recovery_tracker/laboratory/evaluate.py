"""`evaluate`: measure the trend module and its peers, and put the results into words and files."""

from pathlib import Path

from ..exchange.sharing import Sharing, on_this_machine
from ..exchange.whole_file import whole_file
from .calibration import FIRST_REPORT_SEED
from .figures import write_page
from .markdown import markdown_of
from .measuring import Progress, measure, silent
from .results import Results
from .tables import text_of, write_csv, write_text

DEFAULT_SEED = 1


def evaluate(
    seed: int | None = None,
    quick: bool = False,
    out: Path | None = None,
    progress: Progress = silent,
    share: Sharing = on_this_machine,
) -> str:
    """The results as text; with `out`, also evaluation.txt, .md, .csv and .png.

    `seed` counts from 0 among the report seeds, so that no choice of it can meet the diaries that
    thresholds were set on. `progress` is told in a line what is being done, and `share` says who
    does it; the results are the same.

    Raises:
        RecoveryError: a peer's package is missing, or `out` cannot be written.
    """
    chosen = DEFAULT_SEED if seed is None else seed
    results = measure(FIRST_REPORT_SEED + chosen, quick=quick, progress=progress, share=share)
    if out is not None:
        write_results(results, out)
    return text_of(results)


def write_results(results: Results, directory: Path) -> None:
    """Tables as text, Markdown and CSV and the page of plots; each stands whole or not at all."""
    directory.mkdir(parents=True, exist_ok=True)
    write_text(results, directory / "evaluation.txt")
    with whole_file(directory / "evaluation.md") as stream:
        stream.write(markdown_of(results).encode())
    write_csv(results, directory / "evaluation.csv")
    write_page(results, directory / "evaluation.png")
