"""A clinic turns its flags up or down: what happens to its patients, and what it is told before."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.flags import TREND_PATTERNS, Condition, Decision, Pattern
from recovery_tracker.domain.history import Imaging, ImagingResult
from recovery_tracker.domain.outcomes import LEAST_FOR_SHARE, Outcome, outcome_of, tally
from recovery_tracker.domain.people import Actor, Mode
from recovery_tracker.domain.sensitivity import Sensitivity, Step
from recovery_tracker.services import (
    budget,
    erase_patient,
    import_history,
    read_recovery,
    record_day,
    tick,
)
from recovery_tracker.services.budget import preview_clinic, preview_patient
from recovery_tracker.storage import (
    attention,
    audit_chain,
    audit_trail,
    flags,
    patient_summary,
    record_rows,
    sensitivity,
)
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.database import Database
from recovery_tracker.storage.errors import Conflict, Refused
from recovery_tracker.storage.outcomes import flags_raised
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.sensitivity import SettingChange, change, changes_of, steps_of
from recovery_tracker.storage.settings import Installation, read_installation, save_installation
from recovery_tracker.storage.tables.sensitivity import SensitivityRow
from recovery_tracker.trends import STANDARD
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
)
from tests.trends.recoveries import Recovery
from tests.trends.test_sensitivity import only_standard

__all__ = ["database", "file"]

QUIET, SENSITIVE = Sensitivity.QUIET, Sensitivity.SENSITIVE
RULES = STANDARD.rule_set


@pytest.fixture
def clinic(database: Database) -> Database:
    with database.write() as session:
        save_installation(session, Installation(mode=Mode.CLINIC), by=SYSTEM, at=NOW)
    return database


def turn(
    clinic: Database,
    setting: Sensitivity | None,
    *,
    by: Actor = SYSTEM,
    on: date = TODAY,
    patient: Patient | None = None,
    reason: str = "too many",
) -> SettingChange:
    """Somebody confirms a change at noon, having seen every one before."""
    owner = None if patient is None else patient.id
    with clinic.write() as session:
        earlier = changes_of(session, owner)
        return change(
            session, setting, reason=reason, rule_set=RULES, by=by, at=noon(on),
            expected_version=earlier[-1].version if earlier else 0, patient_id=owner,
        )  # fmt: skip


def live(clinic: Database, recovery: Recovery, name: str = "Ann", *, until: date) -> Patient:
    """A patient whose diary was kept here up to a day; the last days one by one."""
    patient = new_patient(clinic, name)
    with clinic.write() as session:
        (operation,) = record_rows.stored_of(session, patient.id, type(recovery.history().index))
        record_rows.edit(
            session, patient.id, operation.public_id, recovery.history().index,
            expected_version=1, by=SYSTEM, at=NOW,
        )  # fmt: skip
    history = recovery.history()
    before = [each for each in history.entries if each.day < until]
    import_history(
        clinic, patient.id, FileContent(replace(history, entries=tuple(before))), by=SYSTEM,
        at=noon(until), today=until - timedelta(days=1),
    )  # fmt: skip
    keep(clinic, patient, recovery, until, until)
    return patient


def keep(clinic: Database, patient: Patient, recovery: Recovery, first: date, last: date) -> None:
    """The patient sends each of these days on the day."""
    for entry in recovery.history().entries:
        if first <= entry.day <= last:
            record_day(
                clinic, patient.id, entry, by=as_patient(patient), at=noon(entry.day),
                today=entry.day, key=f"{patient.id} {entry.day}",
            )  # fmt: skip


def seen(clinic: Database, patient: Patient, today: date):
    return read_recovery(clinic, patient.id, today=today, by=as_patient(patient))


def worsenings(clinic: Database, patient: Patient, today: date):
    return [flag for flag in seen(clinic, patient, today).flags if flag.pattern in TREND_PATTERNS]


def test_a_change_counts_from_the_next_day_where_the_patient_is(clinic: Database) -> None:
    near = new_patient(clinic, "Ann", zone="UTC")
    far = new_patient(clinic, "Kiri", zone="Pacific/Kiritimati")
    turn(clinic, QUIET)
    with clinic.read() as session:
        assert steps_of(session, near.id, near.zone) == (Step(TODAY + timedelta(1), QUIET),)
        # Noon of today is already tomorrow there.
        assert steps_of(session, far.id, far.zone) == (Step(TODAY + timedelta(2), QUIET),)


def test_a_patients_own_setting_goes_before_the_clinics(clinic: Database) -> None:
    ann = new_patient(clinic)
    days = [TODAY + timedelta(days=n) for n in range(5)]
    turn(clinic, QUIET, on=days[0])
    turn(clinic, SENSITIVE, on=days[1], patient=ann)
    turn(clinic, Sensitivity.STANDARD, on=days[2])
    turn(clinic, None, on=days[3], patient=ann)
    with clinic.read() as session:
        told = [(step.first, step.setting) for step in steps_of(session, ann.id, ann.zone)]
    one = timedelta(days=1)
    assert told == [
        (days[0] + one, QUIET),
        (days[1] + one, SENSITIVE),
        (days[2] + one, SENSITIVE),
        (days[3] + one, Sensitivity.STANDARD),
    ]


def test_of_two_changes_on_a_day_the_later_counts(clinic: Database) -> None:
    ann = new_patient(clinic)
    turn(clinic, QUIET)
    turn(clinic, SENSITIVE)
    with clinic.read() as session:
        assert steps_of(session, ann.id, ann.zone) == (Step(TODAY + timedelta(1), SENSITIVE),)
        assert [one.before for one in changes_of(session)] == [None, QUIET]


def test_a_flag_stays_after_the_turn_to_quiet_and_ends_by_its_own_rule(clinic: Database) -> None:
    """The story of the setting: raised on standard, turned down the same day, nothing vanishes."""
    recovery, episode = only_standard()
    raised, ended = episode.raised_on, episode.cleared_on
    assert ended is not None
    ann = live(clinic, recovery, until=raised)
    (flag,) = worsenings(clinic, ann, raised)
    turn(clinic, QUIET, on=raised)
    keep(clinic, ann, recovery, raised + timedelta(1), ended)
    (day_before,) = worsenings(clinic, ann, ended - timedelta(1))
    (after,) = worsenings(clinic, ann, ended)
    assert day_before.public_id == after.public_id == flag.public_id
    assert flag.condition is Condition.ACTIVE
    assert after.condition is Condition.ENDED
    assert {flag.episode.rule_set, after.episode.rule_set} == {RULES}
    assert seen(clinic, ann, ended).assessment.rule_set == f"{RULES}/quiet"


def test_after_the_turn_to_quiet_the_same_rise_is_not_flagged(clinic: Database) -> None:
    recovery, episode = only_standard()
    ann = live(clinic, recovery, until=episode.raised_on - timedelta(days=10))
    turn(clinic, QUIET, on=episode.raised_on - timedelta(days=10))
    keep(clinic, ann, recovery, episode.raised_on - timedelta(days=9), episode.raised_on)
    assert worsenings(clinic, ann, episode.raised_on) == []


def test_stored_standings_follow_on_the_first_day(clinic: Database) -> None:
    """Everybody is assessed again on that day, by `tick` or when read, and then at rest."""
    ann, bo = new_patient(clinic), new_patient(clinic, "Bo")
    for patient in (ann, bo):
        for entry in calm(TODAY - timedelta(days=2), 3):
            record_day(
                clinic, patient.id, entry, by=as_patient(patient), at=noon(entry.day),
                today=entry.day, key=f"{patient.id}{entry.day}",
            )  # fmt: skip
    turn(clinic, QUIET)
    first = TODAY + timedelta(days=1)
    with clinic.read() as session:
        assert patient_summary.summary_of(session, ann.id).next_change_on == first
        assert patient_summary.summary_of(session, ann.id).rule_set == RULES
    assert tick(clinic, noon(TODAY)) == 0
    assert tick(clinic, noon(first)) == 2
    assert tick(clinic, noon(first)) == 0
    with clinic.read() as session:
        assert patient_summary.summary_of(session, ann.id).rule_set == f"{RULES}/quiet"
    turn(clinic, SENSITIVE, on=first, patient=bo)
    assert tick(clinic, noon(first + timedelta(days=1))) == 1


def test_a_change_is_dated_signed_and_audited(clinic: Database) -> None:
    ann = new_patient(clinic)
    surgeon = new_clinician(clinic, ann)
    turn(clinic, QUIET, by=surgeon)
    made = turn(clinic, SENSITIVE, by=surgeon, patient=ann, reason="a very even diary")
    with clinic.read() as session:
        (own,) = changes_of(session, ann.id)
        assert own == replace(made, author="Dr Example")
        assert (own.before, own.setting, own.rule_set) == (None, SENSITIVE, RULES)
        (event,) = [
            each
            for each in audit_trail.events_about(session)
            if each.action is AuditAction.SENSITIVITY_CHANGED
        ]
        assert event.details == {"version": 1, "old": "standard", "new": "quiet"}
        assert (
            audit_trail.events_about(session, ann.id)[0].action is AuditAction.SENSITIVITY_CHANGED
        )
        assert audit_chain.verify(session) == []


def test_what_is_refused(clinic: Database) -> None:
    ann = new_patient(clinic)
    with pytest.raises(Refused, match="already"):
        turn(clinic, Sensitivity.STANDARD)
    with pytest.raises(Refused, match="already"):
        turn(clinic, None, patient=ann)
    with pytest.raises(Refused, match="why"):
        turn(clinic, QUIET, patient=ann, reason="")
    with pytest.raises(Refused, match="too long"):
        turn(clinic, QUIET, reason="x" * 501)
    turn(clinic, QUIET)
    with clinic.write() as session, pytest.raises(Conflict):
        change(session, SENSITIVE, reason="", rule_set=RULES, expected_version=0, by=SYSTEM, at=NOW)
    with clinic.read() as session:
        assert [one.setting for one in changes_of(session)] == [QUIET]


def test_one_person_alone_has_no_setting(database: Database) -> None:
    with database.write() as session:
        save_installation(session, Installation(mode=Mode.JUST_ME), by=SYSTEM, at=NOW)
    ann = new_patient(database)
    for patient in (None, ann):
        with pytest.raises(Refused, match="clinic"):
            turn(database, QUIET, patient=patient)
    with database.read() as session:
        assert read_installation(session).mode is Mode.JUST_ME
        assert steps_of(session, ann.id, ann.zone) == ()


def test_changes_are_never_changed_and_only_an_erasure_takes_them(clinic: Database) -> None:
    ann = new_patient(clinic)
    turn(clinic, QUIET)
    turn(clinic, SENSITIVE, patient=ann)
    for statement in (
        update(SensitivityRow).values(reason="other"),
        delete(SensitivityRow),
    ):
        with pytest.raises(IntegrityError), clinic.write() as session:
            session.execute(statement)
    erase_patient(clinic, ann.id, by=SYSTEM, at=NOW)
    with clinic.read() as session:
        assert changes_of(session, ann.id) == ()
        assert len(changes_of(session)) == 1


def test_the_preview_counts_what_each_setting_would_have_raised(clinic: Database) -> None:
    """Two who worsen a little, one who does not: flags on standard, none on quiet."""
    recovery, episode = only_standard()
    today = episode.raised_on + timedelta(days=3)
    for name in ("Ann", "Bo"):
        live(clinic, recovery, name, until=today)
    live(clinic, replace(recovery, axial=lambda day: 0.0, seed=99), "Cy", until=today)
    found = preview_clinic(clinic, today)
    assert (found.patients, found.replayed, found.is_sample) == (3, 3, False)
    meant = {one.setting: one for one in found.settings}
    assert meant[QUIET].flags.raised == meant[QUIET].standing == 0
    assert meant[Sensitivity.STANDARD].standing == 2
    assert meant[Sensitivity.STANDARD].flags == tally([(True, Outcome.UNKNOWN)] * 2)
    assert meant[SENSITIVE].standing >= 2


def test_the_preview_knows_what_pictures_and_decisions_said(clinic: Database) -> None:
    recovery, episode = only_standard()
    raised = episode.raised_on
    today = raised + timedelta(days=20)
    ann, bo, cy = (live(clinic, recovery, name, until=raised) for name in ("Ann", "Bo", "Cy"))
    surgeon = new_clinician(clinic, ann, bo, cy)
    with clinic.write() as session:
        seen_on = ImagingResult(raised + timedelta(days=9), "ct", Imaging.LOOSENING_SEEN)
        record_rows.add(session, ann.id, seen_on, by=surgeon, at=NOW)
        (flag,) = flags.flags_of(session, bo.id)
        attention.decide(
            session, bo.id, flag.public_id, Decision.REASSURED, by=surgeon, at=NOW, today=raised
        )
    found = preview_clinic(clinic, today)
    meant = {one.setting: one for one in found.settings}
    flags_ = meant[Sensitivity.STANDARD].flags
    assert (flags_.raised, flags_.confirmed, flags_.not_confirmed, flags_.unknown) == (3, 1, 1, 1)
    assert found.findings == 1
    assert meant[Sensitivity.STANDARD].announced == 1
    assert meant[QUIET].announced == 0


def test_a_second_operation_does_not_hide_the_flag_before_it(clinic: Database) -> None:
    """A revision starts a new recovery; the flag that came before it was right."""
    recovery, episode = only_standard()
    raised = episode.raised_on
    ann = live(clinic, recovery, until=raised)
    again = replace(recovery.history().index, day=raised + timedelta(days=12))
    with clinic.write() as session:
        record_rows.add(session, ann.id, again, by=SYSTEM, at=NOW)
    today = again.day + timedelta(days=20)
    keep(clinic, ann, recovery, again.day + timedelta(1), today)
    (_, standard, _) = preview_clinic(clinic, today).settings
    assert (standard.flags.raised, standard.flags.confirmed, standard.standing) == (1, 1, 0)


def test_a_planned_operation_is_no_outcome_yet(clinic: Database) -> None:
    recovery, episode = only_standard()
    raised = episode.raised_on
    ann = live(clinic, recovery, until=raised)
    planned = replace(recovery.history().index, day=raised + timedelta(days=12))
    with clinic.write() as session:
        record_rows.add(session, ann.id, planned, by=SYSTEM, at=NOW)
    for today, outcome in (
        (raised + timedelta(days=5), Outcome.UNKNOWN),
        (planned.day, Outcome.CONFIRMED),
    ):
        with clinic.read() as session:
            found = flags_raised(session, raised, today)
        assert {flag.outcome for flag in found} == {outcome}
        (_, standard, _) = preview_clinic(clinic, today).settings
        assert standard.flags.confirmed == (outcome is Outcome.CONFIRMED)


def test_a_large_clinic_is_replayed_in_part_and_scaled(
    clinic: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Ann", "Bo", "Cy", "Di"):
        patient = new_patient(clinic, name)
        record_day(
            clinic, patient.id, calm(TODAY, 1)[0], by=as_patient(patient), at=NOW, today=TODAY,
            key=name,
        )  # fmt: skip
    monkeypatch.setattr(budget, "SAMPLE", 2)
    found = preview_clinic(clinic, TODAY)
    assert (found.patients, found.replayed, found.is_sample) == (4, 2, True)
    assert found.of_all(3) == 6


def test_a_clinic_without_patients_has_a_preview_too(clinic: Database) -> None:
    found = preview_clinic(clinic, TODAY)
    assert (found.patients, found.replayed, found.of_all(3)) == (0, 0, 0.0)
    assert preview_patient(clinic, new_patient(clinic).id, TODAY)[QUIET] == ()


def test_the_preview_writes_nothing(clinic: Database) -> None:
    recovery, episode = only_standard()
    ann = live(clinic, recovery, until=episode.raised_on)
    with clinic.read() as session:
        before = [each.action for each in audit_trail.events_about(session, ann.id)]
    preview_clinic(clinic, episode.raised_on)
    with clinic.read() as session:
        assert [each.action for each in audit_trail.events_about(session, ann.id)] == before


def test_one_patients_preview_is_what_each_setting_would_raise(clinic: Database) -> None:
    recovery, episode = only_standard()
    ann = live(clinic, recovery, until=episode.raised_on)
    found = preview_patient(clinic, ann.id, episode.raised_on)
    assert found[QUIET] == ()
    assert [each.raised_on for each in found[Sensitivity.STANDARD]] == [episode.raised_on]


RAISED = OPERATED + timedelta(days=200)


def picture(days: int, result: Imaging) -> ImagingResult:
    return ImagingResult(RAISED + timedelta(days=days), "ct", result)


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        ({}, Outcome.UNKNOWN),
        ({"decisions": [Decision.WATCH, Decision.NOT_REACHED]}, Outcome.UNKNOWN),
        ({"decisions": [Decision.IMAGING]}, Outcome.UNKNOWN),
        ({"decisions": [Decision.REASSURED]}, Outcome.NOT_CONFIRMED),
        ({"decisions": [Decision.REASSURED, Decision.MEDICATION]}, Outcome.UNKNOWN),
        ({"decisions": [Decision.REASSURED, Decision.SEEN_SOONER]}, Outcome.CONFIRMED),
        ({"decisions": [Decision.MEDICATION, Decision.REASSURED]}, Outcome.NOT_CONFIRMED),
        ({"imaging": [picture(0, Imaging.LOOSENING_SEEN)]}, Outcome.CONFIRMED),
        ({"imaging": [picture(-1, Imaging.LOOSENING_SEEN)]}, Outcome.UNKNOWN),
        ({"imaging": [picture(182, Imaging.LOOSENING_SEEN)]}, Outcome.CONFIRMED),
        ({"imaging": [picture(183, Imaging.LOOSENING_SEEN)]}, Outcome.UNKNOWN),
        ({"imaging": [picture(9, Imaging.NO_LOOSENING_SEEN)]}, Outcome.NOT_CONFIRMED),
        ({"imaging": [picture(9, Imaging.FUSED)]}, Outcome.NOT_CONFIRMED),
        ({"imaging": [picture(9, Imaging.NOT_YET_FUSED)]}, Outcome.UNKNOWN),
        # A normal picture does not take back what a clinician acted on.
        (
            {"decisions": [Decision.SEEN_SOONER], "imaging": [picture(9, Imaging.FUSED)]},
            Outcome.CONFIRMED,
        ),
        # Reassured, and then it was loose after all.
        (
            {"decisions": [Decision.REASSURED], "imaging": [picture(9, Imaging.LOOSENING_SEEN)]},
            Outcome.CONFIRMED,
        ),
        ({"operations": [OPERATED]}, Outcome.UNKNOWN),
        ({"operations": [OPERATED, RAISED + timedelta(days=30)]}, Outcome.CONFIRMED),
    ],
)
def test_what_became_of_a_flag(known: dict[str, object], outcome: Outcome) -> None:
    found = outcome_of(Pattern.LOOSE_HARDWARE, RAISED, operated_on=OPERATED, **known)  # type: ignore[arg-type]
    assert found is outcome


def test_not_yet_fused_is_a_finding_after_a_year_and_for_that_pattern() -> None:
    late = [ImagingResult(OPERATED + timedelta(days=365), "ct", Imaging.NOT_YET_FUSED)]
    for pattern, outcome in (
        (Pattern.FAILED_FUSION, Outcome.CONFIRMED),
        (Pattern.WORSENING, Outcome.UNKNOWN),
    ):
        found = outcome_of(pattern, RAISED, operated_on=OPERATED, imaging=late)
        assert found is outcome


def test_pictures_say_nothing_about_a_warning_answer() -> None:
    found = outcome_of(
        Pattern.INFECTION,
        RAISED,
        operated_on=OPERATED,
        imaging=[picture(9, Imaging.LOOSENING_SEEN)],
        operations=[RAISED + timedelta(days=2)],
    )
    assert found is Outcome.UNKNOWN


def test_a_share_is_given_only_of_enough() -> None:
    few = tally([(True, Outcome.CONFIRMED)] * (LEAST_FOR_SHARE - 1))
    enough = tally([(True, Outcome.CONFIRMED)] * 15 + [(False, Outcome.NOT_CONFIRMED)] * 5)
    assert few.share is None
    assert enough.share == 0.75
    assert (enough.raised, enough.seen, enough.known, enough.unknown) == (20, 15, 20, 0)


def test_the_hit_rate_leaves_out_what_was_imported(clinic: Database) -> None:
    recovery, episode = only_standard()
    raised, ended = episode.raised_on, episode.cleared_on
    assert ended is not None
    live(clinic, recovery, "Ann", until=raised)
    bo = live(clinic, recovery, "Bo", until=ended + timedelta(days=1))
    with clinic.read() as session:
        found = flags_raised(session, date(2020, 1, 1), ended + timedelta(days=1))
        imported = [flag for flag in flags.flags_of(session, bo.id) if flag.imported]
    assert len(imported) == 1
    assert [(flag.is_seen, flag.outcome) for flag in found] == [(False, Outcome.UNKNOWN)]


def test_the_audit_of_the_clinic_holds_no_reason(clinic: Database) -> None:
    """Its chain is never erased, and people write names into fields."""
    turn(clinic, QUIET, reason="because of Ann Example")
    with clinic.read() as session:
        assert "Ann" not in str([each.details for each in audit_trail.events_about(session)])
        assert sensitivity.changes_of(session)[0].reason == "because of Ann Example"
