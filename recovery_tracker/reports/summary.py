"""The one story that every export tells: who, what happened, what was found, how far to trust it.

Everything a reader sees is decided here, from the same levels, episodes and counts as the screen;
the makers of files only set it out.
"""

from dataclasses import dataclass
from datetime import date

from ..domain.flags import Assessment, Status
from ..domain.history import MOST_QUESTIONS, History
from ..domain.language import N_
from ..domain.questionnaires import scores_line
from ..domain.status import status_sentence
from ..domain.ticked import sign_day
from ..domain.wording import Pieces, Translate, day_words, days_words, mark, near_day_words
from ..trends.levels import levels_of
from .appendix import Appendix, appendix_of
from .data_hash import data_hash
from .facts import (
    Note,
    SignRow,
    context_of,
    earlier_operations,
    limits_of,
    notes_of,
    numbness_line,
    operation_words,
    signs_of,
)
from .findings import Finding, Told, finding_of
from .handover import PLAIN, Handover
from .leading import leading_words
from .marks import Marks, marks_of
from .sufficiency import now_words, sufficiency_line


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
    #: The day of the report in words, and the clinic it comes from, "" where nobody named one.
    made_on: str
    clinic: str
    surgeon: str
    as_of: date
    #: The day of the last entry; None where there is none yet.
    last_entry: date | None
    status: Status
    #: The honest sentence beside the status: which rule, or that none matched, and on what.
    status_line: str
    headline: tuple[str, ...]
    findings: tuple[Finding, ...]
    #: Flags that a corrected diary shows no more, about which something was decided.
    withdrawn: tuple[Finding, ...]
    #: Before the operation, painkillers, last imaging, answers about the metal parts.
    context: tuple[tuple[str, str], ...]
    #: Operations before the latest, each with what its recovery came to.
    earlier: tuple[str, ...]
    #: The numbers at the weeks of studies; None before the first of them.
    marks: Marks | None
    #: What the clinic restricted or allowed; empty where nothing holds.
    limit_pieces: Pieces
    #: Totals of the clinic's forms, the latest and the one before; "" where there is none.
    scores: str
    sufficiency: str
    signs: tuple[SignRow, ...]
    signs_line: str
    numbness: str
    notes: tuple[Note, ...]
    questions: tuple[str, ...]
    rule_set: str
    version: str
    data_hash: str
    #: The pages behind the first, None unless asked for.
    appendix: Appendix | None
    #: Asked days from the operation to the day of the data, and of those the logged ones.
    logged: int
    expected: int
    #: Every fixed word of the page by key.
    words: dict[str, str]
    #: Tag of the language of the patient's notes and questions; "" where nobody knows.
    own_language: str = ""

    @property
    def limits(self) -> str:
        """What the clinic restricted or allowed; "" where nothing holds."""
        return "".join(text for text, _ in self.limit_pieces)


def summarise(
    history: History,
    assessment: Assessment,
    page: Handover = PLAIN,
    translate: Translate = str,
) -> RecoverySummary:
    """The story of a recovery on the day of its assessment."""
    today = assessment.as_of
    known = history.known_on(today)
    levels = levels_of(history, today)
    held = assessment.sufficiency
    standing = (*assessment.active, *page.unanswered)
    signs, signs_line = signs_of(known, translate)
    return RecoverySummary(
        language=page.language,
        own_language=page.own_language,
        name=page.name,
        identifiers=_identifiers(page, translate),
        operation=operation_words(known.index, translate),
        now=_now(known, today, page, translate),
        visit=_visit(page, translate),
        made_on=day_words(today, translate, year=True),
        clinic=page.clinic,
        surgeon=page.surgeon,
        as_of=today,
        last_entry=max((e.day for e in known.entries if e.has_answers()), default=None),
        status=assessment.status,
        status_line=_status_line(assessment, translate),
        headline=leading_words(known, levels, standing, today, translate),
        findings=_findings(known, assessment, page, translate),
        withdrawn=_withdrawn(known, today, page, translate),
        context=context_of(known, levels, today, translate, page.imaging_asked),
        earlier=earlier_operations(known, translate),
        marks=marks_of(known, levels, translate),
        limit_pieces=limits_of(known, today, translate),
        scores=scores_line(known.scores, known.region, known.index.day, translate),
        sufficiency=" ".join(
            (sufficiency_line(held, known, today, translate), *_by_carers(page, translate))
        ),
        signs=signs,
        signs_line=signs_line,
        numbness=numbness_line(known, today, translate),
        notes=notes_of(known) if page.with_notes else (),
        questions=tuple(text for text in page.questions if text.strip())[:MOST_QUESTIONS],
        rule_set=assessment.rule_set,
        version=page.version,
        data_hash=data_hash(known),
        appendix=_appendix(known, assessment, page, translate),
        logged=held.kept,
        expected=held.expected,
        words=_words(page, translate),
    )


def _now(known: History, today: date, page: Handover, translate: Translate) -> str:
    """How far the recovery has come, and whether the clinic still follows it."""
    said = now_words(known, today, translate)
    if page.ended_on is None:
        return said
    ended = translate(N_("Follow-up ended on {day}"))
    day = day_words(page.ended_on, translate, year=True)
    return said + mark(". ", translate) + ended.format(day=day)


def _visit(page: Handover, translate: Translate) -> str:
    """The day of the next visit, and with whom where that is another than the surgeon named."""
    if page.visit is None:
        return ""
    day = day_words(page.visit, translate, year=True)
    # "Dr Lund" of the visit is "Dr Vera Lund", who is named before it.
    is_same = set(page.visit_with.split()) <= set(page.surgeon.split())
    return (
        day if is_same else f"{day}{mark(' (', translate)}{page.visit_with}{mark(')', translate)}"
    )


def _status_line(assessment: Assessment, translate: Translate) -> str:
    def show(day: date) -> str:
        return near_day_words(day, assessment.as_of, translate)

    return status_sentence(assessment, translate, show_day=show)


def told_from(known: History, today: date) -> Told:
    """What flags are told from: the days of this diary with the signs on them."""
    days = tuple(sign_day(entry) for entry in known.days_told)
    return Told(today, known.index, days, known.begun_on)


def _findings(
    known: History, assessment: Assessment, page: Handover, translate: Translate
) -> tuple[Finding, ...]:
    """Those that wait or stand first, the most urgent of them before the others."""
    told = told_from(known, assessment.as_of)
    waiting = {episode.key for episode in page.unanswered}
    episodes = [episode for episode in assessment.episodes if episode.key not in waiting]
    found = [
        finding_of(
            episode,
            told,
            translate,
            waits=True if is_unanswered else None,
            decided=page.decided.get(episode.key, ()),
            is_answered=episode.key in page.answered,
            recorded=page.recorded.get(episode.key, ""),
            is_corrected=episode.key in page.corrected,
        )
        for is_unanswered, group in ((False, episodes), (True, page.unanswered))
        for episode in group
    ]
    # Of two alike the later one of the day leads, as on the list of patients.
    found.reverse()
    found.sort(key=_place, reverse=True)
    return tuple(found)


def _withdrawn(
    known: History, today: date, page: Handover, translate: Translate
) -> tuple[Finding, ...]:
    told = told_from(known, today)
    return tuple(
        finding_of(one, told, translate, waits=False, decided=page.decided.get(one.key, ()))
        for one in page.withdrawn
    )


def _place(one: Finding) -> tuple[object, ...]:
    """Of two as urgent the one on which nobody has decided since it asked comes first."""
    return one.waits, one.is_active, one.level, not one.is_answered, one.raised_on


def _appendix(
    known: History, assessment: Assessment, page: Handover, translate: Translate
) -> Appendix | None:
    if not page.with_appendix:
        return None
    return appendix_of(
        known,
        assessment.as_of,
        rule_set=assessment.rule_set,
        with_notes=page.with_notes,
        translate=translate,
    )


def _words(page: Handover, translate: Translate) -> dict[str, str]:
    own = {"product": page.product, "signed": page.signed}
    if page.emergency:
        said = translate(N_("In an emergency, call {number}."))
        own["emergency"] = said.format(number=page.emergency)
    between = {"colon": ": ", "stop": ".", "opens": " (", "closes": ")"}
    own |= {key: mark(text, translate).strip() for key, text in between.items()}
    words = {key: translate(text) for key, text in _WORDS.items()}
    return words | {key: text for key, text in own.items() if text}


_WORDS = {
    "title": N_("Recovery report"),
    "made": N_("Report"),
    "visit": N_("Next visit"),
    "since": N_("Since"),
    "for": N_("For"),
    "later": N_("Since then"),
    "against": N_("Against"),
    "beside": N_("Not weighed"),
    "rests": N_("Based on"),
    "consider": N_("Consider"),
    "decided": N_("Decided"),
    "undecided": N_("Nothing yet."),
    "signs": N_("Warning signs"),
    "limits": N_("Restrictions and dates"),
    "scores": N_("Questionnaire scores"),
    "numbness": N_("Numb places"),
    "fullness": N_("Diary"),
    "notes": N_("In the patient’s words"),
    "questions": N_("My questions for this visit"),
    "cut": N_("(cut here; the rest is in the diary)"),
    "footer": N_(
        "From the patient’s own diary, last entry {day}. Not a diagnosis. Nobody reads it live. "
        "The rules were never tested in patients."
    ),
    "footer_empty": N_(
        "From the patient’s own diary, no entries yet. Not a diagnosis. Nobody reads it live. "
        "The rules were never tested in patients."
    ),
    "product": N_("Recovery tracker"),
    "emergency": N_("In an emergency, call an ambulance."),
    "origin": N_("{product} {version} · rules {rule_set} · data {data_hash}"),
    "origin_signed": N_("{product} {version} · data {data_hash}. {signed}"),
    "page": N_("Page 1 of 1"),
    "page_and_more": N_("Page 1, an appendix follows"),
    "chart": N_("Chart of the recovery"),
    "earlier": N_("Earlier operation"),
    "sign": N_("sign"),
    "days": N_("days"),
    "marks": N_("At the weeks studies report"),
    "more": N_("(+{count} more on the patient’s page)"),
}


def _by_carers(page: Handover, translate: Translate) -> list[str]:
    """A sentence for each carer who wrote in the diary for the patient."""
    said = translate(N_("{name} wrote {days} for the patient."))
    return [
        said.format(name=name, days=days_words(count, translate)) for name, count in page.written_by
    ]


def _identifiers(page: Handover, translate: Translate) -> tuple[str, ...]:
    found = []
    if page.birth_date is not None:
        born = day_words(page.birth_date, translate, year=True)
        found.append(translate(N_("Born {day}")).format(day=born))
    if page.hospital_number:
        found.append(translate(N_("No. {number}")).format(number=page.hospital_number))
    return tuple(found)
