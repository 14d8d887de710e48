"""A process that writes days until it is killed, and says so after each that is committed.

Run by `test_crash` as `python -m tests.storage.writer FILE PATIENT NAME`; each line it prints is an
acknowledgement, read by the test, which lives on.
"""

import itertools
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recovery_tracker.domain.diary import DiaryEntry, Source
from recovery_tracker.services import record_day
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.errors import NotSaved
from tests.databases import OPERATED, SYSTEM, url_of


def main() -> None:
    file, patient_id, name, first = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    database = open_database(url_of(Path(file)))
    for n in itertools.count(first):
        day = OPERATED + timedelta(n % 60)
        at = datetime(2026, 4, 1, 12, tzinfo=UTC)
        key = f"{name}-{n}"
        entry = DiaryEntry(day, axial_pain=n % 11, note=key, source=Source.IMPORT)
        # A client sends the same form again until it is answered.
        while True:
            try:
                record_day(database, patient_id, entry, by=SYSTEM, at=at, today=at.date(), key=key)
                break
            except NotSaved:
                continue
        sys.stdout.write(f"{key}\n")
        sys.stdout.flush()
        # SQLite has no queue: a writer that never pauses lets nobody else in.
        time.sleep(0.01)


if __name__ == "__main__":
    main()
