"""Two forms of one day: no answer is lost, and only the person decides between two."""

from dataclasses import replace
from datetime import date
from itertools import permutations

from recovery_tracker.domain.diary import DiaryEntry, SignChange, celsius_of
from recovery_tracker.domain.merging import PARTS, Keep, merge

DAY = date(2026, 11, 30)
FULL = DiaryEntry(
    DAY,
    walking=2,
    mobility=1,
    axial_pain=4,
    limb_pain=3,
    limb_pain_side="left",
    numbness=1,
    numbness_zones=frozenset({"left_calf"}),
    steps=4200,
    note="new tablet",
    signs=frozenset(),
    signs_asked=frozenset({"wound_redness", "saddle_numbness"}),
    sign_changes={"chest_pain": SignChange.GONE},
)


def test_a_blank_takes_no_answer_away():
    few = DiaryEntry(DAY, axial_pain=4, signs=frozenset(), signs_asked=frozenset({"fainting"}))
    for stored, typed in permutations((FULL, few)):
        found = merge(None, stored, typed)
        assert found.differing == ()
        for name in ("walking", "limb_pain_side", "numbness_zones", "steps", "note"):
            assert getattr(found.entry, name) == getattr(FULL, name), name
        assert found.entry.sign_changes == {"chest_pain": SignChange.GONE}
        assert found.entry.signs_asked == {"wound_redness", "saddle_numbness", "fainting"}


def test_two_answers_are_asked_about_and_a_score_takes_its_side_along():
    other = DiaryEntry(DAY, limb_pain=0, numbness=2, numbness_zones=frozenset({"left_calf"}))
    found = merge(None, FULL, other)
    assert found.differing == ("limb_pain", "numbness")
    assert (found.entry.limb_pain, found.entry.limb_pain_side) == (3, "left")
    mine = merge(None, FULL, other, {"limb_pain": Keep.MINE, "numbness": Keep.BEFORE})
    assert mine.differing == ()
    assert (mine.entry.limb_pain, mine.entry.limb_pain_side) == (0, None)
    assert mine.entry.numbness == 1


def test_a_ticked_sign_is_never_dropped_and_none_against_it_asks():
    ticked = DiaryEntry(DAY, signs=frozenset({"saddle_numbness"}))
    fever = DiaryEntry(DAY, signs=frozenset({"fever"}))
    calm = DiaryEntry(DAY, signs=frozenset())
    assert merge(None, calm, ticked).entry.signs == {"saddle_numbness"}
    assert merge(None, fever, ticked).entry.signs == {"saddle_numbness", "fever"}
    kept = merge(None, ticked, calm)
    assert (kept.entry.signs, kept.differing) == ({"saddle_numbness"}, ("signs",))
    assert merge(None, ticked, calm, {"signs": Keep.MINE}).entry.signs == frozenset()
    assert merge(None, ticked, calm, {"signs": Keep.BEFORE}).entry.signs == {"saddle_numbness"}


def test_a_form_that_was_filled_from_a_version_says_only_what_it_changed():
    base = DiaryEntry(DAY, axial_pain=4, walking=1, signs=frozenset({"fever"}))
    stored = DiaryEntry(DAY, axial_pain=4, walking=3, signs=frozenset({"fever"}))
    typed = DiaryEntry(DAY, axial_pain=6, walking=1, signs=frozenset())
    found = merge(base, stored, typed)
    assert found.differing == ()
    assert (found.entry.axial_pain, found.entry.walking, found.entry.signs) == (6, 3, frozenset())


def test_an_answer_that_was_on_the_form_and_is_no_longer_was_taken_back():
    """Whatever was saved meanwhile about something else: each answer is cleared by itself."""
    warm = {"temperature_c": celsius_of(101.4), "temperature_f": 101.4}
    full = replace(FULL, spoke_to_someone=True, **warm)
    stored = replace(full, mobility=4)
    for keys in (*PARTS, ("sign_changes",), ("spoke_to_someone",)):
        if keys == ("mobility",):
            continue
        none = {key: {} if key == "sign_changes" else None for key in keys}
        if "temperature_c" in keys:
            none["temperature_f"] = None
        cleared = replace(full, **none)
        found = merge(full, stored, cleared)
        assert found.differing == (), keys
        assert found.entry == replace(cleared, mobility=4), keys
        # Cleared elsewhere, and left as it was on the page that is behind: it stays cleared.
        other = merge(full, replace(cleared, mobility=4), full)
        assert (other.differing, other.entry) == ((), replace(cleared, mobility=4)), keys


def test_taken_back_here_and_changed_there_is_asked_about():
    cleared, changed = (replace(FULL, axial_pain=value) for value in (None, 7))
    for stored, typed in permutations((cleared, changed)):
        found = merge(FULL, stored, typed)
        assert (found.differing, found.entry.axial_pain) == (("axial_pain",), stored.axial_pain)
        for keep, side in ((Keep.BEFORE, stored), (Keep.MINE, typed)):
            settled = merge(FULL, stored, typed, {"axial_pain": keep})
            assert (settled.differing, settled.entry.axial_pain) == ((), side.axial_pain)


def test_a_tick_that_was_taken_back_is_gone_and_a_new_one_of_the_other_form_stays():
    base, one, two = (
        DiaryEntry(DAY, signs=frozenset(signs))
        for signs in (("fever", "chills"), ("fever",), ("fever", "chills", "saddle_numbness"))
    )
    for stored, typed in permutations((one, two)):
        assert merge(base, stored, typed).entry.signs == {"fever", "saddle_numbness"}
    none = DiaryEntry(DAY, signs=frozenset())
    found = merge(base, two, none)
    assert (found.entry.signs, found.differing) == ({"saddle_numbness"}, ("signs",))
    untouched = merge(none, two, none)
    assert (untouched.entry.signs, untouched.differing) == (two.signs, ())


def test_the_weekly_questions_are_not_the_warning_question():
    weekly = DiaryEntry(
        DAY, peg_pain=4, signs=frozenset({"stiffness"}), signs_asked=frozenset({"stiffness"})
    )
    typed = DiaryEntry(DAY, axial_pain=1, signs=frozenset())
    found = merge(None, weekly, typed)
    assert (found.differing, found.entry.signs, found.entry.peg_pain) == ((), {"stiffness"}, 4)


def test_having_spoken_to_somebody_stays():
    yes, no = (DiaryEntry(DAY, spoke_to_someone=said) for said in (True, False))
    assert merge(None, yes, no).entry.spoke_to_someone is True
    assert merge(None, no, yes).entry.spoke_to_someone is True
    assert merge(None, no, DiaryEntry(DAY)).entry.spoke_to_someone is False


def test_two_words_about_one_sign_are_asked_about():
    gone, worse = (
        DiaryEntry(DAY, sign_changes={"fever": how}) for how in (SignChange.GONE, SignChange.WORSE)
    )
    found = merge(None, gone, worse)
    assert found.differing == ("change-fever",)
    assert found.entry.sign_changes == {"fever": SignChange.GONE}
    mine = merge(None, gone, worse, {"change-fever": Keep.MINE})
    assert mine.entry.sign_changes == {"fever": SignChange.WORSE}
