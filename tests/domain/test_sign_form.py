"""What a form showed and what came back, as stored sign ids."""

import pytest

from recovery_tracker.domain.sign_form import SignForm, signs_from_form
from recovery_tracker.domain.signs import LINES, SIGNS, WEEKLY_SIGNS

EVERY_LINE = frozenset(line.key for line in LINES)


def stored(answer, **form):
    """The stored signs of a form that showed every line."""
    return signs_from_form(SignForm(answer, EVERY_LINE, **form)).signs


def test_none_of_these_is_an_explicit_answer():
    """An empty set, which is not the same as no answer."""
    assert stored(False) == frozenset()
    assert stored(None) is None


def test_a_line_with_a_sign_under_it():
    """Only what was chosen is stored."""
    ticked = frozenset({"chest"})
    assert stored(True, ticked=ticked, chosen=frozenset({"fainting"})) == {"fainting"}


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("saddle", "saddle_numbness"),
        ("bladder", "bladder_bowel_change"),
        ("calf", "calf_swelling"),
        ("wound", "wound_unspecified"),
        ("shift", "shift_unspecified"),
        ("fever", "fever_unspecified"),
        ("headache", "headache_unspecified"),
        ("weakness", "weakness_unspecified"),
        ("belly", "belly_unspecified"),
        ("unwell", "very_unwell"),
        ("brain", "brain_unspecified"),
        ("other", "unspecified"),
        ("chest", "chest_unspecified"),
        ("throat", "throat_unspecified"),
    ],
)
def test_a_line_with_nothing_chosen_under_it(line, sign):
    """It never gets lost, and an emergency line stays an emergency."""
    assert stored(True, ticked=frozenset({line})) == {sign}


def test_yes_with_nothing_ticked_at_all():
    """It may be any of them, an emergency too."""
    assert stored(True) == {"which_left_open"}


def test_a_tick_wins_over_none_of_these():
    """Without a script both can be sent."""
    assert stored(False, ticked=frozenset({"calf"})) == {"calf_swelling"}


def test_a_sign_chosen_without_its_line():
    """Without a script the boxes under a line can be ticked alone."""
    assert stored(None, chosen=frozenset({"wound_redness"})) == {"wound_redness"}


@pytest.mark.parametrize(
    ("answer", "signs"),
    [(True, {"new_weakness", "paralysis"}), (None, {"new_weakness", "weakness_left_open"})],
)
def test_weakness_left_open_counts(answer, signs):
    """As urgent as a yes, under an id that says that it was left open; no is not stored."""
    form = {"ticked": frozenset({"weakness"}), "chosen": frozenset({"new_weakness"})}
    assert stored(True, **form, follow_ups={"paralysis": answer}) == signs
    assert stored(True, **form, follow_ups={"paralysis": False}) == {"new_weakness"}
    assert stored(True, **form) == {"new_weakness"}


def test_a_follow_up_of_a_line_that_was_not_ticked_says_nothing():
    """A page without a script shows it to everybody."""
    assert stored(False, follow_ups={"paralysis": None, "very_unwell": None}) == frozenset()
    assert stored(False, follow_ups={"paralysis": True}) == {"paralysis"}


def test_fever_follow_ups_left_open_are_one_id():
    """The patient said none of the three, so none of the three is put into their mouth."""
    form = {"ticked": frozenset({"fever"}), "chosen": frozenset({"fever"})}
    open_ones = dict.fromkeys(("stiff_neck", "confusion", "very_unwell"))
    assert stored(True, **form, follow_ups=open_ones) == {"fever", "fever_left_open"}
    said = {**open_ones, "stiff_neck": True}
    assert stored(True, **form, follow_ups=said) == {"fever", "stiff_neck"}
    denied = dict.fromkeys(open_ones, False)
    assert stored(True, **form, follow_ups=denied) == {"fever"}


def test_bad_pain_left_open_counts():
    """No line stands over it: it was shown because of the score."""
    assert stored(False, follow_ups={"severe_pain": None}) == {"severe_pain_left_open"}
    assert stored(False, follow_ups={"severe_pain": True}) == {"severe_pain"}
    assert stored(False, follow_ups={"severe_pain": False}) == frozenset()


@pytest.mark.parametrize(
    ("recheck", "signs"),
    [
        ({"saddle_numbness": False, "bladder_bowel_change": False}, set()),
        ({"saddle_numbness": None, "bladder_bowel_change": False}, {"cauda_equina_recheck"}),
        ({"saddle_numbness": None, "bladder_bowel_change": None}, {"cauda_equina_recheck"}),
        ({"saddle_numbness": True, "bladder_bowel_change": None}, {"saddle_numbness"}),
    ],
)
def test_the_saddle_and_bladder_lines_asked_again(recheck, signs):
    """Yes is stored as said, left open as an id of its own."""
    assert stored(False, recheck=recheck) == signs


def test_what_was_asked_is_what_was_shown():
    """ "None" must never come to mean "not asked"."""
    shown = frozenset({"calf", "weakness"})
    quiet = signs_from_form(SignForm(False, shown, follow_ups={"paralysis": None}))
    assert quiet.signs_asked == {"calf_swelling", "new_weakness", "unsteady_walking"}
    ticked = signs_from_form(
        SignForm(
            True,
            shown,
            ticked=frozenset({"weakness"}),
            follow_ups={"paralysis": None, "severe_pain": False},
            recheck={"saddle_numbness": False, "bladder_bowel_change": False},
            weekly_shown=True,
        )
    )
    assert ticked.signs_asked >= {"paralysis", "severe_pain", "cauda_equina_recheck"}
    assert ticked.signs_asked >= {"saddle_numbness", *WEEKLY_SIGNS}
    assert ticked.signs_asked <= SIGNS.keys()
