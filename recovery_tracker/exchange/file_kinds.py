"""What a file is, by its first bytes, the heads of its columns or the names in a zip."""

from collections.abc import Sequence

from ..domain.language import N_, Said
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

_PHOTO = Said(N_("This file is a photo. Give a table of days."))
_FILM = Said(N_("This file is a film or a sound. Give a table of days."))

#: First bytes to what is said of such a file.
_SIGNATURES = (
    (
        b"%PDF",
        Said(
            N_(
                "This file is a PDF. Give a table, the zip of an export, or the text of the code "
                "on a report."
            )
        ),
    ),
    *((start, _PHOTO) for start in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")),
    (b"BEGIN:VCARD", Said(N_("This file is a list of contacts. Give a table of days."))),
    (b"BEGIN:VCALENDAR", Said(N_("This file is a calendar. Give a table of days."))),
    (
        b"\xd0\xcf\x11\xe0",
        Said(N_("This is an old Excel or Word file. Save it as xlsx or as CSV in UTF-8.")),
    ),
    *(
        (start, Said(N_("This file is packed ({kind}). Unpack it first."), kind=kind))
        for start, kind in ((b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7-Zip"), (b"Rar!", "RAR"))
    ),
    (
        b"{\\rtf",
        Said(N_("This file is a text document (RTF). Save the table in it as CSV in UTF-8.")),
    ),
)
_WEB_PAGE = Said(N_("This file is a web page. Save the table itself as CSV in UTF-8."))
_ONE_ACTIVITY = Said(N_("This FIT file holds one activity. Give the whole export of the watch."))
_CLINICAL = Said(
    N_("This file is a clinical document. Give export.xml, or the whole zip of the export.")
)
_GPX = Said(N_("This file is the track of one walk (GPX). Give the whole export of the phone."))
_FHIR_XML = Said(N_("This file is FHIR as XML. Give it as JSON."))
_OTHER_XML = Said(N_("This file is XML, but no health export that is known. Give a table of days."))
_WALKS = Said(
    N_(
        "This file is a list of walks by Garmin. Its steps are not those of a day. "
        "Give the whole export."
    )
)
_DICTIONARY = Said(N_("This file is a data dictionary of REDCap. Give its records instead."))
_PATIENTS = Said(N_("This file is a table of patients. Give one person’s diary."))
_FLAGS = Said(N_("This file is a table of flags. They are made from the diary. Give the diary."))
_SCORES = Said(N_("This file is a table of scores. Give the whole zip of the export."))
_SEVERAL = Said(
    N_("This file holds the diaries of several people. Give the rows of one, without patient_id.")
)
_WORD = Said(N_("This file is a Word document. Save the table in it as xlsx or as CSV in UTF-8."))
_OPEN_DOCUMENT = Said(N_("This is an OpenDocument file. Save it as xlsx or as CSV in UTF-8."))
_NUMBERS = Said(
    N_("This file is a document of Numbers or Pages. Export the table as CSV or Excel.")
)
_SLIDES = Said(N_("This file is a presentation. Give a table of days."))


def not_ours(start: bytes) -> Said | None:
    """What kind of file it is, if nothing can be read from it; None for others."""
    for signature, problem in _SIGNATURES:
        if start.startswith(signature):
            return problem
    if start[4:8] == b"ftyp":
        # What phones take: pictures have these marks, the rest are films and sounds.
        is_photo = start[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif")
        return _PHOTO if is_photo else _FILM
    if start[:4] == b"RIFF":
        return _PHOTO if start[8:12] == b"WEBP" else _FILM
    if start[8:12] == b".FIT":
        return _ONE_ACTIVITY
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith((b"<!doctype html", b"<html")):
        return _WEB_PAGE
    if plain.startswith(b"<"):
        if b"clinicaldocument" in plain:
            return _CLINICAL
        if b"<gpx" in plain:
            return _GPX
        if b"http://hl7.org/fhir" in plain:
            return _FHIR_XML
        if not health_apple.is_apple(start):
            return _OTHER_XML
    return None


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


def named_table(heads: Sequence[str]) -> str | Said | None:
    """Whose table it is by its heads, or why it cannot be read; None for one's own."""
    there = set(heads)
    if {"activity type", "favorite", "title"} <= there:
        return _WALKS
    if {"full_date", "mood", "activities"} <= there:
        return DAYLIO
    if {"date formatted", "rating/amount"} <= there:
        return BEARABLE
    if "variable / field name" in there:
        return _DICTIONARY
    if "redcap_event_name" in there or (
        any(head.endswith("_complete") for head in heads) and "record_id" in there
    ):
        return REDCAP
    if "record id" in there and there & {"event name", "repeat instrument", "complete?"}:
        return REDCAP_LABELS
    if {"submitdate", "lastpage"} <= there:
        return LIMESURVEY
    if {"surgery_date", "region"} <= there:
        return _PATIENTS
    if {"pattern", "raised_on"} <= there:
        return _FLAGS
    if {"form", "score", "percent"} <= there:
        return _SCORES
    if {"patient_id", "date"} <= there:
        return _SEVERAL
    return None


def named_zip(names: set[str]) -> Said | None:
    """What a zip contains, if nothing can be read from it; None for others."""
    if "word/document.xml" in names:
        return _WORD
    if "content.xml" in names and "mimetype" in names:
        return _OPEN_DOCUMENT
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return _NUMBERS
    if "ppt/presentation.xml" in names:
        return _SLIDES
    return None
