"""Numbers and days as programs in other scripts write them, in plain characters."""

import unicodedata

#: Marks of direction and width that a spreadsheet puts around a date; they change nothing that is
#: seen. Those that turn the order of digits around are not among them: 01 is then seen as 10.
_UNSEEN = dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u061c\u2060\u2066\u2068\u2069\u202a\u202c\ufeff")
)
_LIKE_ASCII: dict[int, str | int] = {
    **{0xFF01 + at: 0x21 + at for at in range(0x5E)},  # As wide as a Chinese character.
    0x3000: " ",
    # Programs of phones and Macs write these between a time and its AM.
    **dict.fromkeys((0xA0, 0x2009, 0x202F), " "),
    0x2212: "-",
    0x2103: "°C",
    0x2109: "°F",
}


def plain(text: str) -> str:
    """The text with digits, signs and spaces of other scripts as ASCII.

    Raised and circled digits stay as they are: 4² is not 42.
    """
    if text.isascii():
        return text
    text = text.translate(_UNSEEN).translate(_LIKE_ASCII)
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
        for char in text
    )
