"""The results as text that a person reads and as CSV that a program reads."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from ..exchange.whole_file import whole_file
from .cells import CELLS, PATTERN_BARS, Ask
from .metrics import Estimate, share
from .peers import PEERS
from .reach import ALLOWED
from .results import PREVALENCES, CellResult, Comparison, NameResult, Results

RATES = frozenset({Ask.FALSE_A_YEAR, Ask.FALSE_EARLY, Ask.LEVELS, Ask.FALSE_LEVELS, Ask.NOTES})
_DAYS = frozenset({Ask.MEDIAN})
_ASKED = {cell.key: cell.ask for cell in CELLS}


def text_of(results: Results) -> str:
    """The whole report as plain text."""
    parts = [
        _head(results),
        _cells(results),
        _names(results),
        _first_alarms(results),
        _comparisons(results),
        _peers(results),
        _silences(results),
        _groups(results),
        _onsets(results),
        _roc(results),
        _reaches(results),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(results: Results) -> str:
    rates = ", ".join(f"{answers} {rate:.3f}" for answers, rate in results.reference_rates.items())
    lines = [
        f"Evaluation of rule set {results.rule_set}, seed {results.seed}"
        + (" (quick)" if results.quick else ""),
        f"Patients: {results.sizes}. Peers are set to the module's own false flags a patient-year "
        f"on calibration seeds: {rates}.",
        "Simulated diaries rank methods; they do not say how many real worsenings are found.",
        f"{results.seconds:.0f} seconds.",
        *results.notes,
    ]
    return "\n".join(lines)


def number(estimate: Estimate, ask: Ask) -> str:
    """An estimate with its interval in the manner of its cell."""
    if np.isnan(estimate.value):
        return "nothing counted"
    if ask in _DAYS:
        return f"{estimate.value:.0f} ({estimate.low:.0f} to {estimate.high:.0f}) days"
    if ask in RATES:
        return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
    return f"{100 * estimate.value:.1f} % ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def _cells(results: Results) -> str:
    rows = [("generator", "answers", "cell", "asks", "found (95 %)", "n", "must", "aim", "")]
    for row in results.cells:
        must, aim = row.cell.bars(row.answers)
        asks = row.cell.ask.value + (f", {row.cell.within}" if row.cell.within else "")
        rows.append(
            (
                row.generator,
                row.answers.value,
                row.cell.key,
                asks,
                number(row.found, row.cell.ask),
                str(row.found.count),
                "" if must is None else f"{must:g}",
                "" if aim is None else f"{aim:g}",
                row.verdict,
            )
        )
    missed = len(results.missed())
    return f"CELLS ({missed} below their bar)\n" + aligned(rows)


def right_share(names: Iterable[NameResult]) -> Estimate:
    """Share named right over all caught flags of several scenarios."""
    names = list(names)
    caught = sum(name.caught for name in names)
    right = sum(name.right for name in names)
    return share(np.arange(caught) < right)


def _names(results: Results) -> str:
    patterns = sorted({pattern for name in results.names for pattern in name.named})
    rows = [("generator", "answers", "scenario", *patterns, "right", "ambiguous by construction")]
    for name in results.names:
        right = f"{100 * name.right / name.caught:.0f} %" if name.caught else "-"
        counts = [str(name.named.get(pattern, 0)) for pattern in patterns]
        rows.append(
            (
                name.generator,
                name.answers.value,
                name.scenario,
                *counts,
                right,
                str(name.ambiguous),
            )
        )
    lines = [f"PATTERN NAMED among caught (must {PATTERN_BARS[0]:.0%}, aim {PATTERN_BARS[1]:.0%})"]
    for generator, answers in dict.fromkeys((n.generator, n.answers) for n in results.names):
        chosen = [n for n in results.names if (n.generator, n.answers) == (generator, answers)]
        total = number(right_share(chosen), Ask.CAUGHT)
        lines.append(f"  {generator}, {answers}: right {total}")
    return "\n".join(lines) + "\n" + aligned(rows)


def _first_alarms(results: Results) -> str:
    real = (f"real at {100 * p:.0f} %" for p in PREVALENCES)
    rows: list[Sequence[str]] = [
        ("generator", "answers", "healthy with one", "found by it", "at another time", *real)
    ]
    for row in results.first_alarms:
        shares = (number(each, Ask.CAUGHT) for each in (row.healthy, row.real, row.untimely))
        right = (f"{100 * row.right(p):.0f} of 100" for p in PREVALENCES)
        rows.append((row.generator, row.answers.value, *shares, *right))
    return "FIRST ALARMS that are real, by share of people who loosen\n" + aligned(rows)


def _comparisons(results: Results) -> str:
    rows: list[Sequence[str]] = [
        ("generator", "answers", "cell", "best peer", "module", "peer", "paired", "p", "")
    ]
    rows.extend(_comparison(c) for c in results.comparisons)
    worse = sum(c.verdict == "worse" for c in results.comparisons)
    title = "AGAINST THE BEST PEER, same patients, Holm-corrected"
    return f"{title} (significantly worse in {worse})\n" + aligned(rows)


def _comparison(c: Comparison) -> tuple[str, ...]:
    unit, scale = ("days", 1) if c.cell.ask is Ask.MEDIAN else ("points", 100)
    difference, low, high = (scale * v for v in (c.paired.difference, c.paired.low, c.paired.high))
    return (
        c.generator,
        c.answers.value,
        c.cell.key,
        PEERS[c.peer].words,
        number(c.ours, c.cell.ask),
        number(c.theirs, c.cell.ask),
        f"{difference:+.1f} ({low:+.1f} to {high:+.1f}) {unit}",
        f"{c.adjusted:.3g}",
        c.verdict,
    )


def _peers(results: Results) -> str:
    if not results.peers:
        return ""
    cells = list(results.peers[0].found)
    asks = {c.cell.key: c.cell.ask for c in results.comparisons}
    rows = [("peer", "answers", "false/year", "calibrated on", *cells)]
    for peer in results.peers:
        found = [number(peer.found[cell], asks[cell]) for cell in cells]
        rows.append(
            (
                PEERS[peer.peer].words,
                peer.answers.value,
                f"{peer.target:.3f}",
                f"{peer.patients} patients",
                *found,
            )
        )
    return "ALL PEERS on the seeds for choosing, reference generator\n" + aligned(rows)


def _silences(results: Results) -> str:
    rows = [("generator", "answers", "scenario", "module", "peer", "false flags of the peer")]
    held = {(row.generator, row.answers, row.cell.key): row.found for row in results.cells}
    for row in results.silences:
        rows.append(
            (
                row.generator,
                row.answers.value,
                row.scenario,
                number(held[(row.generator, row.answers, row.scenario)], Ask.FALSE_A_YEAR),
                PEERS[row.peer].words,
                number(row.found, Ask.FALSE_A_YEAR),
            )
        )
    title = "FALSE FLAGS beside the peers, all set to the same on healthy calibration diaries"
    return f"{title}\n" + aligned(rows)


def _groups(results: Results) -> str:
    rows = [("asked", "by", "group", "found (95 %)", "n")]
    for row in results.groups:
        ask = Ask.FALSE_A_YEAR if row.asked.startswith("healthy") else Ask.CAUGHT
        rows.append((row.asked, row.by, row.group, number(row.found, ask), str(row.found.count)))
    title = "BY GROUP, all answers: false flags a patient-year, or caught within 60 days"
    return f"{title}\n" + aligned(rows)


def _onsets(results: Results) -> str:
    rows = [("generator", "answers", "scenario", "caught", "interval holds it", "error", "width")]
    for row in results.onsets:
        if row.true.size == 0:
            continue
        error = np.median(row.estimated - row.true)
        rows.append(
            (
                row.generator,
                row.answers.value,
                row.scenario,
                str(row.true.size),
                number(share(row.covered), Ask.CAUGHT),
                f"{error:+.0f} d",
                f"{np.median(row.last - row.first):.0f} d",
            )
        )
    leads = [("generator", "answers", "scenario", "caught before the ramp ends", "median lead")]
    leads.extend(
        (
            lead.generator,
            lead.answers.value,
            lead.scenario,
            number(lead.before_end, Ask.CAUGHT),
            f"{lead.days_before_end:+.0f} d",
        )
        for lead in results.leads
    )
    return "ONSET ESTIMATE\n" + aligned(rows) + "\n\nLEAD TIME\n" + aligned(leads)


def _roc(results: Results) -> str:
    if not results.roc:
        return ""
    targets = sorted({point.target for point in results.roc})
    rows = [("ramp +2 over 42 days, within 60, at false a year", *(f"{t:g}" for t in targets))]
    for detector in dict.fromkeys(point.detector for point in results.roc):
        caught = {p.target: p.caught for p in results.roc if p.detector == detector}
        rows.append((detector, *(f"{100 * caught[t]:.1f} %" for t in targets)))
    return "ROC\n" + aligned(rows)


def _reaches(results: Results) -> str:
    if not results.reaches:
        return ""
    cells = list(results.reaches[0].found)
    rows = [("cohort", "detector", "false a year", *cells)]
    for row in results.reaches:
        found = (number(row.found[key], _ASKED[key]) for key in cells)
        rows.append((row.cohort, row.detector, f"{row.false:.2f}", *found))
    title = f"PAIN ALONE, every detector set to {ALLOWED:g} false flags a year on that cohort"
    return f"{title}\n" + aligned(rows)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text in columns; the first is the heading."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def write_text(results: Results, path: Path) -> None:
    """The report as a text file; it stands whole or not at all."""
    with whole_file(path) as stream:
        stream.write(text_of(results).encode())


_CSV_COLUMNS = (
    "kind",
    "generator",
    "answers",
    "cell",
    "asks",
    "within",
    "value",
    "low",
    "high",
    "count",
    "verdict",
    "must",
    "aim",
    "peer",
    "peer_value",
    "difference",
    "difference_low",
    "difference_high",
    "p_adjusted",
)


def write_csv(results: Results, path: Path) -> None:
    """One row a cell and one a comparison; the file stands whole or not at all."""
    rows: list[dict[str, object]] = []
    for row in results.cells:
        must, aim = row.cell.bars(row.answers)
        rows.append({**_common("cell", row, row.found), "must": must, "aim": aim})
    for c in results.comparisons:
        rows.append(
            {
                **_common("comparison", c, c.ours),
                "peer": c.peer,
                "peer_value": c.theirs.value,
                "difference": c.paired.difference,
                "difference_low": c.paired.low,
                "difference_high": c.paired.high,
                "p_adjusted": c.adjusted,
            }
        )
    text = io.StringIO()
    writer = csv.DictWriter(text, _CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with whole_file(path) as stream:
        stream.write(text.getvalue().encode())


def _common(kind: str, row: CellResult | Comparison, found: Estimate) -> dict[str, object]:
    return {
        "kind": kind,
        "generator": row.generator,
        "answers": row.answers.value,
        "cell": row.cell.key,
        "asks": row.cell.ask.value,
        "within": row.cell.within,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "count": found.count,
        "verdict": row.verdict,
    }
