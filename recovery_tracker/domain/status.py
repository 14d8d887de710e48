"""The present status in a few sentences, the same on screen, on paper and on the command line.

None of them says that all is well: what a rule did not find is not a finding.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType

from .flags import Assessment, Episode, Status
from .language import N_
from .phrases import pattern_name
from .wording import mark

#: Filled with `logged` of the `expected` days, `recent` of `recent_expected` in the last fourteen,
#: and the day of the last entry, `last`.
STATUS_SENTENCES: Mapping[Status, str] = MappingProxyType(
    {
        Status.BEFORE_OPERATION: N_("Before the operation: nothing is compared yet."),
        Status.EMERGENCY: N_("An emergency answer is open."),
        Status.SAME_DAY: N_("A warning sign that needs a call the same day is open."),
        Status.REVIEW: N_("An open flag should be looked at within a week or two."),
        Status.GONE_QUIET: N_("The diary has gone quiet; the last entry is for {last}."),
        Status.TOO_LITTLE_DATA: N_(
            "Too little was logged to compare: {recent} of {recent_expected} days expected in "
            "the last two weeks."
        ),
        Status.TOO_EARLY: N_(
            "Pain and numbness cannot be compared yet; the warning answers are checked. "
            "No flag now. {logged} of {expected} expected days were logged."
        ),
        Status.NO_RULE_MATCHED: N_(
            "No flag now. {logged} of {expected} expected days were logged."
        ),
    }
)

#: Used instead, where a badge says the rest; no row knows whether warning questions were answered.
_BESIDE_BADGE: Mapping[Status, str] = MappingProxyType(
    {
        Status.BEFORE_OPERATION: N_("Nothing is compared yet."),
        Status.TOO_LITTLE_DATA: N_(
            "{recent} of {recent_expected} days expected in the last two weeks."
        ),
        Status.TOO_EARLY: N_("{logged} of {expected} expected days were logged."),
        Status.NO_RULE_MATCHED: N_("{logged} of {expected} expected days were logged."),
    }
)

#: Used instead of the sentence about too little data in the first two weeks of a diary.
_YOUNG = N_("Too little to compare yet: {logged} of {expected} expected days were logged.")

#: Used instead, where no day was expected since the operation: none can be counted.
_UNASKED: Mapping[Status, str] = MappingProxyType(
    {
        Status.TOO_LITTLE_DATA: N_("Too little to compare: no day was asked for yet."),
        Status.TOO_EARLY: N_(
            "Too early to compare; only the warning answers are checked. "
            "No flag now. No day was asked for yet."
        ),
        Status.NO_RULE_MATCHED: N_("No flag now. No day was asked for yet."),
    }
)
_UNASKED_LATELY = N_(
    "Too little was logged to compare: no day was asked for in the last two weeks."
)

#: Used instead, where no warning question was answered of late: none is checked.
_UNTOLD = N_(
    "Pain and numbness cannot be compared yet. No flag now. {logged} of {expected} expected days"
    " were logged."
)
_NONE_TOLD = N_("The question about warning signs was not answered in the last two weeks.")

#: Before the operation, where nothing was entered.
NOTHING_YET = N_("Nothing was entered yet.")

#: Used instead of the sentence about too little data if there is none since the operation.
NOTHING_SINCE = N_("Nothing was entered since the operation.")

#: Ends the text if there is no flag.
_NO_ALL_CLEAR = N_("No flag does not mean no problem.")
_WITHOUT_FLAG = frozenset({Status.NO_RULE_MATCHED, Status.TOO_EARLY})

#: How many ended flags are named; earlier ones are counted.
_MOST_EARLIER = 2


def sentence_for(
    status: Status,
    *,
    is_empty: bool,
    expected: int,
    recent_expected: int,
    has_badge: bool = False,
) -> str:
    """The sentence of a status, still to be translated and filled.

    `is_empty` without an entry since the operation; `expected` days since then, and of them
    `recent_expected` in the last fourteen. `has_badge` where the status is named beside it.
    """
    if is_empty and status is Status.TOO_LITTLE_DATA:
        return NOTHING_SINCE
    if not expected and status in _UNASKED:
        return _UNASKED[status]
    if status is Status.TOO_LITTLE_DATA and expected == recent_expected:
        return _YOUNG
    if status is Status.TOO_LITTLE_DATA and not recent_expected:
        return _UNASKED_LATELY
    return (_BESIDE_BADGE if has_badge else STATUS_SENTENCES).get(status, STATUS_SENTENCES[status])


def status_sentence(
    assessment: Assessment,
    translate: Callable[[str], str] = str,
    *,
    show_day: Callable[[date], str] = str,
) -> str:
    """What the diary shows as of the day, and what it showed earlier."""
    kept = assessment.sufficiency
    status = assessment.status
    sentence = sentence_for(
        status,
        is_empty=kept.last_entry is None,
        expected=kept.expected,
        recent_expected=kept.recent_expected,
    )
    if kept.is_untold and sentence == STATUS_SENTENCES[Status.TOO_EARLY]:
        sentence = _UNTOLD
    said = translate(sentence).format(
        logged=kept.kept,
        expected=kept.expected,
        recent=kept.recent_kept,
        recent_expected=kept.recent_expected,
        last=translate(N_("never")) if kept.last_entry is None else show_day(kept.last_entry),
    )
    if status not in _WITHOUT_FLAG:
        return said
    if notes := [pattern_name(episode, translate).lower() for episode in assessment.active]:
        # "No flag now" would be contradicted by the notes that stand below it.
        only = N_("Only notes are open: {flags}. {logged} of {expected} expected days were logged.")
        if not kept.expected:
            only = N_("Only notes are open: {flags}. No day was asked for yet.")
        said = translate(only).format(
            flags=mark(", ", translate).join(notes), logged=kept.kept, expected=kept.expected
        )
    ended = [e for e in assessment.episodes if e.cleared_on is not None]
    earlier = earlier_words(ended, translate, show_day=show_day)
    untold = translate(_NONE_TOLD) if kept.is_untold else ""
    return " ".join(filter(None, (said, translate(_NO_ALL_CLEAR), untold, earlier)))


def earlier_words(
    ended: Iterable[Episode],
    translate: Callable[[str], str] = str,
    *,
    show_day: Callable[[date], str] = str,
) -> str:
    """The flags that have ended, with their names and days, latest first; "" if there are none."""
    ordered = sorted(ended, key=lambda episode: episode.raised_on, reverse=True)
    if not ordered:
        return ""
    named = [
        translate(N_("{pattern}, {first} to {last}")).format(
            pattern=pattern_name(episode, translate).lower(),
            first=show_day(episode.raised_on),
            last=show_day(episode.cleared_on or episode.raised_on),
        )
        for episode in ordered[:_MOST_EARLIER]
    ]
    if (more := len(ordered) - _MOST_EARLIER) > 0:
        named.append(translate(N_("{count} more")).format(count=more))
    return translate(N_("Earlier: {flags}.")).format(flags=mark("; ", translate).join(named))
