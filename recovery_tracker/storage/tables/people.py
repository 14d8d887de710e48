"""Who the record is about, who may open it, and the installation itself."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.people import ACCOUNT_ROLES, Mode
from ..columns import (
    Base,
    JsonValue,
    Key,
    OfPatient,
    PublicId,
    at_least,
    at_most,
    is_date,
    one_of,
    part_of,
    yes_no,
)

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
        is_date("rules_signed_on"),
        at_least("version", 1),
        STRICT,
    )

    id: Mapped[Key]
    mode: Mapped[str | None]
    country: Mapped[str]
    emergency_number: Mapped[str]
    team_number: Mapped[str]
    team_hours: Mapped[str]
    out_of_hours: Mapped[str]
    reading_promise: Mapped[str]
    rules_signed_by: Mapped[str]
    #: The rule set that was signed; "" where that was not noted.
    rules_signed_set: Mapped[str] = mapped_column(server_default="")
    rules_signed_on: Mapped[date | None]
    clinic_name: Mapped[str]
    paper: Mapped[str]
    scope: Mapped[str] = mapped_column(server_default="")
    #: Hours within which somebody looks at an urgent answer.
    promised_hours: Mapped[int] = mapped_column(server_default="24")
    is_demo: Mapped[bool]
    set_up_at: Mapped[datetime | None]
    version: Mapped[int]


class PatientRow(Base):
    """One patient. Only `public_id` ever appears in a page's address."""

    __tablename__ = "patient"
    __table_args__ = (
        at_most("name", 200),
        is_date("birth_date"),
        at_least("version", 1),
        LASTING,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str]
    birth_date: Mapped[date | None]
    hospital_number: Mapped[str | None] = mapped_column(index=True)
    #: Where the clinic can ring the patient; "" where nobody wrote it down.
    phone: Mapped[str] = mapped_column(server_default="")
    zone: Mapped[str]
    language: Mapped[str]
    country: Mapped[str]
    schedule: Mapped[JsonValue]
    preferences: Mapped[JsonValue]
    created_at: Mapped[datetime]
    #: Since when the clinic no longer follows the patient; None while it does.
    ended_on: Mapped[date | None]
    version: Mapped[int]


class AccountRow(Base):
    """Somebody who can sign in, with the columns of Flask-Security and those of the product."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", ACCOUNT_ROLES),
        CheckConstraint("(role = 'patient') = (patient_id IS NOT NULL)", name="patient_owns"),
        CheckConstraint("login = lower(login) AND length(login) >= 1", name="login_lower"),
        yes_no("active"),
        at_least("version", 1),
        LASTING,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str]
    #: An e-mail address or a user name, in lower case.
    login: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    rights: Mapped[str] = mapped_column(server_default="")
    patient_id: Mapped[OfPatient | None]
    active: Mapped[bool]
    language: Mapped[str | None]
    password_hash: Mapped[str | None]
    uniquifier: Mapped[str] = mapped_column(unique=True)
    totp_secret: Mapped[str | None]
    second_factor: Mapped[str | None]
    recovery_codes: Mapped[JsonValue]
    passkey_handle: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    #: The account whose link created this one or gave it its password; None if a command did.
    invited_by: Mapped[int | None]
    version: Mapped[int]


class CareRow(Base):
    """A clinician cares for a patient; without a row there is no access."""

    __tablename__ = "care"
    __table_args__ = (STRICT,)

    account_id: Mapped[int] = part_of("account", primary_key=True)
    patient_id: Mapped[int] = part_of("patient", primary_key=True, index=True)
    granted_at: Mapped[datetime]


class CareRequestRow(Base):
    """A clinician is to care for a patient, once a second person agrees."""

    __tablename__ = "care_request"
    __table_args__ = (STRICT,)

    account_id: Mapped[int] = part_of("account", primary_key=True)
    patient_id: Mapped[int] = part_of("patient", primary_key=True, index=True)
    by_account_id: Mapped[int]
    asked_at: Mapped[datetime]


class ErasureRow(Base):
    """A patient who was erased: the number and the time. It opens the guards for them."""

    __tablename__ = "erasure"
    __table_args__ = (STRICT,)

    patient_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Digest of the public id, so that an older backup can be told to forget them too.
    mark: Mapped[str]
    at: Mapped[datetime]
