"""Everything that decides about a flag, gathered: what the name of a rule set stands for.

`Parameters` holds the thresholds of the trend module. The warning answers are decided in `domain`,
by numbers with a source beside each and by the catalogue of signs; both are read from there, so
that a number added tomorrow is in the rule set without anybody having to think of it.
"""

import ast
import inspect
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from types import ModuleType
from typing import Any

from ..domain import (
    answer_rules,
    both_sides,
    circumstances,
    context,
    follow_ups,
    open_signs,
    standing,
    triage,
)
from ..domain.signs import LINES, SIGNS
from .parameters import STANDARD, Parameters

#: The modules that decide about answers. Their constants are named in capitals.
DECIDING: tuple[ModuleType, ...] = (
    both_sides,
    circumstances,
    context,
    follow_ups,
    open_signs,
    standing,
    triage,
)

#: Fields of a sign, a line or a rule that are words for people or say who checked it.
_WORDS = frozenset(
    {"patient", "clinician", "text", "when", "source", "checked_by", "review_on", "left_open"}
)


def answer_constants() -> Mapping[str, Any]:
    """Every constant that the modules of `DECIDING` name, as module.NAME: numbers, and sets and
    tables of signs.
    """
    return {
        f"{module.__name__.split('.')[-1]}.{name}": getattr(module, name)
        for module in DECIDING
        for name in _assigned_in(module)
        if not name.startswith("__") and not isinstance(getattr(module, name), str)
    }


def _assigned_in(module: ModuleType) -> list[str]:
    """The names that a module itself gives a value, in order."""
    found = []
    for node in ast.parse(inspect.getsource(module)).body:
        targets: list[ast.expr] = [node.target] if isinstance(node, ast.AnnAssign) else []
        targets += node.targets if isinstance(node, ast.Assign) else []
        found += [each.id for t in targets for each in ast.walk(t) if isinstance(each, ast.Name)]
    return found


def everything(parameters: Parameters = STANDARD) -> Mapping[str, Any]:
    """Every number and every row that decides, as plain data; words are left out."""
    return {
        "trends": plain(parameters, {"rule_set"}),
        "answers": plain(answer_constants()),
        "signs": {key: plain(sign) for key, sign in SIGNS.items()},
        "lines": [plain(line) for line in LINES],
        "rules": {key: plain(rule) for key, rule in answer_rules.ANSWERS.items()},
    }


def fingerprint(parameters: Parameters = STANDARD) -> str:
    """Sixteen hexadecimal digits that change with anything that decides, and with no wording."""
    told = json.dumps(everything(parameters), sort_keys=True)
    return sha256(told.encode()).hexdigest()[:16]


def plain(value: Any, without: set[str] | frozenset[str] = _WORDS) -> Any:
    """A constant as plain data, `without` these fields of the dataclasses in it."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = (field.name for field in fields(value) if field.name not in without)
        return {name: plain(getattr(value, name)) for name in kept}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(str(plain(each)) for each in value)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return str(value.value)
    return value
