"""The list of a clinician's patients, the most in need first. It is the only inbox there is."""

from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from ...domain.language import N_
from ...services import patient_list
from ...storage.list_order import SORTS
from ...storage.tags import tags_open_to
from ..shared import clock
from ..shared.access import actor, database
from ..shared.forms.numbers import read_version
from ..shared.language import quick_gettext as _
from ..shared.pages import render
from ..shared.policies import CLINICIAN, policy
from ..shared.zones import clinic_today, clinic_zone
from . import blueprint
from .list_rows import rows_of
from .sensitivity_words import recent_lines

#: Filter, its words and its icon.
TILES = (
    ("all", N_("All"), ""),
    ("attention", N_("Needs a look"), ""),
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
        rows=rows_of(found, today, sort=sort, tagged=tagged),
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
        changed=changed,
    )
