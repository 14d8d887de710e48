"""Every flag of many diaries: the same rules as `assess`, over arrays.

What needs statistics comes in from the engine, which works on all rows at once. For answers and
silence only the rows that hold something become plain entries, and those go through the same code
as a single patient.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..domain.flags import Episode
from ..domain.history import DAILY
from ..domain.surgery import Operation
from .answers import fold
from .batch import trend_episodes
from .cohort_rows import CohortRows, Gap, operations_of
from .joining import in_order, join_nerve
from .parameters import STANDARD, Parameters
from .quiet import context_before, quiet_episode, silence_after
from .series import Diaries


def replay(
    diaries: Diaries,
    parameters: Parameters = STANDARD,
    operations: Sequence[Operation] | None = None,
) -> tuple[tuple[int, Episode], ...]:
    """Every episode of every row as of its last observed day, ordered by row and day.

    The same episodes as `assess` on that day. `operations` are those of the rows, with the risks
    that decide beside an answer; by default on `DAY_ZERO` and with none.
    """
    operations = operations or operations_of(diaries)
    trends = trend_episodes(diaries, parameters, [operation.day for operation in operations])
    return compose(diaries, trends, parameters, operations)


def compose(
    diaries: Diaries,
    trends: Iterable[tuple[int, Episode]],
    parameters: Parameters = STANDARD,
    operations: Sequence[Operation] | None = None,
) -> tuple[tuple[int, Episode], ...]:
    """Every episode of every row, ordered by row and day; `trends` are those of the statistics."""
    of_row: dict[int, list[Episode]] = defaultdict(list)
    for row, episode in trends:
        of_row[row].append(episode)
    rows = CohortRows(diaries, operations or operations_of(diaries))
    gaps = rows.gaps(int(parameters.quiet_scheduled_days))
    composed: list[tuple[int, Episode]] = []
    for row in range(diaries.shape[0]):
        others: tuple[Episode, ...] = tuple(of_row[row])
        if rows.may_say_something[row]:
            entries = rows.entries(row, int(parameters.answer_clean_entries))
            answers = fold(rows.operations[row], entries, rows.today(row), parameters)
            others = join_nerve((*answers.episodes, *others))
        quiet = _quiet_episodes(rows, row, gaps[row], others, parameters) if gaps[row] else []
        composed += [(row, episode) for episode in in_order((*others, *quiet))]
    return tuple(composed)


def _quiet_episodes(
    rows: CohortRows,
    row: int,
    gaps: Iterable[Gap],
    others: tuple[Episode, ...],
    parameters: Parameters,
) -> list[Episode]:
    episodes = []
    operation = rows.operations[row]
    for gap in gaps:
        silence = silence_after(
            rows.day(row, gap.arrived),
            None if gap.following is None else rows.day(row, gap.following),
            DAILY,
            operation,
            parameters,
        )
        if silence is None or silence.raised_on > rows.today(row):
            continue
        near = rows.pains(row, gap)
        context = context_before(silence, near[-1], near, operation)
        episodes.append(quiet_episode(silence, near[-1], context, others, parameters))
    return episodes
