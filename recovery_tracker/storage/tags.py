"""Words by which a clinic groups its patients: their ids stand in addresses, they never do."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from ..domain.language import N_
from ..domain.people import Actor
from .audit import AuditAction, record
from .database import WriteSession, lock_chain
from .errors import Refused
from .people import new_public_id
from .tables.people import PatientRow
from .tables.tags import PatientTagRow, TagRow
from .ways import open_to

#: Tags of one patient, characters of one, and tags of a clinic. Our defaults.
MOST_OF_ONE, LENGTH, MOST = 5, 40, 40
#: Latin and Chinese ones.
_COMMAS = re.compile("[,，、]")


@dataclass(frozen=True, slots=True)
class Tag:
    """One word and the id that a link carries."""

    public_id: str
    name: str


def read_tags(text: str) -> tuple[str, ...]:
    """The tags in a line, between commas of any script, each once whatever its case.

    >>> read_tags("Spine trial,  diabetes , spine  trial,")
    ('Spine trial', 'diabetes')
    >>> read_tags("試驗，糖尿病、戒菸")
    ('試驗', '糖尿病', '戒菸')
    """
    found: dict[str, str] = {}
    for part in _COMMAS.split(text):
        if name := " ".join(part.split()):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def set_tags(
    session: WriteSession, patient_id: int, names: Collection[str], *, by: Actor, at: datetime
) -> None:
    """The patient has these tags and no others; a tag that nobody has is gone.

    Raises:
        Refused: there are too many, or one is too long.
    """
    if len(names) > MOST_OF_ONE or any(len(name) > LENGTH for name in names):
        raise Refused(N_("Use at most 5 tags of at most 40 characters each."))
    lock_chain(session, patient_id)
    before = [tag.name for tag in tags_of(session, [patient_id]).get(patient_id, ())]
    known = {row.name.casefold(): row for row in session.scalars(select(TagRow))}
    wanted = {name.casefold(): name for name in names}
    for plain, name in wanted.items():
        if plain not in known:
            known[plain] = TagRow(public_id=new_public_id(), name=name)
            session.add(known[plain])
    session.flush()
    session.execute(delete(PatientTagRow).where(PatientTagRow.patient_id == patient_id))
    session.add_all(PatientTagRow(patient_id=patient_id, tag_id=known[one].id) for one in wanted)
    session.flush()
    forget_unused(session)
    if (session.scalar(select(func.count(TagRow.id))) or 0) > MOST:
        raise Refused(N_("The clinic has 40 tags already. Use one of them."))
    after = sorted(known[one].name for one in wanted)
    if sorted(before) != after:
        details = {"changed": ["tags"], "tags": after}
        record(
            session, AuditAction.PATIENT_CHANGED, by=by, at=at, patient_id=patient_id,
            details=details,
        )  # fmt: skip


def forget_unused(session: WriteSession) -> None:
    """Tags that nobody has are gone: such a word may be about a single person."""
    used = select(PatientTagRow.tag_id)
    session.execute(delete(TagRow).where(TagRow.id.not_in(used)))


def tags_open_to(session: Session, account_id: int, at: datetime) -> tuple[Tag, ...]:
    """The tags of all patients whose diaries are open to the account, by name."""
    theirs = select(PatientTagRow.tag_id).where(
        PatientTagRow.patient_id.in_(open_to(account_id, at))
    )
    rows = session.scalars(select(TagRow).where(TagRow.id.in_(theirs)).order_by(TagRow.name))
    return tuple(Tag(row.public_id, row.name) for row in rows)


def tags_of(session: Session, patient_ids: Collection[int]) -> Mapping[int, tuple[Tag, ...]]:
    """The tags of each patient by name; who has none is not in it."""
    query = (
        select(PatientTagRow.patient_id, TagRow.public_id, TagRow.name)
        .join(TagRow, TagRow.id == PatientTagRow.tag_id)
        .where(PatientTagRow.patient_id.in_(patient_ids))
        .order_by(TagRow.name)
    )
    found: dict[int, list[Tag]] = {}
    for patient_id, public_id, name in session.execute(query):
        found.setdefault(patient_id, []).append(Tag(public_id, name))
    return {patient_id: tuple(tags) for patient_id, tags in found.items()}


def has_tag(public_id: str) -> ColumnElement[bool]:
    """Whether a patient has the tag of this id."""
    tagged = (
        select(PatientTagRow.patient_id)
        .join(TagRow, TagRow.id == PatientTagRow.tag_id)
        .where(TagRow.public_id == public_id)
    )
    return PatientRow.id.in_(tagged)
