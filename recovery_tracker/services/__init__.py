"""One verb for each use case: joins what is stored with what the trends find.

`record_day` commits the entry, its audit event and the assessment together; only the assessment may
fail on its own. `read_recovery` returns everything known about one patient as of a day.
"""

from . import accounts, emergency, second_person, teams, visit_links
from .admitting import admit_all
from .alerts import choose_staff_devices, choose_staff_mail, note_run, stop_staff_ringing
from .assessing import SYSTEM, earlier_recoveries, read_history
from .importing import Imported, import_history
from .listing import patient_list, whole_list
from .looking import note_each, note_file, note_file_of_many, note_files, note_look, note_reading
from .people import admit, end_account, end_care, erase_patient, follow, save_patient, set_tags
from .reading import Recovery, read_recovery
from .recording import (
    DAYS_BACK,
    DAYS_BACK_FROM_PAPER,
    Recorded,
    check_day,
    oldest_new_day,
    record_day,
    record_days,
    take_back_day,
    triage_of,
)
from .reminders import claim_reminder, forget_device, settle_reminder, stop_ringing
from .sensitivity import choose_sensitivity
from .settings import new_setup_token, note_keys, save_settings, seal_audit, set_up
from .ticking import reassess, tick
from .undoing import Undone, undo_import

__all__ = [
    "DAYS_BACK",
    "DAYS_BACK_FROM_PAPER",
    "SYSTEM",
    "Imported",
    "Recorded",
    "Recovery",
    "Undone",
    "accounts",
    "admit",
    "admit_all",
    "check_day",
    "choose_sensitivity",
    "choose_staff_devices",
    "choose_staff_mail",
    "claim_reminder",
    "earlier_recoveries",
    "emergency",
    "end_account",
    "end_care",
    "erase_patient",
    "follow",
    "forget_device",
    "import_history",
    "new_setup_token",
    "note_each",
    "note_file",
    "note_file_of_many",
    "note_files",
    "note_keys",
    "note_look",
    "note_reading",
    "note_run",
    "oldest_new_day",
    "patient_list",
    "read_history",
    "read_recovery",
    "reassess",
    "record_day",
    "record_days",
    "save_patient",
    "save_settings",
    "seal_audit",
    "second_person",
    "set_tags",
    "set_up",
    "settle_reminder",
    "stop_ringing",
    "stop_staff_ringing",
    "take_back_day",
    "teams",
    "tick",
    "triage_of",
    "undo_import",
    "visit_links",
    "whole_list",
]
