"""The facts beside the chart of a report: signs, numb places, context and notes, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..domain.diary import DiaryEntry
from ..domain.history import IMAGING_NAMES, History, Imaging, ImagingResult, told_imaging
from ..domain.instructions import InstructionKind, instruction_pieces
from ..domain.language import N_
from ..domain.measures import MEASURES, NUMBNESS_ZONES
from ..domain.signs import HARDWARE_SIGNS, LOADING_SIGNS, SIGNS
from ..domain.surgery import FUSION_NAMES, KNOWN_DEFICITS, RISK_FACTORS, Operation
from ..domain.ticked import sign_day, told_on
from ..domain.wording import (
    MODALITY_NAMES,
    SHORT_WORDS,
    Pieces,
    Translate,
    day_words,
    days_words,
    levels_words,
    mark,
    near_day_words,
    number,
)
from ..trends.levels import SPARSE_WINDOW, Levels, levels_of

#: How much of a note the one page shows; the rest is said to be missing.
NOTE_SHOWN = 220
#: A place counts as numb now if it was marked within these. Our default.
STILL_NUMB = timedelta(days=28)
#: Places on the one page.
MOST_ZONES = 4
#: Notes on the one page.
MOST_NOTES = 2


@dataclass(frozen=True, slots=True)
class SignRow:
    """One warning sign that was told: on how many days, the first and the last of them."""

    sign: str
    name: str
    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Note:
    """What the patient wrote on a day; `cut` says that the page shows only its beginning."""

    day: date
    text: str
    cut: bool


def _since_operation(history: History) -> list[DiaryEntry]:
    """The days of this recovery: what was reported before the latest operation is not about it.

    Up to the first day after a first operation the days before it are all there is.
    """
    since = [entry for entry in history.of_index if entry.day >= history.index.day]
    is_first = len(history.operations) == 1
    return list(history.entries) if is_first and not since else since


def signs_of(history: History, translate: Translate) -> tuple[tuple[SignRow, ...], str]:
    """The signs that were reported, most urgent first, and on how many days any was."""
    days: dict[str, list[date]] = {}
    answered = reported = 0
    for entry in _since_operation(history):
        told = told_on(sign_day(entry))
        answered += bool(told) or entry.signs is not None
        reported += bool(told)
        for sign in told:
            days.setdefault(sign, []).append(entry.day)
    rows = [
        SignRow(sign, translate(SIGNS[sign].clinician), len(found), min(found), max(found))
        for sign, found in days.items()
    ]
    rows.sort(key=lambda row: (-(SIGNS[row.sign].highest_urgency or 0), -row.days, row.sign))
    if not answered:
        return tuple(rows), translate(N_("Not answered yet."))
    said = N_("Reported on {reported} of {answered} days answered.")
    if answered == 1:
        said = N_("Reported on {reported} of 1 day answered.")
    return tuple(rows), translate(said).format(reported=reported, answered=answered)


def numbness_line(history: History, today: date, translate: Translate) -> str:
    """The places marked numb in the last weeks, the most frequent first: how often, since when.

    Where nothing was marked in them, that is said, and the place that was marked last before.
    """
    names = {key: text for zones in NUMBNESS_ZONES.values() for key, text in zones.items()}
    marked: dict[str, list[date]] = {}
    for entry in _since_operation(history):
        for zone in entry.numbness_zones or ():
            marked.setdefault(zone, []).append(entry.day)
    if not marked:
        return translate(N_("No place was marked."))

    def told(zone: str) -> str:
        first, *_, last = (*marked[zone], marked[zone][-1])
        said = translate(N_("{place} ({days}, {first} to {last})"))
        if first == last:
            said = "{place} ({last})"
        return said.format(
            place=translate(names[zone]),
            days=days_words(len(marked[zone]), translate),
            first=near_day_words(first, today, translate),
            last=near_day_words(last, today, translate),
        )

    ordered = sorted(marked, key=lambda zone: (-len(marked[zone]), zone))
    now = [zone for zone in ordered if max(marked[zone]) > today - STILL_NUMB]
    if now:
        places = mark(", ", translate).join(told(zone) for zone in now[:MOST_ZONES])
        return places + mark(".", translate)
    latest = max(ordered, key=lambda zone: max(marked[zone]))
    said = translate(N_("No place in the last four weeks; before that {place}."))
    return said.format(place=told(latest))


def context_of(
    history: History,
    levels: Levels,
    today: date,
    translate: Translate,
    imaging_asked: date | None = None,
) -> tuple[tuple[str, str], ...]:
    """What a clinician needs beside the chart, one labelled line each; the unknown is said so.

    `imaging_asked` is the day of a decision for imaging that has no result yet.
    """
    unknown = translate(N_("not recorded"))
    risks = [translate(RISK_FACTORS[key]).lower() for key in sorted(history.index.risk_factors)]
    deficits = [
        translate(KNOWN_DEFICITS[key]).lower() for key in sorted(history.index.known_deficits)
    ]
    images = sorted(told_imaging(history.imaging), key=lambda image: image.day)
    # What is asked for stands beside the last result.
    last = [image for image in images if image.result is not Imaging.AWAITED][-1:]
    awaited = [image for image in images if image.result is Imaging.AWAITED][-1:]
    seen = [_imaging(image, translate) for image in (*last, *awaited)]
    if imaging_asked is not None and not awaited:
        day = day_words(imaging_asked, translate, year=True)
        seen.append(day + mark(": ", translate) + _awaited(translate))
    return (
        (translate(N_("Risk factors")), mark(", ", translate).join(risks) or unknown),
        *(
            [(translate(N_("Had before")), mark("; ", translate).join(deficits))]
            if deficits
            else []
        ),
        (translate(N_("Painkillers")), _painkillers(history, levels, today, translate) or unknown),
        (
            translate(N_("Last imaging")),
            mark("; ", translate).join(seen) or unknown,
        ),
        (translate(N_("Loading and hardware")), _metal_parts(history, translate) or unknown),
    )


def operation_words(operation: Operation, translate: Translate) -> str:
    """What was fused, as exactly as it is known, and when."""
    parts = [translate(FUSION_NAMES[operation.region])]
    if operation.level_names:
        parts.append(operation.level_names)
    elif operation.levels:
        parts.append(levels_words(operation.levels, translate))
    if operation.hardware:
        parts.append(operation.hardware)
    day = day_words(operation.day, translate, year=True)
    return translate(N_("{operation} on {day}")).format(
        operation=mark(", ", translate).join(parts), day=day
    )


def earlier_operations(history: History, translate: Translate) -> tuple[str, ...]:
    """Each operation before the latest, with what its own recovery came to."""
    return tuple(_earlier(history, translate))


def _earlier(history: History, translate: Translate) -> Iterator[str]:
    for past in history.recoveries[:-1]:
        said = operation_words(past.index, translate)
        last = past.last_known
        if last is not None and last >= past.index.day:
            level = levels_of(past, last).measures["axial_pain"]
            told = {"before": level.before, "best": level.best, "last": level.latest}
            words = {key: "–" if v is None else number(v) for key, v in told.items()}
            pain = translate(MEASURES["axial_pain"].name_for(past.region))
            came_to = translate(N_("{measure}: before {before}, best {best}, last {last}"))
            said += mark(". ", translate) + came_to.format(measure=pain, **words)
        yield said


def _painkillers(history: History, levels: Levels, today: date, translate: Translate) -> str:
    """Doses of the last week, and the latest weekly answer with its day; "" where neither is."""
    parts = []
    level = levels.measures["opioid_doses"]
    doses = level.last
    if doses is not None:
        one, many = _DOSES[level.last_span == SPARSE_WINDOW]
        count = number(doses)
        parts.append(translate(one if count == "1" else many).format(count=count))
    told = [entry for entry in _since_operation(history) if entry.painkiller_change]
    if told:
        answer = SHORT_WORDS["painkiller_change"][told[-1].painkiller_change or ""]
        day = near_day_words(told[-1].day, today, translate)
        said = translate(N_("said on {day}: {answer}"))
        parts.append(said.format(day=day, answer=translate(answer)))
    return mark("; ", translate).join(parts)


#: By whether the mean needed two weeks; of a single dose the first of the two.
_DOSES = {
    False: (
        N_("1 dose of strong painkillers a day in the last week"),
        N_("{count} doses of strong painkillers a day in the last week"),
    ),
    True: (
        N_("1 dose of strong painkillers a day in the last two weeks"),
        N_("{count} doses of strong painkillers a day in the last two weeks"),
    ),
}


def _metal_parts(history: History, translate: Translate) -> str:
    """The ticked answers about the metal parts; "" if none of them was answered."""
    signs = HARDWARE_SIGNS | LOADING_SIGNS
    answered = [entry for entry in _since_operation(history) if entry.signs is not None]
    ticked = sorted({sign for e in answered for sign in e.signs or () if sign in signs})
    if ticked:
        return mark(", ", translate).join(translate(SIGNS[sign].clinician) for sign in ticked)
    # Where a diary does not say what was asked, an answer is one to every line of the form, as the
    # rules count it.
    hardware, loading = (
        any(e.signs_asked is None or e.asked(sign) for e in answered for sign in group)
        for group in (HARDWARE_SIGNS, LOADING_SIGNS)
    )
    return translate(_NOTHING_TICKED[hardware, loading]) if hardware or loading else ""


#: By whether hardware signs and loading signs were asked about.
_NOTHING_TICKED = {
    (True, True): N_("nothing ticked"),
    (True, False): N_("hardware: nothing ticked; loading: not asked"),
    (False, True): N_("loading: nothing ticked; hardware: not asked"),
}


def limits_of(history: History, today: date, translate: Translate) -> Pieces:
    """What the clinic restricted, allowed and set as a target that holds today, as
    `instruction_pieces` has it.
    """
    kinds = (InstructionKind.RESTRICTION, InstructionKind.CLEARANCE, InstructionKind.TARGET)
    held = [i for i in history.instructions if i.kind in kinds and i.is_current(today)]
    held.sort(key=lambda said: (kinds.index(said.kind), -said.at.timestamp()))
    told = [instruction_pieces(said, translate) for said in held]
    return tuple(
        p
        for n, pieces in enumerate(told)
        for p in (((mark("; ", translate), ""),) if n else ()) + pieces
    )


def _imaging(image: ImagingResult, translate: Translate) -> str:
    modality = translate(MODALITY_NAMES.get(image.modality, image.modality))
    result = translate(IMAGING_NAMES[image.result]).lower()
    day = day_words(image.day, translate, year=True)
    return day + mark(": ", translate) + modality + mark(", ", translate) + result


def _awaited(translate: Translate) -> str:
    return translate(IMAGING_NAMES[Imaging.AWAITED]).lower()


def notes_of(history: History) -> tuple[Note, ...]:
    """The latest notes since the operation, newest first, each cut to its room on the page."""
    written = [entry for entry in _since_operation(history) if entry.note]
    found = []
    for entry in reversed(written[-MOST_NOTES:]):
        text = " ".join((entry.note or "").split())
        cut = len(text) > NOTE_SHOWN
        found.append(Note(entry.day, text[:NOTE_SHOWN].rstrip() + "…" if cut else text, cut))
    return tuple(found)
