"""A computer whose clock ran ahead for a while, and is right again."""

import pytest

from recovery_tracker.domain.flags import Attention, Condition, Pattern, Urgency
from recovery_tracker.services import reassess
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
