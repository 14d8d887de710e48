"""What to do now: the page after an entry with a warning sign, and "I have called"."""

from dataclasses import replace
from datetime import UTC, date, datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ... import services
from ...domain.advice import IF_GONE_NOW, YOU_MUST_CALL
from ...domain.flags import Urgency
from ...domain.people import Action
from ...domain.triage import Triage
from ...services import attention
from ...storage.entry_rows import StoredEntry
from ...storage.flags import Acknowledged, StoredFlag
from ..shared import clock
from ..shared.access import actor, database, installation
from ..shared.forms import sent
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .changed import changed_on
from .guidance import advice_line, guidance_for, values_for
from .open_advice import more_urgent, open_advice
from .readers import who_reads
from .reading import Begun, recovery_of, stored_day

#: What a person alone answers to advice on something they have changed since.
MISTAKE = "mistake"


#: Before anything that could ask for a call.
NOTHING = datetime.min.replace(tzinfo=UTC)


def triage_of(recovery: Begun, stored: StoredEntry) -> Triage:
    """What a stored day calls for, in its newest version; nothing that is over by now."""
    return services.standing_triage(recovery, recovery.history, stored)


@blueprint.get("/day/<day>/advice")
@policy(PATIENT, Action.READ_DIARY)
def advice(public_id: str, day: str) -> ResponseReturnValue:
    """The page of advice for a day with an emergency or same-day answer."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    today = clock.today(recovery.patient.zone)
    stored = stored_day(recovery, day, recovery.latest_day(today))
    chosen = stored.day
    found = triage_of(recovery, stored)
    if found.urgency is None or found.urgency < Urgency.SAME_DAY:
        return redirect(url_for("patient.saved", public_id=public_id, day=chosen), 303)
    clinic, operation = installation(), recovery.history.index
    card = guidance_for(found.concerns, operation, today, clinic, chosen)
    if chosen < today and found.urgency is Urgency.EMERGENCY and card is not None:
        card = replace(card, steps=(_(IF_GONE_NOW), *card.steps))
    first = more_urgent(open_advice(recovery, today), found.urgency)
    named = () if first is None else (first.flag, *first.beside)
    is_said = _told_by(found) <= {sign for flag in named for sign in flag.episode.signs}
    values = values_for(operation, today, clinic)
    must_call = _(YOU_MUST_CALL)
    for key, value in values.items():
        must_call = must_call.replace(f"{{{key}}}", value)
    return render(
        "patient/advice.html",
        patient=recovery.patient,
        day=chosen,
        card=card,
        must_call=must_call,
        clinic=clinic,
        who_reads=who_reads(recovery.patient),
        advice_line=advice_line(clinic),
        changed=changed_on(chosen, recovery),
        # A calmer day takes no emergency back: it comes first, and alone if it is the same sign.
        waiting=first.card if first is not None else None,
        is_said=is_said,
        # Where only the card of before is shown, what it asks about was ticked on its own day.
        ticked_on=first.flag.episode.raised_on if first is not None and is_said else chosen,
        flags=named or _flags_about(found, recovery, chosen),
    )


@blueprint.post("/flags/<flag_id>/acknowledge")
@policy(PATIENT, Action.ACKNOWLEDGE_FLAG)
def acknowledge(public_id: str, flag_id: str) -> ResponseReturnValue:
    """Notes that the patient has called or been seen, or that a changed answer was a mistake.

    A page of before says nothing about what was told since, and the patient reads that. A
    clinician's decision stays apart.
    """
    recovery = recovery_of(public_id, Action.ACKNOWLEDGE_FLAG)
    what = request.form.get("what", "")
    if what not in (*Acknowledged, MISTAKE):
        raise NotFound
    today = clock.today(recovery.patient.zone)
    was_shown = attention.acknowledge(
        database(),
        recovery.patient.id,
        flag_id,
        None if what == MISTAKE else Acknowledged(what),
        key=sent.key(),
        by=actor(),
        at=clock.now(),
        today=today,
        asked_since=_asked_since(),
        beside=[
            other.public_id
            for one in open_advice(recovery, today)
            if one.flag.public_id == flag_id
            for other in one.beside
        ],
    )
    unnoted = None if was_shown else "yes"
    home = url_for("patient.home", public_id=public_id, unnoted=unnoted, _anchor="advice")
    return redirect(home, 303)


def _asked_since() -> datetime:
    """Since when what stood on the page asks for a call; one that does not say it shows nothing."""
    try:
        said = datetime.fromisoformat(request.form.get("asked_since", ""))
    except ValueError:
        said = NOTHING
    return said if said.tzinfo is not None else NOTHING


def _told_by(found: Triage) -> set[str]:
    """The signs that ask for a call today."""
    return {concern.sign for concern in found.concerns if concern.urgency >= Urgency.SAME_DAY}


def _flags_about(found: Triage, recovery: Begun, day: date) -> list[StoredFlag]:
    """The flags that ask for a call about these signs of the day, the most urgent first; one that
    was told only after it had ended too.
    """
    told = _told_by(found)
    missed = [one for one in recovery.flags if one.is_missed and day in one.episode.days]
    flags = [*recovery.open_flags, *missed]
    return [flag for flag in flags if told & services.named_in(flag, recovery.history)]
