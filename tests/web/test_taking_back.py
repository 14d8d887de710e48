"""What was entered by mistake is taken back; its history stays, and the flags follow."""

from datetime import timedelta
from pathlib import Path

import pytest

from recovery_tracker import services
from recovery_tracker.domain.people import Rights, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import accounts, diary, engine, record_rows, settings
from recovery_tracker.storage import people as stored_people
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page


def just_me(clinic) -> None:
    """The installation belongs to one person."""
    from sqlalchemy import text

    with clinic.database.write() as session:
        session.execute(text("update installation set mode = 'just_me'"))


def share(clinic, diarist, name: str, rights: Rights = Rights.FULL):
    """A second account opens the same diary; its browser."""
    clinic.add_account(name, Role.PATIENT, patient_id=diarist.patient.id, rights=rights)
    return clinic.signed_in(name)


def test_a_day_is_taken_back_with_its_flag_and_may_be_written_again(clinic):
    nora = new_diarist(clinic)
    nora.log(**{**CALM, "signs": "some", "line": "saddle"})
    page = nora.page(f"day/{TODAY}/versions")
    assert "This day was entered by mistake" in page.text
    form = page.form(nora.path(f"day/{TODAY}/take-back"))
    answer = nora.browser.client.post(form.action, data=form.hidden())
    assert answer.status_code == 303
    assert nora.entry() is None
    (flag,) = nora.recovery().open_flags
    assert flag.corrected_by_patient
    assert "the entry was removed" in nora.page().text
    again = nora.page(f"day/{TODAY}/versions")
    assert "Removed. The day now counts as not filled in." in again.text
    assert "This day was entered by mistake" not in again.text
    assert "Add today’s entry" in nora.page().text
    nora.log(**CALM)
    assert (nora.entry().walking, nora.version()) == (2, 3)
    with clinic.database.read() as session:
        kept = diary.versions_of(session, nora.patient.id, TODAY)
    assert [one.entry.signs for one in kept] == [{"saddle_numbness"}, None, frozenset()]


def test_an_operation_is_taken_back_and_days_count_from_the_one_before(clinic):
    nora = new_diarist(clinic)
    mistaken = Operation(TODAY - timedelta(days=2), Region.CERVICAL)
    with clinic.database.write() as session:
        record_rows.add(session, nora.patient.id, mistaken, by=SYSTEM, at=clinic.clock())
    assert nora.recovery().history.index == mistaken
    page = nora.page("surgery")
    (wrong,) = [form for form in page.forms if form.action.endswith("/remove")][:1]
    nora.browser.client.post(wrong.action, data=wrong.hidden())
    history = nora.recovery().history
    assert [operation.region for operation in history.operations] == [Region.LUMBAR]
    alone = nora.page("surgery")
    assert not [form for form in alone.forms if form.action.endswith("/remove")]


def test_a_visit_to_come_is_the_next_visit(clinic):
    nora = new_diarist(clinic)
    day = TODAY + timedelta(days=20)
    form = next(f for f in nora.page().forms if ("kind", "visit") in f.fields)
    typed = {**form.hidden(), "day": day.isoformat(), "label": "10:30, Dr Lund"}
    answer = nora.browser.client.post(form.action, data=typed)
    assert answer.status_code == 303
    home = nora.page().text
    assert "Next visit:" in home
    assert "10:30, Dr Lund" in home
    assert "Still to come" in nora.page("events").text


def test_who_may_look_names_every_account_and_the_patient_ends_one(clinic):
    nora = new_diarist(clinic)
    just_me(clinic)
    ann = share(clinic, nora, "ann")
    erin = clinic.accounts["erin"]
    with clinic.database.write() as session:
        for end in (False, True):
            change = stored_people.revoke_care if end else stored_people.grant_care
            change(session, nora.patient.id, erin.id, by=SYSTEM, at=clinic.clock())
    seen = nora.page("settings").text
    assert "Ann" in seen
    assert "reads and writes, has not looked yet" in seen
    assert "Only you." not in seen
    assert "never looked" in seen
    assert ann.get(nora.path("settings")).status_code == 404
    assert ann.get(nora.path("erase")).status_code == 404
    account = next(one for one in _accounts(clinic) if one.login == "ann")
    nora.log(**CALM)
    form = ann.page(nora.day()).form(nora.day()).hidden()
    ann.client.post(nora.day(), data={**form, **CALM, "walking": "4"})
    assert "Written by Ann for Nora." in nora.page(f"day/{TODAY}/versions").text
    nora.send(f"readers/{account.public_id}")
    assert ann.get(nora.path()).status_code == 302
    assert "may no longer sign in" in nora.page("settings").text


def _accounts(clinic):
    with clinic.database.read() as session:
        return accounts.all_accounts(session)


def test_whom_to_call_can_be_changed_from_settings_and_help(clinic):
    nora = new_diarist(clinic)
    assert "/admin/" not in nora.page("settings").links
    just_me(clinic)
    assert "/admin/" in nora.page("settings").links
    assert "/admin/" in nora.browser.page("/help").links
    assert "/admin/" not in clinic.browser().page("/help").links
    assert nora.browser.get("/admin/").status_code == 200


def alone(clinic):
    """The only patient there is."""
    nora = new_diarist(clinic)
    with clinic.database.read() as session:
        others = [one.id for one in stored_people.all_patients(session)]
    for other in others:
        if other != nora.patient.id:
            services.erase_patient(clinic.database, other, by=SYSTEM, at=clinic.clock())
    return nora


def test_erasing_an_own_diary_takes_a_word_and_leads_back_to_set_up(clinic):
    nora = alone(clinic)
    assert nora.browser.get(nora.path("erase")).status_code == 404
    just_me(clinic)
    assert nora.send("erase", word="no").status_code == 422
    answer = nora.send("erase", word=" Erase ")
    # What waits in the browser and what is being typed there is gone as well.
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    page = Page(answer.text)
    assert "Your diary is erased" in page.text
    assert "your account are gone" in page.text
    assert "Backups that were made before still hold them." in page.text
    assert "My account, sign out" not in page.text
    (there,) = [link for link in page.links if link.startswith("/setup/")]
    assert nora.browser.get(there).status_code == 200
    with clinic.database.read() as session:
        assert stored_people.all_patients(session) == ()
        assert not settings.read_installation(session).is_set_up
        assert not any(one.active for one in accounts.all_accounts(session))


@pytest.mark.skipif(engine.driver().sqlite_version_info < engine.WAL_IS_SOUND, reason="no log")
def test_what_a_reader_keeps_in_the_file_is_said_after_erasing(clinic, monkeypatch):
    nora = alone(clinic)
    just_me(clinic)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    with clinic.database.read() as session:
        stored_people.all_patients(session)
        page = Page(nora.send("erase", word="erase").text)
    assert "The last traces could not leave the database file yet" in page.text
    assert "could not open every copy" not in page.text
    assert "your account are gone" not in page.text
    assert [link for link in page.links if link.startswith("/setup/")]


def test_a_copy_that_could_not_be_read_is_named_after_erasing(clinic):
    """Its owner alone can delete it, and the set-up pages open all the same."""
    nora = alone(clinic)
    just_me(clinic)
    file = Path(clinic.database.engine.url.database)
    left = file.with_name(f"{file.stem}.before-0007{file.suffix}")
    left.write_bytes(b"no database")
    answer = nora.send("erase", word="erase")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert str(left) in page.text
    assert "My account, sign out" not in page.text
    (there,) = [link for link in page.links if link.startswith("/setup/")]
    assert nora.browser.get(there).status_code == 200
    assert nora.browser.get(nora.path()).status_code in {302, 303}
