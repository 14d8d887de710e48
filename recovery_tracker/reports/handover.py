"""What a page is made with beside the recovery itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..domain.flags import Episode, FlagKey
from ..domain.wording import Pieces


@dataclass(frozen=True, slots=True)
class Handover:
    """Whom a page is about and made for, and what goes on it beside the recovery itself.

    Two identifiers, so that no page reaches the wrong chart. `visit` is the appointment the page is
    made for; `unanswered` are flags that wait for a person although the diary of today no longer
    shows them: from before the latest operation, ended or corrected with nobody looking.
    `withdrawn` are those that a corrected diary shows no more, about which something was decided.
    `decided` holds what was decided about a flag, by `Episode.key`, `answered` those where that was
    after it last asked, and `recorded` when a warning answer reached the clinic.
    """

    name: str = ""
    birth_date: date | None = None
    hospital_number: str = ""
    visit: date | None = None
    questions: tuple[str, ...] = ()
    with_notes: bool = True
    with_appendix: bool = False
    unanswered: tuple[Episode, ...] = ()
    withdrawn: tuple[Episode, ...] = ()
    #: Carers and how many of the days as they stand each of them wrote.
    written_by: tuple[tuple[str, int], ...] = ()
    decided: Mapping[FlagKey, tuple[Pieces, ...]] = field(default_factory=dict)
    answered: frozenset[FlagKey] = frozenset()
    recorded: Mapping[FlagKey, str] = field(default_factory=dict)
    #: Flags whose answer the patient has corrected since.
    corrected: frozenset[FlagKey] = frozenset()
    #: The day on which imaging was decided on that has no result yet; None where none is awaited.
    imaging_asked: date | None = None
    #: The clinic's name, who answers for this patient there, and with whom the visit is.
    clinic: str = ""
    surgeon: str = ""
    visit_with: str = ""
    #: The day on which the clinic ended the follow-up; None while it goes on.
    ended_on: date | None = None
    version: str = ""
    #: What the installation calls the product; "" is its own name.
    product: str = ""
    #: Who signed the rules, or that nobody has; "" where there is no installation.
    signed: str = ""
    #: The emergency number of the installation; "" where there is none.
    emergency: str = ""
    language: str = "en"
    #: Of what the patient wrote; "" where nobody knows.
    own_language: str = ""


#: A page that names nobody and is made for no visit.
PLAIN = Handover()
