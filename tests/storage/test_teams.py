"""Teams and cover: to whom a diary is open, from when until when, and who may say so."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.people import Actor, Rights, Role
from recovery_tracker.services import teams as verbs
from recovery_tracker.services.teams import Placed
from recovery_tracker.storage import accounts, audit_trail, people, teams, ways
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.database import Database
from recovery_tracker.storage.errors import NotFound, Refused
from recovery_tracker.storage.ways import Way
from tests.databases import NOW, SYSTEM, new_patient

DAY = timedelta(days=1)


def account(database, name, role=Role.CLINICIAN, invited_by=None, rights=Rights.FULL):
    with database.write() as session:
        made = accounts.create_account(
            session,
            name=name,
            login=name.lower(),
            role=role,
            rights=rights,
            by=SYSTEM,
            at=NOW,
        )
        if invited_by is not None:
            accounts.note_inviter(session, made.id, invited_by)
    return made.id


def acting(database, account_id, at=NOW) -> Actor:
    with database.read() as session:
        found = accounts.actor_of(session, account_id, at)
    assert found is not None
    return found


def opens(database, account_id, at=NOW):
    """Whose diaries are open, found at once; asked about one by one the answer is the same."""
    found = acting(database, account_id, at).cares_for
    one_by_one = ways.OpenDiaries(database, account_id, at)
    with database.read() as session:
        everybody = {patient.id for patient in people.all_patients(session)}
    assert {patient for patient in everybody if patient in one_by_one} == found
    assert bool(ways.OpenDiaries(database, account_id, at)) == bool(found)
    return found


@pytest.fixture
def clinic(database: Database):
    """A team "Spine" with Lund; Ann and Bo are its patients, Cy belongs to nobody."""
    lund, kim = account(database, "Lund"), account(database, "Kim")
    ann, bo, cy = (new_patient(database, name).id for name in ("Ann", "Bo", "Cy"))
    team = verbs.save_team(database, " Spine ", by=SYSTEM, at=NOW)
    assert verbs.join(database, team.id, [lund], by=SYSTEM, at=NOW) == ()
    placed = [Placed(ann, team.id, lund), Placed(bo, team.id, None)]
    verbs.place(database, placed, by=SYSTEM, at=NOW)
    return database, team, lund, kim, (ann, bo, cy)


def test_a_team_opens_its_patients_and_leaving_it_closes_them(clinic):
    database, team, lund, kim, (ann, bo, _) = clinic
    assert team.name == "Spine"
    assert opens(database, lund) == {ann, bo}
    assert opens(database, kim) == frozenset()
    verbs.join(database, team.id, [kim], by=SYSTEM, at=NOW)
    assert opens(database, kim) == {ann, bo}
    verbs.place(database, [Placed(bo, None, None)], by=SYSTEM, at=NOW)
    assert opens(database, kim) == {ann}
    verbs.leave(database, team.id, kim, by=SYSTEM, at=NOW)
    assert opens(database, kim) == frozenset()


def test_patients_are_told_who_left_and_not_of_who_only_waited(clinic):
    database, team, lund, _, (ann, bo, cy) = clinic
    office = account(database, "Office", Role.ADMINISTRATOR)
    made = account(database, "Made", invited_by=office)
    assert verbs.join(database, team.id, [made], by=acting(database, office), at=NOW) == (made,)

    def told(patient_id):
        with database.read() as session:
            action = AuditAction.CARE_REVOKED
            return len(audit_trail.events_about(session, patient_id, action=action))

    verbs.leave(database, team.id, made, by=SYSTEM, at=NOW)
    assert [told(one) for one in (ann, bo, cy)] == [0, 0, 0]
    verbs.leave(database, team.id, lund, by=SYSTEM, at=NOW)
    assert [told(one) for one in (ann, bo, cy)] == [1, 1, 0]


def test_cover_holds_from_its_first_instant_up_to_its_last(clinic):
    """
    before   first   ...   until   after
    nothing  all           nothing nothing
    """
    database, _, lund, kim, (ann, bo, cy) = clinic
    with database.write() as session:
        people.grant_care(session, cy, lund, by=SYSTEM, at=NOW)
    first, until = NOW + DAY, NOW + 8 * DAY
    verbs.add_cover(database, kim, lund, first, until, by=acting(database, lund), at=NOW)
    seen = [
        opens(database, kim, at)
        for at in (NOW, first, until - timedelta(seconds=1), until, until + DAY)
    ]
    nothing, everything = frozenset(), {ann, bo, cy}
    assert seen == [nothing, everything, everything, nothing, nothing]
    with database.read() as session:
        assert ways.readers_at(session, cy, first) == {lund: Way.CARE, kim: Way.COVER}
        told = audit_trail.events_about(session, cy, action=AuditAction.COVER_GIVEN)
    assert [one.details["account_id"] for one in told] == [kim]


def test_cover_is_of_the_colleague_and_not_of_those_the_colleague_covers(clinic):
    database, _, lund, kim, _ = clinic
    mo = account(database, "Mo")
    week = (NOW, NOW + 7 * DAY)
    verbs.add_cover(database, kim, lund, *week, by=SYSTEM, at=NOW)
    verbs.add_cover(database, mo, kim, *week, by=SYSTEM, at=NOW)
    assert opens(database, kim) != frozenset()
    assert opens(database, mo) == frozenset()


def test_the_patients_no_beats_team_and_cover_until_care_is_given_again(clinic):
    database, _, lund, kim, (ann, bo, _) = clinic
    verbs.add_cover(database, kim, lund, NOW, NOW + DAY, by=SYSTEM, at=NOW)
    for one in (kim, lund):
        with database.write() as session:
            people.revoke_care(session, ann, one, by=SYSTEM, at=NOW)
    assert opens(database, lund) == opens(database, kim) == {bo}
    with database.write() as session:
        people.grant_care(session, ann, lund, by=SYSTEM, at=NOW)
    assert opens(database, lund) == {ann, bo}
    assert opens(database, kim) == {bo}, "their own end still stands"


def test_cover_ends_with_what_was_covered(clinic):
    database, team, lund, kim, _ = clinic
    verbs.add_cover(database, kim, lund, NOW, NOW + DAY, by=SYSTEM, at=NOW)
    verbs.leave(database, team.id, lund, by=SYSTEM, at=NOW)
    assert opens(database, kim) == frozenset()


def test_an_account_of_ones_own_making_joins_with_a_second_person(clinic):
    database, team, lund, _, (ann, bo, _) = clinic
    office = account(database, "Office", Role.ADMINISTRATOR)
    other = account(database, "Other", Role.ADMINISTRATOR)
    made = account(database, "Made", invited_by=office)
    by = acting(database, office)
    assert verbs.join(database, team.id, [made], by=by, at=NOW) == (made,)
    assert opens(database, made) == frozenset()
    assert verbs.answer_joining(database, team.id, [(made, True)], by=by, at=NOW) == 0
    # An administrator whom the first one made is no second person.
    theirs = account(database, "Theirs", Role.ADMINISTRATOR, invited_by=office)
    yes = [(made, True)]
    for one, counts in ((theirs, 0), (made, 0), (other, 1)):
        by = acting(database, one)
        assert verbs.answer_joining(database, team.id, yes, by=by, at=NOW) == counts
    assert opens(database, made) == {ann, bo}
    assert lund != made


def test_a_clinician_of_the_team_may_let_somebody_join_or_not(clinic):
    database, team, lund, kim, _ = clinic
    office = account(database, "Office", Role.ADMINISTRATOR)
    made = account(database, "Made", invited_by=office)
    verbs.join(database, team.id, [made], by=acting(database, office), at=NOW)
    no = [(made, False)]
    assert verbs.answer_joining(database, team.id, no, by=acting(database, kim), at=NOW) == 0
    assert verbs.answer_joining(database, team.id, no, by=acting(database, lund), at=NOW) == 1
    with database.read() as session:
        assert teams.all_teams(session)[0].waiting == ()


def test_whoever_made_an_account_gives_it_no_cover(clinic):
    database, _, lund, kim, _ = clinic
    office = account(database, "Office", Role.ADMINISTRATOR)
    made = account(database, "Made", invited_by=office)
    span = (NOW, NOW + DAY)
    with pytest.raises(Refused, match="go back to one"):
        verbs.add_cover(database, made, lund, *span, by=acting(database, office), at=NOW)
    with pytest.raises(Refused, match="covers for you"):
        verbs.add_cover(database, made, lund, *span, by=acting(database, kim), at=NOW)
    verbs.add_cover(database, made, lund, *span, by=acting(database, lund), at=NOW)
    with database.read() as session:
        (cover,) = teams.covers(session, NOW)
    with pytest.raises(NotFound):
        verbs.end_cover(database, cover.id, by=acting(database, kim), at=NOW)
    verbs.end_cover(database, cover.id, by=acting(database, lund), at=NOW)
    assert opens(database, made) == frozenset()


def test_who_only_reads_opens_no_diary_to_others(clinic):
    database, team, _, kim, _ = clinic
    reader = account(database, "Reader", rights=Rights.READ)
    verbs.join(database, team.id, [reader], by=SYSTEM, at=NOW)
    office = account(database, "Office", Role.ADMINISTRATOR)
    made = account(database, "Made", invited_by=office)
    verbs.join(database, team.id, [made], by=acting(database, office), at=NOW)
    by = acting(database, reader)
    with pytest.raises(Refused):
        verbs.add_cover(database, kim, reader, NOW, NOW + DAY, by=by, at=NOW)
    assert verbs.answer_joining(database, team.id, [(made, True)], by=by, at=NOW) == 0
    assert opens(database, made) == opens(database, kim) == frozenset()


def test_cover_is_given_once_for_the_same_days(clinic):
    database, _, lund, kim, _ = clinic
    verbs.add_cover(database, kim, lund, NOW, NOW + 2 * DAY, by=SYSTEM, at=NOW)
    with pytest.raises(Refused, match="already"):
        verbs.add_cover(database, kim, lund, NOW + DAY, NOW + 3 * DAY, by=SYSTEM, at=NOW)
    verbs.add_cover(database, kim, lund, NOW + 2 * DAY, NOW + 3 * DAY, by=SYSTEM, at=NOW)


def test_what_cannot_be_is_refused_and_changes_nothing(clinic):
    database, team, lund, kim, (ann, *_) = clinic
    office = account(database, "Office", Role.ADMINISTRATOR)
    for deed in (
        lambda: verbs.save_team(database, "  ", by=SYSTEM, at=NOW),
        lambda: verbs.save_team(database, "Spine", by=SYSTEM, at=NOW),
        lambda: verbs.save_team(database, "spine", by=SYSTEM, at=NOW),
        lambda: verbs.join(database, team.id, [kim, office], by=SYSTEM, at=NOW),
        lambda: verbs.place(database, [Placed(ann, None, office)], by=SYSTEM, at=NOW),
        lambda: verbs.add_cover(database, kim, lund, NOW, NOW, by=SYSTEM, at=NOW),
        lambda: verbs.add_cover(database, kim, lund, NOW - DAY, NOW, by=SYSTEM, at=NOW),
        lambda: verbs.add_cover(database, lund, lund, NOW, NOW + DAY, by=SYSTEM, at=NOW),
        lambda: verbs.add_cover(database, kim, lund, NOW, NOW + 367 * DAY, by=SYSTEM, at=NOW),
    ):
        with pytest.raises(Refused):
            deed()
    with database.read() as session:
        assert [one.members for one in teams.all_teams(session)] == [(lund,)]
        assert teams.covers(session, NOW) == ()


def test_a_patient_is_read_where_somebody_of_the_team_can_sign_in(clinic):
    database, _, lund, _, _ = clinic
    with database.read() as session:
        assert people.count_unread(session, NOW) == 1, "Cy belongs to nobody"
    with database.write() as session:
        accounts.set_active(session, lund, False, by=SYSTEM, at=NOW)
    with database.read() as session:
        assert people.count_unread(session, NOW) == 3
