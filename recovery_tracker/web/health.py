"""An honest look at the installation: what was checked, how it stands, what to do."""

from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import text

from recovery_tracker.storage import audit
from recovery_tracker.storage.database import Database

from .clock import now


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `is_good` is None where it could not be known."""

    name: str
    is_good: bool | None
    found: str


def checks(database: Database) -> list[Check]:
    """Every check, made now."""
    found = [_structure(database), _trail(database)]
    file = database.engine.url.database
    if database.engine.dialect.name == "sqlite" and file:
        found.append(_backups(Path(file)))
    else:
        found.append(Check(_("Backups"), None, _("Made by your database server; look there.")))
    return found


def _structure(database: Database) -> Check:
    name = _("Database file")
    if database.engine.dialect.name != "sqlite":
        return Check(name, None, _("Kept by your database server; look there."))
    with database.read() as session:
        answer = session.execute(text("PRAGMA quick_check(1)")).scalar()
    if answer == "ok":
        return Check(name, True, _("Its structure is sound."))
    return Check(name, False, _("It is damaged. Stop the program and restore the newest backup."))


def _trail(database: Database) -> Check:
    name = _("Record of what happened")
    with database.read() as session:
        problems = audit.verify(session)
    if not problems:
        return Check(name, True, _("Complete: every link holds."))
    return Check(
        name,
        False,
        _("%(count)s links do not hold: somebody changed the file.", count=len(problems)),
    )


def _backups(file: Path) -> Check:
    name = _("Backups")
    kept = sorted(
        (one for one in file.parent.glob(f"{file.stem}*backup*") if one.is_file()),
        key=lambda one: one.stat().st_mtime,
    )
    if not kept:
        return Check(
            name,
            False,
            _("None found beside the database. Run “recovery-tracker backup FILE” today."),
        )
    age = int((now().timestamp() - kept[-1].stat().st_mtime) // 86_400)
    return Check(
        name,
        age <= 7,
        _("The newest one beside the database is %(days)s days old.", days=max(age, 0)),
    )
