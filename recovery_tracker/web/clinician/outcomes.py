"""Outcomes of the clinic: how its patients did, and apart from it what became of its flags.

Counts over the whole clinic without a name: the same tables as a page, as CSV and as PDF.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...domain.flags import PATTERN_NAMES, Pattern
from ...domain.language import N_
from ...domain.outcomes import (
    LEAST_FOR_SHARE,
    OUTCOME_DEFINITIONS,
    OUTCOME_NAMES,
    Tally,
    tally,
)
from ...domain.wording import MONTHS, day_words
from ...reports import PAPERS, Part, write_tables
from ...storage.outcomes import RaisedFlag, flags_raised
from ...storage.surgical_outcomes import operated
from ..shared.access import database, installation
from ..shared.downloads import download, table
from ..shared.language import language_tag, mark
from ..shared.pages import render
from ..shared.policies import CLINICIAN, TAKES_A_FILE, policy
from ..shared.zones import clinic_today
from . import blueprint
from .surgical_outcomes import parts_of

Key = TypeVar("Key")

#: Months shown, this one included.
MONTHS_SHOWN = 12

#: The other words of the tables; those of outcomes stand with their rules.
COUNTED = (
    (
        N_("Raised"),
        N_("The rules raised a flag on a diary kept here, even if it was withdrawn later."),
    ),
    (N_("Looked at"), N_("Somebody marked it as seen or recorded a decision.")),
)

_EVERYBODY = N_("Everybody with an operation in this clinic. No names.")
_FLAGS = N_(
    "Every flag raised in this clinic in the last 12 months, grouped by what later imaging, "
    "surgery or a decision showed. No names."
)
_CAVEAT = N_(
    "An outcome is known only if somebody recorded it. These counts therefore show how flags ended "
    "here, not how good the rules are: patients who were never flagged are not included."
)


@blueprint.get("/outcomes")
@policy(CLINICIAN, lists=True)
def outcomes() -> ResponseReturnValue:
    """How patients did, then what became of flags; shares only from enough people on."""
    return render(
        "clinician/outcomes.html",
        patients=_patient_parts(),
        flags=_flag_parts(),
        paper=installation().paper,
        about=(_(_EVERYBODY), _(_FLAGS)),
        definitions=_meanings(),
        caveat=_(_CAVEAT),
    )


@blueprint.get("/outcomes.csv")
@policy(CLINICIAN, fresh=TAKES_A_FILE)
def outcomes_csv() -> ResponseReturnValue:
    """The tables below each other, each under its title."""
    rows: list[Iterable[str]] = []
    for part in (*_patient_parts(), *_flag_parts()):
        rows += [[part.title], part.heads, *part.rows, []]
    return download(table(rows), _name("csv"), "text/csv")


@blueprint.get("/outcomes.pdf")
@policy(CLINICIAN, fresh=TAKES_A_FILE)
def outcomes_pdf() -> ResponseReturnValue:
    """The same tables on paper, with what their words mean."""
    paper = request.args.get("paper", "")
    day = day_words(clinic_today(), _, year=True)
    pdf = write_tables(
        _("Outcomes"),
        [" · ".join(filter(None, (installation().clinic_name, day))), _(_EVERYBODY)],
        [
            Part(_("How patients did"), (), (), ()),
            *_patient_parts(),
            Part(_("What became of flags"), (_(_FLAGS), _(_CAVEAT)), (), ()),
            *_flag_parts(),
            Part(_("What the words mean"), [mark(": ").join(pair) for pair in _meanings()], (), ()),
        ],
        paper=paper if paper in PAPERS else installation().paper,
        language=language_tag(),
    )
    return download(pdf, _name("pdf"), "application/pdf")


def _meanings() -> list[tuple[str, str]]:
    """The words of the tables about flags, each with its meaning."""
    return [
        *((_(name), _(text)) for name, text in COUNTED),
        *((_(OUTCOME_NAMES[key]), _(text)) for key, text in OUTCOME_DEFINITIONS.items()),
    ]


def _name(kind: str) -> str:
    return f"outcomes-{clinic_today().isoformat()}.{kind}"


def _patient_parts() -> list[Part]:
    with database().read() as session:
        people = operated(session, clinic_today())
    return parts_of(people)


def _flag_parts() -> list[Part]:
    """What became of the flags of the last months: of all, by pattern, by month."""
    today = clinic_today()
    months = last_months(today)
    with database().read() as session:
        flags = flags_raised(session, months[0], today)
    by_month = _tallies(flags, lambda flag: flag.raised_on.replace(day=1))
    by_pattern = _tallies(flags, lambda flag: flag.pattern)
    heads = (_("Raised"), _("Looked at"), *(_(name) for name in OUTCOME_NAMES.values()))
    return [
        Part(
            _("By pattern"),
            (share_words(_tally(flags)),) if flags else (),
            (_("Pattern"), *heads),
            [
                (_(PATTERN_NAMES[pattern]), *numbers(by_pattern[pattern]))
                for pattern in Pattern
                if pattern in by_pattern
            ],
        ),
        Part(
            _("By month"),
            (),
            (_("Raised in"), *heads),
            [
                (f"{_(MONTHS[month.month - 1])} {month.year}", *numbers(by_month.get(month)))
                for month in reversed(months)
                if by_month and month >= min(by_month)
            ],
        ),
    ]


def last_months(today: date) -> list[date]:
    """First days of the last months, oldest first."""
    count = today.year * 12 + today.month - 1
    places = (divmod(count - back, 12) for back in range(MONTHS_SHOWN - 1, -1, -1))
    return [date(year, month + 1, 1) for year, month in places]


def numbers(found: Tally | None) -> list[str]:
    """A row of the tables; "–" where nothing was raised."""
    if found is None:
        return ["–"] * 5
    counts = (found.raised, found.seen, found.confirmed, found.not_confirmed, found.unknown)
    return [str(count) for count in counts]


def share_words(found: Tally) -> str:
    """How often flags were right, as far as anybody knows; a share only of enough."""
    if not found.known:
        return _("Nothing is known yet about what became of them.")
    values = {"confirmed": found.confirmed, "known": found.known}
    if found.share is None:
        return _(
            "%(confirmed)s confirmed of %(known)s with a known outcome. Percentages are "
            "shown from %(least)s.",
            least=LEAST_FOR_SHARE,
            **values,
        )
    return _(
        "%(confirmed)s confirmed of %(known)s with a known outcome (%(share)s %%).",
        share=round(100 * found.share),
        **values,
    )


def _tally(flags: Iterable[RaisedFlag]) -> Tally:
    return tally((flag.is_seen, flag.outcome) for flag in flags)


def _tallies(flags: Iterable[RaisedFlag], key: Callable[[RaisedFlag], Key]) -> dict[Key, Tally]:
    groups: dict[Key, list[RaisedFlag]] = {}
    for flag in flags:
        groups.setdefault(key(flag), []).append(flag)
    return {name: _tally(group) for name, group in groups.items()}
