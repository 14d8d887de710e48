"""REDCap: the data dictionary of this diary, and one person's record that fits it.

A project with five forms: the person, and as repeating ones operations, diary days, totals of the
clinic's forms and days that a device counted. Cells hold raw codes, days are YMD. Of tick boxes
REDCap cannot tell "none of these" from "not asked"; a question of its own beside each (`…_given`)
does. Texts are marked as identifiers.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..domain.diary import DiaryEntry
from ..domain.measures import MEASURES, Kind
from ..domain.passive import PASSIVE_MEASURES, PassiveKind, PassiveValue
from ..domain.people import AUTHOR_ROLES
from ..domain.questionnaires import FORMS, FormScore
from ..domain.signs import SIGNS
from ..domain.surgery import APPROACH_NAMES, REGION_NAMES, Operation, Region
from .formula import guarded

#: The head of a data dictionary, word for word.
HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
#: Longest name of a variable.
NAME_LENGTH = 26
PERSON, OPERATION, DAY, SCORE, DEVICE = (
    *("person", "operation", "diary_day", "form_score", "device_day"),
)
#: Repeating forms: switched on in the project's set-up, because a dictionary cannot say so.
REPEATING = (OPERATION, DAY, SCORE, DEVICE)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    form: str
    kind: str
    label: str
    choices: Mapping[str, str] | None = None
    validation: str = ""
    low: str = ""
    high: str = ""
    is_identifier: bool = False

    def row(self) -> tuple[str, ...]:
        listed = " | ".join(f"{code}, {_line(text)}" for code, text in (self.choices or {}).items())
        identifier = "y" if self.is_identifier else ""
        return (
            self.name, self.form, "", self.kind, _line(self.label), listed, "", self.validation,
            self.low, self.high, identifier, "", "", "", "", "", "", "",
        )  # fmt: skip

    def columns(self) -> list[str]:
        if self.kind != "checkbox":
            return [self.name]
        return [f"{self.name}___{code}" for code in self.choices or ()]

    def cells(self, value: object) -> list[str]:
        """What stands in the columns; "" for what was not answered."""
        if self.kind != "checkbox":
            return [_cell(value)]
        ticked = value if isinstance(value, frozenset) else None
        return ["" if ticked is None else str(int(code in ticked)) for code in self.choices or ()]


def _line(text: str) -> str:
    # A bar parts choices, a comma code and words.
    return " ".join(text.replace("|", "/").split())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return guarded(value) if isinstance(value, str) else str(value)


def fields_of(region: Region) -> tuple[_Field, ...]:
    """Every field in the order of the dictionary; questions in the words of the region."""
    regions = {one.value: name for one, name in REGION_NAMES.items()}
    approaches = {one.value: name for one, name in APPROACH_NAMES.items()}
    return (
        _Field("record_id", PERSON, "text", "Record", is_identifier=True),
        _Field("op_date", OPERATION, "text", "Day of the operation", validation="date_ymd"),
        _Field("op_region", OPERATION, "radio", "Region", regions),
        _Field("op_levels", OPERATION, "text", "Segments fused", validation="integer"),
        _Field("op_approach", OPERATION, "radio", "Approach", approaches),
        _score_before("op_preop_axial_pain", "Back or neck pain before"),
        _score_before("op_preop_limb_pain", "Limb pain before"),
        _Field("day_date", DAY, "text", "Day", validation="date_ymd"),
        *(one for key in MEASURES for one in _measure(key, region)),
        *_ticks("signs", "Warning signs", {key: sign.clinician for key, sign in SIGNS.items()}),
        _Field("score_date", SCORE, "text", "Day", validation="date_ymd"),
        _Field("score_form", SCORE, "radio", "Form", {key: one.name for key, one in FORMS.items()}),
        _Field("score_value", SCORE, "text", "Total", validation="number"),
        _Field("score_typed_by", SCORE, "radio", "Copied by", {key: key for key in AUTHOR_ROLES}),
        _Field("device_date", DEVICE, "text", "Day", validation="date_ymd"),
        _Field("device_source", DEVICE, "text", "Device or app", is_identifier=True),
        *(
            _Field(f"device_{kind.value}", DEVICE, "text", one.name, validation="number")
            for kind, one in PASSIVE_MEASURES.items()
        ),
    )


def _score_before(name: str, label: str) -> _Field:
    return _Field(name, OPERATION, "text", label, validation="number", low="0", high="10")


def _measure(key: str, region: Region) -> Iterator[_Field]:
    measure = MEASURES[key]
    label = measure.question_for(region)
    low = "" if measure.low is None else f"{measure.low:g}"
    high = "" if measure.high is None else f"{measure.high:g}"
    match measure.kind:
        case Kind.CHOICE:
            options = {str(place): text for place, text in enumerate(measure.options)}
            yield _Field(key, DAY, "radio", label, options)
        case Kind.WORD:
            yield _Field(key, DAY, "radio", label, measure.words)
        case Kind.WORDS:
            yield from _ticks(key, label, measure.words)
        case Kind.TEXT:
            yield _Field(key, DAY, "notes", label, is_identifier=True)
        case kind:
            number = "number" if kind is Kind.NUMBER else "integer"
            yield _Field(key, DAY, "text", label, validation=number, low=low, high=high)


def _ticks(key: str, label: str, words: Mapping[str, str]) -> Iterator[_Field]:
    yield _Field(f"{key}_given", DAY, "yesno", f"{label} (was it answered?)")
    yield _Field(key, DAY, "checkbox", label, words)


def dictionary_text(region: Region) -> str:
    """The data dictionary as CSV; to be written with a byte order mark, as REDCap's own is."""
    return _csv([HEADER, *(field.row() for field in fields_of(region))])


def records_text(
    record_id: str,
    operations: Sequence[Operation],
    entries: Iterable[DiaryEntry],
    passive: Iterable[PassiveValue] = (),
    scores: Iterable[FormScore] = (),
) -> str:
    """One person's record in raw codes, as the project of `dictionary_text` imports it."""
    latest = max(operations, key=lambda one: one.day, default=None)
    fields = fields_of(latest.region if latest else Region.LUMBAR)
    head = ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance"]
    for form in (PERSON, *REPEATING):
        head += [
            column
            for field in fields
            if field.form == form and field.name != "record_id"
            for column in field.columns()
        ]
        head.append(f"{form}_complete")
    rows = [head, _row(head, fields, record_id, PERSON, 0, {})]
    told = (
        (OPERATION, [_operation(one) for one in operations]),
        (DAY, [_day(entry) for entry in entries]),
        (SCORE, [_score(one) for one in scores]),
        (DEVICE, list(_devices(passive))),
    )
    for form, found in told:
        rows += [_row(head, fields, record_id, form, n, one) for n, one in enumerate(found, 1)]
    return _csv(rows)


def _row(
    head: Sequence[str],
    fields: Sequence[_Field],
    record_id: str,
    form: str,
    instance: int,
    values: Mapping[str, object],
) -> list[str]:
    repeated = (form, str(instance)) if form in REPEATING else ("", "")
    cells = {"record_id": record_id, f"{form}_complete": "2"}
    cells |= dict(zip(head[1:3], repeated, strict=True))
    for field in fields:
        if field.form == form and field.name in values:
            told = field.cells(values[field.name])
            cells.update(zip(field.columns(), told, strict=True))
    return [cells.get(column, "") for column in head]


def _operation(one: Operation) -> dict[str, object]:
    return {
        "op_date": one.day,
        "op_region": one.region.value,
        "op_levels": one.levels,
        "op_approach": one.approach and one.approach.value,
        "op_preop_axial_pain": one.preop_axial_pain,
        "op_preop_limb_pain": one.preop_limb_pain,
    }


def _day(entry: DiaryEntry) -> dict[str, object]:
    values: dict[str, object] = {key: getattr(entry, key) for key in (*MEASURES, "signs")}
    given = {
        f"{key}_given": value is not None
        for key, value in values.items()
        if key == "signs" or MEASURES[key].kind is Kind.WORDS
    }
    return {"day_date": entry.day, **values, **given}


def _score(one: FormScore) -> dict[str, object]:
    return {
        "score_date": one.day,
        "score_form": one.form,
        "score_value": one.score,
        "score_typed_by": one.typed_by.value,
    }


def _devices(passive: Iterable[PassiveValue]) -> Iterator[dict[str, object]]:
    days: dict[tuple[date, str], dict[PassiveKind, float]] = {}
    for one in passive:
        days.setdefault((one.day, one.source), {})[one.kind] = one.value
    for (day, source), values in sorted(days.items()):
        told = {f"device_{kind.value}": value for kind, value in values.items()}
        yield {"device_date": day, "device_source": source, **told}


def _csv(rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()
