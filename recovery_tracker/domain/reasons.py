"""Why a sign counts on a day, and for which pattern: the reason that a concern carries."""

from .circumstances import FEVER_C
from .diary import DiaryEntry, SignChange, told_celsius
from .flags import Pattern, Reason, Urgency, Value


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


def pattern_for(feeds: Pattern, urgency: Urgency) -> Pattern:
    """The pattern of a concern, for a sign that `feeds` one."""
    if urgency is Urgency.EMERGENCY:
        return Pattern.EMERGENCY_SIGN
    if urgency is Urgency.NOTE or feeds is Pattern.EMERGENCY_SIGN:
        return Pattern.URGENT_SIGN
    return feeds
