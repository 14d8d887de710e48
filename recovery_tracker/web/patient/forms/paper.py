"""Two weeks from the paper sheet, typed in as a grid: one row a day, six short cells."""

from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime

from flask_babel import gettext as _

from ....domain.diary import DiaryEntry, Source
from ....domain.measures import MEASURES
from ....domain.sign_form import YES_ALONE
from ....domain.surgery import Region
from ...shared.forms.numbers import NotANumber, named, read_count
from ...shared.forms.typed import Typed, TypedForm
from ...shared.language import mark, say_short_day

#: The columns of the sheet, in the order of the daily form.
COLUMNS = ("walking", "mobility", "axial_pain", "limb_pain", "numbness")
SIGNS = "signs"


class PaperForm(TypedForm):
    """The grid as typed. `errors` maps "field-day" to one message."""

    def __init__(self, days: Iterable[date], typed: Typed, open_days: Container[date]):
        """The rows of `days` that may be written (`open_days`) or were typed all the same."""
        super().__init__(typed)
        self.days = tuple(day for day in days if day in open_days or self.has_any(day))

    def refuse(self, day: date, message: str) -> None:
        """The row of this day cannot be saved; said at its first cell that holds something."""
        field = next(field for field in (*COLUMNS, SIGNS) if self.cell(field, day))
        self.errors[self.name(field, day)] = message

    def has_any(self, day: date) -> bool:
        """Whether anything was typed in the row of this day."""
        return any(self.cell(field, day) for field in (*COLUMNS, SIGNS))

    @staticmethod
    def name(field: str, day: date) -> str:
        return f"{field}-{day.isoformat()}"

    @staticmethod
    def column_name(field: str, region: Region) -> str:
        """What a column of the sheet is called where it asked about this region."""
        return MEASURES[field].name_for(region)

    def cell(self, field: str, day: date) -> str:
        """What was typed into one cell of the grid; "" for nothing."""
        return self.text(self.name(field, day)).strip()

    def to_entries(
        self,
        *,
        recorded_at: datetime,
        zone: str,
        regions: Mapping[date, Region],
        asked: Mapping[date, frozenset[str]],
    ) -> list[DiaryEntry] | None:
        """The entries of the rows that hold something, or None with `errors` filled.

        `regions` holds the one whose pain the sheet of each day named; `asked` holds the sign ids
        of the sheet's one line for each day. A "yes" without more may be any of them: the day's own
        form asks which, and whether it is still there.
        """
        self.errors = {}
        rows = [self._row(day, regions[day]) for day in self.days]
        if self.errors:
            return None
        entries = []
        for day, values in zip(self.days, rows, strict=True):
            told = {"no": frozenset(), "yes": frozenset({YES_ALONE})}.get(self.cell(SIGNS, day))
            if told is None and all(value is None for value in values.values()):
                continue
            entries.append(
                DiaryEntry(
                    day=day,
                    signs=told,
                    signs_asked=None if told is None else asked[day],
                    recorded_at=recorded_at,
                    zone=zone,
                    source=Source.PAPER,
                    region=regions[day],
                    **values,  # type: ignore[arg-type]
                )
            )
        return entries

    def _row(self, day: date, region: Region) -> dict[str, int | None]:
        values: dict[str, int | None] = {}
        for field in COLUMNS:
            text = self.cell(field, day)
            try:
                values[field] = read_count(text, MEASURES[field]) if text else None
            except NotANumber as problem:
                cell = f"{say_short_day(day)}{mark(', ')}{_(self.column_name(field, region))}"
                self.errors[self.name(field, day)] = named(cell, problem)
        return values
