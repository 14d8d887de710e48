"""What became of a sign: said, asked and left open, not asked, or only not told as new."""

import re
from datetime import UTC, date, datetime, timedelta
from gettext import translation
from importlib.resources import files

import pytest

from recovery_tracker.domain.asked_after import after_words
from recovery_tracker.domain.diary import DiaryEntry, SignChange, Source
from recovery_tracker.domain.flags import Episode, Pattern, Reason, Urgency
from recovery_tracker.domain.history import History
from recovery_tracker.domain.open_signs import open_signs
from recovery_tracker.domain.signs import SIGNS, WEEKLY_SIGNS
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.ticked import sign_day, ticked_since
from recovery_tracker.domain.ticked_words import ticked_words
from recovery_tracker.trends.answers import answer_findings

DAY = date(2026, 3, 12)
OPERATION = Operation(date(2026, 2, 20), Region.LUMBAR)
SADDLE = frozenset({"saddle_numbness"})
ASKED = frozenset({"saddle_numbness", "bladder_bowel_change", "wound_redness", "fever"})


def _said(*entries: DiaryEntry, ends: str = "ends_when_gone", signs=("saddle_numbness",)) -> str:
    episode = Episode(
        Pattern.EMERGENCY_SIGN,
        Urgency.EMERGENCY,
        raised_on=DAY,
        signs=signs,
        would_clear=Reason(ends),
    )
    first = DiaryEntry(DAY, signs=frozenset(signs), signs_asked=ASKED)
    days = [sign_day(entry) for entry in (first, *entries)]
    found = ticked_since(episode, days, OPERATION, DAY + timedelta(days=9))
    assert found is not None
    return ticked_words(found, DAY + timedelta(days=9))


def _later(days: int, change: SignChange | None = None, **values) -> DiaryEntry:
    changes = {} if change is None else {"saddle_numbness": change}
    given = {"signs": frozenset(), "signs_asked": ASKED, "sign_changes": changes, **values}
    return DiaryEntry(DAY + timedelta(days=days), **given)


def test_asked_and_left_open_is_neither_there_nor_gone() -> None:
    assert _said(*map(_later, (1, 2, 3, 4))) == (
        "Saddle numbness (12 Mar). “How is it now?” was asked in the 4 entries since and left open."
    )
    assert "in the entry since and left open" in _said(_later(1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (SignChange.BETTER, "Said to be better on 17 Mar."),
        (SignChange.SAME, "Said to be the same on 17 Mar."),
        (SignChange.WORSE, "Said to be worse on 17 Mar."),
        (SignChange.GONE, "Said to be gone on 17 Mar."),
    ],
)
def test_what_was_said_is_told_with_its_day(change: SignChange, words: str) -> None:
    assert words in _said(_later(1), _later(5, change))


def test_what_was_left_open_after_better_is_told_beside_it() -> None:
    said = _said(_later(5, SignChange.BETTER), _later(6), _later(7))
    assert "Said to be better on 17 Mar." in said
    assert "“How is it now?” was asked in the 2 entries since and left open." in said


@pytest.mark.parametrize("source", [Source.PAPER, Source.OFFLINE, Source.IMPORT])
def test_a_form_that_does_not_ask_how_it_is_now_counts_as_new_or_worse_alone(source) -> None:
    said = _said(_later(1, source=source), _later(2, source=source))
    assert "Not told as new or worse in the 2 entries since that asked." in said
    assert "left open" not in said


def test_only_days_whose_form_asked_are_counted() -> None:
    """The line may be off the form by then, or only the weekly questions were answered."""
    other = frozenset({"wound_redness"})
    said = _said(
        _later(1, source=Source.PAPER),
        _later(2, source=Source.PAPER, signs_asked=other),
        _later(3, source=Source.PAPER, signs=None, signs_asked=None),
    )
    assert "Not told as new or worse in the entry since that asked." in said
    nobody = _said(_later(1, source=Source.PAPER, signs_asked=other))
    assert nobody.endswith("Not asked about since.")


def test_a_day_added_late_was_not_asked_how_it_is_now() -> None:
    late = datetime(2026, 3, 15, 9, tzinfo=UTC)
    said = _said(_later(1, recorded_at=late, zone="UTC"))
    assert "left open" not in said


def test_two_signs_that_went_different_ways_are_told_apart() -> None:
    said = _said(
        _later(1, sign_changes={"wound_redness": SignChange.BETTER, "fever": SignChange.GONE}),
        signs=("fever", "wound_redness"),
    )
    assert "Fever of 38\xa0°C or more: said to be gone on 13 Mar." in said
    assert "Wound redness or heat: said to be better on 13 Mar." in said


def test_signs_that_were_all_left_open_are_told_in_one_sentence() -> None:
    """Since the last of them was told, each was asked after as often."""
    said = _said(
        _later(1, signs=frozenset({"fever"})), _later(2), _later(3), signs=("wound_redness",)
    )
    assert said.count("How is it now?") == 1
    assert "in the 2 entries since and left open." in said


def _signs(days: int, *signs: str, hour: int = 18, on: int | None = None, **changes) -> DiaryEntry:
    """A form with all lines, filled in on its own day or `on` another."""
    at = datetime(2026, 3, 12, hour, tzinfo=UTC) + timedelta(days=days if on is None else on)
    return DiaryEntry(
        DAY + timedelta(days=days),
        signs=frozenset(signs),
        signs_asked=ASKED | set(signs),
        sign_changes={sign: SignChange(how) for sign, how in changes.items()},
        recorded_at=at,
        zone="UTC",
    )


def _told(*entries: DiaryEntry, today: int = 9) -> dict[str, str]:
    """What every sign of the only flag became, as `trends` finds it in the whole diary."""
    now = DAY + timedelta(days=today)
    history = History((OPERATION,), tuple(sorted(entries, key=lambda entry: entry.day)))
    (episode,) = answer_findings(history, now).episodes
    found = ticked_since(episode, [sign_day(one) for one in history.entries], OPERATION, now)
    assert found is not None
    return {sign: after_words(since, now) for sign, since in found.since.items()}


def test_a_sign_that_was_said_to_be_gone_is_not_asked_about_again_beside_one_that_stays() -> None:
    said = _told(
        _signs(0, "fever", "wound_redness"),
        _signs(1, fever="gone", wound_redness="same"),
        *(_signs(n, wound_redness="same") for n in (2, 3, 4)),
    )
    assert said["fever"] == "Said to be gone on 13 Mar."
    assert said["wound_redness"] == "Said to be the same on 16 Mar."


def test_forms_filled_in_before_a_day_was_added_late_did_not_ask_about_it() -> None:
    entries = [
        _signs(0, "wound_redness"),
        *(_signs(n, wound_redness="same") for n in (2, 3, 4)),
        _signs(1, "fever", on=4, hour=20),
    ]
    assert _told(*entries)["fever"] == "Not told as new or worse in the 3 entries since that asked."
    said = _told(*entries, _signs(5, wound_redness="same"), _signs(6))
    assert said["fever"] == "“How is it now?” was asked in the 2 entries since and left open."
    assert said["wound_redness"].endswith(
        "“How is it now?” was asked in the entry since and left open."
    )


def test_a_day_added_late_before_the_form_of_the_same_evening_is_asked_about() -> None:
    said = _told(
        _signs(0, "wound_redness"),
        _signs(1, "fever", on=2, hour=17),
        _signs(2, wound_redness="same"),
    )
    assert "was asked in the entry since and left open" in said["fever"]


@pytest.mark.parametrize("sign", ["fall", "clunk", "vomiting", "night_pain", "cough"])
def test_a_sign_that_no_form_asks_after_was_not_left_open(sign: str) -> None:
    operated = Operation(DAY - timedelta(days=120), Region.LUMBAR)
    beside = "new_weakness" if sign in ("vomiting", "night_pain", "cough") else "very_unwell"
    entries = (
        _signs(0, beside, sign),
        *(_signs(n, **{beside: "same"}) for n in (1, 2)),
    )
    history, now = History((operated,), entries), DAY + timedelta(days=2)
    assert sign not in {still.sign for still in open_signs(history, now)}
    for episode in answer_findings(history, now).episodes:
        found = ticked_since(episode, map(sign_day, entries), operated, now)
        assert found is None or sign not in found.since or not found.since[sign].left_open


@pytest.mark.parametrize("beside", sorted(SIGNS.keys() - WEEKLY_SIGNS))
@pytest.mark.parametrize("pod", [3, 120])
def test_what_is_said_to_have_been_asked_is_what_the_form_asked(pod: int, beside: str) -> None:
    """Whatever else was told on the day, and whether or not it made the sign more urgent."""
    operated = Operation(DAY - timedelta(days=pod), Region.LUMBAR)
    now = DAY + timedelta(days=1)
    for sign in SIGNS.keys() - WEEKLY_SIGNS - {beside}:
        entries = (_signs(0, sign, beside), _signs(1))
        history = History((operated,), entries)
        asked = {still.sign for still in open_signs(history, DAY)}
        for episode in answer_findings(history, now).episodes:
            found = ticked_since(episode, map(sign_day, entries), operated, now)
            left = {} if found is None else {s: t.left_open for s, t in found.since.items()}
            assert {s for s in left if left[s]} <= asked, (sign, beside)
            missed = {s for s in left if not left[s]} & asked
            assert not missed, (sign, beside, missed)


def _in_words(language: str) -> str:
    """Two signs of one day that went different ways, and one of another day."""
    entries = (
        _signs(0, "wound_redness", "fever"),
        _signs(1, "wound_drainage", fever="gone", wound_redness="same"),
        _signs(2, wound_redness="better"),
        _signs(3),
    )
    now = DAY + timedelta(days=9)
    (episode,) = answer_findings(History((OPERATION,), entries), now).episodes
    found = ticked_since(episode, map(sign_day, entries), OPERATION, now)
    assert found is not None
    folder = files("recovery_tracker") / "translations"
    return ticked_words(found, now, translation("messages", str(folder), [language]).gettext)


def test_chinese_is_joined_as_chinese_is_written() -> None:
    said = _in_words("zh_Hant")
    assert not set(",;.()") & set(said), said
    assert not re.search(r"[。；、]\s", said), said


@pytest.mark.parametrize(("language", "patient"), [("es", "paciente"), ("zh_Hant", "病人")])
def test_nobody_is_named_as_the_writer_of_an_answer(language: str, patient: str) -> None:
    """A carer may have given it, and the patient reads it on paper."""
    assert patient not in _in_words(language)
