"""Answers other than a ticked sign that ask for something on their own, as data.

`triage` decides when one applies; the words, the advice, the source and who checked it are here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from .flags import Urgency
from .language import N_
from .sign_types import NOBODY_YET, REVIEW_ON


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """A measure whose answer may call for something; `key` is its key."""

    key: str
    #: The way a person would name it, without "my" or "your"; see `Sign.patient`.
    patient: str
    #: When it applies, for a clinician.
    when: str
    urgency: Urgency
    #: Key of `advice.ADVICE`.
    advice: str
    source: str
    checked_by: str = NOBODY_YET
    review_on: date = REVIEW_ON


_BOTH_SIDES = (
    "NHS, Back pain; NHS 111 Wales, Sciatica; GIRFT cauda equina pathway; series of MRI scans"
    " (n=334): pain in both legs, odds ratio about 5; the limits are our default"
)

_RULES = (
    AnswerRule(
        "limb_pain_side",
        N_("pain on both sides"),
        N_(
            "pain on both sides for the first time in 14 answers; with no answer since 28 days"
            " before the operation, unless set-up says so and numbness is under 2"
        ),
        Urgency.SAME_DAY,
        "both_sides",
        _BOTH_SIDES,
    ),
    AnswerRule(
        "numbness_zones",
        N_("numbness on both sides"),
        N_(
            "numbness on both sides for the first time in 14 answers; with no answer since 28 days"
            " before the operation, unless set-up says so and it is under 2"
        ),
        Urgency.SAME_DAY,
        "both_sides",
        _BOTH_SIDES,
    ),
    AnswerRule(
        "numbness",
        N_("no feeling in a part of the body"),
        N_("numbness of 4 for the first time in 14 answers"),
        Urgency.SAME_DAY,
        "numbness",
        "our default",
    ),
    AnswerRule(
        "opioid_doses",
        N_("many doses of strong painkillers"),
        N_(
            "more than 12 doses in a day, or 8 or more and twice the patient’s usual, or twice the"
            " last answer where entries are few; with no answer since the operation 8 or more,"
            " but not on days 0 to 3, and not if set-up says that they are taken every day"
        ),
        Urgency.SAME_DAY,
        "opioids",
        "our proposal: no source gives a number of doses",
    ),
    AnswerRule(
        "temperature_c",
        N_("a temperature under 36\N{NO-BREAK SPACE}°C"),
        N_("temperature under 36.0\N{NO-BREAK SPACE}°C"),
        Urgency.NOTE,
        "low_temperature",
        "UK Sepsis Trust list, with feeling very ill; alone it is our default",
    ),
    AnswerRule(
        "strain",
        N_("more pain after a strain"),
        N_("pain up by 3 after bending, lifting or twisting, on 3 days"),
        Urgency.REVIEW,
        "shift_review",
        "our default",
    ),
)

#: Every rule by the key of its measure.
ANSWERS: Mapping[str, AnswerRule] = MappingProxyType({rule.key: rule for rule in _RULES})
