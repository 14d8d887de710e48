"""Who the record is about, who may open it, and the installation itself."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.people import ACCOUNT_ROLES, Mode
from ..columns import Base, Day, Instant, Json, YesNo, at_most, is_date, one_of, yes_no

STRICT = {"sqlite_strict": True}
#: A number is never used again: what was erased must not come back as
#: somebody else's.
LASTING = {"sqlite_strict": True, "sqlite_autoincrement": True}


class InstallationRow(Base):
    """What was set up; one row."""

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        one_of("mode", Mode),
        one_of("paper", ("a4", "letter")),
        yes_no("is_demo"),
        CheckConstraint("version >= 1", name="version_bounds"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    emergency_number: Mapped[str] = mapped_column(Text)
    team_number: Mapped[str] = mapped_column(Text)
    team_hours: Mapped[str] = mapped_column(Text)
    out_of_hours: Mapped[str] = mapped_column(Text)
    reading_promise: Mapped[str] = mapped_column(Text)
    rules_signed_by: Mapped[str] = mapped_column(Text)
    clinic_name: Mapped[str] = mapped_column(Text)
    paper: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text, server_default="")
    #: Hours within which somebody looks at an urgent answer.
    promised_hours: Mapped[int] = mapped_column(server_default="24")
    is_demo: Mapped[bool] = mapped_column(YesNo)
    set_up_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]


class PatientRow(Base):
    """One patient. Only `public_id` ever appears in a page's address."""

    __tablename__ = "patient"
    __table_args__ = (
        at_most("name", 200),
        is_date("birth_date"),
        CheckConstraint("version >= 1", name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    birth_date: Mapped[date | None] = mapped_column(Day)
    hospital_number: Mapped[str | None] = mapped_column(Text, index=True)
    #: Where the clinic can ring the patient; "" where nobody wrote it down.
    phone: Mapped[str] = mapped_column(Text, server_default="")
    zone: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    schedule: Mapped[Any] = mapped_column(Json)
    preferences: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: Since when the clinic no longer follows the patient; None while it does.
    ended_on: Mapped[date | None] = mapped_column(Day)
    version: Mapped[int]


class AccountRow(Base):
    """Somebody who can sign in, with the columns of Flask-Security and those of the product."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", ACCOUNT_ROLES),
        CheckConstraint("(role = 'patient') = (patient_id IS NOT NULL)", name="patient_owns"),
        CheckConstraint("login = lower(login) AND length(login) >= 1", name="login_lower"),
        yes_no("active"),
        CheckConstraint("version >= 1", name="version_bounds"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    #: An e-mail address or a user name, in lower case.
    login: Mapped[str] = mapped_column(Text, unique=True)
    role: Mapped[str] = mapped_column(Text)
    rights: Mapped[str] = mapped_column(Text, server_default="")
    patient_id: Mapped[int | None] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), index=True
    )
    active: Mapped[bool] = mapped_column(YesNo)
    language: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    uniquifier: Mapped[str] = mapped_column(Text, unique=True)
    totp_secret: Mapped[str | None] = mapped_column(Text)
    second_factor: Mapped[str | None] = mapped_column(Text)
    recovery_codes: Mapped[Any] = mapped_column(Json)
    passkey_handle: Mapped[str | None] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The account whose link created this one or gave it its password; None if a command did.
    invited_by: Mapped[int | None]
    version: Mapped[int]


class CareRow(Base):
    """A clinician cares for a patient; without a row there is no access."""

    __tablename__ = "care"
    __table_args__ = (STRICT,)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    granted_at: Mapped[datetime] = mapped_column(Instant)


class CareRequestRow(Base):
    """A clinician is to care for a patient, once a second person agrees."""

    __tablename__ = "care_request"
    __table_args__ = (STRICT,)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    by_account_id: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Instant)


class ErasureRow(Base):
    """A patient who was erased: the number and the time. It opens the guards for them."""

    __tablename__ = "erasure"
    __table_args__ = (STRICT,)

    patient_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Digest of the public id, so that an older backup can be told to forget them too.
    mark: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
