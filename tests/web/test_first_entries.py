"""The first entry: nothing is known of before, so nothing is called usual, and the form asks."""

import pytest

from recovery_tracker.domain.flags import Urgency
from tests.web.diarist import CALM, new_diarist

BOTH = {"limb_pain": "8", "limb_pain_side": "both"}
NUMB = {"numbness": "3", "numbness_zones": ["left_foot", "right_foot"]}
#: What would reassure.
CALMING = ("Good days and bad days are normal", "How this fits with your week", "much the same")


def saved_text(somebody) -> str:
    return somebody.page(f"day/{somebody.today}/saved").text


@pytest.mark.parametrize("answers", [BOTH, NUMB, BOTH | NUMB])
@pytest.mark.parametrize("before", ["nothing", "days that left it blank"])
def test_both_sides_on_a_first_entry_ask_again_and_calm_nobody(clinic, answers, before):
    """The saddle and bladder lines are asked; left open they are an emergency."""
    fred = new_diarist(clinic, "fred", days_ago=30)
    if before != "nothing":
        fred.history_of(20, limb_pain=None, limb_pain_side=None, numbness=None)
    assert "Do you have any of these as well?" in fred.browser.get(fred.day()).text

    sent = fred.log(**CALM | answers)

    assert sent.headers["Location"].endswith("/advice")
    assert "cauda_equina_recheck" in fred.entry().signs
    fred.log(**CALM | answers, recheck="none")
    flags = fred.recovery().open_flags
    assert max(flag.urgency for flag in flags) >= Urgency.SAME_DAY
    assert not any(words in saved_text(fred) for words in CALMING)


@pytest.mark.parametrize(
    ("answers", "calm"),
    [
        ({"numbness": "3", "numbness_zones": "left_foot"}, False),
        ({"axial_pain": "8"}, False),
        ({"axial_pain": "5", "numbness": "1", "numbness_zones": "left_foot"}, True),
    ],
)
def test_much_with_nothing_before_it_is_not_called_a_bad_day(clinic, answers, calm):
    fred = new_diarist(clinic, "fred", days_ago=30)
    fred.log(**CALM | answers)
    assert any(words in saved_text(fred) for words in CALMING) is calm


def test_a_first_entry_with_nothing_new_is_as_short_as_ever(clinic):
    """One side, or no pain: nothing more is shown, and the page thanks."""
    fred = new_diarist(clinic, "fred", days_ago=30)
    assert fred.log(**CALM).headers["Location"].endswith("/saved")
    assert "Saved. Thank you." in saved_text(fred)


@pytest.mark.parametrize(
    ("answers", "asks"),
    [
        (BOTH, False),
        (BOTH | {"numbness": "1"}, False),
        (BOTH | NUMB, True),
        (BOTH | {"numbness": "2"}, True),
        (NUMB | {"numbness": "2"}, True),
    ],
)
def test_both_sides_before_the_operation_do_not_stand_for_much_numbness(clinic, answers, asks):
    fred = new_diarist(clinic, "fred", days_ago=5, known_deficits=frozenset({"both_sides"}))
    page = fred.browser.get(fred.day()).text
    assert "on-pain-numb" in page
    assert "on-zones-numb" in page

    fred.log(**CALM | answers)
    assert ("cauda_equina_recheck" in fred.entry().signs) is asks
    fred.log(**CALM | answers, recheck="none")
    assert bool(fred.recovery().open_flags) is asks
    if asks:
        assert not any(words in saved_text(fred) for words in CALMING)
