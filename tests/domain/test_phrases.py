"""Evidence in words."""

import ast
import string
from datetime import date
from pathlib import Path

import pytest

from recovery_tracker.domain import phrases
from recovery_tracker.domain.advice import PATTERN_ADVICE
from recovery_tracker.domain.flags import PATTERN_NAMES, Episode, Pattern, Reason, Urgency
from recovery_tracker.domain.measures import MEASURES, Kind
from recovery_tracker.domain.phrases import TEMPLATES, say, show_plainly, summary
from recovery_tracker.domain.surgery import Region
from tests.sources import nodes_of
from tests.stories import Story

PACKAGE = Path(phrases.__file__).parents[1]


#: Calls that make a reason, and the place of the code among their arguments.
MAKERS = {"Reason": 0, "_first": 2}


def codes_in_the_code() -> set[str]:
    """Every literal code of a reason in domain and trends, both sides of a condition."""
    codes = set()
    for path in [*PACKAGE.glob("domain/*.py"), *PACKAGE.glob("trends/*.py")]:
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS:
                code = node.args[MAKERS[node.func.id]]
                branches = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
                codes |= {b.value for b in branches if isinstance(b, ast.Constant)}
    return codes


#: Codes of circumstances: never alone on a receipt, always as "raised_" and the code.
BESIDE = {
    "with_fever",
    "with_sign",
    "bad_pain",
    "risk",
    "worse_early",
    "pain_jump",
    "nerve_sign",
    "more_numbness",
    "new_zone",
    "severe_pain_with",
    "lasted",
    "worse_soon",
    "pain_unknown",
    "numbness_unknown",
    "since_unknown",
    "standing",
}
#: Circumstances that may also stand alone.
BOTH = {"temperature", "newly_both_sides", "both_sides_unknown", "numb_completely"}


def test_no_code_without_a_sentence():
    """What a rule can say, a person can read."""
    codes = codes_in_the_code()
    assert codes >= BESIDE | BOTH
    needed = (codes - BESIDE) | {f"raised_{code}" for code in BESIDE | BOTH}
    assert needed <= TEMPLATES.keys()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_a_sentence_is_a_sentence(code):
    """Starts large once filled, ends with a full stop, and its placeholders are names.

    Several signs reported beside a flag are told in one sentence, each without a stop of its own.
    """
    template = TEMPLATES[code]
    assert template.endswith(".") is (code != "told_beside")
    fields = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    assert all(name.isidentifier() for name in fields)


def test_values_are_written_by_the_reader():
    """Dates and numbers go through `show`, catalogue keys through `translate`."""
    reason = Reason("temperature", {"temperature_c": 38.4, "day": date(2026, 3, 5)})
    assert say(reason) == "Temperature of 38.4\N{NO-BREAK SPACE}°C on 2026-03-05."
    said = say(reason, show=lambda name, value: f"<{name}>")
    assert said == "Temperature of <temperature_c>\N{NO-BREAK SPACE}°C on <day>."
    given = Reason("sign_given", {"sign": "fever", "day": date(2026, 3, 5)})
    assert "FEVER" in say(given, lambda text: text.upper() if "{" not in text else text)


def test_a_measure_is_named_for_the_region():
    """Leg pain after a back operation, arm pain after a neck operation."""
    reason = Reason("newly_both_sides", {"measure": "limb_pain_side", "day": date(2026, 1, 1)})
    assert "leg pain" in say(reason, region=Region.LUMBAR).lower()
    assert "arm pain" in say(reason, region=Region.CERVICAL).lower()


def test_numbers_have_at_most_one_decimal():
    """And no trailing zero."""
    assert [show_plainly("n", value) for value in (2, 2.0, 2.25, 0.0)] == ["2", "2", "2.2", "0"]


@pytest.mark.parametrize(
    "table",
    [
        "day 1-20 axial=2 signs=none\nday 21 axial=5 strain=fall",
        "day 1-20 axial=2 signs=none\nday 21 axial=2 signs=clunk\nday 22 axial=6",
        "day 1-99 axial=2 signs=none\nday 100 strain=lifting axial=6\nday 101-103 axial=6",
        "day 50 temp=38.4 signs=stiff_neck+wound_redness+vomiting",
        "day 200 temp=38.4 signs=wound_redness",
        "day 200 temp=38.7",
        "day 1-99 numb=1 zones=left_foot\nday 100 numb=1 zones=left_thigh signs=fall",
        "day 1-99 numb=1 zones=left_foot\nday 100 numb=4 zones=left_foot signs=fall+severe_pain",
        "day 1-99 numb=0\nday 100 numb=2 zones=left_foot signs=fall",
        "day 1-99 limb=2 side=left\nday 100 limb=2 side=both signs=fall",
        "day 100 signs=fall\nday 101 signs=new_weakness",
        "day 30 signs=chest_pain\nday 31 worse=chest_pain signs=none",
        "day 30 signs=chest_pain gone=chest_pain late=3",
        "day 30 signs=chest_pain\nday 31 gone=chest_pain",
        "day 30 signs=new_weakness\nday 31 worse=new_weakness",
        "day 30 axial=10 asked=severe_pain",
        "cervical\nday 100 signs=throat_lump\nday 107 signs=throat_lump",
        "day 50-60 axial=2 signs=none\nday 61 signs=calf_swelling\nday 90 axial=2",
        "day 50-60 axial=2 signs=none\nday 61 axial=8\nday 90 axial=2",
    ],
)
def test_everything_that_can_be_found_can_be_said(table):
    """Concerns and episodes of every rule, as a clinician and as a patient read them."""
    story = Story(table)
    for pod in story.entries:
        for concern in story.concerns(pod):
            assert "{" not in say(concern.reason)
    episodes = story.assess().episodes
    assert episodes
    for episode in episodes:
        told = summary(episode, story.operation.region)
        assert "{" not in told
        assert told[0].isupper()
        for reason in (*episode.evidence_for, *episode.evidence_against, episode.would_clear):
            assert reason is None or say(reason)
        assert PATTERN_NAMES[episode.pattern] not in PATTERN_ADVICE[episode.pattern].why


def test_a_code_without_a_sentence_is_refused():
    """A blank in a medical page is a wrong statement."""
    with pytest.raises(KeyError):
        say(Reason("no_such_code"))


def test_a_summary_ends_with_the_latest_news():
    """What happened, then what is new."""
    from recovery_tracker.domain.flags import Update

    day = date(2026, 3, 5)
    episode = Episode(
        Pattern.INFECTION,
        Urgency.SAME_DAY,
        day,
        evidence_for=(Reason("sign_given", {"sign": "wound_redness", "day": day}),),
        updates=(
            Update(day, Urgency.SAME_DAY, Reason("sign_given", {"sign": "chills", "day": day})),
        ),
    )
    assert summary(episode).endswith("Reported for 2026-03-05: chills.")


def test_a_silence_that_goes_on_is_not_told_as_shorter_than_it_is():
    """The flag keeps how many days were missed when it was raised; by now there may be more."""
    said = say(Reason("quiet_since", {"last_entry": date(2026, 3, 5), "missed": 7}))
    assert "at least 7 scheduled days" in said


# --- ordered choices: words, with the numbers behind them ---


def course(code, measure, before, now):
    return say(Reason(code, {"measure": measure, "before": before, "now": now}))


def test_a_mean_of_a_choice_is_said_in_its_words():
    assert course("moved_too", "walking", 2.7, 2.3) == (
        "Walking got worse too: from mostly “30 to 60 min” towards “10 to 30 min” "
        "(2.7 to 2.3 of 4)."
    )
    assert course("moved_too", "mobility", 0.7, 2.4) == (
        "Trouble moving got worse too: from mostly “a little hard” to mostly “quite hard”"
        " (0.7 to 2.4 of 4)."
    )
    assert course("moved_too", "sleep", 0.7, 1.4) == (
        "Trouble sleeping got worse too: still mostly “Woke a little” (0.7 to 1.4 of 4)."
    )
    assert course("did_not_move", "sleep", 1.2, 0.9) == (
        "Trouble sleeping did not get worse: mostly “Woke a little” before and now"
        " (1.2 to 0.9 of 4)."
    )


def test_a_score_and_a_count_stay_numbers():
    assert course("moved_too", "limb_pain", 2.0, 4.5) == "Leg pain got worse too: 2 to 4.5."
    steps = course("walking_more", "steps", 2000.0, 5000.0)
    assert steps.endswith("clearly increased: 2000 to 5000.")


def test_one_level_of_a_choice_names_its_word():
    ends = Reason("ends_when_back", {"measure": "numbness", "level": 1.3, "days": 14})
    assert say(ends) == "Numbness at “a little” (1.3 of 4) or better over 14 days ends it."


@pytest.mark.parametrize("measure", [k for k, m in MEASURES.items() if m.kind is Kind.CHOICE])
@pytest.mark.parametrize("before", [0.0, 0.5, 1.5, 2.5, 3.5, 4.0])
@pytest.mark.parametrize("now", [0.0, 0.49, 2.0, 3.51, 4.0])
def test_no_choice_is_told_as_a_bare_number(measure, before, now):
    """Every mean on the scale finds a word, at both ends too."""
    said = course("moved_too", measure, before, now)
    assert "mostly “" in said
    assert f"({show_plainly('', before)} to {show_plainly('', now)} of 4)" in said
