"""Totals of a clinic's forms: one number with its unit, never a guess and never a question."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FORMS, FormScore, read_score


@pytest.mark.parametrize(
    ("form", "text", "score"),
    [
        ("odi_percent", "42", 42.0),
        ("odi_percent", " 42,5 % ", 42.5),
        ("odi_percent", "0", 0.0),
        ("odi_percent", "100", 100.0),
        ("ndi_points", "14", 14.0),
        ("ndi_points", "50", 50.0),
        ("eq5d_index", "0,62", 0.62),
        ("eq5d_index", "-0.594", -0.594),
        ("eq5d_index", "−0.059", -0.059),
        ("satisfaction", "4", 4.0),
    ],
)
def test_what_is_typed(form, text, score):
    assert read_score(form, text) == score


@pytest.mark.parametrize(
    ("form", "text"),
    [
        *[("odi_percent", text) for text in ("", "%", ".", ",", "-1", "100.5", "4 2", "1.2.3")],
        *[("odi_percent", text) for text in ("1e1", "nan", "four", "٤٢x")],
        *[("ndi_points", text) for text in ("50.5", "51", "14.5", "100")],
        *[("eq5d_index", text) for text in ("1.1", "-1.2", "--1", "-")],
        *[("satisfaction", text) for text in ("0", "6", "3.5")],
        ("eq5d", "10"),
    ],
)  # fmt: skip
def test_what_is_no_score_of_the_form(form, text):
    assert read_score(form, text) is None


@given(st.sampled_from(sorted(FORMS)), st.text(max_size=6))
def test_whatever_is_typed_is_a_score_of_the_form_or_none(form, text):
    score = read_score(form, text)
    assert score is None or FORMS[form].low <= score <= FORMS[form].high


def test_points_and_percent_are_told_apart():
    def of(form):
        return FormScore(date(2026, 3, 2), form, 20, Role.PATIENT).value

    assert (of("odi_points"), of("odi_percent")) == (40, 20)
