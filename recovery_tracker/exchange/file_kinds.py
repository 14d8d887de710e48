"""What a file is, by its first bytes, the heads of its columns or the names in a zip."""

from collections.abc import Sequence

from . import health_apple
from .diary_csv import COLUMNS
from .lines import start_text
from .table import SEPARATORS, plain_name, said_separator

#: Tables of other programs of which a person says what the columns mean.
DAYLIO = "a diary of Daylio (a mood is no pain score)"
BEARABLE = "a diary of Bearable (its short scales are no pain scores)"
REDCAP = "a table of records of REDCap"
REDCAP_LABELS = "a table of records of REDCap, with labels"
LIMESURVEY = "answers of LimeSurvey"
OF_OTHERS = frozenset({DAYLIO, BEARABLE, REDCAP, REDCAP_LABELS, LIMESURVEY})

#: First bytes needed to recognise most kinds of file.
START = 8_192

#: First bytes to what a file is.
_SIGNATURES = (
    (b"%PDF", "is a PDF; give the zip of an export, a table, or the text of the code on a report"),
    (b"\x89PNG", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"GIF8", "is a picture"),
    (b"II*\0", "is a picture"),
    (b"MM\0*", "is a picture"),
    (b"BEGIN:VCARD", "is a list of contacts"),
    (b"BEGIN:VCALENDAR", "is a calendar"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel or Word file; save it as xlsx or as CSV in UTF-8"),
    (b"\x1f\x8b", "is packed with gzip; unpack it first"),
    (b"7z\xbc\xaf", "is packed with 7-Zip; unpack it first"),
    (b"Rar!", "is packed with RAR; unpack it first"),
    (b"{\\rtf", "is a text document (RTF); save the table as CSV in UTF-8"),
)


def not_ours(start: bytes) -> str:
    """What kind of file it is, if nothing can be read from it; "" for others."""
    for signature, problem in _SIGNATURES:
        if start.startswith(signature):
            return problem
    if start[4:8] == b"ftyp":
        # What phones take: pictures have these marks, the rest are films and sounds.
        is_picture = start[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif")
        return "is a picture" if is_picture else "is a film or a sound"
    if start[:4] == b"RIFF":
        return "is a picture" if start[8:12] == b"WEBP" else "is a film or a sound"
    if start[8:12] == b".FIT":
        return "is a FIT file of one activity; give the whole export of the watch"
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith((b"<!doctype html", b"<html")):
        return "is a web page; save the table itself as CSV in UTF-8"
    if plain.startswith(b"<"):
        if b"clinicaldocument" in plain:
            return "is a clinical document; give export.xml, or the whole zip of the export"
        if b"<gpx" in plain:
            return "is a track of one walk (GPX); give the whole export of the phone"
        if b"http://hl7.org/fhir" in plain:
            return "is FHIR as XML; give it as JSON"
        if not health_apple.is_apple(start):
            return "is XML, but no health export that is known"
    return ""


def is_diary(content: bytes) -> bool:
    """Whether every column of a table is one from our own diary."""
    lines = [line for line in start_text(content[:START]).splitlines() if line.strip()]
    said = said_separator(lines[0]) if lines else ""
    heads = "".join(lines[1:2] if said else lines[:1])
    for separator in said or SEPARATORS:
        cells = [cell.strip('\ufeff" ') for cell in heads.split(separator)]
        if any(cells) and are_ours(cells):
            return True
    return False


def are_ours(heads: Sequence[str]) -> bool:
    """Whether every column is one of our own diary: a day beside columns of one's own is not."""
    return all(plain_name(head, COLUMNS) in COLUMNS for head in heads if head.strip("\ufeff "))


def named_table(heads: Sequence[str]) -> tuple[str, str] | None:
    """(What a table is, what to do instead of mapping its columns or "") by its heads."""
    there = set(heads)
    if {"activity type", "favorite", "title"} <= there:
        return (
            "a list of walks by Garmin",
            "its steps are not those of a day; give the whole export",
        )
    if {"full_date", "mood", "activities"} <= there:
        return DAYLIO, ""
    if {"date formatted", "rating/amount"} <= there:
        return BEARABLE, ""
    if "variable / field name" in there:
        return "a data dictionary of REDCap", "give its records instead"
    if "redcap_event_name" in there or (
        any(head.endswith("_complete") for head in heads) and "record_id" in there
    ):
        return REDCAP, ""
    if "record id" in there and there & {"event name", "repeat instrument", "complete?"}:
        return REDCAP_LABELS, ""
    if {"submitdate", "lastpage"} <= there:
        return LIMESURVEY, ""
    if {"surgery_date", "region"} <= there:
        return "a table of patients", "give one person's diary"
    if {"pattern", "raised_on"} <= there:
        return "a table of flags", "flags are computed from the diary; give that"
    if {"form", "score", "percent"} <= there:
        return "a table of scores", "give the whole zip of the export"
    if {"patient_id", "date"} <= there:
        return "the diaries of several people", "give one person's rows, without patient_id"
    return None


def named_zip(names: set[str]) -> str:
    """What a zip contains, if nothing can be read from it; "" for others."""
    if "word/document.xml" in names:
        return "is a Word document; save the table as xlsx or as CSV in UTF-8"
    if "content.xml" in names and "mimetype" in names:
        return "is an OpenDocument file; save it as xlsx or as CSV in UTF-8"
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return "is a document of Numbers or Pages; export the table as CSV or Excel"
    if "ppt/presentation.xml" in names:
        return "is a presentation"
    return ""
