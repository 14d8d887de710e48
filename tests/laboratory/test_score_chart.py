"""The picture of the score in the docs is drawn from the rules in use."""

import re

import pytest

from recovery_tracker.laboratory import score_chart
from recovery_tracker.trends.parameters import STANDARD


def test_the_curves_are_the_weights_of_the_rules() -> None:
    values, added = score_chart.curves(STANDARD, STANDARD.sum_most, "total", given=True)
    assert added[-1] == pytest.approx(100 * STANDARD.weight_sum * values[-1])
    _, alone = score_chart.curves(STANDARD, STANDARD.sum_most, "total", given=False)
    assert alone[-1] == pytest.approx(added[-1] / STANDARD.alone_axial_alarm)
    for name, weight in (
        ("beyond", STANDARD.alone_weight_beyond),
        ("sudden", STANDARD.alone_weight_sudden),
    ):
        values, added = score_chart.curves(STANDARD, 0.5, name, given=False)
        assert added[-1] == pytest.approx(100 * weight * 0.5 / STANDARD.alone_axial_alarm)
    values, added = score_chart.curves(STANDARD, STANDARD.lasting_clip, "lasting", given=True)
    assert added[12] == pytest.approx(added[-1] / 4), "half the points weigh a quarter"


def test_the_picture_of_the_docs_is_the_one_of_these_rules(tmp_path) -> None:
    path = tmp_path / "score.svg"
    score_chart.main(path)
    drawn, kept = (file.read_text() for file in (path, score_chart.PICTURE))
    # Matplotlib writes its own version into the file.
    assert lines_of(drawn) == lines_of(kept)


def lines_of(picture: str) -> list[str]:
    """What is drawn: every path in it."""
    return re.findall(r'<path[^>]* d="([^"]*)"', picture, re.DOTALL)
