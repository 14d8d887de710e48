"""Teams, their patients, and cover for a colleague."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.language import N_
from ..domain.people import Actor, Rights, Role
from .audit import AuditAction, record
from .database import WriteSession
from .errors import NotFound, Refused
from .tables.people import AccountRow, PatientRow
from .tables.teams import CoverRow, TeamMemberRow, TeamPatientRow, TeamRow
from .ways import own_patients

#: Longest cover; who helps for longer belongs in the team. Our default.
LONGEST_COVER = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Team:
    """A team; `members` have joined, `waiting` are asked for and see nothing yet."""

    id: int
    public_id: str
    name: str
    members: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """`account_id` sees what `for_account_id` sees, from `from_at` up to `until_at`."""

    id: int
    account_id: int
    for_account_id: int
    from_at: datetime
    until_at: datetime


def all_teams(session: Session) -> tuple[Team, ...]:
    """Every team by name, with its members."""
    members: dict[int, list[TeamMemberRow]] = {}
    for row in session.scalars(select(TeamMemberRow).order_by(TeamMemberRow.asked_at)):
        members.setdefault(row.team_id, []).append(row)
    return tuple(
        Team(
            row.id,
            row.public_id,
            row.name,
            tuple(one.account_id for one in members.get(row.id, ()) if one.joined_at),
            tuple(one.account_id for one in members.get(row.id, ()) if not one.joined_at),
        )
        for row in session.scalars(select(TeamRow).order_by(TeamRow.name))
    )


def is_in_one(session: Session, account_id: int) -> bool:
    """Whether the clinician has joined a team, and does not only wait to."""
    joined = select(TeamMemberRow.team_id).where(
        TeamMemberRow.account_id == account_id, TeamMemberRow.joined_at.is_not(None)
    )
    return session.scalar(joined.limit(1)) is not None


def team_of(session: Session, patient_id: int) -> TeamPatientRow | None:
    """Team and responsible surgeon of a patient; None where neither was said."""
    return session.get(TeamPatientRow, patient_id)


def patients_of(session: Session, team_id: int) -> tuple[int, ...]:
    """Numbers of the patients of a team."""
    query = select(TeamPatientRow.patient_id).where(TeamPatientRow.team_id == team_id)
    return tuple(session.scalars(query.order_by(TeamPatientRow.patient_id)))


def save_team(
    session: WriteSession,
    name: str,
    *,
    public_id: str,
    by: Actor,
    at: datetime,
    team_id: int | None,
) -> Team:
    """The team has this name; without `team_id` it is a new one.

    Raises:
        Refused: the name is empty, or another team has it, whatever the case.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused(N_("Type the name of the team."))
    others = session.scalars(select(TeamRow.name).where(TeamRow.id != (team_id or 0)))
    if name.casefold() in {other.casefold() for other in others}:
        raise Refused(N_("Another team has this name."))
    if team_id is None:
        row = TeamRow(public_id=public_id, name=name)
        session.add(row)
        session.flush()
    else:
        found = session.get(TeamRow, team_id)
        if found is None:
            raise NotFound
        row = found
        row.name = name
    details = {"team": row.id, "name": name}
    record(session, AuditAction.TEAM_CHANGED, by=by, at=at, details=details)
    return Team(row.id, row.public_id, row.name)


def ask_to_join(
    session: WriteSession, team_id: int, account_id: int, *, joins: bool, by: Actor, at: datetime
) -> None:
    """The clinician is a member, or waits to become one (`joins` is False).

    Raises:
        NotFound: there is no such team or account.
        Refused: the account is no clinician's.
    """
    account = session.get(AccountRow, account_id)
    if account is None or session.get(TeamRow, team_id) is None:
        raise NotFound
    if not _sees_diaries(account):
        raise Refused(N_("Only a clinician can be in a team."))
    row = session.get(TeamMemberRow, (team_id, account_id))
    if row is None:
        row = TeamMemberRow(
            team_id=team_id, account_id=account_id, by_account_id=by.account_id, asked_at=at
        )
        session.add(row)
        _note(session, team_id, account_id, "asked", by, at)
    if joins and row.joined_at is None:
        row.joined_at = at
        _note(session, team_id, account_id, "joined", by, at)
        _tell_patients(session, AuditAction.CARE_GRANTED, team_id, account_id, by, at)
    session.flush()


def asked_by(session: Session, team_id: int, account_id: int) -> int | None:
    """Who asked that this account join; None where nobody did, or a command."""
    row = session.get(TeamMemberRow, (team_id, account_id))
    return None if row is None else row.by_account_id


def leave(session: WriteSession, team_id: int, account_id: int, *, by: Actor, at: datetime) -> None:
    """The clinician is no member, and waits for nothing."""
    row = session.get(TeamMemberRow, (team_id, account_id))
    if row is None:
        return
    if row.joined_at is not None:
        _tell_patients(session, AuditAction.CARE_REVOKED, team_id, account_id, by, at)
    _note(session, team_id, account_id, "left", by, at)
    session.delete(row)
    session.flush()


def wait_again(
    session: WriteSession, account_id: int, by_account_id: int, *, by: Actor, at: datetime
) -> None:
    """The account's memberships need a second person's consent again, and its cover has ended."""
    for row in session.scalars(select(TeamMemberRow).where(TeamMemberRow.account_id == account_id)):
        if row.joined_at is not None:
            _tell_patients(session, AuditAction.CARE_REVOKED, row.team_id, account_id, by, at)
        row.joined_at, row.by_account_id, row.asked_at = None, by_account_id, at
    for number in session.scalars(select(CoverRow.id).where(CoverRow.account_id == account_id)):
        end_cover(session, number, by=by, at=at)
    session.flush()


def place(
    session: WriteSession,
    patient_id: int,
    *,
    team_id: int | None,
    surgeon_id: int | None,
    by: Actor,
    at: datetime,
) -> None:
    """The patient belongs to this team and this surgeon; None is nobody.

    Raises:
        NotFound: there is no such patient or team.
        Refused: the surgeon is no clinician.
    """
    if session.get(PatientRow, patient_id) is None:
        raise NotFound
    if team_id is not None and session.get(TeamRow, team_id) is None:
        raise NotFound
    surgeon = None if surgeon_id is None else session.get(AccountRow, surgeon_id)
    if surgeon_id is not None and (surgeon is None or not _sees_diaries(surgeon)):
        raise Refused(N_("Only a clinician can be the responsible surgeon."))
    row = session.get(TeamPatientRow, patient_id)
    if row is None:
        row = TeamPatientRow(patient_id=patient_id)
        session.add(row)
    if (row.team_id, row.surgeon_id) == (team_id, surgeon_id):
        return
    row.team_id, row.surgeon_id = team_id, surgeon_id
    session.flush()
    details = {"team": team_id, "surgeon": surgeon_id}
    record(
        session, AuditAction.PATIENT_PLACED, by=by, at=at, patient_id=patient_id, details=details
    )


def add_cover(
    session: WriteSession,
    account_id: int,
    for_account_id: int,
    from_at: datetime,
    until_at: datetime,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """For this time one clinician sees what the other sees; each patient's audit trail says so.

    Raises:
        Refused: it ends before it begins, is over already, or either account is no clinician's.
    """
    if not from_at < until_at or until_at <= at:
        raise Refused(N_("The last day of the cover is before its first day, or in the past."))
    if account_id == for_account_id:
        raise Refused(N_("Choose two people."))
    if until_at - from_at > LONGEST_COVER:
        raise Refused(N_("Cover can last a year at most. For longer, add the person to the team."))
    overlaps = select(CoverRow.id).where(
        CoverRow.account_id == account_id,
        CoverRow.for_account_id == for_account_id,
        CoverRow.from_at < until_at,
        CoverRow.until_at > from_at,
    )
    if session.scalar(overlaps) is not None:
        raise Refused(N_("This person is already covering on some of these days."))
    for number in (account_id, for_account_id):
        account = session.get(AccountRow, number)
        if account is None or not _sees_diaries(account):
            raise Refused(N_("Only a clinician can cover for a clinician."))
    session.add(
        CoverRow(
            account_id=account_id,
            for_account_id=for_account_id,
            from_at=from_at,
            until_at=until_at,
            by_account_id=by.account_id,
            made_at=at,
        )
    )
    session.flush()
    details = {"account_id": account_id, "for": for_account_id, "until": until_at.isoformat()}
    for patient_id in own_patients(session, for_account_id):
        record(
            session, AuditAction.COVER_GIVEN, by=by, at=at, patient_id=patient_id, details=details
        )


def covers(session: Session, at: datetime) -> tuple[Cover, ...]:
    """Cover that is on or to come, the nearest first."""
    query = select(CoverRow).where(CoverRow.until_at > at).order_by(CoverRow.from_at, CoverRow.id)
    return tuple(map(_cover, session.scalars(query)))


def cover(session: Session, number: int) -> Cover | None:
    row = session.get(CoverRow, number)
    return None if row is None else _cover(row)


def end_cover(session: WriteSession, number: int, *, by: Actor, at: datetime) -> None:
    """The cover has ended; one that had ended before is left alone."""
    row = session.get(CoverRow, number)
    if row is None or row.until_at <= at:
        return
    details = {"account_id": row.account_id, "for": row.for_account_id}
    for patient_id in own_patients(session, row.for_account_id):
        record(
            session, AuditAction.COVER_ENDED, by=by, at=at, patient_id=patient_id, details=details
        )
    session.delete(row)
    session.flush()


def _sees_diaries(account: AccountRow) -> bool:
    return account.role == Role.CLINICIAN and account.rights != Rights.DESK


def _note(
    session: WriteSession, team_id: int, account_id: int, what: str, by: Actor, at: datetime
) -> None:
    details = {"team": team_id, "account_id": account_id, "what": what}
    record(session, AuditAction.TEAM_CHANGED, by=by, at=at, details=details)


def _tell_patients(
    session: WriteSession,
    action: AuditAction,
    team_id: int,
    account_id: int,
    by: Actor,
    at: datetime,
) -> None:
    details = {"account_id": account_id, "team": team_id}
    for patient_id in patients_of(session, team_id):
        record(session, action, by=by, at=at, patient_id=patient_id, details=details)


def _cover(row: CoverRow) -> Cover:
    return Cover(row.id, row.account_id, row.for_account_id, row.from_at, row.until_at)
