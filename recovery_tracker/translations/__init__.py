"""The catalogues of the languages, and what is known about who checked them.

Sentences are English in the source; `messages.po` beside this file holds each language, and
`messages.mo` is the same, compiled. A sentence without a translation is shown in English.
"""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

#: Languages with a catalogue of their own, as Babel names them.
LOCALES = ("es", "zh_Hant")

#: English of other places: their catalogues hold only what is said in another way there.
VARIANTS = ("en_US",)

_SAFETY = json.loads((FOLDER / "safety.json").read_text(encoding="utf-8"))

#: Files and folders of the source whose sentences a patient's next step may depend on. A build
#: in which one of these sentences lacks a translation fails.
SAFETY_SOURCES: tuple[str, ...] = tuple(_SAFETY["sources"])


@cache
def is_checked(locale: str) -> bool:
    """Whether a clinician who speaks the language has signed its safety texts."""
    return locale not in LOCALES or _SAFETY["checked_by"][locale] is not None
