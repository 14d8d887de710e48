"""What a surgeon who has never seen the page finds on it: in order, whole, and true."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from recovery_tracker.charts import story_of, table
from recovery_tracker.demonstration.stories import stories
from recovery_tracker.domain.flags import Episode, Pattern, Reason, Status, Update, Urgency
from recovery_tracker.domain.history import Imaging, ImagingResult
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.handout import chart_of, report_of
from recovery_tracker.reports import Handover, summarise
from recovery_tracker.reports.marks import marks_of
from recovery_tracker.reports.pdf import page_data
from recovery_tracker.trends import assess
from recovery_tracker.trends.levels import levels_of
from tests.charts.recoveries import OPERATION, recovery
from tests.pdf import text_of

PAGE = Handover(
    name="Maria Alvarez",
    hospital_number="H-1",
    visit=date(2026, 3, 24),
    clinic="Northside Spine Unit",
    surgeon="Dr Vera Lund",
    visit_with="Dr Lund",
)


def page_of(history, assessment, page=PAGE):
    return page_data(summarise(history, assessment, page), chart_of(history, assessment), "a4")


def rows_of(box):
    """The rows of a flag's box, each as one text."""
    return {name: "".join(piece["text"] for piece in pieces) for name, pieces in box["rows"]}


def test_a_word_that_may_have_to_break_is_looked_for_where_there_is_one():
    history, assessment = recovery(86)
    assert not page_of(history, assessment)["may_be_long"]
    for page in (replace(PAGE, name="W" * 40), replace(PAGE, questions=("why" * 20,))):
        assert page_of(history, assessment, page)["may_be_long"]


def test_report_clinic_surgeon_and_next_visit_stand_in_that_order():
    text = text_of(report_of(*recovery(86), PAGE))
    line = "Report 11 Mar 2026 · Northside Spine Unit · Dr Vera Lund · Next visit: 24 Mar 2026"
    assert text.startswith(line)
    other = replace(PAGE, visit_with="Nurse Kim")
    assert "Next visit: 24 Mar 2026 (Nurse Kim)" in text_of(report_of(*recovery(86), other))


def test_three_days_are_not_called_the_best_so_far():
    """Nothing stands beside them: "about its best" would comfort without a reason."""
    history, _assessment = recovery(86)
    index = replace(history.index, preop_axial_pain=None, preop_limb_pain=None)
    for days, said in ((10, "there is no earlier week to compare."), (16, "about its best so far")):
        today = OPERATION + timedelta(days=days)
        kept = tuple(
            replace(one, axial_pain=5, walking=2)
            for one in history.entries
            if 7 <= (one.day - OPERATION).days <= days
        )
        short = replace(history, operations=(index,), entries=kept)
        told = " ".join(summarise(short, assess(short, today), PAGE).headline)
        assert said in told


def test_the_flags_table_says_whole_sentences_and_counts_those_without_room():
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    against = tuple(
        Reason("did_not_move", {"measure": "walking", "before": 3.0, "now": 3.0}) for _ in range(12)
    )
    flag = replace(flag, evidence_against=against)
    (box,) = page_of(history, replace(assessment, episodes=(flag,)))["findings"]
    rows = rows_of(box)
    assert list(rows) == ["Since", "Against", "Based on", "Decided"]
    assert rows["Since"] == "Began about 19 Feb (between 15 Feb and 23 Feb), noticed 2 Mar 2026."
    assert rows["Decided"] == "Nothing yet."
    assert "…" not in "".join(rows.values())
    sentences = rows["Against"].count("did not get worse")
    assert 3 < sentences < 12
    assert rows["Against"].endswith(f"(+{12 - sentences} more on the patient’s page)")


def test_how_it_was_counted_is_no_evidence_for_it():
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    usual = Reason("usual_from", {"first": OPERATION, "last": OPERATION, "measure": "axial_pain"})
    (box,) = page_of(
        history, replace(assessment, episodes=(replace(flag, evidence_for=(usual,)),))
    )["findings"]
    rows = rows_of(box)
    assert "For" not in rows
    assert "Usual" in rows["Based on"]
    assert "70 days used, 6 missing." in rows["Based on"]


def test_what_became_known_since_stands_on_the_page_with_its_day():
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    rose, wound = date(2026, 3, 5), date(2026, 3, 7)
    updates = (
        Update(rose, Urgency.REVIEW, Reason("also_rising", {"measure": "numbness", "day": rose})),
        Update(wound, Urgency.SAME_DAY, Reason("sign_given", {"sign": "fever", "day": wound})),
        Update(wound, Urgency.REVIEW, Reason("steps_left_at_home")),
    )
    told = replace(assessment, episodes=(replace(flag, updates=updates),))
    (box,) = page_of(history, told)["findings"]
    rows = rows_of(box)
    assert list(rows)[:2] == ["Since", "Since then"]
    # A day is said once; a sentence without one begins with the day on which it was known.
    assert rows["Since then"].startswith("Numbness alone would have raised a flag on 5 Mar. ")
    assert "7 Mar: A phone that is carried less" in rows["Since then"]
    assert rows["Since then"].count("5 Mar") == 1
    (box,) = page_of(history, assessment)["findings"]
    assert "Since then" not in rows_of(box)


def test_imaging_that_was_asked_for_is_not_told_as_never_recorded():
    history, assessment = recovery(86)
    asked = date(2026, 3, 9)

    def last_imaging(*images, page=PAGE):
        told = summarise(replace(history, imaging=images), assessment, page)
        return dict(told.context)["Last imaging"]

    waiting = replace(PAGE, imaging_asked=asked)
    done = ImagingResult(date(2026, 2, 2), "ct", Imaging.NO_LOOSENING_SEEN)
    entered = ImagingResult(asked, "mri", Imaging.AWAITED)
    assert last_imaging() == "not recorded"
    assert last_imaging(page=waiting) == "9 Mar 2026: asked for, no result yet"
    assert last_imaging(done, page=waiting) == (
        "2 Feb 2026: CT, no loosening seen; 9 Mar 2026: asked for, no result yet"
    )
    # Once, where the record says itself what was asked for.
    assert last_imaging(entered, page=waiting) == "9 Mar 2026: MRI, asked for, no result yet"


def test_what_was_there_before_the_operation_stands_beside_what_is_new():
    """Whoever covers the night reads of the catheter before ringing about the bladder."""
    history, assessment = recovery(86)
    assert "Had before" not in dict(summarise(history, assessment, PAGE).context)
    known = frozenset({"weakness", "catheter"})
    index = replace(history.index, known_deficits=known)
    told = summarise(replace(history, operations=(index,)), assessment, PAGE)
    assert dict(told.context)["Had before"] == "a catheter; a weak arm, hand, leg or foot"


def test_a_full_page_keeps_the_numbers_at_the_weeks_of_studies():
    """Where the box, the signs and the notes leave no room for the table, they stand in lines."""
    history, assessment = recovery(200, missing=0)
    (flag,) = assessment.episodes
    entries = list(history.entries)
    signs = frozenset({"fever", "clunk", "giving_way", "calf_swelling", "wound_redness"})
    entries[-3] = replace(entries[-3], signs=signs, note="The stairs. " * 14)
    entries[-9] = replace(entries[-9], note="It hurts. " * 18)
    score = FormScore(date(2026, 2, 2), "odi_points", 14, Role.PATIENT)
    history = replace(history, entries=tuple(entries), scores=(score,))
    more = Reason("did_not_move", {"measure": "walking", "before": 3.0, "now": 3.0})
    said = []
    for count in range(6):
        some = (more,) * count
        told = replace(flag, evidence_for=(*flag.evidence_for, *some), evidence_against=some)
        pdf = report_of(history, replace(assessment, episodes=(told,)), PAGE)
        text = " ".join(text_of(pdf).split())
        said.append((("table", "lines")["· week 12" in text], "weeks studies report" in text))
    assert said[0] == ("table", True)
    assert ("lines", True) in said


def test_every_decision_is_on_it_also_about_what_has_ended():
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    past = Episode(
        Pattern.WORSENING,
        Urgency.REVIEW,
        raised_on=OPERATION + timedelta(days=30),
        cleared_on=OPERATION + timedelta(days=40),
        rule_set="test",
    )
    decided = {
        flag.key: (
            (("Imaging – Dr Lund, 3 Mar, 10:00: “", ""), ("Primero una TC.", "es"), ("”", "")),
        ),
        past.key: ((("Reassured – Dr Lund, 20 Jan, 09:00", ""),),),
    }
    page = replace(PAGE, decided=decided)
    data = page_of(history, replace(assessment, episodes=(flag, past)), page)
    told = dict(data["findings"][0]["rows"])["Decided"]
    assert [piece["text"] for piece in told] == [
        "Imaging – Dr Lund, 3 Mar, 10:00: “",
        "Primero una TC.",
        "”",
    ]
    assert [piece["tags"] and piece["tags"]["lang"] for piece in told] == [None, "es", None]
    assert "decided: Reassured – Dr Lund, 20 Jan, 09:00" in data["also"]
    alone = page_of(history, replace(assessment, episodes=(past,)), page)
    assert "decided: Reassured – Dr Lund, 20 Jan, 09:00" in alone["also"]


def test_what_was_decided_about_a_withdrawn_flag_stands_on_it():
    """The diary was corrected and shows the flag no more; the scan was asked for all the same."""
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    calm = replace(assessment, episodes=(), status=Status.NO_RULE_MATCHED)
    decided = {flag.key: ((("Imaging – Dr Lund, 3 Mar, 10:00", ""),),)}
    page = replace(PAGE, decided=decided, withdrawn=(flag,))
    assert page_of(history, calm, page)["also"] == (
        "Withdrawn after a correction: Loose-hardware pattern, 2 Mar"
        " (decided: Imaging – Dr Lund, 3 Mar, 10:00)."
    )
    assert page_of(history, calm)["also"] == ""


def test_nothing_published_stands_beside_a_pain_that_was_not_there_before():
    """A share of no pain would be a mean of 0 that no study reports."""
    history, assessment = recovery(86, flagged=False)
    index = replace(history.index, preop_axial_pain=0, preop_limb_pain=4)
    history = replace(history, operations=(index,))
    marks = marks_of(history, levels_of(history, assessment.as_of))
    assert marks is not None
    published = {name: {cell.published for cell in cells[1:]} for name, cells in marks.rows}
    assert published["Back pain"] == {""}
    assert "" not in published["Leg pain"]
    bands = {panel.measure: panel.band for panel in story_of(history, assessment).panels}
    assert bands["axial_pain"] == ()
    assert bands["limb_pain"]


def test_the_numbers_at_the_weeks_of_studies_are_those_of_the_weekly_table():
    history, assessment = recovery(200, missing=0, flagged=False)
    header, rows = table(story_of(history, assessment))
    marks = marks_of(history, levels_of(history, assessment.as_of))
    assert marks is not None
    assert marks.header == ("Before op", "week 6", "week 12", "week 26")
    weekly = {row[0]: row[header.index("Back pain")] for row in rows}
    name, (before, *cells) = marks.rows[0]
    assert (name, before.own) == ("Back pain", "7")
    # The mean published course as a share of this patient's own score before the operation.
    assert [cell.own for cell in cells] == [weekly["6"], weekly["12"], weekly["26"]]
    assert cells[0].published == "3.5, 1.3–5.7"
    assert marks_of(history, levels_of(history, OPERATION + timedelta(days=40))) is None
    thoracic = replace(history, operations=(Operation(OPERATION, Region.THORACIC),))
    borrowed = marks_of(thoracic, levels_of(thoracic, assessment.as_of))
    assert borrowed is not None
    assert {cell.published for _, cells in borrowed.rows for cell in cells} == {""}


def test_each_earlier_operation_stands_in_its_own_line_uncut():
    history, assessment = recovery(86)
    first = Operation(
        date(2019, 4, 1), Region.LUMBAR, level_names="L4-L5", hardware="screws, rods and cage"
    )
    told = replace(history, operations=(first, *history.operations))
    text = text_of(report_of(told, assessment, PAGE))
    assert (
        "Earlier operation: Lower back fusion, L4-L5, screws, rods and cage on 1 Apr 2019" in text
    )


def test_an_onset_without_an_interval_is_said_once_beside_its_label():
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    flat = replace(flag, onset=OPERATION, onset_first=OPERATION, onset_last=OPERATION)
    (box,) = page_of(history, replace(assessment, episodes=(flat,)))["findings"]
    assert rows_of(box)["Since"] == "16 Dec 2025, noticed 2 Mar 2026."


def test_the_names_of_the_panels_can_be_searched_at_every_height():
    """Readers put what is almost level into one line, and then it said "W over 1 hour alking"."""
    at = datetime(2026, 11, 30, 20, tzinfo=UTC)
    short = [story for story in stories(at) if len(story.history.entries) < 45]
    assert len(short) >= 5
    for story in short:
        assessment = assess(story.history, at.date())
        text = text_of(report_of(story.history, assessment, PAGE)).replace("\r", "")
        for panel in story_of(story.history, assessment).panels:
            assert re.search(rf"(?m)(^|\s){panel.title}(\s|$)", text), (story.name, panel.title)
        assert not re.search(r"(?m)^(alking|ack pain|eck pain)|W over 1 hour", text), story.name
