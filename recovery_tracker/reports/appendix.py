"""The pages behind the one page, for who asks: every day, every note in full, what a phone
measured, and the method."""

from dataclasses import dataclass
from datetime import date

from ..domain.diary import LATE_AFTER_DAYS, DiaryEntry
from ..domain.history import History
from ..domain.language import N_
from ..domain.measured import MEASURED_HEADS, measured_rows
from ..domain.measures import MEASURES
from ..domain.signs import SIGNS
from ..domain.wording import Translate, day_words, level_words, mark
from ..trends.levels import FOLLOWED

_METHOD = N_(
    "Every day as it was logged since the operation, newest last. “–” is not answered, never zero. "
    "A star marks a day that was filled in 2 or more days later. Means and lines on the first page "
    "use the last 7 days, or 14 where fewer than 3 of them were answered. Rules {rule_set} compare "
    "the patient with their own best time and with an expected course joined from a few published "
    "groups; they were tuned on simulated diaries and never tested in patients."
)


@dataclass(frozen=True, slots=True)
class Appendix:
    """Everything behind the first page, in words."""

    heading: str
    method: str
    days_title: str
    columns: tuple[str, ...]
    days: tuple[tuple[str, ...], ...]
    notes: tuple[tuple[str, str], ...]
    measured_title: str
    measured_columns: tuple[str, ...]
    #: A typical day of what a phone or watch measured; no row is none.
    measured: tuple[tuple[str, ...], ...]


def appendix_of(
    history: History, today: date, *, rule_set: str, with_notes: bool, translate: Translate = str
) -> Appendix:
    """The appendix of a recovery as known on `today`."""
    known = history.known_on(today)
    entries = [entry for entry in known.of_index if entry.day >= known.index.day]
    shown = [key for key in FOLLOWED if any(getattr(e, key) is not None for e in entries)]
    names = [translate(MEASURES[key].name_for(known.region)) for key in shown]
    return Appendix(
        heading=translate(N_("Appendix")),
        method=translate(_METHOD).format(rule_set=rule_set),
        days_title=translate(N_("Every day")),
        columns=(translate(N_("Day")), *names, translate(N_("Warning signs"))),
        days=tuple(_day(entry, shown, translate) for entry in entries),
        notes=tuple(
            (day_words(entry.day, translate, year=True), entry.note)
            for entry in entries
            if with_notes and entry.note
        ),
        measured_title=translate(N_("Measured by a phone or watch, a typical day")),
        measured_columns=tuple(map(translate, MEASURED_HEADS)),
        measured=tuple(measured_rows(known, today, translate)),
    )


def _day(entry: DiaryEntry, shown: list[str], translate: Translate) -> tuple[str, ...]:
    star = "*" if entry.days_late >= LATE_AFTER_DAYS else ""
    answers = (getattr(entry, key) for key in shown)
    return (
        day_words(entry.day, translate, year=True) + star,
        *(
            "–" if answer is None else level_words(key, float(answer), translate)
            for key, answer in zip(shown, answers, strict=True)
        ),
        _signs(entry, translate),
    )


def _signs(entry: DiaryEntry, translate: Translate) -> str:
    if entry.signs is None:
        return "–"
    if not entry.signs:
        return translate(N_("none ticked"))
    return mark(", ", translate).join(
        translate(SIGNS[sign].clinician) for sign in sorted(entry.signs)
    )
