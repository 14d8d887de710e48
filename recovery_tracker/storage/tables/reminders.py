"""Reminders by e-mail: one row for each day somebody was reminded about, and its outcome."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from ...domain.reminders import Delivery
from ..columns import Base, Key, at_least, is_date, one_of, part_of
from .people import STRICT


class ReminderRow(Base):
    """The row is written before the mail is sent, so that two simultaneous runs send only one."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("patient_id", "day"),
        is_date("day"),
        one_of("outcome", Delivery),
        at_least("tries", 1),
        STRICT,
    )

    id: Mapped[Key]
    patient_id: Mapped[int] = part_of("patient")
    day: Mapped[date]
    outcome: Mapped[str]
    tries: Mapped[int]
    #: The instant of the latest try.
    at: Mapped[datetime]
