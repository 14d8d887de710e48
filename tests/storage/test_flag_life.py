"""Any order of findings, corrections and decisions: the laws of a flag hold."""

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from recovery_tracker.domain.flags import (
    Attention,
    Condition,
    Decision,
    Episode,
    Pattern,
    Reason,
    Update,
    Urgency,
)
from recovery_tracker.domain.people import Occasion
from recovery_tracker.storage import attention, audit_chain, flag_updates, flags
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.errors import Refused
from recovery_tracker.storage.flags import Acknowledged, StoredFlag
from recovery_tracker.storage.patient_summary import need_of, refresh_need
from recovery_tracker.storage.tables.flags import FlagRow, SummaryRow
from recovery_tracker.storage.upgrade import upgrade_database
from tests.databases import NOW, OPERATED, SYSTEM, as_patient, new_clinician, new_patient, url_of
from tests.effort import effort

_PATTERNS = {
    Pattern.WORSENING: Urgency.REVIEW,
    Pattern.LOOSE_HARDWARE: Urgency.REVIEW,
    Pattern.GONE_QUIET: Urgency.NOTE,
    Pattern.INFECTION: Urgency.SAME_DAY,
    Pattern.EMERGENCY_SIGN: Urgency.EMERGENCY,
}


@cache
def _empty_file() -> Path:
    """A database with the newest tables, made once; Hypothesis takes no fixture here."""
    file = Path(tempfile.mkdtemp()) / "empty.db"
    upgrade_database(url_of(file))
    return file


class FlagLife(RuleBasedStateMachine):
    """A diary that is written and corrected, and people who answer what it shows.

    The model holds what the diary shows (one running or ended episode a pattern) and, beside each
    flag, the human answers that must never be lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        file = Path(shutil.copy(_empty_file(), self.folder / "life.db"))
        self.database = open_database(url_of(file))
        self.today = OPERATED + timedelta(60)
        self.since = OPERATED
        self.episodes: dict[Pattern, Episode] = {}
        self.before_operation: dict[Pattern, Episode] = {}
        self.answered: dict[str, int] = {}
        self.urgent: set[str] = set()

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.patient = new_patient(self.database)
        self.surgeon = new_clinician(self.database, self.patient)

    def assess(self) -> None:
        with self.database.write() as session:
            # As every assessment does in the same transaction (`patient_summary.save_summary`).
            summary = session.get(SummaryRow, self.patient.id)
            assert summary is not None
            summary.operation_day = self.since
            shown = flag_updates.Shown(tuple(self.episodes.values()), since=self.since)
            occasion = Occasion(SYSTEM, NOW, self.today)
            flag_updates.reconcile(session, self.patient.id, shown, occasion)

    def flags(self) -> tuple[flags.StoredFlag, ...]:
        with self.database.read() as session:
            return flags.flags_of(session, self.patient.id)

    @rule(pattern=st.sampled_from(sorted(_PATTERNS)), days=st.integers(0, 3))
    def time_passes_and_something_is_found(self, pattern: Pattern, days: int) -> None:
        self.today += timedelta(days)
        current = self.episodes.get(pattern)
        if current is None or current.cleared_on is not None:
            urgency = _PATTERNS[pattern]
            signs = ("sign",) if urgency >= Urgency.SAME_DAY else ()
            self.episodes[pattern] = Episode(pattern, urgency, self.today, signs=signs)
        self.assess()

    @rule(pattern=st.sampled_from(sorted(_PATTERNS)), urgency=st.sampled_from(Urgency))
    def it_gets_worse(self, pattern: Pattern, urgency: Urgency) -> None:
        current = self.episodes.get(pattern)
        if current is None or current.cleared_on is not None:
            return
        self.today += timedelta(1)
        update = Update(self.today, urgency, Reason("worse"))
        self.episodes[pattern] = replace(current, updates=(*current.updates, update))
        self.assess()
        # An unanswered emergency from before an operation may stand open beside it (decision 0018).
        (flag,) = [f for f in self.flags() if f.is_open and f.episode == self.episodes[pattern]]
        assert flag.attention is Attention.UNSEEN

    @rule(pattern=st.sampled_from(sorted(_PATTERNS)))
    def it_ends(self, pattern: Pattern) -> None:
        current = self.episodes.get(pattern)
        if current is not None and current.cleared_on is None:
            self.today += timedelta(1)
            self.episodes[pattern] = replace(current, cleared_on=self.today)
            self.today += timedelta(1)
            self.assess()

    @rule(pattern=st.sampled_from(sorted(_PATTERNS)))
    def the_diary_is_corrected(self, pattern: Pattern) -> None:
        if self.episodes.pop(pattern, None) is not None:
            self.assess()

    @precondition(lambda self: self.since == OPERATED)
    @rule()
    def another_operation(self) -> None:
        self.today += timedelta(1)
        self.since = self.today
        self.before_operation, self.episodes = self.episodes, {}
        self.assess()

    @precondition(lambda self: self.since != OPERATED)
    @rule()
    def it_did_not_happen(self) -> None:
        self.since = OPERATED
        self.episodes = self.before_operation
        self.assess()

    @rule(choice=st.randoms(use_true_random=False), decision=st.sampled_from(Decision))
    def a_clinician_decides(self, choice: object, decision: Decision) -> None:
        if known := self.flags():
            self.decide(choice.choice(known), decision, days=2)  # type: ignore[attr-defined]

    def decide(self, flag: StoredFlag, decision: Decision, days: int) -> None:
        dated = decision in (Decision.WATCH, Decision.NOT_REACHED)
        until = self.today + timedelta(days) if dated else None
        try:
            with self.database.write() as session:
                attention.decide(
                    session,
                    self.patient.id,
                    flag.public_id,
                    decision,
                    until=until,
                    by=self.surgeon,
                    at=NOW,
                    today=self.today,
                )
        except Refused:
            assert flag.urgency is Urgency.EMERGENCY
            return
        self.answered[flag.public_id] = self.answered.get(flag.public_id, 0) + 1

    @rule(choice=st.randoms(use_true_random=False))
    def the_patient_says_so(self, choice: object) -> None:
        known = self.flags()
        if not known:
            return
        flag = choice.choice(known)  # type: ignore[attr-defined]
        with self.database.write() as session:
            attention.acknowledge(
                session,
                self.patient.id,
                flag.public_id,
                Acknowledged.CALLED,
                by=as_patient(self.patient),
                at=NOW,
                today=self.today,
            )
        self.answered[flag.public_id] = self.answered.get(flag.public_id, 0) + 1

    @rule()
    def somebody_looks(self) -> None:
        with self.database.write() as session:
            for flag in self.flags():
                attention.mark_seen(
                    session, self.patient.id, flag.public_id, by=self.surgeon, at=NOW
                )

    @rule()
    def the_same_is_found_again(self) -> None:
        before = self.flags()
        self.assess()
        assert self.flags() == before

    @invariant()
    def the_laws_hold(self) -> None:
        if not hasattr(self, "patient"):
            return
        known = {flag.public_id: flag for flag in self.flags()}
        # Nothing that was shown disappears, and nothing people said is lost.
        assert self.urgent <= known.keys()
        for public_id, count in self.answered.items():
            flag = known[public_id]
            assert len(flag.decisions) + len(flag.acknowledgements) == count
        for flag in known.values():
            if flag.urgency >= Urgency.SAME_DAY:
                self.urgent.add(flag.public_id)
                # Only a person closes what is urgent; a correction is only shown.
                if flag.condition is Condition.WITHDRAWN:
                    assert flag.closed_on is not None
                    assert flag.decisions or flag.acknowledgements
                # Nor does the next operation end what nobody has answered.
                if flag.condition is Condition.ENDED and flag.episode.cleared_on is None:
                    assert flag.decisions or flag.acknowledgements
            if flag.urgency is Urgency.EMERGENCY:
                assert flag.attention is not Attention.SNOOZED
            assert (flag.attention is Attention.SNOOZED) == (flag.snoozed_until is not None)
        # Each running episode has exactly one open flag, and each such flag an episode.
        for pattern in _PATTERNS:
            running = self.episodes.get(pattern)
            opened = [
                flag
                for flag in known.values()
                if flag.pattern is pattern
                and flag.is_open
                and not flag.corrected_by_patient
                and flag.episode.raised_on >= self.since
            ]
            is_running = running is not None and running.cleared_on is None
            assert [flag.episode for flag in opened] == ([running] if is_running else [])

    @invariant()
    def the_list_and_the_audit_follow(self) -> None:
        if not hasattr(self, "patient"):
            return
        with self.database.write() as session:
            row = session.get(SummaryRow, self.patient.id)
            assert row is not None
            row.next_change_on, row.assessment_due = None, False
            refresh_need(session, self.patient.id)
            rows = session.query(FlagRow).all()
            # On each day until it is found again, the place is that of who is awake on that day.
            for day in (self.today + timedelta(ahead) for ahead in range(4)):
                if row.next_change_on is not None and day >= row.next_change_on:
                    break
                asks = [need_of(flag) for flag in rows if (flag.snoozed_until or day) <= day]
                is_woken = row.wakes_on is not None and row.wakes_on <= day
                assert (row.need_awake if is_woken else row.need) == max([0, *asks])
            assert audit_chain.verify(session) == []


FlagLife.TestCase.settings = settings(
    max_examples=effort(10, 50),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_flag_life = FlagLife.TestCase


@pytest.mark.parametrize("days", [(1, 3), (3, 1), (2, 2)])
def test_of_two_that_were_put_off_each_is_back_on_its_day(days: tuple[int, int]) -> None:
    life = FlagLife()
    life.begin()
    for pattern in (Pattern.INFECTION, Pattern.LOOSE_HARDWARE):
        life.time_passes_and_something_is_found(pattern, 0)
    for flag, ahead in zip(life.flags(), days, strict=True):
        life.decide(flag, Decision.WATCH, ahead)
    life.the_list_and_the_audit_follow()
    life.teardown()
