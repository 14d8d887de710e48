"""Rows of OMOP's MEASUREMENT table (CDM 5.4) as CSV.

Back and leg pain share one concept; `measurement_source_value` tells them apart. A concept that we
have not seen in a published vocabulary is 0, "no matching concept", and never a guess.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date

from ..domain.diary import DiaryEntry
from ..domain.measures import MEASURES, Kind
from ..domain.passive import PASSIVE_MEASURES, PassiveValue
from ..domain.questionnaires import FORMS, FormScore

#: Pain on a scale of 0 to 10 (LOINC 72514-3) and its unit, as OHDSI's own quality checks name them.
PAIN_CONCEPT, SCORE_UNIT = 43055141, 44777566
PAINS = ("axial_pain", "limb_pain")

COLUMNS = (
    "measurement_id",
    "person_id",
    "measurement_concept_id",
    "measurement_date",
    "measurement_datetime",
    "measurement_time",
    "measurement_type_concept_id",
    "operator_concept_id",
    "value_as_number",
    "value_as_concept_id",
    "unit_concept_id",
    "range_low",
    "range_high",
    "provider_id",
    "visit_occurrence_id",
    "visit_detail_id",
    "measurement_source_value",
    "measurement_source_concept_id",
    "unit_source_value",
    "unit_source_concept_id",
    "value_source_value",
    "measurement_event_id",
    "meas_event_field_concept_id",
)
_WORDS = (Kind.TEXT, Kind.WORD, Kind.WORDS)
_NUMBERS = tuple(key for key, measure in MEASURES.items() if measure.kind not in _WORDS)


def measurement_text(
    person_id: int,
    entries: Iterable[DiaryEntry],
    passive: Iterable[PassiveValue] = (),
    scores: Iterable[FormScore] = (),
) -> str:
    """Every answer that is a number, totals of forms, and what devices counted; what was not
    answered has no row.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    rows = (*_answers(entries), *_totals(scores), *_counted(passive))
    for number, (day, source, value, unit, low, high) in enumerate(rows, start=1):
        is_pain = source in PAINS
        writer.writerow(
            {
                "measurement_id": number,
                "person_id": person_id,
                "measurement_concept_id": PAIN_CONCEPT if is_pain else 0,
                "measurement_date": day.isoformat(),
                "measurement_type_concept_id": 0,
                "value_as_number": f"{value:g}",
                "unit_concept_id": SCORE_UNIT if is_pain else 0,
                "range_low": low,
                "range_high": high,
                "measurement_source_value": source,
                "measurement_source_concept_id": 0,
                "unit_source_value": unit,
                "value_source_value": f"{value:g}",
            }
        )
    return stream.getvalue()


_Row = tuple[date, str, float, str, str, str]


def _answers(entries: Iterable[DiaryEntry]) -> Iterable[_Row]:
    for entry in entries:
        for key in _NUMBERS:
            value = getattr(entry, key)
            if value is not None:
                measure = MEASURES[key]
                low, high = (
                    "" if bound is None else f"{bound:g}" for bound in (measure.low, measure.high)
                )
                unit = "{score}" if measure.kind is Kind.SCORE else (measure.unit or "")
                yield entry.day, key, float(value), unit, low, high


def _totals(scores: Iterable[FormScore]) -> Iterable[_Row]:
    for one in scores:
        form = FORMS[one.form]
        unit = "%" if form.in_percent and not form.is_whole else "{score}"
        yield one.day, one.form, one.score, unit, f"{form.low:g}", f"{form.high:g}"


def _counted(passive: Iterable[PassiveValue]) -> Iterable[_Row]:
    for one in passive:
        # Fifty characters at most; the device stands in the export of everything.
        unit = PASSIVE_MEASURES[one.kind].unit or "steps"
        yield one.day, f"device_{one.kind.value}", one.value, unit, "", ""
