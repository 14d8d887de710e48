"""Which resources of a FHIR document are there: of several versions the newest, none deleted.

A version is found under the name of its resource, `Type/id`, wherever a program wrote that: in the
full address, in the request, in the resource. Which of two is newer say their numbers, then their
times; the order of a history, newest first, only where neither does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .cells import instant
from .fhir_values import id_in, text_in

Resource = Mapping[str, Any]

#: The end of an address that names one resource, with the number of its version.
ADDRESS = re.compile(r"(?:^|/)([A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64})(?:/_history/([^/]+))?/?$")


def resources_of(document: Resource) -> Iterator[tuple[str, Resource]]:
    """Every resource that is there, with the address by which others refer to it; an empty one for
    an entry in which none can be found."""
    if document.get("resourceType") != "Bundle":
        yield "", document
        return
    listed, is_history = document.get("entry"), document.get("type") == "history"
    if not isinstance(listed, list):
        listed = [] if listed is None else [listed]
    entries = [
        _Entry(at, one if isinstance(one, dict) else {}, is_history)
        for at, one in enumerate(listed)
    ]
    there = [one for several in _versions(entries) for one in _there(several, is_history)]
    for one in sorted(there, key=lambda entry: entry.place):
        yield text_in(one.entry, "fullUrl") or one.named[1], one.resource


@dataclass(frozen=True)
class _Entry:
    """One entry of a bundle, at its place in it."""

    place: int
    entry: Resource
    is_history: bool

    @cached_property
    def resource(self) -> Resource:
        return _part(self.entry, "resource")

    @cached_property
    def is_deleted(self) -> bool:
        return text_in(_part(self.entry, "request"), "method").upper() == "DELETE"

    @cached_property
    def _addresses(self) -> tuple[str, str]:
        """The full address and that of the request, without what is asked there."""
        asked = text_in(_part(self.entry, "request"), "url")
        return text_in(self.entry, "fullUrl"), re.split("[?#]", asked)[0]

    @cached_property
    def named(self) -> tuple[str, str]:
        """The server and `Type/id`; no server where none is said, and neither where nothing is."""
        kind, number = text_in(self.resource, "resourceType"), id_in(self.resource, "id")
        for address in self._addresses:
            match = ADDRESS.search(address)
            # "…/FHIR/Observation" is where something is made and names nothing.
            if match and (not kind or match[1].startswith(f"{kind}/")):
                server = address[: match.start()].partition("://")[2]
                return server.casefold(), match[1]
        full = self._addresses[0]
        if full.rstrip("/").rpartition("/")[2] == kind:
            full = ""
        # Any other full address is a name of its own; in a history what was made has an id.
        if full and not (self.is_history or full == f"urn:uuid:{number}"):
            return "", full
        return "", f"{kind}/{number}" if kind and number else full

    @cached_property
    def number(self) -> int | None:
        """The number of the version; None where it has none. The content of a DELETE is what it
        deletes, and says nothing about when."""
        meta = {} if self.is_deleted else _part(self.resource, "meta")
        ends = (ADDRESS.search(address) for address in self._addresses)
        said = [id_in(meta, "versionId"), *(match[2] or "" for match in ends if match)]
        etag = text_in(_part(self.entry, "response"), "etag")
        said.append(re.sub(r'^(?:W/)?"|"$', "", etag))
        return next((int(one) for one in said if re.fullmatch("[0-9]{1,9}", one)), None)

    @cached_property
    def written(self) -> float | None:
        """When this version was written, in seconds since 1970; None where that is not said."""
        meta = {} if self.is_deleted else _part(self.resource, "meta")
        answered = _part(self.entry, "response")
        try:
            at = text_in(meta, "lastUpdated") or text_in(answered, "lastModified")
            return instant(at).timestamp()
        except ValueError:
            return None


def _versions(entries: Iterable[_Entry]) -> Iterable[Sequence[_Entry]]:
    """The entries of each resource. A name without a server is of the one that uses it."""
    servers: dict[str, set[str]] = {}
    for one in entries:
        servers.setdefault(one.named[1], set()).add(one.named[0])
    found: dict[tuple[str, str], list[_Entry]] = {}
    for one in entries:
        server, name = one.named
        others = servers[name] - {""}
        if not server and len(others) == 1:
            (server,) = others
        found.setdefault((server, name) if name else ("", f"{one.place}"), []).append(one)
    return found.values()


def _there(several: Sequence[_Entry], is_history: bool) -> Sequence[_Entry]:
    """What is left of the entries of one resource: one, or those of which nobody knows which is
    newer, or none if it was deleted."""
    versions = kept = [one for one in several if not one.is_deleted]
    for said in ("number", "written"):
        values = [getattr(one, said) for one in kept]
        if kept and None not in values:
            most = max(values)
            kept = [one for one, value in zip(kept, values, strict=True) if value == most]
    each_once = {repr(one.resource): one for one in reversed(kept)}
    kept = kept[:1] if is_history else list(each_once.values())
    if not kept or len(versions) == len(several):
        return kept
    older = (one.place for one in versions if is_history and _is_older(one, kept[0]))
    last = max(older, default=0)
    return () if any(one.is_deleted and _ends(one, kept[0], last) for one in several) else kept


def _ends(deleted: _Entry, newest: _Entry, last: int) -> bool:
    """Whether a DELETE came after the newest version. One that does not say when did, unless it
    stands between that version and the last older one: such a list goes back in time."""
    for at, then in ((deleted.number, newest.number), (deleted.written, newest.written)):
        if at is not None and then is not None:
            return at >= then
    return not newest.place < deleted.place < last


def _is_older(one: _Entry, newest: _Entry) -> bool:
    pairs = ((one.number, newest.number), (one.written, newest.written))
    return any(at is not None and then is not None and at < then for at, then in pairs)


def _part(one: Resource, key: str) -> Resource:
    part = one.get(key)
    return part if isinstance(part, dict) else {}
