"""The patient's pages, under `/p/<public_id>/`.

Each module is one thing a patient does; `days` and `words` hold what they share. Every write is
POST, then 303, then GET, and every page works without a script.
"""

from flask import Blueprint

from ...domain.wording import capitalize_first

blueprint = Blueprint("patient", __name__, url_prefix="/p/<public_id>")

from . import (  # noqa: E402  (the views register themselves on the blueprint)
    advice,
    by_mail,
    data,
    entry,
    erasing,
    events,
    feed,
    history,
    home,
    how_flags_work,
    looked,
    medicines,
    paper,
    plan,
    readers,
    reading,
    recovery,
    reminders,
    saved,
    scores,
    settings,
    sharing,
    surgery,
    weekly,
    words,
    zone,
)

blueprint.add_app_template_filter(capitalize_first)
blueprint.add_app_template_global(reading.page_look)
blueprint.add_app_template_global(looked.access_news)
