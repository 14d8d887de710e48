"""What is said about the sensitivity of the trend rules, on every page that says it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext

from ...domain.flags import PATTERN_NAMES, Episode
from ...domain.history import History
from ...domain.language import N_
from ...domain.outcomes import LEAST_FOR_SHARE, Tally
from ...domain.people import Actor
from ...domain.sensitivity import SENSITIVITY_NAMES, Sensitivity, in_force
from ...domain.wording import day_words, number
from ...services.budget import WEEKS, Preview
from ...storage.database import Session
from ...storage.sensitivity import SettingChange, changes_of, recent_changes
from ...trends.sensitivity import MEASURED
from ..shared.clock import day_of
from ..shared.language import mark
from ..shared.zones import clinic_today, clinic_zone

#: A change is said on the list for so long. Our default: a month.
SAID_FOR = timedelta(days=30)

MEANINGS = {
    Sensitivity.QUIET: N_("only larger changes; fewer flags, some later, some missed"),
    Sensitivity.STANDARD: N_("as the rules were tuned"),
    Sensitivity.SENSITIVE: N_("smaller changes too; earlier flags, more false alarms"),
}

#: What a patient's page offers beside the three: its value in the form.
AS_CLINIC = "clinic"


def name_of(setting: Sensitivity | None) -> str:
    """A setting in words; None follows the clinic."""
    return _("as the clinic") if setting is None else _(SENSITIVITY_NAMES[setting])


def items() -> list[tuple[str, str]]:
    """The settings to choose from, each with what it means."""
    return [
        (str(each), _(name) + mark(": ") + _(MEANINGS[each]))
        for each, name in SENSITIVITY_NAMES.items()
    ]


def setting_of(changes: tuple[SettingChange, ...]) -> Sensitivity | None:
    """What was chosen last; None where nothing was."""
    return changes[-1].setting if changes else None


#: A patient may have none, a clinic always has one.
Setting = TypeVar("Setting", Sensitivity, Sensitivity | None)


@dataclass(frozen=True, slots=True)
class SettingToday(Generic[Setting]):
    """The setting that counts today, and the one chosen last, which may not count yet.

    `first` is the day from which `chosen` counts; None where it is the one of today.
    """

    now: Setting
    chosen: Setting
    first: date | None

    def words(self) -> str:
        """What counts, and from which day on something else does."""
        now, chosen = name_of(self.now).lower(), name_of(self.chosen).lower()
        if self.first is None:
            return now
        day = day_words(self.first, _, year=True)
        return _("%(now)s; from %(day)s: %(chosen)s", now=now, day=day, chosen=chosen)


def patient_setting(
    changes: tuple[SettingChange, ...], zone: str, today: date
) -> SettingToday[Sensitivity | None]:
    """How the setting of a patient stands today, where the patient is."""
    now = setting_of(tuple(each for each in changes if each.first_day(zone) <= today))
    chosen = setting_of(changes)
    return SettingToday(now, chosen, None if chosen is now else changes[-1].first_day(zone))


def clinic_setting(session: Session) -> SettingToday[Sensitivity]:
    """How the clinic's setting stands today, where the clinic is; standard before any change."""
    found = patient_setting(changes_of(session), clinic_zone(), clinic_today())
    standard = Sensitivity.STANDARD
    now, chosen = found.now or standard, found.chosen or standard
    return SettingToday(now, chosen, None if chosen is now else found.first)


def line_of(change: SettingChange) -> str:
    """One change: when, from what to what, by whom and why."""
    day = day_words(day_of(change.at, clinic_zone()), _, year=True)
    before = change.before or (Sensitivity.STANDARD if change.patient_id is None else None)
    said = _(
        "%(day)s: from %(old)s to %(new)s",
        day=day,
        old=name_of(before).lower(),
        new=name_of(change.setting).lower(),
    )
    author = change.author or _("a deleted account")
    said += mark(", ") + author
    return f"{said}{mark(': ')}“{change.reason}”" if change.reason else said + mark(".")


def recent_lines(session: Session, by: Actor, now: datetime) -> list[str]:
    """What the list says for a month after a change: the clinic's, and how many patients' own."""
    since = now - SAID_FOR
    changes, count = recent_changes(session, by.account_id or 0, since, now)
    lines = [line_of(change) for change in changes][::-1]
    if count:
        lines.append(
            ngettext(
                "%(num)s of your patients had an individual setting changed in the last month.",
                "%(num)s of your patients had an individual setting changed in the last month.",
                count,
            )
        )
    return lines


def in_force_words(history: History, today: date) -> str:
    """The setting that judges a patient's days, whether the clinic's or one of their own."""
    return _(SENSITIVITY_NAMES[in_force(history.sensitivity, today)])


#: A table with one column for each setting: its heading, then a row for each thing that is counted.
Table = tuple[list[str], list[tuple[str, ...]]]


def _headings(clinic: SettingToday[Sensitivity]) -> list[str]:
    return [_("Setting"), *(_heading(each, clinic) for each in Sensitivity)]


def _heading(setting: Sensitivity, clinic: SettingToday[Sensitivity]) -> str:
    name = name_of(setting)
    if setting is clinic.now:
        return _("%(name)s (now)", name=name)
    if setting is clinic.chosen and clinic.first is not None:
        day = day_words(clinic.first, _, year=True)
        return _("%(name)s (from %(day)s)", name=name, day=day)
    return name


def simulated(clinic: SettingToday[Sensitivity]) -> Table:
    """What each setting does on simulated diaries."""
    found = [MEASURED[setting] for setting in Sensitivity]
    rows = [
        (_("False flags per year in 100 healthy patients"), [each.false_a_year for each in found]),
        (_("Of 100 slow worsenings, flagged within 60 days"), [each.caught for each in found]),
        (_("False flags, pain answers only"), [each.pain_false_a_year for each in found]),
        (_("Slow worsenings flagged, pain answers only"), [each.pain_caught for each in found]),
    ]
    return _headings(clinic), [
        (name, *(f"{100 * value:.0f}" for value in values)) for name, values in rows
    ]


def previewed(preview: Preview, clinic: SettingToday[Sensitivity]) -> Table:
    """What each setting would have meant for the clinic's own patients."""
    settings = preview.settings
    raised = [preview.of_all(meant.flags.raised) for meant in settings]
    rows = [
        (_("Worsening flags"), [f"{count:.0f}" for count in raised]),
        (_("Worsening flags per week"), [a_week(count) for count in raised]),
        (_("All flags per week"), [a_week(count + preview.others) for count in raised]),
        (
            _("Patients with a worsening flag now"),
            [f"{preview.of_all(meant.standing):.0f}" for meant in settings],
        ),
        (_("Confirmed"), [_confirmed(meant.flags) for meant in settings]),
        (_("Not confirmed"), [str(meant.flags.not_confirmed) for meant in settings]),
        (_("Not known"), [str(meant.flags.unknown) for meant in settings]),
    ]
    if preview.findings:
        seen = _("Of %(n)s with loosening on imaging, flagged beforehand", n=preview.findings)
        rows.append((seen, [str(meant.announced) for meant in settings]))
    return _headings(clinic), [(name, *values) for name, values in rows]


def _confirmed(flags: Tally) -> str:
    if flags.share is None:
        return str(flags.confirmed)
    return f"{flags.confirmed} ({round(100 * flags.share)} %)"


def a_week(count: float) -> str:
    """Flags of all the weeks counted, for one of them."""
    return number(count / WEEKS)


def headline(preview: Preview, now: Sensitivity, chosen: Sensitivity) -> str:
    """What the change would have meant, in one sentence."""
    found = {meant.setting: meant for meant in preview.settings}
    old, new = found[now], found[chosen]
    flags = [preview.of_all(each.flags.raised) for each in (new, old)]
    standing = [preview.of_all(each.standing) for each in (new, old)]
    return _(
        "With “%(setting)s”, the last %(weeks)s weeks would have brought %(new)s worsening flags "
        "instead of %(old)s (%(new_week)s a week instead of %(old_week)s), and %(standing)s "
        "patients would have one now instead of %(were)s.",
        setting=_(SENSITIVITY_NAMES[chosen]),
        weeks=WEEKS,
        new=f"{flags[0]:.0f}",
        old=f"{flags[1]:.0f}",
        new_week=a_week(flags[0]),
        old_week=a_week(flags[1]),
        standing=f"{standing[0]:.0f}",
        were=f"{standing[1]:.0f}",
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
        "Replayed: a random sample of %(replayed)s of %(patients)s patients. Flags and "
        "patients with one now are scaled up to all and are estimates; the other rows count the "
        "sample.",
        replayed=preview.replayed,
        patients=preview.patients,
    )


def least_words() -> str:
    """Why there is no percentage."""
    return _("Percentages are shown from %(n)s known outcomes.", n=LEAST_FOR_SHARE)


def raised_words(found: tuple[Episode, ...]) -> str:
    """The worsenings of one patient under one setting: when, what, and whether it stands."""
    if not found:
        return _("no worsening")
    lines = []
    for each in found:
        end = (
            _("open now")
            if each.cleared_on is None
            else _("ended %(day)s", day=day_words(each.cleared_on, _, year=True))
        )
        raised = day_words(each.raised_on, _, year=True)
        lines.append(mark(", ").join((_(PATTERN_NAMES[each.pattern]), raised, end)))
    return mark("; ").join(lines)
