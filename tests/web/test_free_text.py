"""What a patient wrote is marked as their language where the page speaks another."""

from dataclasses import replace

from recovery_tracker.storage import people
from tests.web.conftest import ALICE_WORDS, SYSTEM


def test_a_patients_words_carry_their_language_on_another_page(clinic):
    path = f"/clinic/p/{clinic.alice.public_id}"
    with clinic.database.write() as session:
        changed = replace(people.patient_by_id(session, clinic.alice.id), language="es")
        people.update_patient(session, changed, expected_version=1, by=SYSTEM, at=clinic.clock())
    page = clinic.signed_in("carol").page(path).text
    assert f'<span lang="es">“{ALICE_WORDS[1]}”</span>' in page
