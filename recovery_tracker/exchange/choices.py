"""What a person said about a file where the file alone does not tell."""

from dataclasses import dataclass

#: Orders in which a date of numbers can be written.
DATE_ORDERS = ("dmy", "mdy", "ymd")

#: Encodings that can be chosen where a file is not UTF-8: the old ones of Western Europe, of
#: Central Europe and of Taiwan, as spreadsheets there write them.
ENCODINGS = ("cp1252", "cp1250", "big5")


@dataclass(frozen=True, slots=True)
class Choices:
    """Answers about one file; the defaults mean that nobody was asked."""

    #: One of `DATE_ORDERS`; None lets the whole column decide.
    dates: str | None = None
    #: Whether temperatures are in degrees Fahrenheit.
    fahrenheit: bool = False
    #: Whether scores are written from 0 to 100: they are divided by ten.
    hundred: bool = False
    #: One of `ENCODINGS`, for a file that is not UTF-8.
    encoding: str | None = None
    #: The device or app whose values count, where a file holds several.
    source: str | None = None


NOTHING_CHOSEN = Choices()
