"""Is the sign still there? Chart, paper and FHIR say what was asked and answered, alike; the list
says it in brief.
"""

import io
from datetime import timedelta

import pytest

from recovery_tracker.takeout import write_fhir
from tests.pdf import text_of
from tests.web.conftest import Clinic
from tests.web.diarist import CALM, Diarist, new_diarist
from tests.web.test_true_sentences import seen_by_carol

SADDLE = {**CALM, "signs": "some", "line": "saddle", "sign-saddle": "saddle_numbness"}
#: What a row of the list says of it, and what the rest says.
IN_BRIEF = ("left open 5 times.", "was asked in the 5 entries since and left open.")


@pytest.fixture
def nora(clinic: Clinic) -> Diarist:
    """An emergency answer, and four days on which it was asked after in vain."""
    nora = new_diarist(clinic, days_ago=30)
    nora.history_of(10)
    nora.log(**SADDLE)
    for _ in range(4):
        clinic.clock.forward(days=1)
        nora.log(nora.today, **CALM)
    return nora


def _everywhere(nora: Diarist) -> dict[str, str]:
    carol, number = seen_by_carol(nora), nora.patient.public_id
    fhir = io.BytesIO()
    write_fhir(nora.clinic.database, nora.patient, fhir, nora.clinic.clock(), None)
    paper = text_of(nora.browser.get(nora.path("report.pdf?paper=a4")).data)
    return {
        "list": carol.page("/clinic/patients").text.replace(*IN_BRIEF),
        "chart": carol.page(f"/clinic/p/{number}").text,
        "paper": " ".join(paper.split()),
        "fhir": fhir.getvalue().decode(),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("", "“How is it now?” was asked in the 5 entries since and left open."),
        ("better", "Said to be better on 17 Mar."),
        ("same", "Said to be the same on 17 Mar."),
        ("gone", "Said to be gone on 17 Mar."),
    ],
)
def test_all_say_the_same(nora: Diarist, change: str, said: str) -> None:
    nora.clinic.clock.forward(days=1)
    answers = {"change-saddle_numbness": change, "spoke": "yes"} if change else {}
    nora.log(nora.today, **CALM, **answers)
    for place, text in _everywhere(nora).items():
        assert said in text, place
        assert "Not ticked in" not in text, place


def test_a_day_added_late_asked_nothing_of_it(nora: Diarist) -> None:
    """The form of a past day asks what was new on it, not how things are."""
    nora.clinic.clock.forward(days=2)
    nora.log(nora.today - timedelta(days=1), **CALM)
    nora.log(nora.today, **CALM)
    for place, text in _everywhere(nora).items():
        assert "was asked in the 5 entries since" in text, place


def test_what_was_said_to_be_gone_is_not_asked_about_beside_what_stays(clinic: Clinic) -> None:
    """Each sign is judged on its own, on the list too, which reads no whole diary."""
    nora = new_diarist(clinic, days_ago=30)
    nora.history_of(10)
    both = ["wound_redness", "wound_drainage"]
    nora.log(**CALM | {"signs": "some", "line": "wound", "sign-wound": both})
    for how in ("gone", None, None):
        clinic.clock.forward(days=1)
        redness = {"change-wound_redness": how} if how else {}
        nora.log(nora.today, **CALM, **redness, **{"change-wound_drainage": "same"}, spoke="yes")
    told = _everywhere(nora)
    in_brief = told.pop("list")
    assert "Wound open or draining: said to be the same on 15 Mar." in in_brief
    assert "gone" not in in_brief, "of two signs the one that stays is told"
    for place, text in told.items():
        assert "said to be gone on 13 Mar" in text, place
    for place, text in {**told, "list": in_brief}.items():
        assert "left open" not in text, place
