"""Which stored flag belongs to which computed episode: pure, no database.

An episode keeps its pattern; its day may move when a past day is corrected. Exact matches come
first, then the pair of the same pattern whose intervals overlap most.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from ..domain.flags import Episode, Urgency


def match(stored: Mapping[int, Episode], computed: Sequence[Episode]) -> dict[int, int]:
    """Index of a computed episode to the key of the stored one; each side at most once."""
    pairs: dict[int, int] = {}
    free = dict(stored)
    # One sign of two days, both told on the same, has two episodes with one key.
    for name in (_same_days, _same_key):
        exact = {name(episode): key for key, episode in reversed(list(free.items()))}
        for place, episode in enumerate(computed):
            key = exact.get(name(episode))
            if place not in pairs and key is not None and key in free:
                pairs[place] = key
                del free[key]
    overlaps = sorted(
        (-days, place, key)
        for place, episode in enumerate(computed)
        if place not in pairs
        for key, other in free.items()
        if (days := _overlap(episode, other)) > 0
    )
    for _, place, key in overlaps:
        if place not in pairs and key in free:
            pairs[place] = key
            del free[key]
    return pairs


def _same_days(episode: Episode) -> tuple[object, ...]:
    return *episode.key, episode.onset


def _same_key(episode: Episode) -> tuple[object, ...]:
    return episode.key


def _overlap(one: Episode, other: Episode) -> int:
    """Days that two episodes of one kind share; 0 where they are not of one kind."""
    if one.pattern is not other.pattern or one.signs[:1] != other.signs[:1]:
        return 0
    first = max(one.raised_on, other.raised_on)
    last = min(one.cleared_on or date.max, other.cleared_on or date.max)
    return max(0, (last - first).days + 1)


def asks_again(before: Episode, after: Episode) -> bool:
    """Whether something new under an episode must be looked at: more urgent, worse since, or an
    answer about a day that it did not include, even if a correction put it there.
    """
    latest = max((update.day for update in before.updates), default=before.raised_on)
    worse = any(update.day > latest for update in after.updates)
    return worse or after.worst_urgency > before.worst_urgency or bool(_told(after) - _told(before))


def _told(episode: Episode) -> frozenset[tuple[object, object]]:
    """The answers that an episode names, with their days; an episode found by statistics names
    signs only, because its other reasons are not answers.
    """
    told = set()
    for reason in (*episode.evidence_for, *(update.reason for update in episode.updates)):
        name = reason.values.get("sign")
        if name is None and episode.signs:
            name = reason.values.get("measure", reason.code)
        if name is not None:
            told.add((name, reason.values.get("day")))
    return frozenset(told)


def withdraws_by_itself(episode: Episode) -> bool:
    """An emergency or same-day flag stays until a person closes it."""
    return episode.worst_urgency < Urgency.SAME_DAY
