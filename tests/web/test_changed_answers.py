"""A warning answer that was changed: the page says what the day answers now, to that question."""

from datetime import timedelta

from recovery_tracker.storage import people
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist

#: What was answered first, what afterwards, and what the card has to say about the two.
CHANGES = (
    (
        {"opioid_doses": "40"},
        {"opioid_doses": "4"},
        "Now it says: <b>Strong painkiller doses: 4</b>",
    ),
    (
        {"temperature_c": "38.7", "follow-temperature": "none"},
        {"temperature_c": "36.9"},
        "Now it says: <b>Temperature: 36.9\N{NO-BREAK SPACE}°C; New or worse: None of these</b>",
    ),
    (
        {"limb_pain_side": "both", "recheck": "none"},
        {},
        "Now it says: <b>Leg pain: 1 out of 10; Side of the leg pain: Left</b>",
    ),
    (
        {"axial_pain": "9", "stays-axial_pain": "yes"},
        {"axial_pain": "9", "stays-axial_pain": "no"},
        "Now it says: <b>Back pain: 9 out of 10; New or worse: None of these</b>",
    ),
    (
        {"axial_pain": "9", "stays-axial_pain": "yes"},
        {"axial_pain": "8", "stays-axial_pain": "no"},
        "Now it says: <b>Back pain: 8 out of 10; New or worse: None of these</b>",
    ),
    (
        {"limb_pain": "9", "stays-limb_pain": "yes"},
        {"limb_pain": "2"},
        "Now it says: <b>Leg pain: 2 out of 10; New or worse: None of these</b>",
    ),
    (
        {"opioid_doses": "40"},
        {"opioid_doses": ""},
        "Now it says: <b>Strong painkiller doses: Not answered</b>",
    ),
    ({"signs": "some", "line": "saddle"}, {}, "Now it says: <b>None of these</b>"),
)


#: The same where pain scores are hidden.
HIDDEN = (
    (
        {"axial_pain": "9", "stays-axial_pain": "yes"},
        {"axial_pain": "8", "stays-axial_pain": "no"},
        "Now it says: <b>Back pain: changed; New or worse: None of these</b>",
    ),
    (
        {"axial_pain": "9", "stays-axial_pain": "yes"},
        {"axial_pain": "9", "stays-axial_pain": "no"},
        "Now it says: <b>New or worse: None of these</b>",
    ),
    (
        {"limb_pain": "4", "limb_pain_side": "both", "recheck": "none"},
        {"limb_pain": "2"},
        "Now it says: <b>Leg pain: changed; Side of the leg pain: Left</b>",
    ),
    (
        {"limb_pain_side": "both", "recheck": "none"},
        {"limb_pain_side": ""},
        "Now it says: <b>Side of the leg pain: Not answered</b>",
    ),
)


def card_of(diarist) -> str:
    """The card about a changed answer, on the home page."""
    text = diarist.page().text
    return text.split("You changed a warning answer")[1].split("</section>")[0]


def complaints_about(clinic, changes, **settings) -> list:
    """The changes after which the card of an own diarist does not say what it has to."""
    complaints = []
    for n, (first, then, said) in enumerate(changes):
        diarist = new_diarist(clinic, f"patient-{n}")
        diarist.history_of(20)
        if settings:
            diarist.send("settings", zone="Europe/London", **settings)
        diarist.log(**{**CALM, **first})
        diarist.log(**{**CALM, **then})
        saved = diarist.page(f"day/{TODAY}/saved").text.split("Your answers</h2>")[0]
        if said not in card_of(diarist) or said not in saved:
            complaints.append((first, card_of(diarist)))
        if settings and ("out of 10" in diarist.page().text or "out of 10" in saved):
            complaints.append((first, "a hidden score"))
    return complaints


def test_a_changed_answer_is_told_in_the_words_of_its_own_question(clinic):
    assert complaints_about(clinic, CHANGES) == []


def test_hidden_pain_scores_stand_in_no_sentence_about_a_changed_answer(clinic):
    assert complaints_about(clinic, HIDDEN, scores="hidden") == []


def test_only_what_made_the_warning_is_named(clinic):
    """New weakness with pain in both legs: the slight numbness there always was is no news."""
    nora = new_diarist(clinic)
    nora.history_of(20, numbness=1)
    both = {"limb_pain_side": "both", "recheck": "none", "signs": "some", "line": "weakness"}
    nora.log(**{**CALM, **both, "sign-weakness": "new_weakness", "numbness": "1"})
    nora.log(**{**CALM, "numbness": "1"})
    text = nora.page().text
    assert "Now it says: <b>Side of the leg pain: Left; New or worse: None of these</b>" in text


def test_an_emergency_that_is_gone_by_now_is_not_told_as_the_same_answer(clinic):
    """A day added late: first the question whether it is still there was left open."""
    nora = new_diarist(clinic)
    nora.history_of(20)
    clinic.clock.forward(days=2)
    late = TODAY + timedelta(days=1)
    saddle = {**CALM, "signs": "some", "line": "saddle"}
    nora.log(late, **saddle)
    nora.log(late, **saddle, still_there="no")
    assert "inner thighs (gone by now)</b>" in card_of(nora)
    assert "inner thighs (gone by now)" in nora.page(f"day/{late}/saved").text
    newest, first = nora.page(f"day/{late}/versions").text.split("Version 1")
    assert "(gone by now)" in newest
    assert "(gone by now)" not in first


def test_nobody_is_told_that_they_told_us_what_they_left_open(clinic):
    nora = new_diarist(clinic)
    nora.history_of(20)
    nora.log(**{**CALM, "axial_pain": "9"})
    nora.log(**CALM)
    card = card_of(nora)
    assert "12 Mar 2026, 09:00: You did not say whether tablets ease the pain." in card
    told = card.split("told us about")[1].split("</ul>")[0]
    assert "Pain that is very bad, or much worse than usual" in told
    assert "tablets" not in told


def test_what_became_of_an_earlier_sign_stands_with_the_answers_of_the_day(clinic):
    """It is on the record, so the patient can see it and change it."""
    nora = new_diarist(clinic)
    nora.history_of(20)
    nora.log(**{**CALM, "signs": "some", "line": "calf"})
    clinic.clock.forward(days=1)
    day = TODAY + timedelta(days=1)
    nora.log(day, **CALM, **{"change-calf_swelling": "better", "spoke": "yes"})
    answers = nora.page(f"day/{day}/saved").text.split("Your answers</h2>")[1]
    for said in (
        "How is this now: one leg newly swollen, or a sore calf",
        "Better now",
        "Did you speak to someone",
    ):
        assert said in answers, said


def test_the_clinic_reads_what_became_of_an_earlier_sign(clinic):
    """The flag says 12 to 13 March; a list of days that says "none ticked" would deny it."""
    nora = new_diarist(clinic)
    nora.history_of(20)
    nora.log(**{**CALM, "signs": "some", "line": "calf"})
    clinic.clock.forward(days=1)
    nora.log(nora.today, **CALM, **{"change-calf_swelling": "better", "spoke": "no"})
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=clinic.clock())
    chart = clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}").text
    days = chart.split("Latest days", 1)[1]
    assert "<td>unilateral leg swelling or calf pain: better now</td>" in days
    assert "none ticked" in days
