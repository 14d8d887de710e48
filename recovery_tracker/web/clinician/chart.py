"""One patient at a glance: what happened, the chart, the evidence, and a decision to make."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import charts
from ...domain.flags import URGENCY_NAMES, Urgency
from ...domain.people import Action
from ...domain.phrases import NOT_A_DIAGNOSIS, say
from ...domain.wording import show_in
from ...reports import Handover, summarise
from ...reports.summary import RecoverySummary, told_from
from ...services import Recovery, patient_list, read_recovery, unflagged
from ...storage.audit import AuditAction
from ...storage.audit_trail import events_about
from ...storage.listing import ListedPatient
from ...storage.tags import tags_of
from ..shared import clock
from ..shared.access import actor, database, installation, load_patient
from ..shared.device_words import device_table
from ..shared.pages import render
from ..shared.pictures import first_day, weeks_asked
from ..shared.policies import CLINICIAN, policy
from ..shared.report import imaging_asked, unanswered_of
from ..shared.zones import clinic_today
from . import blueprint, record_words
from .compare import Comparison, comparison_of
from .course_table import course_header, course_rows
from .days import ENTRIES_SHOWN, day_values_of, entries_header, entry_row, notes_of, sign_log_of
from .facts import facts_of, identity_of
from .flag_view import decisions_for, flag_view_of
from .instruction_words import instructions_of, topics_to_choose
from .numbness_map import numbness_map_of
from .sensitivity_words import in_force_words
from .words import badge, reason_of

#: Fields of every form on the page; what was not typed is empty.
FIELDS = (
    *("flag", "decision", "note", "until", "plan_topic", "plan_text", "plan_due"),
    *("kind_of_form", "day", "time", "with_whom", "modality", "result", "kind", "label"),
    *("form", "score"),
    *("instruction", "topic", "text", "due"),
    *("phone", "tags"),
)

NOTHING: Mapping[str, str] = MappingProxyType({})


@blueprint.get("/p/<public_id>")
@policy(CLINICIAN, Action.READ_DIARY)
def chart(public_id: str) -> ResponseReturnValue:
    """The chart page; `weeks` zooms the chart, never the numbers."""
    return chart_page(public_id, Action.READ_DIARY)


def recovery_of(public_id: str, action: Action) -> Recovery:
    """Everything known about the patient, as of their own today; the look is in the audit."""
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
    today = clock.today(recovery.patient.zone)
    frame = {
        **_frame(recovery, today),
        "problems": problems,
        "typed": {**dict.fromkeys(FIELDS, ""), **typed},
    }
    if recovery.history is None or recovery.assessment is None:
        return render("clinician/no_chart.html", **frame, standing=_standing_in_words(recovery))
    page = Handover(unanswered=unanswered_of(recovery), imaging_asked=imaging_asked(recovery))
    summary = summarise(recovery.history, recovery.assessment, page, translate=_)
    comparison = comparison_of(recovery, today, request.args)
    return render(
        "clinician/chart.html",
        **frame,
        **_flags(recovery, summary, today, typed.get("flag", "")),
        **_picture(recovery, comparison),
        **_diary(recovery),
        identity=identity_of(recovery, today),
        facts=facts_of(recovery, summary),
        sensitivity=in_force_words(recovery.history, today),
        comparison=comparison,
        devices=device_table(recovery.history, today),
        courses=course_rows(recovery),
        course_header=course_header(),
        numbness_map=numbness_map_of(recovery.history, today),
        instructions=instructions_of(recovery, today),
        topics=topics_to_choose,
        next_patient=_next_patient(recovery, today) if "saved" in request.args else None,
        next_visit=min((visit.day for visit in recovery.coming_visits(today)), default=None),
    )


def _standing_in_words(recovery: Recovery) -> list[tuple[str, str]]:
    """(urgency, reason) of each flag that stands and of each answer that no flag says, the most
    urgent first, where no chart can be drawn beside them.
    """
    if recovery.history is None:
        return []
    told = told_from(recovery.history, recovery.today)
    found = [(flag.urgency, reason_of(flag.episode, told)) for flag in recovery.open_flags]
    show = show_in(_, recovery.today)
    found += [
        (concern.urgency, say(concern.reason, _, region=told.region, show=show))
        for _day, concern in unflagged(recovery, recovery.today)
    ]
    found.sort(key=lambda one: -one[0])
    return [(_(URGENCY_NAMES[urgency]), reason) for urgency, reason in found]


def _next_patient(recovery: Recovery, today: date) -> ListedPatient | None:
    """The next patient who waits for a look, apart from this one; None if there is none."""
    found = patient_list(
        database(), actor(), today=today, at=clock.now(), filter="attention", page_size=2
    )
    others = (row for row in found.rows if row.id != recovery.patient.id)
    return next(others, None)


def _frame(recovery: Recovery, today: date) -> dict[str, Any]:
    """What the page needs whether there is an operation or not."""
    with database().read() as session:
        tags = tags_of(session, [recovery.patient.id]).get(recovery.patient.id, ())
    return {
        "patient": recovery.patient,
        "today": today,
        "tags": [tag.name for tag in tags],
        "paper": installation().paper,
        "recovery": recovery,
        "record_words": record_words,
    }


def _flags(
    recovery: Recovery, summary: RecoverySummary, today: date, answered: str
) -> dict[str, Any]:
    """The verdict, every flag, and what may be decided.

    `answered` names a flag whose form was just sent: it keeps its form even if it has ended since.
    """
    assert recovery.history is not None
    assert recovery.assessment is not None
    told = told_from(recovery.history, today)
    zone, standing = recovery.patient.zone, recovery.waiting_flags(clinic_today())
    closed = [flag for flag in recovery.flags if flag not in standing]
    closed.sort(key=lambda flag: flag.episode.raised_on, reverse=True)
    back = [flag for flag in closed if flag.public_id == answered]
    standing, closed = (*standing, *back), [flag for flag in closed if flag not in back]
    with database().read() as session:
        looks = events_about(session, recovery.patient.id, action=AuditAction.FLAG_SEEN)
    asking = [flag.urgency for flag in standing[:1] if any(flag.need_on(today))]
    level, words = badge(
        asking[0] if asking else None,
        recovery.assessment.status,
        is_answered=bool(recovery.open_flags),
    )
    return {
        "level": level,
        "badge": words,
        "summary": summary,
        "headline": " ".join(summary.headline),
        # Those that wait for somebody first; flags that ended or were withdrawn stay visible.
        "flags": [flag_view_of(flag, told, zone, looks) for flag in standing],
        "others": [flag_view_of(flag, told, zone, looks) for flag in closed],
        "decisions": decisions_for(Urgency.REVIEW),
        "emergency_decisions": decisions_for(Urgency.EMERGENCY),
        "not_a_diagnosis": _(NOT_A_DIAGNOSIS),
    }


def _picture(recovery: Recovery, comparison: Comparison | None) -> dict[str, Any]:
    """The chart, the same in words and as a table, and how far back it reaches.

    The periods that are compared are marked on it.
    """
    assert recovery.history is not None
    assert recovery.assessment is not None
    asked = request.args.get("weeks")
    weeks = weeks_asked(asked)
    story = charts.story_of(recovery.history, recovery.assessment, translate=_)
    header, rows = charts.table(story)
    shown = charts.story_of(
        recovery.history,
        recovery.assessment,
        first=first_day(recovery.assessment, asked),
        periods=[(one.first, one.last) for one in comparison.periods] if comparison else (),
        translate=_,
    )
    marked = zip("ab", comparison.periods, strict=False) if comparison else ()
    return {
        "marked": {letter: f"{one.first}-{one.last}" for letter, one in marked},
        "day_values": day_values_of(shown),
        "legend": charts.legend(shown, _),
        "key": shown.key,
        "weeks": "all" if weeks is None else str(weeks),
        # A zoom keeps the two periods that were chosen to compare, and the other way round.
        "periods": {
            name: request.args[name] for name in ("before", "after") if name in request.args
        },
        "zooms": [("all" if n is None else str(n), zoom_name(n)) for n in charts.ZOOMS],
        "description": charts.describe(story),
        "sizes": charts.pixel_sizes(shown),
        "header": header,
        "weekly": rows[::-1],
    }


def _diary(recovery: Recovery) -> dict[str, Any]:
    """What the patient wrote and asked."""
    latest = recovery.entries[-ENTRIES_SHOWN:][::-1]
    return {
        "notes": notes_of(recovery),
        "entries_header": entries_header(recovery),
        "entries": [entry_row(stored, recovery) for stored in latest],
        "sign_log": sign_log_of(recovery),
        "questions": recovery.patient.questions,
    }


def zoom_name(weeks: int | None) -> str:
    """A zoom in words."""
    return _("All weeks") if weeks is None else _("%(n)s weeks", n=weeks)
