"""Paper: the card for the wallet or the fridge, the two-week sheet, and the grid to type it in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ... import services
from ...domain.diary import DiaryEntry, Source
from ...domain.measures import MEASURES
from ...domain.people import Action
from ...domain.places import place_of
from ...domain.sign_form import YES_ALONE
from ...domain.sign_lists import grouped, lists_for, next_change
from ...domain.signs import Line, lines_for
from ...domain.surgery import REGION_NAMES, Region, postoperative_day
from ...services import DAYS_BACK_FROM_PAPER
from ...storage.errors import Conflict, Refused
from ..shared import clock
from ..shared.access import actor, database, installation
from ..shared.forms import sent
from ..shared.language import day_text, mark, say_day, say_short_day
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from ..shared.sign_card import lists_in_words
from . import blueprint
from .advice import triage_of
from .forms.paper import COLUMNS, PaperForm
from .guidance import Guidance, advice_line, guidance_for
from .reading import Begun, recovery_of
from .words import say_postoperative

#: Days on one sheet.
SHEET_DAYS = 14
#: So long what was typed in is told after the grid. Our default.
JUST_TYPED = timedelta(hours=12)


@blueprint.get("/card")
@policy(PATIENT, Action.READ_DIARY)
def card(public_id: str) -> ResponseReturnValue:
    """The card to print: whom to call and when."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    index, clinic = recovery.history.index, installation()
    today = clock.today(recovery.patient.zone)
    place, pod = place_of(clinic.country), postoperative_day(today, index)
    before = recovery.history.before_index
    changes = next_change(index, pod, before)
    return render(
        "patient/card.html",
        patient=recovery.patient,
        operation_day=day_text(index.day),
        region=_(REGION_NAMES[index.region]),
        level_names=index.level_names,
        clinic=clinic,
        advice_line=advice_line(clinic),
        crisis_line=place.crisis_line,
        place_note=_(place.note) if place.note else "",
        checked_on=day_text(place.checked_on) if place.checked_on else "",
        lists=lists_in_words(lists_for(index, pod, before)),
        day=say_postoperative(today, index),
        changes_on="" if changes is None else say_day(index.day + timedelta(days=changes)),
    )


@blueprint.get("/sheet")
@policy(PATIENT, Action.READ_DIARY)
def sheet(public_id: str) -> ResponseReturnValue:
    """The two-week sheet to print, with the same questions as the form."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    return render(
        "patient/sheet.html",
        patient=recovery.patient,
        columns=_columns({recovery.today: recovery.history.region}),
        rows=SHEET_DAYS,
        groups=[
            (key, [_(line.text) for line in lines])
            for key, lines in zip(("now", "today"), _groups(recovery), strict=True)
        ],
        clinic=installation(),
        advice_line=advice_line(installation()),
    )


@blueprint.route("/sheet/type", methods=["GET", "POST"])
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def type_sheet(public_id: str) -> ResponseReturnValue:
    """The grid of a paper sheet. Days with an entry are left alone; all rows are saved, or none."""
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    today = clock.today(recovery.patient.zone)
    back = (today - timedelta(days=n) for n in range(2 * SHEET_DAYS, -1, -1))
    form = PaperForm(back, request.form.to_dict(flat=False), _open_days(recovery, today))
    status = 200
    if request.method == "POST" and not sent.is_carried():
        status = _save(recovery, form, today)
        if status == 303:
            return redirect(url_for("patient.sheet_saved", public_id=public_id), 303)
    page = render(
        "patient/type_sheet.html",
        patient=recovery.patient,
        form=form,
        days=[(day, say_short_day(day)) for day in form.days],
        columns=_columns(_regions(recovery, form.days)),
        regions=_regions(recovery, form.days),
        key=sent.key(),
    )
    return page, status


def _save(recovery: Begun, form: PaperForm, today: date) -> int:
    """The status of the answer: 303 with every row saved, else 4xx with `form.errors` filled."""
    patient, at = recovery.patient, clock.now()
    entries = form.to_entries(
        recorded_at=at,
        zone=patient.zone,
        regions=_regions(recovery, form.days),
        asked=_asked(recovery, form.days),
    )
    if entries is None:
        return 422
    if not entries:
        return 303
    key = sent.key()
    try:
        services.record_days(
            database(), patient.id, entries, by=actor(), at=at, today=today, key=key
        )
    except (Conflict, Refused):
        _say_why(recovery_of(patient.public_id, Action.WRITE_DIARY), form, today)
        return 409
    return 303


def _say_why(recovery: Begun, form: PaperForm, today: date) -> None:
    """Each row that cannot be saved says why; what was typed in it stays to be read."""
    for day in form.days:
        if not form.has_any(day):
            continue
        if recovery.entry_on(day) is not None:
            form.refuse(day, _("This day is in the diary already. Clear this row to continue"))
        elif day < today - timedelta(days=DAYS_BACK_FROM_PAPER):
            form.refuse(day, _("This day is too long ago to be added. Clear this row to continue"))


@blueprint.get("/sheet/saved")
@policy(PATIENT, Action.READ_DIARY)
def sheet_saved(public_id: str) -> ResponseReturnValue:
    """After the grid: what the days just saved from paper ask for, the most urgent first."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    today, clinic = clock.today(recovery.patient.zone), installation()
    typed = [stored for stored in recovery.entries if _is_just_typed(stored.entry, clock.now())]
    cards: dict[tuple[str, tuple[str, ...]], PaperAdvice] = {}
    for stored in typed:
        found = triage_of(recovery, stored)
        card = guidance_for(found.concerns, recovery.history.index, today, clinic, stored.day)
        if card is not None:
            cards.setdefault((card.title, card.told), PaperAdvice(card, [])).days.append(stored.day)
    return render(
        "patient/sheet_saved.html",
        patient=recovery.patient,
        count=len(typed),
        # The sheet has one box for all signs: which it was is asked next.
        not_said=[stored.day for stored in typed if YES_ALONE in (stored.entry.signs or ())],
        advice=sorted(cards.values(), key=lambda one: (-one.card.urgency, -len(one.days))),
        clinic=clinic,
        advice_line=advice_line(clinic),
    )


def _is_just_typed(entry: DiaryEntry, now: datetime) -> bool:
    """Whether it came from paper in the last hours; midnight must not lose its advice."""
    if entry.source is not Source.PAPER or entry.recorded_at is None:
        return False
    return now - entry.recorded_at < JUST_TYPED


@dataclass(frozen=True, slots=True)
class PaperAdvice:
    """One advice and the days from paper that ask for it, oldest first."""

    card: Guidance
    days: list[date]


def _open_days(recovery: Begun, today: date) -> frozenset[date]:
    """The days of the last two weeks that have no entry yet."""
    back = (today - timedelta(days=n) for n in range(DAYS_BACK_FROM_PAPER + 1))
    return frozenset(back) - {stored.day for stored in recovery.entries}


def _asked(recovery: Begun, days: tuple[date, ...]) -> dict[date, frozenset[str]]:
    return {
        day: frozenset(sign for line in _lines_of(recovery, day) for sign in line.signs)
        for day in days
    }


def _groups(recovery: Begun) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of the sheet that may need help now, and the others."""
    today, history = clock.today(recovery.patient.zone), recovery.history
    pod = postoperative_day(today, history.index)
    return grouped(_lines_of(recovery, today), history.index, pod, history.before_index)


def _lines_of(recovery: Begun, day: date) -> tuple[Line, ...]:
    history = recovery.history.counted_on(day)
    pod = postoperative_day(day, history.index)
    return lines_for(history.index, pod, history.before_index)


def _regions(recovery: Begun, days: Iterable[date]) -> dict[date, Region]:
    """What the sheet of each day asked about: the part operated on by then."""
    return {day: recovery.history.counted_on(day).region for day in days}


def _columns(regions: Mapping[date, Region]) -> list[tuple[str, str, str, int]]:
    """(key, name, what the numbers mean, highest number) of each column; two names where a second
    operation lies between the days.
    """
    columns = []
    for key in COLUMNS:
        measure = MEASURES[key]
        if measure.options and len(measure.options) > 2:
            words = mark(", ").join(f"{n} = {_(text)}" for n, text in enumerate(measure.options))
        else:
            words = f"0 = {_(measure.options[0])}{mark(', ')}10 = {_(measure.options[1])}"
        names = dict.fromkeys(_(measure.name_for(region)) for region in regions.values())
        columns.append((key, " / ".join(names), words, int(measure.high or 0)))
    return columns
