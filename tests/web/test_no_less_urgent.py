"""No surface says less urgent than triage does about the same day: home, the list, the PDF."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from recovery_tracker.domain.context import context_of
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import URGENCY_NAMES, Urgency
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.triage import triage
from recovery_tracker.handout import report_of
from recovery_tracker.services import read_recovery, record_day
from recovery_tracker.storage import people, record_rows
from recovery_tracker.storage.tables.people import AccountRow
from recovery_tracker.trends import assess
from tests.pdf import text_of
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist

#: Days after the operation: in the hospital, at home, and long after.
DAYS = (4, 40, 200)
#: The look of a card or a badge, the most urgent first.
LOOKS = {Urgency.EMERGENCY: ("e",), Urgency.SAME_DAY: ("e", "u")}
#: Every so many signs the PDF is made as well.
EVERY = 10


def _told(clinic):
    """A patient for every sign, on a few days and regions in turn, as (patient, urgency, sign)."""
    regions = list(Region)
    for number, sign in enumerate(SIGNS):
        region, pod = regions[number % 3], DAYS[number // 3 % 3]
        with clinic.database.write() as session:
            patient = people.create_patient(
                session, name=f"P {sign}", zone="Europe/London", by=SYSTEM, at=clinic.clock()
            )
            operation = Operation(TODAY - timedelta(days=pod), region)
            record_rows.add(session, patient.id, operation, by=SYSTEM, at=clinic.clock())
            people.grant_care(
                session, patient.id, clinic.accounts["carol"].id, by=SYSTEM, at=clinic.clock()
            )
        entry = DiaryEntry(
            TODAY, axial_pain=3, signs=frozenset({sign}), recorded_at=clinic.clock(), region=region
        )
        record_day(
            clinic.database,
            patient.id,
            entry,
            by=SYSTEM,
            at=clinic.clock(),
            today=TODAY,
            key=f"key-{sign}",
        )
        recovery = read_recovery(clinic.database, patient.id, today=TODAY, by=SYSTEM, audited=False)
        urgency = triage(entry, context_of(recovery.history, TODAY)).urgency
        if urgency in LOOKS:
            yield patient, urgency, recovery.history, f"{sign}, {region}, day {pod}"


def test_no_surface_says_less_urgent_than_triage(clinic):
    nora, told = new_diarist(clinic), list(_told(clinic))
    assert {urgency for _, urgency, _, _ in told} == set(LOOKS)
    less = []
    carol = clinic.signed_in("carol")
    listed = "".join(
        carol.page(f"/clinic/patients?page={page}").text
        for page in range(1, 2 + len(SIGNS) // 25)
        if carol.get(f"/clinic/patients?page={page}").status_code == 200
    )
    for number, (patient, urgency, history, where) in enumerate(told):
        with clinic.database.write() as session:
            # The browser is that of one account, which has each diary in turn.
            owner = AccountRow.patient_id.in_([nora.patient.id, *(one[0].id for one in told)])
            session.execute(update(AccountRow).where(owner).values(patient_id=patient.id))
        home = nora.browser.page(f"/p/{patient.public_id}/").text
        if not re.search(rf'class="care [{"".join(LOOKS[urgency])}]"', home):
            less.append((where, "home"))
        row = listed.split(f"/clinic/p/{patient.public_id}")[0].rsplit("<tr", 1)[-1]
        if not re.search(rf'class="tag [{"".join(LOOKS[urgency])}]"', row):
            less.append((where, "list"))
        if number % EVERY == 0:
            page = text_of(report_of(history, assess(history, TODAY))).casefold()
            if not any(URGENCY_NAMES[u].casefold() in page for u in LOOKS if u >= urgency):
                less.append((where, "report"))
    assert less == []
    assert len(told) > 30


#: An answer that is no sign and asks for a call all the same, and how the clinic's page names it.
NO_SIGN = (
    ({"opioid_doses": "13"}, "many doses of strong painkillers"),
    ({"numbness": "4", "recheck": "none"}, "no feeling in a part of the body"),
    ({"limb_pain_side": "both", "recheck": "none"}, "pain on both sides"),
    (
        {"numbness": "1", "numbness_zones": ["left_calf", "right_calf"], "recheck": "none"},
        "numbness on both sides",
    ),
)


@pytest.mark.parametrize(("answers", "named"), NO_SIGN)
def test_an_answer_that_is_no_sign_stands_on_chart_and_report(clinic, answers, named):
    nora = new_diarist(clinic)
    nora.history_of(3)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=clinic.clock())
    nora.log(**{**CALM, **answers})
    assert [flag.urgency for flag in nora.recovery().open_flags] == [Urgency.SAME_DAY]
    chart = clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}").text
    assert f": {named}" in chart
    history = nora.recovery().history
    assert "Same day" in text_of(report_of(history, assess(history, TODAY)))
    assert nora.browser.get(nora.path("report")).status_code == 200
