"""What somebody typed into a form, kept as typed, and what is wrong with it."""

from collections.abc import Mapping, Sequence

Typed = Mapping[str, Sequence[str]]


class TypedForm:
    """A form as typed: the texts of each field, and one message for each field that is wrong.

    A form that comes back shows exactly what was sent.
    """

    def __init__(self, typed: Typed | None = None) -> None:
        self.typed = {name: list(values) for name, values in (typed or {}).items()}
        self.errors: dict[str, str] = {}

    def all(self, name: str) -> list[str]:
        """Everything that was chosen in a field."""
        return self.typed.get(name, [])

    def text(self, name: str) -> str:
        """What was typed in a field; "" for nothing."""
        values = self.all(name)
        return values[0] if values else ""

    def has(self, name: str, value: object) -> bool:
        """Whether this value was chosen, among others perhaps."""
        return str(value) in self.all(name)

    def error(self, name: str) -> str:
        """What is wrong with a field; "" for nothing."""
        return self.errors.get(name, "")
