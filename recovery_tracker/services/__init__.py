"""One verb for each use case: joins what is stored with what the trends find.

`record_day` commits the entry, its audit event and the assessment together; only the assessment may
fail on its own. `read_recovery` returns everything known about one patient as of a day.
"""

from . import accounts, emergency, second_person, teams, visit_links
from .admitting import admit_all
from .alerts import change_staff_devices, choose_staff_mail, note_run, stop_staff_ringing
from .assessing import SYSTEM, earlier_recoveries, read_history
from .importing import Imported, import_history
from .listing import patient_list, whole_list
from .looking import note_each, note_file, note_file_of_many, note_files, note_look, note_reading
from .people import (
    Erased,
    admit,
    end_account,
    end_care,
    erase_patient,
    follow,
    save_patient,
    set_tags,
)
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
