"""Who a chart is about, and how far its diary can be trusted, as pairs of name and words."""

from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from ...domain.peg import MCID, pegs_of
from ...domain.surgery import FUSION_NAMES, RISK_FACTORS, Operation
from ...domain.wording import day_words, days_words, levels_words, near_day_words, number
from ...reports.facts import operation_words
from ...reports.sufficiency import baseline_words, kept_words, now_words
from ...reports.summary import RecoverySummary
from ...services import Recovery
from ...storage.reminders import since_last_entry
from ..shared.access import database
from ..shared.language import mark
from .compare import change_words
from .words import age, reminded_words


def identity_of(recovery: Recovery, today: date) -> list[tuple[str, str]]:
    """Who this is, in the few facts that place a recovery."""
    assert recovery.history is not None
    index: Operation = recovery.history.index
    years = age(recovery.patient.birth_date, today)
    risks = [_(RISK_FACTORS[key]).lower() for key in sorted(index.risk_factors)]
    born = recovery.patient.birth_date
    earlier = [operation_words(one, _) for one in recovery.history.operations[:-1]]
    facts = [
        (_("Age"), "" if years is None else str(years)),
        (_("Date of birth"), "" if born is None else day_words(born, _, year=True)),
        (_("No."), recovery.patient.hospital_number or ""),
        (_("Operation"), _fused(index) + mark(", ") + near_day_words(index.day, today, _)),
        (_("Earlier operation"), mark("; ").join(earlier)),
        (_("Now"), now_words(recovery.history, today, _)),
        (_("Risks"), mark(", ").join(risks)),
    ]
    return [(name, text) for name, text in facts if text]


def _fused(index: Operation) -> str:
    """What was fused, as exactly as it is known."""
    if index.level_names:
        return index.level_names
    if index.levels:
        return levels_words(index.levels, _)
    return _(FUSION_NAMES[index.region])


def facts_of(recovery: Recovery, summary: RecoverySummary) -> list[tuple[str, str]]:
    """How far the data can be trusted, and what else was recorded."""
    assert recovery.assessment is not None
    held = recovery.assessment.sufficiency
    reminded = _reminded(recovery.patient.id)
    # Of the whole diary, for before an operation there is one too.
    told = (stored.day for stored in recovery.entries if stored.entry.has_answers())
    last = max(told, default=None)
    return [
        *_days_logged(recovery),
        (
            _("Last entry"),
            _("none yet") if last is None else near_day_words(last, recovery.assessment.as_of, _),
        ),
        *([(_("Reminders"), reminded)] if reminded else []),
        (_("Filled in late"), str(held.late)),
        (_("Longest gap"), days_words(held.longest_gap, _)),
        (_("Warning signs"), summary.signs_line),
        *((name, text) for name, text in summary.context if name != _("Risk factors")),
        (_("Numb places"), summary.numbness),
        *([(_("Restrictions and dates"), summary.limits)] if summary.limits else []),
        *([(_("Questionnaire scores"), summary.scores)] if summary.scores else []),
        *_peg(recovery),
    ]


def _peg(recovery: Recovery) -> list[tuple[str, str]]:
    """The latest PEG since the operation, the one before it, and whether patients notice it.

    Its items are reworded, so it is never called the PEG.
    """
    assert recovery.history is not None
    assert recovery.assessment is not None
    history, today = recovery.history, recovery.assessment.as_of
    days = (entry for entry in history.entries if entry.day >= history.index.day)
    found = list(pegs_of(days))[-2:]
    dated = [
        _("{score} on {day}").format(score=number(one.mean), day=near_day_words(one.day, today, _))
        for one in found
    ]
    if len(found) < 2:
        return [(_("Adapted PEG"), said) for said in dated]
    said = dated[1] + _(", before that {score}").format(score=dated[0])
    change = change_words(found[0].mean, found[1].mean, least=MCID, better_high=False)
    return [(_("Adapted PEG"), Markup("{}; {}").format(said, change))]


def _days_logged(recovery: Recovery) -> list[tuple[str, str]]:
    """The days of the diary since the operation, or before it those of the baseline."""
    assert recovery.history is not None
    assert recovery.assessment is not None
    held, today = recovery.assessment.sufficiency, recovery.assessment.as_of
    if today < recovery.history.index.day:
        return [(_("Days logged"), baseline_words(recovery.history, today, _))]
    return [
        (_("Days logged"), kept_words(held, recovery.history, today, _)),
        (_("Last 14 days"), _of(held.recent_kept, held.recent_expected)),
    ]


def _of(logged: int, expected: int) -> str:
    """Fewer days are expected than pass: the diary asks less often as time goes on."""
    if not expected:
        return _("none expected")
    return _("%(logged)s of %(expected)s expected", logged=logged, expected=expected)


def _reminded(patient_id: int) -> str:
    with database().read() as session:
        return reminded_words(since_last_entry(session, [patient_id]).get(patient_id))
