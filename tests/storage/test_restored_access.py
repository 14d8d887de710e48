"""A restore gives nobody back a diary that was closed to them since the backup."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from recovery_tracker.domain.people import Actor
from recovery_tracker.storage import (
    accounts,
    alerts,
    passkeys,
    people,
    second_person,
    soundness,
    teams,
    ways,
)
from recovery_tracker.storage.backup import backup_to, restore_from
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.people import Patient
from tests.databases import NOW, SYSTEM, new_clinician, new_patient, url_of

LATER = NOW + timedelta(hours=1)


@dataclass
class House:
    """Carol and dan are ann's team, erin covers for dan, and bo is dan's own patient."""

    database: Database
    ann: Patient
    bo: Patient
    carol: Actor
    dan: Actor
    erin: Actor
    team: teams.Team

    def opens(self) -> dict[str, set[str]]:
        """Who can open which diary a little later."""
        with self.database.read() as session:
            return {
                name: {
                    patient.name
                    for patient in people.all_patients(session)
                    if patient.id in ways.patients_open_to(session, who.account_id, LATER)
                }
                for name, who in (("carol", self.carol), ("dan", self.dan), ("erin", self.erin))
            }


@pytest.fixture
def house(database: Database) -> House:
    ann, bo = new_patient(database, "Ann"), new_patient(database, "Bo")
    carol, dan, erin = (new_clinician(database, login=one) for one in ("carol", "dan", "erin"))
    with database.write() as session:
        team = teams.save_team(
            session, "Spine", public_id="s" * 22, by=SYSTEM, at=NOW, team_id=None
        )
        for who in (carol, dan):
            teams.ask_to_join(session, team.id, who.account_id, joins=True, by=SYSTEM, at=NOW)
        teams.place(session, ann.id, team_id=team.id, surgeon_id=None, by=SYSTEM, at=NOW)
        people.grant_care(session, bo.id, dan.account_id, by=SYSTEM, at=NOW)
        until = NOW + timedelta(days=5)
        teams.add_cover(session, erin.account_id, dan.account_id, NOW, until, by=SYSTEM, at=NOW)
    return House(database, ann, bo, carol, dan, erin, team)


def leaves(house: House) -> None:
    with house.database.write() as session:
        teams.leave(session, house.team.id, house.dan.account_id, by=SYSTEM, at=NOW)


def is_closed_by_the_patient(house: House) -> None:
    with house.database.write() as session:
        people.revoke_care(session, house.ann.id, house.dan.account_id, by=SYSTEM, at=NOW)


def cover_ends(house: House) -> None:
    with house.database.write() as session:
        (cover,) = teams.covers(session, NOW)
        teams.end_cover(session, cover.id, by=SYSTEM, at=NOW)


def goes_to_another_team(house: House) -> None:
    with house.database.write() as session:
        other = teams.save_team(
            session, "Hips", public_id="h" * 22, by=SYSTEM, at=NOW, team_id=None
        )
        teams.place(session, house.ann.id, team_id=other.id, surgeon_id=None, by=SYSTEM, at=NOW)


def goes_to_no_team(house: House) -> None:
    with house.database.write() as session:
        teams.place(session, house.ann.id, team_id=None, surgeon_id=None, by=SYSTEM, at=NOW)


ALL = {"carol": {"Ann"}, "dan": {"Ann", "Bo"}, "erin": {"Ann", "Bo"}}


@pytest.mark.parametrize(
    ("deed", "left"),
    [
        (leaves, ALL | {"dan": {"Bo"}, "erin": {"Bo"}}),
        (is_closed_by_the_patient, ALL | {"dan": {"Bo"}, "erin": {"Bo"}}),
        (cover_ends, ALL | {"erin": set()}),
        (goes_to_another_team, {"carol": set(), "dan": {"Bo"}, "erin": {"Bo"}}),
        (goes_to_no_team, {"carol": set(), "dan": {"Bo"}, "erin": {"Bo"}}),
        (lambda _house: None, ALL),
    ],
)
def test_what_was_closed_since_stays_closed(
    house: House, file: Path, tmp_path: Path, deed: Callable[[House], None], left
) -> None:
    assert house.opens() == ALL
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    deed(house)
    assert house.opens() == left
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert house.opens() == left
    with house.database.read() as session:
        assert list(soundness.problems_of(session)) == []


def test_who_was_switched_off_since_stays_off(house: House, file: Path, tmp_path: Path) -> None:
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    with house.database.write() as session:
        accounts.set_active(session, house.dan.account_id, False, by=SYSTEM, at=NOW)
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with house.database.read() as session:
        off = [one.login for one in accounts.all_accounts(session) if not one.active]
    assert off == ["dan"]


def test_who_went_to_a_team_of_before_is_there_again(
    house: House, file: Path, tmp_path: Path
) -> None:
    """Nobody falls between two teams by a restore."""
    with house.database.write() as session:
        other = teams.save_team(
            session, "Hips", public_id="h" * 22, by=SYSTEM, at=NOW, team_id=None
        )
        erin = house.erin.account_id
        teams.ask_to_join(session, other.id, erin, joins=True, by=SYSTEM, at=NOW)
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    with house.database.write() as session:
        teams.place(session, house.ann.id, team_id=other.id, surgeon_id=None, by=SYSTEM, at=NOW)
    left = {"carol": set(), "dan": {"Bo"}, "erin": {"Ann", "Bo"}}
    assert house.opens() == left
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert house.opens() == left


def test_in_a_new_place_everything_is_as_it_was(house: House, file: Path, tmp_path: Path) -> None:
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    target = tmp_path / "new.db"
    restore_from(made.file, url_of(target), by=SYSTEM, at=NOW)
    restored = open_database(url_of(target))
    house.database, before = restored, house.database
    try:
        assert house.opens() == ALL
    finally:
        house.database = before
        restored.close()


def codes_of(database: Database, who: Actor) -> tuple[str, ...]:
    assert who.account_id is not None
    with database.read() as session:
        account = accounts.account_by_id(session, who.account_id)
    assert account is not None
    return account.recovery_codes


def set_codes(database: Database, who: Actor, *codes: str) -> None:
    assert who.account_id is not None
    with database.write() as session:
        accounts.save_credentials(session, who.account_id, by=SYSTEM, at=NOW, recovery_codes=codes)


@pytest.mark.parametrize(
    ("since", "left"),
    [(("b", "c"), ("b", "c")), (("a", "b", "c"), ("a", "b", "c")), (("d", "e"), ()), ((), ())],
    ids=["one was used", "none was", "all are new", "all were used"],
)
def test_a_recovery_code_that_was_used_stays_used(
    house: House, file: Path, tmp_path: Path, since, left
) -> None:
    set_codes(house.database, house.carol, "a", "b", "c")
    set_codes(house.database, house.dan, "x")
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    set_codes(house.database, house.carol, *since)
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert codes_of(house.database, house.carol) == left
    assert codes_of(house.database, house.dan) == ("x",)


def rings(*names: str) -> tuple[dict[str, str], ...]:
    return tuple({"endpoint": f"https://push.example/{one}", "p256dh": "k"} for one in names)


def ring(house: House, *names: str) -> None:
    """Ann's phone and dan's: the same devices."""
    assert house.dan.account_id is not None
    with house.database.write() as session:
        ann = people.patient_by_id(session, house.ann.id)
        people.update_patient(
            session,
            people.with_preferences(ann, rings=list(rings(*names)), seen="tour"),
            expected_version=ann.version,
            by=SYSTEM,
            at=NOW,
        )
        wanted = alerts.AlertWishes(
            house.dan.account_id, "dan@x.example", True, rings=rings(*names)
        )
        alerts.save_wishes(session, wanted)


def test_a_device_that_was_forgotten_rings_no_more(
    house: House, file: Path, tmp_path: Path
) -> None:
    assert house.dan.account_id is not None
    ring(house, "old", "lost")
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    ring(house, "old", "new")
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with house.database.read() as session:
        kept = people.patient_by_id(session, house.ann.id).preferences
        assert (tuple(kept["rings"]), kept["seen"]) == (rings("old"), "tour")
        wanted = alerts.wishes_of(session, house.dan.account_id)
        assert (wanted.rings, wanted.each, wanted.address) == (rings("old"), True, "dan@x.example")
        assert list(soundness.problems_of(session)) == []


@pytest.mark.parametrize(
    ("deed", "is_open"), [("declined", False), ("granted", True), ("nothing", True)]
)
def test_a_request_that_was_declined_stays_declined(
    house: House, file: Path, tmp_path: Path, deed: str, is_open: bool
) -> None:
    """One that was granted can be granted once more."""
    assert house.erin.account_id is not None
    with house.database.write() as session:
        second_person.ask_for_care(
            session, house.bo.id, house.erin.account_id, by=house.carol, at=NOW
        )
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    with house.database.write() as session:
        if deed != "nothing":
            second_person.take_care_request(session, house.bo.id, house.erin.account_id)
        if deed == "granted":
            people.grant_care(session, house.bo.id, house.erin.account_id, by=SYSTEM, at=NOW)
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with house.database.read() as session:
        assert bool(second_person.care_requests(session)) is is_open
        assert list(soundness.problems_of(session)) == []


def test_a_value_that_cannot_be_read_hinders_no_restore(
    house: House, file: Path, tmp_path: Path
) -> None:
    """What was closed stays closed all the same."""
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    leaves(house)
    with house.database.write() as session:
        session.execute(text("UPDATE patient SET preferences = '{'"))
        session.execute(text("UPDATE account SET recovery_codes = '7'"))
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert house.opens() == ALL | {"dan": {"Bo"}, "erin": {"Bo"}}


def damaged(file: Path, *statements: str) -> None:
    """As a failing disk or somebody with a tool may leave it: rows gone that others point at."""
    with closing(driver().connect(file)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            raw.execute(statement)
        raw.commit()


@pytest.mark.parametrize(
    "broken",
    [
        "DELETE FROM account",
        "DELETE FROM account WHERE login = 'dan'",
        "DELETE FROM patient",
        "DELETE FROM team",
        "UPDATE cover SET from_at = ''",
        "UPDATE team SET public_id = CAST(x'ff' AS TEXT)",
        *(f"DROP TABLE {one}" for one in ("account", "care", "cover", "patient", "team")),
    ],
)
def test_a_restore_over_a_broken_database_takes_nothing_away(
    house: House, file: Path, tmp_path: Path, broken: str
) -> None:
    """That is when a backup is needed; whoever is missing there was not sent away."""
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    damaged(file, broken)
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert house.opens() == ALL
    with house.database.read() as session:
        assert list(soundness.problems_of(session)) == []


@pytest.mark.parametrize(
    "table", ["cover", "team", "team_patient", "care_ended", "care", "patient"]
)
def test_an_unreadable_table_hides_nothing_that_others_tell(
    house: House, file: Path, tmp_path: Path, table: str
) -> None:
    set_codes(house.database, house.dan, "a", "b")
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    set_codes(house.database, house.dan, "b")
    with house.database.write() as session:
        accounts.set_active(session, house.carol.account_id, False, by=SYSTEM, at=NOW)
        people.revoke_care(session, house.bo.id, house.dan.account_id, by=SYSTEM, at=NOW)
        teams.leave(session, house.team.id, house.dan.account_id, by=SYSTEM, at=NOW)
    damaged(file, f"DROP TABLE {table}")
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with house.database.read() as session:
        carol = accounts.account_by_login(session, "carol")
        assert carol is not None
        assert not carol.active
        assert list(soundness.problems_of(session)) == []
    opens = house.opens()["dan"]
    assert codes_of(house.database, house.dan) == ("b",)
    assert ("Bo" in opens, "Ann" in opens) == (table == "patient", table == "team")


def add_key(house: House, who: Actor, *names: bytes) -> None:
    with house.database.write() as session:
        for name in names:
            fields = {"public_key": b"k", "sign_count": 0, "name": "phone", "usage": "first"}
            fields |= {"backup_state": False, "device_type": "single_device", "extensions": None}
            passkeys.add_passkey(
                session, who.account_id, by=SYSTEM, at=NOW, credential_id=name, **fields
            )


def keys_of(database: Database, who: Actor) -> list[bytes]:
    with database.read() as session:
        return [one.credential_id for one in passkeys.passkeys_of(session, who.account_id)]


def test_a_passkey_that_was_removed_stays_removed(house: House, file: Path, tmp_path: Path) -> None:
    """That of a phone which was lost, say: it would be enough to sign in."""
    add_key(house, house.carol, b"lost", b"kept")
    add_key(house, house.dan, b"his")
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    with house.database.write() as session:
        found = passkeys.passkey_by_credential(session, b"lost")
        passkeys.delete_passkey(session, found.id, by=SYSTEM, at=NOW)
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    assert keys_of(house.database, house.carol) == [b"kept"]
    assert keys_of(house.database, house.dan) == [b"his"]


@pytest.mark.parametrize("kept", [True, False])
def test_an_address_that_was_given_up_stays_given_up(
    house: House, file: Path, tmp_path: Path, kept: bool
) -> None:
    """Whoever stopped the letters gets none, and an old address of the calendar opens nothing."""
    mail = {"to": "a@x.example", "mark": "m", "asked_at": NOW.isoformat(), "language": "en"}

    def choose(**wishes) -> None:
        with house.database.write() as session:
            ann = people.patient_by_id(session, house.ann.id)
            people.update_patient(
                session,
                people.with_preferences(ann, **wishes),
                expected_version=ann.version,
                by=SYSTEM,
                at=NOW,
            )

    choose(mail={**mail, "is_confirmed": True}, calendar="c", seen="tour")
    made = backup_to(url_of(file), tmp_path / "a.zip", by=SYSTEM, at=NOW)
    if not kept:
        choose(mail={**mail, "mark": "other", "is_confirmed": False}, calendar="new")
    restore_from(made.file, url_of(file), by=SYSTEM, at=NOW)
    with house.database.read() as session:
        wishes = people.patient_by_id(session, house.ann.id).preferences
        assert wishes["seen"] == "tour"
        assert bool(wishes["mail"]) is kept
        assert bool(wishes["calendar"]) is kept
