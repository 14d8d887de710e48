"""What a form that comes signed out shows is as urgent as what the same form says signed in.

For somebody of whom set-up knows no risks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import product

import pytest

from recovery_tracker.domain.context import Context, context_of
from recovery_tracker.domain.diary import DiaryEntry, SignChange
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.history import History
from recovery_tracker.domain.sign_form import RECHECK
from recovery_tracker.domain.signs import LINES, SIGNS
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.triage import triage
from recovery_tracker.storage.settings import Installation
from recovery_tracker.web.patient.days import asking_for
from recovery_tracker.web.shared.at_once import advice_at_once
from recovery_tracker.web.shared.forms.asking import Asking
from recovery_tracker.web.shared.forms.diary import DiaryForm
from tests.web.conftest import NOW, Clinic

Fields = list[tuple[str, str]]

TODAY = NOW.date()
FEVER = [("line", "fever"), ("sign-fever", "fever"), ("follow-fever", "none")]
#: Both sides of every edge of a window.
DAYS = (-1, 0, 3, 4, 7, 8, 14, 15, 30, 31, 60, 84, 85, 90, 91, 400)
#: Those of the windows that end.
FEW = (0, 14, 15, 85)
LEVELS = {None: Urgency.REVIEW, "u": Urgency.SAME_DAY, "e": Urgency.EMERGENCY}
WARM = ("", "36.8", "35.5", "38", "38,0", "39.4", "100.4", "102")


def _lines() -> Iterator[Fields]:
    """Each line: bare and with each sign under it, its follow-ups open, each, and none of them."""
    yield [("signs", "some")]
    for line in LINES:
        for sign in (None, *line.signs):
            ticked = [("signs", "some"), ("line", line.key)]
            ticked += [(f"sign-{line.key}", sign)] if sign else []
            yield ticked
            for follow in ("none", *line.follow_ups) if line.follow_ups else ():
                yield [*ticked, (f"follow-{line.key}", follow)]


def _warm() -> Iterator[Fields]:
    """Each temperature with what is asked under it, and beside each line."""
    fever = next(line for line in LINES if line.key == "fever")
    for typed in WARM:
        yield [("temperature_c", typed)]
        for follow in ("none", *fever.follow_ups):
            yield [("temperature_c", typed), ("follow-temperature", follow)]
    for typed, line in product(("39.4", "35.5"), LINES):
        calm = ("follow-temperature", "none")
        yield [("temperature_c", typed), calm, ("signs", "some"), ("line", line.key)]


def _scores() -> Iterator[Fields]:
    yield [("axial_pain", "9")]
    for said in ("yes", "no"):
        yield [("axial_pain", "9"), ("stays-axial_pain", said)]
    both = [("limb_pain", "5"), ("limb_pain_side", "both")]
    for numb in ("0", "1", "2", "4"):
        zones = [("numbness_zones", "left_foot"), ("numbness_zones", "right_foot")]
        for again in (None, "none", *RECHECK):
            asked = [("recheck", again)] if again else []
            yield [*both, ("numbness", numb), *asked]
            yield [("numbness", numb), *zones, *asked]
    yield [("opioid_doses", "13")]
    yield [("strain", "fall")]


@cache
def _asked(
    region: Region, pod: int, sign: str = "", ago: int = 1, back: int = 0
) -> tuple[Asking, Context]:
    """The form of a day `back`, and what surrounds it, with one sign told `ago` days ago."""
    told = (DiaryEntry(TODAY - timedelta(days=ago), signs=frozenset({sign})),) if sign else ()
    operation = Operation(TODAY - timedelta(days=pod), region)
    history = History(operations=(operation,), entries=told)
    day = TODAY - timedelta(days=back)
    return asking_for(history, day, TODAY), context_of(history, day)


def _entry(fields: Fields, asking: Asking) -> DiaryEntry:
    degrees = dict(fields).get("temperature_c", "")
    asking = replace(asking, fahrenheit=degrees.startswith("10"))
    form = DiaryForm(asking, {name: [v for n, v in fields if n == name] for name, _ in fields})
    form.is_valid()
    return form.draft_entry(recorded_at=NOW, zone="UTC")


def _less_urgent_out(fields: Fields, edges: Iterable[tuple[Asking, Context]]) -> list[str]:
    """What the forms of these days say signed in, and not signed out."""
    urgent: dict[str, Urgency] = {}
    entries: dict[tuple[str, int], DiaryEntry] = {}
    for asking, context in edges:
        # Only on a past day the form itself looks at the day.
        key = asking.shown, asking.pod if asking.still_there else 0
        if key not in entries:
            entries[key] = _entry(fields, asking)
        urgency = triage(entries[key], context).urgency or Urgency.NOTE
        urgent[asking.shown] = max(urgency, urgent.get(asking.shown, urgency))
    less = []
    for shown, urgency in urgent.items():
        out = advice_at_once([*fields, ("shown", shown)], Installation())
        if urgency > LEVELS[out.level if out else None]:
            less.append(shown)
    return less


@pytest.fixture
def page(clinic: Clinic) -> Iterator[None]:
    with clinic.app.test_request_context():
        yield


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("forms", [_lines, _warm, _scores])
def test_signed_out_is_never_less_urgent_on_any_day(forms) -> None:
    edges = [_asked(region, pod) for region, pod in product(Region, DAYS)]
    less = {str(fields): _less_urgent_out(fields, edges) for fields in forms()}
    assert {fields: shown for fields, shown in less.items() if shown} == {}


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("said", ["yes", "no"])
def test_nor_about_a_day_that_is_told_late(said: str) -> None:
    """A past day asks whether the sign is still there, and "no" asks for a call all the same."""
    edges = [_asked(region, pod, back=2) for region, pod in product(Region, FEW)]
    for fields in _lines():
        late = [*fields, ("still_there", said)]
        assert (late, _less_urgent_out(late, edges)) == (late, [])


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("how", SignChange)
@pytest.mark.parametrize("spoke", ["", "yes"])
def test_nor_about_what_was_told_before(how: SignChange, spoke: str) -> None:
    for sign in SIGNS:
        fields = [(f"change-{sign}", how.value), *([("spoke", spoke)] if spoke else [])]
        edges = [_asked(where, pod, sign, ago) for where, pod, ago in product(Region, FEW, (1, 9))]
        assert (fields, _less_urgent_out(fields, edges)) == (fields, [])


@pytest.mark.usefixtures("page")
def test_the_advice_is_true_on_any_day() -> None:
    """Of two windows as urgent the words of the first days are not those for everybody."""
    for fields in ([("temperature_c", "38.6"), ("follow-temperature", "none")], FEVER):
        found = advice_at_once(fields, Installation(team_number="1"))
        assert found is not None
        assert [one.advice for one in found.found] == ["fever"]
        assert not any("hospital" in step for step in found.steps if "Still" in step)
