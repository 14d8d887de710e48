"""Diaries made by chance: tables of `tests.stories` with signs, gaps, strain and late days."""

import hypothesis.strategies as st

from recovery_tracker.domain.signs import SIGNS

_SIGNS = st.lists(st.sampled_from(sorted(SIGNS)), min_size=1, max_size=3, unique=True)
_CHANGES = st.sampled_from(["gone", "same", "worse", "better"])


@st.composite
def diary_tables(draw: st.DrawFn, *, imported: bool = False, days: int = 90) -> str:
    """A table of up to `days` days with a few remarkable ones."""
    region = draw(st.sampled_from(["lumbar", "cervical", "thoracic"]))
    lines = [f"{region} {'imported' if imported else ''}"]
    step = draw(st.integers(1, 4))
    first = draw(st.integers(0, 20))
    pain = draw(st.integers(2, 9))
    settled = draw(st.integers(0, pain))
    lines.append(f"day {first}-{days}/{step} axial={pain}..{settled} limb=2 side=left signs=none")
    for _ in range(draw(st.integers(0, 6))):
        lines.append(f"day {draw(st.integers(0, days))} {draw(_remarkable(imported))}")
    if draw(st.booleans()):
        begin = draw(st.integers(20, days - 10))
        lines.append(
            f"day {begin}-{draw(st.integers(begin, days))} axial={draw(st.integers(0, 10))}"
        )
    return "\n".join(lines)


@st.composite
def _remarkable(draw: st.DrawFn, imported: bool) -> str:
    kinds = ["signs", "temp", "strain", "both", "numb", "late", "asked"]
    kind = draw(st.sampled_from(kinds if imported else [*kinds, "change"]))
    if kind == "signs":
        return f"signs={'+'.join(draw(_SIGNS))}"
    if kind == "temp":
        return f"temp={draw(st.sampled_from([37.2, 38.0, 38.6]))}"
    if kind == "strain":
        return f"strain={draw(st.sampled_from(['fall', 'bending', 'lifting']))} axial=8"
    if kind == "both":
        return "limb=4 side=both"
    if kind == "numb":
        return f"numb={draw(st.integers(0, 4))} zones=left_foot"
    if kind == "late":
        return f"signs={'+'.join(draw(_SIGNS))} late={draw(st.integers(1, 14))}"
    if kind == "change":
        sign = draw(st.sampled_from(sorted(SIGNS)))
        return f"{draw(_CHANGES)}={sign} spoke={draw(st.sampled_from(['yes', 'no']))}"
    return "axial=10 asked=severe_pain"
