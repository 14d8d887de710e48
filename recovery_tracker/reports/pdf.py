"""The one-page report as a PDF. Characters that no face of ours covers are replaced visibly, so the
page can always be made.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.language import N_
from ..domain.wording import Pieces, Translate, day_words, mark, near_day_words, sentences
from ..fonts import FAMILIES, printable
from ..trends.parameters import STANDARD
from .appendix import Appendix
from .findings import Finding
from .fitting import cut, joined, pieces_of, tags_of, whole
from .marks import Marks
from .summary import RecoverySummary
from .typeset import Page, language_tags, paper_name

#: A picture of nothing, as wide and as high in pixels as the chart.
_EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="{:g}" height="{:g}"/>'

#: Half of a word that the template breaks, or more: one may begin in a piece and end in the next.
_LONG = re.compile(r"\S{20,}")

#: Signs that have a row each; further ones are counted.
MOST_SIGNS = 5

#: Flags that are written out; further ones are named in one line.
MOST_FINDINGS = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart for the page: what draws it, the words for those who cannot see it, and its marks."""

    #: The chart as SVG, `width` and the given height in inches.
    drawn: Callable[[float], bytes]
    width: float
    #: The heights it can have, the tallest first: a page takes the one it has room for.
    heights: tuple[float, ...]
    description: str
    legend: str
    #: Every event of the picture by its number, as a line in pieces.
    key: Pieces = ()


def write_pdf(
    summary: RecoverySummary,
    picture: Picture,
    *,
    paper: str = "a4",
    translate: Translate = str,
) -> bytes:
    """One page, whatever the summary holds, and behind it the appendix where there is one."""
    data = page_data(summary, picture, paper, translate)
    # Set first with empty pictures to see what fits; only that one is then drawn.
    place = Page("report.typ", data).value_of("<height>")
    data["svgs"][place] = picture.drawn(picture.heights[place]).decode()
    return Page("report.typ", data).pdf()


def page_data(
    summary: RecoverySummary, picture: Picture, paper: str, translate: Translate = str
) -> dict[str, Any]:
    """Every text of the page, cut to its room and drawable, and empty pictures of every height."""
    words = {key: printable(text) for key, text in summary.words.items()}
    as_of = day_words(summary.as_of, translate, year=True)
    data = {
        "paper": paper_name(paper),
        "fonts": list(FAMILIES),
        "words": words,
        **language_tags(summary.language),
        "own": tags_of(summary.own_language, summary.language),
        **_heading(summary, words["title"], as_of, translate),
        **_verdict(summary, translate),
        "alt": printable(picture.description),
        "legend": printable(picture.legend),
        "key": pieces_of(picture.key, printable(joined(picture.key)), summary.language),
        **_facts(summary, translate),
        **_said(summary, paper, translate),
        **_closing(summary, words, translate),
    }
    return data | {
        "svgs": [_EMPTY.format(picture.width * 100, height * 100) for height in picture.heights],
        "may_be_long": _LONG.search(json.dumps(data, ensure_ascii=False)) is not None,
    }


def _heading(
    summary: RecoverySummary, title: str, as_of: str, translate: Translate
) -> dict[str, str]:
    name = cut(summary.name, "name")
    heading = title + mark(": ", translate) + name if name else title
    return {
        "title": heading + mark(", ", translate) + as_of,
        "heading": heading,
        "made": cut(
            " · ".join(filter(None, (summary.made_on, summary.clinic, summary.surgeon))), "made"
        ),
        "operation": cut(summary.operation, "operation"),
        "now": printable(summary.now),
        "visit": printable(summary.visit),
        "identifiers": cut(" · ".join(summary.identifiers), "identifiers"),
    }


def _verdict(summary: RecoverySummary, translate: Translate) -> dict[str, Any]:
    """What happened, the flags that are written out, and in one line those that are not."""
    shown = [finding for finding in summary.findings if finding.waits][:MOST_FINDINGS]
    return {
        "headline": cut(" ".join(summary.headline), "headline"),
        "status_line": printable(summary.status_line),
        "findings": [
            {
                "level": finding.level.key,
                "lead": cut(
                    finding.urgency + mark(": ", translate) + finding.what_happened, "lead"
                ),
                "rows": _rows(finding, summary),
            }
            for finding in shown
        ],
        # An answer that needs somebody today comes before the course of weeks.
        "is_urgent": any(finding.is_urgent for finding in shown),
        "also": _also(summary, len(shown), translate),
    }


def _rows(finding: Finding, summary: RecoverySummary) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rows of a flag's box: label and text in pieces, none of them empty."""
    words = summary.words
    decided = tuple(map(joined, finding.decided)) or (words["undecided"],)
    rows = (
        ("since", (finding.since,)),
        ("for", finding.evidence_for),
        ("later", finding.later),
        ("against", finding.evidence_against),
        ("beside", (finding.beside,)),
        ("rests", finding.rests_on),
        ("consider", (finding.consider,)),
        ("decided", decided),
    )
    told = ((key, whole(said, key, words["more"])) for key, said in rows)
    typed = [piece for one in finding.decided for piece in (*one, ("; ", ""))]
    return [
        (
            printable(words[key]),
            pieces_of(typed if key == "decided" else (), text, summary.language),
        )
        for key, text in told
        if text
    ]


def _facts(summary: RecoverySummary, translate: Translate) -> dict[str, Any]:
    return {
        "context": [
            (cut(label, "context"), cut(text, "context")) for label, text in summary.context
        ],
        "earlier": [cut(said, "earlier") for said in summary.earlier],
        "marks": _marks(summary.marks),
        "limits": pieces_of(summary.limit_pieces, cut(summary.limits, "limits"), summary.language),
        "scores": cut(summary.scores, "scores"),
        "when": printable(translate(N_("when"))),
        "signs": _signs(summary, translate),
        "signs_line": _signs_line(summary, translate),
        "numbness": cut(summary.numbness, "numbness"),
        "sufficiency": printable(summary.sufficiency),
    }


def _marks(marks: Marks | None) -> dict[str, Any] | None:
    """The table of the weeks that studies report; None before the first of them."""
    if marks is None:
        return None
    return {
        "header": [printable(head) for head in marks.header],
        "rows": [
            [printable(name), [[printable(c.own), printable(c.published)] for c in cells]]
            for name, cells in marks.rows
        ],
        "line": printable(marks.line),
    }


def _said(summary: RecoverySummary, paper: str, translate: Translate) -> dict[str, Any]:
    """What the patient wrote and asks."""
    room = "note" if paper == "a4" else "note on letter"
    notes = []
    for note in summary.notes:
        text = cut(note.text, room)
        day = near_day_words(note.day, summary.as_of, translate)
        notes.append({"day": day, "text": text, "cut": note.cut or text.endswith("…")})
    return {
        "notes": notes,
        "questions": [cut(question, "question") for question in summary.questions],
    }


def _closing(
    summary: RecoverySummary, words: dict[str, str], translate: Translate
) -> dict[str, Any]:
    appendix = summary.appendix
    footer = words["footer_empty"]
    if summary.last_entry is not None:
        day = day_words(summary.last_entry, translate, year=True)
        footer = words["footer"].format(day=day)
    signed = words.get("signed", "")
    # Who signed the rules, or that nobody has, names them; a setting in the name is not signed.
    are_named = signed != "" and summary.rule_set == STANDARD.rule_set
    origin = words["origin_signed" if are_named else "origin"].format(
        product=words["product"],
        version=summary.version,
        rule_set=summary.rule_set,
        data_hash=summary.data_hash,
        signed=signed,
    )
    if signed and not are_named:
        origin = f"{origin}. {signed}"
    return {
        "page": words["page" if appendix is None else "page_and_more"],
        "appendix": None if appendix is None else _appendix(appendix),
        "footer": printable(sentences((words["emergency"], footer), translate)),
        "origin": printable(origin),
    }


def _appendix(appendix: Appendix) -> dict[str, Any]:
    """Every text of the appendix as it can be drawn; notes stand in full."""
    return {
        "heading": printable(appendix.heading),
        "method": printable(appendix.method),
        "days_title": printable(appendix.days_title),
        "columns": [printable(name) for name in appendix.columns],
        "days": [[printable(cell) for cell in row] for row in appendix.days],
        "notes": [[printable(day), printable(text)] for day, text in appendix.notes],
        "measured_title": printable(appendix.measured_title),
        "measured_columns": [printable(name) for name in appendix.measured_columns],
        "measured": [[printable(cell) for cell in row] for row in appendix.measured],
    }


def _also(summary: RecoverySummary, shown: int, translate: Translate) -> str:
    """The flags that are not written out, each with its days and what was decided about it."""
    waiting = [finding for finding in summary.findings if finding.waits][shown:]
    ended = [finding for finding in summary.findings if not finding.waits]
    if not shown:
        # The status line names those that ended; here only what was decided about them is new.
        ended = [finding for finding in ended if finding.decided]
    parts = []
    for sentence, findings in (
        (N_("Also open: {flags}."), [f for f in waiting if f.cleared_on is None]),
        (N_("Ended, not yet looked at: {flags}."), [f for f in waiting if f.cleared_on]),
        (N_("Ended: {flags}."), ended),
        (N_("Withdrawn after a correction: {flags}."), list(summary.withdrawn)),
    ):
        if findings:
            told = [_named(finding, summary.as_of, translate) for finding in findings]
            parts.append(translate(sentence).format(flags=mark("; ", translate).join(told)))
    return whole(parts, "also", summary.words["more"])


def _named(finding: Finding, today: date, translate: Translate) -> str:
    """A flag by its name, from the day it was raised to the day it ended, and its decisions."""
    name = finding.name
    if finding.about:
        name += mark(": ", translate) + finding.about
    said = name + mark(", ", translate) + near_day_words(finding.raised_on, today, translate)
    if finding.cleared_on is not None:
        said = translate(N_("{pattern}, {first} to {last}")).format(
            pattern=name,
            first=near_day_words(finding.raised_on, today, translate),
            last=near_day_words(finding.cleared_on, today, translate),
        )
    if not finding.decided:
        return said
    decided = translate(N_("decided: {decisions}")).format(
        decisions=mark("; ", translate).join(map(joined, finding.decided))
    )
    return said + mark(" (", translate) + decided + mark(")", translate)


def _signs(summary: RecoverySummary, translate: Translate) -> list[tuple[str, str, str]]:
    rows = []
    for row in summary.signs[:MOST_SIGNS]:
        when = near_day_words(row.first, summary.as_of, translate)
        if row.last != row.first:
            when = f"{when} – {near_day_words(row.last, summary.as_of, translate)}"
        rows.append((cut(row.name, "sign"), str(row.days), when))
    return rows


def _signs_line(summary: RecoverySummary, translate: Translate) -> str:
    """How many more signs there are, and on how many days none was ticked."""
    more = len(summary.signs) - MOST_SIGNS
    said = translate(N_("And {count} more.")).format(count=more) if more > 0 else ""
    return printable(f"{said} {summary.signs_line}".strip())
