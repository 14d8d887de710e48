"""What a clinician reads and signs."""

from pathlib import Path

import click

from .options import FILE


@click.command("clinical-content")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--out", type=FILE, metavar="FILE.pdf")
@click.option("--markdown", is_flag=True, help="Print the table of docs/warning-signs.md instead.")
@click.option("--sources", is_flag=True, help="Print the table of docs/sources.md instead.")
def clinical_content(paper: str, out: Path | None, markdown: bool, sources: bool) -> None:
    """Write every rule and sentence as one PDF that a clinician can sign."""
    if sources:
        from ..domain.references import as_markdown as sources_as_markdown

        click.echo(sources_as_markdown(), nl=False)
        return
    if markdown:
        from ..domain.sign_table import as_markdown

        click.echo(as_markdown(), nl=False)
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    from ..exchange.whole_file import whole_file
    from ..reports.clinical import write_clinical_content

    pdf = write_clinical_content(paper)
    with whole_file(out) as stream:
        stream.write(pdf)
