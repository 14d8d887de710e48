"""The present status in one sentence, the same on screen, on paper and on the command line.

None of them says that all is well: what a rule did not find is not a finding.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from .flags import Assessment, Status
from .language import N_

#: Filled with `logged` and `expected` days, `recent` and `recent_expected` of the last fourteen,
#: and the day of the last entry, `last`.
STATUS_SENTENCES: Mapping[Status, str] = MappingProxyType(
    {
        Status.BEFORE_OPERATION: N_("Before the operation: nothing is compared yet."),
        Status.EMERGENCY: N_("An emergency answer is open."),
        Status.SAME_DAY: N_("A warning sign that needs a call the same day is open."),
        Status.REVIEW: N_("A pattern is open that should be looked at within a week or two."),
        Status.GONE_QUIET: N_("The diary has gone quiet; the last entry is of {last}."),
        Status.TOO_LITTLE_DATA: N_(
            "Too little was logged to compare: {recent} of {recent_expected} days expected in "
            "the last two weeks."
        ),
        Status.TOO_EARLY: N_(
            "Too early to compare; only the warning answers are checked. "
            "No rule matched on {logged} of {expected} days."
        ),
        Status.NO_RULE_MATCHED: N_(
            "No rule matched on {logged} of {expected} days. That does not mean no problem."
        ),
    }
)

#: Stands for the sentence of too little where there is nothing at all.
NOTHING_YET = N_("Nothing was entered yet.")


def sentence_for(status: Status, logged: int) -> str:
    """The sentence of a status, still to be translated and filled; `logged` days in all."""
    is_empty = status is Status.TOO_LITTLE_DATA and not logged
    return NOTHING_YET if is_empty else STATUS_SENTENCES[status]


def status_sentence(
    assessment: Assessment,
    translate: Callable[[str], str] = str,
    *,
    show_day: Callable[[date], str] = str,
) -> str:
    """What the diary shows as of the day, in one sentence or two."""
    kept = assessment.sufficiency
    return translate(sentence_for(assessment.status, kept.logged)).format(
        logged=kept.logged,
        expected=kept.expected,
        recent=kept.recent_logged,
        recent_expected=kept.recent_expected,
        last=translate(N_("never")) if kept.last_entry is None else show_day(kept.last_entry),
    )
