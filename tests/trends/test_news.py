"""News under an open flag, and recoveries that never came in diaries with few entries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from recovery_tracker.domain.flags import Episode, Pattern, Status
from recovery_tracker.trends.assessment import assess
from recovery_tracker.trends.worsening import trend_findings

from .recoveries import Recovery, ramp
from .test_laws import as_known

SEEDS = range(4)


def both(*changes: Callable[[int], float]) -> Callable[[int], float]:
    return lambda day: sum(change(day) for change in changes)


def flags(recovery: Recovery) -> tuple[Episode, ...]:
    return trend_findings(recovery.history(), recovery.last_day).episodes


def news_between(recovery: Recovery, first: int, last: int) -> list[str]:
    """Codes of what was told between two days, as a flag of its own or as news under one."""
    told = [(flag.raised_on, flag.evidence_for[0].code) for flag in flags(recovery)]
    told += [(news.day, news.reason.code) for flag in flags(recovery) for news in flag.updates]
    return [code for day, code in sorted(told) if recovery.on(first) <= day <= recovery.on(last)]


@pytest.mark.parametrize("every", [1, 3, 7])
@pytest.mark.parametrize("seed", SEEDS)
def test_news_begins_on_the_day_on_which_it_was_recorded(seed: int, every: int) -> None:
    """Who writes each day down on the next one: nothing is dated before it was there."""
    recovery = Recovery(
        days=400,
        seed=seed,
        plateau=5.5,
        axial=both(ramp(150, 2.0, 7), ramp(230, 2.5, 7)),
        limb=ramp(190, 4.0, 7),
        missing=[day for day in range(401) if day % every],
        late=dict.fromkeys(range(401), 1),
    )
    whole = assess(recovery.history(), recovery.last_day + timedelta(days=3)).episodes
    news = {update.day for flag in whole for update in flag.updates}

    assert news
    for day in news | {each - timedelta(days=1) for each in news}:
        assert list(assess(recovery.history(), day).episodes) == as_known(whole, day)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("first", "second"), [("axial", "limb"), ("limb", "axial")])
def test_the_first_weeks_too_tell_what_else_rises(first: str, second: str, seed: int) -> None:
    rises: dict[str, Any] = {first: ramp(24, 4.0), second: ramp(41, 4.0)}
    recovery = Recovery(days=58, seed=seed, start=4.0, **rises)

    assert news_between(recovery, 24, 40)[0] == "rose_and_stayed"
    assert news_between(recovery, 42, 56) == ["also_rising"]


@pytest.mark.parametrize("rises", ["axial", "limb", "numbness"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_new_numb_place_is_told_under_whatever_flag_stands(seed: int, rises: str) -> None:
    foot = {"numbness_zones": frozenset({"left_foot"})}
    thigh = {"numbness_zones": frozenset({"left_foot", "left_thigh"})}
    rise: dict[str, Any] = {rises: ramp(150, 3.0)}
    more = {day: foot if day < 200 else thigh for day in range(1, 231)}
    recovery = Recovery(days=230, seed=seed, more=more, **rise)

    (flag,) = flags(recovery)
    (news,) = [one for one in flag.updates if one.reason.code == "new_zone_stays"]

    assert recovery.on(200) < news.day <= recovery.on(210)
    assert news.reason.values["zone"] == "left_thigh"


def test_one_rule_decides_which_place_is_new_whatever_was_written_late() -> None:
    """What is too late to count against a new place does not take its name away."""
    foot = {"numbness_zones": frozenset({"left_foot"})}
    thigh = {"numbness_zones": frozenset({"left_foot", "left_thigh"})}
    more = {day: thigh if day >= 200 or day == 60 else foot for day in range(1, 231)}

    (flag,) = flags(Recovery(days=230, more=more, late={60: 20}, limb=ramp(150, 3.0)))

    news = [one.reason for one in flag.updates if one.reason.code == "new_zone_stays"]
    assert [reason.values["zone"] for reason in news] == ["left_thigh"]


@pytest.mark.parametrize("measure", ["axial", "limb", "numbness"])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_has_become_usual_under_a_flag_and_rises_once_more_is_told(
    seed: int, measure: str
) -> None:
    """Half a year later nobody remembers the first rise, and the flag still stands."""
    more = {"axial": 1.5, "limb": 2.2, "numbness": 1.0}[measure]
    rises: dict[str, Any] = {measure: both(ramp(120, 1.5 * more, 3), ramp(330, more, 3))}
    recovery = Recovery(days=380, seed=seed, **rises)

    assert news_between(recovery, 200, 329) == []
    assert set(news_between(recovery, 330, 370)) & {"rose_again", "rose_further"}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_speaks_on_the_same_day_is_evidence_and_no_news_of_the_next(seed: int) -> None:
    recovery = Recovery(days=170, seed=seed, axial=ramp(150, 4.0), limb=ramp(150, 4.0))

    (flag,) = flags(recovery)
    beside = [each for each in flag.evidence_for if each.code == "also_rising"]
    soon = [news for news in flag.updates if news.reason.code == "also_rising"]

    assert len(beside) + len(soon) == 1
    for reason in beside:
        assert reason.values["day"] == flag.raised_on
    for news in soon:
        assert news.day > flag.raised_on


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("skipped", [None, 5])
def test_who_writes_once_a_week_and_never_improves_is_told(seed: int, skipped: int | None) -> None:
    written = [day for n, day in enumerate(range(3, 401, 7)) if not skipped or n % skipped]
    missing = set(range(401)) - set(written)
    recovery = Recovery(days=400, seed=seed, start=6.5, plateau=6.0, missing=missing)

    found = flags(recovery)
    (slow,) = [each for each in found if each.pattern is Pattern.SLOW_RECOVERY]
    failed = next(each for each in found if each.pattern is Pattern.FAILED_FUSION)

    assert recovery.on(84) <= slow.raised_on <= recovery.on(105)
    assert recovery.on(182) <= failed.raised_on <= recovery.on(200)
    assert failed.days_used <= 4
    assert failed.days_used + failed.days_missing == 28


@pytest.mark.parametrize("best", [3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 4.0])
def test_a_note_of_a_slow_recovery_ends_only_when_it_hurts_less(best: float) -> None:
    """That the published spread grows with the months, and reaches an old best, is no recovery."""
    worse = ramp(150, 6.5 - best, 7)
    for seed in SEEDS:
        recovery = Recovery(
            days=330, seed=seed, preop=6.0, plateau=best, noise=0.3, axial=worse, others=False
        )
        slow = [each for each in flags(recovery) if each.pattern is Pattern.SLOW_RECOVERY]

        assert all(each.cleared_on is None for each in slow if each.raised_on > recovery.on(160))


def rarely(every: int, **diary: Any) -> Recovery:
    """A diary with an entry on every so many days."""
    return Recovery(missing=[day for day in range(500) if day % every], **diary)


@pytest.mark.parametrize(("every", "ended"), [(4, 30), (7, 50), (14, 80)])
@pytest.mark.parametrize("measure", ["axial", "limb", "numbness"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_flag_of_a_rare_writer_ends_too(seed: int, measure: str, every: int, ended: int) -> None:
    more = 2.0 if measure == "numbness" else 3.5
    rises: dict[str, Any] = {measure: both(ramp(200, more), ramp(300, -more))}
    recovery = rarely(every, days=420, seed=seed, **rises)

    (flag,) = flags(recovery)

    assert flag.would_clear is not None
    assert flag.would_clear.values["days"] == {4: 14, 7: 28, 14: 56}[every]
    assert flag.cleared_on is not None
    assert recovery.on(300) <= flag.cleared_on <= recovery.on(300 + ended)


@pytest.mark.parametrize("every", [7, 14])
def test_a_flag_of_a_rare_writer_stands_while_it_hurts(every: int) -> None:
    for seed in range(10):
        recovery = rarely(every, days=420, seed=seed, axial=ramp(200, 3.0), others=False)

        assert all(
            flag.cleared_on is None or flag.cleared_on > recovery.on(290)
            for flag in flags(recovery)
        )


def test_a_rare_writer_s_new_numb_place_and_more_tablets_are_seen() -> None:
    foot = {"numbness_zones": frozenset({"left_foot"}), "opioid_doses": 1}
    thigh = {"numbness_zones": frozenset({"left_foot", "left_thigh"}), "opioid_doses": 1}
    place = {day: foot if day < 200 else thigh for day in range(1, 261)}
    tablets = {day: {"opioid_doses": 1 if day < 200 else 5} for day in range(1, 261)}

    (nerve,) = flags(rarely(7, days=260, more=place))
    (doses,) = flags(rarely(7, days=260, more=tablets))

    assert nerve.evidence_for[0].code == "new_zone_stays"
    assert nerve.evidence_for[0].values["zone"] == "left_thigh"
    assert doses.evidence_for[0].code == "more_tablets"


EARLY, CALM = Status.TOO_EARLY, Status.NO_RULE_MATCHED


@pytest.mark.parametrize(
    ("diary", "found"),
    [
        (Recovery(days=300), {10: EARLY, 30: CALM, 59: CALM, 62: CALM, 66: CALM, 74: CALM}),
        (Recovery(days=300, missing=range(120)), {131: EARLY, 150: EARLY, 156: EARLY, 160: CALM}),
        (Recovery(days=300, missing=range(45)), {59: EARLY, 70: CALM, 78: EARLY, 84: CALM}),
        (Recovery(days=300, late=dict.fromkeys(range(301), 2)), {69: EARLY, 80: EARLY, 250: EARLY}),
    ],
)
def test_no_rule_matched_is_said_only_where_something_was_compared(
    diary: Recovery, found: dict[int, Status]
) -> None:
    """A diary begun in month 4, or always written days later, has no usual to compare with yet."""
    history = diary.history()

    assert {day: assess(history, diary.on(day)).status for day in found} == found


@pytest.mark.parametrize(("every", "first", "marked"), [(1, 200, 200), (7, 197, 203)])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_new_numb_place_began_when_it_was_first_marked(
    seed: int, every: int, first: int, marked: int
) -> None:
    """How numb it is has not changed, so that its course says nothing of the beginning."""
    foot = {"numbness_zones": frozenset({"left_foot"})}
    thigh = {"numbness_zones": frozenset({"left_foot", "left_thigh"})}
    more = {day: foot if day < 200 else thigh for day in range(1, 241)}
    recovery = rarely(every, days=240, seed=seed, more=more, numbness=lambda day: 1.5)

    (flag,) = flags(recovery)

    assert flag.evidence_for[0].code == "new_zone_stays"
    assert (flag.onset, flag.onset_last) == (recovery.on(marked), recovery.on(marked))
    assert flag.onset_first == recovery.on(first)
