"""Flags as files hold them: typed evidence, a safe cell, one order."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import date

from recovery_tracker.domain.flags import Episode, MeasureChange, Pattern, Reason, Update, Urgency
from recovery_tracker.domain.surgery import Region
from recovery_tracker.exchange.flags_csv import COLUMNS, PatientFlag, flag_fields, write_flags

QUIET = Episode(
    pattern=Pattern.GONE_QUIET,
    urgency=Urgency.NOTE,
    raised_on=date(2026, 3, 10),
    cleared_on=date(2026, 3, 20),
    onset=date(2026, 3, 3),
    onset_first=date(2026, 3, 3),
    onset_last=date(2026, 3, 4),
    size=1.23456,
    days_used=3,
    days_missing=7,
    signals=(MeasureChange("axial_pain", 2.0, None, 11, 3),),
    evidence_for=(Reason("quiet_since", {"last_entry": date(2026, 3, 2), "missed": 7}),),
    rule_set="test",
)


def written(flags):
    stream = io.StringIO(newline="")
    count = write_flags(stream, flags)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    assert count == len(rows)
    return rows


def test_a_flag_has_every_field_and_its_evidence_is_json():
    (row,) = written([PatientFlag("p", Region.LUMBAR, QUIET)])
    assert tuple(row) == COLUMNS
    assert (row["pattern"], row["urgency"]) == ("gone_quiet", "note")
    assert (row["raised_on"], row["cleared_on"], row["since"]) == (
        "2026-03-10",
        "2026-03-20",
        "2026-03-03",
    )
    evidence = json.loads(row["evidence"])
    assert evidence["days_used"] == 3
    assert evidence["signals"] == [
        {
            "measure": "axial_pain",
            "before": 2.0,
            "now": None,
            "days_used": 11,
            "days_missing": 3,
            "mostly_before": None,
            "mostly_now": None,
        }
    ]
    assert evidence["for"] == [{"code": "quiet_since", "last_entry": "2026-03-02", "missed": 7}]
    assert evidence["size"] == [1.235, None, None]
    assert evidence["rule_set"] == "test"


def test_no_field_of_a_change_or_an_update_is_left_out():
    """The file names each of them itself."""
    news = Update(date(2026, 3, 12), Urgency.NOTE, QUIET.evidence_for[0])
    found = flag_fields(replace(QUIET, updates=(news,)), Region.LUMBAR)["evidence"]
    assert set(found["signals"][0]) == {each.name for each in fields(MeasureChange)}
    assert set(found["updates"][0]) == {each.name for each in fields(Update)}


def test_what_is_not_known_is_empty_and_null():
    open_flag = Episode(
        Pattern.GONE_QUIET,
        Urgency.NOTE,
        date(2026, 3, 10),
        evidence_for=QUIET.evidence_for,
    )
    (row,) = written([PatientFlag("p", Region.LUMBAR, open_flag)])
    assert (row["cleared_on"], row["since"]) == ("", "")
    found = flag_fields(open_flag, Region.LUMBAR)
    assert (found["cleared_on"], found["since"]) == (None, None)


def test_flags_are_ordered_by_patient_and_day():
    def flag(patient, day):
        return PatientFlag(
            patient,
            Region.LUMBAR,
            Episode(
                Pattern.GONE_QUIET,
                Urgency.NOTE,
                date(2026, 3, day),
                evidence_for=QUIET.evidence_for,
            ),
        )

    rows = written([flag("b", 2), flag("a", 9), flag("b", 1), flag("a", 3)])
    assert [(row["patient_id"], row["raised_on"][-2:]) for row in rows] == [
        ("a", "03"),
        ("a", "09"),
        ("b", "01"),
        ("b", "02"),
    ]


def test_a_flag_that_became_more_urgent_has_a_row_for_that_day():
    worse = Update(
        date(2026, 3, 12),
        Urgency.SAME_DAY,
        Reason(
            "quiet_since",
            {
                "last_entry": date(2026, 3, 2),
                "missed": 9,
            },
        ),
    )
    episode = Episode(
        Pattern.GONE_QUIET,
        Urgency.NOTE,
        date(2026, 3, 10),
        evidence_for=QUIET.evidence_for,
        updates=(worse,),
    )
    rows = written([PatientFlag("p", Region.LUMBAR, episode)])
    assert [(row["urgency"], row["raised_on"]) for row in rows] == [
        ("note", "2026-03-10"),
        ("same_day", "2026-03-12"),
    ]
