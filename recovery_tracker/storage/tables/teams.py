"""Teams of clinicians, whose patients are whose, and who stands in for whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..columns import Base, Instant, at_most
from .people import LASTING, STRICT


class TeamRow(Base):
    __tablename__ = "team"
    __table_args__ = (at_most("name", 200), LASTING)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text, unique=True)


class TeamMemberRow(Base):
    """A clinician of a team; without `joined_at` the membership waits for a second person."""

    __tablename__ = "team_member"
    __table_args__ = (STRICT,)

    team_id: Mapped[int] = mapped_column(
        ForeignKey("team.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    by_account_id: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    joined_at: Mapped[datetime | None] = mapped_column(Instant)


class TeamPatientRow(Base):
    """Which team a patient belongs to, and which surgeon is responsible."""

    __tablename__ = "team_patient"
    __table_args__ = (STRICT,)

    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    team_id: Mapped[int | None] = mapped_column(
        ForeignKey("team.id", ondelete="SET NULL"), index=True
    )
    surgeon_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )


class CoverRow(Base):
    """One clinician sees everything another one sees, from an instant to an instant."""

    __tablename__ = "cover"
    __table_args__ = (
        CheckConstraint("account_id <> for_account_id", name="somebody_else"),
        CheckConstraint("until_at > from_at", name="from_before_until"),
        LASTING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    for_account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
    by_account_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(Instant)


class CareEndedRow(Base):
    """A patient, or the office, said no: no team and no cover opens this diary to the account."""

    __tablename__ = "care_ended"
    __table_args__ = (STRICT,)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True, index=True
    )
