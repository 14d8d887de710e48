"""Steps and minutes that a phone counted: they are beside the diary and never in its place."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from recovery_tracker.domain.diary import DiaryEntry, SignChange, Source
from recovery_tracker.domain.flags import Assessment, Pattern, Status
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.trends.assessment import assess
from recovery_tracker.trends.cohort import replay
from recovery_tracker.trends.levels import levels_of
from recovery_tracker.trends.series import diaries_of

DAY_0 = date(2026, 1, 5)
OPERATION = Operation(DAY_0, Region.LUMBAR)


def on(pod: int) -> date:
    return DAY_0 + timedelta(days=pod)


def told(pod: int, **answers: object) -> DiaryEntry:
    return DiaryEntry(on(pod), source=Source.IMPORT, **answers)  # type: ignore[arg-type]


def test_only_what_a_person_gave_is_an_answer() -> None:
    for entry in (
        told(1),
        told(1, steps=4000),
        told(1, walking_minutes=30, temperature_c=36.8),
    ):
        assert not entry.has_answers()
    for entry in (
        told(1, axial_pain=0),
        told(1, steps=4000, note="a good day"),
        told(1, signs=frozenset()),
        told(1, sign_changes={"fever": SignChange.GONE}),
        DiaryEntry(on(1), steps=4000, source=Source.FORM),
    ):
        assert entry.has_answers()


def test_a_diary_that_stops_has_gone_quiet_though_the_phone_goes_on_counting() -> None:
    entries = [told(pod, axial_pain=3, walking=3, signs=frozenset()) for pod in range(1, 41)]
    entries += [told(pod, steps=4000, temperature_c=36.6) for pod in range(41, 101)]
    history = History((OPERATION,), tuple(entries))

    found = assess(history, on(100))

    assert found.status is Status.GONE_QUIET
    assert (found.sufficiency.logged, found.sufficiency.expected) == (40, 100)
    assert found.sufficiency.last_entry == on(40)
    assert [e.raised_on for e in found.episodes if e.pattern is Pattern.GONE_QUIET] == [on(48)]
    levels = levels_of(history, on(100))
    assert int(levels.logged.sum()) == 40
    assert levels.gaps == ((41, 100),)
    diaries = diaries_of([history], [on(100)])
    assert [episode.pattern for _, episode in replay(diaries)] == [Pattern.GONE_QUIET]


def test_a_fever_that_only_a_file_holds_is_still_seen_by_both_engines() -> None:
    entries = [told(pod, axial_pain=3) for pod in range(1, 11)]
    history = History((OPERATION,), (*entries, told(12, temperature_c=39.0)))

    found = assess(history, on(13)).episodes

    assert [episode.pattern for episode in found] == [Pattern.INFECTION]
    replayed = [e.pattern for _, e in replay(diaries_of([history], [on(13)]))]
    assert replayed == [Pattern.INFECTION]


def rise(steps: tuple[int, int] | None, *, walking: int | None = 2, watch: bool = False) -> History:
    """Pain that settles at 2 and rises to 5 from day 100 on, with steps before and since."""
    entries = []
    for pod in range(1, 151):
        pain = max(2, 7 - pod // 8) if pod < 100 else 5
        entry = told(
            pod, axial_pain=pain, limb_pain=1, walking=walking, mobility=1, signs=frozenset()
        )
        if steps is not None:
            entry = replace(entry, steps=steps[pod >= 100])
        if watch and pod < 100:
            entry = replace(entry, source=Source.FORM)
        entries.append(entry)
    return History((OPERATION,), tuple(entries))


def trend(history: History) -> tuple[Pattern, list[str]]:
    found: Assessment = assess(history, on(150))
    flag = next(episode for episode in found.episodes if episode.likelihoods)
    return flag.pattern, [str(r.values.get("measure", r.code)) for r in flag.explained_by]


def test_doubled_steps_change_neither_the_pattern_nor_what_explains_it() -> None:
    without, steady, doubled = rise(None), rise((4000, 4100)), rise((4000, 8400))

    assert trend(without) == trend(steady) == trend(doubled)
    assert trend(doubled)[1] == []


def test_steps_are_told_where_nobody_says_how_much_they_walked_and_name_nothing() -> None:
    pattern, explained = trend(rise((4000, 8400), walking=None))

    assert explained == ["steps"]
    assert pattern is trend(rise(None, walking=None))[0]


@pytest.mark.parametrize(
    ("steps", "watch"), [((4000, 8400), True), ((20, 60), False)], ids=["new watch", "left at home"]
)
def test_steps_of_two_sources_or_of_a_phone_left_at_home_explain_nothing(
    steps: tuple[int, int], watch: bool
) -> None:
    assert trend(rise(steps, walking=None, watch=watch))[1] == []


def test_an_answer_that_says_more_walking_explains_and_names_as_before() -> None:
    history = rise(None)
    entries = tuple(
        replace(e, walking=3 if e.day >= on(95) else 2, mobility=None) for e in history.entries
    )

    pattern, explained = trend(replace(history, entries=entries))

    assert (pattern, explained) == (Pattern.WORSENING, ["walking"])


def test_a_day_that_only_a_phone_wrote_raises_and_ends_no_flag() -> None:
    history = rise((4000, 4000))
    last = [told(pod, steps=4000) for pod in range(151, 260)]
    diaries = diaries_of([replace(history, entries=(*history.entries, *last))], [on(259)])

    assert int(np.flatnonzero(diaries.logged[0])[-1]) == 150
    trends = [e for _, e in replay(diaries) if e.likelihoods]
    assert [e.cleared_on for e in trends] == [None]
