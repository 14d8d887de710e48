"""What a person answered about a file that cannot be read in one way only."""

from dataclasses import dataclass

#: Orders in which a numeric date can be written.
DATE_ORDERS = ("dmy", "mdy", "ymd")

#: Encodings that can be chosen if a file is not UTF-8: the older ones of Western Europe, Central
#: Europe and Taiwan, as spreadsheets there write them.
ENCODINGS = ("cp1252", "cp1250", "big5")


@dataclass(frozen=True, slots=True)
class Choices:
    """Answers about one file; with the defaults nobody was asked."""

    #: One of `DATE_ORDERS`; None lets the whole column decide.
    dates: str | None = None
    #: Whether temperatures are in degrees Fahrenheit.
    fahrenheit: bool = False
    #: Whether scores run from 0 to 100: they are then divided by ten.
    hundred: bool = False
    #: One of `ENCODINGS`, for a file that is not UTF-8.
    encoding: str | None = None
    #: Of two numbers for one day the `highest` or the `last`; None means: ask.
    same_day: str | None = None
    #: Whether a file that names somebody else is about the person of the diary all the same.
    same_person: bool = False
    #: The device or app whose values count, if a file has several.
    source: str | None = None


NOTHING_CHOSEN = Choices()
