"""The end of a follow-up: no list, no reminder, no message; the diary stays. And tags, imaging."""

import pytest
from sqlalchemy import update

from recovery_tracker.storage import people
from recovery_tracker.storage.tables.flags import FlagRow
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, Diarist, new_diarist


@pytest.fixture(autouse=True)
def nothing_waits(clinic):
    with clinic.database.write() as session:
        session.execute(update(FlagRow).values(attention="seen"))


def chart(clinic):
    return f"/clinic/p/{clinic.alice.public_id}"


def end(clinic, ends="1"):
    carol = clinic.signed_in("carol")
    return carol.send(chart(clinic), f"{chart(clinic)}/follow-up", ends=ends)


def test_a_patient_leaves_the_list_and_comes_back_with_one_tap(clinic):
    carol = clinic.signed_in("carol")
    name = clinic.alice.name
    assert name in carol.page("/clinic/patients").text
    assert end(clinic).status_code == 303
    assert name not in carol.page("/clinic/patients").text
    assert name in carol.page("/clinic/patients?show=ended").text
    assert "Nobody here is told of new answers." in carol.page(chart(clinic)).text
    home = clinic.signed_in("alice").page(f"/p/{clinic.alice.public_id}/").text
    assert "Your clinic no longer reads this diary." in home
    reminders = f"/p/{clinic.alice.public_id}/reminders"
    page = clinic.signed_in("alice").page(reminders).text
    assert "Your follow-up has ended." in page
    # None is sent any more.
    assert "Remind me at" not in page
    assert end(clinic, "0").status_code == 303
    assert name in carol.page("/clinic/patients").text
    assert (
        "no longer reads"
        not in clinic.signed_in("alice").page(f"/p/{clinic.alice.public_id}/").text
    )


def test_what_to_do_stands_before_the_end_of_the_follow_up(clinic):
    """Somebody whose wound is red today reads first whom to call."""
    end(clinic)
    alice = Diarist(clinic, clinic.signed_in("alice"), clinic.alice)
    alice.log(**{**CALM, "signs": "some", "line": "saddle"})
    home = alice.page().text
    assert home.index("Go to a hospital emergency department now") < home.index("has ended")
    assert "no longer reads this diary" in alice.page("plan").text
    assert "will be shown here" not in alice.page("plan").text


def test_nobody_is_promised_a_reader_who_cannot_look(clinic):
    """Alice may send the last one away; what the clinic promises to all is then not so."""
    alice = Diarist(clinic, clinic.signed_in("alice"), clinic.alice)
    today, promise = alice.today, "Your team reads it before each visit."
    pages = (f"day/{today}/saved", f"day/{today}/advice")
    # A paragraph of its own: it ran into the sentence before it.
    assert all(f"<p>{promise}</p>" in alice.page(tail).text for tail in pages)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.revoke_care(session, clinic.alice.id, carol, by=SYSTEM, at=clinic.clock())
    for tail in pages:
        text = alice.page(tail).text
        assert promise not in text, tail
        assert "Nobody at your clinic can open this diary now." in text, tail


def test_nobody_leaves_with_an_urgent_flag_that_nobody_has_seen(clinic):
    nora = new_diarist(clinic)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=NOW)
    chest = {"signs": "some", "line": ["chest"], "sign-chest": ["chest_pain"]}
    nora.log(**{**CALM, **chest})
    page = f"/clinic/p/{nora.patient.public_id}"
    answer = clinic.signed_in("carol").send(page, f"{page}/follow-up", ends="1")
    assert answer.status_code == 422
    assert "Nobody has looked at an urgent flag yet." in answer.text
    with clinic.database.read() as session:
        assert people.patient_by_id(session, nora.patient.id).ended_on is None


def test_the_office_corrects_a_name_and_sees_what_was_there_before(clinic):
    frank = clinic.signed_in("frank")
    page = f"/admin/people/patients/{clinic.alice.public_id}"
    with clinic.database.read() as session:
        version = people.patient_by_id(session, clinic.alice.id).version
    typed = {"name": "Alice Corrected", "hospital_number": "H-77", "expected_version": version}
    hidden = frank.page(page).form(page).hidden()
    assert frank.client.post(page, data={**hidden, **typed}).status_code == 303
    shown = frank.page(page).text
    assert "Earlier details" in shown
    assert f"Name: {clinic.alice.name}, until" in shown
    # The button that stops all messages about the patient lies one press further, under its words.
    folded = shown[shown.index("<summary") :].partition("</details>")[0]
    assert "End the follow-up</summary>" in folded
    assert f'action="{page}/follow-up"' in folded
    assert "Reminders and messages stop" in folded
    ended = frank.send(page, f"{page}/follow-up", ends="1")
    assert ended.status_code == 303
    assert "<summary" not in frank.page(page).text
    assert "Follow again" in frank.page(page).text


def test_tags_group_patients_and_their_words_stay_out_of_addresses(clinic):
    carol = clinic.signed_in("carol")
    typed = carol.send(chart(clinic), f"{chart(clinic)}/tags", tags="Trial B,  diabetes, trial b")
    assert typed.status_code == 303
    page = carol.page("/clinic/patients")
    assert "Trial B · diabetes" in page.text
    link = next(one for one in page.links if "tag=" in one)
    assert "Trial" not in link
    assert clinic.alice.name in carol.page(link).text
    file = link.replace("patients?", "patients.csv?")
    assert clinic.alice.name in carol.get(file).text
    assert clinic.alice.name not in carol.get(f"{file[:-1]}").text
    # Who sees none of the patients reads none of the words.
    assert "tag=" not in clinic.signed_in("dan").page("/clinic/patients").text
    too_many = carol.send(chart(clinic), f"{chart(clinic)}/tags", tags="a,b,c,d,e,f")
    assert too_many.status_code == 422
    assert carol.send(chart(clinic), f"{chart(clinic)}/tags", tags="").status_code == 303
    assert "tag=" not in carol.page("/clinic/patients").text


def test_imaging_that_is_asked_for_is_awaited_until_a_result_comes(clinic):
    carol = clinic.signed_in("carol")
    awaited, name = "/clinic/patients?show=awaited", clinic.alice.name
    assert name not in carol.page(awaited).text
    day = str(NOW.date())
    for result, is_awaited in (("awaited", True), ("broken", False)):
        typed = {"modality": "ct", "result": result, "day": day}
        assert (
            carol.send(chart(clinic), f"{chart(clinic)}/record/imaging", **typed).status_code == 303
        )
        assert (name in carol.page(awaited).text) is is_awaited
    page = carol.page(chart(clinic)).text
    assert "CT: Broken screw or rod" in page
    assert "CT: Asked for, no result yet" not in page
    assert carol.get("/clinic/patients?sort=why").status_code == 200
