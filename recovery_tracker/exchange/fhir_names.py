"""Names in a FHIR bundle that writing and reading share, and the codes that other programs know."""

from collections.abc import Mapping

from ..domain.passive import PassiveKind
from ..domain.surgery import Region

#: Names of our own: a URN, because nothing is ever fetched.
MEASURE = "urn:recovery-tracker:measure"
EVIDENCE = "urn:recovery-tracker:evidence"
#: What the form of the days is called, in every bundle that was ever written.
FORM_TITLE = "Recovery diary"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
#: Measures that other programs know, as (UCUM code, unit).
OBSERVED: Mapping[str, tuple[str, str]] = {
    "axial_pain": ("{score}", "score"),
    "limb_pain": ("{score}", "score"),
    "numbness": ("{score}", "score"),
    "temperature_c": ("Cel", "°C"),
    "steps": ("{steps}", "steps"),
    "walking_minutes": ("min", "min"),
    "peg_pain": ("{score}", "score"),
    "peg_enjoyment": ("{score}", "score"),
    "peg_activity": ("{score}", "score"),
}
#: UCUM codes of what devices count.
PASSIVE_UNITS: Mapping[PassiveKind, str] = {
    PassiveKind.STEPS: "{steps}",
    PassiveKind.WALKING_MINUTES: "min",
    PassiveKind.DISTANCE: "m",
    PassiveKind.SLEEP: "min",
    PassiveKind.WALKING_SPEED: "km/h",
    PassiveKind.STEADINESS: "%",
    PassiveKind.SIX_MINUTES: "m",
}
#: Units of a dose that UCUM knows.
DOSE_UNITS: Mapping[str, str] = {"mg": "mg", "g": "g", "ug": "ug", "ml": "mL"}
#: Totals of forms, as (UCUM code, unit). None has a LOINC code that we have seen in a published
#: guide for just this total, so each is named by its key and in words.
SCORED: Mapping[str, tuple[str, str]] = {
    "odi_percent": ("%", "%"),
    "odi_points": ("{score}", "score"),
    "ndi_percent": ("%", "%"),
    "ndi_points": ("{score}", "score"),
    "eq5d_index": ("1", "index"),
    "satisfaction": ("{score}", "score"),
}
#: Where it hurts, by region of the operation: (axial, limb).
SITES: Mapping[Region, tuple[str, str]] = {
    Region.LUMBAR: ("Lower back", "Leg"),
    Region.CERVICAL: ("Neck", "Arm"),
    Region.THORACIC: ("Middle back", "Chest wall or leg"),
}
