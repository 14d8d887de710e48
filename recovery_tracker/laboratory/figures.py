"""One page of plots of an evaluation, with Matplotlib's object interface."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..exchange.whole_file import whole_file
from .cells import Answers, Ask
from .results import Results
from .trial import REFERENCE

#: Okabe and Ito's colours, told apart by colour-blind eyes.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_LONGEST = 120
#: Share of true days that the interval of an onset is meant to hold (docs/trends.md).
_STATED = 0.9


def draw_page(results: Results) -> Figure:
    """ROC, delay curves, reliability of the onset interval, and the bars of the table."""
    figure = Figure(figsize=(13, 16), layout="constrained")
    figure.suptitle(
        f"Trend module, rule set {results.rule_set}, seed {results.seed}: simulated diaries only"
    )
    axes = figure.subplots(3, 2)
    _roc(axes[0, 0], results)
    _delays(axes[0, 1], results, "ramp_2_42", "+2 over 42 days")
    _delays(axes[1, 0], results, "step_3", "a step of +3")
    _coverage(axes[1, 1], results)
    _errors(axes[2, 0], results)
    _false_flags(axes[2, 1], results)
    return figure


def write_page(results: Results, path: Path) -> None:
    """The page as PNG; the file stands whole or not at all."""
    with whole_file(path) as stream:
        draw_page(results).savefig(stream, format="png", dpi=110, metadata={"Software": None})


def _roc(axes: Axes, results: Results) -> None:
    axes.set_title("Small ramps (+2 over 42 days) caught within 60 days")
    for place, detector in enumerate(dict.fromkeys(p.detector for p in results.roc)):
        points = [p for p in results.roc if p.detector == detector]
        axes.plot(
            [p.target for p in points],
            [100 * p.caught for p in points],
            marker="os^Dvx"[place % 6],
            color=_COLOURS[place % len(_COLOURS)],
            label=detector,
        )
    axes.set_xscale("log")
    axes.set_xlabel("false flags a patient-year")
    axes.set_ylabel("caught, %")
    axes.set_ylim(0, 102)
    if results.roc:
        axes.legend(fontsize=8, loc="lower right")
    else:
        axes.text(0.5, 0.5, "only in the full run", ha="center", transform=axes.transAxes)


def _delays(axes: Axes, results: Results, scenario: str, words: str) -> None:
    axes.set_title(f"Days until a flag after {words} began")
    days = np.arange(_LONGEST + 1)
    curves = {d: late for (s, d), late in results.delay_curves.items() if s == scenario}
    for place, (detector, late) in enumerate(curves.items()):
        caught = [100 * float((late <= day).mean()) for day in days]
        style = "-" if detector.startswith("module") else "--"
        colour = _COLOURS[place % len(_COLOURS)]
        axes.plot(days, caught, style, color=colour, label=detector)
    axes.set_xlabel("days since the onset")
    axes.set_ylabel("caught, %")
    axes.set_ylim(0, 102)
    axes.legend(fontsize=8, loc="lower right")


def _coverage(axes: Axes, results: Results) -> None:
    axes.set_title("How often the onset interval holds the true day")
    rows = [row for row in results.onsets if row.true.size and row.answers is Answers.ALL]
    labels = [f"{row.scenario}\n{row.generator}" for row in rows]
    axes.bar(range(len(rows)), [100 * row.covered.mean() for row in rows], color=_COLOURS[0])
    axes.set_xticks(range(len(rows)), labels, rotation=60, fontsize=8)
    axes.axhline(100 * _STATED, color=_COLOURS[1], linestyle="--", label="as stated")
    axes.legend(fontsize=8, loc="lower left")
    axes.set_ylim(0, 102)
    axes.set_ylabel("%")


def _errors(axes: Axes, results: Results) -> None:
    axes.set_title("Estimated less true day of onset, reference generator")
    chosen = [
        row
        for row in results.onsets
        if row.true.size and row.answers is Answers.ALL and row.generator == REFERENCE
    ]
    if chosen:
        errors = [np.clip(row.estimated - row.true, -90, 90) for row in chosen]
        axes.boxplot(errors, showfliers=False, whis=(5, 95))
        axes.set_xticks(range(1, len(chosen) + 1), [row.scenario for row in chosen], fontsize=8)
    axes.axhline(0, color="#666666", linewidth=0.8)
    axes.set_ylabel("days (box: quartiles, whiskers: 5 % and 95 %)")


def _false_flags(axes: Axes, results: Results) -> None:
    axes.set_title("False flags a patient-year, all answers, with 95 % intervals")
    rows = [
        row
        for row in results.cells
        if row.answers is Answers.ALL and row.cell.ask is Ask.FALSE_A_YEAR
    ]
    names = list(dict.fromkeys(row.cell.key for row in rows))
    for place, generator in enumerate(dict.fromkeys(row.generator for row in rows)):
        own = {row.cell.key: row for row in rows if row.generator == generator}
        found = [own[name].found for name in names]
        axes.errorbar(
            [e.value for e in found],
            np.arange(len(names)) + 0.2 * place,
            xerr=[[e.value - e.low for e in found], [e.high - e.value for e in found]],
            fmt="os"[place % 2],
            color=_COLOURS[place],
            label=generator,
        )
    for place, name in enumerate(names):
        must = next(row.cell.must for row in rows if row.cell.key == name)
        if must:
            axes.plot([must[1]], [place + 0.1], marker="|", markersize=18, color="#D55E00")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("false flags a patient-year (upright bar: what it must reach)")
    axes.legend(fontsize=8)
