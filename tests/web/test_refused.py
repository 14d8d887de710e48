"""A page that says "Nothing was saved" is right, whichever of its writes was the one refused.

Every form is sent again and again, and each time the database is busy for another of the writes
that the request makes. What comes back as refused must have changed nothing.
"""

from contextlib import closing
from datetime import timedelta

import pytest

from recovery_tracker.storage import people
from recovery_tracker.storage.database import Database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.trouble import Trouble, refusal
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist

#: What belongs to no diary and no account: sessions, tries at signing in, and who looked.
BESIDE = {
    "web_session",
    "attempt",
    "audit_event",
    "audit_head",
    "audit_payload",
    "carried",
    "sqlite_sequence",
}

OPERATION = {"day": str(TODAY - timedelta(30)), "region": "lumbar", "levels": "2"}
WOUND = {**CALM, "signs": "some", "line": "wound", "sign-wound": "wound_redness"}


class Busy:
    """Refuses one of the writes to come: the one with this number."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count, self.at = 0, 0
        write = Database.write

        def busy(database: Database):
            self.count += 1
            if self.count == self.at:
                raise refusal(Trouble.BUSY)
            return write(database)

        monkeypatch.setattr(Database, "write", busy)

    def refuse(self, number: int) -> None:
        self.count, self.at = 0, number


def dump(file) -> dict[str, list]:
    """Every row that a form could have changed."""
    with closing(driver().connect(file)) as raw:
        tables = [
            name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: raw.execute(f'SELECT * FROM "{name}"').fetchall()
            for name in tables
            if name not in BESIDE
        }


def test_what_was_refused_changed_nothing(clinic, monkeypatch):
    nora = new_diarist(clinic)
    with clinic.database.write() as session:
        carol_id = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol_id, by=SYSTEM, at=NOW)
    carol, frank = clinic.signed_in("carol"), clinic.signed_in("frank")
    chart = f"/clinic/p/{nora.patient.public_id}"
    own, patient = nora.path, nora.browser
    care = {"account": clinic.accounts["dan"].public_id, "patient": nora.patient.public_id}
    cared = {**care, "cares": "1"}
    sensitivity = {"setting": "quiet", "reason": "many flags", "expected_version": "0"}
    forms = [
        (patient, nora.day(), nora.day(), WOUND),
        (patient, own(f"day/{TODAY}/weekly"), own(f"day/{TODAY}/weekly"), {"signs": "none"}),
        (patient, own("events"), own("events"), {"kind": "fall", "day": str(TODAY)}),
        (patient, own("scores"), own("scores"), SCORE),
        (patient, own("surgery/new"), own("surgery/new"), OPERATION),
        (patient, own("settings"), own("settings"), SETTINGS),
        (patient, own("reminders"), own("reminders"), REMINDERS),
        (patient, own(), own("questions"), {"question": "May I swim?"}),
        (carol, chart, f"{chart}/record/visit", {"day": "2026-04-01", "with_whom": "Dr Lund"}),
        (carol, chart, f"{chart}/record/imaging", IMAGING),
        (carol, chart, f"{chart}/record/event", {"day": str(TODAY), "kind": "fall"}),
        (carol, chart, f"{chart}/instructions/plan", {"topic": "physio", "text": "Walk."}),
        (carol, f"{chart}/operation/new", f"{chart}/operation/new", CONFIRMED),
        (carol, "/clinic/sensitivity", "/clinic/sensitivity", sensitivity),
        (carol, f"{chart}/sensitivity", f"{chart}/sensitivity", sensitivity),
        (frank, "/admin/people", "/admin/people/care", cared),
        (frank, "/admin/people", "/admin/people/invite", {"role": "patient", "name": "Ed"}),
        (patient, own(), None, {"what": "called"}),
        (carol, chart, None, {"decision": "reassured"}),
    ]
    busy = Busy(monkeypatch)
    file = clinic.config.database_url.removeprefix("sqlite:///")
    for browser, page, action, fields in forms:
        busy.refuse(0)
        found = [form for form in browser.page(page).forms if _is(form.action or page, action)]
        hidden = found[0].hidden() if found else browser.page(page).forms[0].hidden()
        path = action or found[0].action
        start = dump(file)
        for number in range(1, 10):
            before = dump(file)
            busy.refuse(number)
            answer = browser.client.post(path, data={**hidden, **fields})
            was_refused = busy.count >= number
            busy.refuse(0)
            if answer.status_code == 503:
                assert dump(file) == before, (path, number)
            elif not was_refused:
                assert answer.status_code in (200, 303), (path, answer.status_code)
                assert dump(file) != start, (path, "nothing was written")
                break
            else:
                assert answer.status_code in (200, 303), (path, number, answer.status_code)


SETTINGS = {"schedule": "daily", "zone": "Europe/London", "language": "en"}
REMINDERS = {"what": "time", "time": "09:00", "quiet_from": "21:00", "quiet_to": "07:00"}
SCORE = {"form": "odi_points", "score": "20", "day": str(TODAY)}
IMAGING = {"day": "2026-03-01", "modality": "xray", "result": "not_yet_fused"}
CONFIRMED = {**OPERATION, "day": str(TODAY - timedelta(20)), "step": "confirmed"}


def _is(found: str, wanted: str | None) -> bool:
    """Whether a form is the one for an address; None means the first answer to a flag."""
    if wanted is None:
        return found.endswith(("/acknowledge", "/decision"))
    return found == wanted
