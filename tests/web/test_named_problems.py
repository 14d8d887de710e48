"""The list of problems above a form names the field of each: two alike would tell nobody which."""

from tests.web.diarist import new_diarist
from tests.web.page import Page


def problems_of(text: str) -> list[str]:
    """The lines of the list above the form."""
    box = Page(text).text.split('id="errors"')[1].split("</div>")[0]
    return [line.split(">")[-1] for line in box.split("</a>")[:-1]]


def test_numbers_that_cannot_be_are_named(clinic):
    nora = new_diarist(clinic)
    typed = {"name": "Codeine", "unit": "mg", "amount": "-1", "times": "x", "day": "2026-03-01"}
    told = problems_of(nora.send("medicines", **typed).text)
    assert [line.split("?")[0] for line in told] == ["How much at a time", "How often a day"]
    operation = {"day": "2025-12-16", "region": "lumbar", "levels": "99"}
    pains = {"preop_axial_pain": "12", "preop_limb_pain": "ten"}
    answer = nora.send("surgery/new", **operation, **pains).text
    assert problems_of(answer) == [
        "How many levels were joined? Enter a number between 1 and 25",
        "Back or neck pain before, 0 to 10: Enter a number between 0 and 10",
        "Leg or arm pain before, 0 to 10: Enter a number between 0 and 10",
    ]
