"""Warning signs: every one the diary can record, as data.

Each id leads to something a person sees; `tests/domain/test_signs.py` proves it. `triage` reads
this catalogue and decides on the form itself; statistics never do.

Sources: evidence/clinical.md sections 6, 8, 11 and 13 and the five source documents
(`docs/warning-signs.md` lists what each of them names). Windows marked "our default" await a
clinician's signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from .flags import Pattern, Urgency
from .language import N_
from .surgery import Operation

E, S, R, N = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW, Urgency.NOTE


class Circumstance(StrEnum):
    """Something beside a sign that makes it more urgent. `triage` knows how to see each."""

    FEVER = "fever"
    """Fever of 38 °C or more, or chills, on the same day."""
    FEVER_38_6 = "fever_38_6"
    """A temperature of 38.6 °C or more."""
    STIFF_NECK_CONFUSION_WEAKNESS_OR_UNWELL = "stiff_neck_confusion_weakness_or_unwell"
    WOUND_SIGN = "wound_sign"
    RISING_PAIN = "rising_pain"
    """Pain that has been rising over the own usual, as the trend module or the last days show."""
    PAIN_UP_3 = "pain_up_3"
    """Either pain score three or more above the own usual within two days."""
    NEW_NERVE_SIGN = "new_nerve_sign"
    """New weakness, unsteady walking, more numbness or a new numb zone on the same day."""
    NERVE_OR_SADDLE_SIGN = "nerve_or_saddle_sign"
    LASTED_OVER_7_DAYS = "lasted_over_7_days"


@dataclass(frozen=True, slots=True)
class Window:
    """An urgency between two postoperative days, both included; None leaves a side open."""

    urgency: Urgency
    first_day: int | None = None
    last_day: int | None = None

    def covers(self, pod: int) -> bool:
        after = self.first_day is None or pod >= self.first_day
        return after and (self.last_day is None or pod <= self.last_day)


@dataclass(frozen=True, slots=True)
class Sign:
    """One warning sign.

    `windows` are tried in order, the first that covers the day gives the urgency; none means that
    the sign alone asks for nothing and only feeds `feeds`. `raised_by` may make it more urgent.
    """

    id: str
    #: Ends the sentence "I have ..." on patient pages.
    patient: str
    #: As a clinician reads it.
    clinician: str
    windows: tuple[Window, ...]
    feeds: Pattern
    #: Key of `advice.ADVICE`.
    advice: str
    source: str
    raised_by: Mapping[Circumstance, Urgency] = field(default_factory=dict)

    def urgency_on(self, pod: int) -> Urgency | None:
        """Urgency of the sign by itself on a postoperative day; None where it asks for nothing."""
        return next((w.urgency for w in self.windows if w.covers(pod)), None)


def _always(urgency: Urgency) -> tuple[Window, ...]:
    return (Window(urgency),)


_ALONE: tuple[Window, ...] = ()
_CLINICAL = "evidence/clinical.md"

#: Weeks 0-12 after the operation, in which a fall or a shift is a same-day matter. Our default.
_HARDWARE = (Window(R, last_day=-1), Window(S, 0, 84), Window(R))
_HARDWARE_RAISED = MappingProxyType({Circumstance.PAIN_UP_3: S, Circumstance.NEW_NERVE_SIGN: S})
#: From day 4 to day 90 a fever of 38.0 °C is a same-day matter. Hwang 2020, JBJS 102:1434.
_FEVER = (Window(N, last_day=3), Window(S, 4, 90), Window(N, 91))
_FEVER_RAISED = MappingProxyType(
    {
        Circumstance.FEVER_38_6: S,
        Circumstance.WOUND_SIGN: S,
        Circumstance.RISING_PAIN: S,
        Circumstance.STIFF_NECK_CONFUSION_WEAKNESS_OR_UNWELL: E,
    }
)
_CHILLS_RAISED = MappingProxyType({Circumstance.STIFF_NECK_CONFUSION_WEAKNESS_OR_UNWELL: E})
_WITH_FEVER_E = MappingProxyType({Circumstance.FEVER: E})
_WITH_FEVER_S = MappingProxyType({Circumstance.FEVER: S})


_SIGNS = (
    # Saddle and bladder: cauda equina.
    Sign(
        "saddle_numbness",
        N_("numbness, or a changed feeling, around my bottom, genitals or inner thighs"),
        N_("saddle numbness"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "saddle",
        f"{_CLINICAL} 6, cauda equina; seed 000",
    ),
    Sign(
        "bladder_bowel_change",
        N_("trouble peeing, no feeling when I pee, or leaking pee or poo"),
        N_("bladder or bowel change"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "bladder",
        f"{_CLINICAL} 6, cauda equina",
    ),
    Sign(
        "cauda_equina_recheck",
        N_("both sides affected, or no feeling, and the check on feeling below was left open"),
        N_("bilateral or complete numbness, saddle and bladder lines not answered"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "saddle",
        f"{_CLINICAL} 6, cauda equina: both legs",
    ),
    # Weakness.
    Sign(
        "new_weakness",
        N_("a weak or clumsy arm, hand, leg or foot"),
        N_("new weakness"),
        _always(S),
        Pattern.NERVE,
        "weakness",
        f"{_CLINICAL} 6 and 11 P5; seeds 000, 003",
        _WITH_FEVER_E,
    ),
    Sign(
        "unsteady_walking",
        N_("unsteady walking"),
        N_("unsteady walking"),
        _always(S),
        Pattern.NERVE,
        "weakness",
        f"{_CLINICAL} 6, myelopathy",
        _WITH_FEVER_E,
    ),
    Sign(
        "paralysis",
        N_("weakness that came on fast, is on both sides, or stops me lifting my foot or arm"),
        N_("sudden, bilateral or progressive weakness, or not ruled out"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "paralysis",
        f"{_CLINICAL} 6, new weakness; seed 003",
    ),
    # Chest.
    Sign(
        "chest_pain",
        N_("chest pain"),
        N_("chest pain"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        f"{_CLINICAL} 6, pulmonary embolism",
    ),
    Sign(
        "breathing_difficulty",
        N_("trouble breathing"),
        N_("difficulty breathing"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        f"{_CLINICAL} 6; seed 000",
    ),
    Sign(
        "fainting",
        N_("fainting"),
        N_("fainting"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        f"{_CLINICAL} 6, pulmonary embolism",
    ),
    Sign(
        "coughing_blood",
        N_("coughing up blood"),
        N_("coughing blood"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        f"{_CLINICAL} 6, pulmonary embolism",
    ),
    # Throat and voice after a neck operation.
    Sign(
        "noisy_breathing",
        N_("noisy breathing"),
        N_("noisy breathing"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "airway",
        f"{_CLINICAL} 6, airway",
    ),
    Sign(
        "cannot_swallow_saliva",
        N_("trouble swallowing my own spit"),
        N_("cannot swallow saliva"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "airway",
        f"{_CLINICAL} 6, airway",
    ),
    Sign(
        "neck_swelling",
        N_("swelling in my neck"),
        N_("neck swelling"),
        (Window(E, last_day=14), Window(S)),
        Pattern.URGENT_SIGN,
        "airway",
        f"{_CLINICAL} 11 P9",
    ),
    Sign(
        "voice_worse",
        N_("a voice that is getting worse"),
        N_("voice getting worse"),
        (Window(E, last_day=14), Window(S)),
        Pattern.URGENT_SIGN,
        "airway",
        f"{_CLINICAL} 11 P9",
    ),
    Sign(
        "swallowing_difficulty",
        N_("trouble swallowing food or drink"),
        N_("difficulty swallowing"),
        # A tick says "started or got worse", so after week 2 it is no longer improving.
        (Window(N, last_day=14), Window(S)),
        Pattern.URGENT_SIGN,
        "throat",
        f"{_CLINICAL} 6, dysphagia",
    ),
    Sign(
        "throat_lump",
        N_("a feeling that something is stuck in my throat"),
        N_("foreign-body feeling in the throat"),
        _always(N),
        Pattern.URGENT_SIGN,
        "throat",
        f"{_CLINICAL} 6, late foreign-body sensation; seed 001",
        MappingProxyType({Circumstance.LASTED_OVER_7_DAYS: S}),
    ),
    # Wound.
    Sign(
        "wound_redness",
        N_("a wound that is red or hot"),
        N_("wound redness or heat"),
        _always(S),
        Pattern.INFECTION,
        "wound",
        f"{_CLINICAL} 6, infection; seed 000",
    ),
    Sign(
        "wound_swelling",
        N_("a wound that is swollen"),
        N_("wound swelling"),
        _always(S),
        Pattern.INFECTION,
        "wound",
        f"{_CLINICAL} 6, infection; seed 000",
    ),
    Sign(
        "wound_drainage",
        N_("a wound that is open or leaking"),
        N_("wound open or draining"),
        _always(S),
        Pattern.INFECTION,
        "wound",
        f"{_CLINICAL} 6, infection; seed 000",
    ),
    Sign(
        "clear_wound_fluid",
        N_("clear, watery fluid from the wound"),
        N_("clear fluid from the wound"),
        _always(S),
        Pattern.URGENT_SIGN,
        "fluid_leak",
        f"{_CLINICAL} 6, CSF leak",
    ),
    # Fever.
    Sign(
        "fever",
        N_("a fever of 38 °C or more"),
        N_("fever of 38 °C or more"),
        _FEVER,
        Pattern.INFECTION,
        "fever",
        f"{_CLINICAL} 6, fever value; seed 000",
        _FEVER_RAISED,
    ),
    Sign(
        "chills",
        N_("shivering that I cannot stop"),
        N_("chills"),
        _always(S),
        Pattern.INFECTION,
        "fever",
        f"{_CLINICAL} 6, fever value",
        _CHILLS_RAISED,
    ),
    Sign(
        "very_unwell",
        N_("feeling very ill"),
        N_("feels very unwell"),
        _always(S),
        Pattern.URGENT_SIGN,
        "unwell",
        f"{_CLINICAL} 6, infection with systemic signs",
        _WITH_FEVER_E,
    ),
    # Headache and neck.
    Sign(
        "upright_headache",
        N_("a bad headache that is worse sitting up"),
        N_("orthostatic headache"),
        _always(S),
        Pattern.URGENT_SIGN,
        "fluid_leak",
        f"{_CLINICAL} 6, CSF leak",
    ),
    Sign(
        "stiff_neck",
        N_("a stiff neck"),
        N_("stiff neck"),
        _always(S),
        Pattern.URGENT_SIGN,
        "stiff_neck",
        f"{_CLINICAL} 6, CSF leak and meningitis",
        _WITH_FEVER_E,
    ),
    # Clot in the leg.
    Sign(
        "calf_swelling",
        N_("one leg newly swollen, or a sore calf"),
        N_("unilateral leg swelling or calf pain"),
        _always(S),
        Pattern.URGENT_SIGN,
        "calf",
        f"{_CLINICAL} 6, deep vein thrombosis",
    ),
    # Fall and shift.
    Sign(
        "fall",
        N_("a fall"),
        N_("fall"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_CLINICAL} 11 P13; our default window",
        _HARDWARE_RAISED,
    ),
    Sign(
        "clunk",
        N_("a pop or clunk in my back or neck"),
        N_("pop or clunk felt"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_CLINICAL} 4.3; seed 001; our default window",
        _HARDWARE_RAISED,
    ),
    Sign(
        "giving_way",
        N_("a feeling that my back or neck gives way"),
        N_("feeling of giving way"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_CLINICAL} 4.3; seed 000; our default window",
        _HARDWARE_RAISED,
    ),
    Sign(
        "out_of_place",
        N_("a feeling that something moved or is out of place"),
        N_("feeling of something out of place"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_CLINICAL} 4.3; seeds 000, 001; our default window",
        _HARDWARE_RAISED,
    ),
    # Something else that worries me.
    Sign(
        "confusion",
        N_("confusion"),
        N_("confusion"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "unwell_emergency",
        f"{_CLINICAL} 6, infection with systemic signs",
    ),
    Sign(
        "vision_loss",
        N_("sudden loss of sight"),
        N_("vision loss"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "vision",
        f"{_CLINICAL} 13; seed 000, sudden changes in vision",
    ),
    Sign(
        "severe_pain",
        N_("very bad pain in spite of my tablets"),
        N_("severe pain not relieved by analgesics, or not ruled out"),
        _always(S),
        Pattern.URGENT_SIGN,
        "severe_pain",
        f"{_CLINICAL} 6 and 8; seed 000",
        MappingProxyType({Circumstance.NERVE_OR_SADDLE_SIGN: E}),
    ),
    Sign(
        "vomiting",
        N_("being sick again and again"),
        N_("persistent vomiting"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        f"{_CLINICAL} 8 and 13; seed 000",
        _WITH_FEVER_S,
    ),
    Sign(
        "weight_loss",
        N_("losing weight without trying"),
        N_("unexplained weight loss"),
        _always(R),
        Pattern.URGENT_SIGN,
        "review",
        f"{_CLINICAL} 13; seed 000",
    ),
    Sign(
        "night_pain",
        N_("pain at night that does not ease in any position"),
        N_("night pain"),
        _always(R),
        Pattern.URGENT_SIGN,
        "review",
        f"{_CLINICAL} 13; our default",
    ),
    Sign(
        "fatigue",
        N_("being very tired for a long time"),
        N_("prolonged fatigue"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        f"{_CLINICAL} 13; seed 000",
    ),
    Sign(
        "rash",
        N_("a new rash"),
        N_("rash"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        f"{_CLINICAL} 13; seed 000",
    ),
    Sign(
        "cough",
        N_("a cough that stays"),
        N_("persistent cough"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        f"{_CLINICAL} 13; seed 000",
    ),
    Sign(
        "vision_change",
        N_("a change in my sight"),
        N_("vision change"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        f"{_CLINICAL} 13; seed 000",
    ),
    Sign(
        "unspecified",
        N_("something that I ticked but did not describe"),
        N_("a line ticked with nothing chosen under it"),
        _always(S),
        Pattern.URGENT_SIGN,
        "unspecified",
        "design, warning signs: a ticked line with no id",
    ),
    # Asked weekly, and on a clearly bad day: evidence for the trend.
    Sign(
        "worse_on_loading",
        N_("pain that is worse when I stand, walk or carry"),
        N_("worse on loading"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        f"{_CLINICAL} 4.3",
    ),
    Sign(
        "eases_lying",
        N_("pain that eases when I lie down"),
        N_("eases lying down"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        f"{_CLINICAL} 4.3",
    ),
    Sign(
        "painful_bump",
        N_("a new painful bump under the skin"),
        N_("painful bump"),
        _always(R),
        Pattern.EVENT,
        "review",
        f"{_CLINICAL} 4.3; seed 000",
    ),
    Sign(
        "posture_change",
        N_("standing in a new way: leaning or stooped"),
        N_("change of posture"),
        _always(R),
        Pattern.EVENT,
        "review",
        f"{_CLINICAL} 13; seeds 000, 004",
    ),
    Sign(
        "spasm",
        N_("spasms in my back or neck"),
        N_("muscle spasm"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        f"{_CLINICAL} 13; seed 000",
    ),
    Sign(
        "stiffness",
        N_("my back or neck being stiffer"),
        N_("stiffness"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        f"{_CLINICAL} 13; seed 000",
    ),
    Sign(
        "insomnia",
        N_("pain that keeps me awake"),
        N_("insomnia from pain"),
        _ALONE,
        Pattern.WORSENING,
        "none",
        f"{_CLINICAL} 13; seed 000",
    ),
)

#: Every warning sign by id.
SIGNS: Mapping[str, Sign] = MappingProxyType({sign.id: sign for sign in _SIGNS})

WOUND_SIGNS = frozenset({"wound_redness", "wound_swelling", "wound_drainage", "clear_wound_fluid"})
FEVER_SIGNS = frozenset({"fever", "chills"})
NERVE_SIGNS = frozenset({"new_weakness", "unsteady_walking", "paralysis"})
SADDLE_SIGNS = frozenset({"saddle_numbness", "bladder_bowel_change", "cauda_equina_recheck"})
HARDWARE_SIGNS = frozenset({"clunk", "giving_way", "out_of_place"})
LOADING_SIGNS = frozenset({"worse_on_loading", "eases_lying"})

#: Asked once a week, and after the save on any day whose pain stands clearly above the own usual.
WEEKLY_SIGNS: tuple[str, ...] = (
    "worse_on_loading",
    "eases_lying",
    "painful_bump",
    "posture_change",
    "spasm",
    "stiffness",
    "insomnia",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the warning-sign question on the daily form, with the signs under it.

    `follow_ups` are asked beside it at once; a follow-up that was shown and left open counts as
    its id (design: "yes or unanswered").
    """

    key: str
    text: str
    signs: tuple[str, ...]
    follow_ups: tuple[str, ...] = ()
    #: Asked on these postoperative days only; None leaves a side open.
    first_day: int | None = None
    last_day: int | None = None
    #: Only after an operation that may have reached the throat.
    throat: bool = False

    def is_asked(self, operation: Operation, pod: int) -> bool:
        in_window = Window(N, self.first_day, self.last_day).covers(pod)
        return in_window and (not self.throat or operation.reaches_throat)


#: The warning-sign question, in the order of the form: emergencies first.
LINES: tuple[Line, ...] = (
    Line(
        "saddle",
        N_("Numb, or a changed feeling, around your bottom, genitals or inner thighs"),
        ("saddle_numbness",),
    ),
    Line(
        "bladder",
        N_("Hard or impossible to pee, cannot feel it, or leaking pee or poo"),
        ("bladder_bowel_change",),
    ),
    Line(
        "weakness",
        N_("Weak or clumsy arm, hand, leg or foot, or unsteady walking"),
        ("new_weakness", "unsteady_walking"),
        follow_ups=("paralysis",),
    ),
    Line(
        "chest",
        N_("Chest pain, hard to breathe, fainting or coughing blood"),
        ("chest_pain", "breathing_difficulty", "fainting", "coughing_blood"),
    ),
    Line(
        "throat",
        N_("Throat, swallowing or voice trouble, or a swollen neck"),
        (
            "noisy_breathing",
            "cannot_swallow_saliva",
            "neck_swelling",
            "voice_worse",
            "swallowing_difficulty",
            "throat_lump",
        ),
        throat=True,
    ),
    Line(
        "wound",
        N_("Wound red, hot, swollen, open or leaking"),
        ("wound_redness", "wound_swelling", "wound_drainage", "clear_wound_fluid"),
    ),
    Line(
        "fever",
        N_("Fever of 38 °C or more, or shivering"),
        ("fever", "chills"),
        follow_ups=("stiff_neck", "confusion", "very_unwell"),
    ),
    Line(
        "headache",
        N_("A bad headache that is worse sitting up, or a stiff neck"),
        ("upright_headache", "stiff_neck"),
        first_day=0,
        last_day=60,
    ),
    Line(
        "calf",
        N_("One leg newly swollen, or a sore calf"),
        ("calf_swelling",),
    ),
    Line(
        "shift",
        N_("A fall, a pop, or a feeling that something moved"),
        ("fall", "clunk", "giving_way", "out_of_place"),
    ),
    Line(
        "other",
        N_("Something else that worries me"),
        (
            "confusion",
            "vision_loss",
            "severe_pain",
            "vomiting",
            "weight_loss",
            "night_pain",
            "fatigue",
            "rash",
            "cough",
            "vision_change",
        ),
    ),
)


def lines_for(operation: Operation, pod: int) -> tuple[Line, ...]:
    """The lines a form asks on a postoperative day, in order."""
    return tuple(line for line in LINES if line.is_asked(operation, pod))
