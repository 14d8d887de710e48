"""What an import did, in words for the command line."""

from collections import Counter
from collections.abc import Iterator

from ..domain.measures import MEASURES
from ..domain.passive import PASSIVE_MEASURES, PassiveKind, days_by_source
from ..domain.surgery import Region
from ..exchange.incoming import Incoming
from ..services import Imported
from .terminal import printable
from .wording import counted

#: How many differing days are listed; the rest is counted. Our default.
_MOST = 10

_CHANGED = {
    "rounded": "Numbers between two whole ones, rounded with a half up: {n}.",
    "emptied": "Cells that say nothing was recorded, empty and not 0: {n}.",
    "divided": "Scores from 0 to 100, divided by ten: {n}.",
    "together": "Rows of a day that another row has too, put together: {n}.",
    "worded": "Answers in words, read as the answers of the form: {n}.",
    "sums": "Rows of sums and means, left out: {n}.",
}


def said(imported: Imported, found: Incoming, *, dry_run: bool) -> str:
    """One line for the days, and one for each further thing that happened."""
    beside = f" and {imported.beside} operations, events and the like" if imported.beside else ""
    first = (
        f"{'Would import' if dry_run else 'Imported'} {counted(imported.added, 'day')}{beside}; "
        f"already there and unchanged: {imported.present}."
    )
    lines = [first, *_unlogged(found), *_filled(imported), *_changed(found)]
    lines += _passive(imported, found)
    lines += _chosen(imported)
    if found.left_out:
        lines.append(f"Left out: {', '.join(map(str, found.left_out))}.")
    if imported.public_id:
        lines.append(f"To take it back: recovery-tracker import --undo {imported.public_id}")
    return printable("\n".join(lines))


def _unlogged(found: Incoming) -> Iterator[str]:
    if count := sum(not entry.has_answers() for entry in found.archive.entries):
        yield f"Without an answer of a person, and so not logged: {counted(count, 'day')}."


def _filled(imported: Imported) -> Iterator[str]:
    if imported.filled:
        names: Counter[str] = Counter()
        for (key, where), n in sorted(imported.cells.items()):
            names[_name(key, where)] += n
        cells = ", ".join(f"{name} {n}" for name, n in names.items())
        days = counted(imported.filled, "day")
        yield f"Empty answers filled in {days}{': ' if cells else ''}{cells}."
    if imported.differing:
        listed = ", ".join(
            f"{day} {_name(key, where)}" for day, key, where in imported.differing[:_MOST]
        )
        more = len(imported.differing) - _MOST
        rest = f" and {more} more" if more > 0 else ""
        yield (
            f"Answers that differ from what is there, which stays: {len(imported.differing)}, "
            f"{listed}{rest}."
        )


def _chosen(imported: Imported) -> Iterator[str]:
    if own := imported.chosen.get("own_item"):
        yield f"The person's own question: {own}"
    if questions := imported.chosen.get("questions"):
        yield f"Questions for the visit: {len(questions)}."
    if imported.chosen.get("schedule"):
        yield "The planned days are those of the file."


def _name(key: str, region: Region) -> str:
    return MEASURES[key].name_for(region).lower() if key in MEASURES else key


def _changed(found: Incoming) -> Iterator[str]:
    for key, sentence in _CHANGED.items():
        if found.changed.get(key):
            yield sentence.format(n=found.changed[key])


def _passive(imported: Imported, found: Incoming) -> Iterator[str]:
    if not found.passive:
        return
    yield (
        f"{found.kind}: new daily values {imported.values_added}, "
        f"already there {imported.values_present}; they stand beside the diary, "
        "and no day counts as logged by them."
    )
    for kind in PassiveKind:
        sources = days_by_source(found.passive, kind)
        if sources:
            listed = ", ".join(f"{counted(n, 'day')} by {source}" for source, n in sources.items())
            yield f"{PASSIVE_MEASURES[kind].name}: {listed}. One source is read, never a sum."
    if imported.values_differing:
        yield (
            f"Values that differ from what the same source said before, which stays: "
            f"{imported.values_differing}."
        )
