"""The audit cannot be bent without being noticed."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.storage import audit, audit_chain, audit_trail, diary, people
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.audit_key import seal_of, use_audit_keys
from recovery_tracker.storage.database import Database, Session
from recovery_tracker.storage.engine import driver, make_engine
from recovery_tracker.storage.tables.record import AuditEventRow, AuditHeadRow
from tests.databases import NOW, SYSTEM, TODAY, new_clinician, new_patient, url_of

_COLUMNS = (
    "chain",
    "sequence",
    "at",
    "action",
    "account_id",
    "payload_digest",
    "previous",
    "digest",
)


def filled(database: Database) -> dict[int, tuple[int, str]]:
    """Two patients with twenty entries each; gives the heads as a backup would keep them."""
    for name in ("Ann", "Bo"):
        patient = new_patient(database, name)
        with database.write() as session:
            for n in range(20):
                entry = DiaryEntry(TODAY - timedelta(n), axial_pain=n % 10)
                diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
    with database.read() as session:
        assert audit_chain.verify(session) == []
        return audit_chain.heads(session)


def tamper(raw: Any, chance: random.Random) -> None:
    """One of: a changed column, a changed payload, a deleted link, two swapped, a cut-off tail."""
    chain = chance.choice([1, 2])
    last = raw.execute("SELECT max(sequence) FROM audit_event WHERE chain = ?", [chain]).fetchone()[
        0
    ]
    n = chance.randint(1, last)
    where = f"chain = {chain} AND sequence = {n}"
    kind = chance.randrange(5)
    if kind == 0:
        column = chance.choice(_COLUMNS)
        value = chance.choice(["'other'", "'2020-01-01T00:00:00.000000+00:00'"])
        if column in ("chain", "sequence", "account_id"):
            value = str(chance.randint(1000, 9999))
        elif column == "at":
            value = "'2020-01-01T00:00:00.000000+00:00'"
        elif column == "action":
            value = "'chart_read'"
        raw.execute(f"UPDATE audit_event SET {column} = {value} WHERE {where}")
    elif kind == 1:
        raw.execute(
            "UPDATE audit_payload SET body = replace(body, '\"tests\"', '\"nobody\"') "
            f"WHERE event_id = (SELECT id FROM audit_event WHERE {where})"
        )
    elif kind == 2:
        event = f"(SELECT id FROM audit_event WHERE {where})"
        raw.execute(f"DELETE FROM audit_payload WHERE event_id = {event}")
        if chance.random() < 0.5:
            raw.execute(f"DELETE FROM audit_event WHERE {where}")
    elif kind == 3 and last > 1:
        other = n - 1 if n > 1 else n + 1
        raw.execute(f"UPDATE audit_event SET sequence = 9999 WHERE {where}")
        raw.execute(
            f"UPDATE audit_event SET sequence = {n} WHERE chain = {chain} AND sequence = {other}"
        )
        raw.execute(
            f"UPDATE audit_event SET sequence = {other} WHERE chain = {chain} AND sequence = 9999"
        )
    else:
        tail = f"chain = {chain} AND sequence >= {max(n, 2)}"
        raw.execute(
            f"DELETE FROM audit_payload WHERE event_id IN (SELECT id FROM audit_event WHERE {tail})"
        )
        raw.execute(f"DELETE FROM audit_event WHERE {tail}")
        # Whoever cuts a tail off may think of the head as well; a backup still knows better.
        raw.execute(
            f"UPDATE audit_head SET (sequence, digest) = (SELECT sequence, digest FROM audit_event "
            f"WHERE chain = {chain} ORDER BY sequence DESC LIMIT 1) WHERE chain = {chain}"
        )


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_tamperings_are_found(database: Database, file: Path, seed: int) -> None:
    """Each of a hundred a seed: edited, deleted, reordered, cut off; every one is found."""
    known = filled(database)
    database.close()
    chance = random.Random(seed)
    # Whoever edits a file by hand has no foreign keys to mind.
    free = make_engine(url_of(file), foreign_keys=False)
    with free.begin() as connection, Session(connection) as session:
        raw = connection.connection.driver_connection
        for name in ("event_unchanged", "event_kept", "payload_unchanged", "payload_kept"):
            raw.execute(f"DROP TRIGGER audit_{name}")
        for _ in range(100):
            raw.execute("SAVEPOINT untouched")
            tamper(raw, chance)
            assert audit_chain.verify(session, known) != [], "\n".join(raw.iterdump())
            session.expunge_all()
            raw.execute("ROLLBACK TO untouched")
        assert audit_chain.verify(session, known) == []
    free.dispose()


def test_links_are_neither_changed_nor_deleted(database: Database, file: Path) -> None:
    new_patient(database)
    raw = driver().connect(file)
    for statement in (
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_payload SET body = '{}'",
        "DELETE FROM audit_payload",
        "DELETE FROM erasure",
    ):
        if "erasure" in statement:
            raw.execute("INSERT INTO erasure VALUES (99, 'mark', 'now')")
        with pytest.raises(driver().IntegrityError, match="rows are never"):
            raw.execute(statement)
    raw.close()


def test_looks_within_a_minute_are_one_reading(database: Database) -> None:
    patient = new_patient(database)
    surgeon = new_clinician(database, patient)
    physio = new_clinician(database, patient, login="physio")
    with database.write() as session:
        for by, seconds, is_new in (
            (surgeon, 0, True),
            (surgeon, 30, False),
            (physio, 40, True),
            (surgeon, 61, True),
        ):
            at = NOW + timedelta(seconds=seconds)
            read = AuditAction.CHART_READ
            assert audit.record_look(session, read, patient.id, by=by, at=at) is is_new


def test_the_installations_chain_names_nobody_who_may_have_to_be_forgotten(
    database: Database,
) -> None:
    patient = new_patient(database)
    surgeon = new_clinician(database, patient)
    with database.write() as session:
        audit.record(session, AuditAction.SIGNED_IN, by=surgeon, at=NOW)
        event = audit_trail.events_about(session)[0]
    assert event.by == "Dr Example"
    with database.read() as session:
        from sqlalchemy import text

        bodies = session.scalars(text("SELECT body FROM audit_payload")).all()
    assert not any("Dr Example" in body for body in bodies)


def test_many_chains_are_written_together(database):
    """A file with lines of many patients: one event more in each chain, and every chain holds."""
    filled(database)
    with database.write() as session:
        for n in range(30):
            people.create_patient(session, name=f"P{n}", zone="UTC", by=SYSTEM, at=NOW)
        patients = session.scalars(text("SELECT id FROM patient")).all()
        before = audit_chain.heads(session)
    statements = []
    event.listen(
        database.engine, "before_cursor_execute", lambda *a: statements.append(a[2].split()[0])
    )
    with database.write() as session:
        audit.record_each(
            session, AuditAction.EXPORTED, patients, by=SYSTEM, at=NOW, details={"file": "x"}
        )
    # The heads are read together, links, words and heads are written together.
    assert len(patients) == 32
    assert len([one for one in statements if one in {"SELECT", "INSERT", "UPDATE"}]) == 4
    with database.read() as session:
        assert audit_chain.verify(session, before) == []
        after = audit_chain.heads(session)
        for chain in patients:
            assert after[chain][0] == before[chain][0] + 1
            assert audit_trail.events_about(session, chain)[0].details == {"file": "x"}


@pytest.fixture
def keyed() -> Iterator[None]:
    """This process has the key of the audit; afterwards it has none."""
    use_audit_keys(["the newest key", "an older key"])
    yield
    use_audit_keys([])


def _rewrite(file: Path, database: Database, chain: int) -> None:
    """What somebody does who has the database and our own code, and not the key: another author,
    and every link and the end made anew.
    """
    with closing(driver().connect(file)) as raw:
        for name in ("event_unchanged", "event_kept", "payload_unchanged", "payload_kept"):
            raw.execute(f"DROP TRIGGER audit_{name}")
        raw.commit()
    with database.write() as session:
        links = session.scalars(
            select(AuditEventRow)
            .where(AuditEventRow.chain == chain)
            .order_by(AuditEventRow.sequence)
        ).all()
        previous = "0" * 64
        for link in links:
            link.account_id = 77
            link.previous = previous
            said = {one: getattr(link, one) for one in _COLUMNS[:-1]}
            link.digest = previous = audit_chain.link_digest(said)
        head = session.get(AuditHeadRow, chain)
        head.digest = previous
        head.seal = seal_of(chain, head.sequence, previous)


def test_a_chain_that_our_own_code_wrote_anew_without_the_key_is_noticed(
    database: Database, file: Path, keyed: None
) -> None:
    filled(database)
    with database.read() as session:
        assert audit_chain.forged(session) == []
    use_audit_keys([])
    _rewrite(file, database, 1)
    with database.read() as session:
        assert audit_chain.verify(session) == []  # In itself the chain holds.
    use_audit_keys(["the newest key", "an older key"])
    with database.read() as session:
        assert any("audit chain 1" in one for one in audit_chain.forged(session))


def test_a_chain_of_before_the_key_stands_and_is_held_by_the_first_link_with_it(
    database: Database, file: Path, keyed: None
) -> None:
    """Old links keep their digests; after a new key both are read; a cut end is noticed."""
    use_audit_keys([])
    patient = new_patient(database, "Ann")
    use_audit_keys(["an older key"])
    with database.write() as session:
        audit_chain.seal_ends(session)
        entry = DiaryEntry(TODAY, axial_pain=4)
        diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
    use_audit_keys(["the newest key", "an older key"])
    with database.write() as session:
        entry = DiaryEntry(TODAY, axial_pain=5)
        diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
    with database.read() as session:
        assert audit_chain.verify(session) == []
        assert audit_chain.forged(session) == []
        last = audit_chain.heads(session)[patient.id][0]
    with closing(driver().connect(file)) as raw:
        for name in ("event_unchanged", "event_kept", "payload_unchanged", "payload_kept"):
            raw.execute(f"DROP TRIGGER audit_{name}")
        raw.execute(
            "DELETE FROM audit_payload WHERE event_id IN (SELECT id FROM audit_event "
            "WHERE chain = ? AND sequence = ?)",
            (patient.id, last),
        )
        raw.execute("DELETE FROM audit_event WHERE chain = ? AND sequence = ?", (patient.id, last))
        raw.execute(
            "UPDATE audit_head SET (sequence, digest) = (SELECT sequence, digest FROM audit_event "
            "WHERE chain = ? ORDER BY sequence DESC LIMIT 1) WHERE chain = ?",
            (patient.id, patient.id),
        )
        raw.commit()
    with database.read() as session:
        assert audit_chain.verify(session) == []
        assert audit_chain.forged(session) == [
            f"audit chain {patient.id}: its end was not sealed with the key"
        ]


def test_a_key_that_is_not_here_is_said_once(database: Database, keyed: None) -> None:
    filled(database)
    use_audit_keys(["the key of another machine"])
    with database.read() as session:
        assert audit_chain.verify(session) == []
        found = audit_chain.forged(session)
    assert len(found) == 1
    assert "written with a key that is not here" in found[0]
