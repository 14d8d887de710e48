"""My data: taken out, brought in in three steps, taken back; nothing is stored before the last."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from recovery_tracker.domain.history import (
    DAILY,
    TAPERING,
    Appointment,
    Event,
    EventKind,
    Imaging,
    ImagingResult,
    Schedule,
)
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import imports, people, record_rows
from recovery_tracker.web.shared import waiting_files
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page


@pytest.fixture
def nora(clinic, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))
    return new_diarist(clinic)


def look(nora, content, name="diary.csv", **more):
    """The answer to sending a file."""
    form = nora.page("data").form(nora.path("data/look")).hidden()
    data = {**form, **more, "file": (io.BytesIO(content), name)}
    return nora.browser.client.post(
        nora.path("data/look"), data=data, content_type="multipart/form-data"
    )


def send(nora, answer, tail, **more):
    """The form of a page that was shown, sent with these answers."""
    page = Page(answer.text)
    assert page.problems == []
    hidden = page.form(nora.path(tail))
    fields = {}
    for (name, value), kind in zip(hidden.fields, hidden.kinds, strict=True):
        if kind == "hidden":
            fields.setdefault(name, []).append(value)
    return nora.browser.client.post(nora.path(tail), data={**fields, **more})


def two_months(nora, order="%m/%d/%Y"):
    """A spreadsheet of sixty days that somebody kept before this diary."""
    days = [TODAY - timedelta(days=n) for n in range(60, 0, -1)]
    rows = "".join(
        f"{day.strftime(order)};{n % 10},5;8.{n % 10}00\r\n" for n, day in enumerate(days)
    )
    return f"Datum;Schmerz;Schritte heute\r\n{rows}".encode()


def test_two_months_of_a_spreadsheet_take_few_taps_and_can_be_taken_back(nora):
    """Link, file, look, two columns (two taps each), look again, bring in: nine."""
    assert nora.path("data") in nora.page("settings").links
    asked = look(nora, two_months(nora), "Kopie von Schmerzen.csv")
    assert asked.status_code == 200
    assert 'value="date" selected' in asked.text
    shown = send(nora, asked, "data/look", means=["date", "axial_pain", "steps"])
    assert "What will happen" in shown.text
    assert "<dd>60</dd>" in shown.text
    assert nora.entry(TODAY - timedelta(days=1)) is None
    done = send(nora, shown, "data/bring-in")
    assert done.status_code == 303
    entry = nora.entry(TODAY - timedelta(days=60))
    assert (entry.axial_pain, entry.steps) == (1, 8000)
    assert len(nora.recovery().entries) == 60
    # The same columns are known the next time.
    again = look(nora, two_months(nora), "x.csv")
    assert again.text.count("selected") >= 3
    assert undo(nora).status_code == 303
    assert nora.recovery().entries == ()
    # A day that was taken back can be written like any other.
    nora.log(TODAY, **CALM)
    assert nora.entry().axial_pain == 3


def undo(nora):
    page = nora.page("data")
    return nora.browser.client.post(
        nora.path("data/undo"), data=page.form(nora.path("data/undo")).hidden()
    )


def test_dates_that_can_mean_two_days_are_asked_for(nora):
    first, second = TODAY.replace(day=1), TODAY.replace(day=2)
    text = f"date,axial_pain\n{first:%m/%d/%Y},4\n{second:%m/%d/%Y},5\n"
    asked = look(nora, text.encode())
    assert asked.status_code == 422
    assert "--dates" not in asked.text
    shown = send(nora, asked, "data/look", dates="mdy")
    assert "What will happen" in shown.text
    assert send(nora, shown, "data/bring-in").status_code == 303
    assert nora.entry(second).axial_pain == 5


def test_every_refusal_is_on_one_page_and_nothing_is_kept(nora, tmp_path):
    answer = look(nora, b"date,axial_pain,walking\n2026-01-01,x,9\n2026-02-30,3,\n")
    assert answer.status_code == 422
    for place in ("Row 2, column “axial_pain”", "Row 2, column “walking”", "Row 3, column “date”"):
        assert place in answer.text
    assert nora.recovery().entries == ()
    assert list(tmp_path.glob("recovery-tracker-files-*/*")) == []


def test_a_day_that_is_there_is_filled_and_never_overwritten(nora):
    nora.log(TODAY, **CALM)
    text = f"date,axial_pain,steps,sleep\n{TODAY},9,5000,2\n"
    shown = look(nora, text.encode())
    assert "Answers that differ (yours stay)" in shown.text
    send(nora, shown, "data/bring-in")
    entry = nora.entry()
    assert (entry.axial_pain, entry.steps, entry.sleep) == (3, 5000, 2)
    undo(nora)
    assert (nora.entry().axial_pain, nora.entry().steps) == (3, None)


def test_what_was_taken_out_comes_back(nora):
    nora.log(TODAY, **CALM, note="=1+1")
    page = nora.page("data")
    hidden = page.form(nora.path("data/take-out")).hidden()
    answer = nora.browser.client.post(nora.path("data/take-out"), data=hidden)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert {"diary.csv", "patient.json"} <= set(packed.namelist())
    shown = look(nora, answer.data, "renamed.bin")
    assert re.search(r"stay as they are</dt><dd>1<", shown.text)
    table = nora.browser.client.post(nora.path("data/take-out"), data={**hidden, "what": "table"})
    assert table.data.startswith("\ufeffdate,".encode())
    fhir = nora.browser.client.post(nora.path("data/take-out"), data={**hidden, "what": "fhir"})
    assert fhir.mimetype == "application/fhir+json"
    assert fhir.json["resourceType"] == "Bundle"
    assert fhir.headers["Cache-Control"] == "no-store"


def test_a_waiting_file_belongs_to_the_one_who_sent_it(nora):
    shown = look(nora, b"date,axial_pain\n2026-03-01,4\n")
    token = re.search(r'name="token" value="([^"]+)"', shown.text)[1]
    path = waiting_files.waiting(token, nora.patient.public_id)
    assert path is not None
    assert waiting_files.waiting(token, "another") is None
    assert waiting_files.waiting("../../etc/passwd", nora.patient.public_id) is None


def test_what_is_no_diary_is_named(nora):
    for content, said in (
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "This file is a photo"),
        (b"PK\x03\x04broken", "damaged"),
        (b"", "is empty"),
        (b"<html><body>", "web page"),
    ):
        answer = look(nora, content)
        assert answer.status_code == 422
        assert said.lower() in answer.text.lower(), said
    empty = nora.browser.client.post(
        nora.path("data/look"), data=nora.page("data").form(nora.path("data/look")).hidden()
    )
    assert "Choose a file first" in empty.text


def test_a_table_of_which_only_the_day_is_known_offers_nothing_to_bring_in(nora):
    """Whatever is left out is said to be left out; no button that does nothing."""
    asked = look(nora, two_months(nora), "x.csv")
    for means in (["date", "", ""], ["", "", ""]):
        shown = send(nora, asked, "data/look", means=means)
        assert shown.status_code == 422
        assert "say what at least 1 column means" in shown.text
        assert "Add it to my diary" not in shown.text
        assert shown.text.count("<select") == 3
        assert shown.text.count('value="date" selected') == (means[0] == "date")
    # It can still be explained.
    again = send(nora, shown, "data/look", means=["date", "axial_pain", ""])
    assert "Add it to my diary" in again.text


def test_a_file_with_nothing_new_has_no_button(nora):
    nora.log(TODAY, **CALM)
    nothing = TODAY - timedelta(days=3)
    shown = look(nora, f"date,axial_pain\n{TODAY},9\n{nothing},\n".encode())
    assert shown.status_code == 200
    assert "There is nothing new in this file" in shown.text
    assert "Add it to my diary" not in shown.text
    assert "<dt>New days</dt><dd>0</dd>" in shown.text
    # A row that says nothing is no day, whatever else the file brings.
    shown = look(nora, f"date,axial_pain\n{nothing},\n{TODAY - timedelta(days=4)},5\n".encode())
    send(nora, shown, "data/bring-in")
    assert nora.entry(nothing) is None
    assert nora.version(nothing) == 0


def test_what_a_device_measured_stands_on_the_pages_of_both_readers(clinic):
    nora = new_diarist(clinic, days_ago=60)
    assert "Measured by a phone or watch" not in nora.page("recovery").text
    kinds = (PassiveKind.WALKING_SPEED, PassiveKind.STEADINESS, PassiveKind.SIX_MINUTES)
    values = tuple(
        PassiveValue(TODAY - timedelta(days=back), kind, "Nora’s phone", value)
        for kind, value in zip(kinds, (4.2, 83, 410), strict=True)
        for back in range(3)
    )
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=NOW)
        number, _ = imports.start_import(session, nora.patient.id, kind="test", at=NOW)
        imports.save_values(session, nora.patient.id, number, values, by=SYSTEM, at=NOW)
    chart = clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}")
    for text in (nora.page("recovery").text, chart.text):
        for said in ("4.2\u00a0km/h", "83\u00a0%", "410\u00a0m", "Nora’s phone"):
            assert said in text


def test_steps_of_a_day_that_is_not_over_are_left_to_the_next_file(nora):
    """The first count of a day stays, so that of a morning would be the day's for good."""
    yesterday = TODAY - timedelta(days=1)
    table = "Date;Step count\n{};4000\n{};{}\n"
    shown = look(nora, table.format(yesterday, TODAY, 300).encode())
    assert "counts of today, which is not over: 1" in shown.text
    assert send(nora, shown, "data/bring-in").status_code == 303
    assert {value.day for value in _counted(nora)} == {yesterday}
    # What its source says otherwise later is told of, and changes nothing.
    shown = look(nora, f"Date;Step count\n{yesterday};4100\n".encode())
    assert re.search(r"Counts that differ \(the first ones stay\)</dt>\s*<dd>1<", shown.text)
    assert [value.value for value in _counted(nora)] == [4000]


def test_a_file_of_which_all_was_left_out_is_not_called_a_file_with_nothing_new(nora):
    page = look(nora, f"Date;Step count\n{TODAY};300\n".encode()).text
    assert "counts of today, which is not over: 1" in page
    assert "There is nothing new" not in page
    assert "Apart from what is left out, nothing in this file is new" in page
    assert "Today is not over yet. You can add its counts tomorrow, with a new file." in page
    # With nothing left out, the sentence is as it was.
    yesterday = TODAY - timedelta(days=1)
    table = f"Date;Step count\n{yesterday};4000\n".encode()
    assert send(nora, look(nora, table), "data/bring-in").status_code == 303
    assert "There is nothing new in this file" in look(nora, table).text
    also = table + f"{TODAY};300\n".encode()
    assert "Apart from what is left out, nothing in this file is new" in look(nora, also).text


def _counted(nora):
    with nora.clinic.database.read() as session:
        return imports.values_of(session, nora.patient.id)


def test_a_row_that_was_taken_out_of_an_export_is_no_day_with_other_answers(nora, clinic):
    nora.history_of(3)
    form = nora.page("data").form(nora.path("data/take-out")).hidden()
    whole = nora.browser.client.post(nora.path("data/take-out"), data=form).data
    rows = zipfile.ZipFile(io.BytesIO(whole)).read("diary.csv").decode().split("\r\n")
    eve = new_diarist(clinic, "eve", days_ago=80)
    shortened = _repacked(whole, {"diary.csv": "\r\n".join(rows[:2] + rows[3:])})
    shown = look(eve, shortened, person="same")
    assert "<dd>2</dd>" in shown.text
    assert "other answers" not in shown.text
    assert "no answer of yours" not in shown.text


def test_a_table_with_a_date_and_columns_of_its_own_is_explained_not_refused(nora):
    """Nearly every spreadsheet has a column "Date": it makes the table no diary of ours."""
    for head in ("Date,Pain,Slept well", "date;Pain;Mood", "Day,axial_pain,Mood"):
        mark = ";" if ";" in head else ","
        row = mark.join([f"{TODAY - timedelta(days=1)}", "4", "2"])
        asked = look(nora, f"{head}\n{row}\n".encode(), "my pain.csv")
        assert asked.status_code == 200, head
        assert "Say what each one means" in asked.text
        assert 'value="date" selected' in asked.text
    # The same as a spreadsheet saves it: in UTF-16, or with a line that names the separator.
    text = f"Date;Pain;Mood\n{TODAY - timedelta(days=1)};4;2\n"
    tabs = text.replace(";", "\t")
    for content in (
        tabs.encode("utf-16"),
        b"\xfe\xff" + tabs.encode("utf-16-be"),
        f"sep=;\n{text}".encode(),
        f'"sep=;"\r\n{text}'.encode("utf-16"),
    ):
        asked = look(nora, content, "my pain.csv")
        assert (asked.status_code, "Say what each one means" in asked.text) == (200, True), content
        assert [f">{head}<" in asked.text for head in ("Date", "Pain", "Mood")] == [True] * 3
        assert 'value="date" selected' in asked.text
        assert "sep=" not in asked.text
    shown = send(nora, asked, "data/look", means=["date", "axial_pain", ""])
    send(nora, shown, "data/bring-in")
    assert nora.entry(TODAY - timedelta(days=1)).axial_pain == 4


def test_an_import_after_midnight_far_from_greenwich_is_of_the_persons_day(nora, clinic):
    far = new_diarist(clinic, "moana", zone="Pacific/Auckland")
    clinic.clock.forward(hours=4)  # 13 March there, 12 March in Greenwich.
    day = TODAY - timedelta(days=1)
    send(far, look(far, f"date,axial_pain\n{day},4\n".encode()), "data/bring-in")
    page = far.page("data").text
    assert "13 Mar 2026" in page
    assert "12 Mar 2026" not in page
    assert "a table of days, 1 day<" in page


def test_what_was_read_stands_there_in_words(clinic):
    """A column that was taken for another is seen by who knows no code: a walk of "None"."""
    nora = new_diarist(clinic)
    shown = look(nora, b"date,walking,mobility,axial_pain,numbness\n2026-03-01,0,3,7,1\n").text
    assert "Back pain: 7 out of 10; Walking: None; Trouble moving: Very hard" in shown


def test_a_table_of_a_neck_names_the_neck(clinic):
    nora = new_diarist(clinic, region=Region.CERVICAL)
    day = TODAY - timedelta(days=1)
    shown = look(nora, f"date,axial_pain\n{day},4\n".encode())
    assert "Neck pain: 4 out of 10" in shown.text
    asked = look(nora, f"Datum;Nacken\n{day};4\n".encode())
    assert "Neck pain</option>" in asked.text
    assert "Back pain" not in asked.text


def test_a_pain_is_named_by_the_part_operated_on_by_its_day(clinic):
    """The neck was operated on, and the back will be: a day between them is about the neck."""
    nora = new_diarist(clinic, region=Region.CERVICAL)
    before, day = TODAY - timedelta(days=2), TODAY - timedelta(days=1)
    planned = Operation(TODAY + timedelta(days=9), Region.LUMBAR)
    with clinic.database.write() as session:
        record_rows.add(session, nora.patient.id, planned, by=SYSTEM, at=NOW)
    nora.log(day, **CALM)
    shown = look(nora, f"date,axial_pain\n{before},4\n{day},9\n".encode()).text
    assert "11 Mar 2026: Neck pain" in shown
    assert "Neck pain: 4 out of 10" in shown
    asked = look(nora, f"Datum;Nacken\n{day};4\n".encode()).text
    assert "Neck pain</option>" in asked
    assert "Back pain" not in shown + asked


def test_a_warning_in_a_file_leads_to_what_to_do(nora):
    day = TODAY - timedelta(days=1)
    shown = look(nora, f"date,axial_pain,signs\n{day},4,bladder_bowel_change\n".encode())
    done = send(nora, shown, "data/bring-in")
    assert done.headers["Location"].endswith(nora.path("#advice"))

    assert "Emergency" in nora.page().text


def test_a_file_without_a_warning_is_confirmed_though_an_older_one_waits(nora, clinic):
    nora.log(TODAY, **{**CALM, "signs": "some", "line": "saddle"})
    assert "Emergency" in nora.page().text
    clinic.clock.forward(minutes=5)
    day = TODAY - timedelta(days=1)
    done = send(nora, look(nora, f"date,steps\n{day},5000\n".encode()), "data/bring-in")
    assert done.headers["Location"].endswith(nora.path("data#came-in"))
    # One more warning is news, whatever waits beside it.
    text = f"date,axial_pain,signs\n{day - timedelta(days=1)},4,calf_swelling\n"
    done = send(nora, look(nora, text.encode()), "data/bring-in")
    assert done.headers["Location"].endswith(nora.path("#advice"))


def test_what_differs_is_named(nora):
    nora.log(TODAY, **CALM)
    shown = look(nora, f"date,axial_pain,signs,steps\n{TODAY},9,saddle_numbness,5\n".encode())
    assert "12 Mar 2026: Back pain" in shown.text
    assert "12 Mar 2026: Warning signs" in shown.text


def test_what_a_file_is_and_what_came_with_it_is_said_in_the_readers_language(nora):
    nora.send("settings", zone="Europe/London", language="es")
    day = TODAY - timedelta(days=1)
    shown = look(nora, f"date,axial_pain\n{day},4\n".encode())
    assert "<dd>una tabla de días</dd>" in shown.text
    send(nora, shown, "data/bring-in")
    assert "una tabla de días, 1 día<" in nora.page("data").text


def test_everything_means_everything_that_was_chosen_and_no_key_of_a_device(nora):
    nora.send("settings", zone="Europe/London", schedule="three", text_size="large")
    with nora.clinic.database.write() as session:
        kept = people.patient_by_id(session, nora.patient.id)
        rings = [{"endpoint": "https://push.example.org/x", "auth": "secret"}]
        changed = people.with_preferences(kept, rings=rings, calendar="secret")
        people.update_patient(session, changed, expected_version=kept.version, by=SYSTEM, at=NOW)
    hidden = nora.page("data").form(nora.path("data/take-out")).hidden()
    answer = nora.browser.client.post(nora.path("data/take-out"), data=hidden)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        text = packed.read("patient.json").decode()
    record = json.loads(text)
    assert record["schedule"] == [[0, [0, 2, 4]]]
    assert record["settings"]["text_size"] == "large"
    assert (record["country"], record["phone"]) == ("GB", "")
    assert "secret" not in text


def test_an_operation_of_today_far_from_greenwich_is_done_in_the_bundle(clinic):
    clinic.clock.forward(hours=4)  # 13 March in Auckland, 12 March in Greenwich.
    far = new_diarist(clinic, "moana", zone="Pacific/Auckland", days_ago=-1)
    far.log(TODAY + timedelta(days=1), **CALM)
    hidden = far.page("data").form(far.path("data/take-out")).hidden()
    out = far.browser.client.post(far.path("data/take-out"), data={**hidden, "what": "fhir"})
    kinds = {e["resource"]["resourceType"]: e["resource"] for e in out.json["entry"]}
    assert kinds["Procedure"]["status"] == "completed"


def test_a_file_of_which_only_the_own_question_is_new_brings_it(nora):
    nora.log(**CALM)
    nora.send("settings", zone="Europe/London", own_item="How dizzy?")
    form = nora.page("data").form(nora.path("data/take-out")).hidden()
    out = nora.browser.client.post(nora.path("data/take-out"), data={**form, "what": "all"})
    nora.send("settings", zone="Europe/London", own_item="")
    shown = look(nora, out.data, "diary.zip")
    assert "How dizzy?" in shown.text
    send(nora, shown, "data/bring-in")
    assert nora.recovery().patient.preferences["own_item"] == "How dizzy?"
    assert "There is nothing new in this file" in look(nora, out.data, "diary.zip").text


def test_two_numbers_of_a_day_are_asked_about_and_the_answer_counts(nora):
    day = TODAY - timedelta(days=3)
    text = f"date,axial_pain\n{day},4\n{day},6\n"
    asked = look(nora, text.encode())
    assert asked.status_code == 422
    assert "If a day has 2 numbers, which one counts?" in asked.text
    assert "--same-day" not in asked.text
    shown = send(nora, asked, "data/look", same_day="highest")
    assert "Rows added to another row of their day" in shown.text
    assert send(nora, shown, "data/bring-in").status_code == 303
    assert nora.entry(day).axial_pain == 6


def test_what_of_a_file_was_left_out_stands_on_the_page(nora):
    pain = {
        "resourceType": "Observation",
        "status": "final",
        "effectiveDateTime": f"{TODAY - timedelta(days=3)}",
        "code": {"coding": [{"system": "http://loinc.org", "code": "72514-3"}]},
        "bodySite": {"text": "Back"},
        "valueInteger": 4,
    }
    bundle = {"resourceType": "Bundle", "type": "collection"}
    bundle["entry"] = [{"resource": pain}, {"resource": {"resourceType": "Condition"}}]
    shown = look(nora, json.dumps(bundle).encode(), "b.json")
    assert shown.status_code == 200
    assert "Left out" in shown.text
    assert "Condition 1" in shown.text


def test_an_encoding_is_asked_for_where_it_would_help_and_nowhere_else(nora):
    old_excel = look(nora, b"\xd0\xcf\x11\xe0" + b"\0" * 200, "old.xls")
    assert "old Excel" in old_excel.text
    assert "The file was saved by" not in old_excel.text
    taipei = "日期,背痛\n115/03/01,4\n115/03/02,5\n".encode("big5")
    asked = look(nora, taipei, "pain.csv")
    assert 'value="big5"' in asked.text
    explained = send(nora, asked, "data/look", encoding="big5")
    assert "背痛" in explained.text
    shown = send(nora, explained, "data/look", means=["date", "axial_pain"])
    assert "What will happen" in shown.text


def test_a_diary_of_another_program_is_named_where_its_columns_are_explained(nora):
    heads = "full_date,date,weekday,time,mood,activities,note"
    text = f"{heads}\n2026-03-01,March 1,Sunday,13:48,meh,walk,ok\n"
    asked = look(nora, text.encode(), "daylio.csv")
    assert "a diary of Daylio (a mood is no pain score)" in asked.text
    page = re.sub(r"\s+", " ", asked.text)
    assert re.search(r'name="head" value="full_date"><select[^>]*>.*?value="date" selected', page)


def test_planned_days_of_a_file_come_where_nobody_chose_any_and_go_with_it(nora, clinic):
    weekly = Schedule(((0, frozenset({0})), (30, frozenset())))
    nora.log(TODAY, **CALM)
    _plan(clinic, nora, weekly)
    form = nora.page("data").form(nora.path("data/take-out")).hidden()
    everything = nora.browser.client.post(
        nora.path("data/take-out"), data={**form, "what": "everything"}
    ).data
    other = new_diarist(clinic, "olga")
    shown = look(other, everything, "x.zip", person="same")
    assert "The days you plan to write" in shown.text
    assert send(other, shown, "data/bring-in").status_code == 303
    assert _planned(clinic, other) == weekly
    undo(other)
    assert _planned(clinic, other) == TAPERING
    # Somebody who chose days keeps them.
    _plan(clinic, other, DAILY)
    shown = look(other, everything, "x.zip", person="same")
    assert "The days you plan to write" not in shown.text
    # A plan that is none is refused as a whole.
    for wrong in ([[0, [7]]], [[5, [1]], [0, [2]]], [["0", [1]]], [], "daily", [[0, 1]]):
        broken = _rewritten(everything, schedule=wrong)
        assert "schedule" in look(other, broken, "x.zip", person="same").text, wrong


CLINICAL = (
    ImagingResult(TODAY - timedelta(days=9), "xray", Imaging.NO_LOOSENING_SEEN),
    Instruction(InstructionKind.RESTRICTION, TODAY, NOW, text="No lifting"),
    Event(TODAY - timedelta(days=8), EventKind.COMPLICATION, "a tear of the dura"),
    Appointment(TODAY - timedelta(days=2), "09:30", "Dr Elsewhere"),
)


def test_a_file_of_the_patient_brings_no_word_of_the_clinic(nora, clinic):
    """Nora is called Olga now: X-ray, instruction, complication and visit of her zip stay behind.

    A fall comes with it, and a total counts as typed by Olga; one that the clinic typed is not
    there twice.
    """
    fall = Event(TODAY - timedelta(days=3), EventKind.FALL)
    totals = [FormScore(TODAY, form, 20, Role.CLINICIAN) for form in ("odi_percent", "odi_points")]
    other = new_diarist(clinic, "olga")
    _put(clinic, nora, *CLINICAL, fall, *totals)
    _put(clinic, other, totals[0])
    form = nora.page("data").form(nora.path("data/take-out")).hidden()
    everything = nora.browser.client.post(
        nora.path("data/take-out"), data={**form, "what": "everything"}
    ).data

    shown = look(other, everything, "x.zip", person="same")

    assert re.search(r"other records</dt><dd>2<", shown.text)
    assert re.search(r"only your clinic can add these</dt><dd>4<", shown.text)
    assert send(other, shown, "data/bring-in").status_code == 303
    with clinic.database.read() as session:
        kinds = (ImagingResult, Instruction, Appointment, Event, FormScore)
        held = [record_rows.values_of(session, other.patient.id, kind) for kind in kinds]
    assert held == [(), (), (), (fall,), (totals[0], replace(totals[1], typed_by=Role.PATIENT))]
    # In Nora's own diary all of it is there, so nothing is left out.
    assert "only your clinic" not in look(nora, everything, "x.zip").text


def _put(clinic, who, *values):
    with clinic.database.write() as session:
        for value in values:
            record_rows.add_all(session, who.patient.id, [value], by=SYSTEM, at=NOW)


def _plan(clinic, who, schedule):
    with clinic.database.write() as session:
        now = people.patient_by_id(session, who.patient.id)
        changed = replace(now, schedule=schedule)
        people.update_patient(session, changed, expected_version=now.version, by=SYSTEM, at=NOW)


def _planned(clinic, who):
    with clinic.database.read() as session:
        return people.patient_by_id(session, who.patient.id).schedule


def _rewritten(packed, **values):
    """The same export with other values in its record."""
    record = json.loads(zipfile.ZipFile(io.BytesIO(packed)).read("patient.json"))
    return _repacked(packed, {"patient.json": json.dumps(record | values)})


def _repacked(packed, parts):
    """The same export with other content in these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name) or old.read(name))
    return out.getvalue()


def test_what_is_said_of_many_rows_is_said_once(nora):
    rows = [f"2026-02-{day:02},x,4" for day in range(1, 29)]
    rows[4] = "2026-02-05,3,4"
    rows[9] = "2026-02-10,3,x"
    text = "\n".join(["date,axial_pain,limb_pain", *rows])
    page = look(nora, text.encode()).text
    assert "Rows 2–5, 7–10, 12–29, column “axial_pain”: This must be a whole number" in page
    assert "Row 11, column “limb_pain”: This must be a whole number" in page


def test_only_what_happens_is_listed_and_what_stands_in_a_column_is_shown_once(nora):
    asked = look(nora, b"Datum;Wie es war\n01.03.2026;gut\n02.03.2026;gut\n03.03.2026;schlecht\n")
    assert ">gut, schlecht<" in asked.text
    shown = look(nora, b"date;axial_pain\n01.03.2026;4\n")
    assert "New days" in shown.text
    assert "Days with gaps filled in" not in shown.text
    # A refusal names a column as its table does.
    told = send(nora, asked, "data/look", means=["date", "axial_pain"])
    assert "column “Wie es war”: This must be a whole number" in told.text
