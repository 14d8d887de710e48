"""Sentences that people read: marked here, translated where they are shown.

Domain text is English and is translated where it is shown (`web`, `cli`); `N_` only makes the
sentence visible to the extractor, so that a catalogue can stay plain data. A sentence with values
in it is a `Said`, so that it can still be translated when it reaches a page.
"""

from collections.abc import Callable
from typing import Any


def N_(sentence: str) -> str:
    """The sentence unchanged, marked for translation."""
    return sentence


class Said:
    """A sentence with values in it: `str()` is its English, `in_words` that of a catalogue.

    A value may be a sentence itself. `asks` names the answer that would settle what is said, ""
    if there is none; whoever shows the sentence says how to give it.

    >>> str(Said(N_("{count} of {whole}"), count=3, whole=Said("ten")))
    '3 of ten'
    """

    __slots__ = ("asks", "template", "values")

    def __init__(self, template: str, /, asks: str = "", **values: "str | int | Said") -> None:
        self.template, self.values = template, values
        self.asks: str = asks
        for value in values.values():
            if isinstance(value, Said):
                self.asks = self.asks or value.asks

    def in_words(self, translated: Callable[[str], str]) -> str:
        """The whole sentence, each template of it as `translated` says it."""
        return translated(self.template).format(
            **{
                name: value.in_words(translated) if isinstance(value, Said) else value
                for name, value in self.values.items()
            }
        )

    def __str__(self) -> str:
        return self.in_words(str)

    def __repr__(self) -> str:
        return f"Said({str(self)!r})"

    def _parts(self) -> tuple[Any, ...]:
        return self.template, self.asks, tuple(sorted(self.values.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def as_json(self) -> dict[str, Any]:
        """What `said_in` reads again."""
        values = {
            name: value.as_json() if isinstance(value, Said) else value
            for name, value in self.values.items()
        }
        return {"template": self.template, "asks": self.asks, "values": values}


def said_in(found: dict[str, Any]) -> Said:
    """A sentence from what `as_json` gave."""
    values = {
        name: said_in(value) if isinstance(value, dict) else value
        for name, value in found["values"].items()
    }
    return Said(found["template"], found["asks"], **values)


def both(first: Said, second: Said) -> Said:
    """Two sentences, one after the other."""
    return Said(N_("{first} {second}"), first=first, second=second)
