"""A recovery as FHIR R4 comes back, and others' pain, steps and operations are read."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recovery_tracker.demonstration.stories import stories
from recovery_tracker.domain.diary import DiaryEntry, Source, celsius_of
from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.exchange.diary_csv import Limits
from recovery_tracker.exchange.fhir import Person, bundle_of, bundle_text
from recovery_tracker.exchange.fhir_in import read_fhir

AT = datetime(2026, 6, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
KIM = Person("kim", "Kim", date(1961, 5, 2))
FUSED = Operation(date(2026, 1, 5), Region.LUMBAR)
TOLD = DiaryEntry(
    DAY,
    axial_pain=0,
    walking=2,
    temperature_c=celsius_of(101.4),
    temperature_f=101.4,
    strain=frozenset(),
    note="none",
    signs=frozenset({"fever"}),
    signs_asked=frozenset({"fever", "chills"}),
    recorded_at=datetime(2026, 3, 1, 20, 15, tzinfo=UTC),
    source=Source.IMPORT,
)
STEPS = tuple(PassiveValue(DAY, PassiveKind.STEPS, who, 4000.0) for who in ("phone", "watch"))


def bundle(*entries, passive=STEPS, flags=()):
    return bundle_of(KIM, (FUSED,), entries, passive, flags, at=AT)


def resources(made, kind):
    return [e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == kind]


def test_a_recovery_comes_back_from_its_bundle():
    archive, passive, left = read_fhir(json.loads(bundle_text(bundle(TOLD))), "B", "UTC")
    assert archive.entries == (TOLD,)
    assert archive.operations == (FUSED,)
    assert passive == STEPS
    assert left == ()


def test_everybody_of_the_demonstration_comes_back():
    for story in stories(AT)[:6]:
        entries = [
            replace(e, zone=None, source=Source.IMPORT, sign_changes={}, spoke_to_someone=None,
                    region=None, recorded_at=None)
            for e in story.history.entries
        ]  # fmt: skip
        told = tuple(e for e in entries if e.has_answers())
        made = bundle_of(KIM, story.history.operations, told, at=AT)
        archive, _, _ = read_fhir(made, "B", "UTC")
        assert archive.entries == told


def test_every_reference_leads_somewhere_and_ids_stay():
    flag = {"pattern": "nerve", "raised_on": DAY, "condition": "active", "evidence": {"a": 1}}
    made = bundle(TOLD, flags=[flag])
    urls = [entry["fullUrl"] for entry in made["entry"]]
    assert len(urls) == len(set(urls))

    def references(value):
        if isinstance(value, dict):
            if "reference" in value:
                yield value["reference"]
            for one in value.values():
                yield from references(one)
        elif isinstance(value, list):
            for one in value:
                yield from references(one)

    assert set(references(made)) <= set(urls)

    def nothing_empty(value):
        assert value not in ("", [], {}, None)
        for one in value.values() if isinstance(value, dict) else value:
            if isinstance(one, dict | list):
                nothing_empty(one)

    nothing_empty(made)
    later = bundle_of(KIM, (FUSED,), (TOLD,), STEPS, [flag], at=datetime(2027, 1, 1, tzinfo=UTC))
    assert [entry["fullUrl"] for entry in later["entry"]] == urls


def test_back_and_leg_differ_and_what_was_skipped_is_absent():
    made = bundle(replace(TOLD, limb_pain=6, signs=None))
    pains = {o["code"]["text"]: o for o in resources(made, "Observation")}
    assert pains["Back pain"]["bodySite"] == {"text": "Lower back"}
    assert pains["Back pain"]["valueQuantity"]["value"] == 0
    assert pains["Leg pain"]["bodySite"] == {"text": "Leg"}
    (response,) = resources(made, "QuestionnaireResponse")
    assert "signs" not in [item["linkId"] for item in response["item"]]
    assert "numbness" not in [item["linkId"] for item in response["item"]]


def observation(value, *, code="72514-3", **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2026-03-01T23:30:00Z",
        **value,
        **more,
    }


def test_pain_and_steps_of_others_are_read_in_three_shapes():
    leg = {"bodySite": {"text": "Left leg"}}
    coded = {"valueCodeableConcept": {"coding": [{"code": "LA6113-0", "display": "2 or more"}]}}
    found = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": one}
            for one in (
                observation({"valueInteger": 4}, **leg),
                observation({"valueQuantity": {"value": 7}}, bodySite={"text": "Lower back"}),
                observation({"valueInteger": 5}),
                observation(coded, bodySite={"text": "Neck"}),
                observation({"valueInteger": 4321}, code="41950-7", device={"display": "Band"}),
                {
                    "resourceType": "Procedure",
                    "code": {"text": "Posterior lumbar interbody fusion"},
                    "performedPeriod": {"start": "2026-01-05"},
                },
                {"resourceType": "AllergyIntolerance"},
            )
        ],
    }
    archive, passive, left = read_fhir(found, "B", "Europe/Berlin")
    (entry,) = archive.entries
    assert (entry.day, entry.limb_pain, entry.axial_pain) == (date(2026, 3, 2), 4, 7)
    assert archive.operations == (FUSED,)
    assert [(p.source, p.value) for p in passive] == [("Band", 4321)]
    assert tuple(map(str, left)) == (
        "AllergyIntolerance 1",
        "Observation 1",
        "Observation without a number 1",
    )


def test_neck_pain_of_others_never_becomes_back_pain():
    def read(*regions, sites=("Neck",)):
        found = {
            "resourceType": "Bundle",
            "entry": [
                {"resource": observation({"valueInteger": 4}, bodySite={"text": site})}
                for site in sites
            ],
        }
        return read_fhir(found, "B", "UTC", Limits(regions))

    with pytest.raises(RecoveryError, match="holds nothing that a diary holds"):
        read(Region.LUMBAR)
    archive, _, left = read(Region.LUMBAR, sites=("Neck", "Left leg"))
    assert [(e.axial_pain, e.limb_pain) for e in archive.entries] == [(None, 4)]
    assert tuple(map(str, left)) == ("pain of another part of the spine 1",)
    # The spine in general may be either, and of two operations the words decide.
    assert read(Region.CERVICAL, sites=("Spine",))[0].entries[0].axial_pain == 4
    for site, region in (("Neck", Region.CERVICAL), ("Lower back", Region.LUMBAR)):
        (entry,) = read(Region.LUMBAR, Region.CERVICAL, sites=(site,))[0].entries
        assert (entry.axial_pain, entry.region) == (4, region)


def test_a_bundle_without_anything_for_a_diary_is_named():
    for found in ({"resourceType": "Bundle", "type": "collection"}, {"resourceType": "Patient"}):
        with pytest.raises(RecoveryError, match="holds nothing that a diary holds"):
            read_fhir(found, "B", "UTC")
