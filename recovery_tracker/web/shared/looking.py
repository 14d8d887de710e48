"""Every look at a patient's data leaves an event, whatever the route: here and nowhere else.

A page about one patient is a reading in that patient's record. A list is one event of the
installation, however many it shows: which list, and the numbers of the patients who stood on it.
Files and reports say which they were where they are made, in the record of each patient. A look
that was refused stands in the record it was aimed at. Where the database takes nothing a chart must
open all the same; the journal says that the audit could not keep it.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Response, current_app, g, request

from ... import services
from ...domain.people import Actor, Role
from ...storage.audit import AuditAction
from ...storage.errors import NotSaved
from . import access
from .clock import now
from .policies import policy_of

log = logging.getLogger("recovery_tracker.web")

_SHOWS = frozenset({200, 409, 422})
"""Answers with a page: the one that was asked for, or a form to be put right on the same page."""

STAFF = frozenset({Role.CLINICIAN, Role.ADMINISTRATOR, Role.FRONT_DESK})


def init_app(app: Flask) -> None:
    """Every response that shows one person's data to another is recorded."""
    app.after_request(_note)
    app.extensions["recovery_note_refused"] = note_refused


def on_list(patient_ids: Iterable[int]) -> None:
    """The list that is being made shows these patients, by name."""
    g.setdefault("on_list", set()).update(patient_ids)


def note_refused(patient_id: int, by: Actor) -> None:
    """Records that somebody asked for a record they may not see."""
    _keep(AuditAction.ACCESS_REFUSED, patient_id, by)


def _note(response: Response) -> Response:
    terms = policy_of(current_app, request.endpoint or "")
    if terms is None or not terms.roles or response.status_code not in _SHOWS:
        return response
    by = access.actor_or_none()
    if by is None or not (by.role in STAFF or by.is_carer):
        return response
    patient = access.patient_asked_for()
    if terms.action is not None and patient is not None:
        _keep(AuditAction.CHART_READ, patient.id, by)
    elif terms.lists:
        seen: dict[str, Any] = {"list": request.endpoint}
        if "on_list" in g:
            seen["patients"] = sorted(g.on_list)
        _keep(AuditAction.LIST_READ, None, by, seen)
    return response


def _keep(
    action: AuditAction,
    patient_id: int | None,
    by: Actor,
    details: Mapping[str, Any] | None = None,
) -> None:
    try:
        services.note_look(access.database(), action, patient_id, details, by=by, at=now())
    except NotSaved:
        log.error("%s by account %s is not in the audit", action.value, by.account_id)
