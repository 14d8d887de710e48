"""A short name of what a diary holds, by which two papers are seen to be of the same answers."""

import hashlib
import json
from datetime import date, datetime
from operator import attrgetter

from ..domain.diary import ENTRY_FIELDS
from ..domain.history import History

_HASHED = tuple(name for name in ENTRY_FIELDS if name != "same_as")
_hashed_of = attrgetter(*_HASHED)


def data_hash(history: History) -> str:
    """Twelve hexadecimal digits that change with any answer and how it was recorded, and with
    nothing else: what the diary came to hold later is left out where it is empty.
    """
    rows = [dict(zip(_HASHED, _hashed_of(entry), strict=True)) for entry in history.entries]
    for row in rows:
        if row["own_question"] is None:
            del row["own_question"]
    told = json.dumps(rows, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value))
