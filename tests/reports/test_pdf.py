"""The one page: tagged, embedded, the same bytes twice, and made whatever a patient typed."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest
from babel.support import Translations

from recovery_tracker.charts import story_of
from recovery_tracker.domain.flags import Episode, Pattern, Urgency
from recovery_tracker.domain.history import Event, EventKind
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.measures import NOTE_LENGTH
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.wording import day_words
from recovery_tracker.handout import chart_of, report_of
from recovery_tracker.reports import Handover, summarise, write_pdf
from recovery_tracker.translations import FOLDER as TRANSLATIONS
from recovery_tracker.trends.parameters import STANDARD
from tests.charts.recoveries import OPERATION, recovery
from tests.pdf import first_page, pages_of, text_of

MARIA = Handover("Maria Alvarez", date(1964, 5, 3), "H-123456")

HOSTILE = (
    "$x^2$ and $",
    "<b>bold</b> <script>alert(1)</script>",
    '#panic("x") *bold* _it_ @ref [x] \\ `raw`',
    "我的背很痛，走路更少了。" * 20,
    "ظهري يؤلمني كثيرا اليوم " * 20,
    "\N{GRINNING FACE}\N{ADULT}\N{ZERO WIDTH JOINER}\N{MANUAL WHEELCHAIR}",
    "한국어 हिन्दी ไทย \x00\x07\N{RIGHT-TO-LEFT OVERRIDE} reversed",
    "w" * NOTE_LENGTH,
    "many words " * (NOTE_LENGTH // 11),
)


def made(days=86, *, note=None, page=MARIA, paper="a4", episodes=None, told=(), **options):
    history, assessment = recovery(days)
    if note is not None:
        entries = list(history.entries)
        entries[-4] = replace(
            entries[-4], note=note[:NOTE_LENGTH], signs=frozenset({"clunk", "fever"})
        )
        history = replace(history, entries=tuple(entries))
    if episodes is not None:
        assessment = replace(assessment, episodes=episodes)
    options = {"visit": date(2026, 3, 24), "version": "0.1.0"} | options
    history = replace(history, instructions=told)
    return report_of(history, assessment, replace(page, **options), paper=paper)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_tagged_titled_and_with_its_language(paper):
    with pikepdf.open(io.BytesIO(made(paper=paper))) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]) == "Recovery report: Maria Alvarez, 11 Mar 2026"
        assert len(pdf.pages) == 1
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def nodes(pdf):
    """Every part of the tag tree."""

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            yield node
            if "/K" in node:
                yield from walk(node.K)

    return list(walk(pdf.Root.StructTreeRoot.K))


def structure(pdf):
    """Every structure type of the tag tree, and every alternative text."""
    found = nodes(pdf)
    kinds = [str(node.S) for node in found if "/S" in node]
    return kinds, [str(node.Alt) for node in found if "/Alt" in node]


def test_headings_table_and_a_described_figure():
    with pikepdf.open(io.BytesIO(made(note="hello"))) as pdf:
        kinds, texts = structure(pdf)
    assert {"/H1", "/H2", "/P", "/Figure", "/Table", "/TH", "/TD"} <= set(kinds)
    assert any("Back pain" in text and "last week" in text for text in texts)


def test_what_was_typed_carries_its_language():
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    told = tuple(
        Instruction(InstructionKind.RESTRICTION, at.date(), at, topic, text, language=language)
        for topic, text, language in (
            ("lifting", "Nada de más de 5 kg.", "es"),
            ("", "Sit on a high chair.", ""),
            ("", "坐高椅子。", "zh-Hant-TW"),
            ("", "Siéntese en alto. " * 16, "es"),
        )
    )
    page = replace(MARIA, language="en-GB", own_language="es", with_appendix=True)
    pdf = made(note="Me duele mucho.", page=page, told=told, questions=("¿Cuándo puedo nadar?",))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = languages(document)
        assert str(document.Root.Lang) == "en-GB"
    # Two instructions, the note twice, a question; each line of a text has it again.
    assert found.count("es") >= 5
    assert set(found) == {"es", "zh-TW"}
    text = text_of(pdf)
    assert "Restrictions and dates: No heavy lifting (Nada de más de 5 kg); Sit on a high" in text
    assert "“Me duele mucho.”" in text
    same = replace(page, language="es", with_appendix=False)
    with pikepdf.open(io.BytesIO(made(note="Hola.", page=same))) as document:
        assert languages(document) == []


def test_the_events_in_the_key_carry_the_language_in_which_they_were_typed():
    day = OPERATION + timedelta(days=40)
    history, assessment = recovery(86)
    told = (
        Event(day, EventKind.OTHER, "Me caí en la ducha"),
        Event(day + timedelta(days=3), EventKind.PHYSIO),
        Event(day + timedelta(days=6), EventKind.COMPLICATION, "Wound seroma"),
    )
    history = replace(history, events=told)
    page = replace(MARIA, language="en-GB", own_language="es")
    content = report_of(history, assessment, page)
    assert "Me caí en la ducha" in " ".join(text_of(content).split())
    with pikepdf.open(io.BytesIO(content)) as document:
        assert set(languages(document)) == {"es"}
    story = story_of(history, assessment)
    pieces = story.key_pieces("es")
    assert [text for text, language in pieces if language] == ["Me caí en la ducha"]
    assert "".join(text for text, _ in pieces) == " · ".join(story.key)
    # Without words of the patient's own nothing is tagged.
    plain = report_of(replace(history, events=told[1:]), assessment, page)
    with pikepdf.open(io.BytesIO(plain)) as document:
        assert languages(document) == []


def languages(pdf):
    """The language of every part that has one of its own, in the tag tree or within a line."""
    within = [
        order.operands[1]
        for page in pdf.pages
        for order in pikepdf.parse_content_stream(page)
        if str(order.operator) == "BDC"
    ]
    return [str(node.Lang) for node in [*nodes(pdf), *within] if "/Lang" in node]


def test_every_font_is_embedded_and_ours():
    with pikepdf.open(io.BytesIO(made(note=HOSTILE[3]))) as pdf:
        fonts = pdf.pages[0].Resources.Font
        names = set()
        for font in fonts.values():
            below = font.DescendantFonts[0]
            descriptor = below.FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
            names.add(str(descriptor.FontName).partition("+")[2])
    assert all(name.startswith(("PublicSans", "DejaVuSans", "DroidSans")) for name in names)


def test_the_same_data_gives_the_same_bytes():
    assert made() == made()
    assert made() != made(days=85)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_made_whatever_a_patient_typed(hostile, paper):
    page = Handover(hostile[:80], None, hostile[:40])
    pdf = made(note=hostile, page=page, paper=paper, questions=(hostile,) * 9)
    with pikepdf.open(io.BytesIO(pdf)) as page:
        assert len(page.pages) == 1


@pytest.mark.parametrize("days", [0, 1, 14, 400, 3650])
def test_one_page_for_every_length_of_diary(days):
    with pikepdf.open(io.BytesIO(made(days))) as pdf:
        assert len(pdf.pages) == 1


def test_the_figure_is_drawn_once_and_as_tall_as_the_page_allows():
    heights = []
    for days in (20, 86):
        history, assessment = recovery(days)
        picture = chart_of(history, assessment)

        def drawn(height, picture=picture):
            heights.append(picture.heights.index(height))
            return picture.drawn(height)

        summary = summarise(history, assessment, replace(MARIA, questions=()))
        write_pdf(summary, replace(picture, drawn=drawn))
    short, long = heights
    assert short < long, "with fewer words on the page the figure is taller"


def test_one_page_with_a_dozen_flags():
    episodes = tuple(
        Episode(pattern, urgency, raised_on=OPERATION + timedelta(days=20 + i))
        for i, (pattern, urgency) in enumerate([*zip(Pattern, Urgency, strict=False)] * 3)
    )
    with pikepdf.open(io.BytesIO(made(episodes=episodes, note="x"))) as pdf:
        assert len(pdf.pages) == 1


def test_what_happened_the_counts_and_the_rule_can_be_read_out():
    text = text_of(made(note="It clicks when I turn over."))
    for part in (
        "Recovery report: Maria Alvarez",
        "Born 3 May 1964",
        "No. H-123456",
        "Next visit: 24 Mar 2026",
        "Back pain went from 7 to",
        "Began about 19 Feb (between 15 Feb and 23 Feb), noticed 2 Mar 2026",
        "Rule: loose-hardware pattern",
        "At the weeks studies report",
        "Reported on",
        "pop or clunk felt",
        "It clicks when I turn over.",
        "days logged",
        "Not a diagnosis",
        "data ",
    ):
        assert part in text


def test_signs_and_comparisons_survive_the_text_layer():
    text = text_of(made(note="from −4 to ≥ 2 → better"))
    assert "−4" in text
    assert "≥ 2" in text
    assert "→" in text


def test_a_long_note_is_cut_where_the_reader_can_see_it():
    text = text_of(made(note="many words " * 150))
    assert "…”" in text
    assert "(cut here" in text


def test_the_appendix_holds_every_day_and_every_note_in_full():
    note = "first " + "word " * 390 + "last"
    pdf = made(note=note, with_appendix=True)
    with pikepdf.open(io.BytesIO(pdf)) as pages:
        assert len(pages.pages) > 1
    text = text_of(pdf)
    assert "an appendix follows" in text
    assert "16 Dec 2025" in text
    assert "word last" in text
    assert pdf == made(note=note, with_appendix=True)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_appendix_is_made_whatever_a_patient_typed(hostile):
    assert made(note=hostile, with_appendix=True).startswith(b"%PDF")


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_fullest_page_loses_no_line_at_its_foot(paper, language):
    """Many signs, long notes, three questions, limits, scores: none reaches into the footer.

    Long signs cost no note, and nothing costs a question.
    """
    translate = Translations.load(TRANSLATIONS, [language]).gettext
    history, assessment = recovery(86, opioids=True)
    entries = list(history.entries)
    many = ("clunk", "fever", "wound_redness", "calf_swelling", "chills", "giving_way", "fatigue")
    entries[-5] = replace(
        entries[-5],
        note="The stairs are hard. " * 20,
        signs=frozenset(many),
        painkiller_change="more",
    )
    entries[-4] = replace(entries[-4], note="It hurts when I stand up. " * 20)
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    told = tuple(
        Instruction(
            InstructionKind.CLEARANCE, at.date(), at, topic, "only half of it", date(2026, 4, 1)
        )
        for topic in ("driving", "work", "lifting", "sport")
    )
    typed = tuple(
        FormScore(date(2026, month, 2), form, 14, Role.PATIENT)
        for month in (1, 2)
        for form in ("odi_points", "ndi_points")
    )
    history = replace(history, entries=tuple(entries), instructions=told, scores=typed)
    questions = ("When may I swim, and how far, and with whom should I go there?",) * 3
    page = replace(MARIA, visit=date(2026, 3, 24), questions=questions, version="1")
    _, words = first_page(report_of(history, assessment, page, paper=paper, translate=translate))
    top = next(word.top for word in words if word.text in ("Nobody", "Nadie"))
    reaching = [word.text for word in words if word.top < top - 1 < word.bottom]
    below = [word.text for word in words if word.top >= top - 1]
    assert reaching == []
    assert " ".join(below).startswith(("In an emergency, call", "En una emergencia, llame"))
    assert "swim," not in below
    told = [word.text for word in words]
    assert told.count("swim,") == len(questions)
    assert "stairs" in told
    assert "hurts" in told


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_word_without_end_breaks_and_stays_on_the_paper(paper):
    word = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
    page = replace(MARIA, name=word, questions=(word * 2,))
    history, assessment = recovery(86)
    entries = (*history.entries[:-1], replace(history.entries[-1], note=word * 2))
    history = replace(history, entries=entries)
    width, words = first_page(report_of(history, assessment, page, paper=paper))
    assert max(word.right for word in words) <= width - 0.5 * 72 + 1


def test_every_sheet_of_the_appendix_says_whose_it_is():
    pdf = made(days=200, with_appendix=True)
    sheets = pages_of(pdf)[1:]
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, start=2):
        assert "Recovery report: Maria Alvarez" in sheet
        assert f"{number}/{len(sheets) + 1}" in sheet.replace(" ", "")


def test_a_date_in_the_chinese_report_can_be_searched():
    """No air is set between digits and Han: readers would read it as a space."""
    translate = Translations.load(TRANSLATIONS, ["zh_Hant"]).gettext
    history, assessment = recovery(86)
    page = replace(MARIA, visit=date(2026, 3, 24), language="zh-Hant-TW")
    pdf = report_of(history, assessment, page, translate=translate)
    text = text_of(pdf)
    assert day_words(date(2026, 3, 24), translate, year=True) in text
    assert "Wound check" in text, "letters of the chart's key are letters"
    assert translate("Before op") in text, "and so are those of the chart itself"


def test_a_figure_drawn_before_is_used_again_and_only_for_the_same_story():
    drawn: dict[str, bytes] = {}

    def kept(content, draw):
        if content not in drawn:
            drawn[content] = draw()
        return drawn[content]

    first = report_of(*recovery(86), MARIA, kept=kept)
    assert report_of(*recovery(86), MARIA, kept=kept) == first == report_of(*recovery(86), MARIA)
    assert len(drawn) == 1
    assert report_of(*recovery(85), MARIA, kept=kept) != first
    assert len(drawn) == 2


def test_the_appendix_holds_what_a_phone_measured_of_walking():
    history, assessment = recovery(86)
    first = history.index.day
    passive = tuple(
        PassiveValue(first + timedelta(days=day), kind, "Kim’s “iPhone” 手機", value)
        for day in (-40, -30, -20, 5, 10, 15, 70, 75, 80)
        for kind, value in (
            (PassiveKind.WALKING_SPEED, 4.6 if day < 0 else 3.2 if day < 28 else 4.1),
            (PassiveKind.STEADINESS, 83.0),
            (PassiveKind.SIX_MINUTES, 410.0),
        )
    )
    history = replace(history, passive=passive)
    page = replace(MARIA, visit=date(2026, 3, 24), version="0.1.0", with_appendix=True)
    text = text_of(report_of(history, assessment, page))
    assert "Measured by a phone or watch" in text
    for part in ("Walking speed", "4.6", "3.2", "4.1", "km/h", "Walking steadiness", "410"):
        assert part in text, part
    without = text_of(report_of(replace(history, passive=()), assessment, page))
    assert "Measured by a phone" not in without


@pytest.mark.parametrize("days", [0, 5, 86])
def test_the_first_page_says_whom_to_call_in_an_emergency_also_without_a_flag(days):
    for page, said in (
        (replace(MARIA, emergency="112"), "In an emergency, call 112."),
        (MARIA, "In an emergency, call an ambulance."),
    ):
        assert said in " ".join(pages_of(made(days, page=page))[0].split())


def test_the_rule_set_is_named_once_also_where_it_is_said_who_signed_it():
    history, assessment = recovery(86)
    assessment = replace(assessment, rule_set=STANDARD.rule_set)
    signed = f"Rules {STANDARD.rule_set}. Nobody has signed them."
    for page in (MARIA, replace(MARIA, signed=signed)):
        said = text_of(report_of(history, assessment, page, paper="a4"))
        assert said.count(STANDARD.rule_set) == 1
        assert page.signed in said
