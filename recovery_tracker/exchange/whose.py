"""Whether a file that names a person may be added to this person's diary."""

import re
import unicodedata
from datetime import date
from typing import Protocol

from ..domain.language import N_, Said
from .archive import Archive
from .problems import refusal

_ANOTHER_NUMBER = Said(N_("This file is about somebody else, with another hospital number."))
#: A date of birth may be mistyped and a name spelt otherwise: of these a person is asked.
_ANOTHER_BIRTH_DATE = Said(
    N_("This file gives another date of birth than this diary."), asks="person"
)
_ANOTHER_NAME = N_("This file is about {name}. This diary is that of {ours}.")


_HAN = re.compile("[\u4e00-\u9fff]")


class Owner(Protocol):
    """Whose diary it is."""

    @property
    def name(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def hospital_number(self) -> str | None: ...


def refuse_another(read: Archive, ours: Owner, file: str, *, is_same: bool) -> None:
    """Returns where nothing in the file says that it is about somebody else.

    A name counts only where no number and no date of birth is the same, and neither of them where
    somebody has said that it `is_same`.

    Raises:
        FileRefused: it is, or may be; then it asks for "person".
    """
    if read.hospital_number and ours.hospital_number:
        if read.hospital_number != ours.hospital_number:
            raise refusal(file, _ANOTHER_NUMBER)
        return
    if is_same:
        return
    if read.birth_date and ours.birth_date:
        if read.birth_date != ours.birth_date:
            raise refusal(file, _ANOTHER_BIRTH_DATE)
        return
    if not _may_be_one(read.name, ours.name):
        said = Said(_ANOTHER_NAME, asks="person", name=read.name, ours=ours.name)
        raise refusal(file, said)


def _may_be_one(name: str, other: str) -> bool:
    """Whether two names have the same words, in whatever order, or one of them more of them.

    Names of Han characters have no blanks, or one anywhere.

    >>> _may_be_one("ana lopez", "López García, Ana"), _may_be_one("Ana", "Eva")
    (True, False)
    >>> _may_be_one("小明 王", "王小明"), _may_be_one("李明", "王明")
    (True, False)
    """
    one, two = _words(name), _words(other)
    return one <= two or two <= one


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    marks = (sign for sign in plain if not unicodedata.combining(sign))
    said = "".join(sign if sign.isalnum() else " " for sign in marks)
    # Each character of a Chinese name is a word of its own.
    return set(_HAN.sub(r" \g<0> ", said).split())
