"""A day's ease: same as yesterday after a tap, notes found again, the list of medicines."""

import re
from datetime import timedelta

import pytest

from recovery_tracker.charts import describe, legend, story_of
from recovery_tracker.domain.medicines import Medicine, course_words
from recovery_tracker.exchange.archive import day_details
from recovery_tracker.storage import audit, audit_trail, record_rows
from recovery_tracker.web.shared import waiting_files
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page
from tests.web.test_data import look, send, undo

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def nora(clinic, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))
    return new_diarist(clinic, days_ago=40)


# Same as yesterday.


def test_same_as_yesterday_fills_five_questions_and_never_the_warning_question(nora):
    nora.history_of(3, axial_pain=4, note="a bad night", painkiller_change="more")
    blank = nora.page(f"day/{TODAY}").text
    assert "Same as yesterday, then change" in blank
    assert "checked" not in blank
    filled = " ".join(nora.browser.get(nora.day() + "?same=yesterday").text.split())
    for answer in ("walking-2", "mobility-1", "axial_pain-4", "limb_pain-1", "numbness-0"):
        assert re.search(rf'id="{answer}"\s+value="{answer[-1]}" checked', filled), answer
    assert filled.count(" checked") == 6  # and the side of the leg pain
    assert "a bad night" not in filled
    assert f'name="same_as" value="{YESTERDAY}"' in filled
    # Nothing is stored by a tap, and the warning question still needs its answer.
    assert nora.entry() is None
    page = Page(filled)
    sent = {**page.form(nora.day()).hidden(), **CALM, "axial_pain": "5"}
    del sent["signs"]
    refused = nora.browser.client.post(nora.day(), data=sent)
    assert refused.status_code == 422
    assert f'name="same_as" value="{YESTERDAY}"' in refused.text
    assert nora.browser.client.post(nora.day(), data={**sent, "signs": "none"}).status_code == 303
    entry = nora.entry()
    assert (entry.axial_pain, entry.same_as) == (5, YESTERDAY)
    assert "after a tap" in nora.page(f"day/{TODAY}/versions").text
    assert day_details([entry])[0].same_as == YESTERDAY


def test_a_correction_keeps_the_mark_and_no_form_can_make_one_up(nora):
    nora.history_of(2)
    nora.log(same_as=str(YESTERDAY), **CALM)
    nora.log(**{**CALM, "axial_pain": "6"})
    assert (nora.version(), nora.entry().same_as) == (2, YESTERDAY)
    other = new_diarist(nora.clinic, "otto", days_ago=40)
    other.log(same_as="2020-01-01", **CALM)
    assert other.entry().same_as is None


def test_it_is_offered_only_where_there_is_a_yesterday_to_repeat(nora):
    assert "Same as yesterday" not in nora.page(f"day/{TODAY}").text
    nora.history_of(2)
    assert "Same as yesterday" in nora.page(f"day/{TODAY}").text
    assert "Same as yesterday" not in nora.page(f"day/{TODAY - timedelta(days=2)}").text
    assert "Same as yesterday" not in nora.page("offline").text
    nora.log(**CALM)
    assert "Same as yesterday" not in nora.page(f"day/{TODAY}").text
    assert "Filled in from yesterday" not in nora.page(f"day/{TODAY}").text


# Notes.


def test_a_note_is_found_by_its_words_and_no_word_is_in_an_address(nora):
    nora.log(note="Slept badly, the NEW pillow <b>", **CALM)
    found = nora.browser.send(nora.path("diary"), nora.path("diary/notes"), words="pillow  slept")
    assert found.status_code == 200
    assert "NEW pillow &lt;b&gt;" in found.text
    assert "pillow" not in found.request.path + (found.request.query_string or b"").decode()
    assert found.headers["Cache-Control"] == "no-store"
    nothing = nora.browser.send(nora.path("diary"), nora.path("diary/notes"), words="mattress")
    assert "No note has these words in it" in nothing.text
    other = new_diarist(nora.clinic, "otto", days_ago=40)
    assert other.browser.client.post(nora.path("diary/notes")).status_code in (400, 404)


def test_a_note_is_found_whatever_apostrophe_or_accent_is_typed(nora):
    nora.log(note="Couldn\N{RIGHT SINGLE QUOTATION MARK}t reach the café", **CALM)
    for words in ("couldn't", "couldn\N{RIGHT SINGLE QUOTATION MARK}t", "CAFE"):
        found = nora.browser.send(nora.path("diary"), nora.path("diary/notes"), words=words)
        assert "reach the café" in found.text, words
    # Somebody who follows the address gets the blank form.
    assert nora.browser.get(nora.path("diary/notes")).status_code == 200


# Medicines.

TAKEN = {"name": "Oxycodone", "amount": "10", "unit": "mg", "times": "2", "day": str(YESTERDAY)}


def stored(nora) -> list[Medicine]:
    with nora.clinic.database.read() as session:
        return list(record_rows.values_of(session, nora.patient.id, Medicine))


def test_a_new_dose_ends_the_old_one_and_a_second_press_adds_nothing(nora):
    first = TODAY - timedelta(days=20)
    form = nora.browser.page(nora.path("medicines")).form(nora.path("medicines")).hidden()
    for _ in range(2):
        sent = {**form, **TAKEN, "day": str(first)}
        assert nora.browser.client.post(nora.path("medicines"), data=sent).status_code == 303
    assert stored(nora) == [Medicine(first, "Oxycodone", 10.0, "mg", 2.0)]
    nora.send("medicines", **{**TAKEN, "name": " oxycodone ", "amount": "2,5"})
    old, new = stored(nora)
    assert old.until == YESTERDAY - timedelta(days=1)
    assert (new.amount, new.until) == (2.5, None)
    text = nora.page("medicines").text
    assert "2.5 mg, 2 times a day" in text
    assert course_words((old, new), TODAY).startswith("Oxycodone: 20 mg a day from ")


def test_a_unit_that_nobody_knows_is_asked_for_and_never_becomes_mg(nora):
    answer = nora.send("medicines", **{**TAKEN, "unit": "spoons"})
    assert answer.status_code == 422
    assert "Choose what a dose is counted in" in answer.text
    assert stored(nora) == []


def test_no_two_doses_of_one_medicine_are_taken_at_a_time(nora):
    nora.send("medicines", **{**TAKEN, "day": str(YESTERDAY), "amount": "5"})
    again = nora.send("medicines", **{**TAKEN, "day": str(YESTERDAY), "amount": "20"})
    assert again.status_code == 422
    assert "begins on that day already" in again.text
    nora.send("medicines", **{**TAKEN, "day": str(YESTERDAY - timedelta(days=5))})
    earlier, later = sorted(stored(nora), key=lambda one: one.day)
    assert (earlier.amount, earlier.until) == (10, YESTERDAY - timedelta(days=1))
    assert (later.amount, later.until) == (5, None)


def test_a_medicine_is_stopped_or_taken_back_and_the_audit_keeps_it(nora):
    nora.send("medicines", **{**TAKEN, "day": str(TODAY - timedelta(days=9))})
    nora.send("medicines", **{**TAKEN, "name": "Paracetamol", "amount": "", "times": ""})
    with nora.clinic.database.read() as session:
        opioid, other = record_rows.stored_of(session, nora.patient.id, Medicine)
    page = nora.path("medicines")
    for what, one in (("stop", opioid), ("remove", other)):
        path = nora.path(f"medicines/{one.public_id}/{what}")
        assert nora.browser.send(page, path, expected_version="1").status_code == 303
    (left,) = stored(nora)
    assert (left.name, left.until) == ("Oxycodone", YESTERDAY)
    with nora.clinic.database.read() as session:
        newest = audit_trail.events_about(session, nora.patient.id)[0]
    assert newest.action is audit.AuditAction.MEDICINE_REMOVED


def test_a_mistake_is_named_and_what_was_typed_stays(nora):
    for wrong in (
        {"name": ""},
        {"name": "x" * 81},
        {"amount": "0"},
        {"amount": "ten"},
        {"times": "25"},
        {"day": "yesterday"},
        {"until": str(YESTERDAY - timedelta(days=3))},
        {"until": "soon"},
    ):
        answer = nora.send("medicines", **{**TAKEN, **wrong})
        assert answer.status_code == 422, wrong
        assert 'class="errmsg"' in answer.text
    assert stored(nora) == []


def test_the_taper_is_drawn_beside_pain_and_said_in_words(nora):
    nora.history_of(30)
    start = TODAY - timedelta(days=30)
    for back, amount in ((30, "10"), (20, "5"), (10, "2.5")):
        day = str(TODAY - timedelta(days=back))
        nora.send("medicines", **{**TAKEN, "amount": amount, "day": day})
    recovery = nora.recovery()
    story = story_of(recovery.history, recovery.assessment)
    measures = [panel.measure for panel in story.panels]
    assert measures[:3] == ["axial_pain", "limb_pain", "medicines"]
    (lane,) = story.panels[2].bars
    heights = [height for _, _, height in lane.pieces]
    assert [round(height / heights[0], 2) for height in heights] == [1.0, 0.5, 0.25]
    first = (start - recovery.history.index.day).days
    assert [piece[:2] for piece in lane.pieces] == [
        (first, first + 9), (first + 10, first + 19), (first + 20, first + 30),
    ]  # fmt: skip
    assert "5 mg a day from" in describe(story)
    assert "as high as the dose of the day" in legend(story)
    pdf = nora.browser.client.get(nora.path("report.pdf"))
    assert pdf.status_code == 200


def test_a_medicine_that_ends_today_can_end_no_more(nora):
    nora.send("medicines", name="Oxycodone", unit="mg", day=str(TODAY))
    page = nora.page("medicines")
    assert "I no longer take it" in page.text
    (stop,) = [one for one in page.forms if one.action.endswith("/stop")]
    nora.browser.client.post(stop.action, data=stop.hidden())
    page = nora.page("medicines").text
    assert "12 Mar 2026 to 12 Mar 2026" in page
    assert "I no longer take it" not in page


# A question of one's own.


def test_a_question_of_ones_own_is_asked_kept_drawn_and_taken_out(nora):
    assert "own_item" not in nora.page(f"day/{TODAY}").text
    own = "Dizzy, 100 % of it?"
    assert nora.send("settings", zone="Europe/London", own_item="x" * 61).status_code == 422
    assert nora.send("settings", zone="Europe/London", own_item=f"  {own} ").status_code == 303
    assert own in nora.page(f"day/{TODAY}").text
    nora.log(**CALM, own_item="7")
    assert nora.entry().own_item == 7
    saved = nora.page(f"day/{TODAY}/saved").text
    assert own in saved
    assert "7 out of 10" in saved

    recovery = nora.recovery()
    story = story_of(recovery.history, recovery.assessment)
    (panel,) = [one for one in story.panels if one.measure == "own_item"]
    assert (panel.title, panel.days, panel.values) == (own, (40,), (7.0,))
    assert f"{own}, from 0 to 10: answered once, 7." in describe(story)

    out = nora.browser.client.post(
        nora.path("data/take-out"),
        data={**nora.page("data").form(nora.path("data/take-out")).hidden(), "what": "table"},
    )
    assert "own_item" in out.text
    # Named no longer, it is asked no longer; what was answered stays, and a correction keeps it.
    nora.send("settings", zone="Europe/London", own_item="")
    assert "own_item" not in nora.page(f"day/{TODAY - timedelta(days=1)}").text
    nora.log(**CALM | {"axial_pain": "4"}, own_item="7")
    assert (nora.entry().axial_pain, nora.entry().own_item) == (4, 7)
    assert 'id="own_item-7" value="7" checked' in " ".join(nora.page(f"day/{TODAY}").text.split())


def named(nora, own):
    nora.send("settings", zone="Europe/London", own_item=own)


def test_an_answer_keeps_the_words_it_was_asked_with(nora):
    """A question under a new name is another question: nothing that was answered changes."""
    yesterday = TODAY - timedelta(days=1)
    named(nora, "Dizziness")
    nora.log(yesterday, **CALM, own_item="7")
    waiting = nora.blank()
    named(nora, "Headache")
    # A form that was opened before sends the words that it showed.
    nora.log(form=waiting, **CALM, own_item="6")
    assert (nora.entry().own_item, nora.entry().own_question) == (6, "Dizziness")
    assert "Headache" in nora.page(f"day/{TODAY - timedelta(days=2)}").text
    nora.log(TODAY - timedelta(days=2), **CALM, own_item="2")

    for day in (TODAY, yesterday):
        saved = nora.page(f"day/{day}/saved").text
        assert ("Dizziness" in saved, "Headache" in saved) == (True, False)
        assert "<legend>Dizziness</legend>" in nora.page(f"day/{day}").text
    # Correcting another answer leaves this one as it was asked.
    nora.log(yesterday, **CALM | {"axial_pain": "4"}, own_item="7")
    assert nora.entry(yesterday).own_question == "Dizziness"

    recovery = nora.recovery()
    story = story_of(recovery.history, recovery.assessment)
    panels = [(p.title, p.values) for p in story.panels if p.measure == "own_item"]
    assert panels == [("Dizziness", (7.0, 6.0)), ("Headache", (2.0,))]
    said = describe(story)
    assert "Dizziness, from 0 to 10: answered on 2 days, last 6." in said
    assert "Headache, from 0 to 10: answered once, 2." in said


def test_an_old_answer_is_not_that_of_the_last_week(nora):
    nora.history_of(20, own_item=7, own_question="Dizziness", painkiller_change="fewer")
    nora.clinic.clock.forward(days=5)

    def columns():
        recovery = nora.recovery()
        story = story_of(recovery.history, recovery.assessment)
        asked = ("own_item", "painkiller_change")
        return [p.columns[-1] for p in story.panels if p.measure in asked]

    assert sorted(columns()) == ["7", "fewer"]
    nora.clinic.clock.forward(days=2)
    assert columns() == ["–", "–"]


def test_yesterdays_answer_is_not_repeated_under_a_new_name(nora):
    named(nora, "Dizziness")
    nora.log(TODAY - timedelta(days=1), **CALM, own_item="7")
    named(nora, "Headache")
    page = " ".join(nora.page(f"day/{TODAY}?same=1").text.split())
    assert "<legend>Headache</legend>" in page
    assert 'id="own_item-7" value="7" checked' not in page


def test_two_answers_under_two_names_keep_each_its_own(nora):
    named(nora, "Dizziness")
    first, second = nora.blank(), nora.blank()
    nora.log(form=first, **CALM, own_item="7")
    named(nora, "Headache")
    answer = nora.log(form=second, **CALM, own_item="3")
    assert answer.status_code == 409
    assert "Dizziness" in answer.text
    assert nora.entry().own_question == "Dizziness"


def test_the_words_come_back_with_the_file(clinic, nora):
    named(nora, "Dizziness")
    nora.log(TODAY - timedelta(days=1), **CALM, own_item="7")
    named(nora, "=Headache")
    nora.log(**CALM, own_item="2")
    hidden = nora.page("data").form(nora.path("data/take-out")).hidden()
    for what in ("everything", "fhir"):
        form = {**hidden, "what": what}
        out = nora.browser.client.post(nora.path("data/take-out"), data=form)
        other = new_diarist(clinic, f"other-{what}", days_ago=40)
        send(other, look(other, out.data, person="same"), "data/bring-in")
        found = [other.entry(TODAY - timedelta(days=n)).own_question for n in (1, 0)]
        assert found == ["Dizziness", "=Headache"], what
        # The question itself comes with the zip, and goes with it.
        asks = "=Headache" in other.page(f"day/{TODAY - timedelta(days=2)}").text
        assert asks == (what == "everything")
        undo(other)
        assert "=Headache" not in other.page(f"day/{TODAY - timedelta(days=2)}").text
    # Somebody who asks something else goes on asking it.
    asks_already = new_diarist(clinic, "asks", days_ago=40)
    named(asks_already, "Sleepiness")
    form = {**hidden, "what": "everything"}
    out = nora.browser.client.post(nora.path("data/take-out"), data=form)
    send(asks_already, look(asks_already, out.data, person="same"), "data/bring-in")
    assert "Sleepiness" in asks_already.page(f"day/{TODAY - timedelta(days=2)}").text
    assert asks_already.entry().own_question == "=Headache"


def test_questions_for_the_visit_come_back_where_none_are_noted(clinic, nora):
    nora.log(TODAY - timedelta(days=1), **CALM)
    nora.browser.send(nora.path(), nora.path("questions"), question="May I swim?")
    hidden = nora.page("data").form(nora.path("data/take-out")).hidden()
    out = nora.browser.client.post(
        nora.path("data/take-out"), data={**hidden, "what": "everything"}
    )
    new, has = (new_diarist(clinic, name, days_ago=40) for name in ("new", "has"))
    has.browser.send(has.path(), has.path("questions"), question="When can I drive?")
    for diarist in (new, has):
        send(diarist, look(diarist, out.data, person="same"), "data/bring-in")
    assert "May I swim?" in new.page().text
    assert "When can I drive?" in has.page().text
    assert "May I swim?" not in has.page().text
    undo(new)
    assert "May I swim?" not in new.page().text


def test_a_table_without_the_words_is_about_the_question_that_is_asked(nora):
    named(nora, "Dizziness")
    day = TODAY - timedelta(days=1)
    send(nora, look(nora, f"date,own_item\n{day},5\n".encode()), "data/bring-in")
    assert nora.entry(day).own_question == "Dizziness"


def test_no_rule_reads_it(nora):
    nora.history_of(35)
    before = nora.recovery().assessment
    nora.history_of(35, own_item=10)
    assert nora.recovery().assessment == before
