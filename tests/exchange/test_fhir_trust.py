"""What a FHIR resource takes back, denies or qualifies is never read as a value."""

import json

import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.exchange.fhir_in import read_fhir

LOINC = "http://loinc.org"


def observation(code="72514-3", words="Back pain", **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}], "text": words},
        "effectiveDateTime": "2026-03-01",
        **more,
    }


def pain(value=4, **more):
    return observation(**{"valueInteger": value} | more)


def steps(value=5000, unit="", **more):
    return observation("41950-7", "Steps", valueQuantity={"value": value, "unit": unit}, **more)


def procedure(words="Lumbar spinal fusion", **more):
    done = {"status": "completed", "performedDateTime": "2026-01-05"}
    return {"resourceType": "Procedure", "code": {"text": words}} | done | more


def medicine(status, **more):
    return {
        "resourceType": "MedicationStatement",
        "status": status,
        "medicationCodeableConcept": {"text": "Oxycodone"},
        "effectivePeriod": {"start": "2026-02-01"} | more,
    }


def read(*resources, **bundle):
    document = {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}
    return read_fhir(json.loads(json.dumps(document | bundle)), "B", "Europe/Berlin")


def kept(*resources):
    """How many days, counts, operations and medicines were read; none if all were left out."""
    try:
        archive, passive, _ = read(*resources)
    except RecoveryError as error:
        return 0 if "a diary holds. Left out: " in str(error) else -1
    return len(archive.entries + passive + archive.operations + archive.medicines)


def of(start, end):
    return {"effectiveDateTime": None, "effectivePeriod": {"start": start, "end": end}}


def test_what_was_taken_back_or_never_happened_is_left_out():
    nothing = {"coding": [{"code": "asked-declined"}]}
    for one in (
        *(pain(status=said) for said in ("cancelled", "registered", "unknown", "entered-in-error")),
        pain(0, dataAbsentReason=nothing),
        pain(modifierExtension=[{"url": "https://example.org/denied", "valueBoolean": True}]),
        pain(focus=[{"reference": "RelatedPerson/mother"}]),
        pain(subject={"reference": "Group/ward"}),
        pain(subject={"reference": "http://example.org/Device/1"}),
        *(procedure(status=said) for said in ("not-done", "entered-in-error", "stopped", 5)),
        procedure("Lumbar decompression without fusion"),
        procedure("Removal of lumbar fusion hardware"),
        *(medicine(said) for said in ("intended", "on-hold", "unknown", "not-taken")),
        medicine("stopped"),
        medicine("completed"),
    ):
        assert kept(one) == 0, one
    for one in (
        *(pain(status=said) for said in ("final", "amended", "corrected", "preliminary")),
        pain(subject={"reference": "Patient/a"}),
        procedure("Lumbar fusion with removal of the disc"),
        medicine("active"),
        medicine("stopped", end="2026-02-20"),
    ):
        assert kept(one) == 1, one


def test_a_bound_is_no_value():
    for sign in ("<", "<=", ">", ">=", "ad"):
        quantity = {"value": 4, "comparator": sign}
        assert kept(observation(valueQuantity=quantity)) == 0
        assert kept(observation("41950-7", valueQuantity=quantity)) == 0


def test_a_week_is_no_day_and_an_hour_is_none():
    week = of("2026-03-01", "2026-03-07")
    assert kept(pain(**week)) == kept(steps(**week)) == kept(pain(words="Back pain, 7 days")) == 0
    assert kept(pain(**of("2026-03-02", "2026-03-01"))) == kept(pain(**of("2026-03-01", "?"))) == 0
    hour = of("2026-03-01T10:00:00+01:00", "2026-03-01T11:00:00+01:00")
    assert kept(steps(500, **hour)) == 0
    assert kept(pain(**hour)) == 1
    # The day on which clocks go back has 25 hours.
    for day in (
        of("2026-03-01", "2026-03-01"),
        of("2025-10-26T00:00:00+02:00", "2025-10-27T00:00:00+01:00"),
    ):
        assert kept(pain(**day)) == kept(steps(**day)) == 1


def test_a_score_is_of_the_day_on_which_its_time_begins():
    begun = {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-03-01T23:30:00Z"}}
    at = {"effectiveDateTime": None, "effectiveInstant": "2026-03-01T23:30:00Z"}
    for time in (begun, at):
        (entry,) = read(pain(**time))[0].entries
        assert str(entry.day) == "2026-03-02"
    # Nobody knows for how long these steps were counted.
    assert kept(steps(**begun)) == 0
    assert kept(pain(effectiveDateTime=None, effectivePeriod={"end": "2026-03-01"})) == 0


def test_what_is_left_out_says_why():
    week = of("2026-03-01", "2026-03-07")
    left = (pain(**week), pain(status="cancelled"), pain(None), steps(**week), medicine("intended"))
    assert tuple(map(str, read(pain(), *left)[2])) == (
        "MedicationStatement ruled out by its status, its subject or a qualifier 1",
        "Observation of no single day 2",
        "Observation ruled out by its status, its subject or a qualifier 1",
        "Observation without a number 1",
    )


def test_only_steps_of_a_day_are_steps_of_a_day():
    for unit in ("steps/min", "{steps}/h", "steps/week", "km", "steps per hour", "k"):
        assert kept(steps(unit=unit)) == 0, unit
    for unit in (
        "",
        "1",
        "steps",
        "{steps}",
        "{steps}/d",
        "steps/day",
        "count",
        "steps per 24 hours",
    ):
        assert kept(steps(unit=unit)) == 1, unit


def test_the_back_of_a_hand_is_no_back():
    for site in ("Back of hand", "Neck of femur", "Femoral neck"):
        assert kept(pain(words="Pain", bodySite={"text": site})) == 0


def test_two_people_are_never_one():
    other = {"effectiveDateTime": "2026-03-02"}
    for first, second in (
        ({"reference": "Patient/a"}, {"reference": "Patient/b"}),
        ({"reference": "Patient/a"}, {"reference": "https://example.org/fhir/Patient/b"}),
        (
            {"identifier": {"system": "s", "value": "1"}},
            {"identifier": {"system": "s", "value": "2"}},
        ),
        ({"display": "Anna"}, {"display": "Bernd"}),
        ({"display": "Smith, Ann"}, {"display": "Smith, Bob"}),
        ({"display": "王小明"}, {"display": "王大明"}),
        ({"display": "?"}, {"display": "!"}),
    ):
        with pytest.raises(RecoveryError, match="about several people"):
            read(pain(subject=first), pain(subject=second, **other))
    for first, second in (
        (
            {"reference": "Patient/a"},
            {"reference": "https://example.org/fhir/Patient/a/_history/2"},
        ),
        ({"reference": "Patient/a"}, {"display": "Anna"}),
        ({"display": "Smith, Ann"}, {"display": "Ann SMITH"}),
        ({"display": "O'Neil-Roe,Ann"}, {"display": "Ann O’Neil Roe"}),
        (
            {"identifier": {"system": "s", "value": "1"}},
            {"identifier": {"system": "t", "value": "2"}},
        ),
    ):
        assert kept(pain(subject=first), pain(subject=second, **other)) == 2
    inside = [{"resourceType": "Patient", "id": "p", "name": [{"text": "Anna"}]}]
    mine = {"contained": inside, "subject": {"reference": "#p"}}
    assert kept(pain(**mine), pain(**mine, **other)) == 2
    assert kept(pain(**mine), pain(subject={"display": "Anna"}, **other)) == 2
    bernd = [inside[0] | {"name": [{"text": "Bernd"}]}]
    with pytest.raises(RecoveryError, match="about several people"):
        read(pain(**mine), pain(**mine | {"contained": bernd}, **other))


def test_an_address_of_a_bundle_and_an_id_are_the_same_person():
    entry = [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "a"}},
        {"resource": pain(subject={"reference": "urn:uuid:1"})},
        {"resource": pain(subject={"reference": "Patient/a"}, effectiveDateTime="2026-03-02")},
    ]
    assert len(read(entry=entry)[0].entries) == 2


def test_of_a_history_the_newest_version_counts():
    address = "https://example.org/Observation/1"
    newest = [{"fullUrl": address, "resource": pain(2)}, {"fullUrl": address, "resource": pain(9)}]
    (entry,) = read(type="history", entry=newest)[0].entries
    assert entry.axial_pain == 2
    deleted = {"fullUrl": address, "request": {"method": "DELETE", "url": "Observation/1"}}
    with pytest.raises(RecoveryError, match="holds nothing"):
        read(type="history", entry=[deleted, newest[1]])


def test_of_several_versions_of_one_resource_the_newest_counts():
    """A bundle may hold more than one, and the older of them is no further pain of the day."""
    address = "https://example.org/Observation/1"
    old = pain(9, meta={"versionId": "9", "lastUpdated": "2026-03-01T08:00:00Z"})
    new = pain(4, meta={"versionId": "10"}, status="corrected")
    for listed in ([old, new], [new, old]):
        entry = [{"fullUrl": address, "resource": one} for one in listed]
        assert read(type="searchset", entry=entry)[0].entries[0].axial_pain == 4
    withdrawn = {"fullUrl": address, "resource": new | {"status": "entered-in-error"}}
    with pytest.raises(RecoveryError, match="Left out"):
        read(type="collection", entry=[{"fullUrl": address, "resource": old}, withdrawn])
    # Without a version nobody knows which was first: the worst counts, as of any two.
    entry = [{"fullUrl": address, "resource": one} for one in (pain(4), pain(9))]
    assert read(type="collection", entry=entry)[0].entries[0].axial_pain == 9


def test_what_a_transaction_deletes_is_not_read():
    deleted = {"resource": pain(9), "request": {"method": "DELETE", "url": "Observation/1"}}
    day = {"resource": pain(4, effectiveDateTime="2026-03-02")}
    (entry,) = read(type="transaction", entry=[deleted, day])[0].entries
    assert str(entry.day) == "2026-03-02"


def test_a_thing_beside_a_person_is_no_second_person():
    mine = {"subject": {"reference": "Patient/a"}}
    archive, _, left = read(pain(**mine), steps(subject={"reference": "Device/1"}))
    assert len(archive.entries) == 1
    assert len(left) == 1


def test_answers_of_another_form_are_not_read_whatever_its_questions_are_called():
    """Three hours of sleep are no "trouble sleeping: 3"."""
    ours = {"resourceType": "Questionnaire", "url": "urn:uuid:1", "title": "Recovery diary"}
    theirs = {"resourceType": "Questionnaire", "url": "urn:uuid:2", "title": "Sleep"}
    said = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "authored": "2026-03-01",
        "item": [{"linkId": "sleep", "answer": [{"valueInteger": 3}]}],
    }
    day = pain(effectiveDateTime="2026-03-02")
    for form in ("urn:uuid:2", "https://example.org/sleep|2.0", None):
        archive, _, left = read(ours, theirs, day, said | {"questionnaire": form})
        assert [entry.sleep for entry in archive.entries] == [None], form
        assert list(map(str, left)) == ["QuestionnaireResponse 1"]
    (entry,) = read(ours, said | {"questionnaire": "urn:uuid:1"})[0].entries
    assert entry.sleep == 3
    # What cannot be read in a form of ours is told of.
    wrong = said | {"questionnaire": "urn:uuid:1"}
    wrong["item"] = [*said["item"], {"linkId": "axial_pain", "answer": [{"valueInteger": 11}]}]
    assert list(map(str, read(ours, wrong)[2])) == ["answers that cannot be read 1"]


def test_how_often_a_medicine_is_taken_is_read_only_where_one_number_is_said():
    def dosed(**more):
        repeat = {"frequency": 4, "period": 1, "periodUnit": "d"} | more.pop("repeat", {})
        rate = [{"doseQuantity": {"value": 50, "unit": "mg"}}]
        return {"timing": {"repeat": repeat}, "doseAndRate": rate} | more

    def taken(*dosage):
        (found,) = read(medicine("active") | {"dosage": list(dosage)})[0].medicines
        return found.amount, found.times

    assert taken(dosed()) == (50, 4)
    assert taken(dosed(asNeededBoolean=False)) == (50, 4)
    for more in (
        {"asNeededBoolean": True},
        {"asNeededCodeableConcept": {"text": "pain"}},
        {"repeat": {"frequencyMax": 6}},
        {"repeat": {"periodMax": 2}},
    ):
        assert taken(dosed(**more)) == (50, None), more
    assert taken(dosed(), dosed()) == (None, None)


def test_a_number_that_was_not_felt_there_is_no_pain_of_the_day():
    for words in (
        "Acceptable back pain (goal)",
        "Expected back pain after surgery",
        "Least leg pain today",
        "Pain other than back pain",
        "Pain at IV site, left arm",
        "Backside pain",
        "Low back pain without radiation to the leg",
        "Low back pain without radiation to the groin",
        "Low back pain without sciatica",
        "Pain not of the back",
        "Pain without back pain",
        "Backpacking pain",
        "Pain, feedback to the armchair",
    ):
        assert kept(observation(words=words, valueInteger=4)) == 0, words
    for words in (
        *("Backache", "Leg pain", "Worst back pain today", "Lumbosacral pain", "Backpain"),
        *("Legpain", "Neckpain", "Low back pain without radiation", "Back pain, not radiating"),
        *("Low back pain, not otherwise specified", "Non-radiating low back pain"),
    ):
        assert kept(observation(words=words, valueInteger=4)) == 1, words


def test_steps_of_an_unspecified_time_at_a_moment_are_not_those_of_its_day():
    def counted(at, unit="", code="55423-8"):
        return kept(
            observation(
                code,
                "Steps",
                effectiveDateTime=at,
                valueQuantity={"value": 321, "unit": unit},
            )
        )

    assert counted("2026-03-01T08:05:00+01:00") == 0
    assert counted("2026-03-01T08:05:00+01:00", code="41950-7") == 1  # In 24 hours, it says.
    assert counted("2026-03-01T21:05:00+01:00", "steps/day") == 1
    assert counted("2026-03-01") == counted("2026-03-01T00:00:00+01:00") == 1


def test_one_page_of_a_search_says_that_there_are_more():
    link = [{"relation": "next", "url": "https://example.org/?page=2"}]
    (left,) = read(pain(), type="searchset", link=link)[2]
    assert str(left) == "further pages of a search 1"


def test_values_of_another_shape_are_left_out_and_stop_nothing():
    response = {"resourceType": "QuestionnaireResponse", "authored": "2026-03-02"}
    for strange in ([], {}, 5, None, [[]]):
        listed = (
            {"resourceType": strange},
            response | {"item": [{"linkId": strange, "answer": [{"valueInteger": 4}]}]},
            pain(status=strange, effectiveDateTime="2026-03-03"),
            pain(subject={"reference": strange}, effectiveDateTime="2026-03-04"),
        )
        archive, _, left = read(pain(), *listed)
        assert archive.entries
        assert left


def test_a_number_beyond_all_bounds_is_left_out():
    for huge in (10**400, 1e308, -(10**400)):
        often = {"timing": {"repeat": {"frequency": huge, "period": 1, "periodUnit": "d"}}}
        (taken,) = read(medicine("active") | {"dosage": [often]})[0].medicines
        assert taken.times is None
        assert kept(pain(huge)) == kept(steps(huge)) == 0


def test_what_was_left_out_is_a_short_list_whatever_it_is_called():
    strange = [{"resourceType": name} for name in ("<b>", "k" * 9000, "\x1b[2J")]
    assert list(map(str, read(pain(), *strange)[2])) == ["resources of no type 3"]
    many = [{"resourceType": f"T{chr(97 + n // 26)}{chr(97 + n % 26)}"} for n in range(300)]
    left = read(pain(), *many)[2]
    assert len(left) == 41
    assert str(left[-1]) == "resources of other kinds: 260"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        (5, ""),
        ({"text": "Ana"}, ""),
        ([5], ""),
        ([{"given": 5, "family": "Lund"}], "Lund"),
        ([{"given": "Ana", "family": "Lund"}], "Lund"),
        ([{"given": ["Ana", 5], "family": "Lund"}], "Ana Lund"),
        ([{"text": 5}], ""),
        ([{"text": "Ana Lund", "family": "Smith"}], "Ana Lund"),
    ],
)
def test_a_name_of_another_shape_stops_no_file(name, called):
    patient = {"resourceType": "Patient", "name": name, "birthDate": 1961}
    entries = [{"resource": one} for one in (patient, pain())]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    archive = read_fhir(bundle, "a.json", "UTC")[0]
    assert (archive.name, archive.birth_date) == (called, None)
