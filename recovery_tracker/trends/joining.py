"""Episodes of different origin put side by side: in order, and one flag for one matter."""

from collections.abc import Sequence
from dataclasses import replace

from ..domain.flags import Episode, Pattern, Update


def in_order(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    """Episodes by the day they were raised, then pattern, then onset and signs."""
    return tuple(
        sorted(
            episodes,
            key=lambda e: (e.raised_on, e.pattern, e.onset or e.raised_on, e.signs),
        )
    )


def join_nerve(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    """The episodes with overlapping nerve episodes joined: one matter is one flag.

    Answers and statistics may both see it. The one raised first keeps its name, day and evidence;
    the other becomes updates.
    """
    nerve = [episode for episode in episodes if episode.pattern is Pattern.NERVE]
    joined: list[Episode] = []
    for episode in in_order(nerve):
        before = joined[-1] if joined else None
        if before is None or (before.cleared_on and before.cleared_on <= episode.raised_on):
            joined.append(episode)
        else:
            joined[-1] = _join(before, episode)
    return (*(episode for episode in episodes if episode.pattern is not Pattern.NERVE), *joined)


def answers_beside(before: Sequence[Episode], answers: Sequence[Episode]) -> tuple[Episode, ...]:
    """The answers as they are found now, beside what statistics found `before`, as it was.

    For an assessment that could not be made: it ends nothing that statistics hold open.
    """
    stored = {episode.key: episode for episode in before}
    told = (_with_updates_of(stored.get(episode.key), episode) for episode in answers)
    return in_order(join_nerve((*told, *(episode for episode in before if not episode.signs))))


def _with_updates_of(before: Episode | None, answer: Episode) -> Episode:
    """An answer's episode with what statistics added to it before."""
    if before is None or before.pattern is not Pattern.NERVE:
        return answer
    added = [update for update in before.updates if update not in answer.updates]
    if not added:
        return answer
    updates = sorted((*answer.updates, *added), key=lambda update: update.day)
    return replace(answer, updates=tuple(updates), cleared_on=before.cleared_on)


def _join(first: Episode, second: Episode) -> Episode:
    news = [*first.updates, *second.updates]
    # Of statistics the first reason speaks; each answer is named, the most urgent last.
    reasons = second.evidence_for if second.signs else second.evidence_for[:1]
    told = [Update(second.raised_on, second.urgency, reason) for reason in reversed(reasons)]
    news += [update for update in told if update not in news]
    ends = (first.cleared_on, second.cleared_on)
    return replace(
        first,
        cleared_on=None if None in ends else max(end for end in ends if end is not None),
        updates=tuple(sorted(news, key=lambda update: update.day)),
    )
