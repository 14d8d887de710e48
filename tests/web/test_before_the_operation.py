"""A warning about a day before the operation that is told only after it."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry, Source
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.flags import Attention, Condition, Decision, Urgency
from recovery_tracker.domain.history import History
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import import_history, reassess
from recovery_tracker.storage import attention, people
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, new_diarist

SADDLE = {**CALM, "signs": "some", "line": "saddle"}
RED = {**CALM, "signs": "some", "line": "wound", "sign-wound": ["wound_redness"]}
OPEN = {**CALM, "signs": "some", "line": "wound", "sign-wound": ["wound_drainage"]}


@pytest.fixture
def lea(clinic):
    """Operated yesterday, and followed by carol."""
    lea = new_diarist(clinic, "lea", days_ago=1)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"]
        people.grant_care(session, lea.patient.id, carol.id, by=SYSTEM, at=clinic.clock())
    return lea


def _open(who) -> list[tuple[Urgency, Attention]]:
    return [(flag.urgency, flag.attention) for flag in who.recovery().open_flags]


def _decide(who) -> None:
    doctor = Actor(None, "Dr House", Role.CLINICIAN, cares_for=frozenset({who.patient.id}))
    with who.clinic.database.write() as session:
        for flag in who.recovery().open_flags:
            attention.decide(
                session, who.patient.id, flag.public_id, Decision.HOSPITAL,
                by=doctor, at=who.clinic.clock(), today=who.today,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("still", "urgency"),
    [({"still_there": "yes"}, Urgency.EMERGENCY), ({}, Urgency.EMERGENCY)],
    ids=["still there", "left open"],
)
def test_an_emergency_of_the_day_before_reaches_everybody(lea, still, urgency):
    day = lea.today - timedelta(days=2)
    answer = lea.log(day, **SADDLE, **still)
    advice = lea.browser.get(answer.headers["Location"]).text
    assert "I have called" in advice
    assert _open(lea) == [(urgency, Attention.UNSEEN)]
    assert "Go to a hospital emergency department now" in lea.page().text
    carol = lea.clinic.signed_in("carol")
    assert lea.patient.name in carol.page("/clinic/patients?show=urgent").text
    chart = carol.page(f"/clinic/p/{lea.patient.public_id}").text
    assert "saddle numbness" in chart
    assert "From before the operation" in chart
    # A calm day takes nothing back, and thanks nobody.
    lea.log(lea.today, **CALM)
    assert "Saved. Thank you" not in lea.page(f"day/{lea.today}/saved").text
    for _day in range(3):
        lea.clinic.clock.forward(days=1)
        reassess(lea.clinic.database, lea.patient.id, today=lea.today, at=lea.clinic.clock())
        assert _open(lea) == [(urgency, Attention.UNSEEN)]


def test_one_that_is_gone_is_told_to_the_team_today(lea):
    lea.log(lea.today - timedelta(days=2), **SADDLE, still_there="no")
    assert Urgency.SAME_DAY in [urgency for urgency, _attention in _open(lea)]
    assert "has now gone away" in lea.page().text


def test_it_is_decided_about_once(lea):
    lea.log(lea.today - timedelta(days=2), **SADDLE)
    _decide(lea)
    assert _open(lea) == []
    lea.log(lea.today, **CALM)
    lea.clinic.clock.forward(days=1)
    reassess(lea.clinic.database, lea.patient.id, today=lea.today, at=lea.clinic.clock())
    assert _open(lea) == []
    assert [flag.condition for flag in lea.recovery().flags] == [Condition.ENDED]


def test_a_day_before_that_is_corrected_counts_as_well(clinic):
    who = new_diarist(clinic, "mia", days_ago=-1)
    day = who.today
    who.log(day, **CALM)
    clinic.clock.forward(days=2)
    who.browser = clinic.signed_in("mia")
    who.log(day, **SADDLE)
    assert _open(who) == [(Urgency.EMERGENCY, Attention.UNSEEN)]
    assert "Go to a hospital emergency department now" in who.page().text


def test_what_waited_on_a_phone_over_the_operation_counts_as_well(clinic):
    who = new_diarist(clinic, "mia", days_ago=-1)
    day, form = who.today, who.blank(who.today)
    clinic.clock.forward(days=2)
    who.browser = clinic.signed_in("mia")
    token = who.blank(who.today)["csrf_token"]
    who.log(day, form={**form, "csrf_token": token}, **SADDLE, source="offline")
    assert _open(who) == [(Urgency.EMERGENCY, Attention.UNSEEN)]


def test_before_a_further_operation_it_counts_from_the_earlier_one(clinic):
    who = new_diarist(clinic, "mia", days_ago=40)
    who.history_of(10)
    who.send("surgery/new", day=str(who.today), region="cervical")
    who.log(who.today - timedelta(days=1), **SADDLE)
    assert _open(who) == [(Urgency.EMERGENCY, Attention.UNSEEN)]


def test_what_is_added_to_a_matter_that_was_decided_asks_again(clinic):
    who = new_diarist(clinic, "mia", days_ago=40)
    who.history_of(10)
    who.log(who.today, **RED)
    _decide(who)
    clinic.clock.forward(days=1)
    who.browser = clinic.signed_in("mia")
    who.send("surgery/new", day=str(who.today), region="lumbar")
    assert _open(who) == []
    who.log(who.today - timedelta(days=1), **OPEN)
    assert _open(who) == [(Urgency.SAME_DAY, Attention.UNSEEN)]


def test_an_old_day_that_is_changed_now_is_news(clinic):
    who = new_diarist(clinic, "mia", days_ago=40)
    who.history_of(39)
    who.send("surgery/new", day=str(who.today), region="lumbar")
    who.log(who.today - timedelta(days=20), **SADDLE)
    assert _open(who) == [(Urgency.EMERGENCY, Attention.UNSEEN)]
    reassess(clinic.database, who.patient.id, today=who.today, at=clinic.clock())
    assert _open(who) == [(Urgency.EMERGENCY, Attention.UNSEEN)]


@pytest.mark.parametrize(("days", "is_open"), [(3, True), (20, False)])
def test_of_a_file_only_what_is_recent_waits(clinic, days, is_open):
    who = new_diarist(clinic, "mia", days_ago=0)
    day, signs = who.today - timedelta(days=days), frozenset({"saddle_numbness"})
    told = DiaryEntry(day, axial_pain=3, signs=signs, source=Source.IMPORT)
    content = FileContent(History((Operation(who.today, Region.LUMBAR),), (told,)))
    import_history(
        clinic.database, who.patient.id, content, by=SYSTEM, at=clinic.clock(), today=who.today
    )
    reassess(clinic.database, who.patient.id, today=who.today, at=clinic.clock())
    assert bool(_open(who)) is is_open


def test_nobody_says_on_the_phone_that_it_is_new_since_the_operation(lea):
    """What was there before and the fusion of yesterday, in one sentence, are another illness."""
    answer = lea.log(lea.today - timedelta(days=2), **SADDLE)
    said = "My spinal fusion was on Wednesday 11 March. Before it I had this: numbness"
    assert said in lea.browser.get(answer.headers["Location"]).text
    assert said in lea.page().text


def test_one_that_was_told_by_mistake_is_said_to_be_taken_back(lea):
    """The day was removed, and the first page went on as if nothing had been said."""
    day = lea.today - timedelta(days=2)
    lea.log(day, **SADDLE)
    lea.browser.send(lea.path(f"day/{day}/versions"), lea.path(f"day/{day}/take-back"))
    assert "You changed a warning answer" in lea.page().text
    assert "Go to a hospital emergency department now</h2>" not in lea.page().text
    assert _open(lea) == [(Urgency.EMERGENCY, Attention.UNSEEN)]
    lea.log(day, **SADDLE)
    assert "You changed a warning answer" not in lea.page().text
    assert "Go to a hospital emergency department now</h2>" in lea.page().text
    lea.log(day, **CALM)
    assert "You changed a warning answer" in lea.page().text
