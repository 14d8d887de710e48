"""Who is in which team, whose patients are whose, and who stands in for whom.

Opening diaries to an account that is not independent of one's own takes a second person here as
well: an independent administrator, or a clinician who sees those diaries already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..domain.language import N_
from ..domain.people import Actor, Rights, Role
from ..storage import second_person, teams
from ..storage.database import Database, Session
from ..storage.errors import NotFound, Refused
from ..storage.people import new_public_id
from ..storage.teams import Cover, Team
from .change import change, in_one_change

leave = in_one_change(teams.leave)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a patient belongs: to a team, to a surgeon, to either, or to nobody."""

    patient_id: int
    team_id: int | None
    surgeon_id: int | None


def save_team(
    database: Database, name: str, *, by: Actor, at: datetime, team_id: int | None = None
) -> Team:
    """The team has this name; without `team_id` it is a new one.

    Raises:
        Refused: the name is empty, or another team has it.
    """
    with change(database) as session:
        return teams.save_team(
            session, name, public_id=new_public_id(), by=by, at=at, team_id=team_id
        )


def join(
    database: Database, team_id: int, account_ids: Sequence[int], *, by: Actor, at: datetime
) -> tuple[int, ...]:
    """These clinicians belong to the team; the ones returned wait for a second person.

    Raises:
        NotFound, Refused: as `storage.teams.ask_to_join`; then nobody was added.
    """
    waiting = []
    with change(database) as session:
        for account_id in account_ids:
            joins = second_person.are_independent(session, by.account_id, account_id)
            teams.ask_to_join(session, team_id, account_id, joins=joins, by=by, at=at)
            if not joins:
                waiting.append(account_id)
    return tuple(waiting)


def may_let_join(session: Session, team: Team, account_id: int, by: Actor) -> bool:
    """Whether this person may say yes: a clinician of the team, or an administrator independent of
    the account and of the one who asked.
    """
    if by.role is Role.CLINICIAN:
        return by.account_id in team.members and by.rights is Rights.FULL
    if by.role is not Role.ADMINISTRATOR or by.account_id is None:
        return by.role is Role.SYSTEM
    asked_by = teams.asked_by(session, team.id, account_id)
    return all(
        second_person.are_independent(session, other, by.account_id)
        for other in (asked_by, account_id)
    )


def answer_joining(
    database: Database,
    team_id: int,
    answers: Sequence[tuple[int, bool]],
    *,
    by: Actor,
    at: datetime,
) -> int:
    """How many of those who wait were answered; who may not be answered by `by` goes on waiting."""
    answered = 0
    with change(database) as session:
        team = next((one for one in teams.all_teams(session) if one.id == team_id), None)
        if team is None:
            raise NotFound
        for account_id, yes in answers:
            if account_id not in team.waiting or not may_let_join(session, team, account_id, by):
                continue
            answered += 1
            if yes:
                teams.ask_to_join(session, team_id, account_id, joins=True, by=by, at=at)
            else:
                teams.leave(session, team_id, account_id, by=by, at=at)
    return answered


def place(database: Database, placed: Sequence[Placed], *, by: Actor, at: datetime) -> None:
    """The patients belong to these teams and surgeons, all of them or none.

    Raises:
        NotFound, Refused: as `storage.teams.place`.
    """
    with change(database) as session:
        for one in placed:
            teams.place(
                session,
                one.patient_id,
                team_id=one.team_id,
                surgeon_id=one.surgeon_id,
                by=by,
                at=at,
            )


def add_cover(
    database: Database,
    account_id: int,
    for_account_id: int,
    from_at: datetime,
    until_at: datetime,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The one sees what the other sees, from the first instant up to the second.

    Raises:
        Refused: the days are in the wrong order, or whoever asks is not independent of the account
            that would see the diaries; then the clinician who is away has to do it, or an
            independent administrator.
    """
    with change(database) as session:
        is_own = by.role is Role.CLINICIAN and by.account_id == for_account_id
        if by.role is Role.CLINICIAN and not (is_own and by.rights is Rights.FULL):
            raise Refused(N_("You can only choose who covers for you."))
        if not is_own and not second_person.are_independent(session, by.account_id, account_id):
            raise Refused(
                N_(
                    "This account and yours go back to one administrator. The clinician who is "
                    "away can choose it under “Team”, or an independent administrator here."
                )
            )
        teams.add_cover(session, account_id, for_account_id, from_at, until_at, by=by, at=at)


def end_cover(database: Database, number: int, *, by: Actor, at: datetime) -> None:
    """The cover has ended. Clinicians may end cover that they gave or took themselves.

    Raises:
        NotFound: there is no such cover, or it is not theirs to end.
    """
    with change(database) as session:
        found: Cover | None = teams.cover(session, number)
        theirs = found is not None and by.account_id in (found.account_id, found.for_account_id)
        if found is None or (by.role is Role.CLINICIAN and not theirs):
            raise NotFound
        teams.end_cover(session, number, by=by, at=at)
