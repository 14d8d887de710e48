"""Signing in: passkeys, sessions, guesses, invitations, the set-up token."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.people import ACCOUNT_ROLES
from ..columns import (
    Base,
    JsonValue,
    Key,
    OfAccount,
    OfPatient,
    at_least,
    at_most,
    is_date,
    one_of,
    points_to,
    yes_no,
)
from .people import LASTING, STRICT


class PasskeyRow(Base):
    __tablename__ = "passkey"
    __table_args__ = (
        one_of("usage", ("first", "secondary")),
        yes_no("backup_state"),
        at_least("sign_count", 0),
        STRICT,
    )

    id: Mapped[Key]
    account_id: Mapped[OfAccount]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    transports: Mapped[JsonValue]
    extensions: Mapped[str | None]
    name: Mapped[str]
    usage: Mapped[str]
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class SessionRow(Base):
    """A session kept on the server. The cookie holds a token, the row only its digest."""

    __tablename__ = "web_session"
    __table_args__ = (STRICT,)

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[OfAccount | None]
    content: Mapped[JsonValue]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AttemptRow(Base):
    """A wrong guess, by the digest of what was guessed at."""

    __tablename__ = "attempt"
    __table_args__ = (STRICT,)

    id: Mapped[Key]
    key_digest: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class InvitationRow(Base):
    """A link that can be used once: to make an account, or to choose a new password."""

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", ACCOUNT_ROLES),
        STRICT,
    )

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    rights: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str]
    patient_id: Mapped[OfPatient | None]
    #: The account that gets a new password; None creates a new account.
    account_id: Mapped[OfAccount | None]
    by_account_id: Mapped[int | None] = points_to("account")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HandoverCodeRow(Base):
    """A code that a clinician hands to a patient and that a link for a new password asks for."""

    __tablename__ = "handover_code"
    __table_args__ = (STRICT,)

    id: Mapped[Key]
    account_id: Mapped[OfAccount]
    digest: Mapped[str]
    expires_at: Mapped[datetime]


class VisitLinkRow(Base):
    """A link by which chart and report can be read for one appointment, without an account."""

    __tablename__ = "visit_link"
    __table_args__ = (
        is_date("day"),
        at_least("uses", 0),
        LASTING,
    )

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(unique=True)
    patient_id: Mapped[OfPatient]
    day: Mapped[date]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    uses: Mapped[int]
    used_at: Mapped[datetime | None]


class EmergencyAccessRow(Base):
    """A clinician opened a record that is not in their care, for an hour and with a reason."""

    __tablename__ = "emergency_access"
    __table_args__ = (at_most("reason", 500), LASTING)

    id: Mapped[Key]
    account_id: Mapped[OfAccount]
    patient_id: Mapped[OfPatient]
    reason: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime]


class SetupTokenRow(Base):
    """The one link that opens the set-up page of a new installation."""

    __tablename__ = "setup_token"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"), STRICT)

    id: Mapped[Key]
    digest: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AnswerRow(Base):
    """The first answer to a form's key: what every repeat of the same form is answered with."""

    __tablename__ = "first_answer"
    __table_args__ = (LASTING,)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    patient_id: Mapped[OfPatient | None]
    content_digest: Mapped[str]
    answer: Mapped[JsonValue]
    at: Mapped[datetime]
