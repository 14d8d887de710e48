"""Screen, page and file tell one story: the same flags, counts and dates from one diary."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from secrets import token_hex

import pytest
from flask import Flask

from recovery_tracker.charts import story_of
from recovery_tracker.charts import words as chart_words
from recovery_tracker.charts.axis import time_ticks
from recovery_tracker.charts.layout import WIDE, wide_layout
from recovery_tracker.cli.wording import assessment_text
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import PATTERN_NAMES, Condition, Pattern
from recovery_tracker.domain.history import Event, EventKind, History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.wording import day_words, time_since
from recovery_tracker.exchange.flags_csv import flag_fields
from recovery_tracker.handout import report_of
from recovery_tracker.laboratory.histories import history_of
from recovery_tracker.laboratory.simulate import simulate
from recovery_tracker.reports import summarise
from recovery_tracker.reports.findings import Told, since_words
from recovery_tracker.reports.headline import sentence
from recovery_tracker.reports.summary import told_from
from recovery_tracker.storage.settings import Installation
from recovery_tracker.trends import assess
from recovery_tracker.trends.levels import levels_of
from recovery_tracker.web.clinician.flag_view import dates_of
from recovery_tracker.web.config import Config
from recovery_tracker.web.patient.guidance import values_for
from recovery_tracker.web.shared import language
from tests.charts.recoveries import OPERATION, recovery
from tests.effort import effort
from tests.pdf import text_of

DAYS = 240


def check_patient(cohort, row, *, with_page):
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
        str((str(one["pattern"]), one["raised_on"], one["since"])) for one in files
    )
    assert sum(f.is_active for f in told.findings) == sum(
        episode.condition is Condition.ACTIVE for episode in assessment.episodes
    )
    assert (told.logged, told.expected) == (
        assessment.sufficiency.logged,
        assessment.sufficiency.expected,
    )
    assert sum(int(row[-1]) for row in shown.tabled()[1]) == told.logged
    if shown.lead is not None:
        noticed = OPERATION + timedelta(days=shown.lead.noticed)
        assert noticed in {episode.raised_on for episode in assessment.active}
    if not with_page:
        return
    page = text_of(report_of(history, assessment))
    assert f"{told.logged} of {told.expected} expected days logged" in page
    active = [finding for finding in told.findings if finding.is_active]
    if active:
        assert PATTERN_NAMES[active[0].pattern].lower() in page.lower()
        assert day_words(active[0].raised_on) in page
    else:
        assert told.status_line in page


def test_headline_table_lane_and_log_count_the_same_days_of_a_fever():
    """Ticked on one day, measured on the next, 37.6 before them and 36.5 after."""
    history, _ = recovery(24, missing=0)
    told = {
        15: ({"wound_redness"}, 37.6),
        16: ({"fever", "wound_drainage"}, 38.7),
        17: ({"wound_drainage"}, 38.2),
        18: (set(), 36.5),
    }
    entries = [
        replace(entry, signs=frozenset(told[pod][0]), temperature_c=told[pod][1])
        if (pod := (entry.day - OPERATION).days) in told
        else entry
        for entry in history.entries
    ]
    history = replace(history, entries=tuple(entries))
    today = OPERATION + timedelta(days=24)
    assessment = assess(history, today)
    summary = summarise(history, assessment)
    (finding,) = (one for one in summary.findings if one.is_urgent)
    first, last = OPERATION + timedelta(days=16), OPERATION + timedelta(days=17)
    span = f"fever up to 38.7\N{NO-BREAK SPACE}°C ({day_words(first)} to {day_words(last)}"
    assert span in finding.what_happened
    (row,) = (row for row in summary.signs if row.sign == "fever")
    assert (row.days, row.first, row.last) == (2, first, last)
    (lane,) = (lane for lane in story_of(history, assessment).lanes if lane.key == "fever")
    assert (lane.urgent, lane.calm) == ((16, 17), ())
    assert lane.said.startswith("2 days, last ")
    assert lane.said.endswith("up to 38.7\N{NO-BREAK SPACE}°C")


def test_one_story_of_a_few_simulated_patients():
    cohort = simulate(4, DAYS, 31)
    for row in range(4):
        check_patient(cohort, row, with_page=True)


@pytest.mark.long
@pytest.mark.slow
def test_one_story_of_many_simulated_patients():
    count = effort(part=100, whole=300)
    cohort = simulate(count, DAYS, 32)
    for row in range(count):
        check_patient(cohort, row, with_page=row % 10 == 0)


def history_with_best(day):
    """A back that is at its best in the week up to `day` and comes back for two weeks."""
    scores = [6] * (day - 6) + [3] * 7 + [6] * 14
    return History(
        (Operation(OPERATION, Region.LUMBAR, preop_axial_pain=7),),
        tuple(
            DiaryEntry(OPERATION + timedelta(days=pod), axial_pain=score, signs=frozenset())
            for pod, score in enumerate(scores)
        ),
    )


@pytest.mark.parametrize("best", [7, 13, 14, 48, 83, 90])
def test_a_day_is_in_the_same_week_on_every_page_picture_and_paper(best):
    """Completed weeks everywhere: day 86 is week 12, in words, in tables and on the axis."""
    history = history_with_best(best)
    pod = best + 14
    today = OPERATION + timedelta(days=pod)
    assessment, back = assess(history, today), levels_of(history, today).measures["axial_pain"]
    assert back.best_day == best
    story = story_of(history, assessment)

    def weeks(text):
        return {int(found) for found in re.findall(r"\bweek (\d+)", text)}

    # When the back was at its best.
    assert weeks(sentence(back, Region.LUMBAR)) == {best // 7}
    assert f", in week {best // 7}," in chart_words.sentence_of(back, Region.LUMBAR)
    # Today.
    assert weeks(summarise(history, assessment).now) == {pod // 7}
    assert weeks(assessment_text(assessment, history)) >= {pod // 7}
    app = Flask(__name__)
    language.init_app(app)
    noon = datetime.combine(today, time(12), UTC)
    app.extensions["recovery_config"] = Config("", token_hex(), clock=lambda: noon)
    with app.test_request_context():
        assert weeks(time_since(OPERATION, today)) == {pod // 7}
        assert values_for(history.index, today, Installation())["weeks"] == str(pod // 7)
    # The table: one row for each week of the axis, with the days that lie in it.
    unit, ticks = time_ticks(story, wide_layout(story, *WIDE))
    header, rows = story.tabled()
    assert header[0] == story.words["weeks"]
    assert [int(row[0]) for row in rows] == list(range(pod // 7 + 1))
    assert [int(row[-1]) for row in rows][:-1] == [7] * (pod // 7)
    assert unit == "weeks"
    assert all(tick.day == 7 * int(tick.label) for tick in ticks)


@pytest.mark.parametrize(
    ("first", "last", "began"),
    [
        (OPERATION, OPERATION, False),
        (None, None, False),
        (OPERATION, OPERATION + timedelta(days=9), True),
    ],
    ids=["it never came down", "no interval", "estimated"],
)
def test_chart_page_file_and_screen_agree_on_whether_a_flag_began_on_a_day(first, last, began):
    history, assessment = recovery(86)
    (flag,) = assessment.episodes
    flag = replace(flag, onset=OPERATION, onset_first=first, onset_last=last)
    assessment = replace(assessment, episodes=(flag,))
    lead = story_of(history, assessment).lead
    assert lead is not None
    app = Flask(__name__)
    language.init_app(app)
    with app.test_request_context():
        on_page = dates_of(flag, Told(assessment.as_of, history.index))
    told = {
        "chart": lead.label,
        "page": on_page,
        "report": since_words(flag, Told(assessment.as_of, history.index)),
        "screen": assessment_text(assessment, history),
    }
    saying = {where for where, words in told.items() if "began about" in words.lower()}
    assert saying == (set(told) if began else set())


def test_a_fall_before_the_first_entry_begins_no_diary():
    """Two months without an entry tell nothing, though a fall in them was recorded: page, report
    and screen say that it was there before the diary, and none names a day."""
    history = History(
        (Operation(OPERATION, Region.LUMBAR, preop_axial_pain=7),),
        tuple(DiaryEntry(OPERATION + timedelta(days=d), axial_pain=6) for d in range(60, 215)),
        events=(Event(OPERATION + timedelta(days=3), EventKind.FALL),),
    )
    assessment = assess(history, OPERATION + timedelta(days=214))
    (flag,) = (one for one in assessment.episodes if one.pattern is Pattern.FAILED_FUSION)
    begun = OPERATION + timedelta(days=60)
    app = Flask(__name__)
    language.init_app(app)
    for onset in (OPERATION, OPERATION + timedelta(days=28)):
        flag = replace(flag, onset=onset, onset_first=onset, onset_last=onset)
        told = told_from(history, assessment.as_of)
        with app.test_request_context():
            on_page = dates_of(flag, told)
        screen = assessment_text(replace(assessment, episodes=(flag,)), history)
        for said in (on_page, since_words(flag, told)):
            assert f"before the diary began on {day_words(begun)}" in said
        assert f"before the diary began on {begun}" in " ".join(screen.split())
