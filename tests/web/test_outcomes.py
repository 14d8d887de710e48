"""How patients did and what became of flags: the same on page, in the file and on paper."""

import csv
import io
import re
from datetime import date, timedelta

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.flags import Decision, Pattern
from recovery_tracker.domain.history import Appointment, Event, EventKind, History
from recovery_tracker.domain.outcomes import LEAST_FOR_SHARE, Outcome, Tally, outcome_of
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.survival import End
from recovery_tracker.services import import_history
from recovery_tracker.storage import people, record_rows
from recovery_tracker.storage.surgical_outcomes import YEAR_DAY, operated
from recovery_tracker.trends.levels import levels_of
from recovery_tracker.web.clinician.outcomes import share_words
from tests.pdf import text_of
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import new_diarist

TODAY = NOW.date()
LONG_AGO = TODAY - timedelta(days=500)


def admit(clinic, name, *operations, entries=()):
    with clinic.database.write() as session:
        patient = people.create_patient(session, name=name, by=SYSTEM, at=NOW)
    history = History(operations, tuple(sorted(entries, key=lambda entry: entry.day)))
    import_history(
        clinic.database, patient.id, FileContent(history), by=SYSTEM, at=NOW, today=TODAY
    )
    return history


def a_year_later(pain, *, days=3):
    last = LONG_AGO + timedelta(days=YEAR_DAY)
    return [DiaryEntry(last - timedelta(days=n), axial_pain=pain) for n in range(days)]


def lumbar(day, **options):
    return Operation(day, Region.LUMBAR, **options)


def test_pain_a_year_later_is_that_of_the_weekly_table_and_missing_is_not_zero(clinic):
    stated = lumbar(LONG_AGO, preop_axial_pain=7)
    better = admit(clinic, "Ada Long", stated, entries=a_year_later(3))
    admit(clinic, "Bea", stated, entries=a_year_later(6))
    admit(clinic, "Cleo", stated, entries=a_year_later(1, days=2))
    before = [DiaryEntry(LONG_AGO - timedelta(days=n + 1), axial_pain=8) for n in range(2)]
    admit(clinic, "Dora", lumbar(LONG_AGO), entries=[*before, *a_year_later(5)])
    admit(clinic, "Eve", lumbar(TODAY - timedelta(days=100), preop_axial_pain=7))
    with clinic.database.read() as session:
        found = [one.year["axial_pain"] for one in operated(session, TODAY) if one.year]
    assert sorted((one.before, one.after) for one in found if one.after is not None) == [
        (7, 3),
        (7, 6),
        (8, 5),
    ]
    assert [(one.before, one.after) for one in found if one.after is None] == [(7, None)]
    mean = levels_of(better, TODAY).measures["axial_pain"].means[YEAR_DAY]
    assert mean == 3
    page = clinic.signed_in("carol").page("/clinic/outcomes").text
    assert "3 of 4" in page
    assert "2 of 3" in page
    assert "Ada Long" not in page


def test_which_days_count_as_before_and_as_a_year_later(clinic):
    """Before ends with the day of the operation; three answers of the last week are enough, and
    else three of the last two."""
    last = LONG_AGO + timedelta(days=YEAR_DAY)

    def days(pains):
        return [DiaryEntry(last - timedelta(days=n), axial_pain=one) for n, one in pains.items()]

    before = [DiaryEntry(LONG_AGO - timedelta(days=n), axial_pain=8 * n) for n in (0, 1)]
    plain = lumbar(LONG_AGO)
    admit(clinic, "Ada Long", plain, entries=[*before, *days({0: 3, 1: 3, 2: 3, 7: 9})])
    stated = lumbar(LONG_AGO, preop_axial_pain=7)
    admit(clinic, "Bea", stated, entries=days({0: 3, 1: 3, 13: 9}))
    admit(clinic, "Cleo", stated, entries=days({0: 3, 1: 3, 14: 9}))
    with clinic.database.read() as session:
        found = [one.year["axial_pain"] for one in operated(session, TODAY) if one.year]
    assert [(one.before, one.after) for one in found] == [(8, 3), (7, 5), (7, None)]


def test_nobody_was_followed_beyond_today(clinic):
    """A patient east of the clinic may have written tomorrow's day already."""
    days = [DiaryEntry(LONG_AGO + timedelta(days=n), axial_pain=3) for n in (10, 31)]
    admit(clinic, "Ada Long", lumbar(LONG_AGO), entries=days)
    with clinic.database.read() as session:
        told = operated(session, LONG_AGO + timedelta(days=30))
    assert max(one.seen for one in told if one.day == LONG_AGO) <= 30


def test_a_share_of_flags_is_said_only_of_enough(clinic):
    few, enough = (Tally(LEAST_FOR_SHARE, 0, LEAST_FOR_SHARE + more, 0) for more in (-1, 0))
    with clinic.app.test_request_context():
        assert "Percentages are shown from" in share_words(few)
        assert share_words(enough).endswith("(100 %).")


def test_time_to_another_operation(clinic):
    """A revision, another part of the spine, one who left with a visit, and one just operated."""
    admit(clinic, "Ada Long", lumbar(LONG_AGO), lumbar(LONG_AGO + timedelta(days=200)))
    neck = Operation(LONG_AGO + timedelta(days=90), Region.CERVICAL)
    admit(clinic, "Bea", lumbar(LONG_AGO), neck)
    with clinic.database.write() as session:
        cleo = people.create_patient(session, name="Cleo", by=SYSTEM, at=NOW)
        record_rows.add(session, cleo.id, lumbar(LONG_AGO), by=SYSTEM, at=NOW)
        for days in (300, 900):
            visit = Appointment(LONG_AGO + timedelta(days=days))
            record_rows.add(session, cleo.id, visit, by=SYSTEM, at=NOW)
    with clinic.database.read() as session:
        told = {(one.seen, one.end) for one in operated(session, TODAY) if one.day == LONG_AGO}
    assert told == {(200, End.EVENT), (90, End.OTHER), (300, End.SEEN_TO)}


def test_a_changed_tablet_confirms_nothing():
    def became(*decisions):
        day = date(2026, 1, 5)
        return outcome_of(Pattern.WORSENING, day, operated_on=day, decisions=decisions)

    assert became(Decision.MEDICATION) is Outcome.UNKNOWN
    assert became(Decision.PHYSIOTHERAPY) is Outcome.UNKNOWN
    assert became(Decision.REASSURED, Decision.MEDICATION) is Outcome.UNKNOWN
    assert became(Decision.MEDICATION, Decision.SEEN_SOONER) is Outcome.CONFIRMED
    assert became(Decision.REASSURED) is Outcome.NOT_CONFIRMED


def test_page_file_and_paper_have_the_same_tables(clinic):
    for number in range(24):
        entries = a_year_later(2 if number % 3 else 6)
        admit(clinic, f"Person {number}", lumbar(LONG_AGO, preop_axial_pain=7), entries=entries)
    carol = clinic.signed_in("carol")
    page = carol.page("/clinic/outcomes").text
    text = carol.get("/clinic/outcomes.csv").text.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    paper = text_of(carol.get("/clinic/outcomes.pdf").data)
    share = "16 of 24: 67 % (47 to 82)"
    assert share in page
    assert any(share in cell for row in rows for cell in row)
    assert share in paper
    assert "12 months" in paper
    assert "Kaplan-Meier" in paper
    # What is said of flags stands with them, not above how patients did.
    places = ["How patients did", "16 of 24", "What became of flags", "never flagged", "By pattern"]
    assert [paper.index(words) for words in places] == sorted(map(paper.index, places))
    assert "Person 11" not in text + paper + page


def test_forms_a_year_later_are_told_by_what_patients_notice(clinic):
    """28 of 50 is 56 %: 14 percent points better are too few, 16 are enough; 0.08 of an index is
    not.
    """

    def told(name, *scores):
        with clinic.database.write() as session:
            patient = people.create_patient(session, name=name, by=SYSTEM, at=NOW)
            record_rows.add(session, patient.id, lumbar(LONG_AGO), by=SYSTEM, at=NOW)
            for months, form, score in scores:
                day = LONG_AGO + timedelta(days=round(months * 30.4))
                value = FormScore(day, form, score, Role.PATIENT)
                record_rows.add(session, patient.id, value, by=SYSTEM, at=NOW)
            if name == "Ada":
                bad = Event(LONG_AGO + timedelta(days=4), EventKind.COMPLICATION, "Dural tear")
                record_rows.add(session, patient.id, bad, by=SYSTEM, at=NOW)

    told("Ada", (-1, "odi_points", 28), (12, "odi_percent", 42), (12, "satisfaction", 4))
    told("Bea", (-1, "odi_points", 28), (11, "odi_percent", 40), (12, "satisfaction", 3))
    told("Cleo", (-1, "eq5d_index", 0.52), (13, "eq5d_index", 0.6), (1.4, "odi_percent", 50))
    with clinic.database.write() as session:
        neck = people.create_patient(session, name="Dan", by=SYSTEM, at=NOW).id
        record_rows.add(session, neck, Operation(LONG_AGO, Region.CERVICAL), by=SYSTEM, at=NOW)
        for day, score in ((LONG_AGO, 20), (LONG_AGO + timedelta(days=43), 10)):
            value = FormScore(day, "ndi_points", score, Role.PATIENT)
            record_rows.add(session, neck, value, by=SYSTEM, at=NOW)
    page = clinic.signed_in("carol").page("/clinic/outcomes").text
    plain = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Lower back ODI 3 2 of 3 1 of 2" in plain
    assert "Lower back EQ-5D index 3 1 of 3 0 of 1" in plain
    assert "Lower back Satisfaction 3 2 of 3 1 of 2" in plain
    # A form of the neck is not missing where the back was operated on, nor the other way round.
    assert "After ODI NDI 6 weeks 1 of 5 1 of 1" in plain
    assert "Complication recorded 1 of 4" in plain


def test_a_course_is_drawn_beside_the_value_from_before(clinic):
    """EQ-5D 0.52 to 0.68 is more than patients notice; 0.5 points of PEG are not."""
    nora = new_diarist(clinic, days_ago=420)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=clinic.clock())
        for back, form, score in (
            (430, "eq5d_index", 0.52), (55, "eq5d_index", 0.68), (430, "odi_percent", 58),
            (380, "odi_percent", 50), (60, "odi_percent", 28), (237, "odi_percent", 58),
            (330, "eq5d_index", 0.4),
        ):  # fmt: skip
            value = FormScore(TODAY - timedelta(days=back), form, score, Role.CLINICIAN)
            record_rows.add(session, nora.patient.id, value, by=SYSTEM, at=clinic.clock())
    page = clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}").text
    outcomes = page.split('id="outcomes"')[1].split("</section>")[0]
    assert "<b>+0.16, better</b>" in outcomes
    assert "<b>−30, better</b>" in outcomes
    assert '<span class="small quiet">−8</span>' in outcomes
    assert "<b>−0.12, worse</b>" in outcomes
    assert '58 %<br><span class="small quiet">0</span>' in outcomes
    said = "Before op: 58 %; 6 weeks: 50 %; 6 months: 58 %; 12 months: 28 %"
    assert f'aria-label="{said}"' in outcomes
