"""PEG: the mean of its three items is compared with what patients notice, never one item."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.peg import pegs_of
from recovery_tracker.storage import diary, people
from tests.web.conftest import SYSTEM
from tests.web.diarist import TODAY, new_diarist


@pytest.mark.parametrize(
    ("before", "last", "said"),
    [
        ((6, 6, 6), (5, 5, 5), "5 on 11 Mar, before that 6 on 4 Mar; −1, better"),
        ((5, 5, 5), (5, 5, 9), "6.3 on 11 Mar, before that 5 on 4 Mar; <b>+1.3, worse</b>"),
        # Two points on one item are less than one on the mean.
        ((5, 5, 5), (5, 5, 7), "+0.7, smaller than patients usually notice"),
    ],
)
def test_chart_tells_the_mean_of_three_and_what_patients_notice(clinic, before, last, said):
    nora = new_diarist(clinic)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=clinic.clock())
        for back, items in ((8, before), (1, last)):
            keys = ("peg_pain", "peg_enjoyment", "peg_activity")
            entry = DiaryEntry(
                TODAY - timedelta(days=back),
                **dict(zip(keys, items, strict=True)),
                recorded_at=clinic.clock(),
                zone="Europe/London",
            )
            diary.save_version(session, nora.patient.id, entry, by=SYSTEM, at=clinic.clock())
    page = clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}").text
    assert said in page.split("<dt>Adapted PEG</dt>")[1].split("</dd>")[0]


def test_two_of_three_items_are_no_mean():
    told = DiaryEntry(TODAY, peg_pain=3, peg_enjoyment=4)
    assert list(pegs_of([told])) == []
