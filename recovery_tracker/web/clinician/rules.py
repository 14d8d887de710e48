"""How flags work: every pattern, every threshold with its source, and what it was tested on."""

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
from ...trends.results import EVALUATED_RULES, EVALUATED_SEED
from ..shared.access import actor, database, installation
from ..shared.pages import render
from ..shared.policies import CLINICIAN, policy
from . import blueprint
from .rules_words import COUNTED, UNSEEN, first_flags, measured
from .sensitivity_words import clinic_setting

#: What each pattern fires on, with how soon somebody should act.
PATTERNS = {
    Pattern.EMERGENCY_SIGN: N_("An emergency answer, on the form itself, before any statistics."),
    Pattern.URGENT_SIGN: N_("A same-day answer that no other pattern covers."),
    Pattern.INFECTION: N_("Wound answers, or a fever in the weeks after the operation."),
    Pattern.EVENT: N_("A fall, a pop, a shift, or a strain that pain followed."),
    Pattern.NERVE: N_(
        "Weakness, more numbness or numbness in a new place that stays, or limb pain that comes "
        "back after a good time."
    ),
    Pattern.LOOSE_HARDWARE: N_(
        "Back or neck pain that had settled comes back and stays, more so with loading, answers "
        "about the metal parts, a fall, less walking or harder moving."
    ),
    Pattern.FAILED_FUSION: N_(
        "From month 6: never met the expected course and still in pain, or pain that returns "
        "late. Stated strongly only from month 12."
    ),
    Pattern.WORSENING: N_("A worsening that stays and fits no pattern well."),
    Pattern.SLOW_RECOVERY: N_("Far behind the expected course at weeks 12 and 26."),
    Pattern.GONE_QUIET: N_("Entries that were asked for stop coming."),
    Pattern.LESS_WALKING: N_(
        "Steps of one device at half of the own usual for three weeks. A note, and never more."
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
        user=actor().name,
        rule_set=rule_set_name(STANDARD.rule_set, clinic.now),
        setting=clinic.words(),
        course=COURSE_VERSION,
        signed_by=installation().rules_signed_by,
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
