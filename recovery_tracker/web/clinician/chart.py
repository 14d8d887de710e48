"""One patient at a glance: what happened, the picture, the evidence, and a decision to make."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import charts
from ...domain.flags import URGENCY_NAMES, Urgency
from ...domain.measures import MEASURES
from ...domain.people import Action
from ...domain.phrases import NOT_A_DIAGNOSIS
from ...domain.signs import SIGNS
from ...domain.surgery import RISK_FACTORS, Operation, postoperative_day
from ...domain.wording import day_words, level_words
from ...overview import Recovery, read_recovery
from ...reports import summarise
from ...reports.summary import RecoverySummary
from ...storage.diary import StoredEntry
from .. import clock
from ..access import actor, database, installation, load_patient
from ..pages import render
from ..pictures import first_day, weeks_asked
from ..policies import CLINICIAN, policy
from . import blueprint, record_words
from .compare import comparison_of
from .readout import readout_of
from .receipts import Receipt, decisions_for, receipt_of
from .words import age, badge, time_since

#: Days of the list of entries, and notes shown.
ENTRIES_SHOWN = 28
NOTES_SHOWN = 8

#: Fields of every form on the page; what was not typed is empty.
FIELDS = (
    *("flag", "decision", "note", "until"),
    *("kind_of_form", "day", "time", "with_whom", "modality", "result", "kind", "label"),
)

NOTHING: Mapping[str, str] = MappingProxyType({})


@blueprint.get("/p/<public_id>")
@policy(CLINICIAN, Action.READ_DIARY)
def chart(public_id: str) -> ResponseReturnValue:
    """The chart page; `weeks` zooms the picture, never the numbers."""
    return chart_page(public_id, Action.READ_DIARY)


def recovery_of(public_id: str, action: Action) -> Recovery:
    """Everything known of the patient, as of their own today; the look is in the audit."""
    patient = load_patient(public_id, action)
    return read_recovery(
        database(), patient.id, today=clock.today(patient.zone), by=actor(), at=clock.now()
    )


def chart_page(
    public_id: str,
    action: Action,
    *,
    problems: Mapping[str, str] = NOTHING,
    typed: Mapping[str, str] = NOTHING,
) -> str:
    """The page, with what was typed and what is wrong with it where a form came back."""
    recovery = recovery_of(public_id, action)
    patient = recovery.patient
    today = clock.today(patient.zone)
    values: dict[str, Any] = {
        "patient": patient,
        "today": today,
        "user": actor().name,
        "problems": problems,
        "typed": {**dict.fromkeys(FIELDS, ""), **typed},
        "paper": installation().paper,
        "signed_by": installation().rules_signed_by,
        "age": age(patient.birth_date, today),
        "recovery": recovery,
        "record_words": record_words,
    }
    if recovery.history is None or recovery.assessment is None:
        return render("clinician/no_chart.html", **values)
    weeks = weeks_asked(request.args.get("weeks"))
    story = charts.story_of(recovery.history, recovery.assessment, translate=_)
    header, rows = charts.table(story)
    summary = summarise(recovery.history, recovery.assessment, translate=_)
    receipts = _receipts(recovery, today)
    standing = recovery.open_flags
    level, words = badge(standing[0].urgency if standing else None, recovery.assessment.status)
    values |= {
        "identity": identity_of(recovery, today),
        "level": level,
        "badge": words,
        "summary": summary,
        "headline": " ".join(summary.headline),
        "receipts": receipts,
        "others": _other_receipts(recovery, today),
        "decisions": decisions_for(Urgency.REVIEW),
        "emergency_decisions": decisions_for(Urgency.EMERGENCY),
        "readout": readout_of(
            charts.story_of(
                recovery.history,
                recovery.assessment,
                first=first_day(recovery, request.args.get("weeks")),
                translate=_,
            )
        ),
        "weeks": "all" if weeks is None else str(weeks),
        "zooms": [("all" if n is None else str(n), zoom_name(n)) for n in charts.ZOOMS],
        "description": charts.describe(story),
        "header": header,
        "weekly": rows[::-1],
        "comparison": comparison_of(recovery, today, request.args),
        "facts": facts_of(recovery, summary),
        "notes": _notes(recovery),
        "entries_header": _entries_header(recovery),
        "entries": [_entry_row(stored) for stored in recovery.entries[-ENTRIES_SHOWN:][::-1]],
        "sign_log": _sign_log(recovery),
        "questions": [str(q) for q in patient.preferences.get("questions", [])],
        "not_a_diagnosis": _(NOT_A_DIAGNOSIS),
        "next_visit": min(
            (a.value.day for a in recovery.appointments if a.value.day >= today), default=None
        ),
    }
    return render("clinician/chart.html", **values)


def zoom_name(weeks: int | None) -> str:
    """A zoom in words."""
    return _("All") if weeks is None else _("%(n)s weeks", n=weeks)


def identity_of(recovery: Recovery, today: date) -> list[tuple[str, str]]:
    """Who this is, in the few facts that place a recovery."""
    assert recovery.history is not None
    index: Operation = recovery.history.index
    years = age(recovery.patient.birth_date, today)
    risks = [_(RISK_FACTORS[key]).lower() for key in sorted(index.risk_factors)]
    operation = index.level_names or (
        _("%(n)s levels", n=index.levels) if index.levels else _("fusion")
    )
    facts = [
        (_("Age"), "" if years is None else str(years)),
        (_("No."), recovery.patient.hospital_number or ""),
        (_("Operation"), f"{operation}, {day_words(index.day, _, year=True)}"),
        (
            _("Now"),
            _("day %(day)s", day=postoperative_day(today, index))
            + ", "
            + time_since(index.day, today),
        ),
        (_("Risks"), ", ".join(risks)),
    ]
    return [(name, text) for name, text in facts if text]


def facts_of(recovery: Recovery, summary: RecoverySummary) -> list[tuple[str, str]]:
    """How far the data can be trusted, and what else was recorded."""
    assert recovery.assessment is not None
    held = recovery.assessment.sufficiency
    share = round(100 * held.logged / held.expected) if held.expected else 0
    return [
        (_("Days logged"), f"{held.logged} / {held.expected} ({share} %)"),
        (_("Last 14 days"), f"{held.recent_logged} / {held.recent_expected}"),
        (
            _("Last entry"),
            _("none") if held.last_entry is None else day_words(held.last_entry, _),
        ),
        (_("Filled in late"), str(held.late)),
        (_("Longest gap"), _("%(n)s days", n=held.longest_gap)),
        (_("Warning signs"), summary.signs_line),
        *((name, text) for name, text in summary.context if name != _("Risk factors")),
        (_("Numb places"), summary.numbness),
    ]


def _receipts(recovery: Recovery, today: date) -> list[Receipt]:
    """Open flags, the most urgent first; what waits for an answer before what has one."""
    assert recovery.history is not None
    region = recovery.history.region
    return [receipt_of(flag, region, today) for flag in recovery.open_flags]


def _other_receipts(recovery: Recovery, today: date) -> list[Receipt]:
    """Flags that ended or were withdrawn, the latest first; they stay visible."""
    assert recovery.history is not None
    closed = [flag for flag in recovery.flags if not flag.is_open]
    closed.sort(key=lambda flag: flag.episode.raised_on, reverse=True)
    return [receipt_of(flag, recovery.history.region, today) for flag in closed]


def _notes(recovery: Recovery) -> list[tuple[str, str]]:
    noted = [stored.entry for stored in recovery.entries if stored.entry.note]
    return [
        (day_words(entry.day, _, year=True), entry.note or "")
        for entry in reversed(noted[-NOTES_SHOWN:])
    ]


_COLUMNS = ("axial_pain", "limb_pain", "numbness", "mobility", "walking")


def _entries_header(recovery: Recovery) -> list[str]:
    assert recovery.history is not None
    region = recovery.history.region
    names = [_(MEASURES[key].name_for(region)) for key in _COLUMNS]
    return [_("Day"), *names, _("Warning signs"), _("Recorded")]


def _entry_row(stored: StoredEntry) -> list[str]:
    entry = stored.entry
    answers = [getattr(entry, key) for key in _COLUMNS]
    signs = entry.signs
    if signs is None:
        told = "–"
    elif not signs:
        told = _("none ticked")
    else:
        told = ", ".join(_(SIGNS[sign].clinician) for sign in sorted(signs))
    recorded = _("on time") if entry.days_late == 0 else _("%(n)s days later", n=entry.days_late)
    if stored.version > 1:
        recorded = f"{recorded}, {_('corrected')}"
    return [
        day_words(entry.day, _),
        *(
            "–" if answer is None else level_words(key, float(answer), _)
            for key, answer in zip(_COLUMNS, answers, strict=True)
        ),
        told,
        recorded,
    ]


def _sign_log(recovery: Recovery) -> list[tuple[str, str, str]]:
    """Every day on which a sign was ticked, the latest first."""
    assert recovery.history is not None
    found = []
    for entry in reversed(recovery.history.entries):
        for sign in sorted(entry.signs or ()):
            pod = postoperative_day(entry.day, recovery.history.index)
            urgency = SIGNS[sign].urgency_on(pod)
            found.append(
                (
                    day_words(entry.day, _, year=True),
                    _(SIGNS[sign].clinician),
                    "" if urgency is None else _(URGENCY_NAMES[urgency]),
                )
            )
    return found[:40]
