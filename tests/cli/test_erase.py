"""Somebody asks to be forgotten: the command that does it, and what it asks first."""

import shutil
from datetime import UTC, datetime

import click
import pytest

from recovery_tracker.domain.people import Mode
from recovery_tracker.services import SYSTEM
from recovery_tracker.storage import people
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.settings import (
    Installation,
    read_installation,
    save_installation,
)
from tests.databases import empty_file, new_patient, url_of

__all__ = ["empty_file"]


@pytest.fixture
def clinic(empty_file, tmp_path):
    """The address of a database, one patient to forget and one to keep."""
    url = url_of(shutil.copy(empty_file, tmp_path / "clinic.sqlite"))
    database = open_database(url)
    ann, bo = new_patient(database, "Ann"), new_patient(database, "Bo")
    database.close()
    return url, ann, bo


def names(url):
    database = open_database(url)
    with database.read() as session:
        found = [patient.name for patient in people.all_patients(session)]
    database.close()
    return found


def test_one_patient_is_forgotten_and_the_others_stay(command, clinic):
    url, ann, _ = clinic
    said = command("erase", "--patient", ann.public_id, "--yes", "--database", url)
    assert said.status == 0
    assert "Backups made before" in said.out
    assert names(url) == ["Bo"]


@pytest.mark.parametrize(("answer", "left"), [("n\n", ["Ann", "Bo"]), ("y\n", ["Bo"])])
def test_it_asks_by_name_and_takes_no_for_an_answer(command, clinic, monkeypatch, answer, left):
    url, ann, _ = clinic
    asked = []
    monkeypatch.setattr(
        click.termui, "visible_prompt_func", lambda text: asked.append(text) or answer.strip()
    )
    said = command("erase", "--patient", ann.public_id, "--database", url)
    assert (said.status == 0) == (left == ["Bo"])
    assert names(url) == left
    assert "Ann" in "".join(asked) + said.err


def test_nobody_is_erased_by_a_wrong_id_or_without_one(command, clinic):
    url, _, _ = clinic
    assert command("erase", "--patient", "nobody", "--yes", "--database", url).status == 1
    asked = command("erase", "--yes", "--database", url)
    assert (asked.status, "say which with --patient ID" in asked.err) == (1, True)
    assert names(url) == ["Ann", "Bo"]


def test_the_only_person_of_an_own_diary_needs_no_id_and_leaves_it_to_be_set_up_again(
    command, clinic
):
    url, _, bo = clinic
    assert command("erase", "--patient", bo.public_id, "--yes", "--database", url).status == 0
    database = open_database(url)
    own = Installation(mode=Mode.JUST_ME, emergency_number="999")
    with database.write() as session:
        save_installation(session, own, by=SYSTEM, at=datetime.now(UTC))
    said = command("erase", "--yes", "--database", url)
    assert (said.status, "prints a link to set it up again" in said.out) == (0, True)
    with database.read() as session:
        assert not read_installation(session).is_set_up
    database.close()
    assert names(url) == []
