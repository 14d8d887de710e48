"""The weekly check-in: seven signs of how the pain behaves, three PEG scores, overall change.

PEG is the three-item scale of Krebs 2009 (J Gen Intern Med 24:733), free to use with its source
named. The check-in adds a version to the day's entry; nothing else of the day changes. The seven
signs alone are asked between two check-ins on a day whose pain is clearly above the patient's own
usual, and daily while the evidence of the last fortnight is near an alarm.
"""

from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.context import context_of
from ...domain.diary import DiaryEntry
from ...domain.flags import Urgency
from ...domain.history import History
from ...domain.measures import MEASURES
from ...domain.people import Action
from ...domain.signs import WEEKLY_SIGNS
from ...domain.surgery import Operation, postoperative_day
from ...storage.errors import Conflict
from ...trends.parameters import STANDARD
from ..shared import clock
from ..shared.access import actor, database
from ..shared.forms import sent
from ..shared.forms.asking import NONE, PAINS, WEEKLY_MEASURES
from ..shared.forms.diary import sign_sentence
from ..shared.forms.numbers import NotANumber, read_count
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .days import is_first_week, without_day
from .reading import recovery_of, stored_day
from .words import day_line


class Offer(Enum):
    """What the page after a save offers to ask."""

    NOTHING = "nothing"
    CHECK_IN = "check-in"
    #: The signs alone, because of the day's pain or of the last fortnight.
    SIGNS = "signs"


def offer_of(history: History, entry: DiaryEntry, *, asks_daily: bool) -> Offer:
    """What to ask about the day was saved; `asks_daily` is that of the stored assessment."""
    if _has_weekly(entry):
        return Offer.NOTHING
    asked = _has_scores if asks_daily else _has_weekly
    first = entry.day - timedelta(days=STANDARD.weekly_every - 1)
    lately = any(first <= e.day < entry.day and asked(e) for e in history.entries)
    if not lately and not is_first_week(entry.day, history.index):
        return Offer.CHECK_IN
    is_wanted = asks_daily or _is_clearly_worse(history, entry)
    return Offer.SIGNS if is_wanted else Offer.NOTHING


def _has_weekly(entry: DiaryEntry) -> bool:
    return _has_scores(entry) or _has_weekly_signs(entry)


def _has_scores(entry: DiaryEntry) -> bool:
    return any(getattr(entry, key) is not None for key in WEEKLY_MEASURES)


def _has_weekly_signs(entry: DiaryEntry) -> bool:
    return bool(entry.signs_asked and entry.signs_asked.intersection(WEEKLY_SIGNS))


def _is_clearly_worse(history: History, entry: DiaryEntry) -> bool:
    context = context_of(without_day(history, entry.day), entry.day)
    for pain in PAINS:
        score, usual = getattr(entry, pain), context.usual(pain)
        if score is not None and usual is not None and score >= usual + STANDARD.asking_above:
            return True
    return False


@blueprint.route("/day/<day>/weekly", methods=["GET", "POST"])
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def weekly(public_id: str, day: str) -> ResponseReturnValue:
    """A few more questions, once a week; any of them may be skipped."""
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    today = clock.today(recovery.patient.zone)
    stored = stored_day(recovery, day, today)
    chosen = stored.day
    status = 200
    if request.method == "POST" and not sent.is_carried():
        entry = _with_answers(stored.entry)
        try:
            recorded = services.record_day(
                database(),
                recovery.patient.id,
                entry,
                by=actor(),
                at=clock.now(),
                today=today,
                key=sent.key(),
                expected_version=stored.version,
                read=recovery,
            )
        except Conflict:
            # Somebody saved the day a moment ago: shown once more, over what open now.
            status = 409
        else:
            urgency = recorded.triage.urgency
            where = "advice" if urgency and urgency >= Urgency.SAME_DAY else "saved"
            return redirect(url_for(f"patient.{where}", public_id=public_id, day=chosen), 303)
    offer = offer_of(recovery.history, stored.entry, asks_daily=recovery.asks_daily)
    signs_only, operation = offer is Offer.SIGNS, recovery.history.counted_on(chosen).index
    scores = () if signs_only else _scores_asked(chosen, operation)
    page = render(
        "patient/weekly.html",
        patient=recovery.patient,
        day=chosen,
        day_line=day_line(chosen, operation),
        signs=[(sign, sign_sentence(sign)) for sign in WEEKLY_SIGNS],
        signs_only=signs_only,
        is_past=chosen < today and not signs_only,
        was_asked=any(e.day < chosen and _has_weekly_signs(e) for e in recovery.history.entries),
        measures=[MEASURES[key] for key in scores],
        region=recovery.history.region_of(stored.entry),
        typed=_typed(stored.entry),
        was_conflict=status == 409,
        title=_("A few more questions"),
    )
    return page, status


def _scores_asked(day: date, operation: Operation) -> tuple[str, ...]:
    """What this day's check-in scores; before the operation there is no change since then."""
    if postoperative_day(day, operation) >= 0:
        return WEEKLY_MEASURES
    return tuple(key for key in WEEKLY_MEASURES if key != "overall_change")


def _typed(entry: DiaryEntry) -> dict[str, list[str]]:
    if request.method == "POST":
        return request.form.to_dict(flat=False)
    typed = {key: [str(getattr(entry, key))] for key in WEEKLY_MEASURES}
    if _has_weekly_signs(entry):
        ticked = (entry.signs or frozenset()).intersection(WEEKLY_SIGNS)
        typed["sign"] = sorted(ticked) or [NONE]
    return typed


def _with_answers(entry: DiaryEntry) -> DiaryEntry:
    """The day with the check-in in it; a score that makes no sense counts as left out.

    One that did not come with the form was not on it, and stays what it was.

    Signs that were skipped are not asked, which is never "none": that is a box of its own.
    """
    shown = [key for key in WEEKLY_MEASURES if key in request.form]
    scores: dict[str, Any] = {key: _score(key) for key in shown}
    told = frozenset(request.form.getlist("sign"))
    ticked = told.intersection(WEEKLY_SIGNS)
    signs, asked = entry.daily_signs, entry.signs_asked
    if asked is not None:
        asked = asked.difference(WEEKLY_SIGNS)
    if ticked:
        signs = (signs or frozenset()) | ticked
    if ticked or NONE in told:
        # "None of these" is said of the seven; the day's own question may be open all the same.
        asked = (asked or frozenset()).union(WEEKLY_SIGNS)
    return replace(entry, signs=signs, signs_asked=asked, **scores)


def _score(key: str) -> int | None:
    try:
        return read_count(request.form.get(key, ""), MEASURES[key])
    except NotANumber:
        return None
