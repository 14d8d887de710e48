"""Reading FHIR R4: our own Bundle, and pain, steps and operations from other programs.

Values come in three forms (Quantity, integer, coded); a coded answer counts if its display is a
whole number, because answer lists differ. Pain without a place is left out: it may be back or leg.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.diary import ANSWERS, OWN_QUESTION_LENGTH, DiaryEntry, Source, celsius_of
from ..domain.errors import InvalidEntry
from ..domain.language import N_, Said, both
from ..domain.measures import MEASURES, Kind
from ..domain.medicines import Medicine
from ..domain.passive import PASSIVE_MEASURES, PassiveKind, PassiveValue
from ..domain.people import AUTHOR_ROLES, Role
from ..domain.questionnaires import FORMS, FormScore, read_score
from ..domain.surgery import Operation, Region
from .archive import Archive
from .cells import DIARY_READERS, birth_day, civil_day, instant
from .daily import largest, plausible, source_name
from .diary_csv import ANYTHING, Limits, recorded_problem
from .fhir_names import FORM_TITLE, MEASURE
from .fhir_trust import (
    counts_a_day,
    has_more_pages,
    is_longer_than_a_day,
    is_most_of_a_day,
    refuse_several,
    says_a_day,
    stands,
)
from .fhir_values import (
    answer_of,
    codes_of,
    dose_of,
    first_of,
    is_fusion,
    is_instant,
    is_of_ten,
    name_in,
    number_in,
    pain_in,
    parts_named,
    start_of,
    subject_of,
    text_in,
    texts_of,
    times_a_day,
)
from .fhir_versions import resources_of
from .problems import refusal

#: LOINC codes that others use: pain on a scale of 0 to 10, and steps in a day.
_OF_DAY = "41950-7"
_PAIN, _STEPS = frozenset({"72514-3"}), frozenset({_OF_DAY, "55423-8"})
#: A word that can be a type of resource; FHIR has some 150, the longest of 33 letters.
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,39}")
#: Resources that say who, with what and in which words; nothing of a diary is lost with them.
_BESIDE = frozenset({"Patient", "Device", "Questionnaire", "Provenance"})
_RULED_OUT = N_("{kind} ruled out by its status, its subject or a qualifier")
_NO_TYPE = Said(N_("resources of no type"))
_MORE_PAGES = Said(N_("further pages of a search"))
_NO_SINGLE_DAY = Said(N_("Observation of no single day"))
_NO_ANSWER = Said(N_("answers that cannot be read"))
_NO_NUMBER = Said(N_("Observation without a number"))
_OTHER_STEPS = Said(N_("steps that are not those of a day"))
_NO_TIME = Said(N_("times of recording"))
_OTHER_SCALE = Said(N_("pain on another scale"))
_LOWER_PAIN = Said(N_("lower pain of the same day"))
_OTHER_PART = Said(N_("pain of another part of the spine"))
_OUT_OF_BOUNDS = Said(N_("days out of bounds"))
_NOTHING = Said(N_("This file is FHIR. It holds nothing that a diary holds."))
_TO_COME = Said(N_("This file holds a day that is still to come."))
#: Kinds that are listed as left out; a record of a hospital has some dozens. Our default.
MOST_KINDS = 40
_PAINS = ("axial_pain", "limb_pain")
Found = tuple[Archive, tuple[PassiveValue, ...], tuple[Said, ...]]


def read_fhir(
    document: Mapping[str, Any], name: str, zone: str, limits: Limits = ANYTHING
) -> Found:
    """Days, operations and passive values of the document, and what was left out.

    Raises:
        RecoveryError: it contains nothing that a diary holds.
    """
    resources = list(resources_of(document))
    reading = _Reading(name, zone, _forms_of_ours(one for _, one in resources))
    refuse_several(resources, name)
    devices = {url: one for url, one in resources if one.get("resourceType") == "Device"}
    for _, one in resources:
        reading.take(one, devices)
    if has_more_pages(document):
        reading.left_out[_MORE_PAGES] += 1
    entries = reading.entries(limits)
    others = (reading.passive, reading.operations, reading.medicines, reading.scores)
    left = _listed(reading.left_out)
    if not (entries or any(others)):
        raise refusal(name, both(_NOTHING, _all_left_out(left)) if left else _NOTHING)
    patients = [one for _, one in resources if one.get("resourceType") == "Patient"]
    whose = patients[0] if patients else {}
    archive = Archive(
        name=name_in(whose),
        birth_date=birth_day(whose.get("birthDate")),
        entries=entries,
        operations=tuple(reading.operations),
        medicines=tuple(reading.medicines),
        scores=tuple(reading.scores),
    )
    return archive, largest(reading.passive), left


def _forms_of_ours(resources: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """By what our own form of a day is called in a document, which holds the form itself."""
    return frozenset(
        text_in(one, "url")
        for one in resources
        if one.get("resourceType") == "Questionnaire" and one.get("title") == FORM_TITLE
    ) - {""}


def _all_left_out(left: Sequence[Said]) -> Said:
    listed = left[0]
    for one in left[1:]:
        listed = Said(N_("{some}, {one}"), some=listed, one=one)
    return Said(N_("Left out: {what}."), what=listed)


def _listed(left_out: Counter[Said]) -> tuple[Said, ...]:
    """What was left out and how often, by name; of very many kinds those that were most."""
    most = dict(left_out.most_common(MOST_KINDS))
    more = len(left_out) - len(most)
    rest = (Said(N_("resources of other kinds: {count}"), count=more),) if more else ()
    ordered = sorted(most.items(), key=lambda one: str(one[0]))
    return (*(Said(N_("{what} {count}"), what=kind, count=n) for kind, n in ordered), *rest)


def _named(kind: str) -> Said:
    """The type of a resource, which is a name and no sentence."""
    return Said("{kind}", kind=kind) if _TYPE.fullmatch(kind) else _NO_TYPE


class _Reading:
    def __init__(self, name: str, zone: str, forms: Collection[str]) -> None:
        self.name, self.zone, self._forms = name, ZoneInfo(zone), forms
        self.passive: list[PassiveValue] = []
        self.operations: list[Operation] = []
        self.medicines: list[Medicine] = []
        self.scores: list[FormScore] = []
        self.left_out: Counter[Said] = Counter()
        self._answers: dict[date, dict[str, Any]] = {}
        #: The parts of the spine that a pain was said to be of, by day and measure.
        self._parts: dict[tuple[date, str], frozenset[Region]] = {}

    def take(self, one: Mapping[str, Any], devices: Mapping[str, Mapping[str, Any]]) -> None:
        kind = text_in(one, "resourceType")
        reader = {
            "QuestionnaireResponse": self._response,
            "Procedure": self._procedure,
            "MedicationStatement": self._medicine,
        }.get(kind)
        if not stands(one) and kind not in _BESIDE:
            self.left_out[Said(_RULED_OUT, kind=_named(kind))] += 1
            return
        if kind == "Observation":
            is_taken = self._observation(one, devices)
        else:
            is_taken = reader is not None and reader(one)
        if not is_taken and kind not in _BESIDE:
            self.left_out[_named(kind)] += 1

    def _day(self, text: Any) -> date | None:
        """A date as it is; for an instant, the civil day in the person's zone."""
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)):
                return civil_day(str(text))
            return instant(str(text)).astimezone(self.zone).date()
        except ValueError:
            return None

    def _instant(self, text: Any, last: time) -> datetime | None:
        """The instant that a bound of a time means; of a date alone, this time of that day."""
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)):
                return datetime.combine(civil_day(str(text)), last, self.zone)
            return instant(str(text))
        except ValueError:
            return None

    def _time_of(self, one: Mapping[str, Any]) -> tuple[date | None, bool]:
        """The day that an Observation is about, and whether its time is only part of one, or has no
        end; None where it is not about one day."""
        period = one.get("effectivePeriod")
        at = one.get("effectiveDateTime") or one.get("effectiveInstant")
        if at or not isinstance(period, dict):
            return self._day(at), False
        if period.get("end") is None:
            return self._day(period.get("start")), True
        start = self._instant(period.get("start"), time())
        end = self._instant(period.get("end"), time(23, 59, 59))
        if start is None or end is None or end < start or is_longer_than_a_day(start, end):
            return None, False
        return self._day(period.get("start")), not is_most_of_a_day(start, end)

    def _response(self, one: Mapping[str, Any]) -> bool:
        day, items = self._day(one.get("authored")), one.get("item")
        # Another form may call its questions "sleep" or "note" too, and mean something else.
        is_ours = text_in(one, "questionnaire") in self._forms
        if day is None or not isinstance(items, list) or not is_ours:
            return False
        found: dict[str, Any] = {}
        for item in items:
            key = text_in(item, "linkId")
            said = item.get("answer") if key else item
            is_known = key in DIARY_READERS and (key in ANSWERS or key == "signs_asked")
            value = answer_of(key, said) if is_known else None
            if value is not None:
                found[key] = value
                if key == "own_item" and (words := text_in(item, "text")):
                    found["own_question"] = words[:OWN_QUESTION_LENGTH]
            elif not key or said not in (None, []):
                self.left_out[_NO_ANSWER] += 1
        self._answers.setdefault(day, {}).update(found)
        return bool(found)

    def _observation(
        self, one: Mapping[str, Any], devices: Mapping[str, Mapping[str, Any]]
    ) -> bool:
        day, is_part = self._time_of(one)
        codes = codes_of(one.get("code"))
        number = number_in(one)
        own = next((code for system, code in codes if system == MEASURE), "")
        if day is None or number is None:
            is_ours = bool(own or {code for _, code in codes} & (_PAIN | _STEPS))
            if is_ours:
                self.left_out[_NO_SINGLE_DAY if day is None else _NO_NUMBER] += 1
            return is_ours
        if own in FORMS:
            return self._score(day, own, number, one.get("performer"))
        device = one.get("device")
        if own in set(PassiveKind) and isinstance(device, dict) and not is_part:
            return self._counted(day, PassiveKind(own), number, device, devices)
        if {code for _, code in codes} & _STEPS and own == "":
            is_moment = is_instant(one.get("effectiveDateTime") or one.get("effectiveInstant"))
            is_of_day = _OF_DAY in {code for _, code in codes} or says_a_day(one) or not is_moment
            if is_part or not is_of_day or not counts_a_day(one):
                self.left_out[_OTHER_STEPS] += 1
                return True
            return self._counted(day, PassiveKind.STEPS, number, device, devices)
        is_pain = bool({code for _, code in codes} & _PAIN)
        key = own or (pain_in(subject_of(one)) if is_pain else "")
        return key in MEASURES and self._answer(one, day, key, number, is_ours=bool(own))

    def _answer(
        self, one: Mapping[str, Any], day: date, key: str, number: float, *, is_ours: bool
    ) -> bool:
        """The answer to one question of the form, by a program of ours or by another."""
        answers = self._answers.setdefault(day, {})
        quantity = one.get("valueQuantity")
        if isinstance(quantity, dict) and quantity.get("code") == "[degF]":
            answers["temperature_f"], number = number, celsius_of(number)
        if one.get("issued"):
            try:
                answers.setdefault("recorded_at", instant(str(one["issued"])))
            except ValueError:
                self.left_out[_NO_TIME] += 1
        is_whole = MEASURES[key].kind is not Kind.NUMBER
        if is_whole and not number.is_integer():
            return False
        if not is_ours and not is_of_ten(one, number):
            self.left_out[_OTHER_SCALE] += 1
            return True
        if not is_ours and key in answers and answers[key] != number:
            # Which of several a day means nobody said; the worst is no smaller than it.
            self.left_out[_LOWER_PAIN] += 1
            number = max(number, answers.pop(key))
        answers.setdefault(key, int(number) if is_whole else number)
        if key in _PAINS and (parts := parts_named(subject_of(one))):
            self._parts.setdefault((day, key), parts)
        if key == "temperature_c" and "temperature_f" in answers:
            answers[key] = celsius_of(answers["temperature_f"])
        return True

    def _counted(
        self,
        day: date,
        kind: PassiveKind,
        number: float,
        device: Any,
        devices: Mapping[str, Mapping[str, Any]],
    ) -> bool:
        known = devices.get(text_in(device, "reference"), {})
        said = text_in(first_of(known.get("deviceName")), "name")
        source = source_name(said or text_in(device, "display"), "FHIR")
        value = plausible(kind, number)
        if value is None or kind not in PASSIVE_MEASURES:
            return False
        self.passive.append(PassiveValue(day, kind, source, value))
        return True

    def _score(self, day: date, form: str, number: float, performers: Any) -> bool:
        """A total of a form; one out of its bounds is left out."""
        score = read_score(form, f"{number:.4f}")
        said = text_in(first_of(performers), "display")
        typed_by = Role(said) if said in AUTHOR_ROLES else Role.PATIENT
        if score is not None:
            self.scores.append(FormScore(day, form, score, typed_by))
        return score is not None

    def _procedure(self, one: Mapping[str, Any]) -> bool:
        period = start_of(one.get("performedPeriod"))
        day = self._day(one.get("performedDateTime") or period)
        sites = one.get("bodySite")
        words = texts_of(one.get("code"))
        for site in sites if isinstance(sites, list) else ():
            words += texts_of(site)
        text = " ".join(words).casefold()
        regions = [region for region in Region if region.value in text]
        if day is None or len(regions) != 1 or not is_fusion(text):
            return False
        self.operations.append(Operation(day, regions[0]))
        return True

    def _medicine(self, one: Mapping[str, Any]) -> bool:
        """One medicine at one dose; a dose that cannot be read is left empty."""
        period = one.get("effectivePeriod")
        day = self._day(one.get("effectiveDateTime") or start_of(period))
        names = [text for text in texts_of(one.get("medicationCodeableConcept")) if text]
        end = period.get("end") if isinstance(period, dict) else None
        is_over = one.get("status") in ("completed", "stopped")
        if day is None or not names or (is_over and end is None):
            return False  # Without its end, a medicine that was stopped would go on here.
        until = None if end is None else self._day(end)
        dosage = one.get("dosage")
        # Several doses, as of morning and night or of a change, are none that can be told.
        first = dosage[0] if isinstance(dosage, list) and len(dosage) == 1 else {}
        amount, unit = dose_of(first)
        try:
            made = Medicine(day, names[0], amount, unit, times_a_day(first), until)
        except ValueError:
            return False
        self.medicines.append(made)
        return True

    def entries(self, limits: Limits) -> tuple[DiaryEntry, ...]:
        """The days, oldest first; an invalid one is left out and counted, and so is a pain of a
        part of the spine that no operation was on: back pain is not neck pain.
        """
        found = []
        done = {*limits.regions, *(operation.region for operation in self.operations)}
        for (day, key), parts in self._parts.items():
            if done and not parts & done and self._answers[day].pop(key, None) is not None:
                self.left_out[_OTHER_PART] += 1
        for day, answers in sorted(self._answers.items()):
            recorded = answers.get("recorded_at")
            if recorded is not None and recorded_problem(day, recorded.date()):
                answers.pop("recorded_at")
            if limits.last_day is not None and day > limits.last_day:
                raise refusal(self.name, _TO_COME)
            if not any(key in ANSWERS for key in answers):
                continue
            try:
                region = self._region_of(day, done)
                found.append(DiaryEntry(day, source=Source.IMPORT, region=region, **answers))
            except InvalidEntry:
                self.left_out[_OUT_OF_BOUNDS] += 1
        return tuple(found)

    def _region_of(self, day: date, done: Collection[Region]) -> Region | None:
        """The one of several operated parts that every pain of the day can be of; None where the
        day decides.
        """
        if len(set(done)) < 2:
            return None
        told = [self._parts[day, key] for key in _PAINS if (day, key) in self._parts]
        fitting = frozenset(done).intersection(*told) if told else frozenset()
        return next(iter(fitting)) if len(fitting) == 1 else None
