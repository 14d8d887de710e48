"""What is said about the sensitivity of the trend rules, on every page that says it."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from ...domain.flags import PATTERN_NAMES, Episode
from ...domain.history import History
from ...domain.language import N_
from ...domain.outcomes import LEAST_FOR_SHARE
from ...domain.people import Actor
from ...domain.sensitivity import SENSITIVITY_NAMES, Sensitivity, in_force
from ...domain.wording import day_words, number
from ...overview.budget import WEEKS, Meant, Preview
from ...storage.database import Session
from ...storage.sensitivity import Change, changes_of, recent_overrides
from ...trends.sensitivity import MEASURED

#: A change is said on the list for so long. Our default: a month.
SAID_FOR = timedelta(days=30)

MEANINGS = {
    Sensitivity.QUIET: N_("Asks for a larger change: fewer flags, some later, some missed."),
    Sensitivity.STANDARD: N_("As the rules were tuned."),
    Sensitivity.SENSITIVE: N_(
        "Asks for a smaller change: earlier flags, more of them for nothing."
    ),
}

#: What a patient's page offers beside the three: its value in the form.
AS_CLINIC = "clinic"


def name_of(setting: Sensitivity | None) -> str:
    """A setting in words; None follows the clinic."""
    return _("as the clinic") if setting is None else _(SENSITIVITY_NAMES[setting])


def setting_of(changes: tuple[Change, ...]) -> Sensitivity | None:
    """What was chosen last; None where nothing was."""
    return changes[-1].setting if changes else None


def line_of(change: Change) -> str:
    """One change: when, from what to what, by whom and why."""
    day = day_words(change.at.date(), _, year=True)
    before = change.before or (Sensitivity.STANDARD if change.patient_id is None else None)
    said = _(
        "%(day)s: from %(old)s to %(new)s",
        day=day,
        old=name_of(before).lower(),
        new=name_of(change.setting).lower(),
    )
    author = change.author or _("somebody whose account is gone")
    said = f"{said}, {author}"
    return f"{said}: “{change.reason}”" if change.reason else f"{said}."


def recent_lines(session: Session, by: Actor, now: datetime) -> list[str]:
    """What the list says for a month after a change: the clinic's, and how many patients' own."""
    since = now - SAID_FOR
    lines = [line_of(change) for change in changes_of(session) if change.at >= since][::-1]
    count = 0 if by.account_id is None else recent_overrides(session, by.account_id, since)
    if count:
        lines.append(
            ngettext(
                "%(num)s patient of yours had a setting of their own changed in the last month.",
                "%(num)s patients of yours had a setting of their own changed in the last month.",
                count,
            )
        )
    return lines


def in_force_words(history: History, today: date) -> str:
    """The setting that judges a patient's days, whether the clinic's or an own one."""
    return _(SENSITIVITY_NAMES[in_force(history.sensitivity, today)])


def simulated() -> tuple[list[str], list[tuple[str, ...]]]:
    """The table of what each setting does on simulated diaries."""
    header = [
        _("Setting"),
        _("What it means"),
        _("False flags, 100 healthy patients, one year"),
        _("Slow worsenings found in 60 days, of 100"),
        _("The same two with pain answers only"),
    ]
    rows: list[tuple[str, ...]] = []
    for setting in Sensitivity:
        found = MEASURED[setting]
        rows.append(
            (
                _(SENSITIVITY_NAMES[setting]),
                _(MEANINGS[setting]),
                f"{100 * found.false_a_year:.0f}",
                f"{100 * found.caught:.0f}",
                f"{100 * found.pain_false_a_year:.0f} · {100 * found.pain_caught:.0f}",
            )
        )
    return header, rows


def previewed(preview: Preview) -> tuple[list[str], list[tuple[str, ...]]]:
    """The settings side by side on the clinic's own patients."""
    header = [
        _("Setting"),
        _("Worsening flags a week"),
        _("All flags a week"),
        _("Patients flagged now"),
        _("Confirmed"),
        _("Not confirmed"),
        _("Not known"),
        _("Loosening seen on pictures: flagged before"),
    ]
    return header, [_row(preview, meant) for meant in preview.settings]


def _row(preview: Preview, meant: Meant) -> tuple[str, ...]:
    flags = meant.flags
    confirmed = str(flags.confirmed)
    if flags.share is not None:
        confirmed = f"{confirmed} ({round(100 * flags.share)} %)"
    announced = _("%(some)s of %(all)s", some=meant.announced, all=preview.findings)
    return (
        _(SENSITIVITY_NAMES[meant.setting]),
        a_week(preview.of_all(flags.raised)),
        a_week(preview.of_all(flags.raised) + preview.others),
        f"{preview.of_all(meant.standing):.0f}",
        confirmed,
        str(flags.not_confirmed),
        str(flags.unknown),
        announced if preview.findings else _("none seen"),
    )


def a_week(count: float) -> str:
    """Flags of all the weeks counted, for one of them."""
    return number(count / WEEKS)


def headline(preview: Preview, now: Sensitivity, chosen: Sensitivity) -> str:
    """What the change would have meant, in one sentence."""
    found = {meant.setting: meant for meant in preview.settings}
    old, new = found[now], found[chosen]
    return _(
        "With %(setting)s, the last %(weeks)s weeks would have brought %(new)s worsening flags a "
        "week instead of %(old)s, and %(standing)s patients would be flagged now instead of "
        "%(were)s.",
        setting=f"“{_(SENSITIVITY_NAMES[chosen])}”",
        weeks=WEEKS,
        new=a_week(preview.of_all(new.flags.raised)),
        old=a_week(preview.of_all(old.flags.raised)),
        standing=f"{preview.of_all(new.standing):.0f}",
        were=f"{preview.of_all(old.standing):.0f}",
    )


def replayed_words(preview: Preview) -> str:
    """Who was replayed, and that a sample is one."""
    if not preview.is_sample:
        return ngettext(
            "Replayed: the diary of %(num)s patient of this clinic.",
            "Replayed: the diaries of all %(num)s patients of this clinic.",
            preview.replayed,
        )
    return _(
        "Replayed: a random sample of %(replayed)s of %(patients)s patients. Flags a week and "
        "patients flagged now are scaled up to all and are estimates; the other columns count the "
        "sample.",
        replayed=preview.replayed,
        patients=preview.patients,
    )


def least_words() -> str:
    """Why there is no percentage."""
    return _("A percentage is given from %(n)s known outcomes on.", n=LEAST_FOR_SHARE)


def raised_words(found: tuple[Episode, ...]) -> str:
    """The worsenings of one patient under one setting: when, what, and whether it stands."""
    if not found:
        return _("none")
    lines = []
    for each in found:
        end = (
            _("stands now")
            if each.cleared_on is None
            else _("ended %(day)s", day=day_words(each.cleared_on, _, year=True))
        )
        raised = day_words(each.raised_on, _, year=True)
        lines.append(f"{_(PATTERN_NAMES[each.pattern])}, {raised}, {end}")
    return "; ".join(lines)
