"""What a flag of axial pain is made of: each statistic beyond the person's own usual."""

from .alarm_facts import AlarmFacts
from .axial import parts_on
from .episodes import Rise
from .evidence import Evidence
from .parameters import Parameters


def points_of(
    rise: Rise, facts: AlarmFacts, evidence: Evidence, p: Parameters
) -> tuple[tuple[str, float], ...]:
    """Each statistic with what it added on the day of the alarm beyond its mean of the days before
    the onset, as a share of the alarm, largest first; empty where axial pain did not lead.

    A statistic at 0 or below does not speak for it.
    """
    if rise.channel != "axial" or evidence.axial is None:
        return ()
    row, day = rise.row, rise.day
    onset = day - p.baseline_lag if facts.change is None else facts.change.onset
    before = slice(max(0, onset - p.onset_level), max(0, onset))
    spoke = evidence.speaks[row, before]
    # A setting moves the alarm and not what adds to it.
    factor = evidence.plain["axial"][row, day] / evidence.scores["axial"][row, day]
    points = {}
    for name, part in parts_on(evidence.axial, row, day, p).items():
        usual = part[before][spoke]
        above = part[day] - (usual.mean() if usual.size else 0.0)
        points[name] = round(float(above / factor), 2)
    return tuple(sorted(points.items(), key=lambda each: -each[1]))
