"""One patient's diary, into the database and out of it."""

from collections.abc import Collection
from pathlib import Path
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from .. import services, takeout
from ..domain.errors import RecoveryError
from ..domain.passive import PassiveKind, days_by_source
from ..domain.surgery import Operation
from ..exchange.choices import NOTHING_CHOSEN, Choices
from ..exchange.diary_csv import Limits
from ..exchange.incoming import read_file
from ..exchange.mapping import NO_MAPPING
from ..exchange.mapping_file import read_mapping
from ..exchange.whole_file import whole_file, whole_folder
from ..exchange.whose import refuse_another
from ..storage import accounts, audit, people, record_rows
from ..storage.database import Database
from ..storage.errors import NotFound
from ..web.config import utc_now
from . import import_wording
from .options import BY_COMMAND, bytes_read, know_audit_key
from .wording import counted


def the_patient(database: Database, public_id: str | None) -> people.Patient:
    """The patient with this id; without one, the only patient.

    Raises:
        RecoveryError: there is no such patient, or more than one to choose from.
    """
    with database.read() as session:
        if public_id is not None:
            patient = people.patient_by_public_id(session, public_id)
            if patient is None:
                raise RecoveryError(f"no patient has the id {public_id!r}")
            return patient
        everybody = people.all_patients(session)
    if len(everybody) != 1:
        raise RecoveryError(
            "there is no patient yet; set up the diary first (recovery-tracker run)"
            if not everybody
            else f"there are {len(everybody)} patients; say which with --patient ID"
        )
    return everybody[0]


def the_account(database: Database, login: str) -> accounts.Account:
    """The account that signs in with this name.

    Raises:
        RecoveryError: there is none.
    """
    with database.read() as session:
        account = accounts.account_by_login(session, login)
    if account is None:
        raise RecoveryError(f"no account signs in as {login!r}")
    return account


def import_file(
    database: Database,
    file: Path,
    public_id: str | None,
    *,
    dry_run: bool,
    choices: Choices = NOTHING_CHOSEN,
    mapping: Path | None = None,
) -> str:
    """Everything in the file is in the patient's record, or nothing is; says what was done.

    The file is recognised by its content. What was there already stays unchanged.

    Raises:
        RecoveryError: nothing for a diary can be read from it, it is about somebody else, or no
            operation is known.
    """
    patient = the_patient(database, public_id)
    at = utc_now()
    today = at.astimezone(ZoneInfo(patient.zone)).date()
    with database.read() as session:
        done = record_rows.values_of(session, patient.id, Operation)
    with bytes_read(file) as told:
        found = read_file(
            file,
            zone=patient.zone,
            limits=Limits({operation.region for operation in done}, today, at),
            choices=choices,
            how=read_mapping(mapping, choices) if mapping else NO_MAPPING,
            told=told,
        ).of_whole_days(today)
    refuse_another(found.archive, patient, file.name, is_same=choices.same_person)
    if not (done or found.archive.operations):
        raise RecoveryError("the patient has no operation yet; add it first")
    sources = days_by_source(found.passive, PassiveKind.STEPS)
    preferred = preferred_source(choices.source, sources, file.name)
    imported = services.import_history(
        database,
        patient.id,
        found.content(done, patient.schedule, preferred),
        by=BY_COMMAND,
        at=at,
        today=today,
        dry_run=dry_run,
    )
    return import_wording.said(imported, found, dry_run=dry_run)


def preferred_source(said: str | None, sources: Collection[str], name: str) -> str:
    """The source whose steps are read from now on; "" if nobody said.

    Raises:
        RecoveryError: the file has no such source; the line names those it has.
    """
    if not said:
        return ""
    for source in sources:
        if source.casefold() == said.casefold():
            return source
    listed = ", ".join(sources) or "none"
    raise RecoveryError(f"{name}: counts no steps by {said!r}; its sources: {listed}")


def undo(database: Database, public_id: str | None, import_id: str) -> str:
    """The import with this id is undone; says what became of it.

    Raises:
        RecoveryError: the patient has no such import, or it was taken back before.
    """
    patient = the_patient(database, public_id)
    try:
        undone = services.undo_import(database, patient.id, import_id, by=BY_COMMAND, at=utc_now())
    except NotFound:
        raise RecoveryError(f"no import has the id {import_id!r}") from None
    kept = f"; {undone.kept} were changed since and stay" if undone.kept else ""
    return f"Taken back: days and other things, {undone.taken_back} in all{kept}."


def export_patient(database: Database, public_id: str | None, out: Path) -> str:
    """`out` is a zip with everything about one patient; says what is in it."""
    patient = the_patient(database, public_id)
    exported = audit.AuditAction.EXPORTED
    services.note_file(database, patient.id, exported, {}, by=BY_COMMAND, at=utc_now())
    with whole_file(out) as stream:
        days, count = takeout.write_everything(database, patient, stream)
    return f"{counted(days, 'day')} and {counted(count, 'flag')} are in {out}."


def export_fhir(database: Database, public_id: str | None, out: Path) -> str:
    """`out` is a FHIR R4 Bundle of one patient; says what is in it."""
    patient, at = the_patient(database, public_id), utc_now()
    exported = audit.AuditAction.EXPORTED
    services.note_file(database, patient.id, exported, {"file": "fhir"}, by=BY_COMMAND, at=at)
    with whole_file(out) as stream:
        count = takeout.write_fhir(database, patient, stream, at, _report_of(database, patient))
    return f"{count} resources are in {out}."


def _report_of(database: Database, patient: people.Patient) -> bytes | None:
    """The report as the pages give it out, in the patient's language."""
    from ..web.application import create_app
    from ..web.config import Config
    from ..web.shared.language import use_language
    from ..web.shared.report import handed_out

    url = database.engine.url.render_as_string(hide_password=False)
    # Nothing is signed here. To read a diary may assess it, though, and the audit trail is sealed
    # with the key of this installation and no other.
    app = create_app(Config.from_environment(database_url=url, secret_key=token_urlsafe()))
    know_audit_key(url)
    try:
        with app.test_request_context():
            use_language(patient.language or None)
            return handed_out(patient, by=BY_COMMAND)
    finally:
        app.extensions["recovery_database"].close()


def export_redcap(database: Database, public_id: str | None, out: Path) -> str:
    """`out` is a folder with REDCap's dictionary and this patient's record; says what is in it."""
    patient, at = the_patient(database, public_id), utc_now()
    exported = audit.AuditAction.EXPORTED
    services.note_file(database, patient.id, exported, {"file": "redcap"}, by=BY_COMMAND, at=at)
    with whole_folder(out) as folder:
        days = takeout.write_redcap(database, patient, folder)
    return f"A dictionary and {counted(days, 'day')} for REDCap are in {out}."


def export_omop(database: Database, public_id: str | None, out: Path) -> str:
    """`out` holds rows of OMOP's MEASUREMENT table; says how many."""
    patient, at = the_patient(database, public_id), utc_now()
    exported = audit.AuditAction.EXPORTED
    services.note_file(database, patient.id, exported, {"file": "omop"}, by=BY_COMMAND, at=at)
    with whole_file(out) as stream:
        rows = takeout.write_omop(database, patient, stream)
    return f"{counted(rows, 'row')} for OMOP are in {out}."
