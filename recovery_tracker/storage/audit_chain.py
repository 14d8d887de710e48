"""The links of the audit chains: their digests, their heads, and whether every one still holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from .audit_key import code_of, is_code_of, is_keyed, is_of_ours, is_seal_of, is_used, seal_of
from .columns import canonical, instant_text
from .database import WriteSession
from .tables.diary import EntryRow
from .tables.people import ErasureRow
from .tables.record import AuditEventRow, AuditHeadRow, AuditPayloadRow
from .unreadable import rows_of

FIRST = "0" * 64

#: A chain's number with its length and its last digest.
Heads = Mapping[int, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a database goes: the ends of its chains, its last event, its last version of a day.

    Rows with greater numbers were written later, but for those of two writers at once.
    """

    heads: Heads
    event: int
    entry: int


#: Before the first row.
NOTHING = Extent({}, 0, 0)


def payload_digest(salt: str, body: str) -> str:
    """Digest of an event's content, as the text that is stored."""
    return sha256(f"{salt}\n{body}".encode()).hexdigest()


def link_digest(link: Mapping[str, Any]) -> str:
    """Digest of a link's whole content and of the previous link."""
    return code_of(_link_text(link))


def _link_text(link: Mapping[str, Any]) -> str:
    said = ("action", "account_id", "payload_digest")
    place = [link["previous"], link["chain"], link["sequence"], instant_text(link["at"])]
    return canonical([*place, *(link[one] for one in said)])


def heads(session: Session) -> dict[int, tuple[int, str]]:
    """Chain to its length and last digest; a backup's manifest keeps them."""
    found = rows_of(session, AuditHeadRow.__table__)
    return {head["chain"]: (head["sequence"], head["digest"]) for head, _ in found}


#: Every link with its content, as text: content that somebody damaged is no longer JSON, and the
#: digest is that of the text.
_LINKS = (
    select(
        AuditEventRow.__table__,
        AuditPayloadRow.event_id,
        AuditPayloadRow.salt,
        type_coerce(AuditPayloadRow.body, Text()).label("body"),
    )
    .outerjoin(AuditPayloadRow, AuditPayloadRow.event_id == AuditEventRow.id)
    .subquery()
)


def extent_of(session: Session) -> Extent:
    """How far the database goes now."""
    event = session.scalar(select(func.max(AuditEventRow.id))) or 0
    return Extent(heads(session), event, session.scalar(select(func.max(EntryRow.id))) or 0)


def verify(session: Session, known: Heads | None = None, since: Extent = NOTHING) -> list[str]:
    """Every problem of every chain, empty when all links hold.

    `known` are heads written down earlier, for example in a backup: each must still be a link.
    With `since` the links up to there are taken as they were; the ends must fit them.
    """
    return list(_problems(session, known or {}, since))


def _problems(session: Session, known: Heads, since: Extent) -> Iterator[str]:
    last = dict(since.heads)
    erased = _erased(session)
    links: dict[tuple[int, int], str] = {}
    order = _order_of(_LINKS.c, since)
    for link, broken in rows_of(session, _LINKS, *order, after=since.event):
        chain, number, digest = link["chain"], link["sequence"], link["digest"]
        where = f"audit chain {chain}, event {number}"
        sequence, previous = last.get(chain, (0, FIRST))
        if number != sequence + 1:
            yield f"{where}: {number - sequence - 1} events before it are missing"
        if broken:
            yield f"{where}: {' and '.join(broken)} cannot be read"
        elif link["previous"] != previous or not is_code_of(digest, _link_text(link)):
            yield f"{where}: was changed"
        if link["event_id"] is None:
            if chain not in erased:
                yield f"{where}: what it said is missing"
        elif not broken and payload_digest(link["salt"], link["body"]) != link["payload_digest"]:
            yield f"{where}: what it says was changed"
        last[chain] = (number, digest)
        if chain in known and known[chain][0] == number:
            links[chain, number] = digest
    current = heads(session)
    for chain in sorted(current.keys() | last.keys()):
        if current.get(chain) != last.get(chain):
            yield f"audit chain {chain}: its end is missing or was changed"
    for chain, (sequence, digest) in known.items():
        if links.get((chain, sequence)) != digest:
            yield f"audit chain {chain}: is not the one that was backed up"


def _order_of(links: Any, since: Extent) -> tuple[Any, ...]:
    """Link after link of each chain; of the newest alone by their numbers, which need no sorting of
    all the others.
    """
    return (links.id,) if since.event else (links.chain, links.sequence)


def forged(session: Session, since: Extent = NOTHING) -> list[str]:
    """What was written since then, or cut off, without the key of the audit, one line each.

    Nothing is said of a database whose chains never met the key, or by a process that has none.
    """
    if not is_used():
        return []
    found: list[str] = []
    elsewhere = 0
    keyed = {chain for chain, (_, digest) in since.heads.items() if is_keyed(digest)}
    links = select(AuditEventRow.chain, AuditEventRow.sequence, AuditEventRow.digest)
    links = links.where(AuditEventRow.id > since.event)
    for chain, number, digest in session.execute(links.order_by(*_order_of(AuditEventRow, since))):
        if is_keyed(digest):
            keyed.add(chain)
            elsewhere += not is_of_ours(digest)
        elif chain in keyed:
            found.append(f"audit chain {chain}, event {number}: was written without the key")
    heads_ = session.execute(
        select(AuditHeadRow.chain, AuditHeadRow.sequence, AuditHeadRow.digest, AuditHeadRow.seal)
    ).all()
    any_keyed = bool(keyed) or any(head.seal for head in heads_)
    for head in heads_:
        if is_keyed(head.seal) and not is_of_ours(head.seal):
            elsewhere += 1
        elif any_keyed and not is_seal_of(head.seal, head.chain, head.sequence, head.digest):
            found.append(f"audit chain {head.chain}: its end was not sealed with the key")
    if elsewhere:
        found.append(f"audit: {elsewhere} links and ends were written with a key that is not here")
    return found


def seal_ends(session: WriteSession) -> None:
    """Every chain end without a seal now has one: chains older than the key, or from a backup."""
    for head in session.scalars(select(AuditHeadRow).where(AuditHeadRow.seal == "")):
        head.seal = seal_of(head.chain, head.sequence, head.digest)


def _erased(session: Session) -> frozenset[int]:
    return frozenset(session.scalars(select(ErasureRow.patient_id)))
