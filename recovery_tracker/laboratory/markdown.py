"""The results as Markdown tables, for `docs/trends.md`."""

from collections.abc import Sequence

import numpy as np

from .cells import CELLS, Answers, Ask
from .peers import PEERS
from .results import PREVALENCES, CellResult, Comparison, Results
from .tables import RATES, right_share
from .trial import GENERATORS, PLAIN

_MARKS = {"aim": "", "must": "", "missed": " **missed**", "": ""}
_VERDICTS = {"better": "better", "worse": "**worse**", "even": "even", "ceiling": "ceiling"}


def markdown_of(results: Results) -> str:
    """Tables of the cells, of what missed its bar, of names, peers, groups and onsets."""
    parts = {
        "Every cell": _cells(results),
        "Below the bar": _missed(results),
        "How many first alarms are real": _first_alarms(results),
        "Pattern named right among caught": _names(results),
        "Against the best peer": _comparisons(results),
        "False flags beside the peers": _silences(results),
        "Sensitivity against false flags": _roc(results),
        "What pain alone can reach": _reaches(results),
        "By group, all answers": _groups(results),
        "Onset and lead": _onsets(results),
        "Real diaries and notes": _others(results),
    }
    return "\n\n".join(f"### {title}\n\n{text}" for title, text in parts.items() if text) + "\n"


def _missed(results: Results) -> str:
    lines = []
    for row in results.missed():
        must, _ = row.cell.bars(row.answers)
        bar = "" if must is None else _value(must, row.cell.ask)
        lines.append(
            f"- `{row.cell.key}`, {row.answers.value}, {row.generator} generator: "
            f"{_short(row).replace(_MARKS['missed'], '')}, must {bar}"
        )
    return "\n".join(lines) or "Nothing."


def _first_alarms(results: Results) -> str:
    heading = ["answers", "generator", "healthy people with one", "loosenings found by it"]
    heading += [f"real at {100 * p:.0f} %" for p in PREVALENCES]
    lines = [_row(heading), _row(["---"] * len(heading))]
    for row in results.first_alarms:
        shares = [
            f"{100 * e.value:.1f} % ({100 * e.low:.1f}–{100 * e.high:.1f})"
            for e in (row.healthy, row.real)
        ]
        right = [f"{100 * row.right(p):.0f} of 100" for p in PREVALENCES]
        lines.append(_row([row.answers.value, row.generator, *shares, *right]))
    return "\n".join(lines) if results.first_alarms else ""


def _silences(results: Results) -> str:
    peers = list(dict.fromkeys(row.peer for row in results.silences))
    heading = ["scenario", "answers", "generator", "module", *(PEERS[p].words for p in peers)]
    lines = [_row(heading), _row(["---"] * len(heading))]
    ours = {(row.cell.key, row.answers, row.generator): row.found for row in results.cells}
    theirs = {(r.scenario, r.answers, r.generator, r.peer): r.found for r in results.silences}
    for key in dict.fromkeys((r.scenario, r.answers, r.generator) for r in results.silences):
        found = [theirs.get((*key, peer)) for peer in peers]
        shown = ["–" if e is None else f"{e.value:.2f}" for e in (ours[key], *found)]
        lines.append(_row([f"`{key[0]}`", key[1].value, key[2], *shown]))
    return "\n".join(lines) if results.silences else ""


def _roc(results: Results) -> str:
    targets = sorted({point.target for point in results.roc})
    if not targets:
        return ""
    lines = [
        _row(["+2 over 42 days within 60, at false flags a year", *(f"{t:g}" for t in targets)]),
        _row(["---"] * (1 + len(targets))),
    ]
    for detector in dict.fromkeys(point.detector for point in results.roc):
        caught = {p.target: p.caught for p in results.roc if p.detector == detector}
        lines.append(_row([detector, *(f"{100 * caught[t]:.1f} %" for t in targets)]))
    return "\n".join(lines)


def _reaches(results: Results) -> str:
    if not results.reaches:
        return ""
    asked = {cell.key: cell.ask for cell in CELLS}
    cells = list(results.reaches[0].found)
    heading = ["cohort", "detector", "false flags a year", *(f"`{key}`" for key in cells)]
    lines = [_row(heading), _row(["---"] * len(heading))]
    for row in results.reaches:
        found = (_value(row.found[key].value, asked[key]) for key in cells)
        lines.append(_row([row.cohort, row.detector, f"{row.false:.2f}", *found]))
    return "\n".join(lines)


def _groups(results: Results) -> str:
    lines = [_row(["asked", "by", "group", "found"]), _row(["---"] * 4)]
    for row in results.groups:
        ask = Ask.FALSE_A_YEAR if row.asked.startswith("healthy") else Ask.CAUGHT
        found = f"{_value(row.found.value, ask)} ({_value(row.found.low, ask)}–"
        lines.append(_row([row.asked, row.by, row.group, f"{found}{_value(row.found.high, ask)})"]))
    return "\n".join(lines)


def _onsets(results: Results) -> str:
    lead = {(row.generator, row.answers, row.scenario): row for row in results.leads}
    heading = ["scenario", "answers", "generator", "interval holds the day", "median error"]
    heading += ["median width", "caught before the ramp ended"]
    lines = [_row(heading), _row(["---"] * len(heading))]
    for row in results.onsets:
        if row.true.size == 0:
            continue
        early = lead.get((row.generator, row.answers, row.scenario))
        lines.append(
            _row(
                [
                    f"`{row.scenario}`",
                    row.answers.value,
                    row.generator,
                    f"{100 * row.covered.mean():.0f} %",
                    f"{np.median(row.estimated - row.true):+.0f} d",
                    f"{np.median(row.last - row.first):.0f} d",
                    "–" if early is None else f"{100 * early.before_end.value:.0f} %",
                ]
            )
        )
    return "\n".join(lines)


def _value(value: float, ask: Ask) -> str:
    if np.isnan(value):
        return "–"
    if ask is Ask.MEDIAN:
        return f"{value:.0f} d"
    if ask in RATES:
        return f"{value:.2f}"
    return f"{100 * value:.1f} %"


def _short(row: CellResult) -> str:
    ask, found = row.cell.ask, row.found
    interval = f"{_value(found.low, ask)}–{_value(found.high, ask)}".replace(" %–", "–")
    return f"{_value(found.value, ask)} ({interval}){_MARKS[row.verdict]}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(results: Results) -> str:
    columns = [(g, a) for a in Answers for g in (*GENERATORS, PLAIN)]
    held = {(row.cell.key, row.generator, row.answers): row for row in results.cells}
    shown = [c for c in columns if any(key[1:] == c for key in held)]
    lines = [
        _row(["cell", "must: pain / all", *(f"{a.value}, {g}" for g, a in shown)]),
        _row(["---"] * (2 + len(shown))),
    ]
    for key in dict.fromkeys(row.cell.key for row in results.cells):
        cell = next(row.cell for row in results.cells if row.cell.key == key)
        rows = [held.get((key, *column)) for column in shown]
        if not any(rows):
            continue
        bar = "–" if cell.must is None else " / ".join(_value(v, cell.ask) for v in cell.must)
        asks = cell.ask.value + (f", {cell.within}" if cell.within else "")
        found = ["–" if row is None else _short(row) for row in rows]
        lines.append(_row([f"`{key}`: {asks}", bar, *found]))
    return "\n".join(lines)


def _names(results: Results) -> str:
    lines = [_row(["answers", "generator", "flags", "named right"]), _row(["---"] * 4)]
    for answers, generator in dict.fromkeys((n.answers, n.generator) for n in results.names):
        chosen = [n for n in results.names if (n.answers, n.generator) == (answers, generator)]
        right = right_share(chosen)
        told = f"{100 * right.value:.1f} % ({100 * right.low:.1f}–{100 * right.high:.1f})"
        lines.append(_row([answers.value, generator, str(right.count), told]))
    return "\n".join(lines)


def _comparisons(results: Results) -> str:
    heading = ["answers", "generator", "cell", "best peer", "module", "peer", "difference", ""]
    lines = [_row(heading), _row(["---"] * len(heading))]
    lines.extend(_row(_comparison(c)) for c in results.comparisons)
    return "\n".join(lines)


def _comparison(c: Comparison) -> list[str]:
    unit, scale = (" d", 1) if c.cell.ask is Ask.MEDIAN else ("", 100)
    difference = f"{scale * c.paired.difference:+.1f}{unit}"
    interval = f"({scale * c.paired.low:+.1f} to {scale * c.paired.high:+.1f})"
    return [
        c.answers.value,
        c.generator,
        f"`{c.cell.key}`",
        PEERS[c.peer].words,
        _value(c.ours.value, c.cell.ask),
        _value(c.theirs.value, c.cell.ask),
        f"{difference} {interval}",
        _VERDICTS[c.verdict],
    ]


def _others(results: Results) -> str:
    held = [row for row in results.cells if row.generator not in (*GENERATORS, PLAIN)]
    lines = [
        f"- {row.generator}, `{row.cell.key}`: {_short(row)}, {row.cell.ask.value}"
        + (f", {row.cell.within}" if row.cell.within else "")
        for row in held
    ]
    lines += [f"- {note}" for note in results.notes]
    return "\n".join(lines)
