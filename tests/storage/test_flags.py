"""A flag's two axes: what the diary shows, and what people did about it."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from recovery_tracker.domain.flags import (
    Attention,
    Condition,
    Decision,
    Episode,
    MeasureChange,
    Pattern,
    Reason,
    Update,
    Urgency,
)
from recovery_tracker.domain.people import Mode, Occasion
from recovery_tracker.domain.phrases import pattern_name
from recovery_tracker.storage import attention, flag_updates, flags
from recovery_tracker.storage.as_json import episode_from_json, episode_to_json, told_in
from recovery_tracker.storage.columns import canonical
from recovery_tracker.storage.database import Database
from recovery_tracker.storage.errors import Conflict, NotFound, Refused
from recovery_tracker.storage.flags import Acknowledged, StoredFlag
from recovery_tracker.storage.people import Patient
from recovery_tracker.storage.settings import Installation, save_installation
from recovery_tracker.storage.tables.flags import FlagRow
from tests.databases import NOW, OPERATED, SYSTEM, TODAY, as_patient, new_clinician, new_patient

_DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_REASONS = st.builds(
    Reason,
    st.text(max_size=8),
    st.dictionaries(st.text(max_size=5), _DAYS | st.integers() | _NUMBERS | st.text(), max_size=4),
)
_EPISODES = st.builds(
    Episode,
    pattern=st.sampled_from(Pattern),
    urgency=st.sampled_from(Urgency),
    raised_on=_DAYS,
    cleared_on=st.none() | _DAYS,
    onset=st.none() | _DAYS,
    onset_first=st.none() | _DAYS,
    onset_last=st.none() | _DAYS,
    size=st.none() | _NUMBERS,
    days_used=st.integers(0, 99),
    signs=st.tuples(st.sampled_from(["fall", "fever"])) | st.just(()),
    signals=st.lists(
        st.builds(
            MeasureChange,
            st.text(max_size=5),
            st.none() | _NUMBERS,
            st.none(),
            st.just(3),
            st.just(4),
        ),
        max_size=2,
    ).map(tuple),
    evidence_for=st.lists(_REASONS, max_size=3).map(tuple),
    explained_by=st.lists(_REASONS, max_size=1).map(tuple),
    also_consider=st.lists(st.text(), max_size=2).map(tuple),
    likelihoods=st.lists(st.tuples(st.sampled_from(Pattern), _NUMBERS), max_size=2).map(tuple),
    would_clear=st.none() | _REASONS,
    updates=st.lists(st.builds(Update, _DAYS, st.sampled_from(Urgency), _REASONS), max_size=2).map(
        tuple
    ),
    rule_set=st.text(max_size=5),
)


@settings(deadline=None)
@given(_EPISODES)
def test_a_receipt_comes_back_as_it_was(episode: Episode) -> None:
    """A date stays a date, 1.0 stays a float, what is empty stays empty."""
    import json

    again = episode_from_json(json.loads(json.dumps(episode_to_json(episode))))
    assert again == episode
    kinds = [[type(v) for v in reason.values.values()] for reason in episode.evidence_for]
    assert kinds == [[type(v) for v in reason.values.values()] for reason in again.evidence_for]


@given(_EPISODES)
def test_a_row_tells_of_a_flag_what_the_whole_flag_tells(episode):
    """A list reads only a part of what is stored; what it reads is the same."""
    told, read = told_in(canonical(episode_to_json(episode))), set()
    for name in (one.name for one in fields(Episode)):
        if getattr(told, name) == getattr(episode, name):
            read.add(name)
    assert read >= {
        "pattern", "urgency", "raised_on", "cleared_on", "onset", "signs", "signals",
        "evidence_for", "likelihoods", "updates",
    }  # fmt: skip
    assert pattern_name(told) == pattern_name(episode)
    assert (told.key, told.worst_urgency) == (episode.key, episode.worst_urgency)


WORSENING = Episode(Pattern.WORSENING, Urgency.REVIEW, TODAY - timedelta(10), onset=TODAY)
SADDLE = Episode(
    Pattern.EMERGENCY_SIGN, Urgency.EMERGENCY, TODAY - timedelta(5), signs=("saddle_numbness",)
)
WOUND = Episode(Pattern.INFECTION, Urgency.SAME_DAY, TODAY - timedelta(5), signs=("wound_redness",))


def found(database: Database, patient: Patient, *episodes: Episode) -> tuple[StoredFlag, ...]:
    """The flags after an assessment that found these episodes."""
    with database.write() as session:
        shown = flag_updates.Shown(episodes, since=OPERATED)
        flag_updates.reconcile(session, patient.id, shown, Occasion(SYSTEM, NOW, TODAY))
        return flags.flags_of(session, patient.id)


def decided(
    database: Database,
    patient: Patient,
    flag: StoredFlag,
    decision: Decision = Decision.REASSURED,
    until: date | None = None,
) -> StoredFlag:
    surgeon = new_clinician(database, patient, login=f"s{flag.version}{flag.id}{decision}")
    with database.write() as session:
        return attention.decide(
            session, patient.id, flag.public_id, decision, until=until, by=surgeon, at=NOW,
            today=TODAY, note="seen in clinic",
        )  # fmt: skip


def test_the_same_finding_again_changes_nothing(database: Database) -> None:
    patient = new_patient(database)
    (first,) = found(database, patient, WORSENING)
    assert found(database, patient, WORSENING) == (first,)


def test_a_decision_outlives_every_assessment(database: Database) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, WORSENING)
    answered = decided(database, patient, flag)
    assert (answered.attention, answered.decisions[0].note) == (Attention.DECIDED, "seen in clinic")
    ended = replace(WORSENING, cleared_on=TODAY)
    (after,) = found(database, patient, ended)
    assert (after.condition, after.attention) == (Condition.ENDED, Attention.DECIDED)
    assert after.decisions == answered.decisions


def test_a_corrected_diary_moves_a_flag_without_making_a_second(database: Database) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, WORSENING)
    moved = replace(WORSENING, raised_on=WORSENING.raised_on + timedelta(2))
    (after,) = found(database, patient, moved)
    assert (after.public_id, after.episode.raised_on) == (flag.public_id, moved.raised_on)


def test_a_trend_that_is_no_longer_there_is_withdrawn_and_visible(database: Database) -> None:
    patient = new_patient(database)
    found(database, patient, WORSENING)
    (gone,) = found(database, patient)
    assert gone.condition is Condition.WITHDRAWN
    (back,) = found(database, patient, WORSENING)
    assert (back.condition, back.attention) == (Condition.ACTIVE, Attention.UNSEEN)


@pytest.mark.parametrize("episode", [SADDLE, WOUND])
def test_an_urgent_flag_stays_until_a_person_closes_it(
    database: Database, episode: Episode
) -> None:
    """The patient takes the answer back: it says so, stays open, and a clinician closes it."""
    patient = new_patient(database)
    found(database, patient, episode)
    (corrected,) = found(database, patient)
    assert corrected.corrected_by_patient
    assert (corrected.condition, corrected.is_open) == (Condition.ACTIVE, True)
    closed = decided(database, patient, corrected)
    assert (closed.condition, closed.closed_on) == (Condition.WITHDRAWN, TODAY)
    assert found(database, patient) == (closed,)


def test_an_answer_given_again_after_it_was_closed_is_open_again(database: Database) -> None:
    """Ticked, taken back, closed by a clinician, ticked again on the same day."""
    patient = new_patient(database)
    found(database, patient, SADDLE)
    (corrected,) = found(database, patient)
    decided(database, patient, corrected)
    (again,) = found(database, patient, SADDLE)
    assert (again.is_open, again.attention, again.closed_on) == (True, Attention.UNSEEN, None)


def test_an_answer_that_comes_back_is_no_longer_corrected(database: Database) -> None:
    patient = new_patient(database)
    found(database, patient, SADDLE)
    found(database, patient)
    (back,) = found(database, patient, SADDLE)
    assert (back.corrected_by_patient, back.attention) == (False, Attention.UNSEEN)


@pytest.mark.parametrize(
    "newer",
    [
        Update(TODAY, Urgency.REVIEW, Reason("worse")),
        Update(TODAY, Urgency.SAME_DAY, Reason("weakness")),
    ],
)
def test_something_new_under_a_decided_flag_asks_again(database: Database, newer: Update) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, WORSENING)
    decided(database, patient, flag)
    (after,) = found(database, patient, replace(WORSENING, updates=(newer,)))
    assert (after.attention, after.urgency) == (Attention.UNSEEN, newer.urgency)
    again = decided(database, patient, after)
    assert found(database, patient, replace(WORSENING, updates=(newer,))) == (again,)


@pytest.mark.parametrize("episode", [WORSENING, WOUND])
def test_another_sign_of_the_same_day_asks_again(database: Database, episode: Episode) -> None:
    """Decided about at noon; in the afternoon the same day's entry gets one more sign."""
    patient = new_patient(database)

    def told(*signs: str) -> Episode:
        reasons = (Reason("sign_given", {"sign": sign, "day": TODAY}) for sign in signs)
        return replace(
            episode, updates=tuple(Update(TODAY, Urgency.SAME_DAY, reason) for reason in reasons)
        )

    (flag,) = found(database, patient, told("wound_redness"))
    decided(database, patient, flag)
    (same,) = found(database, patient, told("wound_redness"))
    assert same.attention is Attention.DECIDED
    (after,) = found(database, patient, told("wound_redness", "chills"))
    assert after.attention is Attention.UNSEEN


def test_a_snooze_is_of_one_flag_and_ends_on_its_day(database: Database) -> None:
    patient = new_patient(database)
    worsening, wound = sorted(found(database, patient, WORSENING, WOUND), key=lambda f: f.urgency)
    snoozed = decided(database, patient, worsening, Decision.WATCH, TODAY + timedelta(7))
    assert snoozed.attention_on(TODAY + timedelta(6)) is Attention.SNOOZED
    assert snoozed.attention_on(TODAY + timedelta(7)) is Attention.SEEN
    with database.read() as session:
        other = flags.flag_by_public_id(session, patient.id, wound.public_id)
    assert other.attention is Attention.UNSEEN


def test_a_new_sign_wakes_a_snoozed_flag(database: Database) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, WORSENING)
    decided(database, patient, flag, Decision.WATCH, TODAY + timedelta(7))
    newer = Update(TODAY, Urgency.EMERGENCY, Reason("saddle"))
    (after,) = found(database, patient, replace(WORSENING, updates=(newer,)))
    assert (after.attention, after.snoozed_until) == (Attention.UNSEEN, None)


def test_an_emergency_is_never_put_off(database: Database) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, SADDLE)
    with pytest.raises(Refused):
        decided(database, patient, flag, Decision.WATCH, TODAY + timedelta(1))
    tried = decided(database, patient, flag, Decision.NOT_REACHED, TODAY + timedelta(1))
    assert (tried.attention, tried.snoozed_until) == (Attention.SEEN, None)


def test_the_database_itself_refuses_to_put_an_emergency_off(database: Database) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, SADDLE)
    snoozed = update(FlagRow).where(FlagRow.id == flag.id)
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(snoozed.values(attention="snoozed", snoozed_until=TODAY))


@pytest.mark.parametrize(
    ("decision", "until", "said"),
    [
        (Decision.WATCH, None, "until when to watch"),
        (Decision.NOT_REACHED, None, "when to try again"),
        (Decision.WATCH, TODAY, "after today"),
        (Decision.REASSURED, TODAY + timedelta(1), "Leave the day empty"),
    ],
)
def test_a_dated_decision_needs_a_later_day_and_no_other_has_one(
    database: Database, decision: Decision, until: date | None, said: str
) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, WORSENING)
    with pytest.raises(Refused, match=said):
        decided(database, patient, flag, decision, until)


def test_only_who_cares_for_the_patient_decides(database: Database) -> None:
    patient, other = new_patient(database), new_patient(database, "Bo")
    (flag,) = found(database, patient, WORSENING)
    stranger = new_clinician(database, other)
    for by in (stranger, as_patient(patient)):
        with pytest.raises(NotFound), database.write() as session:
            attention.decide(
                session, patient.id, flag.public_id, Decision.REASSURED, by=by, at=NOW, today=TODAY
            )
    surgeon = new_clinician(database, patient, login="own")
    with pytest.raises(NotFound), database.write() as session:
        attention.decide(
            session, other.id, flag.public_id, Decision.REASSURED, by=surgeon, at=NOW, today=TODAY
        )


def test_two_clinicians_do_not_decide_past_each_other(database: Database) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, WORSENING)
    decided(database, patient, flag)
    surgeon = new_clinician(database, patient)
    with pytest.raises(Conflict), database.write() as session:
        attention.decide(
            session, patient.id, flag.public_id, Decision.IMAGING, by=surgeon, at=NOW,
            today=TODAY, expected_version=flag.version,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "expected"), [(Mode.CLINIC, Attention.UNSEEN), (Mode.JUST_ME, Attention.DECIDED)]
)
def test_the_patients_answer_stands_beside_and_alone_it_is_the_answer(
    database: Database, mode: Mode, expected: Attention
) -> None:
    patient = new_patient(database)
    (flag,) = found(database, patient, WOUND)
    with database.write() as session:
        save_installation(session, Installation(mode=mode), by=SYSTEM, at=NOW)
        after = attention.acknowledge(
            session, patient.id, flag.public_id, Acknowledged.CALLED, by=as_patient(patient),
            at=NOW, today=TODAY, note="they said come on Monday",
        )  # fmt: skip
    assert after.attention is expected
    assert after.is_open
    assert [said.answer for said in after.acknowledgements] == [Acknowledged.CALLED]


def test_an_ended_episode_arms_its_pattern_again(database: Database) -> None:
    patient = new_patient(database)
    ended = replace(WORSENING, cleared_on=TODAY - timedelta(4))
    found(database, patient, ended)
    second = replace(WORSENING, raised_on=TODAY)
    first, later = found(database, patient, ended, second)
    assert (first.condition, later.condition) == (Condition.ENDED, Condition.ACTIVE)
    assert later.attention is Attention.UNSEEN
