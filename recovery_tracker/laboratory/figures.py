"""One page of plots of an evaluation, with Matplotlib's object interface."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import NullFormatter, ScalarFormatter

from ..exchange.whole_file import whole_file
from .cells import Answers, Ask
from .metrics import Estimate, share
from .results import OnsetResult, Results
from .trial import GENERATORS

#: Okabe and Ito's colours, told apart by colour-blind eyes; the module is always blue.
_ALL, _PAIN, _HALF = "#0072B2", "#56B4E9", "#003A5C"
_PEERS = ("#D55E00", "#009E73", "#CC79A7", "#E69F00")
_BOUND, _BAR, _QUIET = "#000000", "#B00020", "#666666"
_MARKERS = "osD^v"
_LONGEST = 120
#: Share of true days that the interval of an onset is meant to hold (docs/trends.md).
_STATED = 0.9

_WORDS = {
    "ramp_3_42": "+3 over 42 days",
    "ramp_2_42": "+2 over 42 days",
    "ramp_2_84": "+2 over 84 days",
    "step_3": "step of +3",
    "loosening": "loosening, mixed",
}


def draw_page(results: Results) -> Figure:
    """ROC, delay curves, reliability of the onset interval, and false flags against their bars."""
    layout = ConstrainedLayoutEngine(hspace=0.06)
    figure = Figure(figsize=(13, 17), layout=layout)
    patients = results.sizes.partition(",")[0]
    figure.suptitle(
        f"Trend module and peers on simulated diaries, rule set {results.rule_set}, "
        f"seed {results.seed}{' (quick)' if results.quick else ''}\n"
        f"{patients}; every peer set to the module's own false flags; "
        "reference generator unless named",
        fontsize=12,
    )
    axes = figure.subplots(3, 2)
    for each in axes.flat:
        each.spines[["top", "right"]].set_visible(False)
        each.grid(alpha=0.25, linewidth=0.6)
        each.set_axisbelow(True)
    _roc(axes[0, 0], results)
    _false_flags(axes[0, 1], results)
    _delays(axes[1, 0], results, "ramp_2_42")
    _delays(axes[1, 1], results, "step_3")
    _coverage(axes[2, 0], results)
    _errors(axes[2, 1], results)
    return figure


def write_page(results: Results, path: Path) -> None:
    """The page as PNG; the file stands whole or not at all."""
    with whole_file(path) as stream:
        draw_page(results).savefig(stream, format="png", dpi=110, metadata={"Software": None})


def _colours(detectors: Sequence[str]) -> dict[str, str]:
    """Blue for the module (light for pain alone), black for the bound, the rest for peers."""
    peers = iter(_PEERS * 3)
    chosen = {}
    for detector in detectors:
        if detector.startswith("module"):
            seen = detector.removeprefix("module, ")
            chosen[detector] = {Answers.PAIN: _PAIN, Answers.HALF: _HALF}.get(Answers(seen), _ALL)
        else:
            chosen[detector] = _BOUND if "bound" in detector else next(peers)
    return chosen


def _roc(axes: Axes, results: Results) -> None:
    axes.set_title("Caught within 60 days at equal false flags, +2 over 42 days")
    detectors = list(dict.fromkeys(point.detector for point in results.roc))
    for place, (detector, colour) in enumerate(_colours(detectors).items()):
        points = [p for p in results.roc if p.detector == detector]
        axes.plot(
            [p.target for p in points],
            [100 * p.caught for p in points],
            "-" if detector.startswith("module") else "--",
            marker=_MARKERS[place % len(_MARKERS)],
            color=colour,
            label=detector,
        )
    axes.axvline(0.25, color=_BAR, linewidth=1, linestyle=":")
    axes.text(0.25, 3, " most allowed", color=_BAR, fontsize=9)
    axes.set_xscale("log")
    axes.set_xticks(sorted({p.target for p in results.roc}))
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("false flags a healthy patient-year (set on calibration diaries)")
    _as_share(axes, "caught, %")
    axes.legend(fontsize=9, loc="lower right", bbox_to_anchor=(1, 0.06))


def _delays(axes: Axes, results: Results, scenario: str) -> None:
    axes.set_title(f"Days until a flag, with the median: {_WORDS[scenario]}")
    days = np.arange(_LONGEST + 1)
    curves = {d: late for (s, d), late in results.delay_curves.items() if s == scenario}
    colours = _colours(list(curves))
    for detector, late in curves.items():
        caught = [100 * float((late <= day).mean()) for day in days]
        ours = detector.startswith("module")
        axes.step(
            days,
            caught,
            "-" if ours else "--",
            where="post",
            color=colours[detector],
            linewidth=2 if ours else 1.4,
            label=f"{detector}: {_median(late)}",
        )
    axes.axhline(50, color=_QUIET, linewidth=0.8, linestyle=":")
    axes.set_xlabel("days since the onset")
    axes.set_xlim(0, _LONGEST)
    _as_share(axes, "caught so far, %")
    axes.legend(fontsize=8, loc="lower right")


def _median(late: np.ndarray) -> str:
    middle = float(np.median(late))
    return f"{middle:.0f} d" if np.isfinite(middle) else "not reached"


def _as_share(axes: Axes, label: str) -> None:
    axes.set_ylim(0, 102)
    axes.set_ylabel(label)


def _onsets_of(results: Results, generator: str) -> list[OnsetResult]:
    return [
        row
        for row in results.onsets
        if row.true.size and row.answers is Answers.ALL and row.generator == generator
    ]


def _coverage(axes: Axes, results: Results) -> None:
    axes.set_title("Reliability of the onset interval, all answers")
    for place, generator in enumerate(GENERATORS):
        rows = _onsets_of(results, generator)
        height = np.arange(len(rows)) + 0.2 * (place - 1)
        _with_intervals(axes, [share(row.covered) for row in rows], height, place, generator, 100)
        axes.set_yticks(range(len(rows)), [_WORDS[row.scenario] for row in rows])
    axes.axvline(100 * _STATED, color=_BAR, linewidth=1, linestyle=":", label="as stated, 90 %")
    axes.set_xlim(0, 102)
    axes.invert_yaxis()
    axes.set_xlabel("intervals that hold the true day, % (with 95 % intervals)")
    axes.legend(fontsize=9, loc="lower left")


def _errors(axes: Axes, results: Results) -> None:
    axes.set_title("Estimated less true day of onset, all answers")
    for place, generator in enumerate(GENERATORS):
        rows = _onsets_of(results, generator)
        if not rows:
            continue
        boxes = axes.boxplot(
            [np.clip(row.estimated - row.true, -90, 90) for row in rows],
            positions=np.arange(len(rows)) + 0.28 * (place - 1),
            widths=0.24,
            showfliers=False,
            whis=(5, 95),
            patch_artist=True,
            medianprops={"color": "#000000"},
            manage_ticks=False,
        )
        for box in boxes["boxes"]:
            box.set_facecolor((_ALL, *_PEERS)[place])
            box.set_alpha(0.6)
        boxes["boxes"][0].set_label(generator)
        names = [_WORDS[row.scenario].replace(" ", "\n", 1) for row in rows]
        axes.set_xticks(range(len(rows)), names)
    axes.axhline(0, color=_QUIET, linewidth=0.8)
    axes.set_ylabel("days late (box: quartiles, whiskers: 5 % and 95 %)")
    axes.legend(fontsize=9, loc="upper left")


def _false_flags(axes: Axes, results: Results) -> None:
    axes.set_title("False flags a patient-year, all answers")
    rows = [
        row
        for row in results.cells
        if row.answers is Answers.ALL and row.cell.ask is Ask.FALSE_A_YEAR
    ]
    cells = list({row.cell.key: row.cell for row in rows}.values())
    names = [cell.key for cell in cells]
    for place, generator in enumerate(dict.fromkeys(row.generator for row in rows)):
        own = {row.cell.key: row.found for row in rows if row.generator == generator}
        height = np.arange(len(names)) + 0.2 * (place - 1)
        _with_intervals(axes, [own[name] for name in names], height, place, generator)
    bars = [(cell.must[1], place) for place, cell in enumerate(cells) if cell.must]
    axes.plot(*zip(*bars, strict=True), "|", color=_BAR, markersize=20, label="most allowed")
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel("false flags a patient-year from day 60 (with 95 % intervals)")
    axes.legend(fontsize=9, loc="lower right")


def _with_intervals(
    axes: Axes,
    found: Sequence[Estimate],
    height: np.ndarray,
    place: int,
    label: str,
    scale: float = 1,
) -> None:
    axes.errorbar(
        [scale * e.value for e in found],
        height,
        xerr=[
            [scale * (e.value - e.low) for e in found],
            [scale * (e.high - e.value) for e in found],
        ],
        fmt=_MARKERS[place],
        color=(_ALL, *_PEERS)[place],
        label=label,
    )
