"""The code on the report comes back as the scores that went in, or is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from recovery_tracker.domain.compact import MOST_DAYS, SCORES, UnreadableCode, code_of, read_code
from recovery_tracker.domain.diary import DiaryEntry, Source
from recovery_tracker.domain.surgery import Region

LAST = date(2026, 3, 12)

answers = st.fixed_dictionaries({key: st.none() | st.integers(0, high) for key, high in SCORES})


@given(
    st.dictionaries(st.integers(0, MOST_DAYS - 1), answers, max_size=MOST_DAYS),
    st.sampled_from(Region),
)
def test_what_went_in_comes_back(days, region):
    entries = [
        DiaryEntry(LAST - timedelta(days=back), source=Source.IMPORT, **scores)
        for back, scores in sorted(days.items(), reverse=True)
    ]
    found, read = read_code(code_of(entries, region, LAST))
    assert found is region
    told = [e for e in entries if any(getattr(e, key) is not None for key, _ in SCORES)]
    assert list(read) == told


def full(day: date) -> DiaryEntry:
    return DiaryEntry(day, axial_pain=10, limb_pain=10, numbness=4, mobility=4, walking=4)


def test_only_the_last_ninety_days_and_nothing_but_scores():
    entries = [replace(full(LAST - timedelta(days=n)), note="secret") for n in range(200, -1, -1)]
    code = code_of(entries, Region.LUMBAR, LAST)
    assert "secret" not in code
    _, read = read_code(code)
    assert len(read) == MOST_DAYS
    assert read[-1].day == LAST
    assert read[-1].signs is None


def test_small_enough_for_paper():
    entries = [full(LAST - timedelta(days=n)) for n in range(89, -1, -1)]
    picture = segno.make(code_of(entries, Region.LUMBAR, LAST), error="m", micro=False)
    assert picture.mode == "alphanumeric"
    assert picture.version <= 10


@pytest.mark.parametrize(
    "damage",
    [
        lambda code: code[:-1],
        lambda code: code[:-4] + code[-3:],
        lambda code: code.replace("RT1", "RT2"),
        lambda code: code.replace(".L.", ".C."),
        lambda code: code[:30] + ("A" if code[30] != "A" else "B") + code[31:],
        lambda code: "",
        lambda code: "https://example.invalid/",
        lambda code: "RT1.L.20251399.1.000000",
    ],
)
def test_a_damaged_code_is_refused(damage):
    code = code_of([full(LAST - timedelta(days=n)) for n in range(9, -1, -1)], Region.LUMBAR, LAST)
    with pytest.raises(UnreadableCode):
        read_code(damage(code))


def test_line_breaks_of_a_reader_do_no_harm():
    code = code_of([full(LAST)], Region.THORACIC, LAST)
    assert read_code(f" {code[:9]}\n{code[9:]}\n")[0] is Region.THORACIC


@pytest.mark.parametrize("text", ["RT1." + "A" * 5_000_000, "RT1.L.99991231.90.000", "RT1.�"])
def test_a_text_that_only_begins_like_a_code_is_refused(text):
    with pytest.raises(UnreadableCode):
        read_code(text)
