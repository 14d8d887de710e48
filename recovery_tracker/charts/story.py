"""What a chart tells, decided before anything is drawn.

A `ChartStory` holds plain values: which days, which dots, where the line breaks, what is written
where. `recovery` draws it, `words` says it; neither decides anything.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial

from ..domain.flags import Assessment
from ..domain.history import History
from ..domain.language import N_
from ..domain.surgery import Region
from ..domain.wording import Pieces, Translate, mark, near_day_words
from ..trends.levels import SPARSE_WINDOW, WINDOW, Levels, levels_of
from ..trends.step_course import StepCourse
from .flag_fields import Field, fields_of
from .lanes import Lane, lanes_of, lanes_words
from .medicines import medicines_panel, medicines_words
from .panels import Panel, own_panels, own_words, panel_of, tablets_panel, tablets_words
from .steps import steps_panel, steps_words, with_steps
from .ticks import Tick, ticks_of
from .words import joined, name_words, sentence_of, weekly_rows

#: Shortest stretch that is drawn, so that the first days do not fill the whole width.
SHORTEST = 14

#: Above this many days a week is drawn as one stroke; dots would run into each other.
DOTS_UP_TO = 400

#: Weeks that can be asked for; None is the whole recovery.
ZOOMS = (2, 6, 12, 26, 52, None)


#: Header and rows.
Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


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
    #: Makes the table of the same numbers: no drawing needs it.
    tabled: Callable[[], Table] = field(repr=False, compare=False)
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

    def key_pieces(self, own_language: str) -> Pieces:
        """The same as one line, in pieces: the patient's own words with the tag of their language,
        everything else with none.
        """
        before, _, after = self.words["key"].partition("{what}")
        found: list[tuple[str, str]] = []
        for event in self.events:
            told = {"number": event.number, "day": event.when}
            found += [(" · ", "")] if found else []
            found.append((before.format(**told), ""))
            found += [(text, own_language if is_own else "") for text, is_own in event.pieces]
            found.append((after.format(**told), ""))
        return tuple(found)

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
        """The same story with these panels alone, in this order, without numbers beside them and
        the brackets of those.
        """
        panels = {panel.measure: replace(panel, best=None) for panel in self.panels}
        shown = tuple(panels[key] for key in measures if key in panels)
        return replace(self, panels=shown, lanes=())


def story_of(
    history: History,
    assessment: Assessment,
    *,
    first: int = 0,
    periods: Sequence[tuple[int, int]] = (),
    translate: Translate = str,
) -> ChartStory:
    """The story of a recovery on the day of its assessment.

    `first` is the postoperative day at which the picture begins; the numbers before, best and last
    week are always those of the whole recovery. `periods` are marked above the panels.
    """
    today = assessment.as_of
    levels = levels_of(history, today)
    known = history.known_on(today)
    last = max(levels.last_day, first + SHORTEST - 1)
    span = (first, last)
    lead, others = fields_of(assessment, known.index.day, span, translate)
    steps = steps_panel(known, today, span, translate)
    course = None if steps is None else steps[1]
    events = ticks_of(known, span, today, translate)
    lanes = lanes_of(known, span, today, translate)
    said = [
        _description(known, levels, lead, events, lanes, translate),
        medicines_words(known, today, translate),
        "" if course is None else steps_words(known, course, today, translate),
    ]
    panels = _panels(known, levels, span, today, translate)
    return ChartStory(
        region=known.region,
        operation_day=known.index.day,
        first=first,
        last=last,
        today=levels.last_day,
        panels=panels if steps is None else (*panels, steps[0]),
        gaps=tuple(
            (max(a, first), min(b, last)) for a, b in levels.gaps if b >= first and a <= last
        ),
        events=events,
        lanes=lanes,
        lead=lead,
        others=others,
        words=_words(levels, translate),
        description=joined(said),
        tabled=partial(_table, known, levels, course, translate),
        periods=tuple((max(a, first), min(b, last)) for a, b in periods),
    )


def _panels(
    known: History, levels: Levels, span: tuple[int, int], today: date, translate: Translate
) -> tuple[Panel, ...]:
    """Symptoms, pain before the medicines taken for it, then tablets, then movement."""
    panels = [
        panel_of(known, level, span, translate)
        for level in levels.measures.values()
        if level.measure != "opioid_doses" or level.answered
    ]
    tablets = tablets_panel(known, span, levels.last_day, translate)
    panels += [] if tablets is None else [tablets]
    panels += own_panels(known, span, levels.last_day, translate)
    panels.sort(key=lambda panel: panel.higher_is_better)
    taken = medicines_panel(known, today, span, translate)
    if taken is not None:
        panels.insert(sum(one.measure in ("axial_pain", "limb_pain") for one in panels), taken)
    return tuple(panels)


def _table(
    known: History, levels: Levels, course: StepCourse | None, translate: Translate
) -> Table:
    """Header and rows of the table of weeks."""
    shown, rows = weekly_rows(levels, translate)
    header = (
        translate(_WORDS["weeks"]),
        *(name_words(key, known.region, translate) for key in shown),
        translate(N_("Days logged")),
    )
    return (header, rows) if course is None else with_steps(header, rows, course, translate)


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


def _words(levels: Levels, translate: Translate) -> dict[str, str]:
    words = {**_WORDS, "key": _KEY}
    if levels.last_day < 0:
        words["empty"] = _BEFORE_OPERATION
    return {key: translate(text) for key, text in words.items()}


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

    chart = N_("Chart up to day {day} after the operation.")
    if levels.last_day <= 0:
        chart = N_("Chart of the day of the operation.")
    if levels.last_day < 0:
        chart = N_("Chart of the days before the operation.")
    sentences = [said(chart, day=levels.last_day)]
    sentences += [
        sentence_of(level, history.region, translate)
        for level in levels.measures.values()
        if level.measure != "opioid_doses" or level.answered
    ]
    sentences += [tablets_words(history, translate), *own_words(history, translate)]
    if lead is not None:
        sentences.append(lead.label + mark(".", translate))
    sentences.append(lanes_words(lanes, translate))
    sentences += [
        said(N_("No entries from {first} to {last}."), first=on(a), last=on(b))
        for a, b in levels.gaps[-3:]
    ]
    if events:
        listed = mark("; ", translate).join(f"{on(event.day)} {event.label}" for event in events)
        sentences.append(said(N_("Events: {events}."), events=listed))
    return joined(sentences)
