"""The alarm budget: what each setting would have meant for a clinic's own patients.

Every recovery is replayed with each setting as if it had been in force all along, through the same
engine as an assessment. For a large clinic only a sample is replayed, and the page says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..domain.flags import TREND_PATTERNS, Episode, Urgency
from ..domain.history import Event, History, ImagingResult
from ..domain.outcomes import FOLLOWED_DAYS, LOOSE, Outcome, Tally, outcome_of, tally
from ..domain.sensitivity import Sensitivity
from ..domain.surgery import Operation
from ..storage import diary, record_rows
from ..storage.database import Database, Session
from ..storage.outcomes import RaisedFlag, flags_raised
from ..storage.people import ids_in_random_order
from ..trends.batch import trend_episodes
from ..trends.sensitivity import is_moved, under
from ..trends.series import diaries_of

#: Flags of this many weeks back are counted: long enough for a clinic of a few hundred. Our
#: default.
WEEKS = 26
#: At most this many patients are replayed; of more, a sample drawn by their random ids. Our
#: default, so that a preview takes a few seconds on two cores.
SAMPLE = 300
#: A replayed flag raised within this many days of a real one is about the same. Our default.
SAME_MATTER_DAYS = 56
#: Patients read at a time, so that nobody who saves a day has to wait.
_PART = 25


@dataclass(frozen=True, slots=True)
class Meant:
    """What one setting would have meant for the patients that were replayed."""

    setting: Sensitivity
    #: Worsenings raised in the weeks counted, with what became of them.
    flags: Tally
    #: Patients with one that is active today.
    standing: int
    #: Of the loosenings seen on imaging, how many had such a flag before.
    announced: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The settings side by side over the last `WEEKS` weeks.

    `patients` have a recovery under way, and `replayed` of them were replayed. `others` are flags
    that every setting raises alike, of all patients: answers, levels, silence. `findings` are
    loosenings seen on imaging of the replayed patients.
    """

    patients: int
    replayed: int
    findings: int
    others: int
    settings: tuple[Meant, ...]

    @property
    def is_sample(self) -> bool:
        return self.replayed < self.patients

    def of_all(self, count: int) -> float:
        """A count of the replayed patients, for all of them."""
        return count * self.patients / self.replayed if self.replayed else 0.0


@dataclass(frozen=True, slots=True)
class _Course:
    """One recovery as of a day: a patient with a second operation has two."""

    patient_id: int
    history: History
    until: date
    #: Every operation day and imaging result of the patient, including later ones.
    whole: History


def preview_clinic(database: Database, today: date) -> Preview:
    """What each setting would have meant for the clinic's patients; nothing is written."""
    since = today - timedelta(days=WEEKS * 7 - 1)
    with database.read() as session:
        ids = ids_in_random_order(session)
        stored = flags_raised(session, since - timedelta(days=FOLLOWED_DAYS), today)
    under_way = list(_courses(database, ids[:SAMPLE], today, since))
    replayed = len({course.patient_id for course in under_way})
    # Of the patients left out, the same share has a recovery under way as of those that were read.
    share = replayed / len(ids[:SAMPLE]) if ids else 0.0
    found = replay_settings(under_way)
    findings = {
        course.patient_id: min(seen)
        for course in under_way
        if (seen := _loosenings(course.whole, since, today))
    }
    decided = _decided(stored)
    return Preview(
        patients=replayed if len(ids) <= SAMPLE else round(share * len(ids)),
        replayed=replayed,
        findings=len(findings),
        others=sum(_is_alike(flag) and flag.raised_on >= since for flag in stored),
        settings=tuple(
            _meant(setting, under_way, found[setting], decided, findings, since, today)
            for setting in Sensitivity
        ),
    )


def preview_patient(
    database: Database, patient_id: int, today: date
) -> dict[Sensitivity, tuple[Episode, ...]]:
    """The worsenings that each setting would have raised in the present recovery of one patient."""
    courses = [
        course
        for course in _courses(database, [patient_id], today, date.min)
        if course.until == today
    ]
    found = replay_settings(courses)
    return {setting: tuple(each for _, each in found[setting]) for setting in Sensitivity}


def replay_settings(
    courses: Sequence[_Course],
) -> dict[Sensitivity, tuple[tuple[int, Episode], ...]]:
    """Worsenings by setting, each with the place of its course, on real days."""
    if not courses:
        return dict.fromkeys(Sensitivity, ())
    diaries = diaries_of([each.history for each in courses], [each.until for each in courses])
    first_days = [each.history.index.day for each in courses]
    return {
        setting: tuple(
            (row, episode)
            for row, episode in trend_episodes(under(diaries, setting), first_days=first_days)
            if is_moved(episode)
        )
        for setting in Sensitivity
    }


def _courses(database: Database, ids: Sequence[int], today: date, since: date) -> Iterator[_Course]:
    for first in range(0, len(ids), _PART):
        with database.read() as session:
            read = [(each, _read(session, each)) for each in ids[first : first + _PART]]
        for patient_id, history in read:
            if history is not None:
                yield from _recoveries(patient_id, history, today, since)


def _read(session: Session, patient_id: int) -> History | None:
    """What worsenings are found from, and what says whether they were right."""
    operations = record_rows.values_of(session, patient_id, Operation)
    if not operations:
        return None
    return History(
        operations=operations,
        entries=tuple(stored.entry for stored in diary.entries_of(session, patient_id)),
        events=record_rows.values_of(session, patient_id, Event),
        imaging=record_rows.values_of(session, patient_id, ImagingResult),
    )


def _recoveries(patient_id: int, history: History, today: date, since: date) -> Iterator[_Course]:
    """The recovery under way today, and any that another operation ended since `since`."""
    done = sorted(each.day for each in history.operations if each.day <= today)
    ends = [day - timedelta(days=1) for day in done[1:] if day > since]
    for until in (*ends, today):
        counted = history.counted_on(until)
        if counted.index.day <= until and counted.entries:
            yield _Course(patient_id, counted, until, history)


def _meant(
    setting: Sensitivity,
    courses: Sequence[_Course],
    found: Iterable[tuple[int, Episode]],
    decided: Mapping[int, Sequence[RaisedFlag]],
    findings: Mapping[int, date],
    since: date,
    today: date,
) -> Meant:
    raised: list[tuple[bool, Outcome]] = []
    standing: set[int] = set()
    announced: set[int] = set()
    for row, episode in found:
        course = courses[row]
        if episode.cleared_on is None and course.until == today:
            standing.add(course.patient_id)
        if episode.raised_on >= since:
            outcome = _outcome(course, episode, decided.get(course.patient_id, []), today)
            raised.append((True, outcome))
        if _announces(episode, findings.get(course.patient_id)):
            announced.add(course.patient_id)
    return Meant(setting, tally(raised), len(standing), len(announced))


def _outcome(
    course: _Course, episode: Episode, flags: Iterable[RaisedFlag], today: date
) -> Outcome:
    """What became of a replayed flag: its decisions are those of real flags about the same."""
    near = timedelta(days=SAME_MATTER_DAYS)
    return outcome_of(
        episode.pattern,
        episode.raised_on,
        operated_on=course.history.index.day,
        decisions=[
            decision
            for flag in flags
            if abs(flag.raised_on - episode.raised_on) <= near
            for decision in flag.decisions
        ],
        imaging=course.whole.imaging,
        operations=[each.day for each in course.whole.operations if each.day <= today],
    )


def _announces(episode: Episode, seen_on: date | None) -> bool:
    """Whether a flag was active, or had been raised in the weeks before, when imaging showed
    loosening."""
    if seen_on is None or episode.raised_on > seen_on:
        return False
    last = episode.cleared_on or date.max
    return last >= seen_on - timedelta(days=FOLLOWED_DAYS)


def _loosenings(history: History, first: date, last: date) -> list[date]:
    return [
        each.day for each in history.imaging if each.result in LOOSE and first <= each.day <= last
    ]


def _decided(flags: Iterable[RaisedFlag]) -> Mapping[int, list[RaisedFlag]]:
    found: defaultdict[int, list[RaisedFlag]] = defaultdict(list)
    for flag in flags:
        if flag.decisions and not _is_alike(flag):
            found[flag.patient_id].append(flag)
    return found


def _is_alike(flag: RaisedFlag) -> bool:
    """Whether every setting raises it: an answer, a level that is a note, or silence."""
    return flag.pattern not in TREND_PATTERNS or flag.urgency >= Urgency.SAME_DAY
