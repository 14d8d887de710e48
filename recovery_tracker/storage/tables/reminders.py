"""Reminders by e-mail: one row for each day somebody was reminded about, and its outcome."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.reminders import Delivery
from ..columns import Base, Day, Instant, is_date, one_of
from .people import STRICT


class ReminderRow(Base):
    """The row is written before the mail is sent, so that two simultaneous runs send only one."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("patient_id", "day"),
        is_date("day"),
        one_of("outcome", Delivery),
        CheckConstraint("tries >= 1", name="tries_bounds"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Day)
    outcome: Mapped[str] = mapped_column(Text)
    tries: Mapped[int]
    #: The instant of the latest try.
    at: Mapped[datetime] = mapped_column(Instant)
