"""No flag ends while what it says raised it is as bad as on the day it was raised."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery_tracker.domain.diary import SignChange, Source
from recovery_tracker.domain.flags import Episode, Reason
from recovery_tracker.domain.history import History
from recovery_tracker.trends.answers import answer_findings
from recovery_tracker.trends.worsening import trend_findings

from .recoveries import Recovery

_ROSE = {"rose_and_stayed", "came_back", "rose_and_eased", "more_tablets"}
_LEVELS = {"behind_course", "never_improved", "behind_course_mean", "never_improved_mean"}
_BETTER_HIGH = {"walking"}


def mean(history: History, measure: str, day: date, days: int) -> float:
    """The mean of the days up to one, more is worse; NaN without an answer."""
    told = [
        answer
        for entry in history.entries
        if day - timedelta(days=days) < entry.day <= day
        and (answer := getattr(entry, measure)) is not None
    ]
    sign = -1 if measure in _BETTER_HIGH else 1
    return sign * sum(told) / len(told) if told else float("nan")


def worst(history: History, measure: str, day: date) -> float:
    means = [mean(history, measure, day, days) for days in (7, 14)]
    return max(each for each in means if not isnan(each))


def marked(history: History, zone: str, day: date, days: int = 14) -> int:
    return sum(
        zone in (entry.numbness_zones or ())
        for entry in history.entries
        if day - timedelta(days=days) < entry.day <= day
    )


def load(history: History, day: date) -> float:
    """The share of ticks among the times that the loading questions were asked in four weeks."""
    ids = {"worse_on_loading", "eases_lying"}
    asked = [
        bool(ids & (entry.signs or set()))
        for entry in history.entries
        if day - timedelta(days=28) < entry.day <= day and ids & (entry.signs_asked or set())
    ]
    return sum(asked) / len(asked) if asked else 0.0


def raised_by(episode: Episode) -> tuple[list[str], list[str], bool]:
    """Measures, numb places and whether loading, as the flag says raised it."""
    reasons = episode.evidence_for
    codes = {reason.code for reason in reasons}
    measures = [str(r.values["measure"]) for r in reasons if r.code in _ROSE]
    zones = [str(r.values["zone"]) for r in reasons if r.code == "new_zone_stays"]
    if "hardly_rose" in codes:
        others = ("mobility", "walking", "sleep")
        measures += [
            str(r.values["measure"])
            for r in reasons
            if r.code == "moved_too" and r.values["measure"] in others
        ]
    return measures, zones, "hardly_rose" in codes and "loading_more" in codes


def check_end(history: History, episode: Episode) -> None:
    """Everything that the flag says raised it was better on the day it ended."""
    raised, ended = episode.raised_on, episode.cleared_on
    assert ended is not None
    measures, zones, _ = raised_by(episode)
    for measure in measures:
        assert worst(history, measure, ended) < worst(history, measure, raised), measure
    for zone in zones:
        assert marked(history, zone, ended) == 0, zone
    for reason in episode.evidence_for:
        if reason.code in _LEVELS:
            measure = str(reason.values["measure"])
            assert mean(history, measure, ended, 28) < mean(history, measure, raised, 28)


def is_true(history: History, ends: Reason, zones: Iterable[str], day: date) -> bool:
    """Whether what the sentence says of the end holds on a day."""
    values = ends.values
    if ends.code == "ends_when_unmarked":
        return not any(marked(history, zone, day, int(values["days"])) for zone in zones)
    if ends.code == "ends_when_load_eased":
        return load(history, day) <= float(values["level"]) / 100
    measure = str(values["measure"])
    sign = -1 if measure in _BETTER_HIGH else 1
    windows = [int(values[key]) for key in ("week", "days") if key in values]
    means = [mean(history, measure, day, days) for days in windows]
    return all(each <= sign * float(values["level"]) + 1e-9 for each in means if not isnan(each))


def check(history: History, today: date) -> tuple[Episode, ...]:
    """Both laws for every flag that the statistics raise up to a day."""
    episodes = trend_findings(history, today).episodes
    for episode in episodes:
        assert episode.would_clear is not None
        _, zones, _ = raised_by(episode)
        assert not is_true(history, episode.would_clear, zones, episode.raised_on), episode
        if episode.cleared_on is not None:
            check_end(history, episode)
    return episodes


def stretch(first: int, last: int, size: float) -> Callable[[int], float]:
    """`size` from one day to another."""
    return lambda day: size if first <= day <= last else 0.0


@st.composite
def _answers(draw: st.DrawFn, days: int) -> dict[int, dict[str, object]]:
    """Doses, numb places and hard moving that begin, and perhaps end, on any day."""
    found: dict[int, dict[str, object]] = {day: {} for day in range(1, days + 1)}
    places = ["left_calf", "left_thigh", "right_foot", "left_buttock"]
    since = {place: draw(st.integers(1, 2 * days)) for place in places}
    until = {place: draw(st.integers(1, 2 * days)) for place in places}
    often = draw(st.integers(1, 4))
    numb, more, most = draw(st.integers(0, 2)), draw(st.integers(1, 300)), draw(st.integers(0, 2))
    doses = draw(st.none() | st.tuples(*[st.integers(0, 6)] * 3))
    begins, stops = sorted((draw(st.integers(60, days)), draw(st.integers(60, days))))
    hard = draw(st.integers(0, 3))
    for day, answers in found.items():
        zones = {p for p in places if since[p] <= day <= until[p] and day % often != 3}
        level = max(min(numb + (most if day >= more else 0), 4), 1 if zones else 0)
        answers["numbness"] = level
        answers["numbness_zones"] = frozenset(zones)
        if doses is not None:
            answers["opioid_doses"] = doses[(day >= begins) + (day >= stops)]
        if hard and begins <= day <= stops:
            answers |= {"mobility": hard, "walking": 4 - hard, "sleep": hard}
    return found


@st.composite
def recoveries(draw: st.DrawFn) -> Recovery:
    """Diaries that raise flags of every kind, with worsenings that stay or come and go."""
    days = draw(st.integers(90, 420))

    def change(most: int) -> Callable[[int], float]:
        first = draw(st.integers(15, days))
        last = draw(st.integers(first, 2 * days))
        return stretch(first, last, draw(st.floats(0, most)))

    return Recovery(
        days=days,
        seed=draw(st.integers(0, 10**6)),
        plateau=draw(st.floats(0, 7)),
        noise=draw(st.floats(0.2, 1.5)),
        axial=change(5),
        limb=change(5),
        others=draw(st.booleans()),
        missing=draw(st.sets(st.integers(1, days), max_size=60)),
        more=draw(_answers(days)),
    )


@settings(max_examples=150, deadline=None)
@given(recoveries())
def test_no_flag_ends_while_what_raised_it_is_as_bad(recovery: Recovery) -> None:
    check(recovery.history(), recovery.last_day)


NUMB = {"numbness": 1, "numbness_zones": frozenset({"left_calf"})}
WIDER = {"numbness": 1, "numbness_zones": frozenset({"left_calf", "left_thigh", "left_buttock"})}


def numb(wider: range, days: int = 200) -> Recovery:
    """A numb calf throughout, and two places more on some days."""
    more = {day: dict(WIDER if day in wider else NUMB) for day in range(1, days + 1)}
    return Recovery(days=days, noise=0.3, more=more)


class TestNewZone:
    """A flag of a new numb place stands while the place is marked."""

    def test_it_stands_while_the_place_is_marked(self) -> None:
        recovery = numb(range(100, 201))
        (episode,) = check(recovery.history(), recovery.last_day)

        assert episode.cleared_on is None

    def test_it_ends_a_fortnight_after_the_last_mark(self) -> None:
        recovery = numb(range(100, 130))
        (episode,) = check(recovery.history(), recovery.last_day)

        assert episode.cleared_on == recovery.on(143)

    def test_it_says_no_size_and_began_when_it_was_first_marked(self) -> None:
        recovery = numb(range(100, 201))
        (episode,) = check(recovery.history(), recovery.last_day)

        assert (episode.size, episode.size_low, episode.size_high) == (None, None, None)
        assert episode.onset == recovery.on(100)
        assert episode.began is None
        assert episode.would_clear == Reason("ends_when_unmarked", {"days": 14})

    def test_silence_about_where_ends_nothing(self) -> None:
        recovery = numb(range(100, 120))
        unsaid = {day: {"numbness": 1, "numbness_zones": None} for day in range(120, 201)}
        quiet = replace(recovery, more=recovery.more | unsaid)
        (episode,) = check(quiet.history(), quiet.last_day)

        assert episode.cleared_on is None


@pytest.mark.parametrize("seed", range(4))
def test_other_answers_that_raised_it_must_be_back(seed: int) -> None:
    """Pain as ever; moving and walking much harder, with loading answers, and so to the end."""
    hard = {
        day: {
            "mobility": 3,
            "walking": 1,
            "signs": frozenset({"worse_on_loading"}),
            "signs_asked": frozenset({"worse_on_loading", "eases_lying"}),
        }
        for day in range(150, 401)
    }
    recovery = Recovery(days=400, seed=seed, axial=stretch(150, 400, 0.7), more=hard)
    for episode in check(recovery.history(), recovery.last_day):
        assert episode.cleared_on is None


class TestAnswers:
    """Flags of answers end by answers that were asked for, and that are better."""

    DAILY = frozenset({"saddle_numbness", "fever", "fall", "wound_redness"})

    def told(self, answers: Callable[[int], dict[str, object]], days: int = 160) -> list[Episode]:
        recovery = Recovery(days=days, noise=0.3)
        entries = tuple(
            replace(entry, **({"signs": frozenset(), "signs_asked": self.DAILY} | answers(day)))
            for day, entry in enumerate(recovery.entries(), 1)
        )
        history = replace(recovery.history(), entries=entries)
        return list(answer_findings(history, recovery.last_day).episodes)

    @pytest.mark.parametrize("sign", ["painful_bump", "posture_change"])
    def test_a_weekly_sign_is_not_ended_by_daily_lists(self, sign: str) -> None:
        def answers(day: int) -> dict[str, object]:
            if day != 100:
                return {}
            return {"signs": frozenset({sign}), "signs_asked": self.DAILY | {sign}}

        (episode,) = self.told(answers)
        assert episode.cleared_on is None

    @pytest.mark.parametrize("sign", ["painful_bump", "posture_change"])
    def test_three_weekly_answers_without_it_end_it(self, sign: str) -> None:
        def answers(day: int) -> dict[str, object]:
            if day % 7 != 2:
                return {}
            ticked = frozenset({sign}) if day == 100 else frozenset()
            return {"signs": ticked, "signs_asked": self.DAILY | {sign}}

        (episode,) = self.told(answers)
        assert episode.cleared_on == Recovery().on(121)

    @pytest.mark.parametrize(("later", "stands"), [(7, True), (2, False)])
    def test_a_strain_ends_when_pain_is_back(self, later: int, stands: bool) -> None:
        def answers(day: int) -> dict[str, object]:
            strain = {"strain": frozenset({"lifting"})} if day == 100 else {}
            if day < 100:
                return strain
            return {**strain, "axial_pain": 7 if day < 108 else later}

        episodes = [each for each in self.told(answers) if each.signs == ("strain",)]
        assert [each.cleared_on is None for each in episodes] == [stands]

    @pytest.mark.parametrize(("later", "stands"), [(9, True), (3, False)])
    def test_many_doses_end_when_they_are_fewer(self, later: int, stands: bool) -> None:
        def answers(day: int) -> dict[str, object]:
            return {"opioid_doses": 3 if day < 100 else 9 if day < 104 else later}

        episodes = [each for each in self.told(answers) if each.signs == ("opioid_doses",)]
        assert [each.cleared_on is None for each in episodes] == [stands]

    @pytest.mark.parametrize(
        ("usual", "later", "stands"), [(0, 3, True), (0, 2, False), (3, 3, False), (0, 4, True)]
    )
    def test_a_part_that_is_felt_again(self, usual: int, later: int, stands: bool) -> None:
        """It ends where it is no more than "some", or than it usually was."""

        def answers(day: int) -> dict[str, object]:
            return {"numbness": usual if day < 100 else 4 if day < 103 else later}

        episodes = [each for each in self.told(answers) if each.signs == ("numbness",)]
        assert [each.cleared_on is None for each in episodes[:1]] == [stands]

    def after_a_fall(
        self, raised: dict[str, object], before: dict[str, object], later: dict[str, object]
    ) -> Episode:
        """The flag of a fall in an imported diary, where nobody asks whether it is gone."""
        unsaid = dict.fromkeys(("axial_pain", "limb_pain", "numbness", "numbness_zones"))
        fell = {"signs": frozenset({"fall"})}

        def answers(day: int) -> dict[str, object]:
            told = before if day < 100 else raised | fell if day == 100 else later
            return unsaid | {"source": Source.IMPORT} | told

        return next(each for each in self.told(answers) if each.signs == ("fall",))

    @pytest.mark.parametrize(
        ("measure", "now", "later", "stands"),
        [
            ("axial_pain", 8, 8, True),
            ("limb_pain", 6, 3, True),
            ("axial_pain", 8, 2, False),
            ("numbness", 2, 2, True),
            ("numbness", 3, 1, False),
        ],
    )
    def test_after_a_fall_what_nothing_was_known_of_ends_like_a_rise_from_nothing(
        self, measure: str, now: int, later: int, stands: bool
    ) -> None:
        unknown = self.after_a_fall({measure: now}, {}, {measure: later})
        risen = self.after_a_fall({measure: now}, {measure: 0}, {measure: later})

        code = "raised_numbness_unknown" if measure == "numbness" else "raised_pain_unknown"
        assert [reason.code for reason in unknown.evidence_for] == [code]
        assert unknown.cleared_on == risen.cleared_on
        assert (unknown.cleared_on is None) is stands

    def test_a_little_numbness_in_a_place_that_nobody_knew_of_ends_without_any(self) -> None:
        calf = {"numbness": 1, "numbness_zones": frozenset({"left_calf"})}
        assert self.after_a_fall(calf, {}, calf).cleared_on is None
        assert self.after_a_fall(calf, {}, {"numbness": 0}).cleared_on is not None

    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from(["axial_pain", "limb_pain", "numbness"]),
        st.none() | st.integers(0, 4),
        st.integers(0, 10),
        st.integers(0, 10),
    )
    def test_no_flag_of_a_fall_ends_while_what_raised_it_is_as_bad(
        self, measure: str, before: int | None, now: int, later: int
    ) -> None:
        most = 4 if measure == "numbness" else 10
        now, later = min(now, most), min(later, most)
        episode = self.after_a_fall({measure: now}, {measure: before}, {measure: later})
        raised = any(reason.code.startswith("raised_") for reason in episode.evidence_for)
        if raised and episode.cleared_on is not None:
            assert later < now

    def test_no_feeling_after_long_months_is_new_again(self) -> None:
        def answers(day: int) -> dict[str, object]:
            return {"numbness": 4 if day in (30, 150) else 0}

        episodes = [each for each in self.told(answers) if each.signs == ("numbness",)]
        assert [each.onset for each in episodes] == [Recovery().on(30), Recovery().on(150)]

    def test_a_weakness_that_is_gone_leaves_what_cannot_be_felt(self) -> None:
        """One flag for both; "gone" is said of the weakness alone."""

        def answers(day: int) -> dict[str, object]:
            numbness = {"numbness": 4 if day >= 100 else 0}
            if day == 100:
                return {**numbness, "signs": frozenset({"new_weakness"})}
            gone = {"new_weakness": SignChange.GONE} if day == 101 else {}
            return {**numbness, "sign_changes": gone}

        episodes = [each for each in self.told(answers) if "new_weakness" in each.signs]
        assert [each.cleared_on for each in episodes] == [None]
