"""What a patient wrote is marked as their language where the page speaks another."""

import re
from dataclasses import replace

from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.storage import accounts, people, record_rows
from tests.web.conftest import ALICE_WORDS, NOW, SYSTEM
from tests.web.diarist import CALM, new_diarist


def test_a_patients_words_carry_their_language_on_another_page(clinic):
    path = f"/clinic/p/{clinic.alice.public_id}"
    with clinic.database.write() as session:
        changed = replace(people.patient_by_id(session, clinic.alice.id), language="es")
        people.update_patient(session, changed, expected_version=1, by=SYSTEM, at=clinic.clock())
    page = clinic.signed_in("carol").page(path).text
    assert f'<span lang="es">“{ALICE_WORDS[1]}”</span>' in page


def test_a_clinics_own_words_carry_their_language_on_a_patients_page(clinic):
    """Own words alone, and beside a sentence of the catalogue, which speaks as the page does."""
    spanish, english = (
        Instruction(InstructionKind.RESTRICTION, NOW.date(), NOW, topic, text, language=language)
        for topic, text, language in (
            ("lifting", "Nada de más de 5 kg.", "es"),
            ("", "Sit on a high chair.", "en-GB"),
        )
    )
    nora = new_diarist(clinic)
    with clinic.database.write() as session:
        for said in (spanish, english, replace(english, text="Siéntese en alto.", language="es")):
            record_rows.add(session, nora.patient.id, said, by=SYSTEM, at=NOW)
    for tail in ("", "plan", "recovery"):
        text = nora.page(tail).text
        assert (
            '<b>Do not lift anything heavy.</b> <span lang="es">Nada de más de 5 kg.</span>' in text
        )
        assert '<b lang="es">Siéntese en alto.</b>' in text
        assert "<b>Sit on a high chair.</b>" in text


def test_what_a_clinician_types_is_kept_with_the_language_of_the_page(clinic):
    carol = clinic.signed_in("carol")
    path = f"/clinic/p/{clinic.alice.public_id}"
    action = f"{path}/instructions/plan"
    form = next(f for f in carol.page(path).forms if f.action == action)
    data = {**form.hidden(), "topic": "", "text": "Venga el lunes.", "due": ""}
    with clinic.database.write() as session:
        accounts.set_language(session, clinic.accounts["carol"].id, "es", by=SYSTEM, at=NOW)
    assert carol.client.post(action, data=data).status_code == 303
    with clinic.database.read() as session:
        (kept,) = record_rows.values_of(session, clinic.alice.id, Instruction)
    assert (kept.text, kept.language) == ("Venga el lunes.", "es")


def test_no_word_turns_what_stands_beside_it(clinic):
    """After U+202E a dose of 12 mg is seen as "gm 21"; a name may end with it by a copied text."""
    signs = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    medicine = Medicine(NOW.date(), f"Oxycodone{signs}", 12, "mg", 2)
    said = Instruction(InstructionKind.RESTRICTION, NOW.date(), NOW, "", f"Sit high.{signs}")
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        changed = replace(patient, name="Ali\u202ece", language="zh-Hant")
        people.update_patient(session, changed, expected_version=1, by=SYSTEM, at=clinic.clock())
        for value in (medicine, said):
            record_rows.add(session, clinic.alice.id, value, by=SYSTEM, at=NOW)
    carol, alice = clinic.signed_in("carol"), clinic.signed_in("alice")
    mine = f"/p/{clinic.alice.public_id}"
    pages = [(carol, "/clinic/patients"), (carol, f"/clinic{mine}"), (alice, f"{mine}/medicines")]
    texts = [browser.page(path).text for browser, path in [*pages, (alice, f"{mine}/plan")]]
    for text in texts:
        beside = re.sub(r'<textarea\b[^>]*>[^<]*|\svalue="[^"]*"', "", text)
        assert not set(beside) & {*signs, "\u202c", "\u2069"}
    assert ["Alice" in texts[0], "Oxycodone" in texts[1], "Oxycodone" in texts[2]] == [True] * 3
    assert "Sit high." in texts[3]
    with clinic.database.read() as session:  # The record keeps what was typed.
        assert record_rows.values_of(session, clinic.alice.id, Medicine) == (medicine,)


def test_a_form_that_is_saved_unchanged_corrects_nothing(clinic):
    """A field shows its own text alone, so it holds what was typed. Without the signs that turn a
    line every later save of the day was a new version, a correction that nobody made."""
    nora = new_diarist(clinic)
    note = "Rested.\u2066 Then\u2069 walked\u202e."
    nora.log(**{**CALM, "note": note})
    page = nora.page(f"day/{nora.today}")
    (shown,) = re.findall(r'<textarea id="note"[^>]*>([^<]*)<', page.text)
    assert shown == note
    nora.log(**{**CALM, "note": shown})
    assert nora.version() == 1
    question = "Knee\u202e or hip?"
    nora.browser.send(nora.path(), nora.path("questions"), question=question)
    assert f'value="{question}"' in nora.page().text
