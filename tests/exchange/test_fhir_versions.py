"""Of several versions of a resource the newest counts, and none of one that was deleted."""

import itertools
import time

import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.exchange.fhir_in import read_fhir
from tests.exchange.test_fhir_trust import pain, steps

FULL = "http://x/fhir/Observation/1"


def entry(value, *, full=None, asked=None, at="", by=None, **more):
    """A version with this pain; with no value, a DELETE."""
    method = "DELETE" if value is None else by or ("PUT" if asked else None)
    made = {"fullUrl": full, "request": method and {"method": method, "url": asked}}
    if value is not None:
        made["resource"] = pain(value, **more)
    if at:
        made["response"] = {"lastModified": f"2026-03-01T{at}:00:00Z"}
    return {key: one for key, one in made.items() if one}


def meta(version=None, at=None):
    said = {"versionId": version, "lastUpdated": at and f"2026-03-01T{at}:00:00Z"}
    return {"meta": {key: one for key, one in said.items() if one}}


def pain_of(*entries, kind="history"):
    """The pain that is read; None where none is."""
    document = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
    try:
        archive, _, left = read_fhir(document, "B", "UTC")
    except RecoveryError:
        return None
    assert all("lower pain" in str(one) for one in left)
    return archive.entries[0].axial_pain


DELETED = {
    "the request alone says what": (
        entry(None, asked="Observation/1"),
        entry(9, full=FULL, **meta("1")),
    ),
    "versions by address": (
        entry(None, asked="Observation/1/_history/2"),
        entry(9, asked="Observation/1/_history/1"),
    ),
    "one full, one with its version": (
        entry(None, full=FULL, asked="Observation/1"),
        entry(9, full=f"{FULL}/_history/1", asked="Observation/1"),
    ),
    "made by a POST": (
        entry(None, asked="Observation/1"),
        entry(9, asked="Observation", by="POST", id="1"),
    ),
    "a leading slash and a question": (
        entry(None, asked="/Observation/1?_cascade=delete"),
        entry(9, full=FULL),
    ),
    "an address that is the id": (
        entry(None, asked="Observation/1"),
        entry(9, full="urn:uuid:1", id="1"),
    ),
    "three versions": (
        entry(None, full=FULL, asked="Observation/1"),
        entry(8, full=FULL, **meta("2")),
        entry(9, full=FULL, **meta("1")),
    ),
    "times": (
        entry(None, asked="Observation/1", at="10"),
        entry(9, full=FULL, **meta(at="08")),
    ),
}


@pytest.mark.parametrize("said", DELETED)
def test_what_was_deleted_is_not_read_in_whatever_order_it_stands(said):
    for order in (DELETED[said], DELETED[said][::-1]):
        for kind in ("history", "transaction", "collection"):
            assert pain_of(*order, kind=kind) is None, kind


def test_what_was_written_again_after_it_was_deleted_is_read():
    for gone, again in (
        (entry(None, asked="Observation/1/_history/2"), entry(4, full=FULL, **meta("3"))),
        (entry(None, asked="Observation/1", at="10"), entry(4, full=FULL, **meta("3", "11"))),
    ):
        for order in itertools.permutations((gone, again, entry(9, full=FULL, **meta("1", "08")))):
            assert pain_of(*order) == 4
    # A history goes back in time: this one was deleted between its two versions.
    newest, oldest = entry(4, full=FULL, **meta("3")), entry(9, full=FULL, **meta("1"))
    assert pain_of(newest, entry(None, asked="Observation/1"), oldest) == 4


def test_the_order_of_a_history_says_what_is_newer_only_where_nothing_else_does():
    assert pain_of(entry(4, full=FULL), entry(9, full=FULL)) == 4
    for newer, older in (
        (meta("10"), meta("9")),
        (meta(at="10"), meta(at="08")),
        ({"meta": {"lastUpdated": "2026-03-01T08:00:00Z"}},
         {"meta": {"lastUpdated": "2026-03-01T09:00:00+02:00"}}),
    ):  # fmt: skip
        assert pain_of(entry(9, full=FULL, **older), entry(4, full=FULL, **newer)) == 4


def test_a_version_made_by_a_post_is_a_version_of_what_was_put_later():
    made = entry(9, asked="Observation", by="POST", id="1", **meta("1"))
    put = entry(4, full=FULL, asked="Observation/1", id="1", **meta("2"))
    for order in ((made, put), (put, made)):
        assert pain_of(*order) == 4


def test_two_that_were_made_are_two():
    for base in (None, "http://x/FHIR/Observation"):
        made = [entry(n, full=base, asked="Observation", by="POST") for n in (4, 9)]
        made[1]["resource"]["effectiveDateTime"] = "2026-03-02"
        document = {"resourceType": "Bundle", "type": "history", "entry": made}
        assert [e.axial_pain for e in read_fhir(document, "B", "UTC")[0].entries] == [4, 9]


def test_a_device_that_only_its_request_names_is_found():
    counted = steps(4000, device={"reference": "Device/1"})
    device = {"resourceType": "Device", "deviceName": [{"name": "Ring"}]}
    made = [
        {"resource": counted},
        {"resource": device, "request": {"method": "PUT", "url": "Device/1"}},
    ]
    document = {"resourceType": "Bundle", "type": "history", "entry": made}
    assert [value.source for value in read_fhir(document, "B", "UTC")[1]] == ["Ring"]


def test_the_same_id_on_two_servers_is_not_the_same_resource():
    other = entry(9, full="http://y/fhir/Observation/1", **meta("1"))
    assert pain_of(entry(4, full=FULL, **meta("2")), other) == 9
    # The same server by another scheme is.
    other = entry(9, full="https://X/fhir/Observation/1", **meta("1"))
    assert pain_of(entry(4, full=FULL, **meta("2")), other) == 4


def test_a_history_of_very_many_versions_is_read_in_no_time():
    many = [entry(9, full=FULL, **meta(str(n))) for n in range(20_000, 1, -1)]
    many[1:1] = [entry(None, asked="Observation/1") for _ in range(20_000)]
    begun = time.process_time()
    assert pain_of(*many) == 9
    assert time.process_time() - begun < 5
