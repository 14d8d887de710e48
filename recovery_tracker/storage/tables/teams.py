"""Teams of clinicians, whose patients are whose, and who stands in for whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..columns import Base, Key, OfAccount, PublicId, at_most, part_of, points_to
from .people import LASTING, STRICT


class TeamRow(Base):
    __tablename__ = "team"
    __table_args__ = (at_most("name", 200), LASTING)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(unique=True)


class TeamMemberRow(Base):
    """A clinician of a team; without `joined_at` the membership waits for a second person."""

    __tablename__ = "team_member"
    __table_args__ = (STRICT,)

    team_id: Mapped[int] = part_of("team", primary_key=True)
    account_id: Mapped[int] = part_of("account", primary_key=True, index=True)
    by_account_id: Mapped[int | None]
    asked_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]


class TeamPatientRow(Base):
    """Which team a patient belongs to, and which surgeon is responsible."""

    __tablename__ = "team_patient"
    __table_args__ = (STRICT,)

    patient_id: Mapped[int] = part_of("patient", primary_key=True, autoincrement=False)
    team_id: Mapped[int | None] = points_to("team")
    surgeon_id: Mapped[int | None] = points_to("account")


class CoverRow(Base):
    """One clinician sees everything another one sees, from an instant to an instant."""

    __tablename__ = "cover"
    __table_args__ = (
        CheckConstraint("account_id <> for_account_id", name="somebody_else"),
        CheckConstraint("until_at > from_at", name="from_before_until"),
        LASTING,
    )

    id: Mapped[Key]
    account_id: Mapped[OfAccount]
    for_account_id: Mapped[OfAccount]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    by_account_id: Mapped[int | None]
    made_at: Mapped[datetime]


class CareEndedRow(Base):
    """A patient, or the office, said no: no team and no cover opens this diary to the account."""

    __tablename__ = "care_ended"
    __table_args__ = (STRICT,)

    account_id: Mapped[int] = part_of("account", primary_key=True)
    patient_id: Mapped[int] = part_of("patient", primary_key=True, index=True)
