"""Cover as it is typed and as it is shown, to the office and to clinicians alike."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from ...storage.teams import Cover
from .clock import day_of, now
from .forms.numbers import day_in
from .zones import clinic_today, clinic_zone


def span_of(
    form: MultiDict[str, str],
) -> tuple[tuple[datetime, datetime] | None, dict[str, str]]:
    """From the beginning of the first day to the end of the last, where the clinic is; or what is
    wrong with the days, by field.
    """
    first, last = (day_in(form.get(key)) for key in ("first", "last"))
    if first is None or last is None:
        asked = _("Type the day as year-month-day, like 2026-12-24.")
        typed = {"first": first, "last": last}
        return None, {key: asked for key, day in typed.items() if day is None}
    zone = ZoneInfo(clinic_zone())
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    if first == clinic_today():
        begins = min(begins, now())
    if ends <= max(begins, now()):
        said = _("The last day of the cover is before its first day, or in the past.")
        return None, {"last": said}
    return (begins, ends), {}


def cover_lines(
    found: tuple[Cover, ...], names: dict[int, str]
) -> list[tuple[int, str, str, date, date, bool]]:
    """Each cover as (number, who is away, who stands in, first day, last day, is on)."""
    zone, at = clinic_zone(), now()
    return [
        (
            one.id,
            names.get(one.for_account_id, ""),
            names.get(one.account_id, ""),
            day_of(one.from_at, zone),
            day_of(one.until_at - timedelta(seconds=1), zone),
            one.from_at <= at,
        )
        for one in found
    ]
