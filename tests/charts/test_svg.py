"""The same bytes every time, safe under a strict policy, and hostile labels stay text."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from recovery_tracker.charts import describe, draw_recovery, story_of
from recovery_tracker.charts.sheet import Sheet
from recovery_tracker.domain.history import EventKind
from recovery_tracker.fonts import printable
from recovery_tracker.trends import assess

from .recoveries import recovery

HOSTILE = [
    r"$\alpha$ \frac{1}{0}",
    "<script>alert(1)</script>",
    "復健 سلام \N{ADULT}\N{ZERO WIDTH JOINER}\N{MANUAL WHEELCHAIR}",
    "a & b",
]


def picture(days=86, size="wide", theme="light", events=None):
    history, assessment = recovery(days) if events is None else recovery(days, events=events)
    story = story_of(history, assessment)
    return draw_recovery(story, size=size, theme=theme).to_svg("Chart", describe(story))


def test_same_story_same_bytes_also_in_threads():
    expected = {theme: picture(theme=theme) for theme in ("light", "dark", "print")}
    with ThreadPoolExecutor(4) as pool:
        themes = ["light", "dark", "print"] * 4
        for theme, drawn in zip(themes, pool.map(lambda t: picture(theme=t), themes), strict=True):
            assert drawn == expected[theme]


@pytest.mark.parametrize("size", ["wide", "narrow", "print"])
def test_nothing_that_a_strict_content_policy_refuses(size):
    svg = picture(size=size)
    root = ElementTree.fromstring(svg)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not names & {"style", "script", "image", "foreignObject", "metadata"}
    assert not any("style" in element.attrib for element in root.iter())
    links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
    assert all(link.startswith("#") for link in links)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (86, "Chart up to day 86 after the operation."),
        (0, "Chart of the day of the operation."),
        (-1, "Chart of the days before the operation."),
    ],
)
def test_a_description_counts_days_as_every_page_does(days, said):
    history, _ = recovery(5)
    day = history.index.day + timedelta(days=days)
    assert describe(story_of(history, assess(history, day))).startswith(said)


def test_named_and_described():
    root = ElementTree.fromstring(picture())
    space = "{http://www.w3.org/2000/svg}"
    assert root.attrib["role"] == "img"
    labels = root.attrib["aria-labelledby"].split()
    assert [
        root.find(f"{space}title").attrib["id"],
        root.find(f"{space}desc").attrib["id"],
    ] == labels
    assert "best week" in root.find(f"{space}desc").text
    assert root.attrib["width"] == "856"
    assert root.attrib["height"] == "520"


@pytest.mark.parametrize("label", HOSTILE)
def test_what_a_patient_types_is_never_markup_or_mathematics(label):
    svg = picture(events=((20, EventKind.OTHER, label),))
    root = ElementTree.fromstring(svg)
    assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_words_stay_as_they_were_typed_where_letters_are_text():
    sheet = Sheet(9, 1, "#FFFFFF")
    typed = ['a style="fill: red" b', "3.14159 of 12.3456", "<!-- a  >  < b -->"]
    typed += [printable(words) for words in HOSTILE]
    for number, words in enumerate(typed):
        sheet.text(0.1, 0.1 * number, words, size=9, colour="#000000")
    root = ElementTree.fromstring(sheet.to_svg("Chart", "Words", letters=True))
    assert [e.text for e in root.iter() if e.tag.endswith("}text")] == typed


def test_small_enough_to_send():
    assert len(picture()) < 150_000
    assert len(picture(days=3650)) < 600_000
