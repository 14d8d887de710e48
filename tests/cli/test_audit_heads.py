"""The ends of the audit chains, kept elsewhere, tell of a chain that was made anew."""

import json
import shutil
from contextlib import closing
from datetime import datetime

from recovery_tracker.cli.options import know_audit_key, seal_audit
from recovery_tracker.storage import audit, audit_chain
from recovery_tracker.storage.audit_key import use_audit_keys
from recovery_tracker.storage.columns import canonical
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.engine import driver, url_of
from recovery_tracker.storage.upgrade import upgrade_database
from recovery_tracker.web.secret_file import secrets_in
from tests.databases import NOW, SYSTEM, new_patient
from tests.web.conftest import clinic_database

__all__ = ["clinic_database"]


def test_a_chain_made_anew_by_our_own_code_is_noticed(command, clinic_database, tmp_path):
    file = tmp_path / "recovery.db"
    shutil.copy(clinic_database, file)
    url = f"sqlite:///{file}"
    kept = tmp_path / "heads"
    kept.write_text(command("audit", "heads", "--database", url).out)
    assert command("audit", "compare", kept, "--database", url).status == 0
    _make_anew(file)
    database = open_database(url)
    with database.read() as session:
        assert audit_chain.verify(session) == []  # In itself the chain holds.
    database.close()
    said = command("audit", "compare", kept, "--database", url)
    assert said.status == 1
    assert "audit chain 1: is not the one" in said.err


def _make_anew(file) -> None:
    """Somebody who can write the file puts another name to the first event of chain 1."""
    with closing(driver().connect(file)) as raw, raw:
        for name in ("audit_event_unchanged", "audit_payload_unchanged"):
            raw.execute(f"DROP TRIGGER {name}")
        raw.create_function("payload_digest", 2, audit_chain.payload_digest)
        raw.row_factory = driver().Row
        previous = "0" * 64
        query = "SELECT * FROM audit_event WHERE chain = 1 ORDER BY sequence"
        for event in raw.execute(query).fetchall():
            body = raw.execute(
                "SELECT salt, body FROM audit_payload WHERE event_id = ?", (event["id"],)
            ).fetchone()
            text = body["body"]
            if event["sequence"] == 1:
                text = canonical({**json.loads(text), "by": "Somebody else"})
            digest = audit_chain.payload_digest(body["salt"], text)
            link = {**dict(event), "previous": previous, "payload_digest": digest}
            link["at"] = datetime.fromisoformat(event["at"].replace("Z", "+00:00"))
            end = audit_chain.link_digest(link)
            raw.execute("UPDATE audit_payload SET body = ? WHERE event_id = ?", (text, event["id"]))
            raw.execute(
                "UPDATE audit_event SET previous = ?, payload_digest = ?, digest = ? WHERE id = ?",
                (previous, digest, end, event["id"]),
            )
            previous = end
        raw.execute("UPDATE audit_head SET digest = ? WHERE chain = 1", (previous,))


def test_check_names_a_chain_that_was_written_without_the_key(command, tmp_path):
    """Before the first start nothing is keyed; after it a link without the key is a problem."""
    url = url_of(tmp_path / "diary.db")
    upgrade_database(url, backup=False)
    secrets_in(tmp_path)
    know_audit_key(url)
    seal_audit(url)
    database = open_database(url)
    try:
        patient = new_patient(database, "Ann")
        assert "audit" not in command("check", "--database", url).err
        use_audit_keys([])
        with database.write() as session:
            audit.record(
                session, audit.AuditAction.CHART_READ, by=SYSTEM, at=NOW, patient_id=patient.id
            )
    finally:
        database.close()
    said = command("check", "--database", url).err
    assert f"audit chain {patient.id}, event" in said
    assert "was written without the key" in said
    assert f"audit chain {patient.id}: its end was not sealed with the key" in said
