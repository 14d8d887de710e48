"""A warning answer that the patient took back: what was told, when it was changed, what stands now.

Nothing is hidden by it. The advice stays one press away, the versions of the day stay, and in a
clinic the flag stays until a person there has closed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ...domain.triage import advice_of
from ...storage.flags import StoredFlag
from .. import clock
from ..access import installation
from ..language import instant_text
from .guidance import Guidance, guidance_of_flag, sign_words
from .reading import Begun
from .words import signs_answer


@dataclass(frozen=True, slots=True)
class Changed:
    """One flag whose answer was taken back, in words."""

    #: The diary day whose answer was changed.
    day: date
    told: tuple[str, ...]
    told_at: str
    changed_at: str
    #: What the day answers now.
    stands: str
    #: The advice the answer had asked for.
    card: Guidance


def changed_answer(flag: StoredFlag, recovery: Begun) -> Changed | None:
    """What became of the answer behind a flag; None where it stands."""
    if not flag.corrected_by_patient:
        return None
    days = {reason.values.get("day") for reason in flag.episode.evidence_for}
    days |= {update.reason.values.get("day") for update in flag.episode.updates}
    at = [(s.corrected_at, s) for s in recovery.entries if s.day in days and s.corrected_at]
    if not at:
        return None
    changed_at, last = max(at, key=lambda one: one[0])
    zone = recovery.patient.zone
    return Changed(
        day=last.day,
        told=tuple(dict.fromkeys(sign_words(sign) for sign, _advice in advice_of(flag.episode))),
        told_at=instant_text(flag.stored_at, zone),
        changed_at=instant_text(changed_at, zone),
        stands=signs_answer(last.entry),
        card=guidance_of_flag(flag, recovery.history.index, clock.today(zone), installation()),
    )


def changed_on(day: date, recovery: Begun) -> Sequence[Changed]:
    """The answers of one day that were taken back, for the pages of that day."""
    found = [changed_answer(flag, recovery) for flag in recovery.open_flags]
    return [change for change in found if change is not None and change.day == day]
