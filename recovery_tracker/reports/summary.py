"""The one story that every export tells: who, what happened, what was found, how far to trust it.

Everything a reader sees is decided here, from the same levels, episodes and counts as the screen;
the makers of files only set it out.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ..domain.compact import code_of
from ..domain.diary import ENTRY_FIELDS
from ..domain.flags import (
    Assessment,
    Pattern,
    Status,
    Sufficiency,
)
from ..domain.history import IMAGING_NAMES, History, ImagingResult
from ..domain.language import N_
from ..domain.measures import NUMBNESS_ZONES
from ..domain.signs import HARDWARE_SIGNS, LOADING_SIGNS, SIGNS
from ..domain.status import status_sentence
from ..domain.surgery import (
    REGION_NAMES,
    RISK_FACTORS,
    postoperative_day,
    postoperative_week,
)
from ..domain.wording import MODALITY_NAMES, Translate, day_words, days_words, number
from ..trends.levels import Levels, levels_of
from .appendix import Appendix, appendix_of
from .findings import Finding, finding_of
from .headline import headline

#: How much of a note the one page shows; the rest is said to be missing.
NOTE_SHOWN = 220
#: Notes and questions on the one page.
MOST_NOTES = 2
MOST_QUESTIONS = 3
MOST_SIGNS = 5


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a page is about. Two identifiers, so that no page reaches the wrong chart."""

    name: str = ""
    birth_date: date | None = None
    hospital_number: str = ""


NOBODY = Identity()


@dataclass(frozen=True, slots=True)
class SignRow:
    """One warning sign that was ticked: on how many days, the first and the last of them."""

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


@dataclass(frozen=True, slots=True)
class RecoverySummary:
    """Everything a report says, in the reader's language."""

    language: str
    name: str
    #: Date of birth and hospital number, as far as they are known.
    identifiers: tuple[str, ...]
    operation: str
    now: str
    visit: str
    as_of: date
    status: Status
    #: The honest sentence beside the status: which rule, or that none matched, and on what.
    status_line: str
    headline: tuple[str, ...]
    findings: tuple[Finding, ...]
    #: Before the operation, painkillers, last imaging, answers about the metal parts.
    context: tuple[tuple[str, str], ...]
    sufficiency: str
    signs: tuple[SignRow, ...]
    signs_line: str
    numbness: str
    notes: tuple[Note, ...]
    questions: tuple[str, ...]
    rule_set: str
    version: str
    data_hash: str
    #: The last ninety days in one line; see `domain.compact`.
    code: str
    #: The pages behind the first, None unless asked for.
    appendix: Appendix | None
    #: Days counted from the operation to the day of the data, and of those the logged ones.
    logged: int
    expected: int
    #: Every fixed word of the page by key.
    words: dict[str, str]


def summarise(
    history: History,
    assessment: Assessment,
    *,
    identity: Identity = NOBODY,
    visit: date | None = None,
    questions: Iterable[str] = (),
    with_notes: bool = True,
    with_appendix: bool = False,
    withdrawn: Iterable[tuple[Pattern, date]] = (),
    version: str = "",
    language: str = "en",
    translate: Translate = str,
) -> RecoverySummary:
    """The story of a recovery on the day of its assessment.

    `withdrawn` names flags by pattern and day raised that no longer stand; they are left out of the
    findings. `visit` is the appointment the page is made for.
    """
    today = assessment.as_of
    known = history.known_on(today)
    levels = levels_of(history, today)
    gone = set(withdrawn)
    episodes = [e for e in assessment.episodes if (e.pattern, e.raised_on) not in gone]
    episodes.sort(key=lambda e: (e.cleared_on is None, e.worst_urgency, e.raised_on), reverse=True)
    signs, signs_line = _signs(known, translate)
    return RecoverySummary(
        language=language,
        name=identity.name,
        identifiers=_identifiers(identity, translate),
        operation=_operation(known, translate),
        now=_now(known, today, translate),
        visit="" if visit is None else day_words(visit, translate, year=True),
        as_of=today,
        status=assessment.status,
        status_line=status_sentence(
            assessment, translate, show_day=lambda day: day_words(day, translate)
        ),
        headline=headline(levels, known.region, translate),
        findings=tuple(finding_of(e, known.region, translate) for e in episodes),
        context=_context(known, levels, translate),
        sufficiency=sufficiency_line(assessment.sufficiency, translate),
        signs=signs,
        signs_line=signs_line,
        numbness=_numbness(known, translate),
        notes=_notes(known) if with_notes else (),
        questions=tuple(question for question in questions if question.strip())[:MOST_QUESTIONS],
        rule_set=assessment.rule_set,
        version=version,
        data_hash=data_hash(known),
        code=code_of(known.entries, known.region, today),
        appendix=(
            appendix_of(
                known,
                today,
                rule_set=assessment.rule_set,
                with_notes=with_notes,
                translate=translate,
            )
            if with_appendix
            else None
        ),
        logged=assessment.sufficiency.logged,
        expected=assessment.sufficiency.expected,
        words={key: translate(text) for key, text in _WORDS.items()},
    )


_WORDS = {
    "title": N_("Recovery report"),
    "visit": N_("Visit"),
    "signs": N_("Warning signs"),
    "numbness": N_("Where it is numb"),
    "fullness": N_("How full the diary is"),
    "notes": N_("In the patient’s words"),
    "questions": N_("My questions for this visit"),
    "cut": N_("(cut here; the rest is in the diary)"),
    "key": N_(
        "Dots: single days (hollow: filled in 2 or more days later). Line: mean of the last "
        "7 days, broken where too few were logged. Hatched: no entries. Pale area: range in "
        "published studies. Dashes at left: before the operation. Bracket: own best week."
    ),
    "footer": N_(
        "From the patient’s own diary, entries up to {day}. Not a diagnosis. Nobody reads it "
        "live. The rules were never tested in patients."
    ),
    "origin": N_("Recovery tracker {version} · rules {rule_set} · data {data_hash}"),
    "page": N_("Page 1 of 1"),
    "page_and_more": N_("Page 1, an appendix follows"),
    "chart": N_("Chart of the recovery"),
    "code": N_("Code with the scores of the last 90 days"),
    "sign": N_("sign"),
    "days": N_("days"),
    "clinician": N_("For the clinician"),
}


def sufficiency_line(held: Sufficiency, translate: Translate = str) -> str:
    """How far the diary can be trusted: days logged, late, and the longest gap."""
    said = [
        translate(N_("{logged} of {expected} days logged ({percent} %).")).format(
            logged=held.logged,
            expected=held.expected,
            percent=round(100 * held.logged / held.expected) if held.expected else 0,
        ),
        translate(N_("{late} filled in late. Longest gap: {gap}.")).format(
            late=held.late, gap=days_words(held.longest_gap, translate)
        ),
    ]
    return " ".join(said)


def _identifiers(identity: Identity, translate: Translate) -> tuple[str, ...]:
    found = []
    if identity.birth_date is not None:
        born = day_words(identity.birth_date, translate, year=True)
        found.append(translate(N_("Born {day}")).format(day=born))
    if identity.hospital_number:
        found.append(translate(N_("No. {number}")).format(number=identity.hospital_number))
    return tuple(found)


def _operation(history: History, translate: Translate) -> str:
    index = history.index
    what = [translate(REGION_NAMES[index.region]), translate(N_("fusion"))]
    parts = [" ".join(what)]
    if index.level_names:
        parts.append(index.level_names)
    elif index.levels:
        parts.append(translate(N_("{count} levels")).format(count=index.levels))
    if index.hardware:
        parts.append(index.hardware)
    day = day_words(index.day, translate, year=True)
    return translate(N_("{operation} on {day}")).format(operation=", ".join(parts), day=day)


def _now(history: History, today: date, translate: Translate) -> str:
    day = postoperative_day(today, history.index)
    if day < 0:
        return translate(N_("{days} days before the operation")).format(days=-day)
    week = postoperative_week(today, history.index)
    return translate(N_("Day {day}, week {week}")).format(day=day, week=week)


def _signs(history: History, translate: Translate) -> tuple[tuple[SignRow, ...], str]:
    """The signs that were ticked, most urgent first, and on how many days none was."""
    first = history.index.day
    days: dict[str, list[date]] = {}
    answered = none = 0
    for entry in history.entries:
        if entry.day < first or entry.signs is None:
            continue
        answered += 1
        none += not entry.signs
        for sign in entry.signs:
            days.setdefault(sign, []).append(entry.day)
    rows = [
        SignRow(sign, translate(SIGNS[sign].clinician), len(found), min(found), max(found))
        for sign, found in days.items()
    ]
    rows.sort(key=lambda row: (-(SIGNS[row.sign].highest_urgency or 0), -row.days, row.sign))
    line = translate(N_("None ticked on {none} of {answered} days answered.")).format(
        none=none, answered=answered
    )
    return tuple(rows), line


def _numbness(history: History, translate: Translate) -> str:
    """The places marked numb with how often, the most frequent first."""
    names = {key: text for zones in NUMBNESS_ZONES.values() for key, text in zones.items()}
    counts: dict[str, int] = {}
    for entry in history.entries:
        for zone in entry.numbness_zones or ():
            counts[zone] = counts.get(zone, 0) + 1
    if not counts:
        return translate(N_("No place was marked."))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:4]
    listed = (f"{translate(names[zone])} ({days_words(n, translate)})" for zone, n in ordered)
    return ", ".join(listed) + "."


def _context(history: History, levels: Levels, translate: Translate) -> tuple[tuple[str, str], ...]:
    """What a clinician needs beside the chart, one labelled line each; the unknown is said so."""
    index = history.index
    unknown = translate(N_("not recorded"))
    risks = [translate(RISK_FACTORS[key]).lower() for key in sorted(index.risk_factors)]
    opioids = levels.measures["opioid_doses"]
    image = max(history.imaging, key=lambda picture: picture.day, default=None)
    asked = HARDWARE_SIGNS | LOADING_SIGNS
    ticked = sorted({s for e in history.entries for s in (e.signs or ()) if s in asked})
    doses = unknown
    if opioids.last is not None:
        doses = translate(N_("{count} strong doses a day in the last week")).format(
            count=number(opioids.last)
        )
    return (
        (translate(N_("Risk factors")), ", ".join(risks) or unknown),
        (translate(N_("Painkillers")), doses),
        (
            translate(N_("Last imaging")),
            unknown if image is None else _imaging(image, translate),
        ),
        (
            translate(N_("Metal parts")),
            ", ".join(translate(SIGNS[sign].clinician) for sign in ticked)
            or translate(N_("nothing ticked")),
        ),
    )


def _imaging(image: ImagingResult, translate: Translate) -> str:
    modality = translate(MODALITY_NAMES.get(image.modality, image.modality))
    result = translate(IMAGING_NAMES[image.result]).lower()
    return f"{day_words(image.day, translate, year=True)}: {modality}, {result}"


def _notes(history: History) -> tuple[Note, ...]:
    """The latest notes since the operation, newest first, each cut to its room on the page."""
    written = [e for e in history.entries if e.note and e.day >= history.index.day]
    found = []
    for entry in reversed(written[-MOST_NOTES:]):
        text = " ".join((entry.note or "").split())
        cut = len(text) > NOTE_SHOWN
        found.append(Note(entry.day, text[:NOTE_SHOWN].rstrip() + "…" if cut else text, cut))
    return tuple(found)


def data_hash(history: History) -> str:
    """Twelve hexadecimal digits that change with any answer, and with nothing else."""
    rows = [
        {name: _plain(getattr(entry, name)) for name in ENTRY_FIELDS} for entry in history.entries
    ]
    told = json.dumps(rows, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {str(key): str(item) for key, item in value.items()}
    return value
