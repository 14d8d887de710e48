"""The same code on PostgreSQL: tables, guards, a day, its repeats, and two writers at once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Attention, Decision
from recovery_tracker.domain.history import Appointment, Event, EventKind
from recovery_tracker.domain.people import Actor, Mode, Role
from recovery_tracker.domain.sensitivity import Sensitivity
from recovery_tracker.services import (
    Recorded,
    erase_patient,
    patient_list,
    read_recovery,
    record_day,
    set_tags,
    signing_in,
    tick,
    whole_list,
    whole_order,
)
from recovery_tracker.services import accounts as links_and_accounts
from recovery_tracker.storage import (
    accounts,
    appointments,
    attention,
    audit_chain,
    care_words,
    diary,
    flags,
    idempotency,
    lines,
    people,
    record_rows,
    sensitivity,
    soundness,
    tags,
)
from recovery_tracker.storage.columns import Base
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.invitations import NewLink
from recovery_tracker.storage.list_order import SORTS
from recovery_tracker.storage.listing import FILTERS
from recovery_tracker.storage.locking import hold_server
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.settings import Installation, save_installation
from recovery_tracker.storage.upgrade import downgrade_database, upgrade_database
from tests.databases import (
    NOW,
    SYSTEM,
    TODAY,
    as_patient,
    new_clinician,
    new_patient,
    noon,
    postgresql_running,
    same_answers,
)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Database]:
    with postgresql_running() as server:
        url = server.get_uri()
        upgrade_database(url)
        database = open_database(url)
        yield database
        database.close()


def test_a_day_its_repeat_its_flag_and_the_list(postgresql: Database) -> None:
    patient = new_patient(postgresql)
    entry = DiaryEntry(
        TODAY,
        axial_pain=3,
        temperature_c=37.2,
        signs=frozenset({"wound_redness"}),
        spoke_to_someone=False,
        note="größer 😀",
    )
    for replayed in (False, True):
        recorded = record_day(
            postgresql,
            patient.id,
            entry,
            by=as_patient(patient),
            at=NOW,
            today=TODAY,
            key="pg",
        )
        assert recorded.replayed is replayed
        assert same_answers(recorded.stored.entry, entry)
    surgeon = new_clinician(postgresql, patient)
    recovery = read_recovery(postgresql, patient.id, today=TODAY, by=surgeon)
    (flag,) = recovery.open_flags
    with postgresql.write() as session:
        decided = attention.decide(
            session,
            patient.id,
            flag.public_id,
            Decision.WATCH,
            until=TODAY + timedelta(2),
            by=surgeon,
            at=NOW,
            today=TODAY,
        )
    assert decided.attention is Attention.SNOOZED
    listed = patient_list(postgresql, surgeon, today=TODAY, search="ann")
    assert [row.public_id for row in listed.rows] == [patient.public_id]
    week = (TODAY - timedelta(6), TODAY)
    with postgresql.read() as session:
        keys = ("axial_pain", "walking")
        earlier = (TODAY - timedelta(20), TODAY - timedelta(14))
        found = lines.sums_of(session, [patient.id, patient.id + 1], [earlier, week], keys)
    assert {one: {p: tuple(row)[2:] for p, row in its.items()} for one, its in found.items()} == {
        patient.id: {1: (3, 1, None, 0)}
    }
    tick(postgresql, noon(TODAY + timedelta(30)))
    with postgresql.read() as session:
        assert list(soundness.problems_of(session)) == []


def test_no_version_is_lost_between_eight_writers(postgresql: Database) -> None:
    """Eight pages correct one day ten times each: eighty versions, one chain."""
    patient = new_patient(postgresql)

    def correct(name: str) -> None:
        for n in range(10):
            with postgresql.write() as session:
                entry = DiaryEntry(TODAY, axial_pain=n, note=name)
                diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)

    threads = [threading.Thread(target=correct, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with postgresql.read() as session:
        versions = diary.versions_of(session, patient.id, TODAY)
        assert [stored.version for stored in versions] == list(range(1, 81))
        assert audit_chain.verify(session) == []


def test_a_page_that_is_behind_is_told(postgresql: Database) -> None:
    patient = new_patient(postgresql)
    entry = DiaryEntry(TODAY, axial_pain=3)

    def send(pain: int) -> Recorded:
        return record_day(
            postgresql,
            patient.id,
            replace(entry, axial_pain=pain),
            by=SYSTEM,
            at=NOW,
            today=TODAY,
            key=f"{patient.id}-{pain}",
            expected_version=0,
        )

    send(3)
    told = send(4)
    assert (told.differing, told.stored.version) == (("axial_pain",), 1)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What became of each deed when all are begun at the same moment: its answer or its error."""
    found: list[object] = [None] * len(deeds)
    start = threading.Barrier(len(deeds))

    def do(place: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            found[place] = deed()
        except Exception as error:
            found[place] = error

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_clinicians_change_the_clinics_setting_at_once(postgresql: Database) -> None:
    """One of them is told, and exactly one change stands."""
    first, second = new_clinician(postgresql, login="one"), new_clinician(postgresql, login="two")

    def change(setting: Sensitivity, by: Actor) -> Callable[[], object]:
        def deed() -> None:
            with postgresql.write() as session:
                sensitivity.change(
                    session,
                    setting,
                    reason="",
                    rule_set="r",
                    expected_version=0,
                    by=by,
                    at=NOW,
                )

        return deed

    with postgresql.write() as session:
        save_installation(session, Installation(mode=Mode.CLINIC), by=SYSTEM, at=NOW)
    found = at_once(change(Sensitivity.QUIET, first), change(Sensitivity.SENSITIVE, second))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "NoneType"]
    with postgresql.read() as session:
        (stands,) = sensitivity.changes_of(session)
        assert stands.setting is (Sensitivity.QUIET, Sensitivity.SENSITIVE)[found.index(None)]
        assert audit_chain.verify(session) == []


def test_two_clinicians_decide_on_one_flag_at_once(postgresql: Database) -> None:
    """The second one reads that it was changed; nothing of the first is overwritten."""
    patient = new_patient(postgresql)
    entry = DiaryEntry(TODAY, signs=frozenset({"chest_pain"}))
    record_day(
        postgresql, patient.id, entry, by=SYSTEM, at=NOW, today=TODAY, key=f"two-{patient.id}"
    )
    with postgresql.read() as session:
        (flag,) = flags.flags_of(session, patient.id)
    surgeons = [new_clinician(postgresql, patient, login=name) for name in ("three", "four")]

    def decide(decision: Decision, by: Actor) -> Callable[[], object]:
        def deed() -> None:
            with postgresql.write() as session:
                attention.decide(
                    session,
                    patient.id,
                    flag.public_id,
                    decision,
                    by=by,
                    at=NOW,
                    today=TODAY,
                    expected_version=flag.version,
                )

        return deed

    wanted = [Decision.HOSPITAL, Decision.REASSURED]
    found = at_once(*map(decide, wanted, surgeons))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "NoneType"]
    with postgresql.read() as session:
        (flag,) = flags.flags_of(session, patient.id)
        assert [made.decision for made in flag.decisions] == [wanted[found.index(None)]]
        assert audit_chain.verify(session) == []


def test_one_form_sent_twice_at_once_is_done_once(postgresql: Database) -> None:
    """A double tap of a clinician: both answers say the same, and nothing is there twice."""
    patient = new_patient(postgresql)
    visit = Appointment(TODAY + timedelta(9))

    def send() -> object:
        with postgresql.write() as session:
            if (answer := idempotency.first_answer(session, "double tap", "visit")) is not None:
                return answer
            kept = record_rows.add(session, patient.id, visit, by=SYSTEM, at=NOW)
            idempotency.remember(session, "double tap", "visit", kept.public_id, at=NOW)
            return kept.public_id

    found = at_once(*[send] * 6)
    assert len(set(found)) == 1
    with postgresql.read() as session:
        assert record_rows.values_of(session, patient.id, Appointment) == (visit,)


def test_of_two_links_to_one_diary_followed_at_once_one_makes_the_owner(
    postgresql: Database,
) -> None:
    office = new_clinician(postgresql, login="office")
    for turn in range(10):
        patient = new_patient(postgresql)
        links = (f"a{turn}", f"b{turn}")
        for digest in links:
            link = NewLink(digest, Role.PATIENT, "Ann", NOW + timedelta(days=1), patient.id)
            links_and_accounts.invite(postgresql, link, by=office, at=NOW)

        def follow(link: str) -> Callable[[], object]:
            return lambda: links_and_accounts.take_up(postgresql, link, link, "hash", at=NOW)

        assert sorted(map(str, at_once(*map(follow, links)))) == ["False", "True"]
        with postgresql.read() as session:
            made = [o for o in accounts.all_accounts(session) if o.patient_id == patient.id]
        assert len(made) == 1


def test_recovery_codes_used_at_once_are_gone_each_once(postgresql: Database) -> None:
    surgeon = new_clinician(postgresql, login="codes")
    number = surgeon.account_id
    assert number is not None

    def use(code: str) -> Callable[[], object]:
        return lambda: signing_in.use_recovery_code(postgresql, number, code, by=surgeon, at=NOW)

    for _ in range(10):
        signing_in.save_credentials(
            postgresql, number, by=surgeon, at=NOW, recovery_codes=("a", "b", "c")
        )
        found = at_once(*map(use, "aab"))
        assert sorted(map(str, found)) == ["False", "True", "True"]
        with postgresql.read() as session:
            account = accounts.account_by_id(session, number)
        assert account is not None
        assert account.recovery_codes == ("c",)


@pytest.mark.parametrize("show", FILTERS)
def test_every_filter_and_order_of_the_list_is_answered(postgresql: Database, show: str) -> None:
    patient = new_patient(postgresql)
    surgeon = new_clinician(postgresql, login=f"list {show}")
    with postgresql.write() as session:
        people.grant_care(session, patient.id, surgeon.account_id or 0, by=SYSTEM, at=NOW)
    by = replace(surgeon, as_of=NOW)
    for sort in ("", *SORTS, *(f"-{one}" for one in SORTS)):
        found = patient_list(postgresql, by, today=TODAY, filter=show, sort=sort, search="")
        assert found.counts["all"] == 1
        ids = whole_order(postgresql, by, today=TODAY, filter=show, sort=sort)
        whole = whole_list(postgresql, ids, today=TODAY, at=NOW, at_once=9)
        assert [row.id for rows in whole for row in rows] == [row.id for row in found.rows]


def test_whose_word_opened_a_diary_is_read_back(postgresql: Database) -> None:
    patient = new_patient(postgresql)
    surgeon, other = (new_clinician(postgresql, login=f"word {name}") for name in "ab")
    number = surgeon.account_id or 0
    for by in (SYSTEM, other, other):
        with postgresql.write() as session:
            people.grant_care(session, patient.id, number, by=by, at=NOW)
    with postgresql.read() as session:
        words = care_words.words_for(session, number)
        assert words == care_words.words_about(session, patient.id)
    assert {one.by_account_id for one in words} == {None, other.account_id}
    with postgresql.write() as session:
        people.revoke_care(session, patient.id, number, by=SYSTEM, at=NOW)
    with postgresql.read() as session:
        assert not care_words.words_for(session, number)


def test_visits_of_a_day_are_in_the_order_of_their_times(postgresql: Database) -> None:
    """One that was only noted has no time, and stands after those that have one."""
    noted, early, late, other = (new_patient(postgresql, name) for name in ("A", "B", "C", "D"))
    by = replace(new_clinician(postgresql, noted, early, late, other, login="day"), as_of=NOW)
    with postgresql.write() as session:
        for patient, value in (
            (noted, Event(TODAY, EventKind.VISIT, "Dr Lund")),
            (late, Appointment(TODAY, "10:30")),
            (late, Event(TODAY, EventKind.VISIT, "Dr Lund")),
            (early, Appointment(TODAY, "09:15", "Nurse Kim")),
            (other, Event(TODAY, EventKind.PHYSIO)),
        ):
            record_rows.add(session, patient.id, value, by=SYSTEM, at=NOW)
    found = patient_list(postgresql, by, today=TODAY, visits_on=TODAY)
    assert [row.name for row in found.rows] == ["B", "C", "A"]
    with postgresql.read() as session:
        assert appointments.visits_of(session, [row.id for row in found.rows], day=TODAY) == {
            early.id: ("09:15", "Nurse Kim"),
            late.id: ("10:30", ""),
            noted.id: ("", "Dr Lund"),
        }


def test_two_people_add_one_new_tag_at_once(postgresql: Database) -> None:
    """It is one tag, and both patients have it; as one is taken away another is given."""
    patients = [new_patient(postgresql) for _ in range(6)]

    def give(patient: Patient, *names: str) -> Callable[[], object]:
        return lambda: set_tags(postgresql, patient.id, names, by=SYSTEM, at=NOW)

    for names in (("Trial A", "diabetes"), ("diabetes", "smoker"), ()):
        found = at_once(*(give(patient, *names) for patient in patients))
        assert found == [None] * 6, names
        with postgresql.read() as session:
            had = tags.tags_of(session, [patient.id for patient in patients])
        assert [tuple(tag.name for tag in one) for one in had.values()] == [names] * 6 * bool(names)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry_version SET note = 'x'",
        "DELETE FROM entry_version",
        "TRUNCATE entry_version CASCADE",
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_payload",
        "UPDATE entry_version SET axial_pain = 11",
        "INSERT INTO entry_version SELECT * FROM entry_version",
    ],
)
def test_the_past_is_kept(postgresql: Database, statement: str) -> None:
    patient = new_patient(postgresql)
    with postgresql.write() as session:
        diary.save_version(session, patient.id, DiaryEntry(TODAY, axial_pain=1), by=SYSTEM, at=NOW)
    with pytest.raises(DBAPIError), postgresql.write() as session:
        session.execute(text(statement))


def test_a_reader_cannot_write(postgresql: Database) -> None:
    with postgresql.read() as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(text("DELETE FROM attempt"))


def test_a_reader_sees_one_moment(postgresql: Database) -> None:
    """As `check` must: a day saved while it reads is in neither the damage nor the extent."""
    patient = new_patient(postgresql)
    with postgresql.read() as session:
        before = audit_chain.extent_of(session)
        with postgresql.write() as writing:
            entry = DiaryEntry(TODAY, axial_pain=1)
            diary.save_version(writing, patient.id, entry, by=SYSTEM, at=NOW)
        assert list(soundness.damage_since(session, before)) == []
        assert audit_chain.extent_of(session) == before
    with postgresql.read() as session:
        assert audit_chain.extent_of(session) != before


@pytest.mark.parametrize(("alone", "allowed"), [(True, "0"), (False, "7s")])
def test_only_who_replaces_the_database_may_be_idle_for_long(
    postgresql: Database, alone: bool, allowed: str
) -> None:
    """A writer that hangs is ended as the server is set, and holds up nobody for ever."""
    with postgresql.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '7s'")
        hold_server(connection, 3, alone=alone)
        set_now = "SELECT current_setting('idle_in_transaction_session_timeout')"
        assert connection.exec_driver_sql(set_now).scalar_one() == allowed
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "3s"


def test_erased_is_gone(postgresql: Database) -> None:
    patient = new_patient(postgresql)
    record_day(
        postgresql,
        patient.id,
        DiaryEntry(TODAY, signs=frozenset({"chest_pain"})),
        by=SYSTEM,
        at=NOW,
        today=TODAY,
        key=f"erase-{patient.id}",
    )
    erase_patient(postgresql, patient.id, by=SYSTEM, at=NOW)
    with postgresql.read() as session:
        assert diary.entries_of(session, patient.id) == ()
        assert list(soundness.problems_of(session)) == []


def test_up_and_down_and_the_models_agree() -> None:
    with postgresql_running() as server:
        url = server.get_uri()
        upgrade_database(url)
        downgrade_database(url, "base")
        upgrade_database(url)
        database = open_database(url)
        with database.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        database.close()
