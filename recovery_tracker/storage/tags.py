"""Words by which a clinic groups its patients: their ids stand in addresses, they never do."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.orm import Session

from ..domain.language import N_
from ..domain.people import Actor
from .audit import AuditAction, record
from .database import WriteSession, lock_chain, lock_form
from .errors import Refused
from .people import new_public_id
from .tables.people import PatientRow
from .tables.tags import PatientTagRow, TagRow
from .ways import is_open_to

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
    _alone(session)
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
    _alone(session)
    used = select(PatientTagRow.tag_id)
    session.execute(delete(TagRow).where(TagRow.id.not_in(used)))


def _alone(session: WriteSession) -> None:
    """Nobody else adds or drops a word until the block ends: two may type the same new one."""
    lock_form(session, "tags")


def tags_open_to(
    session: Session, account_id: int, at: datetime, patient_ids: Collection[int]
) -> tuple[tuple[Tag, ...], Mapping[int, tuple[Tag, ...]]]:
    """The tags of all patients whose diaries are open to the account, by name, and of these
    patients each one's own: one query for both.
    """
    theirs = select(PatientTagRow.tag_id).where(
        is_open_to(PatientTagRow.patient_id, account_id, at)
    )
    here = and_(PatientTagRow.tag_id == TagRow.id, PatientTagRow.patient_id.in_(patient_ids))
    query = _tagged().outerjoin(PatientTagRow, here).where(TagRow.id.in_(theirs))
    rows = session.execute(query).all()
    known = dict.fromkeys(Tag(public_id, name) for _, public_id, name in rows)
    return tuple(known), _by_patient(row for row in rows if row[0] is not None)


def tags_of(session: Session, patient_ids: Collection[int]) -> Mapping[int, tuple[Tag, ...]]:
    """The tags of each patient, by name; patients without any are left out."""
    here = and_(PatientTagRow.tag_id == TagRow.id, PatientTagRow.patient_id.in_(patient_ids))
    return _by_patient(session.execute(_tagged().join(PatientTagRow, here)))


def _tagged() -> Select[int, str, str]:
    query = select(PatientTagRow.patient_id, TagRow.public_id, TagRow.name).select_from(TagRow)
    return query.order_by(TagRow.name)


def _by_patient(rows: Iterable[Any]) -> Mapping[int, tuple[Tag, ...]]:
    found: dict[int, list[Tag]] = {}
    for patient_id, public_id, name in rows:
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
