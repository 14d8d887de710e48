"""Visits, imaging and events in words, as the templates ask for them."""

from datetime import date

from flask_babel import gettext as _

from ...domain.history import (
    EVENT_NAMES,
    IMAGING_NAMES,
    Appointment,
    EventKind,
    ImagingResult,
    told_imaging,
)
from ...domain.people import Role
from ...domain.questionnaires import FORMS, LICENCE, FormScore, score_words
from ...domain.wording import MODALITY_NAMES
from ...services import Recovery
from ..shared.language import mark


def lines(recovery: Recovery) -> list[tuple[date, str]]:
    """Everything on record besides the diary, each with its day, the newest first."""
    found = [(stored.value.day, visit(stored.value)) for stored in recovery.appointments]
    images = told_imaging(stored.value for stored in recovery.imaging)
    found += [(image.day, imaging(image)) for image in images]
    found += [(stored.value.day, stored.value.words(_)) for stored in recovery.events]
    found += [(stored.value.day, score(stored.value)) for stored in recovery.scores]
    return sorted(found, key=lambda line: line[0], reverse=True)


def visit(appointment: Appointment) -> str:
    """A visit with its time and whom it is with, where they are known."""
    return mark(", ").join(filter(None, (_("Visit"), appointment.time, appointment.with_whom)))


def imaging(image: ImagingResult) -> str:
    """An imaging study, what was seen, and what was noted."""
    text = modality(image) + mark(": ") + result(image)
    return f"{text} – {image.note}" if image.note else text


def modality(image: ImagingResult) -> str:
    """The kind of imaging."""
    return _(MODALITY_NAMES[image.modality]) if image.modality in MODALITY_NAMES else image.modality


def result(image: ImagingResult) -> str:
    """What was seen on it."""
    return _(IMAGING_NAMES[image.result])


def score(total: FormScore) -> str:
    """A total of a form, and who typed it in."""
    who = _("by the patient") if total.typed_by is Role.PATIENT else _("by the clinic")
    return f"{_(FORMS[total.form].instrument.name)} {score_words(total, _)}{mark(', ')}{who}"


def licence() -> str:
    """Who holds the rights to the forms."""
    return _(LICENCE)


def forms() -> list[tuple[str, str]]:
    """Forms whose total can be typed in."""
    return [(form.key, _(form.name)) for form in FORMS.values()]


def modalities() -> list[tuple[str, str]]:
    """Kinds of imaging to choose from."""
    return [(key, _(name)) for key, name in MODALITY_NAMES.items()]


def results() -> list[tuple[str, str]]:
    """What imaging may have shown."""
    return [(str(key), _(name)) for key, name in IMAGING_NAMES.items()]


def kinds() -> list[tuple[str, str]]:
    """What can be put on the chart by hand; a decision gets there on its own."""
    return [(str(k), _(name)) for k, name in EVENT_NAMES.items() if k is not EventKind.DECISION]
