"""The card of warning answers that no flag says, because the assessment failed."""

from datetime import date

from ... import services
from ..shared.access import installation
from .guidance import Guidance, guidance_for
from .reading import Begun


def unflagged_advice(recovery: Begun, today: date) -> Guidance | None:
    """What to do about them; None where each answer has a flag, or is said to be gone."""
    found = services.unflagged(recovery, today)
    last = max((day for day, _concern in found), default=today)
    concerns = [concern for _day, concern in found]
    return guidance_for(concerns, recovery.history.index, today, installation(), last)
