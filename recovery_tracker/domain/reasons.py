"""Why a sign counts on a day, and for which pattern: the reason that a concern carries."""

from datetime import date

from .circumstances import FEVER_C
from .diary import DiaryEntry, SignChange, told_celsius
from .flags import Pattern, Reason, Urgency, Value

_STANDING = "raised_standing"


def reason_for(sign_id: str, entry: DiaryEntry) -> Reason:
    """How the day shows the sign."""
    temperature = entry.temperature_c
    change = entry.sign_changes.get(sign_id)
    if sign_id == "fever" and temperature is not None and temperature >= FEVER_C:
        return Reason(
            "temperature",
            {"sign": sign_id, "temperature_c": told_celsius(temperature), "day": entry.day},
        )
    if sign_id in (entry.signs or ()) or (sign_id == "fall" and entry.had_fall):
        return Reason("sign_given", {"sign": sign_id, "day": entry.day})
    if change is not None and change is not SignChange.GONE:
        return Reason("still_there", {"sign": sign_id, "change": change.value, "day": entry.day})
    return Reason("left_open", {"sign": sign_id, "day": entry.day})


def reason_raised(sign_id: str, entry: DiaryEntry, circumstance: Reason) -> Reason:
    """The reason for a sign that something else made more urgent."""
    values: dict[str, Value] = {"day": entry.day, **circumstance.values}
    other = values.pop("sign", None)
    values["sign"] = sign_id
    if other is not None and other != sign_id:
        values["other"] = other
    return Reason(f"raised_{circumstance.code}", values)


def reason_standing(sign_id: str, day: date, entry: DiaryEntry, circumstance: Reason) -> Reason:
    """The reason for a sign last told on another `day`, which this one's entry made more urgent."""
    other = circumstance.values.get("sign")
    if other is None and circumstance.code == "temperature":
        other = "fever"
    if other is None:
        return reason_raised(sign_id, entry, circumstance)
    values: dict[str, Value] = {"sign": sign_id, "day": day, "other": other, "other_day": entry.day}
    return Reason(_STANDING, values)


def sign_beside(reason: Reason) -> str:
    """The sign of another day that made one more urgent; "" for any other reason."""
    return str(reason.values["other"]) if reason.code == _STANDING else ""


def days_beside(reason: Reason) -> tuple[date, ...]:
    """The days of the two signs of which one made the other more urgent; none without such two."""
    days = (reason.values[key] for key in ("day", "other_day")) if sign_beside(reason) else ()
    return tuple(day for day in days if isinstance(day, date))


def pattern_for(feeds: Pattern, urgency: Urgency) -> Pattern:
    """The pattern of a concern, for a sign that `feeds` one."""
    if urgency is Urgency.EMERGENCY:
        return Pattern.EMERGENCY_SIGN
    if urgency is Urgency.NOTE or feeds is Pattern.EMERGENCY_SIGN:
        return Pattern.URGENT_SIGN
    return feeds
