"""Which name a worsening is given, and what speaks for and against it."""

from datetime import timedelta

from recovery_tracker.domain.flags import Episode, Pattern
from recovery_tracker.domain.phrases import pattern_name
from recovery_tracker.laboratory.simulate import simulate_scenario
from recovery_tracker.trends.batch import trend_episodes
from recovery_tracker.trends.worsening import trend_findings

from .recoveries import Recovery, ramp


def first_flag(recovery: Recovery) -> Episode:
    return trend_findings(recovery.history(), recovery.last_day).episodes[0]


def test_likelihoods_are_shares_and_the_largest_names_the_flag() -> None:
    flag = first_flag(Recovery(axial=ramp(150, 3.0, 20)))

    patterns = [pattern for pattern, _ in flag.likelihoods]
    shares = [share for _, share in flag.likelihoods]

    assert patterns[0] is flag.pattern
    assert shares == sorted(shares, reverse=True)
    assert abs(sum(shares) - 1) < 0.01
    assert len(set(patterns)) == 4


def test_a_fall_and_a_clunk_are_evidence_for_loose_hardware() -> None:
    more = {
        149: {"strain": frozenset({"fall"})},
        150: {"signs": frozenset({"clunk"})},
        152: {"signs": frozenset({"clunk"})},
    }
    plain = first_flag(Recovery(axial=ramp(150, 3.0, 5), others=False))
    fallen = first_flag(Recovery(axial=ramp(150, 3.0, 5), others=False, more=more))

    codes = {reason.code for reason in fallen.evidence_for}

    assert {"fall_before", "sign_given"} <= codes
    assert dict(fallen.likelihoods)[Pattern.LOOSE_HARDWARE] > dict(plain.likelihoods).get(
        Pattern.LOOSE_HARDWARE, 0
    )


def test_an_explained_rise_without_loading_is_a_worsening() -> None:
    doses = {day: {"opioid_doses": 4 if day < 150 else 0} for day in range(1, 261)}
    minutes = {
        day: {"walking_minutes": 20 if day < 150 else 60, **doses[day]} for day in range(1, 261)
    }

    flag = first_flag(Recovery(axial=ramp(150, 3.0, 10), others=False, more=minutes))

    assert flag.pattern is Pattern.WORSENING
    assert {reason.code for reason in flag.explained_by} == {"tablets_fewer", "walking_more"}


def test_answers_that_did_not_move_are_evidence_against() -> None:
    steady = {day: {"mobility": 1, "walking": 3, "signs": frozenset()} for day in range(1, 261)}

    flag = first_flag(Recovery(axial=ramp(150, 3.5, 10), others=False, more=steady))

    codes = [reason.code for reason in flag.evidence_against]
    assert codes.count("did_not_move") == 2
    assert "no_loading" in codes


def test_a_slow_return_after_month_six_may_be_failed_fusion() -> None:
    flag = first_flag(Recovery(days=330, plateau=3.0, axial=ramp(210, 3.0, 90), others=False))

    assert dict(flag.likelihoods)[Pattern.FAILED_FUSION] > 0.2


def test_a_late_return_names_loose_hardware_and_failed_fusion_together() -> None:
    late = first_flag(Recovery(days=330, axial=ramp(240, 3.0, 60)))
    early = first_flag(Recovery(axial=ramp(120, 3.0, 60)))

    assert pattern_name(late) == "Loose-hardware or failed-fusion pattern"
    assert "late_return" in {reason.code for reason in late.evidence_against}
    assert pattern_name(early) == "Loose-hardware pattern"


def test_a_pop_and_a_fall_make_a_late_return_loose_hardware() -> None:
    more = {
        239: {"strain": frozenset({"fall"})},
        241: {"signs": frozenset({"clunk"})},
    }
    flag = first_flag(Recovery(days=330, axial=ramp(240, 3.0, 20), more=more))

    assert pattern_name(flag) == "Loose-hardware pattern"


def test_one_rise_has_one_pair_of_numbers() -> None:
    flag = first_flag(Recovery(axial=ramp(150, 3.0, 20)))
    told = flag.evidence_for[0].values
    leading = flag.signals[0]

    assert leading.before is not None
    assert leading.now is not None
    assert flag.size is not None
    assert (round(leading.before, 1), round(leading.now, 1)) == (told["before"], told["now"])
    assert abs(leading.now - leading.before - flag.size) < 0.02


def test_a_second_worsening_began_after_the_first_one_ended() -> None:
    up, down = ramp(120, 3.0, 10), ramp(160, 3.0, 5)
    again = ramp(215, 3.5, 5)

    recovery = Recovery(days=260, axial=lambda d: up(d) - down(d) + again(d))

    first, second = trend_findings(recovery.history(), recovery.last_day).episodes

    assert first.cleared_on is not None
    assert second.onset_first is not None
    assert second.onset_first >= first.cleared_on - timedelta(days=14)


def test_no_flag_says_that_pain_came_back_while_it_stands_at_its_usual() -> None:
    flags = [
        flag
        for scenario in ("many_flares", "event_slip", "taper")
        for _, flag in trend_episodes(simulate_scenario(scenario, 150, 74).diaries)
        if flag.size is not None and flag.signals[0].measure == "axial_pain"
    ]
    told = [(flag.evidence_for[0].code, flag.size or 0.0) for flag in flags]

    assert all(size >= 0.2 for code, size in told if code in ("came_back", "rose_and_stayed"))
    assert {"came_back", "rose_and_eased"} <= {code for code, _ in told}


def test_a_flag_that_other_answers_raised_says_so() -> None:
    asked = frozenset({"worse_on_loading", "eases_lying"})
    signs = {
        day: {"signs": asked if day >= 156 else frozenset(), "signs_asked": asked}
        for day in range(60, 201)
    }
    up, down = ramp(150, 3.0), ramp(156, 2.6)

    flag = first_flag(
        Recovery(days=200, noise=0.3, axial=lambda d: up(d) - down(d), others=False, more=signs)
    )

    assert flag.evidence_for[0].code == "hardly_rose"
    assert flag.evidence_for[1].code == "loading_more"


def test_without_a_score_from_before_no_score_is_claimed() -> None:
    recovery = Recovery(days=300, preop=None, plateau=6.5)

    flags = trend_findings(recovery.history(), recovery.last_day).episodes

    codes = {reason.code for flag in flags for reason in flag.evidence_for}
    assert "never_improved_mean" in codes
    assert not codes & {"never_improved", "behind_course", "had_not_settled"}
    assert all(flag.signals[0].before is None for flag in flags)


def test_tablets_that_stopped_long_before_the_rise_do_not_explain_it() -> None:
    doses = {day: {"opioid_doses": 4 if day < 120 else 0} for day in range(1, 261)}

    flag = first_flag(Recovery(axial=ramp(180, 3.5, 3), others=False, more=doses))

    assert flag.explained_by == ()


def test_before_month_six_nothing_is_called_failed_fusion() -> None:
    flag = first_flag(Recovery(days=175, axial=ramp(120, 3.0, 20)))

    assert flag.pattern is not Pattern.FAILED_FUSION
    assert dict(flag.likelihoods)[Pattern.FAILED_FUSION] < 0.05


def test_a_fever_beside_it_is_said_and_infection_is_thought_of_first() -> None:
    more = {160: {"signs": frozenset({"fever"})}}

    flag = first_flag(Recovery(axial=ramp(150, 3.0, 20), more=more))

    assert any(reason.values.get("sign") == "fever" for reason in flag.evidence_for)
    assert flag.also_consider[0] == "infection"
