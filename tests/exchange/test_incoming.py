"""A file is what stands in it, whatever its name: read, or named in one line with what to do."""

import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.passive import PassiveKind, of_one_source
from recovery_tracker.exchange.choices import Choices
from recovery_tracker.exchange.incoming import NeedsMapping, read_file
from recovery_tracker.exchange.long_reading import bytes_to_read
from recovery_tracker.exchange.mapping_file import mapping_from
from tests.memory import peak_of

BERLIN = "Europe/Berlin"
DTD = (
    "<!DOCTYPE HealthData [\n<!-- HealthKit Export Version: 14 -->\n"
    "<!ELEMENT HealthData (ExportDate,Record*)>\n]>\n"
)


@pytest.fixture
def file(tmp_path):
    def write(content, name="anything.bin"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def packed(tmp_path):
    def write(parts, name="anything.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for part, content in parts.items():
                target.writestr(part, content)
        return path

    return write


def refused(path, **more):
    with pytest.raises(RecoveryError) as caught:
        read_file(path, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def days(path, kind=PassiveKind.STEPS, zone=BERLIN, **more):
    """Source to its values by day."""
    found: dict[str, dict[str, float]] = {}
    for one in read_file(path, zone=zone, **more).passive:
        if one.kind is kind:
            found.setdefault(one.source, {})[one.day.isoformat()] = one.value
    return found


def record(at, value, source="Phone", kind="StepCount", unit="count", offset="+0200", end=None):
    """One record of the phone, printed in the offset of the export."""
    zone = timedelta(hours=int(offset[:3]))
    start, end = at + zone, (end or at + timedelta(minutes=10)) + zone
    name = kind if kind.startswith("HK") else f"HKQuantityTypeIdentifier{kind}"
    return (
        f'<Record type="{name}" sourceName="{source}" unit="{unit}" '
        f'creationDate="{end:%Y-%m-%d %H:%M:%S} {offset}" '
        f'startDate="{start:%Y-%m-%d %H:%M:%S} {offset}" '
        f'endDate="{end:%Y-%m-%d %H:%M:%S} {offset}" value="{value}"/>\n'
    )


def apple(records, exported="2026-06-11 08:00:00 +0200", prolog=DTD):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{prolog}<HealthData locale="de_DE">\n'
        f' <ExportDate value="{exported}"/>\n{records}</HealthData>\n'
    )


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


LATE = utc(2026, 1, 10, 22, 40)  # 23:40 in Berlin; printed as the next day in summer's offset


def test_an_apple_day_is_the_one_of_the_instant_there(packed):
    records = (
        record(utc(2026, 1, 10, 9), 1000)
        + record(LATE, 500)
        + record(LATE, 500)  # The same record again, as after a restore.
        + record(utc(2026, 1, 10, 9), 1400, source="Watch’s")
        + "<Correlation>" + record(utc(2026, 1, 10, 9), 9000) + "</Correlation>"
        + record(utc(2026, 6, 11, 5), 300)  # The day of the export is not over.
        + record(utc(2026, 1, 10, 9), "0.83", kind="AppleWalkingSteadiness", unit="%")
        + record(utc(2026, 1, 10, 9), "3.6", kind="WalkingSpeed", unit="km/hr")
        + record(utc(2026, 1, 10, 9), "2", kind="WalkingSpeed", unit="mi/hr")
    )  # fmt: skip
    path = packed(
        {
            "apple_health_export/exportar.xml": apple(records),
            "apple_health_export/export_cda.xml": "<ClinicalDocument/>" + " " * 9999,
        }
    )
    assert days(path) == {"Phone": {"2026-01-10": 1500}, "Watch’s": {"2026-01-10": 1400}}
    assert days(path, zone="America/New_York")["Phone"] == {"2026-01-10": 1500}
    assert days(path, zone="Asia/Tokyo")["Phone"] == {"2026-01-10": 1000, "2026-01-11": 500}
    assert days(path, PassiveKind.STEADINESS) == {"Phone": {"2026-01-10": 83}}
    assert days(path, PassiveKind.WALKING_SPEED) == {"Phone": {"2026-01-10": 3.4}}


def test_sleep_of_two_sources_is_not_added_and_a_night_is_of_the_day_it_ends_on(file):
    def slept(start, hours, value="AsleepCore"):
        return record(
            start,
            f"HKCategoryValueSleepAnalysis{value}",
            unit="",
            end=start + timedelta(hours=hours),
            kind="HKCategoryTypeIdentifierSleepAnalysis",
        )

    night = utc(2026, 1, 10, 21)
    records = slept(night, 2) + slept(night, 2, "AsleepDeep") + slept(utc(2026, 1, 11, 1), 3)
    records += slept(night, 9, "InBed")
    found = days(file(apple(records)), PassiveKind.SLEEP)
    assert found == {"Phone": {"2026-01-11": 300}}


def test_an_apple_file_that_is_made_to_harm_is_refused_in_one_line(file, packed):
    bomb = DTD.replace("]>", '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>')
    assert "declares entities" in refused(file(apple("", prolog=bomb)))
    assert "damaged" in refused(file(apple("")[:-20]))
    assert "no steps" in refused(file(apple("")))
    large = apple("").encode() + b" " * 300_000_000
    path = packed({"export.xml": large})
    assert "unpacks to more" in refused(path)


def health_connect(tmp_path, rows, extra=""):
    path = tmp_path / "found.db"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(
            "CREATE TABLE application_info_table"
            "(row_id integer primary key, package_name text, app_name text);"
            "CREATE TABLE steps_record_table(row_id integer primary key, uuid blob, "
            "app_info_id integer, start_time integer, start_zone_offset integer, "
            "end_time integer, local_date integer, count integer);"
            "INSERT INTO application_info_table VALUES (1, 'a.b', 'phone'), (2, 'a.c', 'watch');"
            + extra
        )
        for number, (app, at, count) in enumerate(rows):
            day = (at + timedelta(hours=1)).date().toordinal() - date(1970, 1, 1).toordinal()
            start = int(at.timestamp() * 1000)
            made.execute(
                "INSERT INTO steps_record_table VALUES (?, ?, ?, ?, 3600, ?, ?, ?)",
                (number + 1, bytes([number]), app, start, start + 60_000, day, count),
            )
        made.commit()
    return path


def test_health_connect_keeps_its_apps_apart(tmp_path, packed):
    rows = [
        (1, utc(2026, 1, 10, 9), 900),
        (1, utc(2026, 1, 10, 15), 900),
        (1, utc(2026, 1, 10, 15), 900),  # The same record under another id.
        (2, utc(2026, 1, 10, 9), 2000),
        (1, utc(2026, 1, 10, 23, 30), 700),
    ]
    path = health_connect(tmp_path, rows)
    expected = {"phone": {"2026-01-10": 1800, "2026-01-11": 700}, "watch": {"2026-01-10": 2000}}
    assert days(path) == expected
    assert days(packed({"health_connect_export.db": path.read_bytes()})) == expected
    values = read_file(path, zone=BERLIN).passive
    assert [v.value for v in of_one_source(values)] == [1800, 700]
    assert [v.value for v in of_one_source(values, "watch")] == [2000]


def test_health_connect_tells_sleep_by_its_stages_and_the_day_it_ends_on(tmp_path):
    night = int(utc(2026, 1, 10, 22).timestamp() * 1000)
    hour = 3_600_000
    sessions = "".join(
        "INSERT INTO sleep_session_record_table VALUES "
        f"({row}, 2, {night}, {night + 8 * hour}, 3600);"
        for row in (1, 2, 3)  # The night, the same once more, and one without stages.
    )
    stages = "".join(
        f"INSERT INTO sleep_stages_table VALUES "
        f"({session}, {night + first * hour}, {night + last * hour}, {stage});"
        for session in (1, 2)
        for first, last, stage in ((0, 1, 1), (1, 4, 4), (4, 5, 7), (5, 7, 6), (7, 8, 5))
    )
    path = health_connect(
        tmp_path,
        [(1, utc(2026, 1, 10, 9), 900)],
        "CREATE TABLE sleep_session_record_table(row_id integer primary key, app_info_id integer, "
        "start_time integer, end_time integer, end_zone_offset integer);"
        "CREATE TABLE sleep_stages_table(parent_key integer, stage_start_time integer, "
        "stage_end_time integer, stage_type integer);" + sessions + stages,
    )
    assert days(path, PassiveKind.SLEEP) == {"watch": {"2026-01-11": 360}}


def test_a_database_that_is_another_or_hostile_is_refused(tmp_path, file):
    with closing(sqlite3.connect(tmp_path / "view.db")) as made:
        made.executescript(
            "CREATE VIEW steps_record_table AS WITH RECURSIVE n(x) AS "
            "(SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS count FROM n;"
        )
    assert "not that of Health Connect" in refused(tmp_path / "view.db")
    assert "database is damaged" in refused(file(b"SQLite format 3\0" + b"\xff" * 5000))


TABLES = (
    (
        "Date,Move Minutes count,Distance (m),Step count\n"
        '2026-03-01,30,4000,"5,321"\n2026-03-02,,,\n',
        {"Google Fit": {"2026-03-01": 5321}},
    ),
    (
        "com.samsung.shealth.tracker.pedometer_day_summary,7006011,11\n"
        "step_count,day_time,deviceuuid\n4000,1772323200000,a,\n4100,1772323200000,b,\n0,1772409600000,b,\n",
        {"Samsung Health": {"2026-03-01": 4100}},
    ),
    (
        "timestamp,steps,data source\n2026-03-01T23:30:00Z,52,band\n2026-03-01T23:30:00Z,52,band\n"
        "2026-03-02T00:10:00Z,8,band\n",
        {"band": {"2026-03-02": 60}},
    ),
    ("date,Sleep Score,Steps\n2026-03-01,80,4000\n", {"Oura": {"2026-03-01": 4000}}),
    ("Datum;Schritte\n01.03.2026;4.000\n", {"Step counter": {"2026-03-01": 4000}}),
    (
        json.dumps([{"calendarDate": "2026-03-01", "totalSteps": 4000},
                    {"calendarDate": "2026-03-02", "totalSteps": None}]),
        {"Garmin": {"2026-03-01": 4000}},
    ),
)  # fmt: skip


def test_what_each_program_counts_is_read_by_its_content(file, packed):
    for content, expected in TABLES:
        assert days(file(content)) == expected, content[:60]
    path = packed({"Takeout/Fit/Diaria.csv": TABLES[0][0], "Takeout/readme.html": "<html>"})
    assert days(path) == TABLES[0][1]
    minutes = json.dumps(
        [
            {"dateTime": f"03/01/26 00:0{n}:00", "value": value}
            for n, value in enumerate(("52", "8"))
        ]
    )
    path = packed({"Global Export Data/steps-2026-03-01.json": minutes})
    assert days(path) == {"Fitbit": {"2026-03-01": 60}}
    twins = packed(
        {
            "Global Export Data/steps-2026-03-01.json": minutes,
            "Physical Activity/steps_2026-03-01.csv": TABLES[2][0],
        }
    )
    assert days(twins) == TABLES[2][1]
    path = packed({"aggregates_steps.csv": "date,value\n2026-03-01,4000\n"})
    assert days(path) == {"Withings": {"2026-03-01": 4000}}


def test_a_table_of_another_program_is_named_and_waits_for_a_mapping(file):
    tables = {
        "a diary of Daylio": "full_date,date,mood,activities\n2026-03-01,March 1,meh,walk\n",
        "a diary of Bearable": "date,date formatted,rating/amount\n2026-03-01,1st Mar 2026,2\n",
        "a table of records of REDCap": "record_id,date,pain,daily_complete\n1,2026-03-01,4,2\n",
        "answers of LimeSurvey": "id,submitdate,lastpage\n1,2026-03-01,3\n",
        "a table with columns of its own": "Datum;Schmerz\n01.03.2026;4\n",
    }
    for kind, content in tables.items():
        with pytest.raises(NeedsMapping) as caught:
            read_file(file(content))
        assert str(caught.value).startswith(f"anything.bin: is {kind}"), kind
        assert "--map" in str(caught.value)


def test_a_mapping_reads_any_table_and_a_scale_only_where_it_is_said(file):
    how = mapping_from(
        {"columns": {"Datum": "date", "Schmerz": "axial_pain"}, "scale": 100}, "M.json", Choices()
    )
    table = file("Wetter;Datum;Schmerz\nRegen;1.3.2026;45\nSonne;2.3.2026;k.A.\n")
    found = read_file(table, how=how)
    assert [e.axial_pain for e in found.archive.entries] == [5]
    assert found.changed == {"divided": 1, "rounded": 1, "emptied": 1}
    for wrong, said in (
        ([], "must be an object"),
        ({"columns": {"Datum": "day"}}, "is no column of a diary"),
        ({"columns": {"Schmerz": "axial_pain"}}, 'No column is mapped to "date"'),
        ({"columns": {"a": "date", "b": "date"}}, "mapped to the same"),
        ({"columns": {"a": "date"}, "scale": 7}, "scale must be one of: 10, 100"),
        ({"columns": {"a": "date"}, "colour": 7}, "unknown key: 'colour'"),
    ):
        with pytest.raises(RecoveryError, match=said):
            mapping_from(wrong, "M.json", Choices())


def test_a_workbook_is_read_as_its_first_sheet(tmp_path, packed):
    book = openpyxl.Workbook()
    for row in (
        ("Date", "Axial Pain", "temperature_c", None),
        (datetime(2026, 3, 1), 4, 36.8, None),  # noqa: DTZ001 - as a workbook holds it
        (datetime(2026, 3, 2), 4.5, None, None),  # noqa: DTZ001
    ):
        book.active.append(row)
    book.save(tmp_path / "pain.xlsx")
    found = read_file(tmp_path / "pain.xlsx").archive.entries
    assert [(e.day.day, e.axial_pain, e.temperature_c) for e in found] == [
        (1, 4, 36.8),
        (2, 5, None),
    ]
    broken = packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
    assert "spreadsheet is damaged" in refused(broken)
    entity = '<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'
    assert "spreadsheet" in refused(packed({"xl/workbook.xml": entity}))


def test_what_is_no_diary_is_named_for_what_it_is(file, packed):
    for content, said in (
        (b"%PDF-1.7", "is a PDF"),
        (b"\xff\xd8\xff\xe0", "is a photo"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel or Word file"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x05\x06" + bytes(18), "zip is empty"),
        (b"", "is empty"),
        ("<!DOCTYPE html><html>", "is a web page"),
        ('<?xml version="1.0"?><ClinicalDocument/>', "is a clinical document"),
        ("<gpx></gpx>", "the track of one walk"),
        ('{"a": 1}', "is JSON, but of no health program"),
        ("{", "JSON file is damaged"),
        ("surgery_date,region,patient_id\n", "is a table of patients. Give one person’s diary"),
        ("patient_id,date,axial_pain\na,2026-03-01,4\n", "diaries of several people"),
        ("pattern,raised_on\nnerve,2026-03-01\n", "is a table of flags"),
    ):
        assert said in refused(file(content)), said
    assert "Word document" in refused(packed({"word/document.xml": "<w/>"}))
    assert "OpenDocument" in refused(packed({"mimetype": "x", "content.xml": "<x/>"}))
    assert "holds nothing that a diary holds. In it: 'a.txt'" in refused(packed({"a.txt": "x"}))


def test_how_far_a_long_list_was_read_is_told(tmp_path, packed):
    record = (
        '<Record type="HKQuantityTypeIdentifierStepCount" sourceName="phone" unit="count" '
        'startDate="2026-01-10 10:35:00 +0100" endDate="2026-01-10 10:45:00 +0100" value="5"/>'
    )
    text = f'<?xml version="1.0"?><HealthData>{record * 20_000}</HealthData>'.encode()
    plain = tmp_path / "export.xml"
    plain.write_bytes(text)
    for path in (plain, packed({"export.xml": text})):
        told: list[int] = []
        read_file(path, zone="UTC", told=told.append)
        assert sum(told) == len(text)
        assert len(told) > 5


def test_a_zip_whose_names_are_damaged_is_refused_in_one_line(packed, file):
    whole = packed({"Tägliche Werte.csv": "date,value\n", "x": "y"}).read_bytes()
    broken = whole.replace("ä".encode(), b"\xa5\xa5")
    assert broken != whole
    assert "is damaged" in refused(file(broken))
    nameless = packed({"a": "y"}).read_bytes()
    # The directory gives the one part a name of no length.
    at = nameless.index(b"PK\x01\x02")
    nameless = nameless[: at + 28] + b"\0\0\1\0" + nameless[at + 32 :]
    assert refused(file(nameless))


def test_parts_of_a_zip_are_counted_together_and_each_is_told_of(packed):
    day = '[{"dateTime": "03/01/26 00:00:00", "value": "%d"}]'
    parts = {f"Global Export Data/steps-{n}.json": day % n for n in range(1, 30)}
    parts["Global Export Data/photo.bin"] = "x" * 9_000
    path, told = packed(parts), []
    read_file(path, told=told.append)
    assert sum(told) == sum(map(len, parts.values())) == bytes_to_read(path)
    assert len(told) == len(parts)


def test_lists_of_a_zip_are_not_all_held_at_once(packed):
    minutes = json.dumps([{"dateTime": "03/01/26 00:01:00", "value": "52"}] * 5_000)

    def peak(parts):
        path = packed({f"Fitbit/steps-{n}.json": minutes for n in range(parts)})
        reading = "read_file(Path(sys.argv[1]))"
        once = "from pathlib import Path\nfrom recovery_tracker.exchange.incoming import read_file"
        return peak_of(f"{once}\n{reading}", reading, path)

    assert peak(20) < 2 * peak(2)
