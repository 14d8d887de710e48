"""Whether a file that names a person may be added to this person's diary."""

import unicodedata
from datetime import date
from typing import Protocol

from ..domain.language import N_, Said
from .archive import Archive
from .problems import refusal

_ANOTHER_BIRTH_DATE = Said(N_("This file is about somebody else, with another date of birth."))
_ANOTHER_NUMBER = Said(N_("This file is about somebody else, with another hospital number."))
_ANOTHER_NAME = N_("This file is about {name}. This diary is that of {ours}.")


class Person(Protocol):
    """Whose diary it is."""

    @property
    def name(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def hospital_number(self) -> str | None: ...


def refuse_another(read: Archive, ours: Person, file: str, *, is_same: bool) -> None:
    """Returns where nothing in the file says that it is about somebody else.

    A name may be spelt otherwise, or change: it counts only where neither a date of birth nor a
    number decides, and not where somebody has said that it `is_same`.

    Raises:
        FileRefused: it is, or may be; then it asks for "person".
    """
    surer = (
        (read.birth_date, ours.birth_date, _ANOTHER_BIRTH_DATE),
        (read.hospital_number, ours.hospital_number, _ANOTHER_NUMBER),
    )
    known = [(theirs, own, what) for theirs, own, what in surer if theirs and own]
    for theirs, own, what in known:
        if theirs != own:
            raise refusal(file, what)
    if not (known or is_same or _may_be_one(read.name, ours.name)):
        said = Said(_ANOTHER_NAME, asks="person", name=read.name, ours=ours.name)
        raise refusal(file, said)


def _may_be_one(name: str, other: str) -> bool:
    """Whether two names have the same words, or one of them more of them.

    >>> _may_be_one("ana lopez", "López García, Ana"), _may_be_one("Ana", "Eva")
    (True, False)
    """
    one, two = _words(name), _words(other)
    return one <= two or two <= one


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    marks = (sign for sign in plain if not unicodedata.combining(sign))
    return set("".join(sign if sign.isalnum() else " " for sign in marks).split())
