"""Warning signs: every one the diary can record, as data.

Each id leads to something a person sees; `tests/domain/test_signs.py` proves it. `triage` reads
this catalogue and decides on the form itself; statistics never do.

Every sign names where it comes from: a publication, a published "call your surgeon if" list, or one
of the five source documents (`docs/warning-signs.md` lists what each of them names). Windows marked
"our default" await a clinician's signature.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from .flags import Pattern, Urgency
from .language import N_
from .surgery import Operation

E, S, R, N = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.REVIEW, Urgency.NOTE


#: Advice for an emergency sign of a past day that is no longer there; a key of `advice.ADVICE`.
WAS_THERE = "was_there"


class Circumstance(StrEnum):
    """Something beside a sign that makes it more urgent. `triage` knows how to see each."""

    FEVER = "fever"
    """Fever of 38 °C or more, or chills, on the same day."""
    HIGH_FEVER = "high_fever"
    """A temperature of 38.6 °C or more."""
    WOUND_SIGN = "wound_sign"
    """Any wound answer on the same day."""
    RISING_PAIN = "rising_pain"
    """Back or neck pain clearly above the own best period, or jumping above the own usual."""
    PAIN_UP_3 = "pain_up_3"
    """Either pain score three or more above the own usual, up to two days after the event."""
    NEW_NERVE_SIGN = "new_nerve_sign"
    """New weakness, unsteady walking, more numbness, a new numb zone or newly both sides, up to two
    days after the event."""
    NERVE_OR_SADDLE_SIGN = "nerve_or_saddle_sign"
    """A nerve, saddle or bladder answer on the same day."""
    LASTED_OVER_7_DAYS = "lasted_over_7_days"
    WORSE_WITHIN_2_DAYS = "worse_within_2_days"
    """A weakness that was asked after is worse than it was at most two days ago."""


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
    #: Key of `advice.ADVICE`; "none" for what only feeds a trend.
    advice: str
    source: str
    raised_by: Mapping[Circumstance, Urgency] = field(default_factory=dict)
    #: Advice at another urgency than the one `advice` is written for.
    advice_at: Mapping[Urgency, str] = field(default_factory=dict)

    def urgency_on(self, pod: int) -> Urgency | None:
        """Urgency of the sign by itself on a postoperative day; None where it asks for nothing."""
        return next((w.urgency for w in self.windows if w.covers(pod)), None)

    def advice_for(self, urgency: Urgency) -> str:
        """Key of the advice for this sign at an urgency."""
        if urgency is S and self.windows == _always(E):
            # An emergency is a same-day matter only where it was there and is gone.
            return WAS_THERE
        return self.advice_at.get(urgency, self.advice)

    @property
    def highest_urgency(self) -> Urgency | None:
        """The most urgent it can become, on any day and in any circumstance."""
        possible = [window.urgency for window in self.windows] + list(self.raised_by.values())
        return max(possible, default=None)


def _always(urgency: Urgency) -> tuple[Window, ...]:
    return (Window(urgency),)


_ALONE: tuple[Window, ...] = ()
# The five source documents, by title.
_SCREWS = "'What Happens When Spinal Fusion Screws Loosen?'"
_QUESTIONS = "'Concerns About Spinal Screw Loosening After Minimally Invasive Surgery'"
_REFUSION = "'What is spine Refusion?'"
_FAILED = "'Failed Spinal Fusions'"
# Publications.
_CAUDA = "cauda equina card of Greenhalgh, Mercer and Finucane (backes.org.uk); PMC3082683"
_HAEMATOMA = "Anno 2019, Spine: epidural haematoma"
_EMBOLISM = "JBJS 2014;96:936: pulmonary embolism after spine surgery"
_AIRWAY = "PMC3299954: airway haematoma after anterior neck surgery"
_SWALLOWING = "PMC3489223: swallowing after anterior neck surgery"
_INFECTION = "Choi 2022, Medicine 101:e29366: wound and deep infection"
_LEAK = "Eur Spine J 2015, 10.1007/s00586-015-3830-4: leak of spinal fluid"
_CALF = "JBJS 2014;96:936: clot in a leg vein"
_LEAFLETS = "published lists of when to call the surgeon"

#: Last day of week 12: until then a fall or a shift is a same-day matter. Our default.
WEEK_12 = 84
_HARDWARE = (Window(R, last_day=-1), Window(S, 0, WEEK_12), Window(R))
_HARDWARE_RAISED = MappingProxyType({Circumstance.PAIN_UP_3: S, Circumstance.NEW_NERVE_SIGN: S})
#: From day 4 to this day a fever of 38.0 °C alone is a same-day matter. Hwang 2020, JBJS 102:1434;
#: the end of the window is our default.
FEVER_WINDOW_END = 90
_FEVER = (Window(N, last_day=3), Window(S, 4, FEVER_WINDOW_END), Window(N))
_FEVER_RAISED = MappingProxyType(
    {Circumstance.HIGH_FEVER: S, Circumstance.WOUND_SIGN: S, Circumstance.RISING_PAIN: S}
)
#: A fever together with one of these is an emergency of that sign; the fever keeps its own rule.
_WITH_FEVER_E = MappingProxyType({Circumstance.FEVER: E})
_WEAKNESS_E = MappingProxyType({Circumstance.FEVER: E, Circumstance.WORSE_WITHIN_2_DAYS: E})
_WITH_FEVER_S = MappingProxyType({Circumstance.FEVER: S})
_UNWELL_E = MappingProxyType({E: "unwell_emergency"})
_SHIFT_R = MappingProxyType({R: "shift_review"})


_SIGNS = (
    # Saddle and bladder: cauda equina.
    Sign(
        "saddle_numbness",
        N_("numbness, or a changed feeling, around my bottom, genitals or inner thighs"),
        N_("saddle numbness"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "saddle",
        f"{_CAUDA}; {_LEAFLETS}",
    ),
    Sign(
        "bladder_bowel_change",
        N_("trouble peeing, no feeling when I pee, or leaking pee or poo"),
        N_("bladder or bowel change"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "bladder",
        _CAUDA,
    ),
    Sign(
        "cauda_equina_recheck",
        N_("trouble on both sides, or a place with no feeling at all"),
        N_("bilateral or complete numbness, saddle and bladder lines not answered"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "saddle",
        f"{_CAUDA}: both legs",
    ),
    # Weakness.
    Sign(
        "new_weakness",
        N_("a weak or clumsy arm, hand, leg or foot"),
        N_("new weakness"),
        _always(S),
        Pattern.NERVE,
        "weakness",
        f"{_HAEMATOMA}; {_SCREWS}; {_REFUSION}",
        _WEAKNESS_E,
        MappingProxyType({E: "paralysis"}),
    ),
    Sign(
        "unsteady_walking",
        N_("unsteady walking"),
        N_("unsteady walking"),
        _always(S),
        Pattern.NERVE,
        "weakness",
        "degenerative cervical myelopathy; our default",
        _WEAKNESS_E,
        MappingProxyType({E: "paralysis"}),
    ),
    Sign(
        "paralysis",
        N_("weakness that came on fast, is on both sides, or stops me lifting my foot or arm"),
        N_("sudden, bilateral or progressive weakness, or not ruled out"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "paralysis",
        f"{_HAEMATOMA}; {_REFUSION}",
    ),
    # Chest.
    Sign(
        "chest_pain",
        N_("chest pain"),
        N_("chest pain"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        _EMBOLISM,
    ),
    Sign(
        "breathing_difficulty",
        N_("trouble breathing"),
        N_("difficulty breathing"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        f"{_EMBOLISM}; {_SCREWS}",
    ),
    Sign(
        "fainting",
        N_("fainting"),
        N_("fainting"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        _EMBOLISM,
    ),
    Sign(
        "coughing_blood",
        N_("coughing up blood"),
        N_("coughing blood"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "chest",
        _EMBOLISM,
    ),
    # Throat and voice after a neck operation.
    Sign(
        "noisy_breathing",
        N_("noisy breathing"),
        N_("noisy breathing"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "airway",
        _AIRWAY,
    ),
    Sign(
        "cannot_swallow_saliva",
        N_("trouble swallowing my own spit"),
        N_("cannot swallow saliva"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "airway",
        _AIRWAY,
    ),
    Sign(
        "neck_swelling",
        N_("swelling in my neck"),
        N_("neck swelling"),
        (Window(E, last_day=14), Window(S)),
        Pattern.URGENT_SIGN,
        "airway",
        _AIRWAY,
        advice_at=MappingProxyType({S: "throat"}),
    ),
    Sign(
        "voice_worse",
        N_("a voice that is getting worse"),
        N_("voice getting worse"),
        (Window(E, last_day=14), Window(S)),
        Pattern.URGENT_SIGN,
        "airway",
        _AIRWAY,
        advice_at=MappingProxyType({S: "throat"}),
    ),
    Sign(
        "swallowing_difficulty",
        N_("trouble swallowing food or drink"),
        N_("difficulty swallowing"),
        # A tick says "started or got worse", so after week 2 it is no longer improving.
        (Window(N, last_day=14), Window(S)),
        Pattern.URGENT_SIGN,
        "throat",
        _SWALLOWING,
        advice_at=MappingProxyType({N: "throat_note"}),
    ),
    Sign(
        "throat_lump",
        N_("a feeling that something is stuck in my throat"),
        N_("foreign-body feeling in the throat"),
        _always(N),
        Pattern.URGENT_SIGN,
        "throat",
        f"{_QUESTIONS}; seven days are our default",
        MappingProxyType({Circumstance.LASTED_OVER_7_DAYS: S}),
        MappingProxyType({N: "throat_note"}),
    ),
    # Wound.
    Sign(
        "wound_redness",
        N_("a wound that is red or hot"),
        N_("wound redness or heat"),
        _always(S),
        Pattern.INFECTION,
        "wound",
        f"{_INFECTION}; {_SCREWS}",
    ),
    Sign(
        "wound_swelling",
        N_("a wound that is swollen"),
        N_("wound swelling"),
        _always(S),
        Pattern.INFECTION,
        "wound",
        f"{_INFECTION}; {_SCREWS}",
    ),
    Sign(
        "wound_drainage",
        N_("a wound that is open or leaking"),
        N_("wound open or draining"),
        _always(S),
        Pattern.INFECTION,
        "wound",
        f"{_INFECTION}; {_SCREWS}",
    ),
    Sign(
        "clear_wound_fluid",
        N_("clear, watery fluid from the wound"),
        N_("clear fluid from the wound"),
        _always(S),
        Pattern.INFECTION,
        "fluid_leak",
        _LEAK,
    ),
    # Fever.
    Sign(
        "fever",
        N_("a fever of 38\N{NO-BREAK SPACE}°C (100.4\N{NO-BREAK SPACE}°F) or more"),
        N_("fever of 38\N{NO-BREAK SPACE}°C or more"),
        _FEVER,
        Pattern.INFECTION,
        "fever",
        f"Hwang 2020, JBJS 102:1434; {_SCREWS}",
        _FEVER_RAISED,
        MappingProxyType({N: "fever_note"}),
    ),
    Sign(
        "chills",
        N_("shivering that I cannot stop"),
        N_("chills"),
        _always(S),
        Pattern.INFECTION,
        "fever",
        "Hwang 2020, JBJS 102:1434",
    ),
    Sign(
        "very_unwell",
        N_("feeling very ill"),
        N_("feels very unwell, or not ruled out with a fever"),
        _always(S),
        Pattern.URGENT_SIGN,
        "unwell",
        f"{_INFECTION}; our default",
        _WITH_FEVER_E,
        _UNWELL_E,
    ),
    # Headache and neck.
    Sign(
        "upright_headache",
        N_("a bad headache that is worse sitting up"),
        N_("orthostatic headache"),
        _always(S),
        Pattern.URGENT_SIGN,
        "fluid_leak",
        _LEAK,
    ),
    Sign(
        "stiff_neck",
        N_("a stiff neck"),
        N_("stiff neck"),
        _always(S),
        Pattern.URGENT_SIGN,
        "stiff_neck",
        _LEAK,
        _WITH_FEVER_E,
        _UNWELL_E,
    ),
    # Clot in the leg.
    Sign(
        "calf_swelling",
        N_("one leg newly swollen, or a sore calf"),
        N_("unilateral leg swelling or calf pain"),
        _always(S),
        Pattern.URGENT_SIGN,
        "calf",
        _CALF,
    ),
    # Fall and shift.
    Sign(
        "fall",
        N_("a fall"),
        N_("fall"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_LEAFLETS}; our default window",
        _HARDWARE_RAISED,
        _SHIFT_R,
    ),
    Sign(
        "clunk",
        N_("a pop or clunk in my back or neck"),
        N_("pop or clunk felt"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_QUESTIONS}; our default window",
        _HARDWARE_RAISED,
        _SHIFT_R,
    ),
    Sign(
        "giving_way",
        N_("a feeling that my back or neck gives way"),
        N_("feeling of giving way"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_SCREWS}: instability; our default window",
        _HARDWARE_RAISED,
        _SHIFT_R,
    ),
    Sign(
        "out_of_place",
        N_("a feeling that something moved or is out of place"),
        N_("feeling of something out of place"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_SCREWS}; {_QUESTIONS}; our default window",
        _HARDWARE_RAISED,
        _SHIFT_R,
    ),
    # Something else that worries me.
    Sign(
        "confusion",
        N_("confusion"),
        N_("confusion"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "unwell_emergency",
        _LEAFLETS,
    ),
    Sign(
        "vision_loss",
        N_("sudden loss of sight"),
        N_("vision loss"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "vision",
        f"{_SCREWS}: sudden changes in vision",
    ),
    Sign(
        "severe_pain",
        N_("very bad pain in spite of my tablets"),
        N_("severe pain not relieved by analgesics, or not ruled out"),
        _always(S),
        Pattern.URGENT_SIGN,
        "severe_pain",
        f"{_HAEMATOMA}; {_LEAFLETS}; {_SCREWS}",
        MappingProxyType({Circumstance.NERVE_OR_SADDLE_SIGN: E}),
        MappingProxyType({E: "severe_pain_emergency"}),
    ),
    Sign(
        "vomiting",
        N_("being sick again and again"),
        N_("persistent vomiting"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        f"{_LEAFLETS}; {_SCREWS}",
        _WITH_FEVER_S,
        MappingProxyType({S: "fever"}),
    ),
    Sign(
        "weight_loss",
        N_("losing weight without trying"),
        N_("unexplained weight loss"),
        _always(R),
        Pattern.URGENT_SIGN,
        "review",
        _SCREWS,
    ),
    Sign(
        "night_pain",
        N_("pain at night that does not ease in any position"),
        N_("night pain"),
        _always(R),
        Pattern.URGENT_SIGN,
        "review",
        "our default",
    ),
    Sign(
        "fatigue",
        N_("being very tired for a long time"),
        N_("prolonged fatigue"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        _SCREWS,
    ),
    Sign(
        "rash",
        N_("a new rash"),
        N_("rash"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        _SCREWS,
    ),
    Sign(
        "cough",
        N_("a cough that stays"),
        N_("persistent cough"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        _SCREWS,
    ),
    Sign(
        "vision_change",
        N_("a change in my sight"),
        N_("vision change"),
        _always(N),
        Pattern.URGENT_SIGN,
        "general",
        _SCREWS,
    ),
    Sign(
        "unspecified",
        N_("something that I ticked but did not describe"),
        N_("a line ticked with nothing chosen under it"),
        _always(S),
        Pattern.URGENT_SIGN,
        "unspecified",
        "our default: a line ticked with nothing chosen under it",
    ),
    Sign(
        "unspecified_emergency",
        N_("chest, breathing, throat or neck trouble that I ticked but did not describe"),
        N_("chest or throat line ticked with nothing chosen under it"),
        _always(E),
        Pattern.EMERGENCY_SIGN,
        "unspecified_emergency",
        "our default: a line of emergencies ticked with nothing chosen under it",
    ),
    # Asked weekly, and on a clearly bad day: evidence for the trend.
    Sign(
        "worse_on_loading",
        N_("pain that is worse when I stand, walk or carry"),
        N_("worse on loading"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        "mechanical pain; our default",
    ),
    Sign(
        "eases_lying",
        N_("pain that eases when I lie down"),
        N_("eases lying down"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        "mechanical pain; our default",
    ),
    Sign(
        "painful_bump",
        N_("a new painful bump under the skin"),
        N_("painful bump"),
        _always(R),
        Pattern.URGENT_SIGN,
        "review",
        _SCREWS,
    ),
    Sign(
        "posture_change",
        N_("standing in a new way: leaning or stooped"),
        N_("change of posture"),
        _always(R),
        Pattern.URGENT_SIGN,
        "review",
        f"{_SCREWS}; {_FAILED}",
    ),
    Sign(
        "spasm",
        N_("spasms in my back or neck"),
        N_("muscle spasm"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        _SCREWS,
    ),
    Sign(
        "stiffness",
        N_("my back or neck being stiffer"),
        N_("stiffness"),
        _ALONE,
        Pattern.LOOSE_HARDWARE,
        "none",
        _SCREWS,
    ),
    Sign(
        "insomnia",
        N_("pain that keeps me awake"),
        N_("insomnia from pain"),
        _ALONE,
        Pattern.WORSENING,
        "none",
        _SCREWS,
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
    its id.
    """

    key: str
    text: str
    signs: tuple[str, ...]
    follow_ups: tuple[str, ...] = ()
    #: Asked on these postoperative days only; None leaves a side open.
    first_day: int | None = None
    last_day: int | None = None
    #: Only after an operation, this or an earlier one, that may have reached the throat.
    throat: bool = False
    #: Stored where the line was ticked and nothing under it.
    if_nothing_chosen: str = "unspecified"

    def is_asked(self, pod: int, *, throat: bool) -> bool:
        in_window = Window(N, self.first_day, self.last_day).covers(pod)
        return in_window and (throat or not self.throat)


#: The warning-sign question, in the order of the form: emergencies first.
LINES: tuple[Line, ...] = (
    Line(
        "saddle",
        N_("Numb, or a changed feeling, around your bottom, genitals or inner thighs"),
        ("saddle_numbness",),
        if_nothing_chosen="saddle_numbness",
    ),
    Line(
        "bladder",
        N_("Hard or impossible to pee, cannot feel it, or leaking pee or poo"),
        ("bladder_bowel_change",),
        if_nothing_chosen="bladder_bowel_change",
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
        if_nothing_chosen="unspecified_emergency",
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
        if_nothing_chosen="unspecified_emergency",
    ),
    Line(
        "wound",
        N_("Wound red, hot, swollen, open or leaking"),
        ("wound_redness", "wound_swelling", "wound_drainage", "clear_wound_fluid"),
    ),
    Line(
        "fever",
        N_("Fever of 38\N{NO-BREAK SPACE}°C (100.4\N{NO-BREAK SPACE}°F) or more, or shivering"),
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
        if_nothing_chosen="calf_swelling",
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


def lines_for(
    operation: Operation, pod: int, earlier: Iterable[Operation] = ()
) -> tuple[Line, ...]:
    """The lines a form asks on a postoperative day, in order.

    `earlier` are operations before the one that days are counted from: metal at the throat may come
    loose years later.
    """
    throat = any(done.reaches_throat for done in (operation, *earlier))
    return tuple(line for line in LINES if line.is_asked(pod, throat=throat))
