"""How easily the trend rules raise a flag: every change of the setting, clinic or patient."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from ...domain.sensitivity import REASON_LENGTH, Sensitivity
from ..columns import Base, Key, OfPatient, at_most, one_of
from .people import LASTING


class SensitivityRow(Base):
    """One change; rows are only ever added, and the number of a row is the version of the setting.

    Without a patient it is the clinic's. A patient's row without a setting follows the clinic
    again. The author is a number, because what is never erased must not name anybody.
    """

    __tablename__ = "sensitivity_change"
    __table_args__ = (
        one_of("setting", Sensitivity),
        at_most("reason", REASON_LENGTH),
        CheckConstraint("patient_id IS NOT NULL OR setting IS NOT NULL", name="clinic_has_one"),
        CheckConstraint("patient_id IS NULL OR reason != ''", name="patient_has_a_reason"),
        LASTING,
    )

    id: Mapped[Key]
    patient_id: Mapped[OfPatient | None]
    setting: Mapped[str | None]
    reason: Mapped[str]
    #: The rule set that the setting belongs to.
    rule_set: Mapped[str]
    at: Mapped[datetime]
    author_account_id: Mapped[int | None]
