"""What a clinician reads and signs."""

from pathlib import Path

import click

from .options import FILE


@click.command("clinical-content")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--out", type=FILE, metavar="FILE.pdf", required=True)
def clinical_content(paper: str, out: Path) -> None:
    """Write every rule and sentence as one PDF that a clinician can sign."""
    from ..exchange.whole_file import whole_file
    from ..reports.clinical import write_clinical_content

    pdf = write_clinical_content(paper)
    with whole_file(out) as stream:
        stream.write(pdf)
