"""The state of the installation: what was checked, what was found, what to do."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...domain.alerts import is_overdue
from ...domain.people import Mode
from ...storage import alerts, audit_trail, people
from ...storage.audit import AuditAction
from ...storage.checked import all_problems, keep_mark, problems_since, read_mark
from ...storage.database import Database
from ...storage.settings import read_installation
from ..config import current_config
from ..shared.clock import now
from ..shared.language import instant_text
from ..shared.zones import clinic_zone

BACKUP_WITHIN_DAYS = 7
"""A backup older than this needs somebody. Our default."""

TICK_WITHIN = timedelta(hours=26)
"""The daily assessment is late after this: a day, and two hours for a slow night. Our default."""


REMIND_WITHIN = timedelta(hours=1)
"""`remind`, run every ten minutes, is late after this. Our default."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at just now, and what was found."""

    name: str
    is_good: bool
    found: str


def checks(database: Database) -> list[Check]:
    """Every check, made now: what needs somebody first, and of it what patients wait for."""
    with database.read() as session:
        found = [_soundness(session), _backups(session), _clock(session)]
        if read_installation(session).mode is Mode.CLINIC:
            found = [_overdue(session), _readers(session), *found, _ticked(session)]
        found += _reminded(session)
    return sorted(found, key=lambda check: check.is_good)


def _soundness(session: Session) -> Check:
    """Of what was written since it was last found in order, as `check` does; else of all of it."""
    name, config = _("The database"), current_config()
    since = config.folder and read_mark(config.folder, config.database_url, now())
    if since and problems_since(session, config.folder, since) == []:
        text = _(
            "What was written since %(when)s is in order. Everything was last read on %(whole)s.",
            when=instant_text(since.at, clinic_zone()),
            whole=instant_text(since.whole, clinic_zone()),
        )
        return Check(name, True, text)
    problems, checked = all_problems(session, config.folder, now())
    if checked is not None:
        if config.folder is not None:
            keep_mark(config.folder, config.database_url, checked)
        return Check(name, True, _("Structure, entries and audit trail are in order."))
    return Check(
        name,
        False,
        _(
            "%(count)s problems, the first: %(first)s. Stop the program, keep the file, and "
            "restore the newest backup.",
            count=len(problems),
            first=problems[0],
        ),
    )


def _clock(session: Session) -> Check:
    name = _("This computer’s clock")
    ahead = audit_trail.time_ahead(session, now())
    if ahead is None:
        return Check(name, True, _("Nothing stored is dated ahead of it."))
    text = _(
        "The newest event is dated %(when)s, which is still to come. Compare this computer’s clock."
        " If it is right, it ran ahead before: days of a diary dated ahead can be corrected or "
        "removed in the diary (docs/operations.md).",
        when=instant_text(ahead, clinic_zone()),
    )
    return Check(name, False, text)


def _readers(session: Session) -> Check:
    name = _("Who cares for whom")
    unread = people.count_unread(session, now())
    if not unread:
        return Check(name, True, _("Every patient has a clinician who sees the diary."))
    text = _(
        "Patients without a clinician: %(count)s. Nobody at the clinic sees their warning answers. "
        "Give somebody access under “People”.",
        count=unread,
    )
    return Check(name, False, text)


def _overdue(session: Session) -> Check:
    name = _("Urgent answers")
    hours, at = read_installation(session).promised_hours, now()
    late = [one for one in alerts.waiting(session) if is_overdue(one.since, at, hours)]
    if not late:
        text = ngettext(
            "None has waited for more than %(num)s hour, the limit under “Settings”.",
            "None has waited for more than %(num)s hours, the limit under “Settings”.",
            hours,
        )
        return Check(name, True, text)
    text = ngettext(
        "Waiting for more than %(num)s hour: %(count)s. Nobody has looked. Call the team.",
        "Waiting for more than %(num)s hours: %(count)s. Nobody has looked. Call the team.",
        hours,
        count=len(late),
    )
    return Check(name, False, text)


def _ticked(session: Session) -> Check:
    name = _("Daily assessment")
    last = alerts.last_run(session, "tick")
    if last is not None and abs(now() - last) <= TICK_WITHIN:
        return Check(name, True, _("Ran at %(when)s.", when=instant_text(last, clinic_zone())))
    text = _(
        "“recovery-tracker tick” has not run for more than a day. Flags may be behind for patients "
        "whose page nobody opened. Add it to cron (docs/operations.md)."
    )
    if last is None:
        text = _(
            "“recovery-tracker tick” has never run here. Flags may be behind for patients whose "
            "page nobody opened. Add it to cron (docs/operations.md)."
        )
    return Check(name, False, text)


def _reminded(session: Session) -> list[Check]:
    """Whether messages go out; nothing where nobody waits for one."""
    if not _is_awaited(session):
        return []
    name = _("Reminders and messages")
    last = alerts.last_run(session, "remind")
    if last is not None and abs(now() - last) <= REMIND_WITHIN:
        return [Check(name, True, _("Ran at %(when)s.", when=instant_text(last, clinic_zone())))]
    text = _(
        "“recovery-tracker remind” has not run for more than an hour. Until it runs, nobody is "
        "reminded and nobody is told of an urgent answer. Add it to cron (docs/operations.md)."
    )
    if last is None:
        text = _(
            "“recovery-tracker remind” has never run here. Until it runs, nobody is reminded and "
            "nobody is told of an urgent answer. Add it to cron (docs/operations.md)."
        )
    return [Check(name, False, text)]


def _is_awaited(session: Session) -> bool:
    """Whether a clinician, the clinic's own system or a patient is to get messages."""
    if current_config().hook is not None or alerts.all_wishes(session):
        return True
    return any(
        patient.preferences.get("mail") or patient.preferences.get("rings")
        for patient in people.all_patients(session)
    )


def _backups(session: Session) -> Check:
    name = _("Backups")
    made = audit_trail.events_about(session, action=AuditAction.BACKED_UP, limit=1)
    if not made:
        text = _(
            "No backup has been made yet. Run “recovery-tracker backup FILE” today, and keep the "
            "file on another machine."
        )
        return Check(name, False, text)
    age = (now() - made[0].at).days
    text = _("The newest was made on %(when)s.", when=instant_text(made[0].at, clinic_zone()))
    return Check(name, age <= BACKUP_WITHIN_DAYS, text)
