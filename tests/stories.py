"""Diaries written as tables in the docstring of a test.

    cervical approach=anterior imported
    day 1-28      axial=6..2 limb=2 signs=none
    day 29        temp=38.2
    day 30        signs=wound_redness+chills late=2
    day 33        gone=wound_redness spoke=yes

The first line may name the region, `approach=`, `risks=`, `preop=`, `imported` (the entries come
from a file, so nobody asks after open signs) and `tapering` (the schedule). Every other line gives
the same answers to one postoperative day or to a range of them, `/3` for every third day; `a..b`
runs evenly from a to b. `late=n` records the day n days afterwards. A later line adds to an earlier
one.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from recovery_tracker.domain.context import Context, context_of
from recovery_tracker.domain.diary import DiaryEntry, SignChange, Source
from recovery_tracker.domain.flags import Assessment, Episode, Pattern, Urgency
from recovery_tracker.domain.history import DAILY, TAPERING, History
from recovery_tracker.domain.open_signs import OpenSign, open_signs
from recovery_tracker.domain.surgery import Approach, Operation, Region
from recovery_tracker.domain.triage import Concern, triage
from recovery_tracker.trends.answers import answer_findings

OPERATION_DAY = date(2025, 3, 3)

_NUMBERS = {
    "axial": "axial_pain",
    "limb": "limb_pain",
    "numb": "numbness",
    "walk": "walking",
    "move": "mobility",
    "opioids": "opioid_doses",
}
_WORDS = {"signs": "signs", "strain": "strain", "zones": "numbness_zones", "asked": "signs_asked"}


class Story:
    """The diary of one docstring, and the questions a test asks of it."""

    def __init__(self, text: str, operation_day: date = OPERATION_DAY) -> None:
        lines = [line.split() for line in text.splitlines() if line.strip()]
        head = [] if lines[0][0] == "day" else lines.pop(0)
        options = dict(word.partition("=")[::2] for word in head)
        region = next((Region(word) for word in options if word in set(Region)), Region.LUMBAR)
        approach = Approach(options["approach"]) if "approach" in options else None
        preop = float(options["preop"]) if "preop" in options else None
        risks = frozenset(filter(None, options.get("risks", "").split("+")))
        self.operation = Operation(
            operation_day,
            region,
            approach=approach,
            preop_axial_pain=preop,
            risk_factors=risks,
        )
        self.schedule = TAPERING if "tapering" in options else DAILY
        self.source = Source.IMPORT if "imported" in options else Source.FORM
        self.entries: dict[int, DiaryEntry] = {}
        for words in lines:
            if words[0] != "day":
                raise ValueError(f"not a line of a story: {' '.join(words)}")
            self._tell(words[1], words[2:])

    def _tell(self, days: str, answers: list[str]) -> None:
        span, _, step = days.partition("/")
        first, _, last = span.lstrip("-").partition("-")
        start = -int(first) if span.startswith("-") else int(first)
        end = int(last) if last else start
        for pod in range(start, end + 1, int(step or 1)):
            share = (pod - start) / (end - start) if end > start else 0.0
            self._answer(pod, answers, share)

    def _answer(self, pod: int, answers: list[str], share: float) -> None:
        day = self.day(pod)
        entry = self.entries.get(pod, DiaryEntry(day, source=self.source))
        for answer in answers:
            key, _, value = answer.partition("=")
            entry = replace(entry, **_field(key, value, share, day, entry))
        self.entries[pod] = entry

    def day(self, pod: int) -> date:
        """The civil day of a postoperative day."""
        return self.operation.day + timedelta(days=pod)

    def pod(self, day: date | None) -> int | None:
        """The postoperative day of a civil day."""
        return None if day is None else (day - self.operation.day).days

    @property
    def history(self) -> History:
        """Everything in the story."""
        entries = tuple(self.entries[pod] for pod in sorted(self.entries))
        return History((self.operation,), entries, schedule=self.schedule)

    @property
    def last(self) -> int:
        """The last day on which something was recorded."""
        return max(self.pod(entry.recorded_on()) or 0 for entry in self.entries.values())

    def context(self, pod: int) -> Context:
        """What triage knows beside the entry of a day."""
        return context_of(self.history, self.day(pod))

    def concerns(self, pod: int | None = None) -> tuple[Concern, ...]:
        """What the answers of a day ask for; the last day of the story without one."""
        pod = max(self.entries) if pod is None else pod
        return triage(self.entries[pod], self.context(pod)).concerns

    def urgencies(self, pod: int | None = None) -> dict[str, Urgency]:
        """Urgency by sign on a day."""
        return {concern.sign: concern.urgency for concern in self.concerns(pod)}

    def open_signs(self, pod: int | None = None) -> tuple[OpenSign, ...]:
        """What the next entry asks after."""
        return open_signs(self.history, self.day(self.last if pod is None else pod))

    def answers(self, pod: int | None = None) -> tuple[Episode, ...]:
        """The episodes of the warning answers at the end of a day."""
        return answer_findings(self.history, self.day(self.last if pod is None else pod)).episodes

    def told(self, pod: int | None = None) -> list[tuple[Pattern, Urgency, int, int | None]]:
        """Those episodes as (pattern, urgency, raised on, ended on), in postoperative days."""
        return [
            (e.pattern, e.urgency, self.pod(e.raised_on) or 0, self.pod(e.cleared_on))
            for e in self.answers(pod)
        ]

    def assess(self, pod: int | None = None) -> Assessment:
        """Everything the diary shows at the end of a day."""
        # Only here: the answers of a story need no statistics.
        from recovery_tracker.trends.assessment import assess

        return assess(self.history, self.day(self.last if pod is None else pod))


def _field(key: str, value: str, share: float, day: date, entry: DiaryEntry) -> dict[str, object]:
    if key in _NUMBERS:
        first, _, last = value.partition("..")
        number = float(first) + share * (float(last or first) - float(first))
        return {_NUMBERS[key]: round(number)}
    if key in _WORDS:
        words = frozenset() if value == "none" else frozenset(value.split("+"))
        return {_WORDS[key]: words}
    if key in set(SignChange):
        changes = {sign: SignChange(key) for sign in value.split("+")}
        return {"sign_changes": {**entry.sign_changes, **changes}}
    if key == "temp":
        return {"temperature_c": float(value)}
    if key == "side":
        return {"limb_pain_side": value}
    if key == "spoke":
        return {"spoke_to_someone": value == "yes"}
    if key == "late":
        recorded_on = day + timedelta(days=int(value))
        return {"recorded_at": datetime.combine(recorded_on, time(20), UTC)}
    raise ValueError(f"not an answer of a story: {key}={value}")


@pytest.fixture
def story(request: pytest.FixtureRequest) -> Story:
    """The diary in the docstring of the test."""
    return Story(request.function.__doc__)
