"""Writing a day: the six questions, a correction, a day added late.

The entry is saved whatever it says; what it asks for is shown on the next page. A form that
cannot be saved comes back with everything typed, and with the emergency number first if a sign
asks for it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.context import context_of
from ...domain.diary import SIGN_CHANGE_NAMES, DiaryEntry, Source
from ...domain.flags import Urgency
from ...domain.people import Action
from ...domain.triage import triage
from ...services import Recorded
from ...storage import diary
from ...storage.errors import NotSaved
from ...storage.people import Patient
from ..shared import clock, security
from ..shared.access import actor, database, installation
from ..shared.forms import sent
from ..shared.forms.asking import DAILY_MEASURES, Asking
from ..shared.forms.correction import repeated_from, typed_from
from ..shared.forms.diary import DiaryForm, left_open_words, sign_sentence
from ..shared.language import say_day
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .days import (
    NIGHT_ENDS,
    alone_on,
    asking_for,
    may_add,
    read_day,
    reads_fahrenheit,
    was_away,
    without_day,
)
from .differing import choices_made, page_of_two
from .reading import Begun, crisis_number, recovery_of
from .words import day_line
from .zone import latest_anywhere, zone_of_phone

#: The six questions, each a leaf of the form; what is optional is on the last one.
_LEAVES = ("walking", "mobility", "axial_pain", "limb_pain", "numbness", "signs")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One day's form with everything around it."""

    recovery: Begun
    today: date
    asking: Asking

    @property
    def day(self) -> date:
        return self.asking.day

    @property
    def version(self) -> int:
        """The present version, 0 for a day with no entry yet."""
        stored = self.recovery.entry_on(self.day)
        return stored.version if stored else 0


@blueprint.get("/day/<day>")
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def entry(public_id: str, day: str) -> ResponseReturnValue:
    """The form for a day: blank, or filled in with its present answers."""
    sheet = _sheet(public_id, day)
    stored = sheet.recovery.entry_on(sheet.day)
    if stored is None:
        if request.args.get("same") and (before := _day_before(sheet)) is not None:
            typed = repeated_from(sheet.asking, before)
            return _page(sheet, DiaryForm(sheet.asking, typed), same_as=before.day)
        security.blank_form()
        return _page(sheet, DiaryForm(sheet.asking))
    return _page(sheet, DiaryForm(sheet.asking, typed_from(sheet.asking, stored.entry)))


@blueprint.post("/day/<day>")
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def save_entry(public_id: str, day: str) -> ResponseReturnValue:
    """Saves a day and leads to what it asks for."""
    sheet = _sheet(public_id, day)
    asking = sheet.asking.as_shown(request.form.get("shown", ""))
    asking = asking.as_worded(request.form.get("own_question"))
    form = DiaryForm(asking, request.form.to_dict(flat=False))
    if sent.is_carried():
        # Handed on through an expired sign-in: shown once more, so that nothing is saved unseen.
        checked = DiaryForm(asking, dict(form.typed))
        checked.is_valid()
        return _page(sheet, form, call_now=_needs_help_now(sheet, checked))
    before, at = sheet.recovery.entry_on(sheet.day), clock.now()
    typed = form.to_entry(
        recorded_at=at,
        zone=zone_of_phone(sheet.recovery.patient),
        source=_source(),
        before=before.entry if before else None,
    )
    if typed is None:
        return _page(sheet, form, call_now=_needs_help_now(sheet, form)), 422
    typed = replace(typed, same_as=_same_as(sheet))
    try:
        recorded = services.record_day(
            database(),
            sheet.recovery.patient.id,
            typed,
            by=actor(),
            at=at,
            # A phone that is ahead of the diary's zone has a day that is still to come here.
            today=max(sheet.today, sheet.day),
            key=sent.key(),
            expected_version=sent.version(),
            opened_at=_opened_at(at),
            chosen=choices_made(),
            read=sheet.recovery,
        )
    except NotSaved:
        form.errors["save"] = _("Your entry could not be saved just now. Press Save again")
        return _page(sheet, form, call_now=_needs_help_now(sheet, form)), 503
    return _answer(sheet, form, recorded)


def _answer(sheet: Sheet, form: DiaryForm, recorded: Recorded) -> ResponseReturnValue:
    """Where a saved day leads: to its advice, or to the answers of which two were given."""
    where, public_id = "patient.saved", sheet.recovery.patient.public_id
    if recorded.triage.urgency is not None and recorded.triage.urgency >= Urgency.SAME_DAY:
        where = "patient.advice"
    target = url_for(where, public_id=public_id, day=sheet.day)
    if request.accept_mimetypes.best == "application/json":
        answer = {"next": target, "version": recorded.stored.version}
        return answer, 409 if recorded.differing else 201
    if recorded.differing:
        recovery = recovery_of(public_id, Action.WRITE_DIARY)
        # What was saved before stands until the question is answered, and so does its emergency.
        is_stored = recorded.triage.urgency is Urgency.EMERGENCY
        call_now = is_stored or _needs_help_now(sheet, form)
        return page_of_two(recovery, form, recorded, call_now=call_now), 409
    return redirect(target, 303)


@blueprint.get("/offline")
@policy(PATIENT, Action.WRITE_DIARY)
def offline_form(public_id: str) -> ResponseReturnValue:
    """The blank form the phone keeps for days without a signal.

    It holds no earlier answer, and is worded as for a day that has none: the open-sign loop waits
    for the next form from the server.
    """
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    today = clock.today(recovery.patient.zone)
    fahrenheit = reads_fahrenheit(recovery.patient)
    unwritten = without_day(recovery.history, today)
    asking = asking_for(unwritten, today, today, fahrenheit=fahrenheit)
    sheet = Sheet(recovery, today, replace(asking, open_signs=()))
    security.blank_form()
    return _page(sheet, DiaryForm(sheet.asking), is_any_day=True)


@blueprint.get("/token")
@policy(PATIENT, Action.WRITE_DIARY)
def token(public_id: str) -> ResponseReturnValue:
    """This session's form token, for entries that waited on the phone longer than their page."""
    return {"token": generate_csrf()}


def _sheet(public_id: str, day: str) -> Sheet:
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    today = clock.today(recovery.patient.zone)
    from_phone = _source() is Source.OFFLINE
    chosen = read_day(day, latest_anywhere() if from_phone else recovery.latest_day(today))
    if not (
        recovery.entry_on(chosen)
        or may_add(chosen, today, operated=recovery.operated_by(today), from_phone=from_phone)
        or _was_taken_back(recovery, chosen)
    ):
        raise NotFound
    fahrenheit = reads_fahrenheit(recovery.patient)
    asking = asking_for(recovery.history, chosen, today, fahrenheit=fahrenheit)
    return Sheet(recovery, today, asking)


def _was_taken_back(recovery: Begun, day: date) -> bool:
    """Whether the day was written once: taking it back by mistake can be mended."""
    with database().read() as session:
        return bool(diary.versions_of(session, recovery.patient.id, day))


def _page(
    sheet: Sheet,
    form: DiaryForm,
    *,
    call_now: bool = False,
    is_any_day: bool = False,
    same_as: date | None = None,
) -> str:
    recovery, day = sheet.recovery, sheet.day
    is_new = sheet.version == 0
    posted = request.form
    return render(
        "patient/entry.html",
        patient=recovery.patient,
        form=form,
        title=_title(day, sheet.today, is_new=is_new),
        save_text=_("Save today’s entry") if day == sheet.today else _("Save this entry"),
        day_line=day_line(day, sheet.asking.operation),
        error_links=_links(form),
        one_at_a_time=_one_at_a_time(recovery.patient),
        start_at=_start_at(form),
        call_now=call_now,
        is_new=is_new,
        is_welcome_back=is_new and was_away(recovery.history.entries, sheet.today),
        key=sent.key(),
        opened_at=posted.get("opened_at") or clock.now().isoformat(),
        # The shelved form is for a day that nobody has seen yet, never for today's entry.
        expected_version=0 if is_any_day else posted.get("expected_version") or sheet.version,
        emergency_number=installation().emergency_number,
        crisis_number=crisis_number(installation()),
        is_any_day=is_any_day,
        # The shelved form may be filled in tomorrow, when today's entry is one of those before.
        help_alone=alone_on(recovery.history, sheet.asking, [0, 1] if is_any_day else [0]),
        # A page that comes back with a problem holds what was just sent, not a draft.
        is_unsent=request.method != "POST",
        ask_yesterday=None if is_any_day else _yesterday_to_offer(sheet),
        same_as=same_as or _same_as(sheet),
        may_repeat=request.method != "POST"
        and not (is_any_day or same_as)
        and _day_before(sheet) is not None,
        is_from_phone=_source() is Source.OFFLINE,
        sign_sentence=sign_sentence,
        left_open_words=left_open_words,
        sign_changes=SIGN_CHANGE_NAMES,
        questions=len(_LEAVES) + _in_loop(sheet.asking),
    )


def _yesterday_to_offer(sheet: Sheet) -> date | None:
    """Yesterday, offered on a blank form between midnight and four: it may be what is meant."""
    before = sheet.day - timedelta(days=1)
    is_blank = sheet.version == 0 and sheet.day == sheet.today
    is_night = clock.hour(sheet.recovery.patient.zone) < NIGHT_ENDS
    return before if is_blank and is_night and sheet.recovery.entry_on(before) is None else None


def _day_before(sheet: Sheet) -> DiaryEntry | None:
    """Yesterday's entry for today's blank form, if it is about the same part of the spine."""
    if sheet.version or sheet.day != sheet.today:
        return None
    stored = sheet.recovery.entry_on(sheet.day - timedelta(days=1))
    if stored is None or stored.is_taken_back:
        return None
    is_same = sheet.recovery.history.region_of(stored.entry) is sheet.asking.region
    return stored.entry if is_same else None


def _same_as(sheet: Sheet) -> date | None:
    """The day whose answers filled this form after a tap; what the record says where it stands."""
    stored = sheet.recovery.entry_on(sheet.day)
    if stored is not None and not stored.is_taken_back:
        return stored.entry.same_as
    before = sheet.day - timedelta(days=1)
    return before if request.form.get("same_as") == before.isoformat() else None


def _in_loop(asking: Asking) -> int:
    """Questions about earlier reports: one for each open sign, and whether anyone was told."""
    return len(asking.open_signs) + 1 if asking.open_signs else 0


def _title(day: date, today: date, *, is_new: bool) -> str:
    if day == today:
        return _("Today’s entry")
    if is_new:
        return _("Add %(day)s", day=say_day(day))
    return _("Change %(day)s", day=say_day(day))


def _links(form: DiaryForm) -> dict[str, str]:
    """Where each line of the error summary leads: the first control of its question."""
    first = {"signs": "signs-none", **{key: f"{key}-0" for key in DAILY_MEASURES}}
    return {first.get(name, name): text for name, text in form.errors.items()}


def _one_at_a_time(patient: Patient) -> bool:
    """Whether the form opens with one question at a time: as just chosen on it, else as set."""
    if request.method == "POST":
        return "one_at_a_time" in request.form
    return patient.preferences.get("entry") == "one"


def _start_at(form: DiaryForm) -> str:
    """The leaf that is open first: the one with the first problem, else the first of all."""
    if not form.errors:
        return "loop-title" if form.asking.open_signs else _LEAVES[0]
    return next((leaf for leaf in _LEAVES if leaf in form.errors), _LEAVES[-1])


def _needs_help_now(sheet: Sheet, form: DiaryForm) -> bool:
    """Whether what was typed already is an emergency, although the form has to come back."""
    draft = form.draft_entry(recorded_at=clock.now(), zone=sheet.recovery.patient.zone)
    context = context_of(without_day(sheet.recovery.history, sheet.day), sheet.day)
    return triage(draft, context).urgency is Urgency.EMERGENCY


def _opened_at(now: datetime) -> datetime | None:
    """When the form was opened, as the form itself says; None if it makes no sense."""
    try:
        at = datetime.fromisoformat(request.form.get("opened_at", ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None and at <= now else None


def _source() -> Source:
    return Source.OFFLINE if request.form.get("source") == "offline" else Source.FORM
