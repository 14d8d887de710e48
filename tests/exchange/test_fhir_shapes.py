"""Whatever type of JSON stands anywhere in a bundle, it is read, counted as left out, or refused in
words; nothing of it ends in an error of the program, and nothing goes without a word."""

import copy
import json
from datetime import UTC, date, datetime

import pytest

from recovery_tracker.domain.diary import ANSWERS, DiaryEntry
from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.history import DAILY
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.exchange.daily_lists import json_of
from recovery_tracker.exchange.fhir import Person, bundle_of
from recovery_tracker.exchange.fhir_in import read_fhir
from recovery_tracker.exchange.incoming import Incoming

AT = datetime(2026, 6, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
FUSED = Operation(date(2026, 1, 5), Region.LUMBAR)
LOINC = "http://loinc.org"
#: One of every type, the shapes that look like a resource's parts, and texts no disk can hold.
STRANGE = (
    *("null", "true", "3", "-1", "1e400", "NaN", '"x"', '""', "[]", "{}", '["x"]', "[[]]", "[{}]"),
    *(
        "[null]",
        '{"x": []}',
        '{"reference": []}',
        '[{"value": {"x": 1}}]',
        r'"\ud800"',
        r'"\u0000"',
    ),
    *('"0001-01-01T00:00:00+14:00"', '"2199-12-31T23:59:59-14:00"', "9" * 400),
)


def ours():
    entry = DiaryEntry(
        DAY,
        axial_pain=4,
        strain=frozenset({"lifting"}),
        note="a walk",
        own_item=3,
        own_question="Stiff?",
        recorded_at=AT.replace(month=3, day=1),
    )
    made = bundle_of(
        Person("kim", "Kim", date(1961, 5, 2)),
        (FUSED,),
        (entry,),
        (PassiveValue(DAY, PassiveKind.STEPS, "watch", 4000.0),),
        at=AT,
        medicines=(Medicine(DAY, "Ibuprofen", 400, "mg", 2, date(2026, 3, 9)),),
        scores=(FormScore(DAY, "odi_percent", 40.0, Role.CLINICIAN),),
    )
    for one in made["entry"]:  # Of what is alike, a few are enough.
        for key in ("item", "target"):
            if key in one["resource"]:
                one["resource"][key] = one["resource"][key][:4]
    return made


def anothers():
    def seen(code, words, **more):
        coding = [{"system": LOINC, "code": code, "display": words}]
        return {
            "resourceType": "Observation",
            "id": f"o{len(more)}",
            "meta": {"versionId": "1", "lastUpdated": "2026-03-01T08:00:00Z"},
            "status": "final",
            "code": {"coding": coding, "text": words},
            "subject": {"reference": "Patient/a"},
            **more,
        }

    number = {"system": "s", "value": "1"}
    inside = [{"resourceType": "Patient", "id": "p", "identifier": number}]
    day = {"start": "2026-03-02T00:00:00Z", "end": "2026-03-02T23:59:59Z"}
    found = [
        {"resourceType": "Patient", "id": "a", "birthDate": "1961-05-02",
         "name": [{"given": ["Ana"], "family": "Lund"}], "identifier": [number]},
        seen("72514-3", "Pain", bodySite={"text": "Lower back", "coding": [{"display": "Back"}]},
             effectiveInstant="2026-03-03T08:00:00Z", issued="2026-03-03T08:00:00Z",
             valueCodeableConcept={"coding": [{"display": "4"}], "text": "4"}),
        seen("41950-7", "Steps", effectivePeriod=day, device={"display": "Ring"},
             valueQuantity={"value": 5000, "unit": "steps/day", "code": "{steps}/d"}),
        seen("72514-3", "Leg pain", effectiveDateTime="2026-03-04", valueInteger=3,
             contained=inside) | {"subject": {"reference": "#p"}},
        {"resourceType": "Procedure", "status": "completed", "bodySite": [{"text": "Lumbar spine"}],
         "code": {"coding": [{"display": "Lumbar spinal fusion"}]},
         "performedPeriod": {"start": "2026-01-05", "end": "2026-01-05"},
         "subject": {"identifier": number}},
        {"resourceType": "MedicationStatement", "status": "active",
         "medicationCodeableConcept": {"text": "Oxycodone"}, "effectiveDateTime": "2026-02-01",
         "subject": {"display": "Anna"}},
    ]  # fmt: skip
    entry = [
        {"fullUrl": f"http://x/fhir/{one['resourceType']}/{at}", "resource": one,
         "request": {"method": "PUT", "url": f"{one['resourceType']}/{at}"},
         "response": {"etag": 'W/"1"'}}
        for at, one in enumerate(found)
    ]  # fmt: skip
    link = [{"relation": "self", "url": "http://x/"}]
    return {"resourceType": "Bundle", "type": "history", "link": link, "entry": entry}


def paths(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(one, (*path, key))


def set_at(document, path, mark):
    whole = {"": copy.deepcopy(document)}
    place = whole
    for key in ("", *path)[:-1]:
        place = place[key]
    place[("", *path)[-1]] = mark
    return whole[""]


def told_of(content):
    """How many things were read and left out; every text of them is one that a page can show."""
    archive, passive, left = read_fhir(json_of(content.encode()), "B", "Pacific/Auckland")
    assert Incoming("FHIR", archive, passive).content((FUSED,), DAILY).history
    words = [archive.name, *map(str, left), *(one.name for one in archive.medicines)]
    for entry in archive.entries:
        words += (entry.note or "", entry.own_question or "")
    assert b"\0" not in "".join(words).encode()
    answers = sum(getattr(e, key) is not None for e in archive.entries for key in ANSWERS)
    others = (*archive.operations, *archive.medicines, *archive.scores, *passive)
    return answers + len(others), len(left)


def goes_without_a_word(text, most):
    """What is wrong with how a text is read; "" if nothing is."""
    try:
        read, left = told_of(text)
    except RecoveryError:
        return ""
    except Exception as error:  # Every one is told of, not only the first.
        return repr(error)
    return "" if left or read >= most else "went without a word"


@pytest.mark.parametrize("whole", [ours(), anothers()], ids=["ours", "another's"])
def test_any_json_anywhere_is_read_left_out_and_counted_or_refused_in_words(whole):
    most, _ = told_of(json.dumps(whole))
    assert most > 4
    wrong = []
    for path in list(paths(whole))[1:]:
        text = json.dumps(set_at(whole, path, "MARK"))
        for strange in STRANGE:
            if path[-1] == "answer" and strange in ("null", "[]"):
                continue  # This is how a question without an answer is written.
            if said := goes_without_a_word(text.replace('"MARK"', strange), most):
                wrong.append((path, strange, said))
    assert not wrong, f"{len(wrong)} such as {wrong[:12]}"
