"""One verb for each use case: joins what is stored with what the trends find.

`record_day` commits the entry, its audit event and the assessment together; only the assessment may
fail on its own. `read_recovery` returns everything known about one patient as of a day.
"""

from . import accounts, emergency, second_person, teams, visit_links
from .admitting import admit_all
from .alerts import choose_alerts, note_run
from .assessing import SYSTEM, earlier_recoveries, read_history
from .devices import all_but, all_but_this, change_devices, change_staff_devices
from .importing import Imported, import_history
from .listing import patient_list, whole_list, whole_order
from .looking import note_file, note_files, note_look
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
from .reminders import claim_reminder, settle_reminder
from .sensitivity import choose_sensitivity
from .settings import new_setup_token, note_keys, save_settings, seal_audit, set_up
from .ticking import reassess, tick
from .undoing import Undone, undo_import
from .unflagged import named_in, standing_triage, unflagged
