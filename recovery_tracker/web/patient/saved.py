"""After the save: thank you, how the day fits the week, what happens next, the answers."""

from datetime import date

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.circumstances import is_bad_with_nothing_before
from ...domain.context import context_of
from ...domain.diary import SIGN_CHANGE_NAMES, DiaryEntry, SignChange
from ...domain.flags import Urgency
from ...domain.follow_ups import needed_follow_ups
from ...domain.measures import MEASURES
from ...domain.people import Action
from ...domain.surgery import postoperative_day
from ...domain.triage import present_signs
from ...services import oldest_new_day
from ..shared import clock
from ..shared.access import installation
from ..shared.forms.asking import WEEKLY_MEASURES
from ..shared.language import mark, say_day
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from ..shared.said_words import sign_words
from . import blueprint
from .advice import triage_of
from .calm import felt_worse_words, may_calm
from .changed import changed_on
from .days import reads_fahrenheit, without_day
from .guidance import advice_line, guidance_for
from .open_advice import more_urgent, open_advice
from .readers import who_reads
from .reading import Begun, recovery_of, scores_are_hidden, stored_day
from .unflagged import unflagged_advice
from .weekly import Offer, offer_of
from .words import answer_words, day_line, fits_the_week, signs_answer

#: Shown on the saved page even when left out, so that each can be changed with one tap.
_ALWAYS_SHOWN = ("walking", "mobility", "axial_pain", "limb_pain", "numbness")


@blueprint.get("/day/<day>/saved")
@policy(PATIENT, Action.READ_DIARY)
def saved(public_id: str, day: str) -> ResponseReturnValue:
    """What was saved for a day, and what follows from it."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    today = clock.today(recovery.patient.zone)
    stored = stored_day(recovery, day, recovery.latest_day(today))
    chosen = stored.day
    found = triage_of(recovery, stored)
    clinic, operation = installation(), recovery.history.index
    changed = changed_on(chosen, recovery)
    hide = scores_are_hidden(recovery, postoperative_day(today, operation))
    is_urgent = found.urgency is not None and found.urgency >= Urgency.SAME_DAY
    advice = open_advice(recovery, today)
    first = more_urgent(advice, found.urgency if is_urgent else None)
    still = [] if first is None else [first.card]
    unflagged = unflagged_advice(recovery, today)
    if unflagged is not None and (not is_urgent or unflagged.urgency > (found.urgency or 0)):
        still.append(unflagged)
    # With a sign or severe pain, of today or still waiting for a call, nothing here may reassure.
    is_calm = found.urgency is None and not _has_trouble(stored.entry, recovery)
    return render(
        "patient/saved.html",
        patient=recovery.patient,
        day=chosen,
        day_line=day_line(chosen, recovery.history.counted_on(chosen).index),
        fits=fits_the_week(stored.entry, recovery.history, today, scores=not hide)
        if is_calm and not changed and may_calm(recovery, today, advice)
        else (),
        felt_worse="" if is_urgent or advice else felt_worse_words(recovery, today),
        card=guidance_for(found.concerns, operation, today, clinic, chosen),
        is_urgent=is_urgent,
        # A calmer day takes back nothing: what still waits is said before anything else.
        waiting=min(still, key=lambda card: card.place, default=None),
        # What somebody knows of is not asked for again, and no thanks stand in its place.
        known=next((one for one in advice if one.is_known and not is_urgent), None),
        changed=changed,
        advice_line=advice_line(clinic),
        visit=next_visit(recovery, today),
        clinic=clinic,
        who_reads=who_reads(recovery.patient),
        answers=answers_of(stored.entry, recovery),
        weekly_fields=WEEKLY_MEASURES,
        # What was in the week before is asked while one still knows it.
        offer=(
            Offer.NOTHING
            if is_urgent or chosen < oldest_new_day(today)
            else offer_of(recovery.history, stored.entry, asks_daily=recovery.asks_daily)
        ).value,
    )


def _has_trouble(entry: DiaryEntry, recovery: Begun) -> bool:
    """Whether the day has very bad pain or a sign that is still there, also where nobody needs to
    call: the tablets help, or somebody knows. Much of it with nothing before it is trouble, too."""
    context = context_of(without_day(recovery.history, entry.day), entry.day)
    if is_bad_with_nothing_before(entry, context):
        return True
    return bool(present_signs(entry, context) or needed_follow_ups(entry, context))


def answers_of(entry: DiaryEntry, recovery: Begun) -> list[tuple[str, str, str]]:
    """(name, answer, id on the form) for a day: always the daily ones, others if answered."""
    fahrenheit = reads_fahrenheit(recovery.patient)
    region = recovery.history.region_of(entry)
    rows = []
    for key, measure in MEASURES.items():
        words = answer_words(key, entry, fahrenheit=fahrenheit)
        if words or key in _ALWAYS_SHOWN:
            name = entry.own_question if key == "own_item" else ""
            rows.append((name or _(measure.name_for(region)), words or _("Not answered"), key))
    rows.append((_("New or worse"), signs_answer(entry), "signs"))
    for sign, how in sorted(entry.sign_changes.items()):
        # That a sign of this day has gone stands beside the sign itself.
        if how is not SignChange.GONE or sign not in (entry.signs or ()):
            name = _("How is this now: %(sign)s", sign=sign_words(sign))
            rows.append((name, _(SIGN_CHANGE_NAMES[how]), f"change-{sign}"))
    if entry.spoke_to_someone is not None:
        said = _("Yes") if entry.spoke_to_someone else _("Not yet")
        rows.append((_("Did you speak to someone about it?"), said, "loop-title"))
    return rows


def next_visit(recovery: Begun, today: date) -> tuple[str, str] | None:
    """(day in words, what) of the next appointment, None where none is known."""
    visit = next(iter(recovery.coming_visits(today)), None)
    if visit is None:
        return None
    what = filter(None, (visit.time, visit.with_whom, visit.place))
    return say_day(visit.day), mark(", ").join(what)
