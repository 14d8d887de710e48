"""Two different answers for one day: side by side, and one choice for each.

Everything that nothing contradicts is saved already when this page is shown; a form of it comes
back to the day's own address with what was chosen.
"""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from ...domain.diary import SIGN_CHANGE_NAMES, DiaryEntry
from ...domain.measures import MEASURES
from ...domain.merging import CHANGE, PARTS, SIGNS_PART, Keep
from ...domain.surgery import Region
from ...services import Recorded
from ..shared.access import installation
from ..shared.forms.diary import DiaryForm, sign_sentence
from ..shared.language import mark
from ..shared.pages import render
from .days import reads_fahrenheit
from .reading import Begun
from .words import answer_words, day_line, signs_answer

_FIELD = "keep-"
#: Belongs to one submission, and is made anew for the next.
_OF_ONE_SENDING = ("csrf_token", "key")


@dataclass(frozen=True, slots=True)
class Two:
    """One question with both answers, in words."""

    part: str
    question: str
    before: str
    mine: str


def choices_made() -> dict[str, Keep]:
    """What the person chose on the page of two answers; one button keeps all of one side."""
    sides = {keep.value: keep for keep in Keep}
    made = {
        name.removeprefix(_FIELD): sides[value]
        for name, value in request.form.items()
        if name.startswith(_FIELD) and value in sides
    }
    if request.form.get("keep") in sides:
        made = dict.fromkeys(request.form.getlist("part"), sides[request.form["keep"]])
    return made


def page_of_two(recovery: Begun, form: DiaryForm, recorded: Recorded, *, call_now: bool) -> str:
    """Both answers of every question of which two were given."""
    stored, day = recorded.stored.entry, form.asking.day
    typed = form.to_entry(recorded_at=recorded.stored.recorded_at, zone="UTC") or stored
    was_asked = "part" in request.form
    return render(
        "patient/conflict.html",
        patient=recovery.patient,
        day=day,
        day_line=day_line(day, form.asking.operation),
        rows=[
            _two(part, stored, typed, recovery, form.asking.region) for part in recorded.differing
        ],
        fields=_to_send_again(form),
        problems={
            f"{_FIELD}{part}-{Keep.BEFORE}": _("Choose which answer to keep")
            for part in recorded.differing
            if was_asked
        },
        emergency_number=installation().emergency_number,
        call_now=call_now,
    )


def _two(part: str, stored: DiaryEntry, typed: DiaryEntry, recovery: Begun, region: Region) -> Two:
    sides = [_words(part, entry, recovery) or _("Not answered") for entry in (stored, typed)]
    question = _question(part, region)
    if part == "own_item":
        question = stored.own_question or typed.own_question or question
    return Two(part, question, *sides)


def _question(part: str, region: Region) -> str:
    if part == SIGNS_PART:
        return _("New or worse")
    if part.startswith(CHANGE):
        sign = sign_sentence(part.removeprefix(CHANGE))
        return _("How is this now: %(sign)s", sign=sign)
    return _(MEASURES[part].name_for(region))


def _words(part: str, entry: DiaryEntry, recovery: Begun) -> str:
    if part == SIGNS_PART:
        return signs_answer(entry)
    if part.startswith(CHANGE):
        change = entry.sign_changes.get(part.removeprefix(CHANGE))
        return _(SIGN_CHANGE_NAMES[change]) if change else ""
    keys = next(keys for keys in PARTS if keys[0] == part)
    fahrenheit = reads_fahrenheit(recovery.patient)
    words = (answer_words(key, entry, fahrenheit=fahrenheit) for key in keys)
    return mark(", ").join(filter(None, words))


def _to_send_again(form: DiaryForm) -> list[tuple[str, str]]:
    """Everything typed as hidden fields, without what belongs to one sending or was chosen here."""
    fields: MultiDict[str, str] = MultiDict(form.typed)
    for name in list(fields):
        if name in _OF_ONE_SENDING or name in ("keep", "part") or name.startswith(_FIELD):
            fields.poplist(name)
    return list(fields.items(multi=True))
