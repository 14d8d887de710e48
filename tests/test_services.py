"""A day from the form to everything that follows from it, on real files."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from recovery_tracker import services
from recovery_tracker.domain.diary import DiaryEntry, Source
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.flags import Attention, Condition, Decision, Pattern, Urgency
from recovery_tracker.domain.history import Event, EventKind, History
from recovery_tracker.domain.merging import Keep
from recovery_tracker.domain.people import Actor, Occasion, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import (
    assessing,
    import_history,
    read_recovery,
    record_day,
    tick,
    ticking,
)
from recovery_tracker.services.change import patient_change
from recovery_tracker.storage import (
    attention,
    audit_chain,
    audit_trail,
    diary,
    flags,
    patient_summary,
    people,
    record_rows,
)
from recovery_tracker.storage import engine as engine_module
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.errors import Refused
from recovery_tracker.storage.lines import lines_of
from recovery_tracker.storage.people import Patient
from tests.databases import (
    NOW,
    OPERATED,
    SYSTEM,
    TODAY,
    as_patient,
    calm,
    database,
    file,
    new_clinician,
    new_patient,
    noon,
    url_of,
)

__all__ = ["database", "file"]


def send(
    database: Database,
    patient: Patient,
    entry: DiaryEntry,
    *,
    today: date = TODAY,
    key: str = "",
    **more: object,
) -> services.Recorded:
    """The patient sends a day at noon of `today`."""
    return record_day(
        database,
        patient.id,
        entry,
        by=as_patient(patient),
        at=noon(today),
        today=today,
        key=key or f"{entry.day}-{random.random()}",
        **more,  # type: ignore[arg-type]
    )


def test_an_emergency_is_an_entry_a_flag_and_an_audit_event_at_once(database: Database) -> None:
    patient = new_patient(database)
    recorded = send(database, patient, DiaryEntry(TODAY, signs=frozenset({"saddle_numbness"})))
    assert recorded.triage.urgency is Urgency.EMERGENCY
    assert recorded.assessment is not None
    recovery = read_recovery(database, patient.id, today=TODAY, by=as_patient(patient))
    (flag,) = recovery.open_flags
    assert (flag.pattern, flag.condition, flag.attention) == (
        Pattern.EMERGENCY_SIGN,
        Condition.ACTIVE,
        Attention.UNSEEN,
    )
    assert [sign.sign for sign in recovery.open_signs] == ["saddle_numbness"]
    with database.read() as session:
        actions = [event.action for event in audit_trail.events_about(session, patient.id)]
        assert audit_chain.verify(session) == []
    assert actions[:2] == [AuditAction.FLAG_RAISED, AuditAction.ENTRY_SAVED]


def test_the_same_form_sent_ten_times_is_one_entry(database: Database) -> None:
    patient = new_patient(database)
    entry = DiaryEntry(TODAY, axial_pain=3, signs=frozenset())
    answers = [send(database, patient, entry, key="form", expected_version=0) for _ in range(10)]
    assert [answer.replayed for answer in answers] == [False] + [True] * 9
    assert {answer.stored.public_id for answer in answers} == {answers[0].stored.public_id}
    assert answers[9].triage == answers[0].triage
    with database.read() as session:
        assert len(diary.versions_of(session, patient.id, TODAY)) == 1


def test_a_form_that_was_changed_after_it_was_sent_corrects_what_it_wrote(
    database: Database,
) -> None:
    patient = new_patient(database)
    entry = DiaryEntry(TODAY, axial_pain=3, walking=2, signs=frozenset())
    send(database, patient, entry, key="form", expected_version=0)
    changed = replace(entry, axial_pain=4)
    answers = [send(database, patient, changed, key="form", expected_version=0) for _ in range(3)]
    assert [answer.replayed for answer in answers] == [False, True, True]
    assert {(a.stored.version, a.stored.entry.axial_pain, a.differing) for a in answers} == {
        (2, 4, ())
    }


def test_forms_sent_again_and_again_at_once_are_saved_once(database: Database) -> None:
    """Twelve days, each form sent by four threads at the same time: twelve entries, no error."""
    patient = new_patient(database)
    entries = [replace(entry, source=Source.IMPORT) for entry in calm(OPERATED, 12)]
    answers: list[services.Recorded] = []

    def send_all() -> None:
        for entry in entries:
            answers.append(send(database, patient, entry, key=str(entry.day)))

    threads = [threading.Thread(target=send_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 48
    assert sum(not answer.replayed for answer in answers) == 12
    with database.read() as session:
        assert {stored.version for stored in diary.entries_of(session, patient.id)} == {1}
        assert audit_chain.verify(session) == []


def test_a_late_repeat_is_answered_with_its_own_version(database: Database) -> None:
    """The first answer got lost; meanwhile the day was corrected; then the phone tries again."""
    patient = new_patient(database)
    first = DiaryEntry(TODAY, axial_pain=3)
    send(database, patient, first, key="one", expected_version=0)
    send(database, patient, replace(first, axial_pain=5), key="two", expected_version=1)
    again = send(database, patient, first, key="one", expected_version=0)
    assert (again.replayed, again.stored.version, again.stored.entry.axial_pain) == (True, 1, 3)


def test_a_page_that_is_behind_is_put_together_with_what_was_saved(database: Database) -> None:
    patient = new_patient(database)
    send(database, patient, DiaryEntry(TODAY, axial_pain=3, walking=1), expected_version=0)
    late = DiaryEntry(TODAY, axial_pain=9, sleep=2)
    told = send(database, patient, late, key="late", expected_version=0)
    stands = told.stored.entry
    assert (stands.axial_pain, stands.walking, stands.sleep) == (3, 1, 2)
    assert told.differing == ("axial_pain",)
    again = send(database, patient, late, key="late", expected_version=0)
    assert (again.differing, again.stored.version) == (("axial_pain",), 2)
    mine = {"axial_pain": Keep.MINE}
    settled = send(database, patient, late, key="late", expected_version=0, chosen=mine)
    assert (settled.stored.entry.axial_pain, settled.differing) == (9, ())


def test_clearing_an_answer_on_a_page_that_is_behind_clears_it(database: Database) -> None:
    """Also on a blank form that was put together with the day and is changed and sent again."""
    patient = new_patient(database)
    first = DiaryEntry(TODAY, axial_pain=3, walking=1, signs=frozenset({"fever"}))
    send(database, patient, first, expected_version=0)
    send(database, patient, replace(first, walking=4), expected_version=1)
    cleared = replace(first, axial_pain=None, signs=frozenset())
    stands = send(database, patient, cleared, expected_version=1).stored.entry
    assert (stands.axial_pain, stands.walking, stands.signs) == (None, 4, frozenset())

    shelved = DiaryEntry(TODAY, sleep=2, temperature_c=37.2, signs=frozenset({"chills"}))
    send(database, patient, shelved, key="phone", expected_version=0)
    for again in (replace(shelved, sleep=None), replace(shelved, signs=frozenset())):
        told = send(database, patient, again, key="phone", expected_version=0)
    stands = told.stored.entry
    assert (stands.sleep, stands.temperature_c, stands.walking) == (2, 37.2, 4)
    assert (stands.signs, told.differing) == (frozenset(), ())


@pytest.mark.parametrize(
    ("days_ago", "source", "may"),
    [
        (0, Source.FORM, True),
        (3, Source.FORM, True),
        (4, Source.FORM, False),
        (4, Source.PAPER, True),
        (14, Source.PAPER, True),
        (15, Source.PAPER, False),
        (400, Source.OFFLINE, True),
        (-1, Source.OFFLINE, False),
        (-1, Source.FORM, False),
        (-1, Source.PAPER, False),
        (400, Source.IMPORT, True),
    ],
)
def test_which_days_may_be_added(
    database: Database, days_ago: int, source: Source, may: bool
) -> None:
    patient = new_patient(database)
    entry = DiaryEntry(TODAY - timedelta(days_ago), axial_pain=1, source=source)
    if may:
        assert send(database, patient, entry).stored.version == 1
    else:
        with pytest.raises(Refused):
            send(database, patient, entry)


def test_a_past_day_may_be_corrected_at_any_time(database: Database) -> None:
    patient = new_patient(database)
    entry = DiaryEntry(TODAY, axial_pain=1)
    send(database, patient, entry)
    later = TODAY + timedelta(300)
    corrected = send(database, patient, replace(entry, axial_pain=2), today=later)
    assert corrected.stored.version == 2
    assert corrected.stored.entry.days_late == 0


def test_nothing_is_not_an_entry(database: Database) -> None:
    patient = new_patient(database)
    with pytest.raises(Refused, match="Nothing was answered"):
        send(database, patient, DiaryEntry(TODAY))


def test_a_baseline_before_any_operation_is_kept(database: Database) -> None:
    with database.write() as session:
        patient = people.create_patient(session, name="Ann", by=SYSTEM, at=NOW)
    recorded = send(database, patient, DiaryEntry(TODAY, axial_pain=8))
    assert recorded.assessment is None
    recovery = read_recovery(database, patient.id, today=TODAY, by=as_patient(patient))
    assert recovery.history is None
    assert len(recovery.entries) == 1


def test_a_failing_assessment_loses_no_entry_and_no_advice(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The rules have a bug: the day is saved, the advice stands, the answer alone is flagged, the
    patient is marked as due, and the next look, with the bug gone, makes it good."""
    patient = new_patient(database)
    working = assessing.assess

    def broken(*_: object) -> None:
        raise ZeroDivisionError("pain was 7")

    monkeypatch.setattr(assessing, "assess", broken)
    recorded = send(database, patient, DiaryEntry(TODAY, signs=frozenset({"saddle_numbness"})))
    assert recorded.assessment is None
    assert recorded.triage.urgency is Urgency.EMERGENCY
    assert "pain was 7" not in caplog.text
    with database.read() as session:
        assert patient_summary.summary_of(session, patient.id).assessment_due
        assert diary.entry_on(session, patient.id, TODAY) is not None
        (flag,) = flags.flags_of(session, patient.id)
        assert flag.pattern is Pattern.EMERGENCY_SIGN
        assert audit_chain.verify(session) == []
    monkeypatch.setattr(assessing, "assess", working)
    recovery = read_recovery(database, patient.id, today=TODAY, by=as_patient(patient))
    assert not recovery.assessment_is_due
    assert len(recovery.open_flags) == 1


def test_a_failure_half_way_leaves_no_half(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The assessment breaks after flags were written: the entry stays, and the flag of its answer,
    written once."""
    patient = new_patient(database)

    def broken(*_: object, **__: object) -> None:
        raise ValueError("too late")

    monkeypatch.setattr(patient_summary, "save_summary", broken)
    send(database, patient, DiaryEntry(TODAY, signs=frozenset({"saddle_numbness"})))
    with database.read() as session:
        (flag,) = flags.flags_of(session, patient.id)
        assert flag.pattern is Pattern.EMERGENCY_SIGN
        assert diary.entry_on(session, patient.id, TODAY) is not None
        assert audit_chain.verify(session) == []


def test_only_the_looks_of_others_are_audited(database: Database) -> None:
    patient = new_patient(database)
    surgeon = new_clinician(database, patient)
    read_recovery(database, patient.id, today=TODAY, by=as_patient(patient))
    for _ in range(3):
        read_recovery(database, patient.id, today=TODAY, by=surgeon, at=NOW)
    with database.read() as session:
        looks = [
            event.by
            for event in audit_trail.events_about(session, patient.id)
            if event.action is AuditAction.CHART_READ
        ]
    assert looks == ["Dr Example"]


def test_a_chart_opens_although_nothing_can_be_written(
    database: Database,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Another program holds the file: the surgeon still reads, and the log says who did."""
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    patient = new_patient(database)
    surgeon = new_clinician(database, patient)
    waiting = open_database(url_of(file))
    other = driver().connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    recovery = read_recovery(waiting, patient.id, today=TODAY, by=surgeon, at=NOW)
    other.execute("ROLLBACK")
    other.close()
    waiting.close()
    assert recovery.patient == patient
    assert f"account {surgeon.account_id} read patient {patient.id}" in caplog.text


def history_with(entries: tuple[DiaryEntry, ...]) -> History:
    return History((Operation(OPERATED, Region.LUMBAR),), entries)


def test_the_same_file_twice_adds_nothing(database: Database) -> None:
    patient = new_patient(database)
    history = history_with(calm(OPERATED, 50))
    first = import_history(database, patient.id, FileContent(history), by=SYSTEM, at=NOW)
    second = import_history(database, patient.id, FileContent(history), by=SYSTEM, at=NOW)
    assert (first.added, first.present) == (50, 0)
    assert (second.added, second.present) == (0, 50)
    with database.read() as session:
        assert len(diary.entries_of(session, patient.id)) == 50
        assert len(record_rows.values_of(session, patient.id, Operation)) == 1
        assert audit_chain.verify(session) == []


def test_a_file_full_of_events_is_written_together_and_audited_one_by_one(
    database: Database,
) -> None:
    patient = new_patient(database)
    given = tuple(Event(TODAY, EventKind.PHYSIO, f"no. {n}") for n in range(300))
    history = replace(history_with(()), events=given)
    statements = []
    sqlalchemy.event.listen(
        database.engine, "before_cursor_execute", lambda *said: statements.append(said[2])
    )
    assert (
        import_history(database, patient.id, FileContent(history), by=SYSTEM, at=NOW).beside == 300
    )
    assert len([one for one in statements if not one.startswith("INSERT")]) < 50
    with database.read() as session:
        assert record_rows.values_of(session, patient.id, Event) == given
        told = audit_trail.events_about(session, patient.id, action=AuditAction.EVENT_SAVED)
        assert [one.details["new"]["label"] for one in told[::-1]] == [e.label for e in given]
        assert audit_chain.verify(session) == []


def test_an_import_never_overwrites_a_day_of_the_patient(database: Database) -> None:
    patient = new_patient(database)
    send(database, patient, DiaryEntry(TODAY, axial_pain=9))
    import_history(
        database, patient.id, FileContent(history_with(calm(TODAY, 1))), by=SYSTEM, at=NOW
    )
    with database.read() as session:
        stored = diary.entry_on(session, patient.id, TODAY)
    assert stored is not None
    assert stored.entry.axial_pain == 9


def brought(
    database: Database, patient: Patient, entry: DiaryEntry, **history
) -> services.Imported:
    """What the import of a file of this one day did, in a diary of two operations or one."""
    told = replace(history_with((entry,)), **history)
    return import_history(database, patient.id, FileContent(told), by=SYSTEM, at=NOW, today=TODAY)


def test_neck_pain_of_a_file_fills_no_day_about_the_back(database: Database) -> None:
    patient = new_patient(database)
    neck = Operation(OPERATED - timedelta(500), Region.CERVICAL)
    with database.write() as session:
        record_rows.add(session, patient.id, neck, by=SYSTEM, at=NOW)
    asked = DiaryEntry(TODAY, walking=3, region=Region.LUMBAR)
    send(database, patient, asked)
    both = (neck, Operation(OPERATED, Region.LUMBAR))
    given = DiaryEntry(
        TODAY,
        axial_pain=6,
        limb_pain=4,
        limb_pain_side="left",
        numbness=2,
        numbness_zones=frozenset({"left_thumb_side"}),
        pain_quality=frozenset({"dull"}),
        region=Region.CERVICAL,
    )
    told = brought(database, patient, given, operations=both)
    named = {key: region for _, key, region in told.differing}
    assert named == dict.fromkeys(
        ("axial_pain", "limb_pain", "numbness", "pain_quality"), Region.CERVICAL
    )
    assert not told.brings
    # A file that knows of one operation alone says "neck" all the same.
    told = brought(database, patient, given)
    assert (told.filled, len(told.differing)) == (0, 4)
    # What is about no region is filled; the number of the neck is not that of the back.
    told = brought(database, patient, replace(given, sleep=2), operations=both)
    assert (told.filled, [key for key, _ in told.cells]) == (1, ["sleep"])
    send(database, patient, replace(asked, axial_pain=6, sleep=2), key="later")
    told = brought(database, patient, given, operations=both)
    assert (TODAY, "axial_pain", Region.CERVICAL) in told.differing
    with database.read() as session:
        stored = diary.entry_on(session, patient.id, TODAY)
    assert stored is not None
    answers = (stored.entry.axial_pain, stored.entry.limb_pain, stored.entry.numbness_zones)
    assert (*answers, stored.entry.region) == (6, None, None, Region.LUMBAR)


def test_a_table_that_names_no_region_agrees_with_the_same_number(database: Database) -> None:
    """The neck was operated on before, and the form asked about the back all the same."""
    patient = new_patient(database)
    send(database, patient, DiaryEntry(TODAY, axial_pain=6, region=Region.LUMBAR))
    neck = Operation(TODAY - timedelta(3), Region.CERVICAL)
    with database.write() as session:
        record_rows.add(session, patient.id, neck, by=SYSTEM, at=NOW)
    both = (neck, Operation(OPERATED, Region.LUMBAR))
    told = brought(database, patient, DiaryEntry(TODAY, axial_pain=6), operations=both)
    assert (told.present, told.differing) == (1, ())
    # A gap of it stays open: whether the back or the neck is meant nobody knows.
    told = brought(database, patient, DiaryEntry(TODAY, limb_pain=6), operations=both)
    assert (told.filled, told.differing) == (0, ((TODAY, "limb_pain", Region.CERVICAL),))


def asking(database: Database, patient: Patient, own_item: str) -> None:
    with database.write() as session:
        now = people.patient_by_id(session, patient.id)
        changed = people.with_preferences(now, own_item=own_item)
        people.update_patient(session, changed, expected_version=now.version, by=SYSTEM, at=NOW)


def words_of(database: Database, patient: Patient, day: date = TODAY) -> str | None:
    with database.read() as session:
        stored = diary.entry_on(session, patient.id, day)
    assert stored is not None
    return stored.entry.own_question


def test_an_answer_of_a_file_is_worded_as_the_file_asks(database: Database) -> None:
    patient = new_patient(database)
    asking(database, patient, "Mood")
    before = TODAY - timedelta(1)
    send(database, patient, DiaryEntry(before, walking=3))
    for day in (TODAY, before):
        brought(database, patient, DiaryEntry(day, own_item=4), own_item="Sleep")
        assert words_of(database, patient, day) == "Sleep"
    # A file that names no question: it is today's.
    brought(database, patient, DiaryEntry(TODAY - timedelta(2), own_item=4))
    assert words_of(database, patient, TODAY - timedelta(2)) == "Mood"


def test_an_answer_that_is_there_gets_no_words_from_a_file(database: Database) -> None:
    """How an answer from before the words were kept was asked, nobody knows."""
    patient = new_patient(database)
    given = DiaryEntry(TODAY, own_item=4)
    brought(database, patient, given)
    assert words_of(database, patient) is None
    asking(database, patient, "Mood")
    for words, own in ((None, ""), (None, "Sleep"), ("Sleep", "")):
        told = brought(database, patient, replace(given, own_question=words), own_item=own)
        assert (told.brings, told.differing) == (False, ())
    assert words_of(database, patient) is None


def test_the_same_number_under_other_words_differs(database: Database) -> None:
    patient = new_patient(database)
    given = DiaryEntry(TODAY, own_item=4, own_question="Mood")
    brought(database, patient, given, own_item="Mood")
    assert brought(database, patient, given).differing == ()
    assert brought(database, patient, replace(given, own_question=None)).differing == ()
    told = brought(database, patient, replace(given, own_question="Sleep"))
    assert [key for _, key, _ in told.differing] == ["own_item"]
    told = brought(database, patient, replace(given, own_question=None), own_item="Sleep")
    assert [key for _, key, _ in told.differing] == ["own_item"]
    assert words_of(database, patient) == "Mood"


def test_a_dry_run_keeps_nothing(database: Database) -> None:
    patient = new_patient(database)
    found = import_history(
        database,
        patient.id,
        FileContent(history_with(calm(OPERATED, 5))),
        by=SYSTEM,
        at=NOW,
        dry_run=True,
    )
    assert found.added == 5
    with database.read() as session:
        assert diary.entries_of(session, patient.id) == ()


def test_imported_history_is_stored_as_ended_and_seen(database: Database) -> None:
    """A red wound in week 2 of a diary that is imported in week 8 wakes nobody."""
    patient = new_patient(database)
    days = list(calm(OPERATED, 50))
    days[10] = replace(days[10], signs=frozenset({"wound_redness"}))
    import_history(database, patient.id, FileContent(history_with(tuple(days))), by=SYSTEM, at=NOW)
    with database.read() as session:
        found = flags.flags_of(session, patient.id)
    assert found
    for flag in found:
        assert flag.imported
        assert (flag.condition, flag.attention) == (Condition.ENDED, Attention.SEEN)


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(
    ("days_ago", "condition", "attention"),
    [
        (1, Condition.ACTIVE, Attention.UNSEEN),
        (14, Condition.ACTIVE, Attention.UNSEEN),
        (15, Condition.ENDED, Attention.SEEN),
    ],
)
def test_an_open_emergency_of_the_last_days_is_still_open_after_an_import(
    database: Database, days_ago: int, condition: Condition, attention: Attention, is_new: bool
) -> None:
    """Somebody moves to another computer two days after they ticked it: nobody has answered."""
    patient = new_patient(database)
    if not is_new:
        send(database, patient, calm(TODAY, 1)[0])
    told = TODAY - timedelta(days_ago)
    days = list(calm(OPERATED, (told - OPERATED).days + 1))
    days[-1] = replace(days[-1], signs=frozenset({"saddle_numbness"}))
    import_history(
        database, patient.id, FileContent(history_with(tuple(days))), by=SYSTEM, at=NOW, today=TODAY
    )
    with database.read() as session:
        (flag,) = [f for f in flags.flags_of(session, patient.id) if f.episode.signs]
    assert (flag.condition, flag.attention) == (condition, attention)


def test_an_emergency_after_an_import_is_as_loud_as_any(database: Database) -> None:
    patient = new_patient(database)
    import_history(
        database, patient.id, FileContent(history_with(calm(OPERATED, 40))), by=SYSTEM, at=NOW
    )
    send(database, patient, DiaryEntry(TODAY, signs=frozenset({"chest_pain"})))
    with database.read() as session:
        (flag,) = [f for f in flags.flags_of(session, patient.id) if f.is_open]
    assert flag.attention is Attention.UNSEEN


def test_ticking_twice_does_nothing_the_second_time(database: Database) -> None:
    """Somebody goes quiet: the tick of a later day finds it without any new entry."""
    patient = new_patient(database)
    for n in range(20):
        day = OPERATED + timedelta(n)
        send(database, patient, calm(day, 1)[0], today=day)
    assert tick(database, noon(OPERATED + timedelta(20))) in (0, 1)
    later = noon(OPERATED + timedelta(45))
    assert tick(database, later) == 1
    assert tick(database, later) == 0
    with database.read() as session:
        patterns = {flag.pattern for flag in flags.flags_of(session, patient.id)}
    assert Pattern.GONE_QUIET in patterns


def test_a_tick_rests_as_long_as_it_locked_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One writer at a time: a tick without rests would hold up everybody else."""
    many = [new_patient(database, name) for name in ("Ann", "Bo", "Cy")]
    for patient in many:
        send(database, patient, calm(TODAY, 1)[0])
    rests: list[float] = []
    monkeypatch.setattr(ticking, "sleep", rests.append)
    monkeypatch.setattr(ticking, "AT_ONCE", 2)
    started = time.perf_counter()
    assert tick(database, noon(TODAY + timedelta(45))) == len(many)
    worked = time.perf_counter() - started
    assert len(rests) == 2
    assert 0 < min(rests) < sum(rests) <= worked


def test_what_was_found_before_the_lock_counts_only_while_the_record_is_the_same(
    database: Database,
) -> None:
    patient = new_patient(database)
    send(database, patient, calm(TODAY, 1)[0])
    with database.read() as session:
        calm_history = assessing.read_history(session, patient.id)
    before = assessing.foresee(calm_history, TODAY)
    assert calm_history is not None
    assert before.of(calm_history, TODAY) is before.found
    send(database, patient, DiaryEntry(TODAY, signs=frozenset({"chest_pain"})), expected_version=1)
    with database.write() as session:
        history = assessing.read_history(session, patient.id)
        found = assessing.assess_and_store(
            session, patient.id, history, Occasion(SYSTEM, NOW, TODAY), foreseen=before
        )
    assert found is not None
    assert [episode.signs for episode in found.active] == [("chest_pain",)]


def _seen(database: Database, patient: Patient, today: date) -> services.Recovery:
    return read_recovery(database, patient.id, today=today, by=as_patient(patient))


_FEVER = frozenset({"fever"})


@pytest.mark.parametrize(
    "entry",
    [
        DiaryEntry(TODAY, axial_pain=7, signs=_FEVER),
        DiaryEntry(TODAY, temperature_c=39, zone="Pacific/Auckland"),
        DiaryEntry(TODAY - timedelta(4), axial_pain=9, recorded_at=noon(TODAY - timedelta(9))),
        DiaryEntry(TODAY - timedelta(6), limb_pain=8, source=Source.OFFLINE),
        DiaryEntry(
            TODAY - timedelta(2),
            walking=1,
            source=Source.OFFLINE,
            recorded_at=noon(TODAY - timedelta(2)),
        ),
    ],
    ids=["new", "elsewhere", "corrected", "waited", "waited since"],
)
def test_what_the_form_was_read_with_is_assessed_before_anybody_waits(
    database: Database, monkeypatch: pytest.MonkeyPatch, entry: DiaryEntry
) -> None:
    """Within the write nothing is assessed, and what is stored is what would have been found."""
    patient = new_patient(database)
    for day in calm(TODAY - timedelta(5), 5):
        send(database, patient, day, today=day.day)
    seen = _seen(database, patient, TODAY)
    locked, assessed, assess = False, [], assessing.assess

    @contextmanager
    def changing(*given: object, **more: object) -> Iterator[object]:
        nonlocal locked
        with patient_change(*given, **more) as session:  # type: ignore[arg-type]
            locked = True
            yield session
        locked = False

    def noted(history: History, today: date) -> object:
        assessed.append(locked)
        return assess(history, today)

    monkeypatch.setattr("recovery_tracker.services.recording.patient_change", changing)
    monkeypatch.setattr(assessing, "assess", noted)
    recorded = send(database, patient, entry, read=seen)
    assert assessed == [False]
    warm = _seen(database, patient, TODAY)
    diary.forget_read()
    cold = _seen(database, patient, TODAY)
    assert warm.entries == cold.entries
    assert [one.entry.recorded_on() for one in warm.entries] == [
        one.entry.recorded_on() for one in cold.entries
    ]
    assert repr(recorded.assessment) == repr(cold.assessment)


def test_what_was_written_since_the_form_was_read_is_in_the_assessment(database: Database) -> None:
    patient = new_patient(database)
    send(database, patient, calm(TODAY - timedelta(1), 1)[0], today=TODAY - timedelta(1))
    seen = _seen(database, patient, TODAY)
    send(database, patient, DiaryEntry(TODAY - timedelta(2), signs=frozenset({"chest_pain"})))
    recorded = send(database, patient, DiaryEntry(TODAY, axial_pain=2), read=seen)
    assert recorded.assessment is not None
    assert [episode.signs for episode in recorded.assessment.active] == [("chest_pain",)]
    assert recorded.assessment == _seen(database, patient, TODAY).assessment


def test_a_summary_past_its_day_is_renewed_when_read(database: Database) -> None:
    patient = new_patient(database)
    send(database, patient, calm(TODAY, 1)[0])
    later = TODAY + timedelta(40)
    read_recovery(database, patient.id, today=later, by=as_patient(patient))
    with database.read() as session:
        assert patient_summary.summary_of(session, patient.id).as_of == later


def test_a_next_operation_ends_what_was_answered(database: Database) -> None:
    patient = new_patient(database)
    send(database, patient, DiaryEntry(TODAY, signs=frozenset({"saddle_numbness"})))
    by = new_clinician(database, patient)
    with database.write() as session:
        (flag,) = flags.flags_of(session, patient.id)
        attention.decide(
            session, patient.id, flag.public_id, Decision.HOSPITAL, by=by, at=NOW, today=TODAY
        )
    again = TODAY + timedelta(1)
    with database.write() as session:
        record_rows.add(
            session, patient.id, Operation(again, Region.LUMBAR), by=SYSTEM, at=noon(again)
        )
    services.reassess(database, patient.id, today=again, at=noon(again))
    with database.read() as session:
        (flag,) = flags.flags_of(session, patient.id)
    assert flag.condition is Condition.ENDED
    assert flag.closed_on is None, "nobody closed it: it stands again if there was no operation"


def rows_of(database: Database, actor: Actor, **more: object) -> list[str]:
    found = services.patient_list(database, actor, today=TODAY, **more)  # type: ignore[arg-type]
    return [row.name for row in found.rows]


def test_the_list_puts_those_in_need_first(database: Database) -> None:
    calm_one = new_patient(database, "Calm")
    urgent = new_patient(database, "Urgent")
    emergency = new_patient(database, "Zed Emergency")
    stranger = new_patient(database, "Stranger")
    send(database, calm_one, calm(TODAY, 1)[0])
    send(database, urgent, DiaryEntry(TODAY, signs=frozenset({"wound_redness"})))
    send(database, emergency, DiaryEntry(TODAY, signs=frozenset({"chest_pain"})))
    send(database, stranger, DiaryEntry(TODAY, signs=frozenset({"chest_pain"})))
    surgeon = new_clinician(database, calm_one, urgent, emergency)
    assert rows_of(database, surgeon) == ["Zed Emergency", "Urgent", "Calm"]
    assert rows_of(database, surgeon, filter="urgent") == ["Zed Emergency", "Urgent"]
    assert rows_of(database, surgeon, search="urg") == ["Urgent"]
    assert rows_of(database, surgeon, search="%") == []
    found = services.patient_list(database, surgeon, today=TODAY)
    assert (found.counts["all"], found.counts["urgent"]) == (3, 2)
    assert rows_of(database, Actor(99, "admin", Role.ADMINISTRATOR)) == []
    assert rows_of(database, as_patient(urgent)) == []


def test_whoever_was_just_added_asks_for_no_look_before_a_week_is_over(database: Database) -> None:
    """Added on 2 March and operated on 1 March (Fresh) or 5 January (Late); nobody writes a word.

    | 2 March          | 8 March          | 9 March                 |
    |------------------|------------------|-------------------------|
    | nothing is asked | nothing is asked | both need a look: quiet |
    """
    late = new_patient(database, "Late")
    with database.write() as session:
        fresh = people.create_patient(session, name="Fresh", zone="UTC", by=SYSTEM, at=NOW)
        operation = Operation(TODAY - timedelta(1), Region.LUMBAR, preop_axial_pain=7)
        record_rows.add(session, fresh.id, operation, by=SYSTEM, at=NOW)
    surgeon = new_clinician(database, late, fresh)

    def asking(day: date) -> list[str]:
        tick(database, noon(day))
        found = services.patient_list(database, surgeon, today=day, filter="quiet")
        return sorted(row.name for row in found.rows)

    assert asking(TODAY) == []
    assert asking(TODAY + timedelta(6)) == []
    assert asking(TODAY + timedelta(7)) == ["Fresh", "Late"]


def test_a_snoozed_patient_comes_back_on_the_day(database: Database) -> None:
    patient = new_patient(database)
    send(database, patient, DiaryEntry(TODAY, signs=frozenset({"wound_redness"})))
    surgeon = new_clinician(database, patient)
    until = TODAY + timedelta(3)
    with database.write() as session:
        (flag,) = flags.flags_of(session, patient.id)
        attention.decide(
            session,
            patient.id,
            flag.public_id,
            Decision.WATCH,
            until=until,
            by=surgeon,
            at=NOW,
            today=TODAY,
        )
    needs = [
        services.patient_list(database, surgeon, today=day).rows[0].need
        for day in (TODAY, until - timedelta(1), until)
    ]
    assert needs[0] == needs[1] < needs[2]


@pytest.mark.parametrize("begun", [20, 4])
def test_the_list_of_a_later_day_says_what_the_page_of_that_day_says(
    database: Database, begun: int
) -> None:
    """Nobody writes, nobody opens a page and no `tick` runs: days pass, and the list knows it."""
    patient = new_patient(database)
    for entry in calm(TODAY - timedelta(begun), begun + 1):
        send(database, patient, replace(entry, source=Source.IMPORT))
    taken_back = TODAY - timedelta(2)
    services.take_back_day(
        database,
        patient.id,
        taken_back,
        by=as_patient(patient),
        at=noon(TODAY),
        today=TODAY,
        expected_version=1,
    )
    surgeon = new_clinician(database, patient)
    seen = set()
    for day in (TODAY + timedelta(n) for n in range(40)):
        (row,) = services.patient_list(database, surgeon, today=day).rows
        recovery = read_recovery(database, patient.id, today=day, by=SYSTEM, audited=False)
        assert recovery.assessment is not None
        held = recovery.assessment.sufficiency
        told = (row.status, row.logged, row.expected, row.recent_logged, row.recent_expected)
        assert told == (
            recovery.assessment.status,
            *(held.kept, held.expected, held.recent_kept, held.recent_expected),
        ), day
        seen.add(told)
    assert len(seen) > 20
    with database.read() as session:
        days = lines_of(session, [patient.id], first=OPERATED, last=TODAY)[patient.id]
    assert taken_back not in {line.day for line in days}


def test_a_page_of_a_long_list_is_fifty_and_counts_them_all(database: Database, file: Path) -> None:
    """How long a page of ten thousand takes is in `make bench`."""
    count = 200
    patient = new_patient(database)
    send(database, patient, DiaryEntry(TODAY, signs=frozenset({"wound_redness"})))
    surgeon = new_clinician(database, patient)
    raw = driver().connect(file)
    for table in ("patient", "standing", "care"):
        names = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        (row,) = raw.execute(f"SELECT * FROM {table}")
        found = dict(zip(names, row, strict=True))
        rows = []
        for n in range(count):
            new = dict(found)
            if table == "patient":
                new |= {"id": n + 100, "public_id": f"p{n}", "name": f"Patient {n}"}
            else:
                new |= {"patient_id": n + 100}
            if table == "standing":
                new |= {"need": n % 90, "need_awake": n % 90, "flag_id": None}
            rows.append(tuple(new.values()))
        marks = ",".join("?" * len(names))
        raw.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    raw.commit()
    raw.close()
    found_list = services.patient_list(database, surgeon, today=TODAY, page=3)
    assert found_list.counts["all"] == count + 1
    assert len(found_list.rows) == 50
