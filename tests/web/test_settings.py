"""Settings: who may look and when they did."""


def test_a_patient_sees_who_may_look_and_when_they_did(clinic):
    """carol cares for alice; what erin, whose access was taken away, once read is nobody's now."""
    alice, path = clinic.signed_in("alice"), f"/p/{clinic.alice.public_id}/settings"
    text = alice.page(path).text
    assert "Carol, has not looked yet" in text
    assert "Erin" not in text
    clinic.clock.forward(hours=1)
    clinic.signed_in("carol").page(f"/clinic/p/{clinic.alice.public_id}")
    assert "Carol, last looked on Thursday 12 March" in clinic.signed_in("alice").page(path).text


def test_the_day_of_a_look_is_the_patient_s_own(clinic):
    """Half past nine in the evening in London is the next morning in Auckland."""
    alice, path = clinic.signed_in("alice"), f"/p/{clinic.alice.public_id}/settings"
    answer = alice.send(path, path, zone="Pacific/Auckland", language="en-GB", schedule="daily")
    assert answer.status_code == 303
    clinic.clock.forward(hours=12.5)
    clinic.signed_in("carol").page(f"/clinic/p/{clinic.alice.public_id}")
    assert "Carol, last looked on Friday 13 March" in clinic.signed_in("alice").page(path).text
