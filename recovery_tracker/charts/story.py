"""What a chart tells, decided before anything is drawn.

A `ChartStory` holds plain values: which days, which dots, where the line breaks, what is written
where. `recovery` draws it, `words` says it; neither decides anything.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..domain.flags import NOTE_PATTERNS, TREND_PATTERNS, Assessment, Episode, Pattern
from ..domain.history import EVENT_NAMES, IMAGING_NAMES, EventKind, History, told_imaging
from ..domain.instructions import InstructionKind
from ..domain.language import N_
from ..domain.surgery import Region
from ..domain.wording import MODALITY_NAMES, Translate, near_day_words
from ..fonts import printable
from ..trends.levels import FOLLOWED, SPARSE_WINDOW, WINDOW, Levels, levels_of
from .events import OTHER_SHAPE, SHAPES
from .lanes import Lane, group_of, lanes_of, lanes_words
from .medicines import medicines_panel, medicines_words
from .panels import Panel, own_panel, own_words, panel_of, tablets_panel, tablets_words
from .steps import steps_panel, steps_words, with_steps
from .words import joined, name_words, sentence_of, weekly_rows

#: Shortest stretch that is drawn, so that the first days do not fill the whole width.
SHORTEST = 14

#: Above this many days a week is drawn as one stroke; dots would run into each other.
DOTS_UP_TO = 400

#: Longest words of an event in the key, in characters; the rest is in the record.
LABEL_LENGTH = 60

#: Weeks that can be asked for; None is the whole recovery.
ZOOMS = (2, 6, 12, 26, 52, None)


@dataclass(frozen=True, slots=True)
class Tick:
    """What happened on a day, with its number in the lane of events and its words in the key."""

    day: int
    label: str
    when: str = ""
    number: int = 1
    shape: str = OTHER_SHAPE


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


@dataclass(frozen=True, slots=True)
class ChartStory:
    """Everything a chart of one recovery shows. Days run from `first` to `last`, both included."""

    region: Region
    operation_day: date
    first: int
    last: int
    #: The last day that has happened; the axis may reach further.
    today: int
    panels: tuple[Panel, ...]
    gaps: tuple[tuple[int, int], ...]
    events: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    #: The flag that is written out, and others that are only shaded.
    lead: Field | None
    others: tuple[Field, ...]
    #: Fixed words on the chart, already in the reader's language.
    words: Mapping[str, str]
    description: str
    #: Header and rows of the same numbers.
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    #: Two periods that a clinician compares, first and last day of each, within the story.
    periods: tuple[tuple[int, int], ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether weeks are drawn in place of single days."""
        return self.last - self.first > DOTS_UP_TO

    @property
    def leading(self) -> str:
        """The measure that the flag written out is about; "" where none is."""
        return self.lead.measures[0] if self.lead and self.lead.measures else ""

    @property
    def key(self) -> tuple[str, ...]:
        """Every event by its number, with its day: the key of the lane above the panels."""
        return tuple(
            self.words["key"].format(number=event.number, day=event.when, what=event.label)
            for event in self.events
        )

    @property
    def column_spans(self) -> tuple[int, int]:
        """Days that most of the numbers under "best" and "last" rest on: what their heads say."""
        spans = (Counter(p.spans[n] for p in self.panels if p.spans[n]) for n in (0, 1))
        best, last = (
            SPARSE_WINDOW if found[SPARSE_WINDOW] > found[WINDOW] else WINDOW for found in spans
        )
        return best, last

    @property
    def heads(self) -> tuple[str, str, str]:
        """The heads of the columns, with the days that most of their numbers rest on."""
        best, last = self.column_spans
        return (
            self.words["before"],
            self.words["best_two" if best == SPARSE_WINDOW else "best"],
            self.words["last_two" if last == SPARSE_WINDOW else "last"],
        )

    def window_notes(self, panel: Panel) -> tuple[str, str, str]:
        """What stands below a number that rests on other days than its head says; else ""."""
        if panel.notes is not None:
            return panel.notes
        notes = [
            "" if span in (0, head) else self.words["two" if span == SPARSE_WINDOW else "one"]
            for span, head in zip(panel.spans, self.column_spans, strict=True)
        ]
        return "", notes[0], notes[1]

    def only(self, *measures: str) -> "ChartStory":
        """The same story with these panels alone, in this order."""
        panels = {panel.measure: panel for panel in self.panels}
        shown = tuple(panels[key] for key in measures if key in panels)
        return replace(self, panels=shown, lanes=())


def story_of(
    history: History,
    assessment: Assessment,
    *,
    first: int | None = None,
    last: int | None = None,
    periods: Sequence[tuple[int, int]] = (),
    translate: Translate = str,
) -> ChartStory:
    """The story of a recovery on the day of its assessment.

    `first` and `last` are postoperative days that cut the picture, not the numbers: before, best
    and last week are always those of the whole recovery. `periods` are marked above the panels.
    """
    today = assessment.as_of
    levels = levels_of(history, today)
    known = history.known_on(today)
    first = max(0, 0 if first is None else first)
    last = max(levels.last_day if last is None else last, first + SHORTEST - 1)
    span = (first, last)
    lead, others = _fields(assessment, known.index.day, span, translate)
    panels = _panels(known, levels, span, translate)
    steps = steps_panel(known, today, span, translate)
    events = _ticks(known, span, today, translate)
    shown, rows = weekly_rows(levels, known.index.day, translate)
    header = (
        translate(_WORDS["weeks"]),
        *(name_words(key, known.region, translate) for key in shown),
        translate(N_("Days logged")),
    )
    lanes = lanes_of(known, span, today, translate)
    description = _description(known, levels, lead, events, lanes, translate)
    taken = medicines_panel(known, today, span, translate)
    if taken is not None:
        after = sum(panel.measure in ("axial_pain", "limb_pain") for panel in panels)
        panels = (*panels[:after], taken, *panels[after:])
    description = joined([description, medicines_words(known, today, translate)])
    if steps is not None:
        panels = (*panels, steps[0])
        header, rows = with_steps(header, rows, steps[1], translate)
        description = joined([description, steps_words(known, steps[1], today, translate)])
    return ChartStory(
        region=known.region,
        operation_day=known.index.day,
        first=first,
        last=last,
        today=levels.last_day,
        panels=panels,
        gaps=tuple(
            (max(a, first), min(b, last)) for a, b in levels.gaps if b >= first and a <= last
        ),
        events=events,
        lanes=lanes,
        lead=lead,
        others=others,
        words={
            **{key: translate(text) for key, text in _WORDS.items()},
            "key": translate(_KEY),
            **({"empty": translate(_BEFORE_OPERATION)} if levels.last_day < 0 else {}),
        },
        description=description,
        header=header,
        rows=rows,
        periods=tuple((max(a, first), min(b, last)) for a, b in periods),
    )


def _panels(
    known: History, levels: Levels, span: tuple[int, int], translate: Translate
) -> tuple[Panel, ...]:
    """Symptoms, then medication where any was told, then movement."""
    panels = [
        panel_of(known, level, span, translate)
        for level in levels.measures.values()
        if level.measure != "opioid_doses" or level.answered
    ]
    tablets = tablets_panel(known, span, translate)
    panels += [one for one in (tablets, own_panel(known, span)) if one is not None]
    return tuple(sorted(panels, key=lambda panel: panel.higher_is_better))


#: One event in the key.
_KEY = N_("{number} {what}, {day}")
_BEFORE_OPERATION = N_("Before the operation: see the numbers on the right")
_WORDS = {
    "symptoms": N_("SYMPTOMS"),
    "movement": N_("MOVEMENT"),
    "signs": N_("TICKED SIGNS"),
    "lower": N_("lower is better"),
    "higher": N_("higher is better"),
    "before": N_("Before op"),
    "best": N_("Best week"),
    "last": N_("Last week"),
    "best_two": N_("Best 2 weeks"),
    "last_two": N_("Last 2 weeks"),
    "one": N_("1 week"),
    "two": N_("2 weeks"),
    "gap": N_("no entries"),
    "empty": N_("No entries yet"),
    "days": N_("Days after operation"),
    "weeks": N_("Weeks after operation"),
    "months": N_("Months after operation"),
}


def _ticks(
    history: History, span: tuple[int, int], today: date, translate: Translate
) -> tuple[Tick, ...]:
    """Events, imaging and what became allowed within the span; those of one day share a tick."""
    named: dict[int, list[tuple[str, str]]] = {}

    def add(day: date, shape: str, label: str) -> None:
        named.setdefault((day - history.index.day).days, []).append((shape, label))

    for event in history.events:
        label = event.label_in(translate) or translate(EVENT_NAMES[event.kind])
        # "Imaging" alone would be taken for a result.
        label = event.words(translate) if event.kind is EventKind.DECISION else label
        add(event.day, SHAPES.get(event.kind, OTHER_SHAPE), label)
    for image in told_imaging(history.imaging):
        modality = translate(MODALITY_NAMES.get(image.modality, image.modality))
        label = f"{modality}: {translate(IMAGING_NAMES[image.result]).lower()}"
        add(image.day, SHAPES["imaging"], label)
    for said in history.instructions:
        if said.kind is InstructionKind.CLEARANCE and said.due is not None:
            what = translate(said.about.clinician) if said.about else said.text
            label = translate(N_("Allowed: {what}")).format(what=what.lower())
            add(said.due, OTHER_SHAPE, label)
    order = [*SHAPES.values(), OTHER_SHAPE]
    shown = [(day, told) for day, told in sorted(named.items()) if span[0] <= day <= span[1]]
    return tuple(
        Tick(
            day,
            _short(", ".join(dict.fromkeys(label for _, label in told))),
            near_day_words(history.index.day + timedelta(days=day), today, translate),
            number,
            min((shape for shape, _ in told), key=order.index),
        )
        for number, (day, told) in enumerate(shown, start=1)
    )


def _short(label: str) -> str:
    label = " ".join(printable(label).split())
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1].rstrip() + "…"


def _fields(
    assessment: Assessment, operation_day: date, span: tuple[int, int], translate: Translate
) -> tuple[Field | None, tuple[Field, ...]]:
    """The most urgent flag that holds, else the latest of the ended, and all others."""
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


def _description(
    history: History,
    levels: Levels,
    lead: Field | None,
    events: tuple[Tick, ...],
    lanes: tuple[Lane, ...],
    translate: Translate,
) -> str:
    start = history.index.day

    def on(pod: int) -> str:
        today = start + timedelta(days=levels.last_day)
        return near_day_words(start + timedelta(days=pod), today, translate)

    def said(sentence: str, **values: object) -> str:
        return translate(sentence).format(**values)

    sentences = [said(N_("Chart of {days} days after the operation."), days=levels.last_day + 1)]
    sentences += [
        sentence_of(level, history.region, translate)
        for level in levels.measures.values()
        if level.measure != "opioid_doses" or level.answered
    ]
    sentences += [tablets_words(history, translate), own_words(history, translate)]
    if lead is not None:
        sentences.append(f"{lead.label}.")
    sentences.append(lanes_words(lanes, translate))
    sentences += [
        said(N_("No entries from {first} to {last}."), first=on(a), last=on(b))
        for a, b in levels.gaps[-3:]
    ]
    if events:
        listed = "; ".join(f"{on(event.day)} {event.label}" for event in events)
        sentences.append(said(N_("Events: {events}."), events=listed))
    return joined(sentences)
