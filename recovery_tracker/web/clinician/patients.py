"""The list of a clinician's patients, the most in need first. It is the only inbox there is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from ...domain.flags import (
    PATTERN_NAMES,
    Attention,
    Episode,
    Urgency,
)
from ...domain.language import N_
from ...domain.measures import MEASURES
from ...domain.reminders import Delivery
from ...domain.status import earlier_words, sentence_for
from ...domain.surgery import REGION_NAMES, Operation, Region
from ...domain.ticked import SignDay
from ...domain.wording import time_since
from ...reports.findings import Told
from ...services import patient_list
from ...storage.lines import (
    DayLine,
    DecidedLine,
    OperationLine,
    decided_of,
    ended_of,
    last_read_of,
    last_seen_of,
    lines_of,
    operations_of,
    sign_days_of,
    visits_of,
)
from ...storage.list_order import SORTS
from ...storage.listing import ListedPatient, PatientList
from ...storage.reminders import since_last_entry
from ...storage.tags import Tag, tags_of, tags_open_to
from ..shared import clock
from ..shared.access import actor, database
from ..shared.decision_words import decision_name, instant_words
from ..shared.forms.numbers import read_version
from ..shared.language import quick_gettext as _
from ..shared.looking import on_list
from ..shared.pages import render
from ..shared.policies import CLINICIAN, policy
from ..shared.zones import clinic_today, clinic_zone
from . import blueprint
from .sensitivity_words import recent_lines
from .sparklines import LEAD, SPAN, Spark, short_date, spark, strip
from .words import (
    ATTENTION_NAMES,
    QUIET,
    age,
    badge,
    joined,
    put_off_words,
    reason_of,
    reminded_words,
)

#: Filter, its words and its icon.
TILES = (
    ("all", N_("All"), ""),
    ("attention", N_("Needs a look"), "trend"),
    ("urgent", N_("Act today"), "octagon"),
    ("review", N_("Review"), "trend"),
    ("quiet", N_("Quiet or a note"), ""),
    ("waiting", N_("Waiting (decided)"), ""),
    ("awaited", N_("Imaging awaited"), ""),
    ("before", N_("Before operation"), ""),
    ("no_rule", N_("No flag now"), ""),
    ("visit_soon", N_("Visit in 2 weeks"), ""),
    ("ended", N_("Follow-up ended"), ""),
)
#: Filters that are offered while somebody is in them.
RARE = ("awaited", "ended")

#: Longest search that is read.
SEARCH_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One patient as the list shows them."""

    public_id: str
    name: str
    hospital_number: str
    birth_date: str
    about: str
    level: str
    badge: str
    attention: str
    #: Since when the flag waits for a person, and who sees to it; "" where none does.
    waits: str
    taken: str
    #: Since when the clinic no longer follows the patient; "" while it does.
    ended: str
    phone: str
    why: str
    pain: Spark
    #: Which pain it is where the flag is about another one than that of the back or neck; else "".
    pain_name: str
    walking: Spark
    strip: Markup
    logged: str
    last_entry: str
    next_visit: str
    last_seen: str
    #: When somebody of the clinic last opened the chart; "" where nobody did.
    last_read: str
    #: Time of the visit and with whom, on the page of one day's clinic; "" for what is not known.
    visit_time: str
    visit_with: str
    tags: tuple[str, ...]
    #: The day that flag and reason are of, where they may be behind; else "".
    as_of: str
    #: Reminders without an answer; "" where there is none.
    reminded: str
    #: Last entry, next visit and last visit as ISO dates, for files; "" where there is none.
    dates: tuple[str, ...]


@blueprint.get("/patients")
@policy(CLINICIAN, lists=True)
def patients() -> ResponseReturnValue:
    """The list; `show` is a filter and may be shared as a link."""
    show = request.args.get("show", "all")
    page = request.args.get("page", "1")
    sort, tag = request.args.get("sort", ""), request.args.get("tag", "")
    return _page(show, "", read_version(page, default=1), sort, tag)


@blueprint.post("/patients")
@policy(CLINICIAN, lists=True)
def find() -> ResponseReturnValue:
    """The list of those whose name or number fits; what was searched stays out of addresses."""
    search = request.form.get("search", "").strip()[:SEARCH_LENGTH]
    page = request.form.get("page", "1")
    return _page("all", search, read_version(page, default=1))


def _page(show: str, search: str, page: int, sort: str = "", tag: str = "") -> str:
    now, by = clock.now(), actor()
    today = clinic_today()
    assert by.account_id is not None
    found = patient_list(
        database(),
        actor(),
        today=today,
        at=now,
        filter=show,
        search=search,
        sort=sort,
        tag=tag,
        page=page,
    )
    with database().read() as session:
        ids = [row.id for row in found.rows]
        known, tagged = tags_open_to(session, by.account_id, now, ids)
        changed = recent_lines(session, by, now)
    if tag and tag not in {one.public_id for one in known}:
        # A tag that nobody has any more, in an old link: it sorts nobody out.
        return _page(show, search, page, sort)
    return render(
        "clinician/patients.html",
        rows=rows_of(found, today, tagged=tagged),
        tiles=[
            (key, _(words), icon, found.counts[key])
            for key, words, icon in TILES
            if key not in RARE or found.counts[key] or show == key
        ],
        show=show if show in found.counts else "all",
        search=search,
        tags=known,
        tag=tag,
        sort=sort if sort.removeprefix("-") in SORTS else "",
        page=found.page,
        pages=found.pages,
        today=today,
        printed=f"{now.astimezone(ZoneInfo(clinic_zone())):%H:%M}, {by.name}",
        user=by.name,
        changed=changed,
    )


def rows_of(
    found: PatientList,
    today: date,
    *,
    visits_on: date | None = None,
    tagged: Mapping[int, tuple[Tag, ...]] | None = None,
) -> list[Row]:
    """The rows with what stands beside each name: a few more queries, however many rows.

    With `visits_on` also the time of each visit on that day, and with whom; `tagged` are the tags
    of each patient where they have been read already.
    """
    ids, zone = [row.id for row in found.rows], clinic_zone()
    on_list(ids)
    with database().read() as session:
        lines = lines_of(session, ids, first=today - timedelta(days=SPAN - 1 + LEAD), last=today)
        operations = operations_of(session, ids, last=today)
        reminded = since_last_entry(session, ids)
        seen = last_seen_of(session, ids, today=today)
        read = last_read_of(session, ids)
        visits = {} if visits_on is None else visits_of(session, ids, day=visits_on)
        reasons = reasons_of(session, found.rows, zone, today)
        tagged = tags_of(session, ids) if tagged is None else tagged
    return [
        _row(
            row,
            lines.get(row.id, ()),
            operations.get(row.id),
            reminded.get(row.id),
            seen.get(row.id),
            read.get(row.id),
            visits.get(row.id, ("", "")),
            tuple(tag.name for tag in tagged.get(row.id, ())),
            reasons[row.id],
            today,
        )
        for row in found.rows
    ]


def reasons_of(
    session: Session, rows: Sequence[ListedPatient], zone: str, today: date
) -> dict[int, "Reasons"]:
    """By number what the reason of each row is told from."""
    flagged = {r.id: r.episode.raised_on for r in rows if r.episode and r.episode.signs}
    signs = sign_days_of(session, flagged, last=today)
    answered = [r.id for r in rows if r.episode is None and r.flags_open]
    looked_at = [r.id for r in rows if r.attention in (Attention.SNOOZED, Attention.SEEN)]
    decided = decided_of(session, {*answered, *looked_at})
    ended = ended_of(session, [r.id for r in rows if r.episode is None and not r.flags_open])
    return {
        row.id: Reasons(zone, signs.get(row.id, ()), decided.get(row.id, ()), ended.get(row.id, ()))
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a row's reason is told from beside its flag; times are given in the clinic's zone."""

    zone: str
    days: tuple[SignDay, ...]
    #: About each open flag, the newest decision last.
    decided: tuple[DecidedLine, ...]
    ended: tuple[Episode, ...]


def _row(
    row: ListedPatient,
    days: tuple[DayLine, ...],
    operation: OperationLine | None,
    reminded: Counter[Delivery] | None,
    seen: date | None,
    read: datetime | None,
    visit: tuple[str, str],
    tags: tuple[str, ...],
    reasons: Reasons,
    today: date,
) -> Row:
    level, words = badge(row.urgency, row.status, is_answered=row.flags_open > 0)
    onset = None
    if row.episode is not None and row.episode.cleared_on is None:
        onset = row.episode.onset
    region, pain = row.region or Region.LUMBAR, measure_of(row.episode)
    return Row(
        public_id=row.public_id,
        name=row.name,
        hospital_number=row.hospital_number or "",
        birth_date=row.birth_date.isoformat() if row.birth_date else "",
        about=about_of(row, operation, today),
        level=level,
        badge=words,
        attention=attention_words(row, reasons, today),
        waits=_waits(row, reasons, today),
        taken=_taken(row),
        ended=_ended(row),
        phone=row.phone,
        why=why_of(row, reasons, operation, today),
        pain=spark(
            pain,
            days,
            today,
            row.operation_day,
            region=row.region,
            operation=operation,
            onset=onset,
        ),
        pain_name="" if pain == "axial_pain" else _(MEASURES[pain].name_for(region)),
        walking=spark("walking", days, today, row.operation_day, onset=onset),
        strip=strip(days, today),
        logged=logged_words(row),
        last_entry=short_date(row.last_entry, today),
        next_visit=_("today") if row.next_visit == today else short_date(row.next_visit, today),
        last_seen="" if seen is None else short_date(seen, today),
        last_read="" if read is None else instant_words(read, today, reasons.zone, _),
        visit_time=visit[0],
        visit_with=visit[1],
        tags=tags,
        as_of=short_date(row.as_of, today) if _is_behind(row, today) else "",
        reminded=reminded_words(reminded),
        dates=tuple(
            day.isoformat() if day else "" for day in (row.last_entry, row.next_visit, seen)
        ),
    )


def state_words(row: ListedPatient, reasons: "Reasons", today: date) -> str:
    """What the row says under its badge, in one line."""
    waits = _waits(row, reasons, today) or attention_words(row, reasons, today)
    return ". ".join(filter(None, (_ended(row), waits, _taken(row))))


def attention_words(row: ListedPatient, reasons: "Reasons", today: date) -> str:
    """What became of the flag so far, until when and by whom it was put off; "" where none waits.

    An emergency cannot be put off: whoever could not reach the patient tries again.
    """
    for made in reasons.decided:
        if made.flag != row.flag_public_id:
            continue
        since = row.attention_since
        if said := put_off_words(row.attention, made, since, today, author=made.author):
            return said
    return "" if row.attention is None else _(ATTENTION_NAMES[row.attention])


def _ended(row: ListedPatient) -> str:
    if row.ended_on is None:
        return ""
    return _("Follow-up ended on %(day)s", day=short_date(row.ended_on, clinic_today()))


def about_of(row: ListedPatient, operation: OperationLine | None, today: date) -> str:
    years = age(row.birth_date, today)
    levels = operation.level_names if operation else ""
    region = _(REGION_NAMES[row.region]) if row.region else ""
    since = _("no operation yet")
    if row.operation_day is not None:
        since = time_since(row.operation_day, today, _)
    return joined([str(years) if years is not None else "", levels or region, since])


def _is_behind(row: ListedPatient, today: date) -> bool:
    return row.assessment_is_due and row.as_of is not None and row.as_of < today


def logged_words(row: ListedPatient) -> str:
    if not row.recent_expected:
        return "–"
    return _("%(logged)s of %(expected)s", logged=row.recent_logged, expected=row.recent_expected)


#: What a row may draw in place of the pain of back or neck, where its flag is about it.
_DRAWN = frozenset({"limb_pain", "numbness", "mobility"})


def measure_of(episode: Episode | None) -> str:
    """The symptom that a row draws: the one that its flag is about, else pain of back or neck."""
    leading = episode.signals[0].measure if episode is not None and episode.signals else ""
    return leading if leading in _DRAWN else "axial_pain"


def _taken(row: ListedPatient) -> str:
    """Who said that they see to the flag, of which nothing was decided since."""
    return _("%(name)s is seeing to it", name=row.taken_by) if row.taken_by else ""


def _waits(row: ListedPatient, reasons: Reasons, today: date) -> str:
    """Since when a flag waits for somebody; "" where none does."""
    if row.attention is not Attention.UNSEEN or row.attention_since is None:
        return ""
    if (row.urgency or Urgency.NOTE) < Urgency.SAME_DAY:
        return ""
    at = instant_words(row.attention_since, today, reasons.zone, _)
    return _("Waiting since %(at)s", at=at)


def why_of(
    row: ListedPatient, reasons: Reasons, operation: OperationLine | None, today: date
) -> str:
    said = _reason(row, reasons, operation, today)
    awaited = _("Imaging was asked for; no result yet.") if row.awaits_imaging else ""
    return f"{said} {awaited}".strip()


def _reason(
    row: ListedPatient, reasons: Reasons, operation: OperationLine | None, today: date
) -> str:
    if row.episode is not None:
        counted_from = Operation(
            row.operation_day or today,
            row.region or Region.LUMBAR,
            approach=None if operation is None else operation.approach,
        )
        why = reason_of(row.episode, Told(today, counted_from, reasons.days))
        return _and_more(why, row.flags_open - row.flag_is_open)
    if row.status is None:
        return ""
    if reasons.decided and row.status not in QUIET:
        return _and_more(_decided(reasons.decided[-1], reasons.zone, today), row.flags_open - 1)
    said = _(sentence_for(row.status, is_empty=row.last_entry is None)).format(
        logged=row.logged,
        expected=row.expected,
        recent=row.recent_logged,
        recent_expected=row.recent_expected,
        last=short_date(row.last_entry, today),
    )
    earlier = earlier_words(reasons.ended, _, show_day=lambda day: short_date(day, today))
    return f"{said} {earlier}".strip() if row.status not in QUIET else said


def _and_more(said: str, more: int) -> str:
    """What is said of one flag, and how many more hold."""
    and_more = _("(+%(more)s more)", more=more)
    return f"{said} {and_more}" if more > 0 else said


def _decided(line: DecidedLine, zone: str, today: date) -> str:
    """What was decided about the flag that still holds, by whom and when."""
    said = _(
        "%(pattern)s: %(decision)s, %(author)s, %(at)s",
        pattern=_(PATTERN_NAMES[line.pattern]),
        decision=decision_name(line.decision, line.until, today, _),
        author=line.author,
        at=instant_words(line.at, today, zone, _),
    )
    return f"{said}: “{line.note}”" if line.note else f"{said}."
