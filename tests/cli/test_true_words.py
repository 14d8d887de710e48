"""What `assess` says must hold for the diary in front of it."""

from datetime import date, timedelta

import pytest

OPERATION = date(2025, 1, 6)


@pytest.fixture
def said(command, tmp_path):
    """What `assess` says of back pain by day, on one line."""

    def of(pains, signs=(), fell=None):
        lines = ["date,axial_pain,signs,strain"]
        for day, pain in pains.items():
            sign = "saddle_numbness" if day in signs else "none"
            fall = "fall" if day == fell else ""
            lines.append(f"{OPERATION + timedelta(days=day)},{pain},{sign},{fall}")
        file = tmp_path / "diary.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        answer = command("assess", file, "--surgery-date", OPERATION, "--region", "lumbar")
        assert answer.status == 0, answer.err
        return " ".join(answer.out.split())

    return of


def test_no_flag_is_not_said_above_an_open_note(said):
    text = said({day: 6 + day % 2 for day in range(1, 88)})
    assert "Note: Slow recovery" in text
    assert "No flag now" not in text
    assert "Only notes are open: slow recovery. 87 of 87 expected days were logged." in text
    assert "No flag does not mean no problem." in text


def test_of_a_diary_begun_late_nothing_is_claimed_about_the_time_before(said):
    text = said(dict.fromkeys(range(210, 260), 6))
    assert "Failed-fusion pattern" in text
    assert "The diary was begun on 2025-08-04, day 210 after the operation." in text
    assert "Logged: 50 of 50 expected days; 14 of the last 14; longest gap 0 days." in text
    assert "never improved" not in text
    assert "since 2025-01-06" not in text


def test_a_measure_inside_a_sentence_is_no_name(said):
    text = said({day: 2 if day < 130 else 6 for day in range(100, 133)}, fell=130)
    assert "Fall, then back pain up from 2 to 6" in text


def test_an_emergency_is_named_once(said):
    assert "Emergency sign: Emergency sign" not in said({9: 3}, signs=(9,))


@pytest.mark.parametrize("days", [8, 130])
def test_no_warning_answer_is_said_to_be_checked_where_none_was_given(command, tmp_path, days):
    """Before and after pain can be compared; "no flag" rests on less than it seems to."""
    lines = [f"{OPERATION + timedelta(days=day)},{3 + day % 2}" for day in range(1, days + 1)]
    file = tmp_path / "diary.csv"
    file.write_text("\n".join(["date,axial_pain", *lines, ""]), encoding="utf-8")
    answer = command("assess", file, "--surgery-date", OPERATION, "--region", "lumbar")
    text = " ".join(answer.out.split())
    assert "No flag now" in text
    assert "the warning answers are checked" not in text
    assert "The question about warning signs was not answered in the last two weeks." in text


def test_nothing_is_said_to_be_missing_where_the_warning_question_was_answered(said):
    text = said(dict.fromkeys(range(1, 9), 4))
    assert "the warning answers are checked" in text
    assert "not answered" not in text
