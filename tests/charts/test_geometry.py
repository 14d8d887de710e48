"""No text is cut or lies over another, however short or long the diary."""

from itertools import combinations
from pathlib import Path

import pytest
from babel.support import Translations

from recovery_tracker.charts import ZOOMS, draw_recovery, story_of
from recovery_tracker.domain.history import EventKind
from recovery_tracker.domain.surgery import Region
from recovery_tracker.translations import LOCALES

from .recoveries import recovery

#: The catalogues that the program ships.
TRANSLATIONS = Path(__file__).resolve().parents[2] / "recovery_tracker" / "translations"

#: Boxes of text hold air above and below the letters; this much may be shared, in inches.
AIR = 0.015

LONG = "Saw the physiotherapist who wants me to walk more and sit less every day"


SIZES = ("wide", "narrow", "home", "print")


def crossings(sheet):
    """Texts that the edge cuts, and pairs that lie over each other."""
    cut = [
        one.text
        for one in sheet.texts
        if one.box.left < -AIR
        or one.box.bottom < -AIR
        or one.box.right > sheet.width + AIR
        or one.box.top > sheet.height + AIR
    ]
    over = [
        (one.text, other.text)
        for one, other in combinations(sheet.texts, 2)
        if min(one.box.right, other.box.right) - max(one.box.left, other.box.left) > AIR
        and min(one.box.top, other.box.top) - max(one.box.bottom, other.box.bottom) > AIR
    ]
    return cut, over


def many_events(count, days):
    step = max(1, days // (count + 1))
    return tuple((i * step, EventKind.OTHER, LONG[: 12 + 5 * i]) for i in range(count))


#: Every length with every number of events, each in two of the four sizes: as on a chessboard.
LENGTHS = [
    (size, days, count)
    for row, days in enumerate((0, 1, 14, 90, 400, 3650))
    for column, count in enumerate((0, 1, 5, 12))
    for size in SIZES[(row + column) % 2 :: 2]
]


@pytest.mark.parametrize(("size", "days", "count"), LENGTHS)
def test_texts_keep_apart(size, days, count):
    history, assessment = recovery(days, events=many_events(count, max(days, 1)))
    sheet = draw_recovery(story_of(history, assessment), size=size)
    assert crossings(sheet) == ([], [])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("region", Region)
def test_texts_keep_apart_in_every_region_and_with_painkillers(size, region):
    history, assessment = recovery(120, region=region, opioids=True)
    sheet = draw_recovery(story_of(history, assessment), size=size)
    assert crossings(sheet) == ([], [])


@pytest.mark.parametrize("weeks", ZOOMS)
def test_texts_keep_apart_at_every_zoom(weeks):
    history, assessment = recovery(300)
    first = 0 if weeks is None else 300 - weeks * 7
    sheet = draw_recovery(story_of(history, assessment, first=first), size="wide")
    assert crossings(sheet) == ([], [])


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_events_of_neighbouring_days_keep_apart(size):
    events = tuple((60 + i, EventKind.OTHER, f"Event number {i}") for i in range(12))
    history, assessment = recovery(90, events=events)
    sheet = draw_recovery(story_of(history, assessment), size=size)
    assert crossings(sheet) == ([], [])


def test_longer_words_than_english_keep_apart():
    """A language whose words are half as long again still fits."""
    history, assessment = recovery(90, opioids=True)

    def longer(text):
        return text + "m" * (len(text) // 2)

    for size in SIZES:
        story = story_of(history, assessment, translate=longer)
        sheet = draw_recovery(story, size=size, translate=longer)
        assert crossings(sheet) == ([], [])


#: A word that no hyphen breaks, and scripts of which the fonts hold all, some or nothing.
HARD_LABELS = (
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft",
    "歐陽司馬諸葛長孫宇文慕容上官皇甫令狐尉遲澹臺公冶宗政濮陽淳于單于",
    "عبد الرحمن بن محمد بن عبد العزيز بن إبراهيم آل سليمان الحسيني القرشي",
)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("days", "count"), [(0, 3), (1, 12), (14, 1), (90, 12), (400, 5), (3650, 0)]
)
def test_every_other_language_keeps_apart(language, size, days, count):
    """Each length of diary in each language and size, with events called in every script."""
    translate = Translations.load(TRANSLATIONS, [language]).gettext
    step = max(1, days // (count + 1))
    events = tuple((i * step, EventKind.OTHER, HARD_LABELS[i % 3]) for i in range(count))
    history, assessment = recovery(days, events=events, opioids=True)
    story = story_of(history, assessment, translate=translate)
    assert story.words["weeks"] != "Weeks after operation"
    sheet = draw_recovery(story, size=size, translate=translate)
    assert crossings(sheet) == ([], [])
