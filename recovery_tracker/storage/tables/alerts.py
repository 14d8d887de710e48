"""Messages to staff and to their system: who asked, what was sent; when the commands last ran."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.alerts import Alert
from ...domain.reminders import Delivery
from ..columns import Base, Json, Key, at_least, at_most, one_of, part_of, yes_no
from .people import STRICT


class AlertWishesRow(Base):
    """What a clinician wants to be told, and where; named when e-mail was the only way."""

    __tablename__ = "staff_mail"
    __table_args__ = (at_most("address", 254), yes_no("each"), yes_no("digest"), STRICT)

    account_id: Mapped[int] = part_of("account", primary_key=True, autoincrement=False)
    address: Mapped[str]
    each: Mapped[bool]
    digest: Mapped[bool]
    rings: Mapped[list[dict[str, Any]]] = mapped_column(Json, server_default="[]")


class AlertRow(Base):
    """The row is written before the message is sent: two simultaneous runs send one."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "subject"),
        one_of("kind", Alert),
        one_of("outcome", Delivery),
        at_least("tries", 1),
        STRICT,
    )

    id: Mapped[Key]
    account_id: Mapped[int] = part_of("account")
    kind: Mapped[str]
    #: The flag's public id and since when it waits, or the day of a digest.
    subject: Mapped[str]
    outcome: Mapped[str]
    tries: Mapped[int]
    at: Mapped[datetime]


class HookRow(Base):
    """A message to the clinic's own system; written before it is sent, as `AlertRow` is."""

    __tablename__ = "hook"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        one_of("kind", Alert),
        one_of("outcome", Delivery),
        at_least("tries", 1),
        STRICT,
    )

    id: Mapped[Key]
    kind: Mapped[str]
    subject: Mapped[str]
    outcome: Mapped[str]
    tries: Mapped[int]
    at: Mapped[datetime]


class LastRunRow(Base):
    """When a command that should run again and again last ended well."""

    __tablename__ = "last_run"
    __table_args__ = (STRICT,)

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
