"""What a checker of PDF/UA-1 (ISO 14289-1) looks at, as far as the file itself can show it.

The numbers are clauses of the Matterhorn protocol 1.1. Whether the reading makes sense only a
person can say.
"""

import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pytest

from tests.reports.test_pdf import made

#: The structure types of PDF 1.7 that need no role map.
STANDARD = {
    *("/Document", "/Part", "/Sect", "/Div", "/BlockQuote", "/Caption", "/TOC", "/TOCI", "/Index"),
    *("/NonStruct", "/P", "/H1", "/H2", "/H3", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR"),
    *("/TH", "/TD", "/THead", "/TBody", "/TFoot", "/Span", "/Quote", "/Note", "/Link", "/Annot"),
    *("/Figure", "/Formula", "/Code", "/Reference", "/Private"),
}
PAINTING = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do"}


@pytest.fixture(scope="module", params=["a4", "letter", "with the appendix"])
def pdf(request) -> Iterator[pikepdf.Pdf]:
    options = {"with_appendix": True} if request.param == "with the appendix" else {}
    paper = "a4" if options else request.param
    with pikepdf.open(io.BytesIO(made(paper=paper, note="A note.\nMore.", **options))) as opened:
        yield opened


def elements(node) -> Iterator[pikepdf.Dictionary]:
    """Every structure element, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def tree(pdf) -> list[pikepdf.Dictionary]:
    return list(elements(pdf.Root.StructTreeRoot.K))


def marked_content(page) -> Iterator[tuple[str, list]]:
    """Each painting operator with the marked content it stands in, outermost first."""
    inside = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            inside.append(operands)
        elif name == "EMC":
            inside.pop()
        elif name in PAINTING:
            yield name, list(inside)
    assert inside == []


def test_everything_painted_is_tagged_or_an_artifact(pdf):
    """01-003, 01-004, 01-005."""
    for page in pdf.pages:
        painted = list(marked_content(page))
        assert len(painted) > 50
        for name, inside in painted:
            tags = [str(operands[0]) for operands in inside]
            numbered = [o for o in inside if len(o) > 1 and "/MCID" in o[1]]
            assert bool(numbered) != ("/Artifact" in tags), (name, tags)


def test_each_piece_of_content_belongs_to_one_element(pdf):
    """01-006: the numbers in the page are those in the tree, each once."""

    def numbers(node, page) -> Iterator[tuple[tuple[int, int], int]]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from numbers(child, page)
        elif isinstance(node, int):
            yield page.objgen, node
        elif isinstance(node, pikepdf.Dictionary) and "/MCID" in node:
            yield node.get("/Pg", page).objgen, int(node.MCID)

    in_tree = Counter(
        found
        for element in tree(pdf)
        if "/K" in element
        for found in numbers(element.K, element.get("/Pg"))
    )
    in_pages = {
        (page.objgen, int(operands[1].MCID))
        for page in pdf.pages
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "BDC" and "/MCID" in operands[1]
    }
    assert set(in_tree) == in_pages
    assert set(in_tree.values()) == {1}


def test_types_are_standard_and_tables_and_lists_whole(pdf):
    """02-001, 09-004 to 09-006, 15-003."""
    roles = pdf.Root.StructTreeRoot.get("/RoleMap", {})
    for element in tree(pdf):
        kind = str(element.S)
        assert kind in STANDARD or str(roles.get(kind, "")) in STANDARD, kind
        parents = {"/TR": {"/Table", "/THead", "/TBody", "/TFoot"}, "/LI": {"/L"}}
        parents |= {"/TH": {"/TR"}, "/TD": {"/TR"}, "/LBody": {"/LI"}, "/Lbl": {"/LI", "/Note"}}
        if kind in parents:
            assert str(element.P.S) in parents[kind], kind
        if kind == "/TH":
            attributes = element.A if isinstance(element.A, pikepdf.Array) else [element.A]
            assert any("/Scope" in one for one in attributes)


def test_headings_begin_with_the_first_and_leave_none_out(pdf):
    """14-002, 14-003."""
    levels = [int(str(e.S)[2:]) for e in tree(pdf) if str(e.S) in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_says_in_words_what_it_shows(pdf):
    """13-004."""
    pictures = [element for element in tree(pdf) if str(element.S) in ("/Figure", "/Formula")]
    assert pictures
    for picture in pictures:
        assert len(str(picture.get("/Alt", ""))) > 20


def test_every_letter_has_its_meaning_and_its_shape(pdf):
    """10-001, 31-009: fonts are embedded and say which character a glyph is."""
    for page in pdf.pages:
        for font in page.Resources.Font.values():
            assert "/ToUnicode" in font
            below = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(below.FontDescriptor.keys())


def test_document_is_marked_named_and_in_a_language(pdf):
    """06-002 to 06-004, 07-001, 07-002, 11-001, 28-007, 26-002."""
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"]
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.Root.MarkInfo.Marked
    assert not pdf.Root.MarkInfo.get("/Suspects", False)
    assert str(pdf.Root.Lang) == "en"
    assert not pdf.is_encrypted
    for page in pdf.pages:
        if "/Annots" in page:
            assert str(page.Tabs) == "/S"
