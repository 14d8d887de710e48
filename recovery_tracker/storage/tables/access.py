"""Signing in: passkeys, sessions, guesses, invitations, the set-up token."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.people import ACCOUNT_ROLES
from ..columns import Base, Day, Instant, Json, YesNo, at_most, is_date, one_of, yes_no
from .people import LASTING, STRICT


class PasskeyRow(Base):
    __tablename__ = "passkey"
    __table_args__ = (
        one_of("usage", ("first", "secondary")),
        yes_no("backup_state"),
        CheckConstraint("sign_count >= 0", name="sign_count_bounds"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[Any] = mapped_column(Json)
    extensions: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    usage: Mapped[str] = mapped_column(Text)
    backup_state: Mapped[bool] = mapped_column(YesNo)
    device_type: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class SessionRow(Base):
    """A session kept on the server. The cookie holds a token, the row only its digest."""

    __tablename__ = "web_session"
    __table_args__ = (STRICT,)

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class AttemptRow(Base):
    """A wrong guess, by the digest of what was guessed at."""

    __tablename__ = "attempt"
    __table_args__ = (STRICT,)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_digest: Mapped[str] = mapped_column(Text, index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


class InvitationRow(Base):
    """A link that can be used once: to make an account, or to choose a new password."""

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", ACCOUNT_ROLES),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    role: Mapped[str] = mapped_column(Text)
    rights: Mapped[str] = mapped_column(Text, server_default="")
    name: Mapped[str] = mapped_column(Text)
    patient_id: Mapped[int | None] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    #: The account that gets a new password; None creates a new account.
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    by_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class HandoverCodeRow(Base):
    """A code that a clinician hands to a patient and that a link for a new password asks for."""

    __tablename__ = "handover_code"
    __table_args__ = (STRICT,)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class VisitLinkRow(Base):
    """A link by which chart and report can be read for one appointment, without an account."""

    __tablename__ = "visit_link"
    __table_args__ = (
        is_date("day"),
        CheckConstraint("uses >= 0", name="uses_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date] = mapped_column(Day)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    uses: Mapped[int]
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class EmergencyAccessRow(Base):
    """A clinician opened a record that is not in their care, for an hour and with a reason."""

    __tablename__ = "emergency_access"
    __table_args__ = (at_most("reason", 500), LASTING)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)


class SetupTokenRow(Base):
    """The one link that opens the set-up page of a new installation."""

    __tablename__ = "setup_token"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class AnswerRow(Base):
    """The first answer to a form's key: what every repeat of the same form is answered with."""

    __tablename__ = "first_answer"
    __table_args__ = (LASTING,)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    patient_id: Mapped[int | None] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    content_digest: Mapped[str] = mapped_column(Text)
    answer: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)
