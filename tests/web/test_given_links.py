"""A link that is handed to somebody else says where it opens."""

import pytest

from recovery_tracker.web.shared.pages import only_here
from tests.web.diarist import new_diarist

SAID = "This link only works on this computer."


@pytest.mark.parametrize(
    ("link", "is_here"),
    [
        ("http://localhost/invitation/x", True),
        ("http://127.0.0.1:8000/v/x", True),
        ("http://[::1]:8000/v/x", True),
        ("https://diary.example.org/v/x", False),
        ("http://192.168.0.7/v/x", False),
    ],
)
def test_which_addresses_open_here_alone(link, is_here):
    assert only_here(link) is is_here


def test_a_link_for_somebody_who_helps_says_it(clinic):
    nora = new_diarist(clinic)
    sent = {"name": "Tom", "rights": "read"}
    text = nora.browser.send(nora.path("share"), nora.path("share/carer"), **sent).text
    assert "/invitation/" in text
    assert SAID in text


def test_the_calendar_says_it(clinic):
    nora = new_diarist(clinic)
    nora.send("reminders", what="feed")
    text = nora.page("reminders").text
    assert ".ics" in text
    assert SAID in text


def test_a_link_of_the_office_says_it(clinic):
    frank = clinic.signed_in("frank")
    sent = {"role": "clinician", "name": "Dr New"}
    text = frank.send("/admin/people", "/admin/people/invite", **sent).text
    assert "/invitation/" in text
    assert SAID in text


def test_slips_say_it_before_they_are_printed(clinic):
    frank = clinic.signed_in("frank")
    frank.send("/admin/people", "/admin/people/invite", role="patient", name="Ivy New")
    text = " ".join(frank.page("/admin/people/list").text.split())
    assert "Make the slips" in text
    assert "The links will open on this computer alone" in text
