"""Time zones: which a person may choose, and which day it is where the clinic is."""

from datetime import date
from functools import cache
from zoneinfo import available_timezones

from babel.core import get_global

from . import clock
from .access import installation

#: Where most people of a country with several zones live. Source: the comments and order of the
#: public-domain time zone database ("most areas", largest place first).
_MOST_PEOPLE = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "US": "America/New_York",
}


def zones_of(country: str) -> list[str]:
    """Time zones of a country: the one most people live in first, then in alphabetical order."""
    territories = get_global("zone_territories")
    zones = [zone for zone, code in territories.items() if code == country and "/" in zone]
    return sorted(zones, key=lambda zone: (zone != _MOST_PEOPLE.get(country), zone))


@cache
def all_zones() -> frozenset[str]:
    """Every time zone a person may live in: a place, or UTC; never a bare offset or "unknown"."""
    places = (zone for zone in get_global("zone_territories") if "/" in zone)
    return frozenset(zone for zone in places if not zone.startswith("Etc/")) | {"UTC"}


def known_zone(name: str) -> str | None:
    """The zone a phone names, if this machine knows it; None otherwise.

    Phones use older names as well, like `Asia/Calcutta`.
    """
    return name if name in _zones_here() else None


@cache
def _zones_here() -> frozenset[str]:
    # Every file of the machine's zones is opened for it.
    return frozenset(available_timezones())


def zone_choices(country: str, present: str = "UTC") -> list[tuple[str, str]]:
    """Time zones as (value, words): the country's own first, then all others.

    `present` is the zone set now, and stays a choice.
    """
    own = zones_of(country)
    others = sorted((all_zones() | {present}) - set(own))
    return [(zone, zone.replace("_", " ")) for zone in (*own, *others)]


def clinic_zone() -> str:
    """The zone where the clinic is; UTC where it has not said its country.

    A clinic says its country and no zone; where a country has several, it is the one most people
    live in. Our default.
    """
    zones = zones_of(installation().country)
    return zones[0] if zones else "UTC"


def clinic_today() -> date:
    """The civil date where the clinic is."""
    return clock.today(clinic_zone())
