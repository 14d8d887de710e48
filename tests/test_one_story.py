"""Screen, page and file tell one story: the same flags, counts and dates from one diary."""

import shutil
import subprocess
from datetime import timedelta

import pytest

from recovery_tracker.charts import story_of
from recovery_tracker.domain.flags import PATTERN_NAMES, Condition
from recovery_tracker.domain.wording import day_words
from recovery_tracker.exchange.flags_csv import flag_fields
from recovery_tracker.handout import report_of
from recovery_tracker.laboratory.histories import history_of
from recovery_tracker.laboratory.simulate import simulate
from recovery_tracker.reports import summarise
from recovery_tracker.trends import assess
from tests.charts.recoveries import OPERATION

DAYS = 240


def check_patient(cohort, row, tmp_path, *, with_page):
    history = history_of(cohort, row, OPERATION)
    today = OPERATION + timedelta(days=DAYS - 1)
    assessment = assess(history, today)
    files = [flag_fields(episode, history.region) for episode in assessment.episodes]
    told = summarise(history, assessment)
    shown = story_of(history, assessment)

    def in_file(finding):
        return (
            finding.pattern.value,
            finding.raised_on.isoformat(),
            None if finding.onset is None else finding.onset.isoformat(),
        )

    assert sorted(map(str, map(in_file, told.findings))) == sorted(
        str((one["pattern"], one["raised_on"], one["since"])) for one in files
    )
    assert sum(f.is_active for f in told.findings) == sum(
        episode.condition is Condition.ACTIVE for episode in assessment.episodes
    )
    assert (told.logged, told.expected) == (
        assessment.sufficiency.logged,
        assessment.sufficiency.expected,
    )
    assert sum(int(row[-1]) for row in shown.rows) == told.logged
    if shown.lead is not None:
        noticed = OPERATION + timedelta(days=shown.lead.noticed)
        assert noticed in {episode.raised_on for episode in assessment.active}
    if not with_page:
        return
    file = tmp_path / "page.pdf"
    file.write_bytes(report_of(history, assessment))
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    page = " ".join(text.stdout.decode().split())
    assert f"{told.logged} of {told.expected} days logged" in page
    active = [finding for finding in told.findings if finding.is_active]
    if active:
        name = PATTERN_NAMES[active[0].pattern].lower()
        assert f"Rule: {name}, raised {day_words(active[0].raised_on, year=True)}" in page
    else:
        assert told.status_line in page


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils")
def test_one_story_of_a_few_simulated_patients(tmp_path):
    cohort = simulate(4, DAYS, 31)
    for row in range(4):
        check_patient(cohort, row, tmp_path, with_page=True)


@pytest.mark.slow
def test_one_story_of_three_hundred_simulated_patients(tmp_path):
    cohort = simulate(300, DAYS, 32)
    for row in range(300):
        check_patient(cohort, row, tmp_path, with_page=row % 10 == 0)
