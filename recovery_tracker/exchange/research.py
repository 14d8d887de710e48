"""A cohort for research as Parquet: nobody's name, no free text, every calendar moved.

Each person gets a random number and all their days are moved by the same random number of whole
weeks, so that weekdays and intervals stay and dates say nothing. Neither is kept anywhere: two
exports cannot be joined. That is de-identified, not anonymous: few people with the same rare
operation can still be told apart, so groups smaller than `SMALL` are named to whoever exports.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from ..domain.diary import DiaryEntry
from ..domain.errors import RecoveryError
from ..domain.flags import Episode
from ..domain.measures import MEASURES, Kind
from ..domain.passive import PassiveValue
from ..domain.surgery import Operation

T = TypeVar("T")

#: Weeks by which a person's days are moved at most, in either direction. Our default.
MOST_WEEKS = 52
#: A group of fewer people is named in the warning. A common rule of registries; our default.
SMALL = 5
#: What is never written: words that people typed.
FREE_TEXT = frozenset({"note"})


@dataclass(frozen=True, slots=True)
class Participant:
    """One person as stored; the export says less."""

    birth_date: date | None
    operations: tuple[Operation, ...]
    entries: tuple[DiaryEntry, ...]
    passive: tuple[PassiveValue, ...] = ()
    episodes: tuple[Episode, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """How much an export holds, and what the person who exports must know."""

    people: int
    days: int
    warnings: Sequence[str]


#: The rows of each file.
_Rows = dict[str, list[dict[str, Any]]]
#: Rows that are held until they are written; more would only take memory. Our default.
_AT_ONCE = 50_000


def write_cohort(
    everybody: Sequence[T],
    participant: Callable[[T], Participant],
    folder: Path,
    below: Callable[[int], int] = secrets.randbelow,
) -> Exported:
    """`folder` holds one Parquet file for each table, and a page that says what they are.

    Everybody who was operated on is in it, in the order of their random numbers: that of the
    database would reveal who came first. `participant` reads one person; few are held at a time.
    `below(n)` gives a random number under n.

    Raises:
        RecoveryError: Parquet cannot be written here.
    """
    people: list[dict[str, Any]] = []
    days = 0
    with _files(folder) as write:
        for number, place in sorted(_numbered(len(everybody), below).items()):
            one = participant(everybody[place])
            if not one.operations:
                continue
            rows = _rows_of(one, number, timedelta(weeks=below(2 * MOST_WEEKS + 1) - MOST_WEEKS))
            people += rows["people"]
            days += len(rows["days"])
            write(rows)
    warnings = small_groups(people)
    (folder / "README.txt").write_text(
        "\n".join([_README, *(f"- {line}" for line in warnings), ""]), encoding="utf-8"
    )
    return Exported(len(people), days, warnings)


def _numbered(count: int, below: Callable[[int], int]) -> dict[str, int]:
    """A random number for each place, no two the same."""
    taken: dict[str, int] = {}
    for place in range(count):
        while (number := f"{below(16**8):08x}") in taken:
            pass
        taken[number] = place
    return taken


def _rows_of(one: Participant, number: str, moved: timedelta) -> _Rows:
    index = max(one.operations, key=lambda operation: operation.day)
    person = {
        "person": number,
        "operations": len(one.operations),
        "region": str(index.region),
        "approach": None if index.approach is None else str(index.approach),
        "levels": index.levels,
        "age_band": _age_band(one.birth_date, index.day),
        "risk_factors": ";".join(sorted(index.risk_factors)),
        "preop_axial_pain": index.preop_axial_pain,
        "preop_limb_pain": index.preop_limb_pain,
        "surgery_date": index.day + moved,
    }
    flags = [
        {
            "person": number,
            "pattern": str(episode.pattern),
            "urgency": episode.worst_urgency.key,
            "raised_day": (episode.raised_on - index.day).days,
            "onset_day": _days(episode.onset, index.day),
            "cleared_day": _days(episode.cleared_on, index.day),
            "rule_set": episode.rule_set,
        }
        for episode in one.episodes
    ]
    return {
        "people": [person],
        "days": _days_of(one, number, index.day, moved),
        "device_days": _device_days_of(one, number, index.day, moved),
        "flags": flags,
    }


def _days_of(
    one: Participant, number: str, operated_on: date, moved: timedelta
) -> list[dict[str, Any]]:
    return [
        {
            "person": number,
            "day": (entry.day - operated_on).days,
            "date": entry.day + moved,
            "days_late": entry.days_late,
            **{key: _plain(getattr(entry, key)) for key in (*_ANSWERS, "signs", "signs_asked")},
        }
        for entry in sorted(one.entries, key=lambda entry: entry.day)
    ]


def _device_days_of(
    one: Participant, number: str, operated_on: date, moved: timedelta
) -> list[dict[str, Any]]:
    # The name of a device may be that of its owner.
    places = {source: place for place, source in enumerate(sorted({v.source for v in one.passive}))}
    rows = [
        {
            "person": number,
            "day": (value.day - operated_on).days,
            "date": value.day + moved,
            "kind": str(value.kind),
            "source": places[value.source] + 1,
            "value": float(value.value),
        }
        for value in one.passive
    ]
    return sorted(rows, key=lambda row: (row["day"], row["kind"], row["source"]))


def _days(day: date | None, first: date) -> int | None:
    return None if day is None else (day - first).days


def _plain(value: object) -> object:
    return ";".join(sorted(value)) if isinstance(value, frozenset) else value


def _age_band(born: date | None, day: date) -> str | None:
    """The age at the operation in tens of years; everybody from 80 on is one group.

    >>> _age_band(date(1958, 7, 1), date(2026, 3, 2)), _age_band(date(1930, 1, 1), date(2026, 3, 2))
    ('60-69', '80+')
    """
    if born is None:
        return None
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age >= 80:
        return "80+"
    return f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def small_groups(people: Sequence[Mapping[str, Any]]) -> list[str]:
    """Groups of fewer than `SMALL` people by region, approach, levels and age, in words."""
    keys = ("region", "approach", "levels", "age_band")
    counted = Counter(tuple(person[key] for key in keys) for person in people)
    return [
        f"only {count} with {', '.join(_said(*pair) for pair in zip(keys, group, strict=True))}"
        for group, count in sorted(counted.items(), key=lambda one: (one[1], str(one[0])))
        if count < SMALL
    ]


def _said(key: str, value: object) -> str:
    return f"{key.replace('_', ' ')} {'not known' if value is None else value}"


@contextmanager
def _files(folder: Path) -> Iterator[Callable[[_Rows], None]]:
    """Writes rows into the file of each table; all of them are there once the block has ended."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        line = "Parquet needs one package more: pip install 'recovery-tracker[registry]'"
        raise RecoveryError(line) from None
    held: _Rows = {name: [] for name in _COLUMNS}
    with ExitStack() as stack:
        writers = {}
        for name, columns in _COLUMNS.items():
            kinds = [(column, _type(pyarrow, kind)) for column, kind in columns.items()]
            writers[name] = parquet.ParquetWriter(folder / f"{name}.parquet", pyarrow.schema(kinds))
            stack.enter_context(writers[name])

        def empty(name: str) -> None:
            table = pyarrow.Table.from_pylist(held[name], schema=writers[name].schema)
            writers[name].write_table(table)
            held[name].clear()

        def write(rows: _Rows) -> None:
            for name, some in rows.items():
                held[name] += some
                if len(held[name]) >= _AT_ONCE:
                    empty(name)

        yield write
        for name in held:
            empty(name)


def _type(pyarrow: Any, kind: type) -> Any:
    made = {str: "string", int: "int32", float: "float64", date: "date32"}
    return getattr(pyarrow, made[kind])()


_ANSWERS: Mapping[str, type] = {
    key: {Kind.NUMBER: float, Kind.WORD: str, Kind.WORDS: str}.get(measure.kind, int)
    for key, measure in MEASURES.items()
    if key not in FREE_TEXT
}
_COLUMNS: Mapping[str, Mapping[str, type]] = {
    "people": {
        "person": str, "operations": int, "region": str, "approach": str, "levels": int,
        "age_band": str, "risk_factors": str, "preop_axial_pain": float, "preop_limb_pain": float,
        "surgery_date": date,
    },
    "days": {
        "person": str, "day": int, "date": date, "days_late": int, **_ANSWERS, "signs": str,
        "signs_asked": str,
    },
    "device_days": {
        "person": str, "day": int, "date": date, "kind": str, "source": int, "value": float
    },
    "flags": {
        "person": str, "pattern": str, "urgency": str, "raised_day": int, "onset_day": int,
        "cleared_day": int, "rule_set": str,
    },
}  # fmt: skip

_README = """A cohort of a recovery diary, de-identified.

people.parquet       one row a person: the latest operation, age in tens of years
days.parquet         one row a diary day; an empty cell was not answered, "" is an explicit none
device_days.parquet  what phones and watches counted, by source; never add sources up
flags.parquet        what the rules found, by day after the operation

`person` is a random number and every `date` of a person is moved by the same random number of whole
weeks; both are new in each export and kept nowhere. No names, no numbers of a hospital, no notes,
no names of devices. It is de-identified and not anonymous: treat it as data about health.

Groups of fewer than five people by region, approach, levels and age:
"""
