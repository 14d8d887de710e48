"""FHIR R4: a recovery as one collection Bundle of plain dictionaries.

Ids are the same in every export. What was not answered is absent, never 0. Both pain scores have
one LOINC code: code text and body site distinguish back or neck from leg or arm. A diary day is a
date, with the time of recording as an instant. Every answer of a day is in its
QuestionnaireResponse; those that other programs know are also Observations.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from ..domain.diary import ANSWERS, DiaryEntry
from ..domain.measures import MEASURES, Kind
from ..domain.medicines import Medicine, dose_words
from ..domain.passive import PASSIVE_MEASURES, PassiveValue
from ..domain.people import Role
from ..domain.questionnaires import FORMS, FormScore
from ..domain.surgery import Operation, Region
from .cells import NONE, as_cell
from .fhir_names import (
    DOSE_UNITS,
    EVIDENCE,
    FORM_TITLE,
    LOINC,
    MEASURE,
    OBSERVED,
    PASSIVE_UNITS,
    SCORED,
    SITES,
    UCUM,
)

#: Ids come from this and what they stand for.
_IDS = UUID("b1f5d9a2-6c0e-5e53-9a35-0d7a5c1f6e21")
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Who the bundle is about; `key` makes every id in it."""

    key: str
    name: str
    birth_date: date | None = None


def bundle_of(
    person: Person,
    operations: Sequence[Operation],
    entries: Iterable[DiaryEntry],
    passive: Iterable[PassiveValue] = (),
    flags: Sequence[Mapping[str, Any]] = (),
    *,
    at: datetime,
    medicines: Sequence[Medicine] = (),
    scores: Iterable[FormScore] = (),
    report: bytes | None = None,
) -> Resource:
    """Everything as one collection Bundle; `at` is the time of the export.

    `flags` hold the fields of `FLAGS.csv` with `condition`; `report` is the PDF to hand out.
    """
    making = _Making(person, at)
    making.put("Patient", "patient", making.patient())
    latest = max(operations, key=lambda operation: operation.day, default=None)
    for one in operations:
        making.put("Procedure", f"operation/{one.day}/{one.region}", making.procedure(one))
    region = latest.region if latest else Region.LUMBAR
    making.put("Questionnaire", "questionnaire", making.questionnaire(region))
    for entry in entries:
        making.day(entry, entry.region or region)
    making.counted(sorted(passive))
    for medicine in medicines:
        key = f"medicine/{medicine.key}/{medicine.day}/{medicine.amount}/{medicine.times}"
        making.put("MedicationStatement", key, making.medicine(medicine))
    for score in dict.fromkeys(scores):
        key = f"score/{score.day}/{score.form}/{score.score:g}/{score.typed_by}"
        making.put("Observation", key, making.score(score))
    for flag in flags:
        key = f"flag/{flag.get('pattern')}/{flag.get('raised_on')}"
        making.put("Flag", key, making.flag(flag))
    if report is not None:
        making.put("DocumentReference", "report", making.document(report))
    making.put("Provenance", "provenance", making.provenance())
    return {
        "resourceType": "Bundle",
        "id": making.id("bundle"),
        "type": "collection",
        "timestamp": _instant(at),
        "entry": making.entries,
    }


def bundle_text(bundle: Resource) -> str:
    """The Bundle as JSON text."""
    return json.dumps(bundle, indent=1, ensure_ascii=False) + "\n"


class _Making:
    def __init__(self, person: Person, at: datetime) -> None:
        self.person, self.at = person, at
        self.entries: list[Resource] = []

    def id(self, key: str) -> str:
        return str(uuid5(_IDS, f"{self.person.key}/{key}"))

    def reference(self, key: str) -> Resource:
        return {"reference": f"urn:uuid:{self.id(key)}"}

    def put(self, kind: str, key: str, content: Resource) -> None:
        number = self.id(key)
        resource = {"resourceType": kind, "id": number, **content}
        self.entries.append({"fullUrl": f"urn:uuid:{number}", "resource": resource})

    def patient(self) -> Resource:
        found: Resource = {"name": [{"text": self.person.name}]} if self.person.name else {}
        if self.person.birth_date is not None:
            found["birthDate"] = self.person.birth_date.isoformat()
        return found

    def procedure(self, operation: Operation) -> Resource:
        is_done = operation.day <= self.at.date()
        return {
            "status": "completed" if is_done else "preparation",
            "code": {"text": f"Spinal fusion, {operation.region}"},
            "subject": self.reference("patient"),
            "performedDateTime": operation.day.isoformat(),
            "bodySite": [{"text": f"{operation.region} spine"}],
        }

    def questionnaire(self, region: Region) -> Resource:
        kinds = {Kind.NUMBER: "decimal", Kind.TEXT: "text", Kind.WORD: "string"}
        kinds |= {Kind.WORDS: "string"}
        items = [
            {
                "linkId": key,
                "text": measure.question_for(region),
                "type": kinds.get(measure.kind, "integer"),
                **({"repeats": True} if measure.kind is Kind.WORDS else {}),
            }
            for key, measure in MEASURES.items()
        ]
        items += [
            {"linkId": key, "text": text, "type": "string", "repeats": True}
            for key, text in (("signs", "Warning signs"), ("signs_asked", "Warning signs asked"))
        ]
        return {
            "url": f"urn:uuid:{self.id('questionnaire')}",
            "name": "RecoveryDiary",
            "title": FORM_TITLE,
            "status": "active",
            "item": items,
        }

    def day(self, entry: DiaryEntry, region: Region) -> None:
        """The answers of one day, and those that other programs know as Observations."""
        answers = [
            {"linkId": key, **_asked_as(key, entry), "answer": _answers(getattr(entry, key))}
            for key in (*ANSWERS, "signs_asked")
            if getattr(entry, key) is not None
        ]
        if not answers:
            return
        response: Resource = {
            "questionnaire": f"urn:uuid:{self.id('questionnaire')}",
            "status": "completed",
            "subject": self.reference("patient"),
            "authored": entry.day.isoformat(),
            "item": answers,
        }
        key = f"day/{entry.day}"
        self.put("QuestionnaireResponse", key, response)
        for measure in OBSERVED:
            if (value := getattr(entry, measure)) is not None:
                found = self.observation(entry, measure, float(value), region)
                found["derivedFrom"] = [self.reference(key)]
                self.put("Observation", f"{key}/{measure}", found)

    def observation(
        self, entry: DiaryEntry, measure: str, value: float, region: Region
    ) -> Resource:
        code, unit = OBSERVED[measure]
        if measure == "temperature_c" and entry.temperature_f is not None:
            value, code, unit = entry.temperature_f, "[degF]", "°F"
        kind = MEASURES[measure]
        found = self._value(
            kind.loinc, measure, kind.name_for(region), entry.day, value, code, unit
        )
        if (recorded := entry.recorded_here) is not None:
            found["issued"] = _instant(recorded)
        sites = dict(zip(("axial_pain", "limb_pain"), SITES[region], strict=True))
        if measure in sites:
            found["bodySite"] = {"text": sites[measure]}
        return found

    def counted(self, values: Sequence[PassiveValue]) -> None:
        """What devices counted, each value with its device."""
        for source in sorted({one.source for one in values}):
            self.put(
                "Device",
                f"device/{source}",
                {
                    "deviceName": [{"name": source, "type": "user-friendly-name"}],
                    "patient": self.reference("patient"),
                },
            )
        for one in values:
            measure, code = PASSIVE_MEASURES[one.kind], PASSIVE_UNITS[one.kind]
            found = self._value(
                measure.loinc, one.kind, measure.name, one.day, one.value, code,
                measure.unit or "steps",
            )  # fmt: skip
            found["device"] = self.reference(f"device/{one.source}")
            self.put("Observation", f"passive/{one.day}/{one.kind}/{one.source}", found)

    def score(self, one: FormScore) -> Resource:
        """A total of a form, and who copied it from there."""
        code, unit = SCORED[one.form]
        found = self._value("", one.form, FORMS[one.form].name, one.day, one.score, code, unit)
        is_own = one.typed_by is Role.PATIENT
        copied = self.reference("patient") if is_own else {"display": str(one.typed_by)}
        return found | {"performer": [copied]}

    def _value(
        self, loinc: str, key: str, name: str, day: date, value: float, code: str, unit: str
    ) -> Resource:
        codings = [{"system": LOINC, "code": loinc}] if loinc else []
        codings.append({"system": MEASURE, "code": str(key)})
        number = _decimal(value)
        return {
            "status": "final",
            "category": [{"coding": [{"system": _CATEGORY, "code": "survey"}]}],
            "code": {"coding": codings, "text": name},
            "subject": self.reference("patient"),
            "effectiveDateTime": day.isoformat(),
            "valueQuantity": {"value": number, "unit": unit, "system": UCUM, "code": code},
        }

    def flag(self, flag: Mapping[str, Any]) -> Resource:
        is_active = flag.get("condition") == "active"
        period = {"start": _day(flag.get("raised_on")), "end": _day(flag.get("cleared_on"))}
        found: Resource = {
            "status": "active" if is_active else "inactive",
            "code": {"text": str(flag.get("summary") or flag.get("pattern"))},
            "subject": self.reference("patient"),
            "period": {key: value for key, value in period.items() if value},
        }
        if evidence := flag.get("evidence"):
            text = json.dumps(evidence, ensure_ascii=False, sort_keys=True, default=as_cell)
            found["extension"] = [{"url": EVIDENCE, "valueString": text}]
        return found

    def medicine(self, one: Medicine) -> Resource:
        """A medicine at one dose, as the person says it."""
        ended = one.until is not None and one.until < self.at.date()
        period = {"start": one.day.isoformat()}
        if one.until is not None:
            period["end"] = one.until.isoformat()
        found: Resource = {
            "status": "completed" if ended else "active",
            "medicationCodeableConcept": {"text": one.name},
            "subject": self.reference("patient"),
            "effectivePeriod": period,
            "informationSource": self.reference("patient"),
        }
        dosage: Resource = {"text": dose_words(one)} if dose_words(one) else {}
        if one.times is not None:
            often = one.times >= 1 and float(one.times).is_integer()
            repeat: Resource = {"frequency": int(one.times) if often else 1, "periodUnit": "d"}
            repeat["period"] = 1 if often else round(1 / one.times, 6)
            dosage["timing"] = {"repeat": repeat}
        if one.amount is not None:
            quantity: Resource = {"value": _decimal(one.amount), "unit": one.unit}
            if one.unit in DOSE_UNITS:
                quantity |= {"system": UCUM, "code": DOSE_UNITS[one.unit]}
            dosage["doseAndRate"] = [{"doseQuantity": quantity}]
        return found | ({"dosage": [dosage]} if dosage else {})

    def document(self, report: bytes) -> Resource:
        attachment = {
            "contentType": "application/pdf",
            "data": b64encode(report).decode(),
            "title": "Recovery report",
        }
        return {
            "status": "current",
            "type": {"text": "Recovery report"},
            "subject": self.reference("patient"),
            "date": _instant(self.at),
            "content": [{"attachment": attachment}],
        }

    def provenance(self) -> Resource:
        return {
            "target": [{"reference": one["fullUrl"]} for one in self.entries],
            "recorded": _instant(self.at),
            "agent": [{"who": self.reference("patient")}],
        }


def _decimal(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 4)


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _instant(at: datetime) -> str:
    text = at.isoformat(timespec="seconds")
    return text if at.utcoffset() is not None else f"{text}+00:00"


def _asked_as(key: str, entry: DiaryEntry) -> Resource:
    """The words of the person's own question, which the questionnaire does not hold."""
    words = entry.own_question if key == "own_item" else None
    return {"text": words} if words else {}


def _answers(value: Any) -> list[Resource]:
    if isinstance(value, frozenset):
        return [{"valueString": word} for word in sorted(value) or [NONE]]
    if isinstance(value, str):
        return [{"valueString": value}]
    if isinstance(value, float):
        return [{"valueDecimal": value}]
    return [{"valueInteger": value}]
