"""Warning signs: the catalogue by id, its named groups, and the lines of the daily form.

Everything that names a sign reads it from here: form, advice, help, card, list, report and
`docs/warning-signs.md`. Each id leads to something that a person sees, which
`tests/domain/test_signs.py` proves. `triage` decides on the form itself; statistics never do.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from .flags import Urgency
from .language import N_
from .sign_catalogue import CATALOGUE, TWO_WEEKS
from .sign_types import WAS_THERE, Circumstance, Line, Sign, Window
from .surgery import Operation, Region

__all__ = [
    "BARE_LINES",
    "DERIVED_SIGNS",
    "FEVER_SIGNS",
    "HARDWARE_SIGNS",
    "LEFT_OPEN",
    "LINES",
    "LOADING_SIGNS",
    "NERVE_SIGNS",
    "SADDLE_SIGNS",
    "SEVERE_PAIN_SIGNS",
    "SIGNS",
    "WAS_THERE",
    "WEEKLY_SIGNS",
    "WOUND_SIGNS",
    "Circumstance",
    "Line",
    "Sign",
    "Window",
    "lines_for",
    "or_bare",
]

WOUND_SIGNS = frozenset(
    {
        "wound_redness",
        "wound_swelling",
        "wound_drainage",
        "clear_wound_fluid",
        "wound_bleeding",
        "wound_unspecified",
    }
)
FEVER_SIGNS = frozenset({"fever", "chills", "fever_unspecified"})
NERVE_SIGNS = frozenset(
    {
        "new_weakness",
        "unsteady_walking",
        "paralysis",
        "weakness_unspecified",
        "weakness_left_open",
    }
)
SADDLE_SIGNS = frozenset({"saddle_numbness", "bladder_bowel_change", "cauda_equina_recheck"})
HARDWARE_SIGNS = frozenset({"clunk", "giving_way", "out_of_place"})
LOADING_SIGNS = frozenset({"worse_on_loading", "eases_lying"})
SEVERE_PAIN_SIGNS = frozenset({"severe_pain", "severe_pain_left_open"})

#: Stored when a follow-up was shown and left open, by the sign it asks about.
LEFT_OPEN: Mapping[str, str] = MappingProxyType(
    {
        "paralysis": "weakness_left_open",
        "severe_pain": "severe_pain_left_open",
        "cauda_equina_recheck": "cauda_equina_recheck",
    }
)
#: Signs that no line offers: combinations of answers make them, or an earlier version stored them.
DERIVED_SIGNS = frozenset({"both_sides_deficit", "unspecified_emergency"})

#: Asked once a week, and after saving on any day with pain clearly above the usual level.
WEEKLY_SIGNS: tuple[str, ...] = (
    "worse_on_loading",
    "eases_lying",
    "painful_bump",
    "posture_change",
    "spasm",
    "stiffness",
    "insomnia",
)

#: The warning-sign question. The form shows first the lines that may need help now; see
#: `sign_lists.grouped`. At most fourteen are asked on any day.
LINES: tuple[Line, ...] = (
    Line(
        "saddle",
        N_("Numb, or a changed feeling, around the bottom, genitals or inner thighs"),
        ("saddle_numbness",),
        if_nothing_chosen="saddle_numbness",
    ),
    Line(
        "bladder",
        N_("Leaking, trouble peeing, or not feeling pee, poo or a full bladder"),
        ("bladder_bowel_change",),
        if_nothing_chosen="bladder_bowel_change",
    ),
    Line(
        "chest",
        N_("Chest pain, trouble breathing, fainting, coughing blood, swollen face or tongue"),
        ("chest_pain", "breathing_difficulty", "fainting", "coughing_blood", "face_swelling"),
        if_nothing_chosen="chest_unspecified",
    ),
    Line(
        "brain",
        N_("Confusion, a fit, very sleepy, drooping face, slurred speech, trouble seeing"),
        ("confusion", "over_sedated", "seizure", "stroke_signs", "vision_loss", "vision_change"),
        if_nothing_chosen="brain_unspecified",
    ),
    Line(
        "throat",
        N_("Throat, swallowing or voice trouble, or a swollen neck"),
        (
            "noisy_breathing",
            "cannot_swallow_saliva",
            "cannot_drink",
            "neck_swelling",
            "voice_worse",
            "swallowing_difficulty",
            "throat_lump",
        ),
        throat=True,
        if_nothing_chosen="throat_unspecified",
    ),
    Line(
        "unwell",
        N_("Feeling very ill"),
        ("very_unwell",),
        if_nothing_chosen="very_unwell",
    ),
    Line(
        "weakness",
        N_("Weak or clumsy arm, hand, leg or foot, or unsteady walking"),
        ("new_weakness", "unsteady_walking"),
        follow_ups=("paralysis",),
        if_nothing_chosen="weakness_unspecified",
        if_left_open="weakness_left_open",
    ),
    Line(
        "wound",
        N_("Wound red, hot, swollen, open, leaking or bleeding"),
        (
            "wound_redness",
            "wound_swelling",
            "wound_drainage",
            "clear_wound_fluid",
            "wound_bleeding",
        ),
        if_nothing_chosen="wound_unspecified",
    ),
    Line(
        "fever",
        N_("Fever of 38\N{NO-BREAK SPACE}°C (100.4\N{NO-BREAK SPACE}°F) or more, or shivering"),
        ("fever", "chills"),
        follow_ups=("stiff_neck", "confusion", "very_unwell"),
        if_nothing_chosen="fever_unspecified",
        if_left_open="fever_left_open",
    ),
    Line(
        "headache",
        N_("A bad headache that is worse sitting up, or a stiff neck"),
        ("upright_headache", "stiff_neck"),
        first_day=0,
        last_day=60,
        if_nothing_chosen="headache_unspecified",
    ),
    Line(
        "calf",
        N_("One leg newly swollen, or a sore calf"),
        ("calf_swelling",),
        if_nothing_chosen="calf_swelling",
    ),
    Line(
        "belly",
        N_("Very bad or swollen belly, no poo or wind for 3 days, or being sick again and again"),
        ("belly", "no_wind_or_poo", "vomiting"),
        if_nothing_chosen="belly_unspecified",
    ),
    Line(
        "shift",
        N_("A fall, a knock on the head, a pop, or feeling that something moved"),
        ("fall", "head_injury", "clunk", "giving_way", "out_of_place"),
        if_nothing_chosen="shift_unspecified",
    ),
    Line(
        "other",
        N_("Something else that worries me"),
        (
            "severe_pain",
            "rash",
            "genital_change",
            "night_pain",
            "weight_loss",
            "fatigue",
            "cough",
        ),
    ),
)


#: The signs that a line may stand for when nothing under it is ticked, by the id stored then.
BARE_LINES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        line.if_nothing_chosen: line.signs
        for line in LINES
        if line.if_nothing_chosen not in line.signs
    }
)


def _with_bare_lines(rows: Mapping[str, Sign]) -> Iterator[tuple[str, Sign]]:
    """Every row; that of a bare line as urgent as the most urgent sign which it may be."""
    for key, sign in rows.items():
        held = [rows[one] for one in BARE_LINES.get(key, ())]
        yield key, _any_of(sign, held) if held else sign


def _any_of(bare: Sign, held: Iterable[Sign]) -> Sign:
    """The row of a bare line: the windows of its signs, the most urgent first, and the most that
    anything raises one of them to.
    """
    windows: list[Window] = []
    raised: dict[Circumstance, Urgency] = {}
    for window in sorted((w for sign in held for w in sign.windows), key=lambda w: -w.urgency):
        plain = replace(window, advice="")
        if plain not in windows:
            windows.append(plain)
    for sign in held:
        for circumstance, urgency in sign.raised_by.items():
            raised[circumstance] = max(urgency, raised.get(circumstance, urgency))
    whole = next((i for i, w in enumerate(windows) if w == Window(w.urgency)), len(windows))
    return replace(bare, windows=tuple(windows[: whole + 1]), raised_by=raised)


#: Every warning sign by id.
SIGNS: Mapping[str, Sign] = MappingProxyType(
    dict(_with_bare_lines({sign.id: sign for sign in CATALOGUE}))
)


def or_bare(ids: frozenset[str]) -> frozenset[str]:
    """These signs, and the bare lines that may be one of them."""
    return ids | {bare for bare, held in BARE_LINES.items() if not ids.isdisjoint(held)}


def lines_for(
    operation: Operation, pod: int, earlier: Iterable[Operation] = ()
) -> tuple[Line, ...]:
    """The lines a form asks on a postoperative day, in order.

    `earlier` are operations before the one that days are counted from: metal at the throat may come
    loose years later. The throat line is asked after an operation that may have reached the throat,
    and for two weeks after any operation on the neck (a breathing tube, a bleed; our proposal).
    """
    day = operation.day.toordinal() + pod
    throat = any(_may_swell(done, day - done.day.toordinal()) for done in (operation, *earlier))
    return tuple(line for line in LINES if line.is_asked(pod, throat=throat))


def _may_swell(operation: Operation, pod: int) -> bool:
    is_recent = operation.region is Region.CERVICAL and 0 <= pod <= TWO_WEEKS
    return operation.reaches_throat or is_recent
