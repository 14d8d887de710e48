"""Advice for what a form ticks that came signed out: from the form alone, nothing of any record.

Whoever sent the answers reads them back; nothing is looked up, so a stranger learns nothing. The
day and the operation are not known here: each sign counts as urgent as it is on any day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from ...domain.advice import ADVICE, Who, filled
from ...domain.circumstances import FEVER_C
from ...domain.diary import SignChange, celsius_of
from ...domain.flags import Urgency
from ...domain.follow_ups import SEVERE_SCORE
from ...domain.language import N_
from ...domain.places import place_of
from ...domain.sign_form import YES_ALONE, SignForm, signs_from_form
from ...domain.signs import LINES, SIGNS
from ...domain.surgery import Operation, Region
from ...storage.settings import Installation

#: The name under which the page to sign in hands the signs on: a wrong password loses no advice.
FIELD = "at_once"
_PAINS = ("axial_pain", "limb_pain")
_MOST = Urgency.EMERGENCY
#: An operation of which nothing is known.
_ANY = Operation(date(2000, 1, 1), Region.LUMBAR)
_WORDS = {Urgency.EMERGENCY: N_("Emergency:"), Urgency.SAME_DAY: N_("Urgent:")}


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What to do now about ticked signs, the most urgent and who is called first leading."""

    signs: tuple[str, ...]
    level: str
    level_words: str
    title: str
    told: tuple[str, ...]
    #: Whole sentences about what was asked and left open.
    left_open: tuple[str, ...]
    steps: tuple[str, ...]
    number: str


def advice_at_once(fields: Iterable[tuple[str, str]], installation: Installation) -> AtOnce | None:
    """The advice for the signs in the fields of a form; None where none asks for a call today."""
    found = ((_at_worst(sign), sign) for sign in sorted(ticked(MultiDict(fields))))
    told = [(*worst, sign) for worst, sign in found if worst[0] >= Urgency.SAME_DAY]
    if not told:
        return None
    worst = max(urgency for urgency, _pod, _sign in told)
    places = list(Who)
    advices = sorted(
        (
            ADVICE[SIGNS[sign].advice_for(urgency, pod, _ANY)]
            for urgency, pod, sign in told
            if urgency is worst
        ),
        key=lambda advice: places.index(advice.who),
    )
    emergency = installation.emergency_number
    line = installation.out_of_hours or place_of(installation.country).advice_line
    values = {"emergency": emergency, "team": installation.team_number, "line": line}

    def fill(text: str) -> str:
        return filled(_(text), values)

    signs = tuple(sign for _urgency, _pod, sign in told)
    steps = dict.fromkeys(fill(step) for advice in advices for step in advice.do)
    return AtOnce(
        signs,
        "e" if worst is Urgency.EMERGENCY else "u",
        _(_WORDS[worst]),
        fill(advices[0].title),
        tuple(_(SIGNS[sign].patient) for sign in signs if not SIGNS[sign].left_open),
        tuple(_(SIGNS[sign].left_open) for sign in signs if SIGNS[sign].left_open),
        tuple(step for step in steps if "{" not in step),
        emergency if advices[0].who.is_for_now else installation.team_number or line,
    )


def _at_worst(sign: str) -> tuple[Urgency, int]:
    """How urgent a sign is on the day on which it is most urgent, and that day.

    "Something else that worries me" names nothing: it asks for a call, and not for an ambulance.
    """
    windows = [w for w in SIGNS[sign].windows if sign != "unspecified" or w.urgency < _MOST]
    worst = max(windows, key=lambda window: window.urgency, default=None)
    if worst is None:
        return Urgency.NOTE, 0
    pod = worst.first_day if worst.first_day is not None else worst.last_day
    return worst.urgency, 0 if pod is None else max(0, pod)


def ticked(form: MultiDict[str, str]) -> set[str]:
    """The sign ids that the fields of a form, or a sheet, tell of, for whatever day they are."""
    follow_ups: dict[str, bool | None] = {}
    lines = frozenset(line.key for line in LINES if line.key in form.getlist("line"))
    for line in LINES:
        answers = form.getlist(f"follow-{line.key}")
        for sign in line.follow_ups:
            if sign in answers or (line.key in lines and answers):
                follow_ups[sign] = sign in answers
            elif line.key in lines:
                follow_ups[sign] = None
    stays = [form.get(f"stays-{pain}", "") for pain in _PAINS if _is_severe(form.get(pain, ""))]
    if any(said != "no" for said in stays):
        follow_ups["severe_pain"] = True if "yes" in stays else None
    chosen = {s for line in LINES for s in form.getlist(f"sign-{line.key}") if s in line.signs}
    stored = signs_from_form(
        SignForm(
            answer=None,
            shown=frozenset(line.key for line in LINES),
            ticked=lines,
            chosen=frozenset(chosen),
            follow_ups=follow_ups,
        )
    )
    there = {f"change-{sign}": sign for sign in SIGNS}
    still = {
        sign
        for name, sign in there.items()
        if form.get(name, "") in (SignChange.SAME, SignChange.WORSE)
    }
    fever = {"fever"} if _is_fever(form.get("temperature_c", "")) else set()
    # The sheet has one box a day for all signs; in the day's own form "signs" says none or some.
    on_paper = {YES_ALONE for name, said in form.items() if name[:6] == "signs-" and said == "yes"}
    again = {sign for sign in (*form.getlist("recheck"), *form.getlist(FIELD)) if sign in SIGNS}
    return set(stored.signs or ()) | still | fever | on_paper | again


def _is_severe(score: str) -> bool:
    return score.isdecimal() and int(score) >= SEVERE_SCORE


def _is_fever(typed: str) -> bool:
    try:
        degrees = float(typed.replace(",", "."))
    except ValueError:
        return False
    # Nobody has 45 degrees Celsius: it was typed in Fahrenheit.
    return (degrees if degrees < 45 else celsius_of(degrees)) >= FEVER_C
