"""What is wrong with a file is said in the language of whoever gave it."""

import ast
import io
import re
import zipfile
from pathlib import Path

import pytest

from recovery_tracker.domain.language import Said, both, said_in
from recovery_tracker.exchange import long_reading
from recovery_tracker.exchange.problems import FileRefused, Problem
from recovery_tracker.web.shared import waiting_files
from tests import catalogues
from tests.sources import nodes_of
from tests.web.diarist import new_diarist
from tests.web.test_data import look, send

EXCHANGE = Path(long_reading.__file__).parent
#: What only the command line reads, which speaks English.
OF_COMMANDS = {"arrow", "cohort_columns", "cohort_csv", "mapping_file", "patients_csv"}

LANGUAGES = ("es", "zh-Hant")

#: Words of an English sentence that no other language has.
_ENGLISH = re.compile(
    r"\b(the|this|that|is|are|must|have|has|row|rows|column|and|with|file|here|give|save|of)\b",
    re.IGNORECASE,
)
#: What a file says itself, and names of programs, stand in quotes or are theirs.
_QUOTED = re.compile(r"'[^']*'|“[^”]*”|«[^»]*»|「[^」]*」")


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


FILES = {
    "scores": b"date,axial_pain,walking,signs\n2026-01-01,x,9,none;fever\n2026-02-30,11,,nope\n",
    "more": b"date,axial_pain\n"
    + b"".join(b"2026-02-%02d,x\n2026-02-01,%d\n" % (d, d) for d in range(1, 29)),
    "nothing": b"",
    "two orders": b"date,axial_pain\n3/1/2026,4\n3/2/2026,5\n",
    "short years": b"date,axial_pain\n03/04/05,4\n",
    "mixed": b"date,axial_pain\n13/1/2026,4\n1/13/2026,5\n",
    "to come": b"date,axial_pain,recorded_at\n2199-01-01,4,\n1926-01-01,4,2025-01-01T10:00:00Z\n",
    "hundred": b"date,axial_pain,steps,note\n2026-01-01,40,6.512,\n2026-01-02,99,6512,"
    + b"x" * 3000,
    "fahrenheit": b"date,temperature_c\n2026-01-01,98.6\n2026-01-02,=A1\n",
    "comma": b'date,temperature_c,limb_pain_side\n2026-01-01,"38,5",middle\n',
    "twice": b"date,axial_pain\n2026-01-01,4\n2026-01-01,6\n",
    "unknown": b"date,axial_pain,axial_pain\n2026-01-01,4,1\n",
    "cells": b"date,axial_pain\n2026-01-01,4,5,6\n",
    "bytes": b"date,note\n2026-01-01,caf\xe9\n",
    "zero": b"date,note\n2026-01-01,a\0b\n",
    "quote": b'date,note\n2026-01-01,"a\n',
    "pdf": b"%PDF-1.7",
    "picture": b"\x89PNG\r\n\x1a\n",
    "html": b"<html><body>",
    "xml": b"<?xml version='1.0'?><note/>",
    "zip": packed(a_dot_txt="x"),
    "word": packed(word__document_dot_xml="<w/>"),
    "damaged": b"PK\x03\x04broken",
    "json": b'{"a": 1}',
    "fhir": b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Flag"}}]}',
    "code": b"RT1.L.broken",
    "export": packed(diary_dot_csv="date\n", patient_dot_json='{"events": [{"day": 3}]}'),
    "samsung": b"com.samsung.health.sleep.202601,1,2\nstart_time,end_time\n1,2\n",
    "across": b"x,2026-01-01,2026-01-02\npain,3,4\n",
    "no days": b"a,b\n1,2\n3,4\n",
    "text": b"I felt well today\n",
    "database": b"SQLite format 3\0" + bytes(100),
    "garmin": b"Activity Type,Date,Favorite,Title\nWalking,2026-01-01,false,x\n",
    "people": b"patient_id,date,axial_pain\na,2026-01-01,3\n",
    "google": b"Date,Step count,Calories (kcal),Distance (m)\nnonsense,3,1,1\n",
}

#: An own table, and what its columns are said to mean.
TABLES = {
    "vas": (b"Tag;VAS (mm)\n01.02.2026;40\n", ["date", "axial_pain"]),
    "hours": (b"Tag;Gehen (h)\n01.02.2026;4\n", ["date", "walking"]),
    "turned": (b"Tag;Schmerz (10 = no pain)\n01.02.2026;4\n", ["date", "axial_pain"]),
    "of five": (b"Tag;Schmerz 0-5\n01.02.2026;4\n", ["date", "axial_pain"]),
    "people": (b"Name;Tag;Schmerz\nA;01.02.2026;4\nB;02.02.2026;4\n", ["", "date", "axial_pain"]),
    "words": (b"Tag;Schmerz\n01.02.2026;viel\n", ["date", "axial_pain"]),
    "cut": (b"Tag,Temp,Note\n01.02.2026,38,5\n", ["date", "temperature_c", "note"]),
    "weekday": (
        b"Tag;Schmerz\nMo 02.02.2026;4\nMo 03.02.2026;4\nMi 04.02.2026;4\n",
        ["date", "axial_pain"],
    ),
}

LISTS = (
    b"",
    b"born\n1950-01-01\n",
    b"name,dob\nAnn,01/02/1950\nBo,03/04/1950\n",
    "Name\nJosé\n".encode("cp1252"),
    b"name,dob,phone,region,operation day,team,hospital number\n"
    b"Ann,2060-01-31,ring,knee,2026-01-05,Knees,1\n,1950-02-31,,,2026-01-05,,1\n",
    b"name,team,dob\nAnn,Knees,2060-01-31\n",
    b"PK\x03\x04broken",
)


@pytest.fixture(params=LANGUAGES)
def nora(request, clinic, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))
    nora = new_diarist(clinic)
    nora.send("settings", zone="Europe/London", language=request.param)
    return nora


def lines(answer):
    """What a page lists as wrong with a file."""
    assert answer.status_code == 422, answer.status_code
    (found,) = re.findall(r'role="alert".*<ul class="plain">(<li>.*?)</ul>', answer.text, re.DOTALL)
    said = re.findall(r"<li>(.*?)</li>", found, re.DOTALL)
    assert said
    return [line.replace("&#39;", "'").replace("&amp;", "&") for line in said]


def english_in(said):
    return [line for line in said if _ENGLISH.search(_QUOTED.sub("", line))]


def test_a_patient_reads_what_is_wrong_in_their_language(nora):
    for name, content in FILES.items():
        assert english_in(lines(look(nora, content, "x.csv"))) == [], name
    for name, (content, means) in TABLES.items():
        asked = look(nora, content, "x.csv")
        assert english_in(lines(send(nora, asked, "data/look", means=means))) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_reads_what_is_wrong_with_a_list_in_its_language(clinic, language):
    frank = clinic.signed_in("frank")
    hidden = frank.page("/admin/people/list").form("/admin/people/list").hidden()
    for content in LISTS:
        answer = frank.client.post(
            "/admin/people/list",
            data={**hidden, "file": (io.BytesIO(content), "list.csv")},
            headers={"Accept-Language": language},
        )
        assert english_in(lines(answer)) == [], content


def test_no_reader_of_a_page_says_what_no_catalogue_holds():
    """A sentence is a constant of `N_`, so that the tests of the catalogues see it."""
    found = []
    for path in sorted(EXCHANGE.glob("*.py")):
        if path.stem in OF_COMMANDS:
            continue
        for node in nodes_of(path):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            first = node.args[0] if node.args else None
            if node.func.id == "Said" and isinstance(first, ast.Constant | ast.JoinedStr):
                is_name = isinstance(first, ast.Constant) and first.value == "{kind}"
                found += [] if is_name else [f"{path.name}:{node.lineno}"]
    assert found == []


def test_no_reader_names_an_option_of_the_command_line():
    marked = {str(one.id) for one in catalogues.sentences(catalogues.extracted())}
    assert [one for one in marked if re.search(r"(^|[ (])--[a-z]", one)] == []


def test_what_was_read_apart_is_told_in_any_language():
    what = both(Said("Row {row}.", "scale", row=3), Said("“{name}”?", name=Said("hours")))
    refused = FileRefused([Problem("x.zip, a.csv", what, 3, "pain")] * 50)
    again = long_reading._refused(long_reading._told_apart(refused))
    assert again.problems == refused.problems
    assert (again.more, again.asks, str(again)) == (10, {"scale"}, str(refused))
    assert said_in(what.as_json()) == what
