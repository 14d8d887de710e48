"""No page compares or comforts beside an open flag, or after a weekly answer of "worse"."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.services import assessing, read_recovery, reassess, save_settings
from recovery_tracker.storage import diary, settings
from tests.catalogues import extracted
from tests.pdf import text_of
from tests.web.conftest import NOW, SYSTEM, Clinic
from tests.web.diarist import CALM, TODAY, Diarist, new_diarist
from tests.web.page import Page

#: What only a page may say that has nothing to warn of, in the words of the catalogue.
CALMING = (
    "That is about what was usual in the week before.",
    "That is more than was usual in the week before.",
    "In the week before it was about <b>%(usual)s</b>.",
    "In the 2 weeks before it was about <b>%(usual)s</b>.",
    "That is %(compared)s.",
    "much the same",
    "a bit lower",
    "Good days and bad days are normal. One day on its own does not tell you much.",
    "You are walking <b>about as much as 4 weeks ago</b>.",
    "You are walking <b>much more than you did 4 weeks ago</b>.",
    "You are walking <b>more than you did 4 weeks ago</b>.",
    "4 weeks ago it was about %(before)s.",
    "We did not spot a worrying pattern in what you logged. This does not mean that all is well:"
    " this diary cannot see your bones or nerves. If something does not feel right, trust that and"
    " call.",
    "Milestones",
    "{name} is much the same as before the operation ({before}, now {last}).",
    "{name} is much the same as before the operation ({before}).",
    "{name} is at {last}, about its best so far.",
)
#: The part of each that a page shows whatever is filled in.
SHOWN = (
    *("usual in the week before", "week before it was about", "2 weeks before it was about"),
    *("much the same", "a bit lower", "Good days and bad days", "did not spot"),
    *("as 4 weeks ago", "did 4 weeks ago", " 4 weeks ago it was", "Milestones", "best so far"),
)


def test_every_calming_sentence_is_in_the_catalogue() -> None:
    """One that is worded anew must be looked at again here."""
    known = {message.id for message in extracted() if message.id}
    assert [sentence for sentence in CALMING if sentence not in known] == []


def _pages(nora: Diarist) -> dict[str, str]:
    """Every page that tells the patient how it is going, and the report on paper."""
    tails = ("", "recovery", "report", f"day/{nora.today}/saved")
    pages = {tail: nora.page(tail).text for tail in tails}
    pages["report.pdf"] = text_of(nora.browser.get(nora.path("report.pdf?paper=a4")).data)
    return pages


def _calming(nora: Diarist, *, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [
        (tail, part)
        for tail, text in _pages(nora).items()
        for part in SHOWN
        if part in text and tail not in but
    ]


def _weekly(nora: Diarist, **answers: str) -> None:
    path = nora.path(f"day/{nora.today}/weekly")
    form = Page(nora.browser.get(path).text).form(path)
    nora.browser.client.post(path, data={**form.hidden(), **answers})


@pytest.fixture
def steady(clinic: Clinic) -> Diarist:
    """Sixty calm days, of which nothing can be said but that they are alike."""
    nora = new_diarist(clinic, days_ago=100)
    nora.history_of(60)
    nora.log(**CALM)
    return nora


def test_a_calm_diary_may_say_so(steady: Diarist) -> None:
    """Without this the others would hold for pages that say nothing at all."""
    found = {part for _tail, part in _calming(steady)}
    assert {"much the same", "Good days and bad days", "as 4 weeks ago", "did not spot"} <= found


@pytest.mark.parametrize("change", ["-3", "-2"])
def test_after_a_week_that_was_worse(steady: Diarist, change: str) -> None:
    _weekly(steady, overall_change=change, sign="none")
    assert _calming(steady) == []
    assert "You said that you are worse since your operation" in steady.page().text
    # A week later, with no new answer, it is still the last word.
    steady.clinic.clock.forward(days=8)
    steady.log(steady.today, **CALM)
    assert _calming(steady) == []


@pytest.mark.parametrize(
    ("days_ago", "days", "before"),
    [
        (20, 10, "It is too early to compare"),
        (60, 3, "There are not enough entries yet"),
        (20, 1, "After 3 entries your chart is shown here"),
    ],
)
def test_worse_is_repeated_where_nothing_is_compared_yet(
    clinic: Clinic, days_ago: int, days: int, before: str
) -> None:
    """Nobody answers "much worse" into an empty room, however young the diary is."""
    nora = new_diarist(clinic, days_ago=days_ago)
    nora.history_of(days)
    nora.log(**CALM)
    assert before in nora.page().text
    _weekly(nora, overall_change="-3", sign="none")
    home = nora.page().text
    assert "You said that you are worse since your operation" in home
    assert before not in home


def test_worse_is_repeated_where_no_pattern_is_looked_for(steady: Diarist) -> None:
    with steady.clinic.database.read() as session:
        wanted = replace(settings.read_installation(session), scope=settings.DIARY_ONLY)
    save_settings(steady.clinic.database, wanted, by=SYSTEM, at=NOW)
    assert "This diary does not look for patterns." in steady.page().text
    _weekly(steady, overall_change="-3", sign="none")
    assert "You said that you are worse since your operation" in steady.page().text


def test_worse_is_repeated_beside_a_failed_assessment(
    steady: Diarist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are said: what was answered, and that nothing could be looked for."""
    monkeypatch.setattr(assessing, "assess", _broken)
    _weekly(steady, overall_change="-3", sign="none")
    home = steady.page().text
    assert "You said that you are worse since your operation" in home
    assert "The diary could not look for patterns just now." in home


def _broken(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def test_a_week_a_little_worse_is_no_alarm(steady: Diarist) -> None:
    _weekly(steady, overall_change="-1", sign="none")
    assert _calming(steady)


def test_better_again_takes_it_back(steady: Diarist) -> None:
    _weekly(steady, overall_change="-3", sign="none")
    steady.clinic.clock.forward(days=7)
    steady.log(steady.today, **CALM)
    _weekly(steady, overall_change="1", sign="none")
    assert _calming(steady)


def test_after_a_peg_that_got_worse(steady: Diarist) -> None:
    with steady.clinic.database.write() as session:
        at = steady.clinic.clock() - timedelta(days=7)
        before = steady.entry(at.date())
        assert before is not None
        again = replace(before, peg_pain=3, peg_enjoyment=3, peg_activity=3)
        diary.save_version(session, steady.patient.id, again, by=SYSTEM, at=at)
    _weekly(steady, peg_pain="5", peg_enjoyment="5", peg_activity="5", sign="none")
    assert _calming(steady) == []
    assert "gets in your way more than before" in steady.page().text


def test_beside_a_review_flag_that_nobody_has_answered(clinic: Clinic) -> None:
    """Pain that had settled came back; the week before is as bad as today, which is no comfort."""
    nora = new_diarist(clinic, days_ago=150)
    chance = random.Random(1)
    with clinic.database.write() as session:
        for back in range(149, 0, -1):
            at, pod = NOW - timedelta(days=back), 150 - back
            level = max(1.5, 7 - pod * 0.15) if pod < 110 else 1.5 + min(4, (pod - 110) / 7)
            pain = max(0, min(10, round(level + chance.gauss(0, 0.6))))
            entry = DiaryEntry(
                at.date(),
                walking=2,
                mobility=1,
                axial_pain=pain,
                limb_pain=1,
                limb_pain_side="left",
                numbness=0,
                signs=frozenset(),
                signs_asked=frozenset(),
                recorded_at=at,
                zone=nora.patient.zone,
            )
            diary.save_version(session, nora.patient.id, entry, by=SYSTEM, at=at)
    reassess(clinic.database, nora.patient.id, today=TODAY, at=NOW)
    nora.log(**{**CALM, "axial_pain": "6"})
    found = read_recovery(clinic.database, nora.patient.id, today=TODAY, by=SYSTEM, audited=False)
    assert [flag.urgency.name for flag in found.open_flags] == ["REVIEW"]
    assert _calming(nora, but=("report.pdf",)) == []
    paper = _pages(nora)["report.pdf"]
    assert "Back pain was best in week" in paper
    assert "Back pain is at" not in paper


def test_beside_a_review_answer(steady: Diarist) -> None:
    _weekly(steady, sign="painful_bump")
    assert _calming(steady) == []


def test_beside_a_call_that_was_made(steady: Diarist) -> None:
    """The sign stands although somebody knows of it."""
    wound = {**CALM, "signs": "some", "line": "wound", "sign-wound": "wound_redness"}
    steady.log(**wound)
    flag = steady.recovery().open_flags[0]
    path = steady.path(f"flags/{flag.public_id}/acknowledge")
    form = steady.page().form(path)
    steady.browser.client.post(path, data={**form.hidden(), "what": "called"})
    steady.clinic.clock.forward(days=1)
    steady.log(steady.today, **CALM)
    assert _calming(steady) == []
