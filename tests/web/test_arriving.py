"""Patients arrive by list: what the file says, what would happen, done, and slips to hand over."""

import io
import re
from datetime import date

import openpyxl
import pypdfium2
import pytest

from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.exchange.patient_list import read_patient_list
from recovery_tracker.storage import people, record_rows, teams
from recovery_tracker.storage.people import Patient
from tests.web.conftest import NOW, PASSWORD
from tests.web.test_teams import made_team

LIST = """Patient name;Date of birth;MRN;Phone;Operation date;Region;Levels;Consultant;Team;Ward
Ivy Lane;23.05.1964;H100;020 7946 0001;04.03.2026;lumbar;L4-S1;Dan;Spine;7
Joe  Moss;;H101;;;;;;;7
Kim Rowe;02.11.1950;H102;;28.02.2026;neck;C5-C6;;Spine;8
"""


def send(clinic, content, name="list.csv"):
    data = content.encode() if isinstance(content, str) else content
    frank = clinic.signed_in("frank")
    form = frank.page("/admin/people/list").form("/admin/people/list")
    sent = {**form.hidden(), "file": (io.BytesIO(data), name)}
    return frank, frank.client.post("/admin/people/list", data=sent)


def take(frank, answer):
    hidden = dict(re.findall(r'name="(csrf_token|key|token|file)" value="([^"]*)"', answer.text))
    form = answer.text.split('action="/admin/people/list/take"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return frank.client.post("/admin/people/list/take", data=hidden), hidden


def everybody(clinic) -> dict[str, Patient]:
    with clinic.database.read() as session:
        return {one.name: one for one in people.all_patients(session)}


def test_a_list_is_looked_at_taken_once_and_placed(clinic):
    """
    row  name      operation  team   surgeon
    2    Ivy Lane  4 Mar      Spine  Dan
    3    Joe Moss  -          -      -
    4    Kim Rowe  28 Feb     Spine  -
    """
    team = made_team(clinic, "dan")
    before = set(everybody(clinic))
    frank, looked = send(clinic, LIST)
    assert looked.status_code == 200
    assert "3 new patients." in looked.text
    assert "Columns that are left out: Ward" in re.sub(r"\s+", " ", looked.text)
    assert set(everybody(clinic)) == before, "looking stores nothing"
    taken, sent = take(frank, looked)
    assert taken.status_code == 303
    count = len(everybody(clinic))
    assert frank.client.post("/admin/people/list/take", data=sent).status_code == 303
    assert len(everybody(clinic)) == count, "pressed twice, taken once"
    assert frank.client.post("/admin/people/list/take", data={**sent, "key": ""}).status_code == 422
    found = everybody(clinic)
    assert set(found) - before == {"Ivy Lane", "Joe Moss", "Kim Rowe"}
    ivy, kim = found["Ivy Lane"], found["Kim Rowe"]
    assert (str(ivy.birth_date), ivy.hospital_number) == ("1964-05-23", "H100")
    assert ivy.phone == "020 7946 0001"
    with clinic.database.read() as session:
        operations = [record_rows.values_of(session, one.id, Operation) for one in (ivy, kim)]
        rows = {name: teams.team_of(session, one.id) for name, one in found.items()}
        placed = {name: (row.team_id, row.surgeon_id) for name, row in rows.items() if row}
    assert [(str(o[0].day), o[0].region) for o in operations] == [
        ("2026-03-04", Region.LUMBAR),
        ("2026-02-28", Region.CERVICAL),
    ]
    assert placed["Ivy Lane"] == (team.id, clinic.accounts["dan"].id)
    assert placed["Kim Rowe"] == (team.id, None)
    assert "Joe Moss" not in placed
    assert clinic.signed_in("dan").get(f"/clinic/p/{ivy.public_id}").status_code == 200


def test_levels_are_a_number_of_them_or_their_names(clinic):
    content = "name,operation day,region,levels\nAnn,2026-01-05,lumbar,{}\n"
    for levels, said, stored in (("1", "1 level", (1, "")), ("L4-S1", "L4-S1", (None, "L4-S1"))):
        frank, looked = send(clinic, content.format(levels).replace("Ann", f"Ann {levels}"))
        assert f"Lower back fusion, {said} on 5 Jan 2026" in looked.text
        take(frank, looked)
        with clinic.database.read() as session:
            ann = next(p for p in people.all_patients(session) if p.name == f"Ann {levels}")
            (operation,) = record_rows.values_of(session, ann.id, Operation)
        assert (operation.levels, operation.level_names) == stored


def test_who_is_here_already_is_left_out_and_named(clinic):
    frank, looked = send(clinic, LIST.replace(";Dan;Spine", ";;").replace(";;Spine", ";;"))
    take(frank, looked)
    again = """name,birth date,hospital number
I. Lane,,H100
kim rowe,1950-11-02,
Lea Pitt,1950-11-02,H103
Lea Pitt,1950-11-02,
"""
    frank, looked = send(clinic, again)
    text = re.sub(r"\s+", " ", looked.text)
    assert "1 new patient." in text
    assert "3 lines are left out" in text
    for line in ("row 2: I. Lane, like Ivy Lane", "row 3: kim rowe", "row 5: Lea Pitt"):
        assert line in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("born\n1950-01-01\n", "No column holds the names"),
        ("name,name\nA,B\n", "The column is there twice"),
        ("name\n\nAnn\n", ""),
        ("name,dob\nAnn,1950-02-31\n", "Row 2, column “dob”"),
        ("name,dob\nAnn,01/02/1950\nBo,03/04/1950\n", "Row 2, column “dob”"),
        ("name,dob\nAnn,2060-01-31\n", "Row 2, column “dob”: This day is still to come"),
        (
            "name,region\nAnn,knee\n",
            "Row 2, column “region”: This must be lumbar, cervical or thoracic",
        ),
        ("name,operation day\nAnn,2026-01-05\n", "Row 2, column “region”: The region is needed"),
        (
            "name,medical record number\nAnn,1\nBo,1\n",
            "Row 3, column “medical record number”: This number already stands on row 2",
        ),
        ("name,team\nAnn,Knees\n", "Row 2, column “team”: “Knees” is not here"),
        ('name,phone\n"Ann,1\nBo,2\n', "This is not a row of separated values"),
        (
            f'name,phone\n"Ann{"x" * 60_000}\n{"x" * 60_000}\n{"x" * 60_000}",1\n',
            "Is a quote left open",
        ),
        ("name,phone\nAnn,ring the ward\n", "Row 2, column “phone”: This is no phone number"),
        (f"name\n{'x' * 201}\n", "Row 2, column “name”: This must have at most 200"),
    ],
)
def test_a_wrong_list_stores_nothing_and_names_every_place(clinic, content, said):
    before = set(everybody(clinic))
    _frank, looked = send(clinic, content)
    if said:
        assert looked.status_code == 422
        assert said in looked.text
        assert 'action="/admin/people/list/take"' not in looked.text
    else:
        assert "1 new patient." in looked.text
    assert set(everybody(clinic)) == before


def test_a_spreadsheet_is_read_as_it_is_saved(clinic):
    book = openpyxl.Workbook()
    for row in (["Name", "Hospital number"], ["Ivy Lane", 100], ["Joe Moss", "0101"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    frank, looked = send(clinic, out.getvalue(), "patients.xlsx")
    take(frank, looked)
    found = everybody(clinic)
    assert [found[name].hospital_number for name in ("Ivy Lane", "Joe Moss")] == ["100", "0101"]


def test_a_slip_for_each_opens_the_diary_and_a_new_one_ends_the_old(clinic):
    frank, looked = send(clinic, LIST.replace(";Dan;Spine", ";;").replace(";;Spine", ";;"))
    take(frank, looked)

    def links():
        form = frank.page("/admin/people/list").form("/admin/people/slips")
        answer = frank.client.post("/admin/people/slips", data=form.hidden())
        assert answer.mimetype == "application/pdf"
        pages = [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(answer.data)]
        return {
            re.search("Ivy Lane|Joe Moss|Kim Rowe", page)[0]: re.search(
                r"/invitation/\s*([\w-]{43})", page
            )[1]
            for page in pages
        }

    first = links()
    assert set(first) == {"Ivy Lane", "Joe Moss", "Kim Rowe"}
    second = links()
    stranger = clinic.browser()
    assert stranger.get(f"/invitation/{first['Ivy Lane']}").status_code == 404
    made = stranger.send(f"/invitation/{second['Ivy Lane']}", login="ivy", password=PASSWORD)
    assert made.status_code == 303
    assert set(links()) == {"Joe Moss", "Kim Rowe"}


@pytest.mark.parametrize(
    ("heads", "region"),
    [
        ("Paciente;Fecha de nacimiento;NHC;Teléfono;Fecha de cirugía;Zona;Cirujano", "Lumbar"),
        ("Patientenname;Geburtsdatum;Patientennummer;Telefon;OP-Datum;Region;Operateur", "LWS"),
        ("姓名;出生日期;病歷號;手機;手術日期;部位;主治醫師", "腰椎"),
    ],
)  # fmt: skip
def test_headings_of_other_languages_are_known(tmp_path, heads, region):
    file = tmp_path / "list.csv"
    file.write_text(f"{heads}\nIvy Lane;1964-05-23;H1;123456;2026-03-04;{region};Dan\n", "utf-8")
    read = read_patient_list(file, "list.csv")
    (ivy,) = read.arrivals
    assert read.left_out == ()
    assert (ivy.birth_date, ivy.hospital_number, ivy.phone) == (date(1964, 5, 23), "H1", "123456")
    assert (ivy.operation_day, ivy.region) == (date(2026, 3, 4), Region.LUMBAR)
    assert ivy.surgeon == "Dan"


def test_a_list_in_other_letters_is_not_sent_to_the_command_line(clinic):
    _frank, answer = send(clinic, "Name\nJosé\n".encode("cp1252"))
    assert "Save it as CSV in UTF-8" in answer.text
    assert "--encoding" not in answer.text


def test_nobody_without_an_account_is_no_number(clinic):
    """ "0 patients have no account yet" makes one count twice."""
    page = clinic.signed_in("frank").page("/admin/people/list").text
    assert "Every patient has an account." in page


def test_who_would_be_read_by_nobody_is_said_before_and_after(clinic):
    """A surgeon's name on a line gives nobody access."""
    made_team(clinic, "dan")
    frank, looked = send(clinic, LIST.replace("L4-S1;Dan;Spine;7", "L4-S1;Dan;;7"))
    assert "2 of them have no team. Nobody at the clinic will see those" in _flat(looked.text)
    before = unread(clinic)
    taken, _sent = take(frank, looked)
    page = frank.page(taken.headers["Location"]).text
    said = f"Patients without a clinician: {before + 2}. Nobody at the clinic sees their warning"
    assert said in _flat(page)
    assert "Patients without a clinician" not in frank.page("/admin/people/list").text


def unread(clinic) -> int:
    with clinic.database.read() as session:
        return people.count_unread(session, NOW)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_a_day_that_can_be_two_is_not_sent_to_the_command_line(clinic):
    _frank, looked = send(clinic, "name,birth date\nIvy Lane,03/04/1950\n")
    assert looked.status_code == 422
    assert (
        "This can mean two days, and no other row shows which. Write every day like 2026"
        in looked.text
    )
    assert "--dates" not in looked.text
