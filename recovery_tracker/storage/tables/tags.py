"""Words by which a clinic groups its patients."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..columns import Base, at_most
from .people import LASTING, STRICT


class TagRow(Base):
    """One word; its public id stands in addresses, the word never does."""

    __tablename__ = "tag"
    __table_args__ = (at_most("name", 40), LASTING)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text, unique=True)


class PatientTagRow(Base):
    """A patient has a tag."""

    __tablename__ = "patient_tag"
    __table_args__ = (STRICT,)

    patient_id: Mapped[int] = mapped_column(
        ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(
        ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True
    )
