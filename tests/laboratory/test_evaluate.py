"""The evaluation judges as a reader of its table would, and writes what it found."""

import csv
import pickle
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from recovery_tracker.domain.flags import Episode, Pattern, Reason, Urgency
from recovery_tracker.exchange.processes import shared_out
from recovery_tracker.laboratory import measuring, tables, trial
from recovery_tracker.laboratory.calibration import FIRST_REPORT_SEED
from recovery_tracker.laboratory.cells import CELLS, NAMED_SCENARIOS, Answers, Cell
from recovery_tracker.laboratory.cohort import Cohort
from recovery_tracker.laboratory.engine import INDEX_DAY, Found, find
from recovery_tracker.laboratory.evaluate import write_results
from recovery_tracker.laboratory.groups import group_results
from recovery_tracker.laboratory.histories import history_of
from recovery_tracker.laboratory.judging import first_alarms, judge, names_of, onsets_of
from recovery_tracker.laboratory.metrics import MONITORED_FROM, Estimate
from recovery_tracker.laboratory.real_diaries import planted, real_cohort, real_scores
from recovery_tracker.laboratory.results import CellResult
from recovery_tracker.laboratory.scenarios import SCENARIOS
from recovery_tracker.laboratory.simulate import simulate_scenario
from recovery_tracker.trends import assess, replay
from tests import real_diaries

TINY = trial.Sizes(healthy=20, nuisance=4, change=4, read=2, slow=2)


def flag(day: int, pattern: Pattern = Pattern.LOOSE_HARDWARE, **more: object) -> Episode:
    raised = INDEX_DAY + timedelta(days=day)
    return Episode(pattern, Urgency.REVIEW, raised, **more)  # type: ignore[arg-type]


def cell(key: str) -> Cell:
    return next(each for each in CELLS if each.key == key)


@pytest.fixture(scope="module")
def rising() -> Cohort:
    return simulate_scenario("ramp_3_42", 4, 3)


def test_a_change_is_caught_when_a_flag_is_raised_in_time(rising: Cohort) -> None:
    """Flags on the day of onset, 60 and 61 days after it, and one that came before."""
    onset = rising.truth.onset.tolist()
    found = Found(
        (
            (0, flag(onset[0])),
            (1, flag(onset[1] + 60)),
            (2, flag(onset[2] + 61)),
            (3, flag(onset[3] - 1)),
        )
    )
    assert judge(cell("ramp_3_42"), rising, found).value == 0.5


def test_notes_are_no_trend_flags(rising: Cohort) -> None:
    found = Found(((0, flag(int(rising.truth.onset[0]) + 5, Pattern.SLOW_RECOVERY)),))
    assert judge(cell("ramp_3_42"), rising, found).value == 0.0


def test_false_flags_are_counted_by_year_from_day_60_and_by_patient_before() -> None:
    calm = simulate_scenario("healthy", 10, 3)
    found = Found(((0, flag(59)), (1, flag(60)), (1, flag(200))))
    years = 10 * (430 - 60) / 365.25
    assert judge(cell("healthy"), calm, found).value == pytest.approx(2 / years)
    assert judge(cell("healthy_early"), calm, found).value == pytest.approx(0.1)


def test_a_level_flag_is_no_false_alarm_and_false_only_on_somebody_who_gained() -> None:
    """Row 0 gained nothing from before the operation, row 1 gained most of it."""
    calm = simulate_scenario("healthy", 3, 3)
    pain = calm.diaries.number("axial_pain").copy()
    pain[0, 182:], pain[1, 182:] = 7, 1
    diaries = replace(
        calm.diaries,
        numbers={**calm.diaries.numbers, "axial_pain": pain},
        preop_axial=np.array([7.0, 7.0, 7.0]),
    )
    calm = replace(calm, diaries=diaries)
    stays = flag(250, Pattern.FAILED_FUSION, evidence_for=(Reason("never_improved_borrowed"),))
    found = Found(((0, stays), (1, stays), (1, flag(300))))
    years = calm.patient_years(MONITORED_FROM)
    assert judge(cell("healthy"), calm, found).value == pytest.approx(1 / years)
    assert judge(cell("healthy_levels"), calm, found).value == pytest.approx(2 / years)
    assert judge(cell("healthy_levels_false"), calm, found).value == pytest.approx(1 / years)


def test_of_first_alarms_those_after_an_onset_are_real(rising: Cohort) -> None:
    """Half of the healthy have one; of four with a rise one is in time, one before, two silent."""
    onset = rising.truth.onset.tolist()
    calm = Found(((0, flag(100)), (0, flag(200)), (1, flag(59))))
    found = Found(((0, flag(onset[0] + 9)), (1, flag(onset[1] - 1)), (1, flag(onset[1] + 40))))
    told = first_alarms("reference", Answers.ALL, calm, rising, found, 2)
    assert (told.healthy.value, told.real.value, told.untimely.value) == (0.5, 0.25, 0.25)
    assert told.right(0.10) == pytest.approx(0.025 / (0.025 + 0.025 + 0.45))


def test_people_without_a_spread_belong_to_no_third_of_the_spreads() -> None:
    """Who writes every other day has no difference between neighbouring days."""
    calm = simulate_scenario("healthy", 30, 3)
    pain = calm.diaries.number("axial_pain").copy()
    pain[:3, ::2] = np.nan
    numbers = {**calm.diaries.numbers, "axial_pain": pain}
    calm = replace(calm, diaries=replace(calm.diaries, numbers=numbers))
    rows = group_results("reference", "healthy", calm, Found(()).alarms)
    assert [row.group for row in rows if "nan" in row.group] == []


def test_a_never_improved_patient_must_be_named_by_the_day() -> None:
    failed = simulate_scenario("never_improved", 4, 3)
    found = Found(
        (
            (0, flag(243, Pattern.FAILED_FUSION)),
            (1, flag(244, Pattern.FAILED_FUSION)),
            (2, flag(100, Pattern.WORSENING)),
        )
    )
    assert judge(cell("never_improved"), failed, found).value == 0.25


def test_an_explanation_counts_only_where_it_is_the_true_one() -> None:
    stopped = simulate_scenario("tablets_stopped", 3, 3)
    onset = stopped.truth.onset.tolist()
    tablets, walking = Reason("tablets_fewer"), Reason("walking_more")
    found = Found(
        (
            (0, flag(onset[0] + 9, explained_by=(tablets,))),
            (1, flag(onset[1] + 9, explained_by=(walking,))),
        )
    )
    assert judge(cell("tablets_stopped"), stopped, found).value == 0.5


def test_either_name_is_right_only_where_the_truth_is_ambiguous() -> None:
    cohort = simulate_scenario("ramp_3_42", 60, 3)
    found = Found(
        tuple(
            (row, flag(int(onset) + 10, Pattern.FAILED_FUSION))
            for row, onset in enumerate(cohort.truth.onset)
        )
    )
    named = names_of("reference", Answers.ALL, cohort, found)
    assert named.caught == 60
    assert named.right == named.ambiguous == int((cohort.truth.onset >= 180).sum())


def test_the_onset_interval_is_compared_with_the_true_day(rising: Cohort) -> None:
    onset = int(rising.truth.onset[0])

    def dated(first: int, middle: int, last: int) -> Episode:
        days = [INDEX_DAY + timedelta(days=onset + shift) for shift in (first, middle, last)]
        return flag(onset + 30, onset_first=days[0], onset=days[1], onset_last=days[2])

    inside = onsets_of("reference", Answers.ALL, rising, Found(((0, dated(-5, 1, 5)),)))
    assert inside.covered.tolist() == [True]
    assert (inside.estimated - inside.true).tolist() == [1.0]
    beside = onsets_of("reference", Answers.ALL, rising, Found(((0, dated(2, 4, 9)),)))
    assert beside.covered.tolist() == [False]


@pytest.mark.parametrize(
    ("key", "answers", "value", "verdict"),
    [
        ("healthy", Answers.ALL, 0.10, "aim"),
        ("healthy", Answers.ALL, 0.20, "must"),
        ("healthy", Answers.ALL, 0.26, "missed"),
        ("ramp_2_42", Answers.PAIN, 0.87, "must"),
        ("ramp_2_42", Answers.ALL, 0.87, "missed"),
        ("step_3", Answers.ALL, 4.0, "aim"),
        ("step_3", Answers.PAIN, 10.0, "missed"),
        ("more_active", Answers.ALL, 9.0, ""),
        ("never_improved", Answers.ALL, float("nan"), ""),
    ],
)
def test_a_verdict_is_read_off_the_bars(
    key: str, answers: Answers, value: float, verdict: str
) -> None:
    result = CellResult("reference", answers, cell(key), Estimate(value, 0, 1, 10))
    assert result.verdict == verdict


def test_every_cell_asks_of_a_scenario_that_can_answer_it() -> None:
    for each in CELLS:
        scenario = SCENARIOS[each.scenario]
        asks_for_silence = each.ask in tables.RATES
        assert scenario.is_null == asks_for_silence, each.key
        last = 0 if scenario.onset is None else scenario.onset[1]
        assert last + each.within < scenario.days, each.key
    assert set(NAMED_SCENARIOS) <= set(SCENARIOS)


def test_the_batch_and_one_patient_after_another_find_the_same_flags() -> None:
    """`replay` over the arrays and `assess` over the entries of each patient."""
    cohort = simulate_scenario("loosening", 6, 3)
    batch = [(row, e.pattern, e.raised_on, e.cleared_on) for row, e in replay(cohort.diaries)]
    single = []
    for row in range(cohort.patients):
        last = INDEX_DAY + timedelta(days=int(cohort.diaries.observed_until[row]))
        found = assess(history_of(cohort, row), last).episodes
        single += [(row, e.pattern, e.raised_on, e.cleared_on) for e in found]
    assert sorted(single, key=str) == sorted(batch, key=str)


def test_flags_of_a_patient_do_not_depend_on_the_company() -> None:
    cohort = simulate_scenario("loosening", 12, 3)
    whole = [e for row, e in find(cohort).episodes if row == 7]
    alone = [e for _, e in find(cohort.rows(np.array([7]))).episodes]
    assert whole == alone


@pytest.mark.long
@pytest.mark.slow
def test_a_whole_evaluation_ends_in_a_table_a_csv_and_plots(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(measuring, "QUICK", TINY)
    results = measuring.measure(FIRST_REPORT_SEED + 999, quick=True)
    keys = {(row.generator, row.answers, row.cell.key) for row in results.cells}
    for generator in trial.GENERATORS:
        assert (generator, Answers.PAIN, "ramp_2_42") in keys
        assert (generator, Answers.ALL, "infection_late") in keys
    write_results(results, tmp_path / "out")
    text = (tmp_path / "out" / "evaluation.txt").read_text()
    assert text == tables.text_of(results)
    for title in ("CELLS", "PATTERN NAMED", "AGAINST THE BEST PEER", "ALL PEERS", "BY GROUP"):
        assert title in text
    with (tmp_path / "out" / "evaluation.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(results.cells) + len(results.comparisons)
    assert "### Below the bar" in (tmp_path / "out" / "evaluation.md").read_text()
    assert (tmp_path / "out" / "evaluation.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.long
@pytest.mark.slow
def test_whoever_measures_finds_the_same_in_the_same_order(monkeypatch) -> None:
    """One after another, in two processes, and as Dask would send it: pickled there and back."""
    monkeypatch.setattr(measuring, "QUICK", TINY)

    def sent(work, parts):
        for part in parts:
            job, given = pickle.loads(pickle.dumps((work, part)))
            yield pickle.loads(pickle.dumps(job(given)))

    def in_two(work, parts):
        return shared_out(lambda place: work(parts[place]), len(parts), 2)

    alone, *others = (
        tables.text_of(
            replace(measuring.measure(FIRST_REPORT_SEED, quick=True, share=each), seconds=0)
        )
        for each in (map, sent, in_two)
    )
    assert others == [alone, alone]


def test_a_tuning_seed_cannot_be_reported_on() -> None:
    with pytest.raises(ValueError, match="for tuning"):
        measuring.measure(5)


@real_diaries.needed
def test_real_diaries_keep_their_answers_and_a_planted_change_adds_its_points() -> None:
    """Read in windows, only the answers; what is planted leaves every day before it as it was."""
    diary = "MyAIGuide 2, knee"
    cohort = real_cohort(diary)
    pain = cohort.diaries.number("axial_pain")
    given = real_scores(diary)
    assert np.nansum(pain) <= np.nansum(given)
    assert np.array_equal(pain[0], given[: pain.shape[1]], equal_nan=True)
    assert np.array_equal(cohort.diaries.logged, ~np.isnan(pain))
    assert cohort.patient_years() <= len(given) / 365.25
    calm, changed = real_cohort(diary, 30), planted(diary, SCENARIOS["step_3"], 3)
    before, after = calm.diaries.number("axial_pain"), changed.diaries.number("axial_pain")
    since = np.arange(before.shape[1]) - changed.truth.onset[:, None]
    known = ~np.isnan(before)
    assert np.array_equal(before[known & (since < 0)], after[known & (since < 0)])
    risen = np.minimum(before + 3, 10)[known & (since >= 3)]
    assert np.array_equal(risen, after[known & (since >= 3)])
