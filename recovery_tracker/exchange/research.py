"""A cohort for research as Parquet: nobody's name, no free text, every calendar moved.

Each person gets a random number and all their days are moved by the same random number of whole
weeks, so that weekdays and intervals stay and dates say nothing. Neither is kept anywhere: two
exports cannot be joined. That is de-identified, not anonymous: few people with the same rare
operation can still be told apart, so groups smaller than `SMALL` are named to whoever exports.
"""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ..domain.diary import DiaryEntry
from ..domain.errors import RecoveryError
from ..domain.flags import Episode
from ..domain.measures import MEASURES, Kind
from ..domain.passive import PassiveValue
from ..domain.surgery import Operation

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


@dataclass(slots=True)
class Tables:
    """The rows of each file, and what the person who exports must know."""

    people: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    device_days: list[dict[str, Any]] = field(default_factory=list)
    flags: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def tables_of(
    cohort: Iterable[Participant], below: Callable[[int], int] = secrets.randbelow
) -> Tables:
    """The rows of everybody who was operated on; `below(n)` gives a random number under n."""
    found = Tables()
    taken: set[str] = set()
    for one in cohort:
        if not one.operations:
            continue
        while (number := f"{below(16**8):08x}") in taken:
            pass
        taken.add(number)
        _add(found, one, number, timedelta(weeks=below(2 * MOST_WEEKS + 1) - MOST_WEEKS))
    for rows in (found.people, found.days, found.device_days, found.flags):
        # The order of the database would reveal who came first.
        rows.sort(key=lambda row: json.dumps(row, default=str, sort_keys=True))
    found.warnings = small_groups(found.people)
    return found


def _add(found: Tables, one: Participant, number: str, moved: timedelta) -> None:
    index = max(one.operations, key=lambda operation: operation.day)
    found.people.append(
        {
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
    )
    _add_days(found, one, number, index.day, moved)
    for episode in one.episodes:
        found.flags.append(
            {
                "person": number,
                "pattern": str(episode.pattern),
                "urgency": episode.worst_urgency.key,
                "raised_day": (episode.raised_on - index.day).days,
                "onset_day": None if episode.onset is None else (episode.onset - index.day).days,
                "cleared_day": _days(episode.cleared_on, index.day),
                "rule_set": episode.rule_set,
            }
        )


def _add_days(
    found: Tables, one: Participant, number: str, operated_on: date, moved: timedelta
) -> None:
    """What the person wrote, and what their devices counted."""
    for entry in one.entries:
        answers = {key: _plain(getattr(entry, key)) for key in (*MEASURES, "signs", "signs_asked")}
        found.days.append(
            {
                "person": number,
                "day": (entry.day - operated_on).days,
                "date": entry.day + moved,
                "days_late": entry.days_late,
                **{key: value for key, value in answers.items() if key not in FREE_TEXT},
            }
        )
    # The name of a device may be that of its owner.
    places = {source: place for place, source in enumerate(sorted({v.source for v in one.passive}))}
    for value in one.passive:
        found.device_days.append(
            {
                "person": number,
                "day": (value.day - operated_on).days,
                "date": value.day + moved,
                "kind": str(value.kind),
                "source": places[value.source] + 1,
                "value": float(value.value),
            }
        )


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


def write_parquet(tables: Tables, folder: Path) -> None:
    """`folder` holds one Parquet file for each table, and a page that says what they are.

    Raises:
        RecoveryError: Parquet cannot be written here.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        line = "Parquet needs one package more: pip install 'recovery-tracker[registry]'"
        raise RecoveryError(line) from None
    for name, rows in (
        ("people", tables.people),
        ("days", tables.days),
        ("device_days", tables.device_days),
        ("flags", tables.flags),
    ):
        schema = pyarrow.schema(
            [(column, _type(pyarrow, kind)) for column, kind in _COLUMNS[name].items()]
        )
        parquet.write_table(
            pyarrow.Table.from_pylist(rows, schema=schema), folder / f"{name}.parquet"
        )
    (folder / "README.txt").write_text(
        "\n".join([_README, *(f"- {line}" for line in tables.warnings), ""]), encoding="utf-8"
    )


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
