"""How flags work: every pattern, every threshold with its source, in a surgeon's words.

And what the rules cannot see and what was measured. The long version is `docs/trends.md`.
"""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from ...domain.flags import PATTERN_NAMES, Pattern
from ...domain.language import N_
from ...domain.measures import MEASURES
from ...domain.peg import MCID, MCID_SOURCE
from ...domain.questionnaires import INSTRUMENTS
from ...domain.sensitivity import rule_set_name
from ...domain.wording import number
from ...trends.course import COURSE_VERSION
from ...trends.parameters import STANDARD, documented
from ...trends.results import EVALUATED_RULES, EVALUATED_SEED, FIRST_ALARMS, RESULTS, Result
from ..shared.access import database, installation
from ..shared.pages import render
from ..shared.policies import CLINICIAN, policy
from ..shared.signature import signature_words
from . import blueprint
from .sensitivity_words import clinic_setting

#: What each pattern fires on, with how soon somebody should act.
PATTERNS = {
    Pattern.EMERGENCY_SIGN: N_("An emergency answer, on the form itself, before any statistics."),
    Pattern.URGENT_SIGN: N_(
        "An answer, of the same day or for review, that no other pattern covers."
    ),
    Pattern.INFECTION: N_("Wound answers, a fever on any day after the operation, or shivering."),
    Pattern.EVENT: N_("A fall, a pop, a shift, or a strain that pain followed."),
    Pattern.NERVE: N_(
        "Weakness, more numbness or numbness in a new place that stays, or limb pain that comes "
        "back after a good spell."
    ),
    Pattern.LOOSE_HARDWARE: N_(
        "Back or neck pain that had settled comes back and stays, more so with loading, answers "
        "about the metal parts, a fall, less walking or harder moving."
    ),
    Pattern.FAILED_FUSION: N_(
        "From month 6: never met the expected course and still in pain, or pain that returns "
        "late. Stated strongly only from month 12."
    ),
    Pattern.WORSENING: N_(
        "A worsening that stays and fits no pattern well. Also moving and walking that stay "
        "clearly worse without pain, and more opioid doses at the same pain."
    ),
    Pattern.SLOW_RECOVERY: N_("Far behind the expected course at weeks 12 and 26."),
    Pattern.GONE_QUIET: N_("Entries that were asked for stop coming."),
    Pattern.LESS_WALKING: N_(
        "Steps on one device at half the patient’s usual for three weeks. A note, never more."
    ),
}


@blueprint.get("/rules")
@policy(CLINICIAN)
def rules() -> ResponseReturnValue:
    """The rule set in words and numbers, and who signed it."""
    with database().read() as session:
        clinic = clinic_setting(session)
    return render(
        "clinician/rules.html",
        rule_set=rule_set_name(STANDARD.rule_set, clinic.now),
        setting=clinic.words(),
        course=COURSE_VERSION,
        signature=signature_words(installation()),
        patterns=[(_(PATTERN_NAMES[key]), _(text)) for key, text in PATTERNS.items()],
        counted=[_(text) for text in COUNTED],
        unseen=[_(text) for text in UNSEEN],
        measured=measured(),
        first_flags=first_flags(),
        evaluated=(EVALUATED_RULES, EVALUATED_SEED),
        thresholds=documented(),
        noticed=_noticed(),
    )


def _noticed() -> list[tuple[str, str, str]]:
    """The smallest change of each measure that patients notice, and where that comes from."""
    axial, limb = MEASURES["axial_pain"], MEASURES["limb_pain"]
    found = [
        (_("Back or neck pain"), axial.mcid, axial.mcid_source),
        (_("Leg or arm pain"), limb.mcid, limb.mcid_source),
        (_("Adapted PEG"), MCID, MCID_SOURCE),
        *((_(one.name), one.mcid, one.mcid_source) for one in INSTRUMENTS.values()),
    ]
    english = Markup('<span lang="en">{}</span>')
    return [
        (name, number(least), english.format(source))
        for name, least, source in found
        if least is not None
    ]


COUNTED = (
    N_(
        "Each day is compared with this patient’s own answers from at least four weeks "
        "earlier. If pain is at least one point lower since, or numbness half a level, over four "
        "weeks that ended two weeks before, those weeks count as usual. A day without an entry is "
        "left out, never filled in."
    ),
    N_(
        "Back or neck pain is flagged when enough evidence comes together: how far it has been "
        "above its usual for about ten days, how far above it is today, how often loading brought "
        "it on, and a sum over the days that also counts moving, walking and sleep. A "
        "flare adds to it and is forgotten; a rise that stays adds day by day. A jump that does "
        "not fade is flagged sooner. If nothing but pain is answered, pain above that of the "
        "months before counts more."
    ),
    N_(
        "Limb pain and numbness are compared with their own usual over about a week, a large "
        "rise of limb pain over some four days. Where they come and go, a spell as short and as "
        "low as three before it raises no flag, for three weeks at most. On days 14 to 73 pain is "
        "compared with the three weeks before. Pain that never came down is checked in weeks 12 "
        "and 26 and from month 6."
    ),
    N_(
        "Moving and walking are flagged without pain where each of the last four weeks was clearly "
        "worse than usual: both by 0.8 levels on average, moving alone by 1.5, walking alone by 2. "
        "Under a flag of back or neck pain they are part of it."
    ),
    N_(
        "Fewer opioid doses explain up to half a point of a rise. Other possible explanations are "
        "shown beside the flag and never hide it. The pattern is named after the flag was raised, "
        "from the evidence for and against it."
    ),
)

UNSEEN = (
    N_("Loosening that does not hurt."),
    N_("A rise of less than about one and a half points, or one that is over within two weeks."),
    N_(
        "The difference between a slow natural fluctuation and a slow worsening: at its peak both "
        "look the same."
    ),
    N_(
        "Pain that gets worse while moving, walking and sleep stay as they were: a sudden rise is "
        "noticed about two weeks later than one that they follow."
    ),
    N_(
        "A second worsening within about three months of a first one: it is noticed up to about a "
        "week later than the first would be."
    ),
    N_(
        "Moving or walking that gets worse without pain for less than four weeks, by less than "
        "about a level, or before day 60. Sleep alone."
    ),
    N_("In the first weeks, a small rise of pain while moving, walking and sleep get easier."),
    N_("A lot, if there are fewer than two entries a week."),
    N_("Why it happened. Tablets, work, mood, weather and infection change the same answers."),
)

_CELLS = {
    "healthy": N_("False flags per year in 100 healthy patients"),
    "healthy_early": N_("False flags in 100 healthy patients in days 0 to 59"),
    "slow_wave": N_("False flags per year in 100 patients with a slow fluctuation of 0.8 points"),
    "taper": N_("False flags per year in 100 patients tapering opioids, with one point more pain"),
    "ramp_3_42": N_("Of 100 rises of 3 points over 42 days, flagged within 60 days"),
    "ramp_2_42": N_("Of 100 rises of 2 points over 42 days, flagged within 60 days"),
    "ramp_2_84": N_("Of 100 rises of 2 points over 84 days, flagged within 120 days"),
    "step_3": N_("Days until half of sudden rises of 3 points are flagged"),
    "nerve_limb": N_("Of 100 rises in limb pain, flagged within 21 days"),
    "early_axial": N_("Of 100 rises of back or neck pain in days 14 to 59, flagged within 14 days"),
    "early_limb": N_("Of 100 rises of limb pain in days 14 to 59, flagged within 14 days"),
    "never_improved": N_("Of 100 who never improved, named by month 8"),
}


def measured() -> tuple[list[str], list[tuple[str, ...]]]:
    """The main results as a table: headings, then one row for each cell."""
    headings = [
        _("Simulated diaries"),
        *(_("Pain, A"), _("Pain, B"), _("Pain, C")),
        *(_("All, A"), _("All, B"), _("All, C")),
    ]
    return headings, [
        (_(_CELLS[each.cell]), *(_number(each, value) for value in (*each.pain, *each.answers)))
        for each in RESULTS
    ]


_WORLDS = {
    ("pain alone", "reference"): N_("Pain, A"),
    ("pain alone", "second"): N_("Pain, B"),
    ("pain alone", "randomised"): N_("Pain, C"),
    ("all answers", "reference"): N_("All, A"),
    ("all answers", "second"): N_("All, B"),
    ("all answers", "randomised"): N_("All, C"),
}


def first_flags() -> tuple[list[str], list[tuple[str, ...]]]:
    """Of 100 first worsening flags, how many are real, by how common loosening is."""
    headings = [_("Of 100 people, this many loosen in a year"), "1", "5", "10"]
    return headings, [
        (_(_WORLDS[each.answers, each.generator]), *(str(number) for number in each.real))
        for each in FIRST_ALARMS
    ]


def _number(result: Result, value: float) -> str:
    return f"{value:.0f}" if result.cell == "step_3" else f"{100 * value:.0f}"
