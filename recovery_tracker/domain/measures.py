"""Everything measured: one catalogue that forms, charts, trends, reports and files all read.

A measure knows its scale and which direction is better, so "up" and "worse" are never confused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from .language import N_
from .surgery import Region


class Better(StrEnum):
    """Direction in which a measure improves."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Asked(StrEnum):
    """When a measure is asked for."""

    DAILY = "daily"
    OPTIONAL = "optional"
    WEEKLY = "weekly"


class Kind(StrEnum):
    """Shape of an answer."""

    SCORE = "score"
    """A numeric rating scale 0-10."""
    CHOICE = "choice"
    """An ordered choice, stored as its position in `options`."""
    COUNT = "count"
    """A whole number."""
    NUMBER = "number"
    """A number with decimals."""
    WORD = "word"
    """One key of `words`."""
    WORDS = "words"
    """Any number of keys of `words`."""
    TEXT = "text"
    """Free text."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that a diary entry may hold.

    `question` and `hint` fall back to the lumbar wording for a region without its own. `low` and
    `high` bound every accepted number, both included.
    """

    key: str
    name: Mapping[Region, str]
    question: Mapping[Region, str]
    kind: Kind
    better: Better = Better.NEITHER
    asked: Asked = Asked.OPTIONAL
    low: float | None = None
    high: float | None = None
    #: CHOICE: the wording of 0, 1, 2 ... in order; SCORE: the words at both ends.
    options: tuple[str, ...] = ()
    #: WORD and WORDS: key to wording.
    words: Mapping[str, str] = field(default_factory=dict)
    hint: Mapping[Region, str] = field(default_factory=dict)
    #: Question and hint on the form of a past day where "today" would be wrong; "" if it would not.
    past_question: str = ""
    past_hint: str = ""
    unit: str = ""
    #: Minimal clinically important difference on this scale, with its source.
    mcid: float | None = None
    mcid_source: str = ""
    #: LOINC code; "" if none fits: none is made up.
    loinc: str = ""

    def name_for(self, region: Region) -> str:
        return self.name.get(region, self.name[Region.LUMBAR])

    def question_for(self, region: Region) -> str:
        return self.question.get(region, self.question[Region.LUMBAR])

    def hint_for(self, region: Region) -> str:
        return self.hint.get(region, self.hint.get(Region.LUMBAR, ""))

    def level_name(self, value: float) -> str:
        """The words of a CHOICE answer nearest to `value`; "" for other kinds."""
        return self.options[round(value)] if self.kind is Kind.CHOICE else ""


def _same(text: str) -> Mapping[Region, str]:
    return MappingProxyType({Region.LUMBAR: text})


def _by_region(lumbar: str, cervical: str, thoracic: str | None = None) -> Mapping[Region, str]:
    return MappingProxyType(
        {
            Region.LUMBAR: lumbar,
            Region.CERVICAL: cervical,
            Region.THORACIC: lumbar if thoracic is None else thoracic,
        }
    )


_PAIN_ENDS = (N_("No pain"), N_("Worst pain you can imagine"))
_WHOLE_DAY = N_("Think of the last 24 hours as a whole.")
_WHOLE_PAST_DAY = N_("Think of that day as a whole.")
#: What patients notice, with the site and the operation it was found for.
_AXIAL_MCID = (
    "our default of 2. Back: 1.8 a year after MIS-TLIF (98 after MIS-TLIF); 1.3 to 1.8 without an"
    " operation (Suzuki 2020, 161 people). Neck: 0.4 to 3.1 by method after ACDF for myelopathy"
    " (Auffinger 2013, 30 people, one scale for neck and arm). Middle back: nothing found"
)
_LIMB_MCID = (
    "our default of 2. Leg: 2.4 a year after MIS-TLIF (98 after MIS-TLIF). Arm: 0.4 to 3.1 by"
    " method after ACDF for myelopathy (Auffinger 2013, 30 people, one scale for neck and arm)."
    " Ribs: nothing found"
)

_LEG_ZONES: Mapping[str, str] = MappingProxyType(
    {
        "left_buttock": N_("Left buttock"),
        "right_buttock": N_("Right buttock"),
        "left_groin": N_("Left groin"),
        "right_groin": N_("Right groin"),
        "left_thigh": N_("Left thigh"),
        "right_thigh": N_("Right thigh"),
        "left_calf": N_("Left calf"),
        "right_calf": N_("Right calf"),
        "left_foot": N_("Left foot"),
        "right_foot": N_("Right foot"),
    }
)

#: Where numbness can be marked, by region. The saddle is a warning sign, not a zone.
NUMBNESS_ZONES: Mapping[Region, Mapping[str, str]] = MappingProxyType(
    {
        Region.LUMBAR: _LEG_ZONES,
        Region.CERVICAL: MappingProxyType(
            {
                "left_shoulder": N_("Left shoulder"),
                "right_shoulder": N_("Right shoulder"),
                "left_upper_arm": N_("Left upper arm"),
                "right_upper_arm": N_("Right upper arm"),
                "left_forearm": N_("Left forearm"),
                "right_forearm": N_("Right forearm"),
                "left_thumb_side": N_("Left hand, thumb side"),
                "right_thumb_side": N_("Right hand, thumb side"),
                "left_little_finger_side": N_("Left hand, little finger side"),
                "right_little_finger_side": N_("Right hand, little finger side"),
            }
        ),
        Region.THORACIC: MappingProxyType(
            {
                "left_ribs": N_("Left ribs"),
                "right_ribs": N_("Right ribs"),
                **_LEG_ZONES,
            }
        ),
    }
)

_ALL_ZONES = MappingProxyType(
    {key: text for zones in NUMBNESS_ZONES.values() for key, text in zones.items()}
)

NOTE_LENGTH = 2000


_DAILY = (
    Measure(
        key="walking",
        name=_same(N_("Walking")),
        question=_same(N_("How long did you walk today?")),
        past_question=N_("How long did you walk that day?"),
        hint=_same(N_("All walks, indoors and out.")),
        kind=Kind.CHOICE,
        better=Better.HIGHER,
        asked=Asked.DAILY,
        low=0,
        high=4,
        options=(
            N_("None"),
            N_("Under 10 minutes"),
            N_("10 to 30 minutes"),
            N_("30 minutes to 1 hour"),
            N_("More than 1 hour"),
        ),
        mcid=1,
        mcid_source="our default: one band",
    ),
    Measure(
        key="mobility",
        name=_same(N_("Trouble moving")),
        question=_same(N_("How hard was it to move?")),
        hint=_by_region(
            N_("Getting up, standing, using stairs."),
            N_("Getting up, getting dressed, doing up buttons."),
        ),
        kind=Kind.CHOICE,
        better=Better.LOWER,
        asked=Asked.DAILY,
        low=0,
        high=4,
        options=(
            N_("Not hard"),
            N_("A little hard"),
            N_("Quite hard"),
            N_("Very hard"),
            N_("I needed help"),
        ),
        mcid=1,
        mcid_source="our default: one step",
    ),
    Measure(
        key="axial_pain",
        name=_by_region(N_("Back pain"), N_("Neck pain")),
        question=_by_region(N_("How bad was your back pain?"), N_("How bad was your neck pain?")),
        hint=_same(_WHOLE_DAY),
        past_hint=_WHOLE_PAST_DAY,
        kind=Kind.SCORE,
        better=Better.LOWER,
        asked=Asked.DAILY,
        low=0,
        high=10,
        options=_PAIN_ENDS,
        unit="NRS 0-10",
        mcid=2,
        mcid_source=_AXIAL_MCID,
        loinc="72514-3",
    ),
    Measure(
        key="limb_pain",
        name=_by_region(N_("Leg pain"), N_("Arm pain"), N_("Rib or leg pain")),
        question=_by_region(
            N_("How bad was your leg pain?"),
            N_("How bad was your arm pain?"),
            N_("How bad was the pain around your ribs or in your legs?"),
        ),
        hint=_same(_WHOLE_DAY),
        past_hint=_WHOLE_PAST_DAY,
        kind=Kind.SCORE,
        better=Better.LOWER,
        asked=Asked.DAILY,
        low=0,
        high=10,
        options=_PAIN_ENDS,
        unit="NRS 0-10",
        mcid=2,
        mcid_source=_LIMB_MCID,
        loinc="72514-3",
    ),
    Measure(
        key="limb_pain_side",
        name=_by_region(
            N_("Side of the leg pain"), N_("Side of the arm pain"), N_("Side of the pain")
        ),
        question=_same(N_("Which side?")),
        kind=Kind.WORD,
        asked=Asked.DAILY,
        words=MappingProxyType({"left": N_("Left"), "right": N_("Right"), "both": N_("Both")}),
    ),
    Measure(
        key="numbness",
        name=_same(N_("Numbness")),
        question=_same(N_("Any numbness or tingling?")),
        hint=_same(N_("Numb: you feel touch less. Tingling: pins and needles.")),
        kind=Kind.CHOICE,
        better=Better.LOWER,
        asked=Asked.DAILY,
        low=0,
        high=4,
        options=(
            N_("None"),
            N_("A little"),
            N_("Some"),
            N_("A lot"),
            N_("I cannot feel it at all"),
        ),
        mcid=1,
        mcid_source="our default: one step",
    ),
    Measure(
        key="numbness_zones",
        name=_same(N_("Where it is numb")),
        question=_same(N_("Where is it?")),
        hint=_same(N_("Tick all that apply.")),
        kind=Kind.WORDS,
        asked=Asked.DAILY,
        words=_ALL_ZONES,
    ),
)

_OPTIONAL = (
    Measure(
        key="sleep",
        name=_same(N_("Trouble sleeping")),
        question=_same(N_("How was your sleep?")),
        kind=Kind.CHOICE,
        better=Better.LOWER,
        low=0,
        high=4,
        options=(
            N_("Slept well"),
            N_("Woke a little"),
            N_("Woke often"),
            N_("Slept badly"),
            N_("Hardly slept"),
        ),
    ),
    Measure(
        key="opioid_doses",
        name=_same(N_("Strong painkiller doses")),
        question=_same(N_("How many doses of strong painkillers did you take?")),
        hint=_same(N_("Like morphine, oxycodone, codeine or tramadol. Put 0 if none.")),
        kind=Kind.COUNT,
        better=Better.LOWER,
        low=0,
        high=50,
        unit="doses",
    ),
    Measure(
        key="painkiller_change",
        name=_same(N_("Painkillers")),
        question=_same(N_("Pain tablets, compared with last week")),
        kind=Kind.WORD,
        asked=Asked.WEEKLY,
        words=MappingProxyType(
            {
                "fewer": N_("Fewer"),
                "same": N_("About the same"),
                "more": N_("More"),
                "none": N_("I take none"),
            }
        ),
    ),
    Measure(
        key="temperature_c",
        name=_same(N_("Temperature")),
        question=_same(N_("Your temperature, if you took it")),
        kind=Kind.NUMBER,
        better=Better.LOWER,
        low=30,
        high=45,
        unit="°C",
        loinc="8310-5",
    ),
    Measure(
        key="strain",
        name=_same(N_("Strain")),
        question=_same(N_("Did any of this happen today?")),
        past_question=N_("Did any of this happen that day?"),
        kind=Kind.WORDS,
        words=MappingProxyType(
            {
                "bending": N_("Bent down a lot"),
                "lifting": N_("Lifted something heavy"),
                "twisting": N_("Twisted"),
                "fall": N_("Had a fall"),
            }
        ),
    ),
    Measure(
        key="pain_quality",
        name=_same(N_("How the pain feels")),
        question=_same(N_("What is the pain like?")),
        kind=Kind.WORDS,
        words=MappingProxyType(
            {
                "dull": N_("Dull"),
                "sharp": N_("Sharp"),
                "aching": N_("Aching"),
                "burning": N_("Burning"),
                "radiating": N_("Shooting down"),
            }
        ),
    ),
    Measure(
        key="steps",
        name=_same(N_("Steps")),
        question=_same(N_("Steps today, if you count them")),
        past_question=N_("Steps that day, if you count them"),
        kind=Kind.COUNT,
        better=Better.HIGHER,
        low=0,
        high=200_000,
        unit="steps",
        mcid=1000,
        mcid_source="our default",
        loinc="41950-7",
    ),
    Measure(
        key="walking_minutes",
        name=_same(N_("Minutes walked")),
        question=_same(N_("Minutes walked, if you know")),
        kind=Kind.COUNT,
        better=Better.HIGHER,
        low=0,
        high=1440,
        unit="minutes",
        loinc="55411-3",
    ),
    Measure(
        # Named by the patient (`Patient.own_item`, `DiaryEntry.own_question`); no rule reads it.
        key="own_item",
        name=_same(N_("Your own question")),
        question=_same(N_("Your own question")),
        kind=Kind.SCORE,
        low=0,
        high=10,
        options=(N_("Not at all"), N_("Completely")),
    ),
    Measure(
        key="note",
        name=_same(N_("Note")),
        question=_same(N_("A note for you or your team")),
        kind=Kind.TEXT,
        high=NOTE_LENGTH,
    ),
)

_PEG_MCID = (
    "our default: of one item nothing is published; the mean of the three has its own (`peg`)"
)

_WEEKLY = (
    Measure(
        key="peg_pain",
        name=_same(N_("Pain in the past week")),
        question=_same(N_("In the past week, how bad was your pain on average?")),
        kind=Kind.SCORE,
        better=Better.LOWER,
        asked=Asked.WEEKLY,
        low=0,
        high=10,
        options=(N_("No pain"), N_("Pain as bad as you can imagine")),
        unit="PEG 0-10",
        mcid=1,
        mcid_source=_PEG_MCID,
    ),
    Measure(
        key="peg_enjoyment",
        name=_same(N_("Pain and enjoyment of life")),
        question=_same(N_("In the past week, how much did pain get in the way of enjoying life?")),
        kind=Kind.SCORE,
        better=Better.LOWER,
        asked=Asked.WEEKLY,
        low=0,
        high=10,
        options=(N_("Not at all"), N_("Completely")),
        unit="PEG 0-10",
        mcid=1,
        mcid_source=_PEG_MCID,
    ),
    Measure(
        key="peg_activity",
        name=_same(N_("Pain and general activity")),
        question=_same(
            N_("In the past week, how much did pain get in the way of the things you do?")
        ),
        kind=Kind.SCORE,
        better=Better.LOWER,
        asked=Asked.WEEKLY,
        low=0,
        high=10,
        options=(N_("Not at all"), N_("Completely")),
        unit="PEG 0-10",
        mcid=1,
        mcid_source=_PEG_MCID,
    ),
    Measure(
        key="overall_change",
        name=_same(N_("Overall change")),
        question=_same(N_("Since the operation, how are you overall?")),
        kind=Kind.COUNT,
        better=Better.HIGHER,
        asked=Asked.WEEKLY,
        low=-3,
        high=3,
        options=(
            N_("Much worse"),
            N_("Worse"),
            N_("A little worse"),
            N_("The same"),
            N_("A little better"),
            N_("Better"),
            N_("Much better"),
        ),
    ),
)

#: Every measure by key, in the order of the form. The warning-sign question is in `signs`.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {measure.key: measure for measure in (*_DAILY, *_OPTIONAL, *_WEEKLY)}
)
