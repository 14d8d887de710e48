"""From what a form showed and what came back to the sign ids that are stored.

Kept apart from any form library, so that every way in (page, offline copy, paper sheet) stores the
same signs for the same answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .signs import LEFT_OPEN, LINES, SIGNS, WEEKLY_SIGNS, Line

_LINES: Mapping[str, Line] = {line.key: line for line in LINES}

#: The saddle and bladder lines asked again; if left open they are stored under an id of their own.
RECHECK = ("saddle_numbness", "bladder_bowel_change")
#: The line whose follow-ups a measured fever asks too.
FEVER_LINE = "fever"
#: Stored for a "yes" with no line ticked, also from paper: it may be any of them.
YES_ALONE = "which_left_open"
_RECHECK_LEFT_OPEN = "cauda_equina_recheck"


@dataclass(frozen=True, slots=True)
class SignForm:
    """The warning-sign question as it came back.

    `answer` is True for "yes, one or more", False for "none of these", None if it was left out.
    `follow_ups` holds every follow-up that was shown, by sign id, with its answer or None; those
    under a line count as shown only if the line was ticked. `recheck` holds the saddle and the
    bladder question if they were asked again, in the same way; empty if they were not.
    """

    answer: bool | None
    #: Keys of the lines that were shown, and of those that were ticked.
    shown: frozenset[str]
    ticked: frozenset[str] = frozenset()
    #: Sign ids ticked under the lines, or in the weekly list.
    chosen: frozenset[str] = frozenset()
    follow_ups: Mapping[str, bool | None] = field(default_factory=dict)
    recheck: Mapping[str, bool | None] = field(default_factory=dict)
    weekly_shown: bool = False
    #: Whether a temperature showed the follow-ups of the fever line without a tick on the line.
    measured_fever: bool = False


@dataclass(frozen=True, slots=True)
class StoredSigns:
    """The two fields of an entry: `signs` is None where the question was not answered."""

    signs: frozenset[str] | None
    signs_asked: frozenset[str]


def signs_from_form(form: SignForm) -> StoredSigns:
    """The sign ids to store, and those that were asked about.

    A tick wins over "none of these". A follow-up that was shown and left open is stored under an id
    of its own, as urgent as a yes, and a ticked line with nothing chosen under it is stored as that
    line: neither may be lost, and nobody is said to have answered what they did not.
    """
    ticked = {key for key in form.ticked if key in _LINES}
    ticked |= {line.key for line in LINES if line.key in form.shown and _is_used(line, form)}
    signs = set(form.chosen)
    for key in ticked:
        line = _LINES[key]
        if not form.chosen.intersection(line.signs):
            signs.add(line.if_nothing_chosen)
    under = ticked | ({FEVER_LINE} if form.measured_fever else set())
    for key in under:
        signs |= _follow_ups_under(_LINES[key], form)
    for sign, answer in form.follow_ups.items():
        if answer:
            signs.add(sign)
        elif answer is None and not _is_under_a_line(sign):
            signs.add(LEFT_OPEN[sign])
    signs |= _recheck(form)
    if not signs and form.answer:
        signs.add(YES_ALONE)
    answered = bool(signs) or form.answer is not None
    return StoredSigns(frozenset(signs) if answered else None, _asked(form, under))


def _is_used(line: Line, form: SignForm) -> bool:
    """Whether something only this line offers was chosen, without a tick on the line itself."""
    elsewhere = {sign for other in LINES if other is not line for sign in other.signs}
    return bool(form.chosen.intersection(set(line.signs) - elsewhere))


def _is_under_a_line(sign: str) -> bool:
    return any(sign in line.follow_ups for line in LINES)


def _follow_ups_under(line: Line, form: SignForm) -> set[str]:
    shown = [sign for sign in line.follow_ups if sign in form.follow_ups]
    if any(form.follow_ups[sign] for sign in shown):
        return set()  # The ones answered with yes are stored by the caller.
    is_open = any(form.follow_ups[sign] is None for sign in shown)
    return {line.if_left_open} if is_open else set()


def _recheck(form: SignForm) -> set[str]:
    signs = {sign for sign, answer in form.recheck.items() if answer}
    if any(answer is None for answer in form.recheck.values()) and not signs:
        signs.add(_RECHECK_LEFT_OPEN)
    return signs


def _asked(form: SignForm, followed: set[str]) -> frozenset[str]:
    asked = {sign for key in form.shown if key in _LINES for sign in _LINES[key].signs}
    for sign in form.follow_ups:
        under = {line.key for line in LINES if sign in line.follow_ups}
        if not under or under & followed:
            asked.add(sign)
    if form.recheck:
        asked |= {*form.recheck, _RECHECK_LEFT_OPEN}
    if form.weekly_shown:
        asked |= set(WEEKLY_SIGNS)
    return frozenset(sign for sign in asked if sign in SIGNS)
