"""A day written without a signal leads to help wherever triage would: the rules are the server's.

The script is run as it is, by Node, on what the form would send; its data are those of the page.
"""

import html
import json
import random
import re
import shutil
import subprocess
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from recovery_tracker.domain.context import context_of
from recovery_tracker.domain.diary import DiaryEntry, SignChange, fahrenheit_of
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.history import History
from recovery_tracker.domain.measures import MEASURES, NUMBNESS_ZONES, Kind
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.triage import present_signs, triage
from recovery_tracker.web.patient.days import alone_on, asking_for
from recovery_tracker.web.shared.pages import STATIC
from tests.web.conftest import SURGERY_DAY
from tests.web.diarist import new_diarist

#: Runs the function of the script on every pair of (data, body) of the standard input.
_RUNNER = """
const cases = JSON.parse(require('fs').readFileSync(0));
const form = data => ({dataset: {asks: JSON.stringify(data)}, querySelector: () => null});
console.log(JSON.stringify(
  cases.map(one => asksForHelp(form(one[0]), new URLSearchParams(one[1])))));
"""


def _script() -> str:
    text = (STATIC / "offline.js").read_text("utf-8")
    begin = text.index("  function asksForHelp(")
    return text[begin : text.index("\n  }\n", begin) + 5]


def _diaries():
    """Histories with little and with much in them, and the day that is written."""
    for region in Region:
        for pod in (3, 100):
            operation, day = Operation(SURGERY_DAY, region), SURGERY_DAY + timedelta(days=pod)
            for usual in ({}, {"axial_pain": 2, "limb_pain": 3, "opioid_doses": 5, "numbness": 1}):
                for before in ({}, {"signs": frozenset({"fall"})}, {"limb_pain_side": "both"}):
                    entries = [
                        DiaryEntry(day - timedelta(days=back), limb_pain_side="left", **usual)
                        for back in range(10, 1, -1)
                        if usual
                    ]
                    entries.append(DiaryEntry(day - timedelta(days=1), **{**usual, **before}))
                    yield History(operations=(operation,), entries=tuple(entries)), day
    boxed = Operation(SURGERY_DAY, Region.LUMBAR, known_deficits=frozenset({"both_sides"}))
    yield History(operations=(boxed,), entries=()), SURGERY_DAY + timedelta(days=3)


def _answers(region: Region):
    """Everything a form can say with one answer, as (what it sends, what it means)."""
    for key, measure in MEASURES.items():
        if measure.kind in {Kind.SCORE, Kind.CHOICE, Kind.COUNT}:
            high = measure.high if measure.high is not None else len(measure.options) - 1
            for value in range(int(measure.low or 0), min(int(high), 40) + 1):
                yield {key: value}, {key: value}
        elif measure.kind is Kind.WORD:
            for word in measure.words:
                yield {key: word}, {key: word}
        elif measure.kind is Kind.WORDS:
            for word in measure.words:
                yield {key: word}, {key: frozenset({word})}
    for tenths in range(355, 390):
        degrees = tenths / 10
        yield {"temperature_c": f"{degrees:g}".replace(".", ",")}, {"temperature_c": degrees}
        yield {"temperature_c": fahrenheit_of(degrees)}, {"temperature_c": degrees}
    zones = frozenset(next(z for z in NUMBNESS_ZONES[region] if z.startswith(s)) for s in "lr")
    for numb in (0, 1, 3):
        sent = {"numbness": numb, "numbness_zones": sorted(zones)}
        yield sent, {"numbness": numb, "numbness_zones": zones if numb else None}
    for sore in (0, 1, 5):
        both = {"limb_pain": sore, "limb_pain_side": "both"}
        yield both, both if sore else {"limb_pain": 0}
    for pain in ("axial_pain", "limb_pain"):
        for score in range(11):
            for answer, sign in (("yes", {"severe_pain"}), ("no", set())):
                told = {pain: score, "signs": frozenset(sign)}
                yield {pain: score, f"stays-{pain}": answer}, told
    for sign in SIGNS:
        yield {"signs": "some"}, {"signs": frozenset({sign})}


def _told(answers, asking):
    """One or more answers as a form sends them and as a day holds them; None where they clash."""
    sent, told = {}, {}
    for one, other in answers:
        if any(sent.get(key, value) != value for key, value in one.items()):
            return None
        signs = told.get("signs", frozenset()) | (other.get("signs") or frozenset())
        sent |= one
        told |= other
        if "signs" in other or signs:
            told["signs"] = signs
    for pain, least in asking.severe_from.items():
        if f"stays-{pain}" in sent and sent[pain] < least:
            return None  # Not asked under such a score.
    if told.get("numbness") == 0:
        told.pop("numbness_zones", None)
    if told.get("limb_pain") == 0:
        told.pop("limb_pain_side", None)
    return sent, told


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node to run the script")
def test_script_asks_for_help_wherever_triage_does():
    """Never less than triage, of one answer and of several; of one answer that is no warning answer
    never more.
    """
    line, cases, wanted = random.Random(20261129), [], []
    for history, day in _diaries():
        asking, context = asking_for(history, day, day), context_of(history, day)
        data, single = alone_on(history, asking, [0]), list(_answers(history.region))
        several = [line.sample(single, line.randint(2, 4)) for _ in range(100)]
        for answers in [[one] for one in single] + several:
            both = _told(answers, asking)
            if both is None:
                continue
            sent, told = both
            entry = DiaryEntry(day, **told)
            urgency = triage(entry, context).urgency
            asks = urgency is not None and urgency >= Urgency.SAME_DAY
            is_open = any(sent.get(pain, 0) >= n for pain, n in asking.severe_from.items())
            is_open = is_open and not any(key.startswith("stays-") for key in sent)
            # A zone without the question before it may stand for some numbness.
            is_open = is_open or ("numbness_zones" in sent and "numbness" not in sent)
            single_answer = len(answers) == 1 and not is_open
            calm = single_answer and not asks and not present_signs(entry, context)
            cases.append([data, urlencode(sent, doseq=True)])
            wanted.append((asks, calm, sent, day))
        for sign in asking.open_signs:
            for change in SignChange:
                entry = DiaryEntry(day, sign_changes={sign: change})
                urgency = triage(entry, context).urgency
                asks = urgency is not None and urgency >= Urgency.SAME_DAY
                cases.append([data, urlencode({f"change-{sign}": change.value})])
                wanted.append((asks, False, {sign: change}, day))
    ran = subprocess.run(
        ["node", "-e", _script() + _RUNNER],
        input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    asked = list(zip(wanted, json.loads(ran.stdout), strict=True))
    assert len(asked) > 5_000
    assert [one for one, is_asked in asked if one[0] and not is_asked] == []
    assert [one for one, is_asked in asked if one[1] and is_asked] == []


def test_script_knows_no_threshold_of_its_own():
    assert not re.search(r"(?<![\w\[])[1-9]\d*(?:\.\d+)?(?![\w\]])", _script().split("*/")[-1])


def test_every_form_carries_what_asks_for_help(clinic):
    nora = new_diarist(clinic)
    nora.history_of(20, opioid_doses=5)
    for tail in ("offline", nora.day().split("/", 3)[3]):
        page = nora.page(tail).text
        found = json.loads(html.unescape(re.search(r'data-asks="([^"]+)"', page)[1]))
        assert found["lowest"]["opioid_doses"] == 10
        assert found["fever"][0][0] == 38.0
        assert found["severe"]["axial_pain"] == asked_from(page, "axial_pain")
        assert found["words"]["strain"] == ["fall"]
        assert found["both"] == ["limb_pain_side", "numbness_zones"]


def test_page_that_leads_to_help_claims_no_tick(clinic):
    """A pain of nine leads there as well: what the page says holds for whatever was answered."""
    page = new_diarist(clinic).page("offline").text
    for name in ("help", "advice"):
        said = re.search(rf'data-{name}="([^"]+)"', page)[1]
        assert said.startswith("Your answers may need help now."), name


def asked_from(page: str, pain: str) -> int:
    """The score from which the page itself asks whether the pain stays bad."""
    severe = re.findall(rf'name="{pain}" id="{pain}-(\d+)" value="\d+" class="severe"', page)
    return min(map(int, severe))
