"""The stretches of a chart in which a flag held, and which panels and lanes carry its evidence."""

from dataclasses import dataclass
from datetime import date

from ..domain.flags import NOTE_PATTERNS, TREND_PATTERNS, Assessment, Episode, Pattern
from ..domain.language import N_
from ..domain.wording import Translate, near_day_words
from ..trends.levels import FOLLOWED
from .lanes import group_of


@dataclass(frozen=True, slots=True)
class Field:
    """A stretch in which a flag held: from its onset, or where that is not estimated its first day.

    `noticed` is the day it was raised; `stop` the day it ended, None while it holds. `onset` is the
    interval in which it began, None where that is a single day or not estimated; `measures` those
    whose panels carry its evidence, the leading one first, and none for an answer; `lanes` those in
    which its signs stand.
    """

    start: int
    noticed: int
    stop: int | None
    label: str
    onset: tuple[int, int] | None = None
    measures: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()


def fields_of(
    assessment: Assessment, operation_day: date, span: tuple[int, int], translate: Translate
) -> tuple[Field | None, tuple[Field, ...]]:
    """The most urgent active flag, else the latest that ended, and all the others."""
    drawn = [e for e in assessment.episodes if e.pattern not in NOTE_PATTERNS]
    order = sorted(
        drawn,
        key=lambda e: (e.cleared_on is None, e.worst_urgency, e.onset is not None, e.raised_on),
        reverse=True,
    )
    lead = order[0] if order and order[0].cleared_on is None else None
    fields = {id(e): _field(e, operation_day, assessment.as_of, translate) for e in drawn}
    seen = [e for e in drawn if _overlaps(fields[id(e)], span)]
    return (
        fields[id(lead)] if lead is not None and lead in seen else None,
        tuple(fields[id(e)] for e in seen if e is not lead and e.pattern in TREND_PATTERNS),
    )


def _overlaps(field: Field, span: tuple[int, int]) -> bool:
    return field.start <= span[1] and (field.stop is None or field.stop >= span[0])


def _field(episode: Episode, operation_day: date, today: date, translate: Translate) -> Field:
    def pod(day: date) -> int:
        return (day - operation_day).days

    began = episode.began
    start = began or episode.raised_on
    stop = None if episode.cleared_on is None else pod(episode.cleared_on)
    raised = near_day_words(episode.raised_on, today, translate)
    if episode.signs:
        label = translate(N_("Reported on {day}")).format(day=raised)
    elif began is None:
        label = translate(N_("Noticed {day}")).format(day=raised)
    else:
        label = translate(N_("Began about {onset}, noticed {day}")).format(
            onset=near_day_words(began, today, translate), day=raised
        )
    onset = None
    if began is not None and episode.onset_first is not None and episode.onset_last is not None:
        onset = pod(episode.onset_first), pod(episode.onset_last)
    return Field(
        pod(start),
        pod(episode.raised_on),
        stop,
        label,
        onset,
        _evidence_of(episode),
        _lanes_of(episode),
    )


def _evidence_of(episode: Episode) -> tuple[str, ...]:
    """The measures that carry the evidence of a flag, the leading one first."""
    told = [str(reason.values.get("measure", "")) for reason in episode.evidence_for]
    leading = [episode.signals[0].measure] if episode.signals else []
    return tuple(dict.fromkeys(key for key in (*leading, *told) if key in (*FOLLOWED, "steps")))


def _lanes_of(episode: Episode) -> tuple[str, ...]:
    """The lanes that carry the evidence of a flag: those of its signs, or of loading."""
    lanes = [group_of(sign) for sign in sorted(episode.signs)]
    if episode.pattern is Pattern.INFECTION:
        lanes += ["wound", "fever"]
    if any(reason.code == "loading_more" for reason in episode.evidence_for):
        lanes.append("loading")
    return tuple(dict.fromkeys(lanes))
