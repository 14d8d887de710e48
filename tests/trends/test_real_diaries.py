"""Real diaries without an operation must stay nearly silent: the unit of alarm is one in years."""

from datetime import timedelta

from recovery_tracker.domain.flags import TREND_PATTERNS
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.exchange.diary_csv import read_diary
from recovery_tracker.trends.worsening import trend_findings
from tests import real_diaries

#: At most this many flags in a year of a real diary. Our default.
A_YEAR = 0.2


@real_diaries.needed
def test_a_real_diary_is_nearly_silent() -> None:
    for name in ("participant1.csv", "participant2.csv"):
        entries = read_diary(real_diaries.FOLDER / name)
        operation = Operation(entries[0].day - timedelta(days=90), Region.LUMBAR)
        years = (entries[-1].day - entries[0].day).days / 365.25

        found = trend_findings(History((operation,), entries), entries[-1].day).episodes

        flags = [episode for episode in found if episode.pattern in TREND_PATTERNS]
        assert len(flags) <= A_YEAR * years, name
