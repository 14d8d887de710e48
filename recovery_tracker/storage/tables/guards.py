"""Triggers that protect the past: what was written is never changed or deleted.

Only the erasure of a patient, announced first by a row in `erasure`, gets past them. A link of the
audit chain is never deleted; only its payload is.
"""

from sqlalchemy import DDL, event

from ..columns import Base

_ERASED = "EXISTS (SELECT 1 FROM erasure WHERE erasure.patient_id = {owner})"
_FLAG_OWNER = "(SELECT flag.patient_id FROM flag WHERE flag.id = OLD.flag_id)"
_EVENT_OWNER = "(SELECT audit_event.chain FROM audit_event WHERE audit_event.id = OLD.event_id)"

#: Table to the patient that an old row belongs to; None where nothing may ever be deleted.
KEPT: dict[str, str | None] = {
    "entry_version": "OLD.patient_id",
    "decision": _FLAG_OWNER,
    "acknowledgement": _FLAG_OWNER,
    # A clinic's own change belongs to nobody, and so may never be deleted.
    "sensitivity_change": "OLD.patient_id",
    "audit_event": None,
    "audit_payload": _EVENT_OWNER,
    "erasure": None,
}


def sqlite_guards(table: str) -> tuple[str, str]:
    """The two triggers of a table on SQLite: one against changing, one against deleting."""
    owner = KEPT[table]
    when = "" if owner is None else f" WHEN NOT {_ERASED.format(owner=owner)}"
    return (
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END",
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}{when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END",
    )


def postgresql_guards(table: str) -> tuple[str, ...]:
    """The same for PostgreSQL, where a trigger needs a function, and TRUNCATE a separate one."""
    owner = KEPT[table]
    allowed = "FALSE" if owner is None else f"TG_OP = 'DELETE' AND {_ERASED.format(owner=owner)}"
    return (
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
        f"BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION '{table} rows are never deleted'; "
        f"END IF; IF {allowed} THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{table} rows are never changed or deleted'; END $guard$",
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()",
    )


def _attach() -> None:
    for table in KEPT:
        for dialect, guards in (
            ("sqlite", sqlite_guards(table)),
            ("postgresql", postgresql_guards(table)),
        ):
            for statement in guards:
                ddl = DDL(statement)  # type: ignore[no-untyped-call]
                event.listen(Base.metadata, "after_create", ddl.execute_if(dialect=dialect))


_attach()
