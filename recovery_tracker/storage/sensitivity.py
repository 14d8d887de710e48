"""The clinic's setting of the trend rules, and those of single patients: kept, read, changed.

Every change is a row with who, when and why; a patient's newest row takes precedence over the
clinic's. "Just me" has no setting: standard.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from ..domain.language import N_
from ..domain.people import Actor, Mode
from ..domain.sensitivity import REASON_LENGTH, Sensitivity, Step
from .audit import AuditAction, record
from .database import WriteSession, lock_chain
from .errors import Conflict, Refused
from .settings import read_installation
from .tables.flags import SummaryRow
from .tables.people import AccountRow, PatientRow
from .tables.sensitivity import SensitivityRow
from .ways import is_open_to


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One change of a setting. `setting` is None where a patient follows the clinic again.

    `before` is the previous choice, None if there was none. `author` is empty if the account has
    been deleted.
    """

    version: int
    patient_id: int | None
    before: Sensitivity | None
    setting: Sensitivity | None
    reason: str
    rule_set: str
    at: datetime
    author: str

    def first_day(self, zone: str) -> date:
        """The first diary day that it applies to, in the patient's zone: the day after it."""
        return self.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)


def changes_of(session: Session, patient_id: int | None = None) -> tuple[SettingChange, ...]:
    """Every change of the clinic's setting, or of one patient's, oldest first."""
    return _changes(session.execute(_with_authors().where(_of(patient_id))))


def recent_changes(
    session: Session, account_id: int, since: datetime, at: datetime
) -> tuple[tuple[SettingChange, ...], int]:
    """The clinic's changes since an instant, oldest first, and how many of a clinician's patients
    had their own setting changed.
    """
    is_open = is_open_to(SensitivityRow.patient_id, account_id, at)
    own = and_(SensitivityRow.at >= since, is_open)
    rows = session.execute(_with_authors().where(or_(_of(None), own))).all()
    clinic = _changes((row, author) for row, author in rows if row.patient_id is None)
    patients = {row.patient_id for row, _ in rows} - {None}
    return tuple(change for change in clinic if change.at >= since), len(patients)


def _with_authors() -> Select[SensitivityRow, str]:
    query = select(SensitivityRow, AccountRow.name).outerjoin(
        AccountRow, AccountRow.id == SensitivityRow.author_account_id
    )
    return query.order_by(SensitivityRow.id)


def _changes(rows: Iterable[Any]) -> tuple[SettingChange, ...]:
    found: list[SettingChange] = []
    for row, author in rows:
        before = found[-1].setting if found else None
        found.append(_to_change(row, before, author))
    return tuple(found)


def steps_of(session: Session, patient_id: int, zone: str) -> tuple[Step, ...]:
    """The settings that apply to one patient, each with its first day, by day."""
    query = select(SensitivityRow).where(or_(_of(None), _of(patient_id)))
    clinic, own = Sensitivity.STANDARD, None
    steps: dict[date, Sensitivity] = {}
    for row in session.scalars(query.order_by(SensitivityRow.id)):
        change = _to_change(row, None, None)
        if row.patient_id is None:
            clinic = change.setting or Sensitivity.STANDARD
        else:
            own = change.setting
        # Of two changes on one day the later one counts.
        steps[change.first_day(zone)] = own or clinic
    return tuple(Step(day, setting) for day, setting in sorted(steps.items()))


def change(
    session: WriteSession,
    setting: Sensitivity | None,
    *,
    reason: str,
    rule_set: str,
    expected_version: int,
    by: Actor,
    at: datetime,
    patient_id: int | None = None,
) -> SettingChange:
    """The setting applies from the day after `at`; flags raised before stay.

    `expected_version` is the latest change that was seen, 0 for none.

    Raises:
        Refused: "just me", no reason for a patient, a reason that is too long, or no change.
        Conflict: somebody else changed it first.
    """
    if read_installation(session).mode is not Mode.CLINIC:
        raise Refused(N_("Only a clinic can choose a sensitivity."))
    lock_chain(session, patient_id or 0)
    earlier = changes_of(session, patient_id)
    latest = earlier[-1] if earlier else None
    if expected_version != (latest.version if latest else 0):
        raise Conflict(current=latest.version if latest else 0)
    before = latest.setting if latest else (None if patient_id else Sensitivity.STANDARD)
    if setting is before or (setting is None and patient_id is None):
        raise Refused(N_("This is already the setting. Nothing was changed."))
    _check_reason(reason, patient_id)
    row = SensitivityRow(
        patient_id=patient_id,
        setting=setting and str(setting),
        reason=reason,
        rule_set=rule_set,
        at=at,
        author_account_id=by.account_id,
    )
    session.add(row)
    session.flush()
    details = {"version": row.id, "old": before and str(before), "new": row.setting}
    record(
        session, AuditAction.SENSITIVITY_CHANGED, by=by, at=at, patient_id=patient_id,
        details=details,
    )  # fmt: skip
    made = _to_change(row, before, by.name)
    _look_again(session, made)
    return made


def _check_reason(reason: str, patient_id: int | None) -> None:
    if patient_id is not None and not reason:
        raise Refused(N_("Write why this patient needs another setting."))
    if len(reason) > REASON_LENGTH:
        raise Refused(N_("The reason is too long."))


def _of(patient_id: int | None) -> ColumnElement[bool]:
    if patient_id is None:
        return SensitivityRow.patient_id.is_(None)
    return SensitivityRow.patient_id == patient_id


def _to_change(
    row: SensitivityRow, before: Sensitivity | None, author: str | None
) -> SettingChange:
    return SettingChange(
        version=row.id,
        patient_id=row.patient_id,
        before=before,
        setting=None if row.setting is None else Sensitivity(row.setting),
        reason=row.reason,
        rule_set=row.rule_set,
        at=row.at,
        author=author or "",
    )


def _look_again(session: WriteSession, made: SettingChange) -> None:
    """The summaries that it affects are due again on its first day."""
    zones = select(PatientRow.zone).distinct()
    if made.patient_id is not None:
        zones = zones.where(PatientRow.id == made.patient_id)
    for zone in session.scalars(zones).all():
        day = made.first_day(zone)
        touched = select(PatientRow.id).where(PatientRow.zone == zone)
        if made.patient_id is not None:
            touched = touched.where(PatientRow.id == made.patient_id)
        session.execute(
            update(SummaryRow)
            .where(
                SummaryRow.patient_id.in_(touched),
                SummaryRow.as_of.is_not(None),
                or_(SummaryRow.next_change_on.is_(None), SummaryRow.next_change_on > day),
            )
            .values(next_change_on=day)
        )


def overrides_of(
    session: Session, account_id: int, at: datetime
) -> list[tuple[str, str, str, tuple[SettingChange, ...]]]:
    """Patients of a clinician who ever had a setting of their own, by name.

    Public id, name, zone, and the changes, oldest first, without who and what was before.
    """
    query = (
        select(PatientRow.public_id, PatientRow.name, PatientRow.zone, SensitivityRow)
        .join(SensitivityRow, SensitivityRow.patient_id == PatientRow.id)
        .where(is_open_to(PatientRow.id, account_id, at))
        .order_by(PatientRow.name, PatientRow.id, SensitivityRow.id)
    )
    patients = groupby(session.execute(query), key=lambda found: found[:3])
    return [
        (public_id, name, zone, tuple(_to_change(found[3], None, None) for found in rows))
        for (public_id, name, zone), rows in patients
    ]
