"""Warning answers that no flag names, because the assessment failed: their advice all the same."""

from datetime import date, timedelta

from ...domain.context import SAME_MATTER_DAYS
from ...domain.flags import Urgency
from ...domain.signs import SIGNS, WAS_THERE
from ...domain.triage import Concern
from ..shared.access import installation
from .advice import triage_of
from .guidance import Guidance, guidance_for
from .reading import Begun


def unflagged_advice(recovery: Begun, today: date) -> Guidance | None:
    """What the days of the last two weeks call for, decided without statistics; None where each
    answer has a flag, or is said to be gone.
    """
    if not recovery.assessment_is_due:
        return None
    flagged = {sign for flag in recovery.flags for sign in flag.episode.signs}
    asked_after = {open_sign.sign for open_sign in recovery.open_signs}

    def waits(concern: Concern) -> bool:
        is_urgent = concern.urgency >= Urgency.SAME_DAY and concern.advice != WAS_THERE
        is_there = concern.sign in asked_after or concern.sign not in SIGNS
        return is_urgent and is_there and concern.sign not in flagged

    first = today - timedelta(days=SAME_MATTER_DAYS)
    found = [
        (stored.day, concern)
        for stored in recovery.entries
        if stored.day >= first
        for concern in triage_of(recovery, stored).concerns
        if waits(concern)
    ]
    urgent = sorted((concern for _day, concern in found), key=lambda concern: -concern.urgency)
    last = max((day for day, _concern in found), default=today)
    return guidance_for(urgent, recovery.history.index, today, installation(), last)
