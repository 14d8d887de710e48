"""Whether a page may compare or comfort, and what it says where the weekly answers were worse."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from ...domain.felt_worse import FeltWorse, felt_worse
from ...domain.flags import Pattern
from .open_advice import OpenAdvice, is_old_note, open_advice
from .reading import Begun
from .unflagged import unflagged_advice


def may_calm(recovery: Begun, today: date, advice: Sequence[OpenAdvice] | None = None) -> bool:
    """Whether weeks may be compared, and anything comfort.

    Not beside a flag that stands, whoever has answered it, nor where an answer was changed; not
    while an answer has no flag because the assessment failed; and not after a weekly answer of
    "worse". A silence is no finding, and a slow recovery that was told two weeks ago goes on.
    """
    shown = open_advice(recovery, today) if advice is None else advice
    if shown or unflagged_advice(recovery, today) is not None:
        return False
    standing = [flag for flag in recovery.open_flags if flag.pattern is not Pattern.GONE_QUIET]
    told = (flag.pattern is Pattern.SLOW_RECOVERY and is_old_note(flag, today) for flag in standing)
    return all(told) and not _felt(recovery, today)


def felt_worse_words(recovery: Begun, today: date) -> str:
    """What the weekly answers said to be worse; "" where they did not."""
    found = _felt(recovery, today)
    if found.overall_on is not None:
        return _(
            "You said that you are worse since your operation. If that worries you, do not wait for"
            " the diary. Call your team."
        )
    if found.peg_on is not None:
        return _(
            "You said that pain gets in your way more than before. If that worries you, do not wait"
            " for the diary. Call your team."
        )
    return ""


def _felt(recovery: Begun, today: date) -> FeltWorse:
    return felt_worse(recovery.history.entries, recovery.history.index.day, today)
