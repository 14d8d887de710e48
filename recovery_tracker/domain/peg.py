"""PEG (Krebs 2009, J Gen Intern Med 24:733): three questions of 0-10, of which the mean counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .diary import DiaryEntry

#: The three items, by the keys of their measures.
ITEMS = ("peg_pain", "peg_enjoyment", "peg_activity")
#: Points of the mean that patients notice. For a single item nobody has published a value.
MCID = 1.0
MCID_SOURCE = (
    "Reed 2023, J Pain, PMC10859144: anchors 1.0 to 1.75, distribution 0.6 to 1.22, in 1,710 people"
    " with chronic pain and no operation"
)
#: The wording of the questions is ours, so this is never called the PEG itself.
ADAPTED = "adapted from the PEG scale (Krebs 2009, J Gen Intern Med 24:733)"


@dataclass(frozen=True, slots=True)
class Peg:
    """The mean of the three items on a day, 0 to 10; lower is better."""

    day: date
    mean: float


def pegs_of(entries: Iterable[DiaryEntry]) -> Iterator[Peg]:
    """The days on which all three were answered, in order; two of three give no mean."""
    for entry in entries:
        items = [getattr(entry, key) for key in ITEMS]
        if None not in items:
            yield Peg(entry.day, sum(items) / len(items))
