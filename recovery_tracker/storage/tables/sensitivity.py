"""How easily the trend rules raise a flag: every change of the setting, clinic or patient."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.sensitivity import REASON_LENGTH, Sensitivity
from ..columns import Base, Instant, at_most, one_of
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

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int | None] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    setting: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    #: The rule set that the setting belongs to.
    rule_set: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    author_account_id: Mapped[int | None]
