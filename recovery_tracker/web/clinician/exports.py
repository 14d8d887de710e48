"""What leaves the clinic's pages as files: lists and days as CSV, today's reports as one zip."""

import logging

from flask.typing import ResponseReturnValue

from ...domain.people import Action
from ...exchange.diary_csv import diary_text
from ...services import note_file
from ...storage.audit import AuditAction
from ..shared import clock
from ..shared.access import actor, database
from ..shared.downloads import MARK, download
from ..shared.policies import CLINICIAN, TAKES_A_FILE, policy
from . import blueprint
from .chart import recovery_of

log = logging.getLogger("recovery_tracker.web")


@blueprint.get("/p/<public_id>/days.csv")
@policy(CLINICIAN, Action.READ_DIARY, fresh=TAKES_A_FILE)
def chart_csv(public_id: str) -> ResponseReturnValue:
    """Every day with every answer as it was given, in the columns of the diary file."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    note_file(
        database(),
        recovery.patient.id,
        AuditAction.EXPORTED,
        {"file": "days.csv"},
        by=actor(),
        at=clock.now(),
    )
    entries = [stored.entry for stored in recovery.entries]
    return download(MARK + diary_text(entries), "days.csv", "text/csv")
