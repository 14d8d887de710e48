"""The office sets up a clinic: patients in teams, colleagues who stand in, small pages."""

import re

import pytest

from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts, people, teams
from recovery_tracker.web.auth.invitations import invite
from tests.web.conftest import NOW, PASSWORD, SYSTEM


def chart_of(clinic, name):
    return f"/clinic/p/{getattr(clinic, name).public_id}"


def made_team(clinic, *names):
    """A team "Spine" with these members, made by frank on the page."""
    frank = clinic.signed_in("frank")
    assert frank.send("/admin/teams", "/admin/teams", name="Spine").status_code == 303
    with clinic.database.read() as session:
        (team,) = teams.all_teams(session)
    ids = [clinic.accounts[name].public_id for name in names]
    path = f"/admin/teams/{team.public_id}/members"
    assert frank.send("/admin/teams", path, members=ids).status_code == 303
    return team


def placed(clinic, patient, team, surgeon=""):
    path = f"/admin/people/patients/{patient.public_id}"
    sent = {"team": team.public_id if team else "", "surgeon": surgeon}
    return clinic.signed_in("frank").send(path, f"{path}/team", **sent)


def test_a_team_sees_its_patients_and_the_patient_sees_the_team(clinic):
    dan = clinic.signed_in("dan")
    assert dan.get(chart_of(clinic, "alice")).status_code == 404
    team = made_team(clinic, "dan")
    assert placed(clinic, clinic.alice, team, clinic.accounts["dan"].public_id).status_code == 303
    assert dan.get(chart_of(clinic, "alice")).status_code == 200
    assert "Alicia Canaryfield" in dan.page("/clinic/patients").text
    alice = clinic.signed_in("alice")
    home = f"/p/{clinic.alice.public_id}/"
    assert "changed your team or surgeon" in alice.page(f"{home}looked").text
    settings = alice.page(f"{home}settings")
    assert "Dan" in settings.text
    # The patient's own end counts more than the team.
    ends = f"{home}readers/{clinic.accounts['dan'].public_id}"
    assert alice.send(ends, ends).status_code == 303
    assert dan.get(chart_of(clinic, "alice")).status_code == 404
    assert "Alicia Canaryfield" not in dan.page("/clinic/patients").text


def test_cover_opens_the_list_on_its_first_day_and_closes_it_after_the_last(clinic):
    """
    12 Mar   13 Mar   14 Mar   15 Mar
    nothing  carol's  carol's  nothing
    """
    frank, dan = clinic.signed_in("frank"), clinic.signed_in("dan")
    sent = {
        "away": clinic.accounts["carol"].public_id,
        "instead": clinic.accounts["dan"].public_id,
        "first": "2026-03-13",
        "last": "2026-03-14",
    }
    assert frank.send("/admin/teams", "/admin/teams/cover", **sent).status_code == 303
    text = re.sub(r"\s+", " ", frank.page("/admin/teams").text)
    assert (
        re.search(r"Dan for Carol, [^<]+", text)[0].strip()
        == "Dan for Carol, 13 Mar 2026 to 14 Mar 2026"
    )
    seen = []
    for _day in range(4):
        seen.append("Alicia Canaryfield" in clinic.signed_in("dan").page("/clinic/patients").text)
        clinic.clock.forward(days=1)
    assert seen == [False, True, True, False]
    assert dan.get(chart_of(clinic, "alice")).status_code != 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"away": ""}, "Choose who is away."),
        ({"instead": ""}, "Choose who covers."),
        ({"last": "soon"}, "Type the day as year-month-day"),
        ({"last": "2026-03-01"}, "before its first day, or in the past"),
    ],
)
def test_cover_that_cannot_be_is_said_beside_its_field_and_kept(clinic, wrong, said):
    sent = {
        "away": clinic.accounts["carol"].public_id,
        "instead": clinic.accounts["dan"].public_id,
        "first": "2026-03-13",
        "last": "2026-03-14",
        **wrong,
    }
    answer = clinic.signed_in("frank").send("/admin/teams", "/admin/teams/cover", **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="2026-03-13"' in answer.text
    (field,) = wrong
    assert f'id="{field}-e"' in answer.text
    with clinic.database.read() as session:
        assert teams.covers(session, NOW) == ()


def test_an_account_of_the_office_s_own_making_waits_until_a_member_agrees(clinic):
    with clinic.database.read() as session:
        frank = accounts.actor_of(session, clinic.accounts["frank"].id, NOW)
    path = invite(clinic.database, "", role=Role.CLINICIAN, name="Hanna", by=frank, at=NOW)
    assert clinic.browser().send(path, login="hanna", password=PASSWORD).status_code == 303
    with clinic.database.read() as session:
        clinic.accounts["hanna"] = accounts.account_by_login(session, "hanna")
    team = made_team(clinic, "dan")
    placed(clinic, clinic.alice, team)
    hanna = clinic.signed_in("hanna")
    office = clinic.signed_in("frank")
    both = [clinic.accounts[name].public_id for name in ("dan", "hanna")]
    asked = office.send("/admin/teams", f"/admin/teams/{team.public_id}/members", members=both)
    assert "a second person has to agree" in asked.text
    assert hanna.get(chart_of(clinic, "alice")).status_code == 404
    assert not any(
        form.action.endswith("/joining") for form in office.page("/admin/teams").forms
    ), "the office may not answer itself"
    dan = clinic.signed_in("dan")
    answer = dan.send("/clinic/team", f"/clinic/team/{team.public_id}", answer="yes")
    assert answer.status_code == 303
    assert hanna.get(chart_of(clinic, "alice")).status_code == 200


def test_a_clinician_chooses_who_stands_in_and_ends_it(clinic):
    carol = clinic.signed_in("carol")
    sent = {"instead": clinic.accounts["dan"].public_id, "first": "2026-03-12"}
    answer = carol.send("/clinic/team", "/clinic/team/cover", last="2026-03-20", **sent)
    assert answer.status_code == 303
    assert clinic.signed_in("dan").get(chart_of(clinic, "alice")).status_code == 200
    ends = next(one for one in carol.page("/clinic/team").forms if one.action.endswith("/end"))
    # Erin has nothing to do with it.
    erin = clinic.signed_in("erin")
    own = erin.page("/clinic/team").form("/clinic/team/cover").hidden()
    assert erin.client.post(ends.action, data=own).status_code == 404
    assert carol.client.post(ends.action, data=ends.hidden()).status_code == 303
    assert clinic.signed_in("dan").get(chart_of(clinic, "alice")).status_code == 404


def test_a_name_put_right_is_kept_and_noted(clinic):
    path = f"/admin/people/patients/{clinic.alice.public_id}"
    frank = clinic.signed_in("frank")
    sent = {"name": "Alicia Fielding", "birth_date": "1950-02-30", "hospital_number": "X1"}
    form = next(one for one in frank.page(path).forms if one.action == path)
    refused = frank.client.post(path, data={**form.hidden(), **sent})
    assert refused.status_code == 422
    assert 'value="Alicia Fielding"' in refused.text
    sent["birth_date"] = "1950-02-28"
    assert frank.client.post(path, data={**form.hidden(), **sent}).status_code == 303
    with clinic.database.read() as session:
        found = people.patient_by_id(session, clinic.alice.id)
    assert (found.name, found.hospital_number) == ("Alicia Fielding", "X1")


def test_two_hundred_patients_are_four_small_pages_and_found_by_name(clinic):
    with clinic.database.write() as session:
        for number in range(200):
            people.create_patient(
                session,
                name=f"Patient {number:03}",
                hospital_number=f"H{number}",
                by=SYSTEM,
                at=NOW,
            )
    frank = clinic.signed_in("frank")
    first = frank.page("/admin/people")
    assert len(first.text.encode()) < 100_000
    assert "Page 1 of 5" in first.text
    assert "Patient 199" in frank.page("/admin/people?page=5").text
    search = next(one for one in first.forms if one.action == "/admin/people")
    sent = {**search.hidden(), "search": "patient 117"}
    found = frank.client.post("/admin/people", data=sent)
    assert "Patient 117" in found.text
    assert "Patient 118" not in found.text
