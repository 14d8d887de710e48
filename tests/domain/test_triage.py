"""Every row of the warning-sign table, at the edges of its windows."""

from itertools import product

import pytest

from recovery_tracker.domain.advice import ADVICE
from recovery_tracker.domain.flags import Pattern, Urgency
from recovery_tracker.domain.follow_ups import follow_ups, needed_follow_ups
from recovery_tracker.domain.signs import SIGNS
from tests.effort import effort
from tests.stories import Story

#: Three regions, and four approaches: from the front, the back, the side, and not known.
HEADS = [
    f"{region}{approach}"
    for region in ("lumbar", "cervical", "thoracic")
    for approach in ("", " approach=anterior", " approach=posterior", " approach=lateral")
]
E, S, R, N = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW, Urgency.NOTE

ALWAYS = {
    E: (
        "saddle_numbness bladder_bowel_change cauda_equina_recheck both_sides_deficit paralysis"
        " chest_pain breathing_difficulty fainting coughing_blood face_swelling stroke_signs"
        " vision_loss seizure over_sedated confusion noisy_breathing cannot_swallow_saliva"
        " cannot_drink chest_unspecified brain_unspecified throat_unspecified"
        " unspecified_emergency which_left_open weakness_left_open fever_left_open"
    ),
    S: (
        "unsteady_walking swallowing_difficulty wound_redness wound_swelling wound_drainage"
        " clear_wound_fluid wound_bleeding chills upright_headache stiff_neck calf_swelling"
        " no_wind_or_poo head_injury severe_pain rash genital_change wound_unspecified"
        " fever_unspecified headache_unspecified shift_unspecified unspecified"
        " severe_pain_left_open"
    ),
    R: "weight_loss night_pain painful_bump posture_change",
    N: "fatigue cough throat_lump",
}
NEVER_ALONE = "worse_on_loading eases_lying spasm stiffness insomnia"
FALLS = ("fall", "clunk", "giving_way", "out_of_place")
SIGHT, BELLY = ("vision_change",), ("belly", "belly_unspecified")
#: Both sides of every edge of a window: (sign, heads of a story, days, urgency).
EDGES = [
    (("neck_swelling", "voice_worse"), ("cervical",), (0, 14), E),
    (("neck_swelling", "voice_worse"), ("cervical",), (15, 400), S),
    (("very_unwell",), ("lumbar", "cervical"), (0, 30), E),
    (("very_unwell",), ("lumbar", "cervical"), (-1, 31, 400), S),
    (("new_weakness", "weakness_unspecified"), ("cervical", "thoracic"), (0, 7), E),
    (("new_weakness", "weakness_unspecified"), ("cervical", "thoracic"), (-1, 8, 400), S),
    (("new_weakness", "weakness_unspecified"), ("lumbar",), (-1, 0, 7, 8, 400), S),
    (SIGHT, ("cervical",), (0, 90), E),
    (SIGHT, ("cervical",), (-1, 91), S),
    (SIGHT, ("lumbar", "thoracic"), (0, 90, 91), S),
    (BELLY, ("lumbar", "lumbar approach=anterior", "thoracic approach=lateral"), (0, 14), E),
    (BELLY, ("lumbar approach=combined",), (0, 14), E),
    (BELLY, ("lumbar approach=posterior", "cervical approach=anterior"), (0, 14, 15), S),
    (BELLY, ("lumbar", "lumbar approach=anterior"), (-1, 15, 400), S),
    (("vomiting",), ("lumbar",), (-1, 31, 400), N),
    (("vomiting",), ("lumbar",), (0, 30), S),
    (("fever",), ("lumbar",), (-1, -90), N),
    (("fever",), ("lumbar",), (0, 3, 4, 90, 91, 400), S),
    (FALLS, ("lumbar", "cervical"), (0, 84), S),
    (FALLS, ("lumbar", "cervical"), (-1, 85, 400), R),
]


def test_a_sign_has_its_urgency_on_every_day_after_every_operation():
    """The table gives it no window, so no day, region or approach may change it."""
    wanted = {sign: urgency for urgency, signs in ALWAYS.items() for sign in signs.split()}
    wanted |= dict.fromkeys(NEVER_ALONE.split())
    for sign, urgency in wanted.items():
        for head in HEADS:
            for pod in (-1, 0, 3, 4, 7, 8, 14, 15, 30, 31, 84, 85, 90, 91, 400):
                story = Story(f"{head}\nday {pod - 1} signs=none\nday {pod} signs={sign}")
                told = story.urgencies()
                assert told == ({} if urgency is None else {sign: urgency}), (head, pod)


def test_a_window_ends_on_its_day():
    """One day earlier or later, or another operation, is another urgency."""
    for signs, heads, pods, urgency in EDGES:
        for sign, head, pod in product(signs, heads, pods):
            told = Story(f"{head}\nday {pod} signs={sign}").urgencies()
            assert told == {sign: urgency}, (head, pod, sign)


def test_the_tables_above_are_the_whole_catalogue():
    """A sign added to the catalogue must be added to these tests."""
    windowed = {sign for signs, *_ in EDGES for sign in signs}
    listed = {sign for signs in ALWAYS.values() for sign in signs.split()}
    assert listed | windowed | set(NEVER_ALONE.split()) == SIGNS.keys(), "see the tables above"


def test_a_temperature_counts_like_a_fever():
    """38.0 asks for a call on every day at home: germs reach the metal late, too."""
    for pod in (0, 3, 4, 90, 91, 400):
        assert Story(f"day {pod} temp=37.9").urgencies() == {}
        for temperature in (38.0, 38.6):
            story = Story(f"day {pod} temp={temperature}")
            assert story.urgencies() == {"fever": S}, pod
            assert story.concerns()[0].pattern is Pattern.INFECTION


def test_what_a_fever_is_told_depends_on_the_day():
    """Common at first, and from the metal later; a call at any time."""
    for pod, advice in ((0, "fever_early"), (3, "fever_early"), (4, "fever"), (91, "fever_late")):
        assert Story(f"day {pod} signs=fever").concerns()[0].advice == advice


def test_a_low_temperature_is_an_emergency_with_feeling_very_ill():
    """Alone it is how it was measured."""
    assert Story("day 90 temp=35.9").urgencies() == {"temperature_c": N}
    assert Story("day 90 temp=36.0").urgencies() == {}
    assert Story("day 90 temp=35.9 signs=very_unwell").urgencies()["very_unwell"] is E
    assert Story("day 90 temp=36.0 signs=very_unwell").urgencies()["very_unwell"] is S


#: What makes what an emergency, on a day on which neither is one alone.
RAISED = [
    (
        "fever chills fever_unspecified",
        "stiff_neck very_unwell new_weakness unsteady_walking weakness_unspecified neck_swelling"
        " voice_worse swallowing_difficulty clear_wound_fluid upright_headache belly rash"
        " headache_unspecified belly_unspecified",
        E,
    ),
    ("fever chills", "night_pain weight_loss vomiting", S),
    ("night_pain", "weight_loss", S),
    ("weight_loss", "night_pain", S),
    ("wound_redness wound_drainage wound_unspecified", "very_unwell", E),
    ("neck_swelling", "swallowing_difficulty", E),
    ("vomiting vision_change", "upright_headache headache_unspecified", E),
    ("upright_headache new_weakness", "vision_change", E),
    ("very_unwell", "belly belly_unspecified", E),
    (
        "new_weakness unsteady_walking paralysis saddle_numbness bladder_bowel_change"
        " cauda_equina_recheck",
        "severe_pain severe_pain_left_open genital_change",
        E,
    ),
]


def test_what_stands_beside_a_sign_raises_it():
    """On any day, after any operation; alone it is less."""
    for beside, signs, urgency in RAISED:
        for other, sign, pod in product(beside.split(), signs.split(), (95, 200)):
            assert Story(f"cervical\nday {pod} signs={sign}").urgencies()[sign] < urgency
            told = Story(f"cervical\nday {pod} signs={sign}+{other}").urgencies()
            assert told[sign] is urgency, (sign, other)


def test_a_measured_fever_raises_like_a_ticked_one():
    """38.0 and above."""
    for sign in ("stiff_neck", "upright_headache", "clear_wound_fluid", "rash"):
        assert Story(f"day 50 temp=38.0 signs={sign}").urgencies()[sign] is E
        assert Story(f"day 50 temp=37.9 signs={sign}").urgencies()[sign] is S


class TestKnownRisks:
    """What was asked once at set-up changes what a day asks for."""

    def test_a_blood_thinner(self):
        """A fall at any time is a call, a knock on the head a hospital, bad pain early an E."""
        head = "risks=blood_thinner"
        assert Story(f"{head}\nday 300 signs=fall").urgencies() == {"fall": S}
        assert Story("day 300 signs=fall").urgencies() == {"fall": R}
        assert Story(f"{head}\nday 300 signs=head_injury").urgencies() == {"head_injury": E}
        for pod, urgency in ((14, E), (15, S)):
            told = Story(f"{head}\nday {pod} signs=severe_pain").urgencies()
            assert told == {"severe_pain": urgency}

    def test_low_bone_density(self):
        """A fall asks for a call at any time."""
        story = Story("risks=osteoporosis\nday 300 signs=fall+clunk")
        assert story.urgencies() == {"fall": S, "clunk": R}

    def test_very_bad_pain_that_gets_worse_in_the_first_two_weeks(self):
        """A bleed presses on nerves."""
        for pod, urgency in ((14, E), (15, S)):
            told = Story(f"day {pod - 1} signs=severe_pain\nday {pod} worse=severe_pain")
            assert told.urgencies() == {"severe_pain": urgency}


def test_many_doses_of_strong_painkillers():
    """More than 12 on a day, or 8 and more and twice the own usual."""
    for usual, doses, asked in (
        (0, 7, False),
        (0, 8, True),
        (0, 13, True),
        (4, 7, False),
        (4, 8, True),
        (5, 9, False),
        (5, 10, True),
        (12, 12, False),
    ):
        story = Story(
            f"lumbar risks=opioids\nday 10-20 opioids={usual} signs=none\n"
            f"day 21 opioids={doses} signs=none"
        )
        assert story.urgencies() == ({"opioid_doses": S} if asked else {}), (usual, doses)
        assert len(story.answers()) == asked


def test_the_ambulance_comes_before_the_hospital_and_both_before_a_call():
    """Whatever the order of the form."""
    story = Story("day 20 signs=saddle_numbness+chest_pain+calf_swelling")
    assert [c.sign for c in story.concerns()] == ["chest_pain", "saddle_numbness", "calf_swelling"]


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

    @pytest.mark.parametrize("sign", FALLS)
    @pytest.mark.parametrize(("after", "found"), [(1, True), (2, True), (3, False)])
    def test_pain_in_the_days_after(self, after, found, sign):
        """Within two days, also where nobody said which line under it is meant."""
        story = Story(
            f"day 180-199 limb=1 signs=none\nday 200 limb=1 signs={sign}\nday {200 + after} limb=4"
        )
        assert story.urgencies() == ({sign: S} if found else {})

    @pytest.mark.parametrize("sign", FALLS)
    def test_a_new_nerve_sign_in_the_days_after(self, sign):
        """The same for numbness that has risen."""
        story = Story(f"day 180-199 numb=0 signs=none\nday 200 numb=0 signs={sign}\nday 202 numb=2")
        assert story.urgencies() == {sign: S}

    def test_without_a_usual_the_last_score_counts(self, story):
        """
        day 199     axial=2
        day 200     axial=5 strain=fall
        """
        assert story.urgencies() == {"fall": S}

    @pytest.mark.parametrize(("pain", "urgency"), [(2, R), (3, S), (7, S)])
    def test_without_any_score_before_nobody_knows_that_it_has_not_jumped(self, pain, urgency):
        """A pain of 2 cannot have jumped by 3."""
        story = Story(f"day 100 numb=0\nday 200 axial={pain} strain=fall")
        assert story.urgencies() == {"fall": urgency}

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
        assert story.urgencies() == {"severe_pain_left_open": S}

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
    """Newly both sides, or a first numbness of 4: S at least, E with numbness or weakness."""

    def test_pain_in_both_legs_or_arms_for_the_first_time(self):
        """In every region; bad pain in both legs is seen at a hospital on the same day."""
        for region, pain, advice in product(
            ("lumbar", "cervical", "thoracic"), (3, 4), ("both_sides", "both_sides_hospital")
        ):
            story = Story(f"{region}\nday 1-20 limb=2 side=left\nday 21 limb={pain} side=both")
            (concern,) = story.concerns()
            assert (concern.sign, concern.urgency) == ("limb_pain_side", S)
            assert concern.pattern is Pattern.NERVE
            is_hospital = pain == 4 and region != "cervical"
            assert (concern.advice == advice) is (is_hospital == advice.endswith("hospital"))

    @pytest.mark.parametrize(
        ("region", "beside", "urgency"),
        [
            ("lumbar", "numb=1 zones=left_foot", E),
            ("thoracic", "signs=new_weakness", E),
            ("lumbar", "signs=unsteady_walking", E),
            ("lumbar", "numb=0", S),
            ("cervical", "numb=1 zones=left_forearm", S),
            ("cervical", "signs=unsteady_walking", E),
        ],
    )
    def test_with_numbness_or_weakness_it_is_an_emergency(self, region, beside, urgency):
        """After a neck operation with unsteady walking."""
        story = Story(f"{region}\nday 1-20 limb=2 side=left\nday 21 limb=4 side=both {beside}")
        sign = "both_sides_deficit" if urgency is E else "limb_pain_side"
        assert story.urgencies()[sign] is urgency

    def test_numbness_that_has_long_been_there_on_one_side_is_no_new_deficit(self, story):
        """
        day 1-20    limb=2 side=left numb=1 zones=left_foot
        day 21      limb=3 side=both numb=1 zones=left_foot
        day 22      limb=3 side=both numb=1 zones=left_foot
        """
        assert story.urgencies(21) == {"limb_pain_side": S}
        assert story.urgencies(22) == {}

    @pytest.mark.parametrize(
        ("numb", "zones", "urgency"),
        [
            (1, "left_foot+right_foot", S),
            (2, "left_thigh+right_calf", S),
            (3, "left_ribs+right_ribs", E),
        ],
    )
    def test_numbness_on_both_sides_for_the_first_time(self, numb, zones, urgency):
        """Any zone of the left and any of the right; a lot of it is an emergency."""
        story = Story(f"day 1-20 numb=1 zones=left_foot\nday 21 numb={numb} zones={zones}")
        sign = "both_sides_deficit" if urgency is E else "numbness_zones"
        assert story.urgencies() == {sign: urgency}

    def test_pain_and_numbness_newly_on_both_sides(self, story):
        """
        day 1-20    limb=2 side=left numb=1 zones=left_foot
        day 21      limb=2 side=both numb=1 zones=left_foot+right_foot
        """
        assert story.urgencies() == {"both_sides_deficit": E}

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

    def test_without_an_earlier_answer_nobody_knows_that_it_is_old(self, story):
        """
        day 1-20    axial=3 signs=none
        day 21      limb=3 side=both
        """
        assert story.urgencies() == {"limb_pain_side": S}

    def test_a_side_that_was_not_given_says_nothing(self, story):
        """
        day 1-20    limb=3
        day 21      limb=3 side=both
        """
        assert story.urgencies() == {"limb_pain_side": S}

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
        day 1-20    limb=2 side=left numb=4 zones=left_foot+right_foot
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
        """It does not have to start or get worse again."""
        answer = f"{change}=fever" if change else ""
        story = Story(f"day 2 temp=38.2\nday 4 signs=none {answer}")
        assert [sign.sign for sign in story.open_signs(2)] == ["fever"]
        assert story.urgencies() == ({"fever": urgency} if urgency else {})
        (episode,) = story.answers()
        assert (episode.cleared_on is None) is (change != "gone")

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
            ("axial=10 asked=severe_pain", "severe_pain_left_open"),
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
            ("day 14 signs=neck_swelling\nday 15 worse=neck_swelling", E),
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


def test_every_concern_has_advice_of_its_own_urgency():
    """An emergency is never told to wait for the team, a note never sends for an ambulance."""
    who = {
        E: {"ambulance", "emergency_department"},
        S: {"team", "hospital_today"},
        R: {"team"},
        N: {"general"},
    }
    beside = ("", "+fever", "+new_weakness", "+chills+wound_redness", "+very_unwell")
    for sign, pod, extra, head in product(SIGNS, (2, 50, 200), beside, HEADS[::4]):
        for concern in Story(f"{head}\nday {pod} signs={sign}{extra}").concerns():
            advice = ADVICE[concern.advice]
            assert advice.who in who[concern.urgency], (concern.sign, concern.urgency)
            assert bool(advice.if_nobody_answers) is (concern.urgency >= S)


def window_edges() -> list[int]:
    """The first and the last day of every window of every sign, and the days beside them."""
    edges = {
        day
        for sign in SIGNS.values()
        for window in sign.windows
        for edge in (window.first_day, window.last_day)
        if edge is not None
        for day in (edge, edge + 1)
    }
    return sorted(day for day in edges if day >= 0)


def test_two_signs_together_are_never_less_urgent_than_either():
    """Every pair, so that nothing hides behind another answer; with the whole effort on every edge
    of a window, for every region and approach, else on some of them in turn.
    """
    cases = list(product(HEADS, window_edges()))
    alone = {
        (head, pod, sign): Story(f"{head}\nday {pod} signs={sign}").urgencies().get(sign, N)
        for (head, pod), sign in product(cases, SIGNS)
    }
    pairs = [(one, other) for one, other in product(SIGNS, SIGNS) if one < other]
    step = effort(part=len(cases) // 3, whole=1)
    for number, (one, other) in enumerate(pairs):
        for head, pod in cases[number % step :: step]:
            told = Story(f"{head}\nday {pod} signs={one}+{other}").urgencies()
            for sign in (one, other):
                assert told.get(sign, N) >= alone[head, pod, sign], (head, pod, one, other)
