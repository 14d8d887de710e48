"""The clinic's side, under `/clinic`: who needs a look, why, and what was decided.

Each module is one thing a clinician does; `sparklines` draws the small lines of the list, `words`
says what several pages say. Every write is POST, then 303, then GET, and every page works without a
script.
"""

from flask import Blueprint

blueprint = Blueprint("clinician", __name__, url_prefix="/clinic")

from . import (  # noqa: E402  (the views register themselves on the blueprint)
    chart,
    clinic_day,
    decisions,
    emergency,
    exports,
    instructions,
    list_file,
    operations,
    outcomes,
    patients,
    record,
    rules,
    second_person,
    sensitivity,
    team,
)
