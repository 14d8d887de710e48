"""Every row of the warning-sign table, at the edges of its windows."""

import pytest

from recovery_tracker.domain.advice import ADVICE
from recovery_tracker.domain.flags import Pattern, Urgency
from recovery_tracker.domain.follow_ups import follow_ups, needed_follow_ups
from recovery_tracker.domain.signs import SIGNS
from tests.stories import Story

E, S, R, N = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW, Urgency.NOTE

ALWAYS = {
    E: (
        "saddle_numbness bladder_bowel_change cauda_equina_recheck paralysis chest_pain"
        " breathing_difficulty fainting coughing_blood noisy_breathing cannot_swallow_saliva"
        " confusion vision_loss unspecified_emergency"
    ),
    S: (
        "new_weakness unsteady_walking wound_redness wound_swelling wound_drainage"
        " clear_wound_fluid chills very_unwell upright_headache stiff_neck calf_swelling"
        " severe_pain unspecified"
    ),
    R: "weight_loss night_pain painful_bump posture_change",
    N: "fatigue rash cough vision_change vomiting throat_lump",
}
NEVER_ALONE = "worse_on_loading eases_lying spasm stiffness insomnia"


@pytest.mark.parametrize("region", ["lumbar", "cervical", "thoracic"])
@pytest.mark.parametrize("pod", [0, 3, 4, 14, 15, 60, 61, 84, 85, 90, 91, 400])
@pytest.mark.parametrize(
    ("sign", "urgency"), [(s, u) for u, signs in ALWAYS.items() for s in signs.split()]
)
def test_a_sign_has_its_urgency_on_every_day_in_every_region(region, pod, sign, urgency):
    """The table gives it no window, so no day and no region may change it."""
    told = Story(f"{region}\nday {pod} signs={sign}").concerns()
    assert [(c.sign, c.urgency) for c in told] == [(sign, urgency)]


@pytest.mark.parametrize(
    ("sign", "pod", "urgency"),
    [
        ("neck_swelling", 14, E),
        ("neck_swelling", 15, S),
        ("voice_worse", 14, E),
        ("voice_worse", 15, S),
        ("swallowing_difficulty", 14, N),
        ("swallowing_difficulty", 15, S),
        ("fever", 0, N),
        ("fever", 3, N),
        ("fever", 4, S),
        ("fever", 90, S),
        ("fever", 91, N),
        *[
            (sign, pod, urgency)
            for sign in ("fall", "clunk", "giving_way", "out_of_place")
            for pod, urgency in ((0, S), (84, S), (85, R), (400, R))
        ],
    ],
)
def test_a_window_ends_on_its_day(sign, pod, urgency):
    """One day earlier or later is another urgency."""
    assert Story(f"cervical\nday {pod} signs={sign}").urgencies() == {sign: urgency}


@pytest.mark.parametrize("sign", NEVER_ALONE.split())
def test_signs_for_the_trend_ask_for_nothing_alone(sign):
    """They are evidence, not a reason to call."""
    assert Story(f"day 100 signs={sign}").concerns() == ()


def test_the_table_above_is_the_whole_catalogue():
    """A sign added to the catalogue must be added to these tests."""
    windowed = {"neck_swelling", "voice_worse", "swallowing_difficulty", "fever", "fall"}
    windowed |= {"clunk", "giving_way", "out_of_place"}
    listed = {sign for signs in ALWAYS.values() for sign in signs.split()}
    assert listed | windowed | set(NEVER_ALONE.split()) == SIGNS.keys()


@pytest.mark.parametrize(
    ("pod", "temperature", "urgency"),
    [
        (0, 38.5, N),
        (3, 38.5, N),
        (3, 38.6, S),
        (4, 37.9, None),
        (4, 38.0, S),
        (90, 38.0, S),
        (91, 38.5, N),
        (91, 38.6, S),
        (400, 37.9, None),
    ],
)
def test_a_temperature_counts_like_a_fever(pod, temperature, urgency):
    """38.0 counts from day 4 to day 90, 38.6 on every day."""
    told = Story(f"day {pod} temp={temperature}").urgencies()
    assert told == ({} if urgency is None else {"fever": urgency})


@pytest.mark.parametrize("fever", ["signs=chills", "signs=fever", "temp=38.0"])
@pytest.mark.parametrize("pod", [2, 50, 200])
@pytest.mark.parametrize(
    "partner", ["stiff_neck", "confusion", "very_unwell", "new_weakness", "unsteady_walking"]
)
def test_a_fever_with_a_serious_sign_is_an_emergency(fever, pod, partner):
    """On any day, whether ticked or measured."""
    key, _, value = fever.partition("=")
    signs = partner if key == "temp" else f"{partner}+{value}"
    temperature = f"temp={value}" if key == "temp" else ""
    assert Story(f"day {pod} signs={signs} {temperature}").urgencies()[partner] is E


def test_a_late_fever_alone_is_a_note(story):
    """
    day 1-100   axial=2 signs=none
    day 101     axial=2 temp=38.2
    """
    assert story.urgencies() == {"fever": N}
    assert story.concerns()[0].pattern is Pattern.URGENT_SIGN


@pytest.mark.parametrize(
    "sign", ["wound_redness", "wound_swelling", "wound_drainage", "clear_wound_fluid"]
)
def test_a_late_fever_with_a_wound_sign_is_an_infection(sign):
    """After day 90 the wound makes the fever urgent."""
    story = Story(f"day 150 signs={sign}+fever")
    assert story.urgencies() == {sign: S, "fever": S}
    assert {concern.pattern for concern in story.concerns()} == {Pattern.INFECTION}


def test_a_late_fever_while_pain_rises_is_an_infection(story):
    """
    day 1-42    axial=6..2 signs=none
    day 43-120  axial=2
    day 121-150 axial=2..5
    day 151     axial=5 temp=38.1
    """
    (concern,) = story.concerns()
    assert (concern.sign, concern.urgency, concern.pattern) == ("fever", S, Pattern.INFECTION)
    assert concern.reason.code == "raised_rising_pain"


def test_a_late_fever_after_a_gap_is_judged_by_the_last_answers(story):
    """
    day 43-120  axial=2 signs=none
    day 121-140 axial=5
    day 151     axial=5 temp=38.1
    """
    (concern,) = story.concerns()
    assert concern.reason.code == "raised_rising_pain"


@pytest.mark.parametrize("before", ["", "day 159 axial=5"])
def test_a_late_fever_after_weeks_of_silence_is_judged_by_what_came_with_it(before):
    """Whoever felt too ill to write is not asked for three answers first."""
    told = Story(
        f"""
        day 43-120  axial=2 signs=none
        {before}
        day 160     axial=6 temp=38.1
        """
    )
    (concern,) = told.concerns()
    assert concern.reason.code == "raised_rising_pain"


def test_three_bad_days_are_enough_of_a_rise_before_a_late_fever(story):
    """
    day 43-148  axial=4 signs=none
    day 149-151 axial=6 temp=38.1
    """
    (concern,) = story.concerns()
    assert concern.reason.code == "raised_rising_pain"


def test_a_good_week_in_bad_ones_does_not_hide_the_rise_before_a_late_fever(story):
    """
    day 43-120  axial=2 signs=none
    day 121-145 axial=4
    day 146-150 axial=3
    day 151     axial=3 temp=38.1
    """
    (concern,) = story.concerns()
    assert (concern.urgency, concern.pattern) == (S, Pattern.INFECTION)


@pytest.mark.parametrize(
    "table",
    [
        # No best stretch to compare with: the diary began too late.
        "day 95-150 axial=5 signs=none\nday 151 axial=5 temp=38.1",
        # The best stretch is not looked for in the first six weeks.
        "day 5-41 axial=2 signs=none\nday 42-150 axial=5\nday 151 axial=5 temp=38.1",
        # A rise of a point.
        "day 43-120 axial=2 signs=none\nday 121-150 axial=3\nday 151 axial=3 temp=38.1",
        # The good time is too short or lies too near.
        "day 95-100 axial=2 signs=none\nday 138-144 axial=2\nday 145-150 axial=4"
        "\nday 151 axial=4 temp=38.1",
    ],
)
def test_a_late_fever_stays_a_note_where_a_rise_cannot_be_shown(table):
    """Nothing is compared with too few days."""
    assert Story(table).urgencies() == {"fever": N}


@pytest.mark.parametrize(("last", "urgency"), [("3 axial=4", S), ("3 axial=3", N)])
def test_a_third_more_than_a_point_is_rising_pain_beside_a_late_fever(last, urgency):
    """The last three answers against a best month of 2: 3.33 is above by 1.2, and 3.0 is not."""
    told = Story(
        f"""
        day 43-150  axial=2 signs=none
        day 151-152 axial=3 signs=none
        day 15{last} temp=38.1 signs=none
        """
    )
    assert told.urgencies(153)["fever"] is urgency


def test_rising_pain_does_not_raise_a_fever_of_the_first_days(story):
    """
    day 0-2     axial=2 signs=none
    day 3       axial=9 temp=38.5
    """
    assert story.urgencies() == {"fever": N}


def test_vomiting_needs_a_fever_to_be_urgent(story):
    """
    day 20      signs=vomiting
    day 21      signs=vomiting temp=38.0
    """
    assert story.urgencies(20) == {"vomiting": N}
    assert story.urgencies(21)["vomiting"] is S


class TestThroat:
    """A feeling in the throat is urgent once it lasts."""

    @pytest.mark.parametrize(("again", "urgency"), [(106, N), (107, S), (108, N)])
    def test_told_again(self, again, urgency):
        """Seven days have passed on the eighth; after more than seven it is a new feeling."""
        story = Story(f"cervical\nday 100 signs=throat_lump\nday {again} signs=throat_lump")
        assert story.urgencies() == {"throat_lump": urgency}

    def test_asked_after(self, story):
        """
        cervical
        day 100     signs=throat_lump
        day 104     signs=none better=throat_lump
        day 108     signs=none same=throat_lump
        """
        assert story.urgencies(108) == {"throat_lump": S}

    def test_gone_in_between(self, story):
        """
        cervical
        day 100     signs=throat_lump
        day 104     signs=none gone=throat_lump
        day 107     signs=throat_lump
        """
        assert story.urgencies(107) == {"throat_lump": N}


class TestFallAndShift:
    """S to day 84, then R, but S at any time with a jump of pain or a new nerve sign."""

    @pytest.mark.parametrize("fall", ["strain=fall", "signs=fall", "strain=fall signs=fall"])
    def test_a_fall_is_one_concern_however_it_was_told(self, fall):
        """As strain, as a sign, or both."""
        assert Story(f"day 200 {fall}").urgencies() == {"fall": R}
        assert Story(f"day 20 {fall}").urgencies() == {"fall": S}

    @pytest.mark.parametrize(("pain", "urgency"), [(4, R), (5, S)])
    def test_pain_on_the_day_of_the_fall(self, pain, urgency):
        """Three points above the own usual."""
        story = Story(f"day 180-199 axial=2 signs=none\nday 200 axial={pain} strain=fall")
        assert story.urgencies() == {"fall": urgency}

    @pytest.mark.parametrize(("after", "found"), [(1, True), (2, True), (3, False)])
    def test_pain_in_the_days_after(self, after, found):
        """Within two days."""
        story = Story(
            f"day 180-199 limb=1 signs=none\nday 200 limb=1 signs=clunk\nday {200 + after} limb=4"
        )
        assert story.urgencies() == ({"clunk": S} if found else {})

    def test_without_a_usual_the_last_score_counts(self, story):
        """
        day 199     axial=2
        day 200     axial=5 strain=fall
        """
        assert story.urgencies() == {"fall": S}

    def test_without_any_score_before_nothing_can_have_jumped(self, story):
        """
        day 100     axial=2
        day 200     axial=9 strain=fall
        """
        assert story.urgencies() == {"fall": R}

    @pytest.mark.parametrize(
        "nerve",
        ["signs=new_weakness+fall", "numb=3 signs=fall", "numb=1 zones=left_foot signs=fall"],
    )
    def test_a_new_nerve_sign(self, nerve):
        """Weakness, two steps more numbness, or a zone never marked."""
        story = Story(f"day 180-199 numb=1 zones=left_thigh signs=none\nday 200 {nerve}")
        assert story.urgencies()["fall"] is S

    def test_the_same_numbness_is_no_new_nerve_sign(self, story):
        """
        day 180-199 numb=1 zones=left_thigh
        day 200     numb=2 zones=left_thigh signs=fall
        """
        assert story.urgencies() == {"fall": R}


class TestStrain:
    """Bending, lifting or twisting counts when the pain that follows stays up."""

    def test_pain_that_stays_up(self, story):
        """
        day 100-119 axial=2 signs=none
        day 120     axial=2 strain=lifting
        day 121-123 axial=5
        """
        assert story.urgencies(121) == {}
        assert story.urgencies(122) == {}
        assert story.urgencies(123) == {"strain": R}
        assert story.concerns(123)[0].pattern is Pattern.EVENT

    def test_without_a_warning_answer_it_is_never_urgent(self, story):
        """
        day 60-79   axial=2 signs=none
        day 80      axial=2 strain=bending
        day 81-83   axial=9
        """
        assert story.urgencies(83) == {"strain": R}

    def test_pain_that_goes_down_again(self, story):
        """
        day 100-119 axial=2 signs=none
        day 120     axial=5 strain=lifting
        day 121     axial=5
        day 122-123 axial=3
        """
        assert [story.urgencies(pod) for pod in range(120, 124)] == [{}] * 4


class TestSeverePain:
    """9 or 10, or 4 above the own usual: asked, and left open counts."""

    @pytest.mark.parametrize(
        ("usual", "score", "needed"),
        [
            (2, 5, False),
            (2, 6, True),
            (7, 8, False),
            (7, 9, True),
            (None, 8, False),
            (None, 9, True),
        ],
    )
    def test_the_score_from_which_the_form_asks(self, usual, score, needed):
        """Four above the usual, and never later than 9."""
        before = "signs=none" if usual is None else f"axial={usual}"
        story = Story(f"day 10-23 {before}\nday 24 axial={score}")
        asked = needed_follow_ups(story.entries[24], story.context(24))
        assert asked == (frozenset({"severe_pain"}) if needed else frozenset())
        assert (score >= follow_ups(story.context(24)).severe_from["axial_pain"]) is needed

    @pytest.mark.parametrize(("days", "usual"), [(3, None), (4, 2.0)])
    def test_a_usual_needs_four_days(self, days, usual):
        """With fewer nothing is compared."""
        story = Story(f"day 10-{9 + days} axial=2\nday 20 axial=7")
        assert story.context(20).usual("axial_pain") == usual

    def test_a_usual_looks_back_fourteen_days(self, story):
        """
        day 1-5     axial=9
        day 6-9     axial=1
        day 20      axial=5
        """
        assert story.context(20).usual("axial_pain") == 1.0

    def test_a_file_that_never_asked_raises_nothing(self, story):
        """
        imported
        day 10-23   axial=3 signs=none
        day 24      axial=10 signs=none
        day 25      axial=10
        """
        assert story.concerns(24) == story.concerns(25) == ()

    def test_shown_and_left_open(self, story):
        """
        imported
        day 24      axial=10 asked=severe_pain
        """
        assert story.urgencies() == {"severe_pain": S}

    def test_shown_and_answered_with_no(self, story):
        """
        imported
        day 24      axial=10 asked=severe_pain signs=none
        """
        assert story.concerns() == ()

    def test_asked_on_a_day_without_bad_pain(self, story):
        """
        imported
        day 24      axial=2 asked=severe_pain
        """
        assert story.concerns() == ()

    @pytest.mark.parametrize(
        "other",
        [
            "new_weakness",
            "unsteady_walking",
            "paralysis",
            "saddle_numbness",
            "bladder_bowel_change",
            "cauda_equina_recheck",
        ],
    )
    def test_with_a_nerve_saddle_or_bladder_sign(self, other):
        """Together they are an emergency."""
        assert Story(f"day 24 signs=severe_pain+{other}").urgencies()["severe_pain"] is E

    def test_with_a_first_complete_numbness(self, story):
        """
        day 23      numb=1 signs=none
        day 24      numb=4 signs=severe_pain
        """
        assert story.urgencies()["severe_pain"] is E


class TestBothSides:
    """Newly both sides, or a first numbness of 4: S at least, E where the recheck says so."""

    @pytest.mark.parametrize("region", ["lumbar", "cervical", "thoracic"])
    def test_pain_in_both_legs_or_arms_for_the_first_time(self, region):
        """In every region."""
        story = Story(f"{region}\nday 1-20 limb=2 side=left\nday 21 limb=2 side=both")
        assert story.urgencies() == {"limb_pain_side": S}
        assert story.concerns()[0].pattern is Pattern.NERVE

    @pytest.mark.parametrize(
        "zones", ["left_foot+right_foot", "left_thigh+right_calf", "left_ribs+right_ribs"]
    )
    def test_numbness_on_both_sides_for_the_first_time(self, zones):
        """Any zone of the left and any of the right."""
        story = Story(f"day 1-20 numb=1 zones=left_foot\nday 21 numb=1 zones={zones}")
        assert story.urgencies() == {"numbness_zones": S}

    def test_it_is_new_only_once(self, story):
        """
        day 1-20    limb=2 side=left
        day 21-40   limb=2 side=both
        """
        assert [pod for pod in range(21, 41) if story.concerns(pod)] == [21]

    def test_going_back_and_forth_is_not_new(self, story):
        """
        day 1-20    limb=2 side=both
        day 21-25   limb=2 side=left
        day 26      limb=2 side=both
        """
        assert story.concerns() == ()

    @pytest.mark.parametrize(("days", "new"), [(13, False), (14, True)])
    def test_after_fourteen_other_answers_it_is_new_again(self, days, new):
        """A return after a long good time counts."""
        story = Story(f"day 1 limb=2 side=both\nday 2-{1 + days} limb=0\nday 20 limb=2 side=both")
        assert bool(story.concerns()) is new

    def test_without_an_earlier_answer_nothing_is_new(self, story):
        """
        day 1-20    axial=3 signs=none
        day 21      limb=3 side=both
        """
        assert story.concerns() == ()

    def test_a_side_that_was_not_given_says_nothing(self, story):
        """
        day 1-20    limb=3
        day 21      limb=3 side=both
        """
        assert story.concerns() == ()

    def test_complete_numbness_counts_once(self, story):
        """
        day 1-20    numb=2
        day 21-22   numb=4
        """
        assert story.urgencies(21) == {"numbness": S}
        assert story.urgencies(22) == {}

    @pytest.mark.parametrize("sign", ["saddle_numbness", "bladder_bowel_change"])
    def test_the_recheck_says_yes(self, sign):
        """Then it is an emergency."""
        story = Story(f"day 1-20 limb=2 side=left\nday 21 limb=2 side=both signs={sign}")
        assert story.urgencies() == {sign: E, "limb_pain_side": S}

    def test_the_recheck_was_shown_and_the_question_left_open(self, story):
        """
        imported
        day 1-20    limb=2 side=left
        day 21      limb=2 side=both asked=cauda_equina_recheck
        """
        assert story.urgencies() == {"cauda_equina_recheck": E, "limb_pain_side": S}

    def test_the_form_is_told_when_to_ask_again(self, story):
        """
        day 1-20    limb=2 side=left numb=4
        day 21      limb=2 side=both
        """
        asked = follow_ups(story.context(21))
        assert asked.both_sides == {"limb_pain_side"}
        assert not asked.complete_numbness
        assert needed_follow_ups(story.entries[21], story.context(21)) == {"cauda_equina_recheck"}


class TestFollowUpsNobodyShowed:
    """What an imported diary never asked raises nothing by itself."""

    def test_a_bare_weakness_is_a_same_day_matter(self, story):
        """
        imported
        day 30      signs=new_weakness
        """
        assert story.urgencies() == {"new_weakness": S}

    def test_a_weakness_whose_follow_up_was_answered_with_no(self, story):
        """
        imported
        day 30      signs=new_weakness asked=new_weakness+paralysis
        """
        assert story.urgencies() == {"new_weakness": S}

    def test_a_bare_fever(self, story):
        """
        imported
        day 30      signs=fever
        """
        assert story.urgencies() == {"fever": S}


class TestOpenSigns:
    """Asked after until the patient says that it is gone."""

    def test_it_stays_open_until_gone(self, story):
        """
        day 30      signs=calf_swelling
        day 31-35   axial=2 signs=none
        day 36      signs=none better=calf_swelling
        day 37      signs=none gone=calf_swelling
        """
        assert [sign.sign for sign in story.open_signs(29 + 1)] == ["calf_swelling"]
        assert [sign.sign for sign in story.open_signs(200)] == []
        (still,) = story.open_signs(36)
        assert (still.since, still.change) == (story.day(30), "better")
        assert [sign.sign for sign in story.open_signs(35)] == ["calf_swelling"]

    def test_silence_never_closes_it(self, story):
        """
        day 30      signs=chest_pain
        """
        assert [sign.sign for sign in story.open_signs(400)] == ["chest_pain"]

    @pytest.mark.parametrize(("source", "asked"), [("imported", False), ("", True)])
    def test_what_a_file_said_long_ago_is_history(self, source, asked):
        """Nobody is asked after the chest pain of an imported year."""
        story = Story(f"{source}\nday 30 signs=chest_pain\nday 31 axial=2")
        assert story.open_signs(44) != ()
        assert bool(story.open_signs(45)) is asked

    @pytest.mark.parametrize(
        ("change", "urgency"), [("same", S), ("better", S), ("gone", None), ("", None)]
    )
    def test_a_fever_of_the_first_days_is_asked_after_until_it_is_gone(self, change, urgency):
        """From day 4 on it is no longer common, and it did not have to start or get worse again."""
        answer = f"{change}=fever" if change else ""
        story = Story(f"day 2 temp=38.2\nday 4 signs=none {answer}")
        assert [sign.sign for sign in story.open_signs(2)] == ["fever"]
        assert story.urgencies() == ({"fever": urgency} if urgency else {})
        assert [episode.urgency for episode in story.answers()] == ([urgency] if urgency else [])

    def test_notes_and_reviews_are_not_asked_after(self, story):
        """
        day 100     signs=cough+weight_loss+fall
        """
        assert story.open_signs() == ()

    @pytest.mark.parametrize(
        ("answers", "sign"),
        [
            ("temp=38.4", "fever"),
            ("strain=fall", "fall"),
            ("axial=10 asked=severe_pain", "severe_pain"),
        ],
    )
    def test_signs_that_no_line_was_ticked_for_are(self, answers, sign):
        """A measured fever, a fall told as strain, a follow-up left open."""
        assert [s.sign for s in Story(f"day 30 {answers}").open_signs()] == [sign]

    def test_still_there_gives_the_advice_again(self, story):
        """
        day 30      signs=chest_pain
        day 31      signs=none same=chest_pain
        """
        assert story.urgencies() == {"chest_pain": E}

    def test_still_there_but_spoken_about_does_not(self, story):
        """
        day 30      signs=chest_pain
        day 31      signs=none same=chest_pain spoke=yes
        day 32      signs=none worse=chest_pain spoke=yes
        """
        assert story.urgencies(31) == {}
        assert story.urgencies(32) == {"chest_pain": E}

    def test_still_there_with_a_fever_is_seen_together(self, story):
        """
        day 30      signs=new_weakness
        day 31      signs=none same=new_weakness temp=38.4 spoke=yes
        """
        assert story.urgencies(31)["new_weakness"] is E


class TestStillThereWithNobodyAsked:
    """Waiting makes nothing less urgent, and what gets worse makes it more."""

    @pytest.mark.parametrize(
        ("table", "urgency"),
        [
            ("day 88 signs=fever\nday 92 same=fever", S),
            ("day 88 temp=38.4\nday 89 same=fever\nday 92 better=fever spoke=no", S),
            ("day 84 signs=fall\nday 90 same=fall", S),
            ("day 13 signs=neck_swelling\nday 20 same=neck_swelling", S),
            ("day 88 signs=fever\nday 89 same=fever spoke=yes\nday 92 same=fever", N),
            ("day 85 signs=fall\nday 90 same=fall", R),
        ],
    )
    def test_the_end_of_a_window_calms_nothing_that_was_there_before(self, table, urgency):
        assert list(Story(table).urgencies().values()) == [urgency]

    @pytest.mark.parametrize("sign", ["new_weakness", "unsteady_walking"])
    @pytest.mark.parametrize(("pod", "urgency"), [(31, E), (32, E), (33, S)])
    @pytest.mark.parametrize("spoke", ["", "spoke=yes"])
    def test_weakness_that_gets_worse_within_two_days(self, sign, pod, urgency, spoke):
        story = Story(f"day 30 signs={sign}\nday {pod} worse={sign} {spoke}")
        assert story.urgencies() == {sign: urgency}

    def test_two_days_are_counted_from_the_last_word(self, story):
        """
        day 30      signs=new_weakness
        day 33      same=new_weakness spoke=yes
        day 34      worse=new_weakness
        """
        assert story.urgencies() == {"new_weakness": E}
        assert story.answers()[-1].pattern is Pattern.EMERGENCY_SIGN


class TestGoneWithNobodyAsked:
    """An emergency that went away still wants a call on the same day, once."""

    @pytest.mark.parametrize("spoke", ["", "spoke=no"])
    @pytest.mark.parametrize(
        ("before", "sign"),
        [
            ("day 30 signs=saddle_numbness", "saddle_numbness"),
            ("day 30 signs=breathing_difficulty\nday 31 same=breathing_difficulty spoke=no",
             "breathing_difficulty"),
            ("day 30 signs=new_weakness+fever", "new_weakness"),
            ("day 13 signs=neck_swelling\nday 16 signs=neck_swelling", "neck_swelling"),
            ("day -40 signs=fainting\nday -31 signs=none", "fainting"),
        ],
    )  # fmt: skip
    def test_it_is_told_to_call_today(self, before, sign, spoke):
        pod = -30 if "-40" in before else 33
        story = Story(f"{before}\nday {pod} signs=none gone={sign} {spoke}")
        (concern,) = story.concerns()
        assert (concern.sign, concern.urgency, concern.advice) == (sign, S, "was_there")
        assert sign not in {asked.sign for asked in story.open_signs(pod)}

    @pytest.mark.parametrize(
        "table",
        [
            "day 30 signs=fainting\nday 31 signs=none gone=fainting spoke=yes",
            "day 30 signs=fainting\nday 31 better=fainting spoke=yes\nday 32 gone=fainting",
            "day 30 signs=fainting\nday 31 gone=fainting spoke=no\nday 32 gone=fainting",
            "day 30 signs=calf_swelling\nday 31 gone=calf_swelling",
            "day 15 signs=neck_swelling\nday 16 gone=neck_swelling",
            "day 31 gone=fainting",
        ],
    )
    def test_what_was_asked_about_or_was_no_emergency_asks_for_nothing(self, table):
        assert Story(table).concerns() == ()

    def test_a_word_from_before_it_came_back_does_not_count(self, story):
        """
        day 30      signs=fainting
        day 31      better=fainting spoke=yes
        day 32      signs=fainting
        day 33      signs=none gone=fainting
        """
        assert story.urgencies() == {"fainting": S}

    def test_what_is_there_is_said_first(self, story):
        """
        day 30      signs=chest_pain
        day 31      signs=calf_swelling gone=chest_pain
        """
        assert [c.sign for c in story.concerns()] == ["calf_swelling", "chest_pain"]


class TestAPastDayAddedLate:
    """Is it still there? Yes and no answer give the full advice, no gives same-day advice."""

    def test_still_there_or_not_said(self, story):
        """
        day 30      signs=saddle_numbness late=2
        day 33      signs=chest_pain same=chest_pain late=1
        """
        assert story.urgencies(30) == {"saddle_numbness": E}
        assert story.urgencies(33) == {"chest_pain": E}

    def test_gone(self, story):
        """
        day 30      signs=saddle_numbness gone=saddle_numbness late=2
        """
        (concern,) = story.concerns()
        assert (concern.urgency, concern.advice) == (S, "was_there")
        assert story.open_signs() == ()

    def test_on_time_a_tick_wins_over_gone(self, story):
        """
        day 29      signs=saddle_numbness
        day 30      signs=saddle_numbness gone=saddle_numbness
        """
        assert story.urgencies(30) == {"saddle_numbness": E}
        assert len(story.open_signs()) == 1


def test_the_most_urgent_comes_first(story):
    """
    day 50      signs=cough+weight_loss+calf_swelling+chest_pain
    """
    assert [concern.urgency for concern in story.concerns()] == [E, S, R, N]


@pytest.mark.parametrize("sign", sorted(SIGNS))
@pytest.mark.parametrize("pod", [2, 10, 50, 200])
def test_every_concern_has_advice_of_its_own_urgency(sign, pod):
    """An emergency is never told to wait for the team, a note never sends for an ambulance."""
    who = {
        E: {"ambulance", "emergency_department"},
        S: {"team"},
        R: {"team"},
        N: {"general"},
    }
    for extra in ("", "+fever", "+new_weakness", "+chills+wound_redness"):
        for concern in Story(f"day {pod} signs={sign}{extra}").concerns():
            advice = ADVICE[concern.advice]
            assert advice.who in who[concern.urgency], (concern.sign, concern.urgency)
            assert bool(advice.if_nobody_answers) is (concern.urgency >= S)
