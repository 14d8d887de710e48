"""The warning signs as lists by urgency: what the form, the card, help and the paper sheet show.

One catalogue, read in one place, so that no two of them can disagree: for a day and an operation, a
sign is listed under exactly one urgency, and never under a lower one than `triage` gives it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .answer_rules import ANSWERS
from .circumstances import urgency_alone
from .flags import Urgency
from .language import N_
from .sign_catalogue import TWO_WEEKS
from .sign_types import E, N, R, S
from .signs import DERIVED_SIGNS, LINES, SIGNS, Circumstance, Line, Sign, Window, lines_for
from .surgery import Approach, Operation, Region

#: What, together with a sign, makes it an emergency; as the heading of a list.
TOGETHER: Mapping[Circumstance, str] = MappingProxyType(
    {
        Circumstance.FEVER: N_("with a fever or shivering"),
        Circumstance.LOW_TEMPERATURE: N_("with a temperature under 36\N{NO-BREAK SPACE}°C"),
        Circumstance.WOUND_SIGN: N_("with a wound that is red, swollen, open or leaking"),
        Circumstance.NERVE_OR_SADDLE_SIGN: N_("with new numbness or weakness, or trouble peeing"),
        Circumstance.WORSE_WITHIN_2_DAYS: N_("if it gets worse within 2 days"),
        Circumstance.WORSE_EARLY: N_("if it keeps getting worse in the first 2 weeks"),
        Circumstance.NECK_SWELLING: N_("with a swollen neck"),
        Circumstance.VOMITING_OR_SIGHT: N_("with being sick, or a change of sight"),
        Circumstance.HEADACHE_OR_WEAKNESS: N_("with a bad headache or weakness"),
        Circumstance.VERY_UNWELL: N_("with feeling very ill"),
        Circumstance.BLOOD_THINNER: N_("if you take a blood thinner"),
        Circumstance.BLOOD_THINNER_EARLY: N_("if you take a blood thinner, in the first 2 weeks"),
    }
)
#: The same for what then asks for a call today.
TODAY_TOGETHER: Mapping[Circumstance, str] = MappingProxyType(
    {
        Circumstance.PAIN_UP_3: N_("with pain that went up by 3 or more"),
        Circumstance.PAIN_7: N_("with pain of 7 or more"),
        Circumstance.NEW_NERVE_SIGN: N_("with new numbness or weakness"),
        Circumstance.LASTED_OVER_7_DAYS: N_("if it lasts 7 days or more"),
        Circumstance.FEVER: TOGETHER[Circumstance.FEVER],
        Circumstance.WITH_NIGHT_PAIN: N_("with pain at night that does not ease"),
        Circumstance.WITH_WEIGHT_LOSS: N_("with losing weight without trying"),
        Circumstance.LOW_BONE_DENSITY: N_("if you have low bone density"),
        Circumstance.BLOOD_THINNER: TOGETHER[Circumstance.BLOOD_THINNER],
    }
)

#: Those that apply only in the first two weeks.
_EARLY = frozenset({Circumstance.WORSE_EARLY, Circumstance.BLOOD_THINNER_EARLY})

#: Where and when a window holds, in words.
_NECK = frozenset({Region.CERVICAL})
_REGIONS: Mapping[frozenset[Region], str] = MappingProxyType(
    {
        _NECK: N_("after a neck operation"),
        frozenset({Region.CERVICAL, Region.THORACIC}): N_("after a neck or middle back operation"),
        frozenset({Region.LUMBAR, Region.THORACIC}): "",
    }
)
_APPROACHES = N_("after an operation from the front or side")
_FIRST_DAYS = N_("in the first {days} days")
_AFTER_THEM = N_("after the first {days} days")
#: The same where the days are whole weeks, two at least: nobody counts 84 days.
_FIRST_WEEKS = N_("in the first {weeks} weeks")
_AFTER_WEEKS = N_("after the first {weeks} weeks")
_AT_ANY_OTHER = N_("at any other time")


@dataclass(frozen=True, slots=True)
class Item:
    """One bullet of a list: a text, and where and when it applies; both to be translated.

    `ids` are the signs and measures that it covers.
    """

    text: str
    ids: tuple[str, ...]
    when: tuple[str, ...] = ()
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything that asks for help now or for a call today, and what turns one into the other."""

    now: tuple[Item, ...]
    today: tuple[Item, ...]
    #: (what stands beside it, the signs that are emergencies then).
    together: tuple[tuple[str, tuple[Item, ...]], ...]
    #: The same for what asks for a call today then.
    today_together: tuple[tuple[str, tuple[Item, ...]], ...]


def grouped(
    lines: Iterable[Line], operation: Operation, pod: int, earlier: Collection[Operation] = ()
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of a form that may need help now, and the others, both in their order."""
    now: list[Line] = []
    today: list[Line] = []
    for line in lines:
        told = (SIGNS[key] for key in (*line.signs, line.if_nothing_chosen))
        levels = {urgency_alone(sign, pod, operation, earlier) for sign in told}
        (now if E in levels else today).append(line)
    return tuple(now), tuple(today)


#: The last day after an operation on which a list changes; a test walks the days that follow.
_LAST_CHANGE = 91


def next_change(operation: Operation, pod: int, earlier: Iterable[Operation] = ()) -> int | None:
    """The next postoperative day on which the lists differ from those of `pod`; None if they stay.

    Before the operation that is the day of the operation.
    """
    done = tuple(earlier)
    now = lists_for(operation, pod, done)
    days = range(max(pod + 1, 0), _LAST_CHANGE + 1)
    return next((day for day in days if lists_for(operation, day, done) != now), None)


def lists_for(operation: Operation, pod: int, earlier: Collection[Operation] = ()) -> Lists:
    """The lists for one operation on one day.

    They include what the form no longer asks about on that day: a card hangs on the fridge for
    months.
    """
    shown = {line.key for line in lines_for(operation, pod, earlier)}
    lines = [line for line in LINES if line.key in shown or not line.throat]

    def urgency_of(sign: Sign) -> int:
        return urgency_alone(sign, pod, operation, earlier) or 0

    found: dict[int, list[Item]] = {E: [], S: []}
    for line in lines:
        signs = [SIGNS[key] for key in line.signs]
        levels = {urgency_of(sign) for sign in signs}
        if len(levels) == 1 and (level := levels.pop()) in found:
            found[level].append(Item(line.text, line.signs))
        else:
            for sign in signs:
                if urgency_of(sign) in found:
                    found[urgency_of(sign)].append(Item(sign.patient, (sign.id,)))
        found[E] += [
            Item(SIGNS[key].patient, (key,))
            for key in line.follow_ups
            if urgency_of(SIGNS[key]) == E and not _stands(key, lines)
        ]
    found[E].append(_both_sides())
    found[S] += _answers()
    found[S].append(Item(LINES[-1].text, ("unspecified",)))
    pairs = (_together(lines, level, operation, pod, earlier) for level in (E, S))
    return Lists(tuple(found[E]), tuple(found[S]), *map(tuple, pairs))


def general_lists(operations: Collection[Operation] = ()) -> Lists:
    """The same for any day: each item with the operation and the days for which it applies.

    For everybody, or for people who had these `operations`: what cannot be asked after any of them
    is left out, and an item that applies after all of them names no operation. Never less urgent
    than for one patient on one day: a window that is an emergency says when, and what it is later
    is in the other list.
    """
    lines = [line for line in LINES if not line.throat or _may_be_asked(operations)]
    now: list[Item] = []
    today: list[Item] = []
    for line in lines:
        signs = [SIGNS[key] for key in line.signs]
        where = tuple(_where(Window(E, regions=_NECK), operations)) if line.throat else ()
        for urgency, items in ((E, now), (S, today)):
            if all(_is_always(sign, urgency, operations) for sign in signs):
                items.append(Item(line.text, line.signs, where))
            else:
                items += [i for sign in signs for i in _windows(sign, urgency, where, operations)]
        now += [
            Item(SIGNS[key].patient, (key,))
            for key in line.follow_ups
            if _is_always(SIGNS[key], E) and not _stands(key, lines)
        ]
    now.append(_both_sides())
    today += _answers()
    today.append(Item(LINES[-1].text, ("unspecified",)))
    pairs = (_together(lines, level, None, None) for level in (E, S))
    return Lists(tuple(now), tuple(today), *map(tuple, pairs))


def _may_be_asked(operations: Collection[Operation]) -> bool:
    """Whether the throat is asked about on some day after one of them; yes for everybody."""
    return not operations or any(
        one.region is Region.CERVICAL or one.reaches_throat for one in operations
    )


def _stands(sign: str, lines: Iterable[Line]) -> bool:
    return any(sign in line.signs for line in lines)


def _both_sides() -> Item:
    (key,) = (key for key in DERIVED_SIGNS if key.startswith("both"))
    return Item(SIGNS[key].patient, (key,))


def _answers() -> list[Item]:
    return [Item(rule.patient, (rule.key,)) for rule in ANSWERS.values() if rule.urgency is S]


def _later(sign: Sign, operations: Collection[Operation] = ()) -> list[Window]:
    """The windows of the days from the operation on that one of these, or any, may fall into."""
    return [
        window
        for window in sign.windows
        if (window.last_day is None or window.last_day >= 0)
        and (not operations or any(_fits(window, one) for one in operations))
    ]


def _fits(window: Window, operation: Operation) -> bool:
    """Whether a window is open to an operation on some day."""
    is_there = not window.regions or operation.region in window.regions
    known = operation.approach
    return is_there and (not window.approaches or known is None or known in window.approaches)


def _is_always(sign: Sign, urgency: int, operations: Collection[Operation] = ()) -> bool:
    """Whether a sign has one urgency on every day from the operation on."""
    later = _later(sign, operations)
    return bool(later) and all(window.urgency == urgency for window in later)


def _windows(
    sign: Sign, urgency: int, where: tuple[str, ...], operations: Collection[Operation]
) -> Iterator[Item]:
    """When a sign has an urgency, each time once: the windows of the days from the operation on."""
    if _is_always(sign, urgency, operations):
        yield Item(sign.patient, (sign.id,), where)
        return
    later = _later(sign, operations)
    for place, window in enumerate(later):
        if window.urgency != urgency:
            continue
        when, days = [*_where(window, operations)], window.last_day
        if days is not None:
            when.append(_FIRST_WEEKS if _is_weeks(days) else _FIRST_DAYS)
        elif place:
            days = max((before.last_day or 0 for before in later[:place]), default=0)
            is_for_all = not any([*_where(before, operations)] for before in later[:place])
            after = _AFTER_WEEKS if _is_weeks(days) else _AFTER_THEM
            when.append(after if is_for_all and days else _AT_ANY_OTHER)
        yield Item(sign.patient, (sign.id,), (*where, *when), days)


def _is_weeks(days: int) -> bool:
    return days >= 14 and days % 7 == 0


def _where(window: Window, operations: Collection[Operation]) -> Iterator[str]:
    """The operations that a window is for; none is named if it is for all of these."""
    if operations and all(
        _fits(window, one) and (one.approach or not window.approaches) for one in operations
    ):
        return
    if window.regions and (name := _REGIONS[window.regions]):
        yield name
    if window.approaches:
        assert Approach.POSTERIOR not in window.approaches
        yield _APPROACHES


def _together(
    lines: Iterable[Line],
    level: Urgency,
    operation: Operation | None,
    pod: int | None,
    earlier: Collection[Operation] = (),
) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """What is as urgent as `level` only together with something else; without a day, on any day."""
    signs = {key: SIGNS[key] for line in lines for key in (*line.signs, *line.follow_ups)}

    def is_below(sign: Sign) -> bool:
        alone = None
        if operation is not None and pod is not None:
            alone = urgency_alone(sign, pod, operation, earlier)
        return (alone or N) < level and not _is_always(sign, level)

    for circumstance, text in (TOGETHER if level is E else TODAY_TOGETHER).items():
        if pod is not None and pod > TWO_WEEKS and circumstance in _EARLY:
            continue
        items = tuple(
            Item(sign.patient, (key,))
            for key, sign in signs.items()
            if sign.raised_by.get(circumstance, R) is level and is_below(sign)
        )
        if items:
            yield text, items
