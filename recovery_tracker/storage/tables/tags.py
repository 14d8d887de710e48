"""Words by which a clinic groups its patients."""

from sqlalchemy.orm import Mapped, mapped_column

from ..columns import Base, Key, PublicId, at_most, part_of
from .people import LASTING, STRICT


class TagRow(Base):
    """One word; its public id stands in addresses, the word never does."""

    __tablename__ = "tag"
    __table_args__ = (at_most("name", 40), LASTING)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(unique=True)


class PatientTagRow(Base):
    """A patient has a tag."""

    __tablename__ = "patient_tag"
    __table_args__ = (STRICT,)

    patient_id: Mapped[int] = part_of("patient", primary_key=True)
    tag_id: Mapped[int] = part_of("tag", primary_key=True, index=True)
