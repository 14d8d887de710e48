"""Entries that waited on a phone arrive exactly once, whatever happened on the way."""

import random
from datetime import timedelta

from recovery_tracker.domain.diary import Source
from recovery_tracker.domain.flags import Urgency
from tests.effort import effort
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page


def test_many_entries_over_a_bad_line_are_as_many_days(clinic):
    """Requests get lost, answers get lost, sendings are repeated in any order: one version a day.

    The phone deletes an entry only when it has seen the answer, so a lost answer is a repeat.
    """
    count = effort(60, 200)
    start = clinic.clock.instant - timedelta(days=count - 1)
    clinic.clock.instant = start
    nora = new_diarist(clinic, days_ago=250)
    line = random.Random(20260312)
    token = nora.browser.get(nora.path("token")).get_json()["token"]
    waiting = {}
    for back in range(count):
        key = f"00000000-0000-4000-8000-{back:012d}"
        pain = str(back % 11)
        waiting[key] = (back, {**CALM, "axial_pain": pain, "stays-axial_pain": "no"})
    sent = 0
    for day in range(count):
        clinic.clock.instant = start + timedelta(days=day)
        ready = [key for key, (back, _typed) in waiting.items() if back >= count - 1 - day]
        line.shuffle(ready)
        for key in ready:
            sent += _send(nora, token, key, waiting, line)
    while waiting:
        sent += _send(nora, token, next(iter(waiting)), waiting, line)
    stored = nora.recovery().entries
    assert len(stored) == count
    assert {one.version for one in stored} == {1}
    pains = [back % 11 for back in range(count - 1, -1, -1)]
    assert [one.entry.axial_pain for one in stored] == pains
    assert {one.entry.source for one in stored} == {Source.OFFLINE}
    assert sent > 1.25 * count


def _send(nora, token, key, waiting, line) -> int:
    """Sends one entry over the bad line; it leaves the phone only if its answer arrived."""
    if line.random() < 0.2:
        return 0  # The request never arrived.
    back, typed = waiting[key]
    answer = nora.browser.client.post(
        nora.day(TODAY - timedelta(days=back)),
        data={
            **typed,
            "csrf_token": token,
            "key": key,
            "expected_version": "0",
            "source": "offline",
        },
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 201, (answer.status_code, back)
    if line.random() > 0.3:
        del waiting[key]
    return 1


def test_answer_to_a_script_says_where_to_go_next(clinic):
    nora = new_diarist(clinic)
    form = nora.blank()
    answer = nora.browser.client.post(
        nora.day(),
        data={**form, "signs": "some", "line": "saddle"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 201
    assert answer.get_json()["next"].endswith("/advice")


def test_waiting_entry_is_taken_however_late_and_its_warning_is_seen(clinic):
    """The phone lay in a drawer for weeks; what was written in time must still reach the clinic."""
    nora = new_diarist(clinic)
    day = TODAY - timedelta(days=40)
    form = {**nora.blank(), "source": "offline"}
    answers = {**CALM, "signs": "some", "line": "saddle"}
    assert nora.browser.client.post(nora.day(day), data={**form, **answers}).status_code == 303
    assert nora.entry(day).days_late == 40
    assert [flag.urgency for flag in nora.recovery().open_flags] == [Urgency.EMERGENCY]
    assert "Is it gone now?" in nora.page(f"day/{day}/advice").text


def test_refused_entry_keeps_everything_typed_until_it_can_be_saved(clinic):
    """What the server refuses comes back as the form it was, and may come as late as before."""
    nora = new_diarist(clinic)
    day = TODAY - timedelta(days=20)
    both = {**CALM, "line": "saddle", "note": "long words", "source": "offline"}
    answer = nora.browser.client.post(nora.day(day), data={**nora.blank(), **both})
    assert answer.status_code == 422
    form = Page(answer.text).form(nora.day(day))
    assert "This needs help now" in answer.text
    assert "long words" in answer.text
    again = {**form.hidden(), **CALM, "signs": "some", "line": "saddle"}
    assert nora.browser.client.post(nora.day(day), data=again).status_code == 303
    assert nora.entry(day).source is Source.OFFLINE


def test_offline_form_holds_no_earlier_answer(clinic):
    nora = new_diarist(clinic)
    nora.log(TODAY - timedelta(days=1), signs="some", line="calf", note="very private words")
    page = nora.page("offline")
    assert "what you told us before" not in page.text
    assert "very private words" not in page.text
    assert " checked" not in page.text


def test_offline_form_asks_the_question_chosen_now_and_not_that_of_todays_answer(clinic):
    """It is kept for days to come; today's answer keeps its own words on its own page."""
    nora = new_diarist(clinic)
    nora.send("settings", zone="Europe/London", own_item="Dizziness")
    nora.log(TODAY, **CALM, own_item="7")
    nora.send("settings", zone="Europe/London", own_item="Headache")
    assert "<legend>Dizziness</legend>" in nora.page(f"day/{TODAY}").text
    page = nora.page("offline").text
    assert ("<legend>Headache</legend>" in page, "Dizziness" in page) == (True, False)


def test_worker_and_manifest_are_the_same_for_everybody(clinic):
    stranger = clinic.browser()
    worker = stranger.get("/service-worker.js")
    assert worker.status_code == 200
    assert worker.mimetype in ("text/javascript", "application/javascript")
    manifest = stranger.get("/manifest.webmanifest").get_json()
    assert manifest["start_url"] == "/"
    assert "spine" not in str(manifest).lower()
