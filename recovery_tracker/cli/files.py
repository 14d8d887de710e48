"""Commands that bring a patient's files in and out, and that erase a patient."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import (
    BY_COMMAND,
    FILE,
    database_option,
    file_options,
    opened,
    refuse_to_replace,
)

if TYPE_CHECKING:
    from ..exchange.choices import Choices


@click.command("import")
@click.argument("file", type=FILE, required=False)
@click.option("--patient", metavar="ID", help="Whose diary it is; not needed in 'just me'.")
@click.option("--dry-run", is_flag=True, help="Say what would be imported and change nothing.")
@click.option("--map", "mapping", type=FILE, metavar="MAP.json", help="What the columns mean.")
@click.option("--source", metavar="NAME", help="The device or app whose steps are read.")
@click.option("--same-person", is_flag=True, help="Another name in the file is of this person.")
@click.option("--undo", metavar="ID", help="Undo the import with this id.")
@file_options
@database_option
def import_(
    file: Path | None,
    patient: str | None,
    dry_run: bool,
    mapping: Path | None,
    source: str | None,
    same_person: bool,
    undo: str | None,
    database_url: str | None,
    choices: "Choices",
) -> None:
    """Import a file into the database, whole or not at all: a diary, an export of this program, a
    spreadsheet, or what a phone or watch counted."""
    from . import patients

    if (file is None) == (undo is None):
        raise click.UsageError("Give a file, or --undo ID.")
    with opened(database_url) as database:
        if undo is not None:
            click.echo(patients.undo(database, patient, undo))
            return
        assert file is not None
        choices = replace(choices, source=source, same_person=same_person)
        done = patients.import_file(
            database, file, patient, dry_run=dry_run, choices=choices, mapping=mapping
        )
        click.echo(done)


@click.command()
@click.option("--patient", metavar="ID", help="Whose diary it is; not needed in 'just me'.")
@click.option("--out", type=FILE, metavar="FILE.zip", help="Everything, as `import` reads it.")
@click.option("--fhir", type=FILE, metavar="FILE.json", help="The recovery as a FHIR R4 Bundle.")
@click.option("--redcap", type=FILE, metavar="DIR", help="Dictionary and record for REDCap.")
@click.option("--omop", type=FILE, metavar="FILE.csv", help="Rows of OMOP's MEASUREMENT table.")
@click.option("--parquet", type=FILE, metavar="DIR", help="Everybody, de-identified, for research.")
@database_option
def export(
    patient: str | None,
    out: Path | None,
    fhir: Path | None,
    redcap: Path | None,
    omop: Path | None,
    parquet: Path | None,
    database_url: str | None,
) -> None:
    """Write everything about one patient into a zip: diary, operations, events, flags. Or the same
    for other programs, or a whole cohort without names."""
    from .patients import export_fhir, export_omop, export_patient, export_redcap
    from .research import export_cohort

    writers = (
        (out, export_patient),
        (fhir, export_fhir),
        (redcap, export_redcap),
        (omop, export_omop),
    )
    if parquet is None and not any(file for file, _ in writers):
        raise click.UsageError(
            "Say what to write: --out FILE.zip, --fhir FILE.json, --redcap DIR, --omop FILE.csv or "
            "--parquet DIR."
        )
    if parquet is not None and patient is not None:
        raise click.UsageError("--parquet is everybody; leave --patient out.")
    with opened(database_url) as database:
        for file, write in writers:
            if file is not None:
                refuse_to_replace(file, Path(database.engine.url.database or ""))
                click.echo(write(database, patient, file))
        if parquet is not None:
            click.echo(export_cohort(database, parquet))


@click.command()
@click.option("--patient", metavar="ID", help="Whom to erase; not needed if there is only one.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@database_option
def erase(patient: str | None, yes: bool, database_url: str | None) -> None:
    """Erase everything about one patient, for good. `export` first, if they want a copy."""
    from ..services import erase_patient
    from ..web.config import utc_now
    from ..web.shared import waiting_files
    from .patients import the_patient

    with opened(database_url) as database:
        gone = the_patient(database, patient)
        if not yes:
            click.confirm(f"Erase everything about {gone.name}?", abort=True, err=True)
        erased = erase_patient(database, gone.id, by=BY_COMMAND, at=utc_now())
    waiting_files.sweep(0)  # One of them may be theirs; whoever sent another sends it again.
    if erased.token is not None:
        click.echo("Nobody is left. `recovery-tracker run` prints a link to set it up again.")
    click.echo("Erased. Backups made before still hold this patient: delete them, too.")
    if erased.is_in_log:
        click.echo(
            "The last traces could not leave the database file yet, for example because a backup "
            "reads it. The next `recovery-tracker tick` after that removes them."
        )
    for copy in erased.unread:
        click.echo(f"{copy} could not be read and may hold this patient: delete it.")
