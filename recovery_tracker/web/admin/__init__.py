"""Running the installation: settings, people, teams, what happened, health. No clinical data."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

from . import (  # noqa: E402  (the views register themselves on the blueprint)
    arriving,
    installation,
    patient,
    people,
    teams,
)
