"""The front desk of a clinic: who comes when. Names and appointments, nothing of any diary."""

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...storage import appointments as stored
from ..shared import access, clock, looking
from ..shared.language import say_day
from ..shared.pages import render
from ..shared.policies import FRONT_DESK, policy
from ..shared.zones import clinic_zone

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

AHEAD = timedelta(days=28)
"""How far the list looks ahead. Our default."""


@blueprint.get("/")
@policy(FRONT_DESK, lists=True)
def appointments() -> ResponseReturnValue:
    """The appointments from today on, day by day."""
    today = clock.today(clinic_zone())
    with access.database().read() as session:
        found = stored.coming(session, today, today + AHEAD)
    looking.on_list(one.patient_id for one in found)
    return render(
        "desk/appointments.html",
        days=[(say_day(day), list(some)) for day, some in groupby(found, lambda one: one.day)],
        links=[(url_for("desk.appointments"), _("Appointments"), True)],
        user=access.actor().name,
    )
