"""The tables: columns and constraints, no behaviour.

Bounds come from the domain's catalogue, so that no number is written twice; the migrations repeat
them as literals, and a test compares the two.
"""

from . import (
    access,
    alerts,
    diary,
    flags,
    guards,
    imports,
    people,
    record,
    reminders,
    sensitivity,
    tags,
    teams,
)
