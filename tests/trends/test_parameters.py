"""Every threshold is documented, with the number that the code uses."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from recovery_tracker.trends.parameters import STANDARD, Parameters, documented

DOCUMENT = Path(__file__).parents[2] / "docs" / "thresholds.md"


def test_the_table_of_numbers_is_the_one_in_the_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text.split("<!-- parameters:begin -->")[1].split("<!-- parameters:end -->")[0]

    rows = [line for line in table.splitlines() if line.startswith("| `")]

    assert rows == [f"| `{row[0]}` | " + " | ".join(row[1:]) + " |" for row in documented()]


def test_every_threshold_has_unit_meaning_and_source() -> None:
    for field in fields(Parameters):
        assert set(field.metadata) >= {"unit", "meaning", "source"}
        assert all(field.metadata[key] for key in ("unit", "meaning", "source"))


def test_a_rule_set_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        STANDARD.first_day = 1  # type: ignore[misc]
