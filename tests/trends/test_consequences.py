"""Every sign changes what a patient or a surgeon reads: diaries with and without it compared."""

from dataclasses import replace

import pytest

from recovery_tracker.domain.context import context_of
from recovery_tracker.domain.history import History
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.triage import Triage, triage
from recovery_tracker.trends.assessment import assess

from .recoveries import Recovery, ramp

#: Under a rise of pain that begins on day 140: the days on which the sign is ticked.
DAYS = frozenset(range(135, 200, 7))


def seen(ticked: frozenset[str]) -> tuple[list[Triage], list[object]]:
    """What the form asks for on each of the days, and what flags say of pattern and evidence."""
    asked = frozenset(SIGNS)
    recovery = Recovery(days=199, axial=ramp(140, 3.0, 20), others=False)
    entries = tuple(
        replace(
            entry,
            signs=ticked if day in DAYS else frozenset(),
            signs_asked=asked if day % 7 == 2 else frozenset(),
        )
        for day, entry in enumerate(recovery.entries(), 1)
    )
    history: History = replace(recovery.history(), entries=entries)
    forms = [
        triage(entry, context_of(history, entry.day))
        for day, entry in enumerate(entries, 1)
        if day in DAYS
    ]
    found = assess(history, recovery.last_day).episodes
    return forms, [(e.pattern, e.raised_on, e.signs, e.evidence_for, e.updates) for e in found]


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_every_sign_changes_what_somebody_reads(sign: str) -> None:
    assert seen(frozenset({sign})) != seen(frozenset())
