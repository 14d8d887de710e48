"""What each statistic of axial pain adds, as drawn in `docs/trends.md`.

python -m recovery_tracker.laboratory.score_chart
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ..exchange.whole_file import whole_file
from ..trends.axial import Statistics, parts_of
from ..trends.parameters import STANDARD, Parameters

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "score.svg"
_ALL, _PAIN = "#0072B2", "#D55E00"
_NEEDS_OTHERS, _PAIN_ALONE = frozenset({"under_load", "sudden_joint"}), frozenset({"beyond"})
#: Statistic: what it is, and the largest value that is drawn.
_DRAWN = {
    "lasting": ("what has lasted, points", STANDARD.lasting_clip),
    "today": ("the last two days, points", STANDARD.today_clip),
    "under_load": ("answers under load, share more", 1.0),
    "total": ("the sum, points x days", STANDARD.sum_most),
    "own_total": ("the sum, own swings x days", STANDARD.own_most),
    "beyond": ("more than before, evidence", STANDARD.beyond_most),
    "sudden": ("sudden rise by itself, points", 5.0),
    "sudden_joint": ("sudden rise with others, points", 7.0),
}


def curves(p: Parameters, most: float, name: str, given: bool) -> tuple[list[float], list[float]]:
    """Values of one statistic from 0 to `most`, and what each adds, in hundredths of an alarm."""
    values = np.linspace(0.0, most, 25)[None, :]
    nothing = {each: np.zeros_like(values) for each in Statistics._fields}
    found = Statistics(**{**nothing, name: values, "is_given": np.full(values.shape, given)})
    part, alarm = next((some[name], a) for some, a in parts_of(found, p) if name in some)
    return values[0].tolist(), (100 * part / alarm)[0].tolist()


def draw(p: Parameters = STANDARD) -> Figure:
    """A panel for each statistic; 100 is an alarm."""
    figure = Figure(figsize=(11, 4.6), layout="constrained")
    panels = figure.subplots(2, 4, sharey=True).flat
    for axes, (name, (words, most)) in zip(panels, _DRAWN.items(), strict=True):
        for given, colour, label in ((True, _ALL, "all answers"), (False, _PAIN, "pain alone")):
            if name not in (_PAIN_ALONE if given else _NEEDS_OTHERS):
                axes.plot(*curves(p, most, name, given), color=colour, label=label)
        axes.axhline(100, color="#666666", linewidth=0.8, linestyle="--")
        axes.set(xlabel=words, ylim=(0, 125), xlim=(0, most))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25, linewidth=0.6)
    first, *_ = figure.axes
    first.set_ylabel("hundredths of an alarm")
    first.legend(frameon=False, fontsize=8)
    return figure


def main(path: Path = PICTURE) -> None:
    """Writes the picture; the same numbers give the same bytes."""
    with (
        mpl.rc_context({"svg.hashsalt": "score", "svg.fonttype": "none"}),
        whole_file(path) as stream,
    ):
        draw().savefig(stream, format="svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
