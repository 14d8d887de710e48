"""A computer whose clock ran ahead for a while, and is right again."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.flags import Attention, Condition, Pattern, Urgency
from recovery_tracker.services import reassess
from recovery_tracker.storage import audit
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, new_diarist

AHEAD = 400
SADDLE = {**CALM, "signs": "some", "line": "saddle"}


@pytest.fixture
def nora(clinic):
    """Somebody with a month of calm days, who also wrote while the clock was ahead."""
    nora = new_diarist(clinic)
    nora.history_of(30)
    return nora


def ahead(nora, **answers) -> None:
    """A day is written while the clock is ahead, and then it is put right."""
    nora.clinic.clock.forward(days=AHEAD)
    nora.browser = nora.clinic.signed_in("nora")
    assert nora.log(nora.today, **answers).status_code == 303
    nora.clinic.clock.forward(days=-AHEAD)


def later(nora, days: int) -> None:
    nora.clinic.clock.forward(days=days)
    nora.browser = nora.clinic.signed_in("nora")
    reassess(nora.clinic.database, nora.patient.id, today=nora.today, at=nora.clinic.clock())


def test_silence_is_noticed_all_the_same(nora):
    """Everything was assessed as of the day to come, four hundred days long."""
    ahead(nora, **CALM)
    later(nora, 26)
    (flag,) = nora.recovery().open_flags
    assert flag.pattern is Pattern.GONE_QUIET
    assert (flag.condition, flag.attention) == (Condition.ACTIVE, Attention.UNSEEN)


def test_an_emergency_of_that_time_stays(nora):
    ahead(nora, **SADDLE)
    for days in (0, 1, 30):
        later(nora, days)
        urgent = [one for one in nora.recovery().open_flags if one.urgency is Urgency.EMERGENCY]
        assert [one.attention for one in urgent] == [Attention.UNSEEN]
        assert not any(one.corrected_by_patient for one in urgent)
    assert "Go to a hospital emergency department now" in nora.page().text


def test_a_sign_of_today_is_an_emergency_as_ever(nora):
    ahead(nora, **CALM)
    later(nora, 0)
    answer = nora.log(nora.today, **SADDLE)
    assert answer.headers["Location"].endswith("/advice")
    assert Urgency.EMERGENCY in [one.urgency for one in nora.recovery().open_flags]
    nora.clinic.clock.forward(days=1)
    nora.browser = nora.clinic.signed_in("nora")
    nora.log(nora.today, **CALM)
    assert Urgency.EMERGENCY in [one.urgency for one in nora.recovery().open_flags]


def test_a_day_ahead_is_a_flight_and_counts(nora):
    """Who wrote in the east yesterday is in the west today: nothing is undone."""
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **SADDLE)
    nora.clinic.clock.forward(days=-1)
    later(nora, 0)
    (flag,) = nora.recovery().open_flags
    assert (flag.urgency, flag.corrected_by_patient) == (Urgency.EMERGENCY, False)


def take_back(nora, day):
    page = nora.page(f"day/{day}/versions")
    form = page.form(nora.path(f"day/{day}/take-back"))
    return nora.browser.client.post(form.action, data=form.hidden(), follow_redirects=True)


@pytest.mark.parametrize("answers", [CALM, SADDLE], ids=["calm", "an emergency"])
def test_a_day_ahead_can_be_taken_back_and_nothing_is_counted_from_it(nora, answers):
    ahead(nora, **answers)
    later(nora, 0)
    wrong = nora.today + timedelta(days=AHEAD)
    assert f"/day/{wrong}" in str(nora.browser.client.get(nora.path("diary")).data)
    assert take_back(nora, wrong).status_code == 200
    assert "Removed." in nora.page(f"day/{wrong}/versions").text
    assert nora.entry(wrong) is None
    flags = nora.recovery().open_flags
    assert all(one.corrected_by_patient for one in flags)
    assert not [one for one in flags if one.pattern is Pattern.GONE_QUIET]
    later(nora, 26)
    assert Pattern.GONE_QUIET in [one.pattern for one in nora.recovery().open_flags]


def test_a_day_ahead_can_be_corrected(nora):
    ahead(nora, **SADDLE)
    later(nora, 0)
    wrong = nora.today + timedelta(days=AHEAD)
    assert nora.log(wrong, **CALM).status_code == 303
    assert (nora.entry(wrong).signs, nora.version(wrong)) == (frozenset(), 2)
    (flag,) = [one for one in nora.recovery().open_flags if one.urgency is Urgency.EMERGENCY]
    assert flag.corrected_by_patient
    assert Pattern.GONE_QUIET not in [one.pattern for one in nora.recovery().open_flags]


def test_no_new_day_ahead_can_be_written(nora):
    day = nora.today + timedelta(days=AHEAD)
    form = nora.blank()
    answer = nora.browser.client.post(nora.day(day), data={**form, **CALM})
    assert answer.status_code == 404
    assert take_back_at(nora, day) == 404


def take_back_at(nora, day) -> int:
    form = nora.blank()
    path = nora.path(f"day/{day}/take-back")
    return nora.browser.client.post(path, data=form, follow_redirects=True).status_code


def test_the_health_page_says_that_the_clock_is_or_was_wrong(clinic):
    """An hour is let pass: two computers may share a database."""
    office = clinic.signed_in("frank")
    assert "still to come" not in office.page("/admin/health").text
    write_event(clinic, clinic.clock() + timedelta(minutes=59))
    assert "still to come" not in office.page("/admin/health").text
    write_event(clinic, clinic.clock() + timedelta(minutes=61))
    text = office.page("/admin/health").text
    assert "is dated 12 Mar 2026, " in text
    assert "which is still to come. Compare this computer’s clock" in text


def write_event(clinic, at) -> None:
    with clinic.database.write() as session:
        audit.record(session, audit.AuditAction.BACKED_UP, by=SYSTEM, at=at, details={})
