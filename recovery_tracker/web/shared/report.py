"""The report as a PDF, the same for the patient and for their clinic: a page to hand over."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ... import __version__, handout
from ...domain.flags import Condition, Decision, Episode, FlagKey
from ...domain.history import Imaging
from ...domain.people import Action, Actor, Role
from ...domain.wording import Pieces
from ...reports import PAPERS, Handover
from ...services import Recovery, note_file, read_recovery
from ...storage import accounts, people
from ...storage.audit import AuditAction
from ...storage.people import Patient
from . import clock
from .access import actor, database, installation, load_patient
from .decision_words import decision_pieces, instant_words
from .downloads import download
from .language import language_tag
from .pages import product_name
from .pictures import DRAWINGS, blueprint, content_key, one_of
from .policies import CARE, policy
from .signature import signature_words
from .zones import clinic_today


@blueprint.get("/p/<public_id>/report.pdf")
@policy(CARE, Action.MAKE_REPORT)
def report(public_id: str) -> ResponseReturnValue:
    """The one page to hand over; its file name carries the hospital number and no name."""
    patient = load_patient(public_id, Action.MAKE_REPORT)
    today = clock.today(patient.zone)
    recovery = read_recovery(database(), patient.id, today=today, by=actor(), at=clock.now())
    return report_answer(recovery, by=actor())


def report_answer(recovery: Recovery, *, by: Actor) -> ResponseReturnValue:
    """The report of a diary; the caller has checked access. The audit trail says it was made."""
    if recovery.history is None or recovery.assessment is None:
        abort(404)
    paper = one_of(PAPERS, request.args.get("paper") or installation().paper)
    pdf = report_of(
        recovery,
        paper,
        with_notes=request.args.get("notes") != "no",
        with_appendix=request.args.get("appendix") == "yes",
    )
    record_made(recovery, pdf, by=by)
    name = report_name(recovery.patient.hospital_number, clock.today(recovery.patient.zone))
    return download(pdf, name, "application/pdf", inline=True)


def _carers_of(recovery: Recovery) -> tuple[tuple[str, int], ...]:
    """Who wrote days of the diary for the patient, and how many."""
    with database().read() as session:
        owner = accounts.account_of_patient(session, recovery.patient.id)
    own = {None, None if owner is None else owner.id}
    written = Counter(
        stored.author
        for stored in recovery.entries
        if stored.author_role is Role.PATIENT and stored.author_account_id not in own
    )
    return tuple(sorted(written.items()))


def report_name(hospital_number: str | None, today: date) -> str:
    """The file's name: whose report it is, as the hospital numbers it, and of which day."""
    number = re.sub(r"[^A-Za-z0-9_-]+", "-", hospital_number or "").strip("-")
    return "-".join(filter(None, ("report", number, today.isoformat()))) + ".pdf"


def handed_out(patient: Patient, *, by: Actor) -> bytes | None:
    """The report as the patient hands it out today; None where there is nothing to report yet."""
    today, at = clock.today(patient.zone), clock.now()
    recovery = read_recovery(database(), patient.id, today=today, by=by, at=at, audited=False)
    if recovery.history is None or recovery.assessment is None:
        return None
    return report_of(recovery, installation().paper)


def record_made(recovery: Recovery, pdf: bytes, *, by: Actor) -> None:
    """The audit trail says which page was handed out, to whom and under which rules."""
    assert recovery.assessment is not None
    details = {
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "rule_set": recovery.assessment.rule_set,
        "version": __version__,
    }
    note_file(
        database(),
        recovery.patient.id,
        AuditAction.REPORT_MADE,
        details,
        by=by,
        at=clock.now(),
    )


def unanswered_of(recovery: Recovery) -> tuple[Episode, ...]:
    """Flags that wait for a person although the diary of today does not show them (any more)."""
    assert recovery.assessment is not None
    shown = {episode.key for episode in recovery.assessment.active}
    waiting = (flag.episode for flag in recovery.waiting_flags(clinic_today()))
    return tuple(episode for episode in waiting if episode.key not in shown)


def _withdrawn_of(recovery: Recovery) -> tuple[Episode, ...]:
    """Flags of this recovery that were withdrawn after somebody had decided about them."""
    assert recovery.history is not None
    since = recovery.history.index.day
    return tuple(
        flag.episode
        for flag in recovery.flags
        if flag.condition is Condition.WITHDRAWN and flag.decisions
        if flag.episode.raised_on >= since
    )


def _decided(recovery: Recovery, today: date) -> dict[FlagKey, tuple[Pieces, ...]]:
    """What was decided about each flag, by `Episode.key`."""
    zone = recovery.patient.zone
    return {
        flag.episode.key: tuple(
            decision_pieces(made, today, zone, gettext) for made in flag.decisions
        )
        for flag in recovery.flags
        if flag.decisions
    }


def imaging_asked(recovery: Recovery) -> date | None:
    """The day of the latest decision for imaging about a flag that holds, where the patient is,
    while the record has no result of that day or later.
    """
    assert recovery.history is not None
    zone = ZoneInfo(recovery.patient.zone)
    asked = [
        made.at.astimezone(zone).date()
        for flag in recovery.flags
        if flag.is_open
        for made in flag.decisions
        if made.decision is Decision.IMAGING
    ]
    results = [i.day for i in recovery.history.imaging if i.result is not Imaging.AWAITED]
    waiting = [day for day in asked if day > max(results, default=date.min)]
    return max(waiting, default=None)


def _answered(recovery: Recovery) -> frozenset[FlagKey]:
    """The flags about which somebody decided after they last asked."""
    return frozenset(
        flag.episode.key
        for flag in recovery.flags
        if any(made.at >= flag.attention_since for made in flag.decisions)
    )


def _recorded(recovery: Recovery, today: date) -> dict[FlagKey, str]:
    """When a warning answer reached the clinic, in the same way."""
    return {
        flag.episode.key: instant_words(flag.stored_at, today, recovery.patient.zone, gettext)
        for flag in recovery.flags
        if flag.episode.signs and not flag.imported
    }


def _kept(content: str, draw: Callable[[], bytes]) -> bytes:
    return DRAWINGS.made(content_key(content, "print", language_tag()), draw)


def report_of(
    recovery: Recovery, paper: str, *, with_notes: bool = True, with_appendix: bool = False
) -> bytes:
    """The PDF of a recovery that has an operation and an assessment."""
    assert recovery.history is not None
    assert recovery.assessment is not None
    patient = recovery.patient
    today = recovery.assessment.as_of
    with database().read() as session:
        surgeon = people.surgeon_of(session, patient.id)
    next_visit = min(recovery.coming_visits(today), key=lambda visit: visit.day, default=None)
    page = Handover(
        name=patient.name,
        birth_date=patient.birth_date,
        hospital_number=patient.hospital_number or "",
        visit=None if next_visit is None else next_visit.day,
        questions=patient.questions,
        with_notes=with_notes,
        with_appendix=with_appendix,
        unanswered=unanswered_of(recovery),
        withdrawn=_withdrawn_of(recovery),
        written_by=_carers_of(recovery),
        decided=_decided(recovery, today),
        answered=_answered(recovery),
        recorded=_recorded(recovery, today),
        corrected=frozenset(f.episode.key for f in recovery.flags if f.corrected_by_patient),
        imaging_asked=imaging_asked(recovery),
        clinic=installation().clinic_name,
        surgeon=surgeon,
        visit_with=next_visit.with_whom if next_visit else "",
        version=__version__,
        product=product_name(""),
        signed=signature_words(installation()),
        emergency=installation().emergency_number,
        ended_on=patient.ended_on,
        language=language_tag(),
        own_language=patient.language,
    )
    return handout.report_of(
        recovery.history,
        recovery.assessment,
        page,
        paper=paper,
        translate=gettext,
        kept=_kept,
    )
