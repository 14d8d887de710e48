"""What a form that waits is called, so that whoever comes back knows which one it is."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from flask_babel import gettext as _

from ...domain.language import N_
from ..shared.language import mark, say_day

_PAGES = {
    N_("Settings"): ("admin.save_settings", "patient.settings"),
    N_("Patients from a list"): ("admin.look", "admin.take", "admin.slips"),
    N_("People"): (
        *("admin.save_patient", "admin.place", "admin.follow_up", "admin.care"),
        *("admin.invite_person", "admin.new_password", "admin.set_active", "admin.link"),
        "admin.invite_same",
    ),
    N_("Teams"): (
        *("admin.save_team", "admin.members", "admin.joining", "admin.cover", "admin.end_cover"),
    ),
    N_("A few more questions"): ("patient.weekly",),
    N_("Type in a sheet"): ("patient.type_sheet",),
    N_("Things that happened"): ("patient.events",),
    N_("Find a note"): ("patient.find_notes",),
    N_("Questions to ask"): ("patient.save_questions",),
    N_("Who looked"): ("patient.answer_reader",),
    N_("My medicines"): ("patient.medicines",),
    N_("Reminders"): ("patient.reminders",),
    N_("Scores from my clinic"): ("patient.scores",),
    N_("Share your diary"): ("patient.invite_carer", "patient.make_link"),
    N_("My operation"): ("patient.add_surgery", "patient.save_surgery"),
    N_("Erase my diary"): ("patient.erase",),
    N_("Today’s clinic"): ("clinician.todays_reports",),
    N_("Decision"): ("clinician.seen", "clinician.take", "clinician.decide"),
    N_("Open a diary in an emergency"): ("clinician.open_in_emergency",),
    N_("What the patient is told"): (
        *("clinician.instruct", "clinician.change_instruction", "clinician.take_back"),
    ),
    N_("Operation"): ("clinician.add_operation", "clinician.change_operation"),
    N_("Visits, imaging and events"): ("clinician.add_to_record",),
    N_("Telephone number"): ("clinician.phone",),
    N_("Tags"): ("clinician.tags",),
    N_("Who may look"): ("clinician.make_code", "clinician.answer_request"),
    N_("Sensitivity"): ("clinician.preview_sensitivity", "clinician.change_sensitivity"),
    N_("Sensitivity for one patient"): (
        *("clinician.preview_own_sensitivity", "clinician.change_own_sensitivity"),
    ),
    N_("Team and cover"): (
        *("clinician.save_messages", "clinician.save_device", "clinician.answer_joining"),
        *("clinician.save_cover", "clinician.end_cover"),
    ),
}
PAGE_OF = {endpoint: page for page, endpoints in _PAGES.items() for endpoint in endpoints}
"""The title of the page on which the form of an endpoint stands."""


def name_of_form(endpoint: str, values: Mapping[str, Any], patient: str = "") -> str:
    """The page on which the form stands, the day it is about, and `patient`, a name, where there is
    one. A day's own form is called by its day alone; "" for an address of no form that waits.
    """
    page, day = PAGE_OF.get(endpoint, ""), ""
    with suppress(KeyError, ValueError):
        day = say_day(date.fromisoformat(values["day"]))
    return mark(", ").join(part for part in (page and _(page), day, patient) if part)
