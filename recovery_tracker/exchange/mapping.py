"""What the columns of somebody's own table mean, as a person says it.

Columns that are not named are left out. A scale is divided only if the mapping says so, and a word
never becomes a number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..domain.language import N_, Said, both
from .choices import Choices
from .cut_cells import refuse_cut, refuse_longer
from .heading_units import against
from .headings import Numbered
from .problems import refusal, shown
from .table import did_you_mean

#: Columns of a table; a hospital's record has some hundreds. Our default.
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Heading of a column to the column of a diary, and the other answers about the file."""

    columns: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)

    def __bool__(self) -> bool:
        return bool(self.columns)

    def heads(self) -> Mapping[str, str]:
        """What the table calls each column of a diary."""
        found: dict[str, list[str]] = {}
        for head, column in self.columns.items():
            found.setdefault(column, []).append(head)
        return {column: " / ".join(heads) for column, heads in found.items()}


NO_MAPPING = ColumnMap()


def no_column(head: str, heads: Collection[str]) -> Said:
    """What is said of a heading that a table has not."""
    said, near = Said(N_("There is no column {head}."), head=shown(head)), did_you_mean(head, heads)
    return both(said, near) if near else said


def mapped(
    heads: Sequence[str],
    rows: Iterable[Numbered],
    name: str,
    how: ColumnMap,
    separator: str = "",
) -> tuple[tuple[str, ...], list[Numbered]]:
    """The columns of a diary and the rows with their numbers; short rows are padded with empty
    cells. `separator` is what stands between the cells of a text, "" in a workbook.

    Raises:
        RecoveryError: a column of the mapping is not in the table, or holds many things; a row has
            more cells than there are headings.
    """
    plain = [head.strip().strip("\ufeff").casefold() for head in heads]
    places = []
    for head, column in how.columns.items():
        said = head.strip().casefold()
        if said not in plain:
            raise refusal(name, no_column(head, heads))
        if said == "rating/amount" and "category" in plain:
            raise refusal(name, _EVERY_SYMPTOM, column=head)
        if problem := against(head, column, how.choices):
            raise refusal(name, problem, column=head)
        places.append((plain.index(said), column))
    rows = list(rows)
    if separator:
        refuse_longer(rows, heads, {at for at, _ in places}, name, separator)
    if separator == ",":
        means = dict(places)
        refuse_cut([means.get(at, "") for at in range(len(heads))], rows, name, heads)
    _refuse_several(plain, heads, {at for at, _ in places}, rows, name)
    found = [(n, [row[at] if at < len(row) else "" for at, _ in places]) for n, row in rows]
    named = [plain[at] for at, _ in places]
    # Where a table goes on over a page its headings are repeated.
    kept = [(n, row) for n, row in found if any(row) and [c.casefold() for c in row] != named]
    columns = tuple(column for _, column in places)
    if columns.count("date") > 1:
        raise refusal(name, _TWO_DAYS)
    return _one_of_each(columns, kept)


_TWO_DAYS = Said(N_("Two columns are said to be the day. Choose one."))


def _one_of_each(
    columns: tuple[str, ...], rows: list[Numbered]
) -> tuple[tuple[str, ...], list[Numbered]]:
    """The columns without doubles: what stands in a second column of the same answer becomes a
    further row of the same number and day."""
    once = tuple(dict.fromkeys(columns))
    if once == columns:
        return columns, rows
    day_at = columns.index("date")
    made: list[Numbered] = []
    for number, cells in rows:
        places = [[at for at, one in enumerate(columns) if one == column] for column in once]
        for turn in range(max(map(len, places))):
            row = [cells[at[turn]] if turn < len(at) else "" for at in places]
            if turn and any(map(str.strip, row)):
                row[once.index("date")] = cells[day_at]
            if not turn or any(map(str.strip, row)):
                made.append((number, row))
    return once, made


def _refuse_several(
    plain: Sequence[str],
    heads: Sequence[str],
    used: Collection[int],
    rows: Sequence[Numbered],
    name: str,
) -> None:
    """Refuses rows of several people, or of several symptoms, that a column left out tells apart.

    Raises:
        RecoveryError: it names that column.
    """
    is_redcap = any(head.endswith(("_complete", "complete?")) for head in plain)
    for at, head in enumerate(plain):
        if at in used or head not in _WHOSE | _OF_WHAT:
            continue
        cells = [row[at].strip().casefold() for _, row in rows if at < len(row)]
        said = {*cells} - {""}
        if head in _NUMBERS and len(said) == len(rows) and not is_redcap:
            continue  # A number for each row.
        if len(said) > 1:
            raise refusal(name, _OF_PEOPLE if head in _WHOSE else _OF_THINGS, column=heads[at])


_OF_PEOPLE = Said(
    N_(
        "The rows are of several people. Keep those of one. If all are yours, take this column "
        "out, or call it a note."
    )
)
_OF_THINGS = Said(
    N_(
        "The rows are of several things. Keep those of one. If all are of one, take this column "
        "out, or call it a note."
    )
)
#: Headings of columns that tell whose row it is, and of what, in lower case.
_WHOSE = frozenset(
    {
        *("patient", "patient_id", "patient id", "patientid", "patient name", "patients", "person"),
        *("name", "full name", "first name", "vorname", "nachname", "patientin", "patient/in"),
        *(
            "record_id",
            "record id",
            "subject",
            "subject_id",
            "person_id",
            "participant",
            "mrn",
            "nhs number",
        ),
        *("nombre", "paciente", "nom", "prénom", "姓名", "病人", "患者", "氏名", "名前"),
    }
)
_NUMBERS = frozenset({"record_id", "record id"})
_OF_WHAT = frozenset(
    {
        *("symptom", "symptoms", "location", "pain location", "body part", "body site"),
        *("körperteil", "symptome", "síntoma", "symptôme", "部位", "症狀", "症状"),
    }
)

#: Bearable writes a row for each symptom, mood and sleep of a day.
_EVERY_SYMPTOM = Said(
    N_("This column holds all symptoms and moods, on scales of their own. They are no pain scores.")
)
