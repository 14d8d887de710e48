"""Writing a day: the six questions, a correction, a day added late.

The entry is saved whatever it says; what it asks for is shown on the next page. A form that
cannot be saved comes back with everything typed, and with the emergency number first if a sign
asks for it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.context import context_of
from ...domain.diary import SIGN_CHANGE_NAMES, DiaryEntry, Source
from ...domain.flags import Urgency
from ...domain.people import Action
from ...domain.triage import triage
from ...storage.errors import Conflict, NotSaved
from ...storage.people import Patient
from .. import clock, security
from ..access import actor, database, installation
from ..forms.asking import DAILY_MEASURES, Asking
from ..forms.correction import typed_from
from ..forms.diary import DiaryForm, sign_sentence
from ..forms.numbers import read_version
from ..language import say_day
from ..pages import new_key, render
from ..policies import PATIENT, policy
from . import blueprint
from .days import asking_for, may_add, read_day, reads_fahrenheit, was_away, without_day
from .reading import Begun, crisis_number, recovery_of
from .saved import answers_of
from .words import day_line

#: The six questions, each a leaf of the form; what is optional stands on the last one.
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
        """The version that stands, 0 for a day with no entry yet."""
        stored = self.recovery.entry_on(self.day)
        return stored.version if stored else 0


@blueprint.get("/day/<day>")
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def entry(public_id: str, day: str) -> ResponseReturnValue:
    """The form of a day: blank, or with the answers that stand."""
    sheet = _sheet(public_id, day)
    stored = sheet.recovery.entry_on(sheet.day)
    if stored is None:
        security.blank_form()
        return _page(sheet, DiaryForm(sheet.asking))
    return _page(sheet, DiaryForm(sheet.asking, typed_from(sheet.asking, stored.entry)))


@blueprint.post("/day/<day>")
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def save_entry(public_id: str, day: str) -> ResponseReturnValue:
    """Saves a day and leads to what it asks for."""
    sheet = _sheet(public_id, day)
    asking = sheet.asking.as_shown(request.form.get("shown", ""))
    form = DiaryForm(asking, request.form.to_dict(flat=False))
    if request.form.get("carried"):
        # Handed on through an expired sign-in: shown once more, so that nothing is saved unseen.
        return _page(sheet, form)
    before = sheet.recovery.entry_on(sheet.day)
    zone, at = sheet.recovery.patient.zone, clock.now()
    typed = form.to_entry(
        recorded_at=at, zone=zone, source=_source(), before=before.entry if before else None
    )
    if typed is None:
        return _page(sheet, form, call_now=_needs_help_now(sheet, form)), 422
    try:
        recorded = services.record_day(
            database(),
            sheet.recovery.patient.id,
            typed,
            by=actor(),
            at=at,
            today=sheet.today,
            key=request.form.get("key") or new_key(),
            expected_version=_expected_version(),
            opened_at=_opened_at(at),
        )
    except Conflict:
        return _conflict(sheet, form, typed)
    except NotSaved:
        form.errors["save"] = _("Your entry could not be saved just now. Press Save again")
        return _page(sheet, form, call_now=_needs_help_now(sheet, form)), 503
    where = "patient.saved"
    if recorded.triage.urgency is not None and recorded.triage.urgency >= Urgency.SAME_DAY:
        where = "patient.advice"
    target = url_for(where, public_id=public_id, day=sheet.day)
    if request.accept_mimetypes.best == "application/json":
        return {"next": target}, 201
    return redirect(target, 303)


@blueprint.get("/offline")
@policy(PATIENT, Action.WRITE_DIARY)
def offline_form(public_id: str) -> ResponseReturnValue:
    """The blank form the phone keeps for days without a signal.

    It holds no earlier answer: the open-sign loop waits for the next form from the server.
    """
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    today = clock.today(recovery.patient.zone)
    fahrenheit = reads_fahrenheit(recovery.patient)
    asking = asking_for(recovery.history, today, today, fahrenheit=fahrenheit)
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
    chosen = read_day(day, today)
    from_phone = _source() is Source.OFFLINE
    if recovery.entry_on(chosen) is None and not may_add(chosen, today, from_phone=from_phone):
        raise NotFound
    fahrenheit = reads_fahrenheit(recovery.patient)
    asking = asking_for(recovery.history, chosen, today, fahrenheit=fahrenheit)
    return Sheet(recovery, today, asking)


def _page(
    sheet: Sheet, form: DiaryForm, *, call_now: bool = False, is_any_day: bool = False
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
        key=posted.get("key") or new_key(),
        opened_at=posted.get("opened_at") or clock.now().isoformat(),
        expected_version=posted.get("expected_version") or sheet.version,
        emergency_number=installation().emergency_number,
        crisis_number=crisis_number(installation()),
        is_any_day=is_any_day,
        is_from_phone=_source() is Source.OFFLINE,
        sign_sentence=sign_sentence,
        sign_changes=SIGN_CHANGE_NAMES,
        questions=len(_LEAVES) + _in_loop(sheet.asking),
    )


def _in_loop(asking: Asking) -> int:
    """Questions about what was told before: one for each open sign, and whom one has spoken to."""
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


def _conflict(sheet: Sheet, form: DiaryForm, typed: DiaryEntry) -> ResponseReturnValue:
    """Two pages wrote the same day: both are shown and the patient chooses."""
    recovery = recovery_of(sheet.recovery.patient.public_id, Action.WRITE_DIARY)
    stored = recovery.entry_on(sheet.day)
    page = render(
        "patient/conflict.html",
        patient=recovery.patient,
        day=sheet.day,
        day_line=day_line(sheet.day, sheet.asking.operation),
        rows=_differences(stored.entry if stored else None, typed, recovery),
        fields=_to_send_again(form),
        version=stored.version if stored else 0,
        key=new_key(),
        emergency_number=installation().emergency_number,
        call_now=_needs_help_now(sheet, form),
    )
    return page, 409


def _differences(
    stored: DiaryEntry | None, typed: DiaryEntry, recovery: Begun
) -> list[tuple[str, str, str]]:
    """(question, answer saved before, answer typed now), for the questions that differ."""
    before = {name: words for name, words, _key in answers_of(stored, recovery)} if stored else {}
    after = {name: words for name, words, _key in answers_of(typed, recovery)}
    left_out = _("Not answered")
    rows = [(n, before.get(n, left_out), after.get(n, left_out)) for n in {**after, **before}]
    return [row for row in rows if row[1] != row[2]] or rows


def _to_send_again(form: DiaryForm) -> list[tuple[str, str]]:
    """Everything typed as hidden fields, without those that belong to one sending."""
    fields: MultiDict[str, str] = MultiDict(form.typed)
    for name in ("csrf_token", "key", "expected_version", "opened_at"):
        fields.poplist(name)
    return list(fields.items(multi=True))


def _expected_version() -> int:
    return read_version(request.form.get("expected_version", ""))


def _opened_at(now: datetime) -> datetime | None:
    """When the form was opened, as the form itself says; None if it makes no sense."""
    try:
        at = datetime.fromisoformat(request.form.get("opened_at", ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None and at <= now else None


def _source() -> Source:
    return Source.OFFLINE if request.form.get("source") == "offline" else Source.FORM
