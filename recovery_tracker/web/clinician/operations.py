"""An operation entered by the clinic, usually a revision: the page says what it changes first.

Two steps: the form, then the same details with what will happen to the day count, the flags and
the patient's best period. Only the second one writes.
"""

from datetime import date

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from ...domain.flags import outlasts_operation
from ...domain.people import Action
from ...domain.surgery import Operation, postoperative_day
from ...domain.wording import day_words
from ...services import Recovery, record
from ...storage.errors import Conflict
from ...storage.people import Patient
from ...storage.record_rows import Stored
from ..shared import clock
from ..shared.access import database
from ..shared.forms import sent
from ..shared.forms.surgery import SurgeryForm, blank_after, choices, facts_of, typed_from
from ..shared.pages import new_key, render
from ..shared.policies import CLINICIAN, policy
from . import blueprint
from .chart import recovery_of


@blueprint.get("/p/<public_id>/operation/new")
@policy(CLINICIAN, Action.EDIT_SURGERY)
def new_operation(public_id: str) -> ResponseReturnValue:
    """The form of one more operation, with the risks that are known."""
    recovery = recovery_of(public_id, Action.EDIT_SURGERY)
    return _form_page(recovery, blank_after(one.value for one in recovery.operations), None)


@blueprint.get("/p/<public_id>/operation/<operation_id>")
@policy(CLINICIAN, Action.EDIT_SURGERY)
def operation(public_id: str, operation_id: str) -> ResponseReturnValue:
    """The form for an operation, filled in with its present details."""
    recovery = recovery_of(public_id, Action.EDIT_SURGERY)
    stored = _stored(recovery, operation_id)
    return _form_page(recovery, SurgeryForm(typed_from(stored.value)), stored)


@blueprint.post("/p/<public_id>/operation/new")
@policy(CLINICIAN, Action.EDIT_SURGERY, carries=True)
def add_operation(public_id: str) -> ResponseReturnValue:
    """First what would change; confirmed, the operation is part of the record."""
    return _sent(recovery_of(public_id, Action.EDIT_SURGERY), None)


@blueprint.post("/p/<public_id>/operation/<operation_id>")
@policy(CLINICIAN, Action.EDIT_SURGERY, carries=True)
def change_operation(public_id: str, operation_id: str) -> ResponseReturnValue:
    """The same for details that were wrong; what they were before stays in the audit."""
    recovery = recovery_of(public_id, Action.EDIT_SURGERY)
    return _sent(recovery, _stored(recovery, operation_id))


def _sent(recovery: Recovery, stored: Stored[Operation] | None) -> ResponseReturnValue:
    today = clock.today(recovery.patient.zone)
    form = SurgeryForm(request.form.to_dict(flat=False))
    if form.text("carried"):
        return _form_page(recovery, form, stored)
    wanted = form.to_operation(today)
    if wanted is None:
        return _form_page(recovery, form, stored), 422
    if form.text("step") == "change":
        return _form_page(recovery, form, stored)
    if form.text("step") != "confirmed":
        return _confirm_page(recovery, form, wanted, stored, today)
    try:
        _store(recovery.patient, wanted, stored)
    except Conflict as error:
        form.errors["day"], status = sent.refusal(error)
        recovery = recovery_of(recovery.patient.public_id, Action.EDIT_SURGERY)
        stored = _stored(recovery, stored.public_id) if stored else None
        form.typed.pop("key", None)  # The same key would be refused again.
        return _form_page(recovery, form, stored), status
    return redirect(url_for("clinician.chart", public_id=recovery.patient.public_id), 303)


def _store(patient: Patient, wanted: Operation, stored: Stored[Operation] | None) -> None:
    if stored is None:
        record.add(database(), patient.id, wanted, **sent.as_new())
        return
    record.edit(database(), patient.id, stored.public_id, wanted, **sent.as_change())


def _stored(recovery: Recovery, operation_id: str) -> Stored[Operation]:
    found = next((one for one in recovery.operations if one.public_id == operation_id), None)
    if found is None:
        abort(404)
    return found


def _form_page(recovery: Recovery, form: SurgeryForm, stored: Stored[Operation] | None) -> str:
    return render(
        "clinician/operation.html",
        patient=recovery.patient,
        form=form,
        error_links=form.error_links,
        stored=stored,
        operations=[(one, facts_of(one.value)) for one in recovery.operations],
        choices=choices(),
        key=form.text("key") or new_key(),
    )


def _confirm_page(
    recovery: Recovery,
    form: SurgeryForm,
    wanted: Operation,
    stored: Stored[Operation] | None,
    today: date,
) -> str:
    return render(
        "clinician/operation_confirm.html",
        patient=recovery.patient,
        form=form,
        stored=stored,
        facts=facts_of(wanted),
        changes=_what_changes(recovery, wanted, stored, today),
        key=form.text("key") or new_key(),
    )


def _what_changes(
    recovery: Recovery, wanted: Operation, stored: Stored[Operation] | None, today: date
) -> list[str]:
    """What happens to the day count, the flags and the comparisons, in sentences."""
    if stored is not None and stored.value.day == wanted.day:
        return [_("The date stays the same, and so does the day count. Flags are assessed again.")]
    kept = [one.value for one in recovery.operations if one is not stored]
    done = [one for one in kept if one.day <= today]
    last = max(done, key=lambda one: one.day, default=None)
    day = day_words(wanted.day, _, year=True)
    if last is not None and wanted.day <= last.day:
        counted = day_words(last.day, _, year=True)
        return [
            _("It is not later than the operation of %(day)s.", day=counted),
            _("Days are counted from that one as before. Flags and comparisons stay."),
        ]
    if wanted.day > today:
        return [
            _("It is still to come. Nothing changes before %(day)s.", day=day),
            *_flags_before(recovery, wanted),
            _("From then on, days are counted from it and comparisons start again."),
        ]
    said = [
        _(
            "Days are counted from %(day)s: today is day %(n)s.",
            day=day,
            n=postoperative_day(today, wanted),
        )
    ]
    if last is not None:
        before = day_words(last.day, _, year=True)
        said.append(_("The count from %(day)s ends. That operation stays on record.", day=before))
    return said + _what_ends(recovery, wanted)


def _what_ends(recovery: Recovery, wanted: Operation) -> list[str]:
    return [
        *_flags_before(recovery, wanted),
        _("Best week, usual values and the expected range start again from that day."),
        _("“Before the operation” is what you entered here, not the earlier operation’s."),
        _("Every entry, decision and instruction stays."),
    ]


def _flags_before(recovery: Recovery, wanted: Operation) -> list[str]:
    before = [flag for flag in recovery.open_flags if flag.episode.raised_on < wanted.day]
    waiting = sum(outlasts_operation(flag.urgency, flag.attention) for flag in before)
    ending = len(before) - waiting
    said = []
    if waiting:
        said.append(
            ngettext(
                "%(num)s warning from before that day is not answered. It stays on the list and "
                "on the patient’s page until somebody decides about it.",
                "%(num)s warnings from before that day are not answered. They stay on the list "
                "and on the patient’s page until somebody decides about them.",
                waiting,
            )
        )
    if ending:
        said.append(
            ngettext(
                "%(num)s open flag from before that day ends. It stays in the history.",
                "%(num)s open flags from before that day end. They stay in the history.",
                ending,
            )
        )
    return said
