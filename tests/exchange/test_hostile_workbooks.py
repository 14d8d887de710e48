"""Workbooks of some hundred kilobytes that unpack to what would be read for minutes."""

import time

import openpyxl
import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.exchange.spreadsheet import read_spreadsheet
from tests.exchange.test_incoming import packed

__all__ = ["packed"]

NAMES = "http://schemas.openxmlformats.org"
NS = f'xmlns="{NAMES}/spreadsheetml/2006/main"'
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATION = f"{NAMES}/officeDocument/2006/relationships"
PART = "xl/worksheets/sheet1.xml"
SHEET = '<sheet name="s{0}" sheetId="{0}" r:id="r1"/>'


def _workbook(rows: str, *, sheets: int = 1, strings: str = "", part: str = PART):
    """The parts of a workbook whose sheets, however many, are all the one with these rows."""

    def related(*pairs: tuple[str, str]) -> str:
        found = "".join(
            f'<Relationship Id="r{number}" Type="{RELATION}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(pairs, start=1)
        )
        return f'<Relationships xmlns="{NAMES}/package/2006/relationships">{found}</Relationships>'

    kinds = {"xl/workbook.xml": "sheet.main", "xl/sharedStrings.xml": "sharedStrings"}
    kinds[part] = "worksheet"
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{KIND}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    listed = "".join(SHEET.format(number) for number in range(1, sheets + 1))
    return {
        "[Content_Types].xml": f'<Types xmlns="{NAMES}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/'
        f'vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": related(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{RELATION}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": related(
            ("worksheet", f"/{part}"), ("sharedStrings", "/xl/sharedStrings.xml")
        ),
        part: f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {NS}>{strings}</sst>",
    }


HOSTILE = {
    "rows": {"rows": "<row/>" * 2_600_000},
    "cells of one row": {"rows": f"<row>{'<c/>' * 400_000}</row>"},
    "strings": {"rows": "", "strings": "<si><t>a</t></si>" * 700_000},
    "attributes of one tag": {"rows": "<row " + " ".join(f"a{n}=''" for n in range(60_000)) + "/>"},
    "attributes of many": {"rows": "<row a='' b='' c='' d='' e='' f=''/>" * 450_000},
    "one long text": {"rows": f"<row><c t='str'><v>{'x' * 300_000}</v></c></row>"},
    "one part as many sheets": {"rows": "<row><c/></row>" * 50_000, "sheets": 300},
    "a part by another name": {"rows": "<row/>" * 2_600_000, "part": "xl/.hidden"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_workbook_holds_is_refused_before_it_is_read(packed, name):
    path = packed(_workbook(**HOSTILE[name]), "hostile.xlsx")
    assert path.stat().st_size < 500_000
    began = time.process_time()
    with pytest.raises(RecoveryError, match="unpacks to more"):
        read_spreadsheet(path)
    assert time.process_time() - began < 3


def test_one_part_stands_for_one_sheet(packed):
    path = packed(_workbook("<row><c/></row>", sheets=2), "two.xlsx")
    with pytest.raises(RecoveryError, match="under several names"):
        read_spreadsheet(path)


def test_years_of_days_are_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["date", *(f"column {number}" for number in range(9))])
    for number in range(6_000):
        book.active.append([f"day {number}", *range(9)])
    book.create_sheet("notes").append(["x" * 32_767])
    book.save(tmp_path / "years.xlsx")
    first, second = read_spreadsheet(tmp_path / "years.xlsx")
    assert (len(first.rows), len(second.rows[0][0])) == (6_001, 32_767)
