"""The map of numbness: two outlines of the body, shaded by the share of days, and a list beside.

Front and back are seen as one stands before the patient, so left and right are written beside them.
Inline SVG with classes only: it follows the page's colours, and the shades differ in lightness.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from markupsafe import Markup, escape

from ...domain.history import History
from ...domain.measures import MEASURES, NUMBNESS_ZONES
from ...domain.surgery import Region
from ...domain.wording import day_words
from ...trends.zones import LONG, SHORT, ZoneMap, zone_map
from ..shared.language import mark

#: One half of the body, outwards from the middle line; units are about 7 mm of a person.
_PLAIN = (
    "M0 2C9 2 12 9 12 18C12 27 7 34 0 34M5 32V42C8 44 12 44 16 45",
    "M0 44H16C23 47 26 52 26.5 60L24 104L23.5 128H0",
    "M0 128H23.5L25 146C18 153 8 154 1 150H0",
)
_ZONES = {
    "shoulder": "M16 45C26 45 34 51 35 64L27 68L26 56C24 50 20 47 16 45z",
    "upper_arm": "M27 69L35 65L40 98L32 101z",
    "forearm": "M32 102.5L40 99.5L46.5 133L39.5 136z",
    "thumb_side": "M43.5 135.5L46.8 134.5L56 146L51 149L48 160L45 160z",
    "little_finger_side": "M39.8 137L43 136L44 160L39.5 159z",
    "ribs": "M3 62C10 58 20 58 25.8 64L24 96C18 100 10 100 3 98z",
    "groin": "M1.5 136L14 129L16.5 150C11 152 5 152 1.5 149z",
    "buttock": "M1.5 126C10 121 22 123 24 132C25.5 144 20 151 12 151C6 151 1.5 147 1.5 144z",
    "thigh": "M2 152C8 155 18 154 25 147.5C26 166 24 184 21.5 199H6.5C4 184 2 168 2 152z",
    "calf": "M6.5 201.5H21.5C23 216 21 232 18 246H9C6 232 5 216 6.5 201.5z",
    "foot": "M9 248.5H18L23 259C23 264 8 264 8 259z",
}
#: Places that only one of the two views shows.
_FRONT_ONLY, _BACK_ONLY = frozenset({"groin"}), frozenset({"buttock"})
#: Upper and lower edge of the part of the body that a region needs.
_CROP = {Region.LUMBAR: (96, 266), Region.THORACIC: (38, 266), Region.CERVICAL: (0, 166)}

#: Upper bounds of the shades 1 to 3; the fourth is above. Our default: quarters.
_SHADES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class NumbnessMap:
    """The map and everything it says, in words."""

    picture: Markup
    #: What the shades count, or why there are none.
    line: str
    #: Places never marked before, as a sentence; "" where there are none.
    new: str
    columns: list[str]
    rows: list[list[str]]
    #: What is said in place of the rows where there are none.
    nothing: str
    #: On which side the limb hurts; "" where it was not said.
    sides: str


def numbness_map_of(history: History, today: date) -> NumbnessMap:
    """The map as known on `today`."""
    found = zone_map(history, today)
    names = {key: _(text) for key, text in NUMBNESS_ZONES[history.region].items()}
    line = _("Share of the last %(n)s days on which a place was marked.", n=found.window)
    if not found.answered:
        line = _("Too few days to say where it is numb.")
    new = mark(", ").join(names[zone.key] for zone in found.new)
    return NumbnessMap(
        picture=_picture(found, history.region, names),
        line=line,
        new=_("Never marked before: %(places)s.", places=new) if new else "",
        columns=[
            _("Place"),
            _("Last %(n)s days", n=SHORT),
            _("Last %(n)s days", n=LONG),
            _("First marked"),
        ],
        rows=[
            [
                names[zone.key],
                _("%(n)s of %(all)s", n=zone.short, all=found.answered_short),
                _("%(n)s of %(all)s", n=zone.long, all=found.answered_long),
                "–" if zone.first is None else day_words(zone.first, _, year=True),
            ]
            for zone in sorted(found.zones, key=lambda zone: -zone.long)
            if zone.long
        ],
        nothing=_nothing(history, today),
        sides=_sides(found, history.region),
    )


def _nothing(history: History, today: date) -> str:
    """What the map counts: the last weeks, but nothing of before an operation in them."""
    if today - timedelta(days=LONG) < history.index.day <= today:
        return _("No place was marked since the operation.")
    return _("No place was marked in the last 28 days.")


def _sides(found: ZoneMap, region: Region) -> str:
    if not found.sides_answered:
        return ""
    limb_pain, sides = MEASURES["limb_pain"], MEASURES["limb_pain_side"].words
    told = mark(", ").join(f"{_(sides[side]).lower()} {days}" for side, days in found.sides if days)
    return _(
        "%(name)s, days in the last %(n)s: %(sides)s.",
        name=_(limb_pain.name_for(region)),
        n=LONG,
        sides=told,
    )


def _picture(found: ZoneMap, region: Region, names: dict[str, str]) -> Markup:
    top, bottom = _CROP[region]
    views = (
        _view(found, 66, mirrored=False, hidden=_BACK_ONLY)
        + _letters(_("R"), _("L"), 66, bottom)
        + _view(found, 198, mirrored=True, hidden=_FRONT_ONLY)
        + _letters(_("L"), _("R"), 198, bottom)
    )
    captions = "".join(
        f'<text x="{x}" y="{bottom + 32}" text-anchor="middle">{escape(text)}</text>'
        for x, text in ((66, _("From the front")), (198, _("From behind")))
    )
    marked = [names[zone.key] for zone in found.zones if found.share(zone)]
    label = (
        _("Numb places: %(places)s", places=mark(", ").join(marked))
        if marked
        else _("No numb place")
    )
    return Markup(
        f'<svg class="numb" viewBox="0 {top} 264 {bottom - top + 38}" role="img"'
        f' aria-label="{escape(label)}">{views}{captions}</svg>'
    )


def _letters(left: str, right: str, middle: int, bottom: int) -> str:
    return "".join(
        f'<text x="{middle + shift}" y="{bottom + 15}" text-anchor="middle" class="side">'
        f"{escape(letter)}</text>"
        for letter, shift in ((left, -42), (right, 42))
    )


def _view(found: ZoneMap, middle: int, *, mirrored: bool, hidden: frozenset[str]) -> str:
    """One outline; `mirrored` puts the patient's left on the left, as seen from behind."""
    parts = []
    for side, sign in (("left", 1), ("right", -1)):
        flip = -sign if mirrored else sign
        shapes = "".join(f'<path class="o" d="{d}"/>' for d in _PLAIN)
        # New places last, so that no neighbour covers their thick edge.
        for zone in sorted(found.zones, key=lambda zone: zone.is_new):
            where, part = zone.key.split("_", 1)
            if where == side and part not in hidden:
                kind = f"z{_shade(found.share(zone))}" + (" new" if zone.is_new else "")
                shapes += f'<path class="{kind}" d="{_ZONES[part]}"/>'
        parts.append(f'<g transform="matrix({flip} 0 0 1 {middle} 0)">{shapes}</g>')
    return "".join(parts)


def _shade(share: float) -> int:
    return 0 if not share else 1 + sum(share > bound for bound in _SHADES)
