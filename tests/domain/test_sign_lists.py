"""The lists of form, card and help: one urgency for a sign, and never less than triage gives it."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product

from recovery_tracker.domain.advice import ADVICE
from recovery_tracker.domain.answer_rules import ANSWERS
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.sign_lists import (
    TODAY_TOGETHER,
    TOGETHER,
    Lists,
    general_lists,
    grouped,
    lists_for,
    next_change,
)
from recovery_tracker.domain.sign_types import Circumstance as C
from recovery_tracker.domain.signs import LINES, SIGNS, Line, lines_for
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.triage import triage
from tests.effort import share
from tests.stories import Story

E, S = Urgency.EMERGENCY, Urgency.SAME_DAY
HEADS = [
    f"{region}{approach}"
    for region in ("lumbar", "cervical", "thoracic")
    for approach in ("", " approach=anterior", " approach=posterior", " approach=lateral")
]
#: Both sides of every edge of a window, and of the lines.
DAYS = (-1, 0, 3, 4, 7, 8, 14, 15, 30, 31, 60, 61, 84, 85, 90, 91, 400)


def cases():
    """Every operation on every day, with the lines that a form asks then."""
    for head, pod in product(HEADS, DAYS):
        story = Story(f"{head}\nday {pod} axial=1")
        yield head, pod, story.operation, lines_for(story.operation, pod)


def test_a_sign_stands_under_exactly_the_urgency_that_triage_gives_it():
    """On the card, for every operation and day; and every emergency of the form is on it."""
    for head, pod, operation, lines in cases():
        lists = lists_for(operation, pod)
        now = [key for item in lists.now for key in item.ids]
        today = [key for item in lists.today for key in item.ids]
        assert len(now) == len(set(now)), (head, pod)
        assert len(today) == len(set(today)), (head, pod)
        assert not set(now) & set(today), (head, pod)
        for line in lines:
            for sign in (*line.signs, *line.follow_ups):
                story = Story(f"{head}\nday {pod - 1} signs=none\nday {pod} signs={sign}")
                told = story.urgencies()[sign]
                assert (sign in now) is (told is E), (head, pod, sign)
                assert (sign in today) is (told is S), (head, pod, sign)


def test_what_is_an_emergency_only_beside_something_else_is_said_too():
    """Each pair on the card that triage makes an emergency of two lesser answers."""
    raised = {
        sign.id: {circumstance for circumstance, u in sign.raised_by.items() if u is E}
        for sign in SIGNS.values()
    }
    for head, pod, operation, lines in cases():
        together = {(i.ids[0], text) for text, items in lists_for(operation, pod).together
                    for i in items}  # fmt: skip
        for sign in {sign for line in lines for sign in line.signs}:
            alone = SIGNS[sign].urgency_on(pod, operation)
            said = [text for key, text in together if key == sign]
            early = {"worse_early", "blood_thinner_early"}
            wanted = {c for c in raised[sign] if pod <= 14 or c.value not in early}
            assert len(said) == (0 if alone is E else len(wanted)), (head, pod, sign)


def test_the_general_list_is_never_less_urgent_than_any_patient_is_told():
    """Help is read by everybody: what is an emergency for one stands under "now", with when."""
    lists = general_lists()
    now = {key for item in lists.now for key in item.ids}
    today = {key for item in lists.today for key in item.ids}
    assert {key for key, rule in ANSWERS.items() if rule.urgency is S} <= today
    for _head, pod, operation, lines in cases():
        for sign in {sign for line in lines for sign in (*line.signs, *line.follow_ups)}:
            urgency = SIGNS[sign].urgency_on(pod, operation)
            if urgency is E:
                assert sign in now, sign
            elif urgency is S:
                assert sign in today or sign in now, sign
    in_both = now & today
    for item in (*lists.now, *lists.today):
        if in_both.intersection(item.ids):
            assert item.when, "what stands under both says when"


def test_help_of_somebody_names_nothing_that_cannot_be_after_their_operation():
    """On the page for help of one patient: no line of the neck after an operation on the back, no
    "after a neck operation" where there was no other, and never less urgent than the form."""
    for head, pod, operation, lines in cases():
        lists = general_lists((operation,))
        now = {key for item in lists.now for key in item.ids}
        today = {key for item in lists.today for key in item.ids}
        for sign in {sign for line in lines for sign in (*line.signs, *line.follow_ups)}:
            urgency = SIGNS[sign].urgency_on(pod, operation)
            assert urgency is not E or sign in now, (head, pod, sign)
            assert urgency is not S or sign in now | today, (head, pod, sign)
        if operation.region is not Region.CERVICAL and not operation.reaches_throat:
            throat = {sign for line in LINES if line.throat for sign in line.signs}
            assert not throat & (now | today), head
        said = {words for item in (*lists.now, *lists.today) for words in item.when}
        assert not any("neck" in words for words in said), head
        for item in (*lists.now, *lists.today):
            assert ("{days}" in "".join(item.when)) <= bool(item.days), item
            # Nobody counts 84 days; 7, 30 and 90 are counted as they are.
            is_told_in_weeks = "{weeks}" in "".join(item.when)
            assert not (item.days in {14, 84} and "{days}" in "".join(item.when)), item
            assert not is_told_in_weeks or item.days in {14, 84}, item
    both = (
        Operation(date(2026, 1, 5), Region.LUMBAR),
        Operation(date(2026, 6, 5), Region.CERVICAL),
    )
    said = [(item.ids, item.when) for item in general_lists(both).now]
    assert (("noisy_breathing",), ("after a neck operation",)) in said


def test_the_form_stays_short_and_shows_first_what_may_need_help_now():
    """At most fourteen lines on any day after any operation, emergencies in front."""
    for head, pod, operation, lines in cases():
        assert len(lines) <= 14, (head, pod)
        now, today = grouped(lines, operation, pod)
        assert {*now, *today} == {*lines}
        for line in lines:
            holds = any(SIGNS[sign].urgency_on(pod, operation) is E for sign in line.signs)
            assert (line in now) >= holds, (head, pod, line.key)
    assert [line.key for line in LINES[:2]] == ["saddle", "bladder"]
    assert any(line.signs == ("very_unwell",) for line in LINES), "feeling very ill stands alone"


def test_a_ticked_line_without_more_is_as_urgent_as_its_worst_everyday_answer():
    """A line of emergencies stays one; a line that mixes is never a note."""
    for head, pod, operation, lines in cases():
        for line in lines:
            told = Story(f"{head}\nday {pod} signs={line.if_nothing_chosen}").concerns()[0].urgency
            each = [SIGNS[sign].urgency_on(pod, operation) for sign in line.signs]
            assert told >= min(each), (head, pod, line.key)
            if min(each) is E:
                assert told is E


#: What happens to people who recover well, in words of a diary, with what stood there before.
EVERYDAY = (
    "signs=fatigue",
    "signs=cough",
    "signs=fever",
    "signs=vomiting",
    "signs=fall",
    "signs=no_wind_or_poo",
    "signs=swallowing_difficulty",
    "signs=throat_lump",
    "signs=unsteady_walking",
    "signs=night_pain",
    "signs=wound_redness",
    "signs=rash",
    "temp=38.4",
    "temp=35.6",
    "opioids=8",
    "limb=3 side=both",
    "numb=1 zones=left_foot+right_foot",
)


def test_nobody_is_sent_to_a_hospital_by_a_single_everyday_answer():
    """After every operation, on every day."""
    for head, pod, answer in product(HEADS, DAYS, EVERYDAY):
        before = f"day {pod - 1} limb=2 side=left numb=1 zones=left_foot"
        for concern in Story(f"{head}\n{before}\nday {pod} {answer}").concerns():
            assert concern.urgency < E, (head, pod, answer)
            assert ADVICE[concern.advice].who in ("team", "general"), (head, pod, answer)


def test_the_next_change_of_the_lists_is_the_first_day_that_differs():
    for head in HEADS:
        operation = Story(f"{head}\nday 0 axial=1").operation
        found = {pod: lists_for(operation, pod) for pod in (*range(-1, 120), 400)}
        for pod in (-1, 0, 14, 29, 30, 84, 90, 100):
            later = (day for day in found if day > pod and found[day] != found[pod])
            assert next_change(operation, pod) == next(later, None), (head, pod)


#: What a person may be asked for on their own day; the risks of set-up with every sign and pair.
RISKS = {
    "": (),
    " risks=blood_thinner": (C.BLOOD_THINNER, C.BLOOD_THINNER_EARLY),
    " risks=osteoporosis": (C.LOW_BONE_DENSITY,),
    " risks=blood_thinner+osteoporosis": (
        C.BLOOD_THINNER,
        C.BLOOD_THINNER_EARLY,
        C.LOW_BONE_DENSITY,
    ),
}
#: What stands beside a sign, and the heading under which card and help name the two together.
PAIRS = {
    "signs=chills": (C.FEVER,),
    "temp=38.4": (C.FEVER,),
    "temp=35.5": (C.LOW_TEMPERATURE,),
    "signs=wound_redness": (C.WOUND_SIGN,),
    "signs=neck_swelling": (C.NECK_SWELLING,),
    "signs=vomiting": (C.VOMITING_OR_SIGHT,),
    "signs=upright_headache": (C.HEADACHE_OR_WEAKNESS,),
    "signs=new_weakness": (C.HEADACHE_OR_WEAKNESS, C.NERVE_OR_SADDLE_SIGN, C.NEW_NERVE_SIGN),
    "signs=very_unwell": (C.VERY_UNWELL,),
    "signs=night_pain": (C.WITH_NIGHT_PAIN,),
    "signs=weight_loss": (C.WITH_WEIGHT_LOSS,),
    "axial=8": (C.PAIN_7, C.PAIN_UP_3),
}


@cache
def shown_to(operation: Operation, pod: int) -> tuple[Lists, Lists, tuple[Line, ...], set[str]]:
    """Card, help and form of somebody on a day, and the lines that the form has first."""
    lines = lines_for(operation, pod)
    now, _today = grouped(lines, operation, pod)
    return (
        lists_for(operation, pod),
        general_lists((operation,)),
        lines,
        {line.key for line in now},
    )


def test_card_and_form_are_never_less_urgent_than_triage_for_this_person():
    """Every sign x risk x day x region x approach x pair; help says it for everybody."""
    found = []
    alone = [(*one, "") for one in product(HEADS, RISKS, DAYS)]
    # Eleven divides none of the four numbers, so each pair has its turn on every day of a run.
    for head, risks, pod, beside in (*alone, *share([*product(HEADS, RISKS, DAYS, PAIRS)], 11)):
        before = f"day {pod - 1} axial=1 signs=none"
        story = Story(f"{head}{risks}\n{before}\nday {pod} {beside or 'walk=2'}")
        entry, context = story.entries[pod], story.context(pod)
        lists, help_lists, lines, asks_now = shown_to(story.operation, pod)
        named = (*PAIRS.get(beside, ()), *RISKS[risks])
        for line in lines:
            for sign in line.signs:
                told = replace(entry, signs=(entry.signs or frozenset()) | {sign})
                urgency = max(
                    (c.urgency for c in triage(told, context).concerns if c.sign == sign), default=0
                )
                for shown in (lists, help_lists):
                    if urgency >= S and not _says(shown, sign, urgency, named):
                        found.append((sign, urgency, head, risks, pod, beside, shown is lists))
                if not beside and urgency is E and line.key not in asks_now:
                    found.append((sign, "form", head, risks, pod))
    assert not found, found[:10]


def _says(lists, sign, urgency, named) -> bool:
    """Whether a list names the sign at the urgency or above, alone or beside what is named."""
    now = {key for item in lists.now for key in item.ids}
    today = {key for item in lists.today for key in item.ids}
    if sign in now or (urgency is S and sign in today):
        return True
    for texts, pairs, level in (
        (TOGETHER, lists.together, E),
        (TODAY_TOGETHER, lists.today_together, S),
    ):
        headings = {texts[c] for c in named if c in texts}
        if level >= urgency and any(
            text in headings and any(sign in item.ids for item in items) for text, items in pairs
        ):
            return True
    return False


def test_a_risk_of_set_up_moves_a_sign_up_on_the_own_card():
    """A fall after week 12: a call today with thin bone, and a knock on the head now with a thinner
    of the blood."""
    thin = lists_for(Story("lumbar risks=osteoporosis\nday 1 walk=1").operation, 200)
    assert ("fall",) in [item.ids for item in thin.today]
    blood = lists_for(Story("lumbar risks=blood_thinner\nday 1 walk=1").operation, 200)
    assert ("head_injury",) in [item.ids for item in blood.now]
    plain = lists_for(Story("lumbar\nday 1 walk=1").operation, 200)
    assert "fall" not in {key for item in plain.today for key in item.ids}
    beside = {text: [i.ids[0] for i in items] for text, items in plain.today_together}
    assert "fall" in beside["with pain of 7 or more"]
    assert {"night_pain", "weight_loss", "vomiting"} <= set(beside["with a fever or shivering"])
