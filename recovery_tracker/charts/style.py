"""How charts look: colours by what they are for, and a colour between two."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for. Every one of them is repeated by a shape or a word."""

    paper: str
    ink: str
    quiet: str
    dot: str
    grid: str
    band: str
    band_edge: str
    flag: str
    flag_field: str
    gap: str
    event: str


THEMES = {
    "light": Theme(
        paper="#FFFFFF",
        ink="#12212B",
        quiet="#3D4B55",
        dot="#6F7E88",
        grid="#DDE4E6",
        band="#E3EAED",
        band_edge="#A9B7BE",
        flag="#7A3B00",
        flag_field="#FFEDD3",
        gap="#B9C4CA",
        event="#6B7B85",
    ),
    "dark": Theme(
        paper="#16222A",
        ink="#F1F6F7",
        quiet="#BFCCD2",
        dot="#7C8D97",
        grid="#2B3B44",
        band="#24343D",
        band_edge="#4C616C",
        flag="#FFC27A",
        flag_field="#3E2B14",
        gap="#54666F",
        event="#90A2AC",
    ),
    # Survives a black-and-white printer and a photocopy of its page.
    "print": Theme(
        paper="#FFFFFF",
        ink="#000000",
        quiet="#333333",
        dot="#8A8A8A",
        grid="#D9D9D9",
        band="#E9E9E9",
        band_edge="#A0A0A0",
        flag="#000000",
        flag_field="#DADADA",
        gap="#AAAAAA",
        event="#555555",
    ),
}


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two, `share` of the way; never see-through, which paper prints badly.

    >>> mixed("#FFFFFF", "#000000", 0.5)
    '#808080'
    """
    parts = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * share):02X}" for low, high in parts)
