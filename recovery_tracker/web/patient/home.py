"""Home: today's entry, the week without guilt, how it is going, advice, the report.

States: before the operation, day one, too little to say, away for a while, an open flag. None of
them says that all is well, and none counts missed days.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.advice import NOTHING_FOUND
from ...domain.flags import Status
from ...domain.history import MOST_QUESTIONS, QUESTION_LENGTH
from ...domain.people import Action
from ...domain.surgery import postoperative_day
from ...storage import people
from ...trends.parameters import STANDARD
from ..shared import clock
from ..shared.access import actor, database, installation
from ..shared.forms import sent
from ..shared.language import day_text, say_day
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .calm import felt_worse_words, may_calm
from .days import NIGHT_ENDS, WEEK, was_away, week_of
from .guidance import Guidance, advice_line
from .milestones import milestones_of
from .open_advice import OpenAdvice, open_advice
from .plan import plan_of
from .reading import Begun, recovery_of, scores_are_hidden
from .recovery import picture_parts
from .saved import next_visit
from .unflagged import unflagged_advice
from .words import getting_on, hurts_more, say_postoperative

#: Milestones on the home page, the newest ones.
MILESTONES_SHOWN = 3
#: Entries before a chart is drawn. Our default.
CHART_FROM = 3


@blueprint.get("/")
@policy(PATIENT, Action.READ_DIARY)
def home(public_id: str) -> ResponseReturnValue:
    """The patient's first page."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    return _page(recovery, recovery.patient.questions)


def _page(recovery: Begun, questions: Sequence[str]) -> str:
    patient, history = recovery.patient, recovery.history
    today, clinic = clock.today(patient.zone), installation()
    index, pod = history.index, postoperative_day(today, history.index)
    hide = scores_are_hidden(recovery, pod)
    enough = len(history.entries) >= CHART_FROM
    advice = open_advice(recovery, today)
    unflagged = unflagged_advice(recovery, today)
    calms = may_calm(recovery, today, advice)
    return render(
        "patient/home.html",
        patient=patient,
        today=today,
        today_in_words=say_day(today),
        greeting=_greeting(recovery, today),
        pod=pod,
        index_day=say_day(index.day),
        has_earlier_operation=sum(o.day <= today for o in history.operations) > 1,
        planned_day=_planned_day(recovery, today),
        is_done=recovery.entry_on(today) is not None,
        written_days=[stored.day for stored in recovery.entries[-WEEK:]],
        yesterday=_yesterday_first(recovery, today),
        week=week_of(history.entries, today) if history.entries else (),
        is_away=recovery.entry_on(today) is None and was_away(history.entries, today),
        is_first=not history.entries,
        advice=advice,
        unflagged=unflagged,
        above=_above(unflagged, advice),
        calms=calms,
        was_unnoted="unnoted" in request.args,
        getting_on=getting_on(history, today, scores=not hide) if enough and calms else (),
        status=_status(recovery, today) if enough else felt_worse_words(recovery, today),
        picture=picture_parts(recovery, today) if enough and pod >= 0 and not hide else None,
        scores_hidden=hide,
        milestones=[
            (_(first.text), say_day(first.day))
            for first in milestones_of(history.entries, index)[:MILESTONES_SHOWN]
        ],
        plan=plan_of(recovery, today),
        visit=next_visit(recovery, today),
        questions=(*questions, *[""] * MOST_QUESTIONS)[:MOST_QUESTIONS],
        clinic=clinic,
        advice_line=advice_line(clinic),
    )


def _above(unflagged: Guidance | None, advice: Sequence[OpenAdvice]) -> int:
    """How many cards of flags stand above what no flag says: the more urgent ones."""
    if unflagged is None:
        return 0
    return sum(not one.changed and one.card.place < unflagged.place for one in advice)


@blueprint.post("/questions")
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def save_questions(public_id: str) -> ResponseReturnValue:
    """Keeps up to three questions for the next visit; they are printed on the report."""
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    patient = recovery.patient
    asked = [text.strip()[:QUESTION_LENGTH] for text in request.form.getlist("question")]
    kept = [text for text in asked if text][:MOST_QUESTIONS]
    if sent.is_carried():
        # Handed on after a failure: shown once more, so that nothing is saved unseen.
        return _page(recovery, kept)
    services.save_patient(
        database(),
        people.with_preferences(patient, questions=kept),
        by=actor(),
        at=clock.now(),
    )
    return redirect(url_for("patient.home", public_id=public_id, _anchor="questions"), 303)


def _planned_day(recovery: Begun, today: date) -> str:
    """The day of an operation that is still to come, after one that is done; "" without."""
    days = sorted(stored.value.day for stored in recovery.operations)
    coming = next((day for day in days if day > today), None)
    return day_text(coming) if coming is not None and days[0] <= today else ""


def _yesterday_first(recovery: Begun, today: date) -> date | None:
    """Yesterday, if it is missing and the night is not over: most who write then mean it."""
    before = today - timedelta(days=1)
    is_night = clock.hour(recovery.patient.zone) < NIGHT_ENDS
    return before if is_night and recovery.entry_on(before) is None else None


def _greeting(recovery: Begun, today: date) -> str:
    first_name = recovery.patient.name.split(" ")[0]
    pod = say_postoperative(today, recovery.history.index)
    said = pod[:1].upper() + pod[1:]
    # A carer is not called by the name of the patient, which stands above.
    if first_name and not actor().is_carer:
        return _("Hello %(name)s. %(day)s.", name=first_name, day=said)
    return _("Hello. %(day)s.", day=said)


def _status(recovery: Begun, today: date) -> str:
    """What was answered to be worse, also where nothing is compared; else what the diary can and
    cannot say, where no flag says it.
    """
    worse = felt_worse_words(recovery, today) or _hurting_words(recovery, today)
    if not installation().is_diary_only and _is_unassessed(recovery):
        could_not = _(
            "The diary could not look for patterns just now. It still acts on your warning answers."
        )
        return f"{worse} {could_not}".strip()
    return worse or _compared_words(recovery)


def _is_unassessed(recovery: Begun) -> bool:
    return recovery.assessment is None or recovery.assessment_is_due


def _hurting_words(recovery: Begun, today: date) -> str:
    """No rule may speak yet, but nothing may calm."""
    if not hurts_more(recovery.history, today):
        return ""
    return _(
        "Your pain is higher than 4 weeks ago. If that worries you, do not wait for the diary."
        " Call your team."
    )


def _compared_words(recovery: Begun) -> str:
    """How far the diary compares at all."""
    if installation().is_diary_only:
        return _(
            "This diary does not look for patterns. It still acts on your warning answers. If you"
            " feel worse, do not wait for the diary. Call your team."
        )
    status = recovery.assessment.status if recovery.assessment else None
    if status is Status.TOO_LITTLE_DATA:
        return _(
            "There are not enough entries yet to look for a pattern. Each entry helps. If you feel"
            " worse, do not wait for the diary. Call your team."
        )
    if status is Status.TOO_EARLY and not _is_early(recovery):
        return _(
            "You have not told the diary enough about pain or numbness to compare them. It still"
            " acts on your warning answers. If you feel worse, do not wait for the diary. Call"
            " your team."
        )
    if status is Status.TOO_EARLY:
        return _(
            "It is too early to compare. For now the diary only checks your warning answers. If you"
            " feel worse, do not wait for the diary. Call your team."
        )
    return _(NOTHING_FOUND) if status is Status.NO_RULE_MATCHED else ""


def _is_early(recovery: Begun) -> bool:
    """Whether time alone will bring a comparison: pain or numbness was answered often enough for a
    usual that is still to come, or not for long yet.
    """
    history, p = recovery.history, STANDARD
    told = [
        (recovery.today - entry.day).days
        for entry in history.entries
        if entry.day >= history.index.day
        and any(getattr(entry, key) is not None for key in ("axial_pain", "limb_pain", "numbness"))
    ]
    lately = [days for days in told if days < p.baseline_lag + p.baseline_length]
    return len(lately) >= p.baseline_entries or 0 <= max(told, default=-1) < p.first_day
