"""What a device measured beside the steps: a typical day before, in the first weeks and now."""

from datetime import date, timedelta

from recovery_tracker.domain.passive import PassiveKind, PassiveValue, typical_values

OPERATED = date(2026, 1, 5)
SPEED = PassiveKind.WALKING_SPEED


def speeds(values: dict[int, float], source: str = "Phone") -> list[PassiveValue]:
    return [PassiveValue(OPERATED + timedelta(on), SPEED, source, v) for on, v in values.items()]


def test_a_typical_day_before_in_the_first_weeks_and_now():
    before = {-400: 9.0, -30: 4.0, -20: 4.4, -10: 5.0}
    first = {0: 9.0, 1: 1.0, 14: 1.2, 28: 2.0}
    now = {63: 9.0, 64: 3.0, 80: 3.3, 91: 3.6, 92: 9.0}
    steps = [PassiveValue(OPERATED, PassiveKind.STEPS, "Phone", 4000)]
    values = speeds(before | first | now) + steps
    (told,) = typical_values(values, OPERATED, OPERATED + timedelta(91))
    assert (told.kind, told.source, told.days) == (SPEED, "Phone", 12)
    assert (told.before, told.first_weeks, told.last_weeks) == (4.4, 1.2, 3.3)


def test_two_days_are_too_few_and_two_sources_are_never_mixed():
    values = speeds({-3: 4.0, -2: 4.2}) + speeds({-3: 9.0}, "Watch")
    (told,) = typical_values(values, OPERATED, OPERATED + timedelta(40))
    assert (told.source, told.before, told.last_weeks) == ("Phone", None, None)
    assert typical_values([], OPERATED, OPERATED) == ()
