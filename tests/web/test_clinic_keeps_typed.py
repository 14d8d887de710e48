"""What a clinician typed comes back: signed out, from an old page, or on a full disk."""

import re
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import accounts, attention, engine, flags, record_rows
from recovery_tracker.storage.engine import driver
from tests.web.conftest import NOW, SYSTEM, Browser, Clinic
from tests.web.page import Page


@dataclass(frozen=True)
class Typed:
    """One form: the page it stands on, where it is sent, and what is typed into it."""

    page: str
    action: str
    fields: dict[str, str]
    #: Where the form stands again with what was typed; the page's own address if it is the same.
    again: str = ""


NOTE = "zebra: call back on Monday"
WHY = "forty flags last week"
TEXT = "zebra: ten minutes, three times a day"

#: {chart}, {flag}, {said}, {done} are filled in for alice.
FORMS = {
    "decision": Typed(
        "{chart}",
        "{chart}/flag/{flag}/decision",
        {
            "decision": "imaging",
            "note": NOTE,
            "until": "2026-04-02",
            "plan_topic": "physio",
            "plan_text": TEXT,
            "plan_due": "2026-04-01",
        },
    ),
    "decide later": Typed(
        "{chart}",
        "{chart}/flag/{flag}/seen",
        {"note": NOTE},
        again="{chart}/flag/{flag}/decision",
    ),
    "instruction": Typed(
        "{chart}",
        "{chart}/instructions/restriction",
        {"topic": "lifting", "text": TEXT, "due": "2026-04-02"},
    ),
    "changed instruction": Typed(
        "{chart}", "{chart}/instructions/plan/{said}", {"topic": "physio", "text": TEXT}
    ),
    "taken back": Typed(
        "{chart}",
        "{chart}/instructions/plan/{said}/taken-back",
        {"text": TEXT},
        again="{chart}/instructions/plan/{said}",
    ),
    "visit": Typed(
        "{chart}",
        "{chart}/record/visit",
        {"day": "2026-04-02", "time": "09:30", "with_whom": NOTE},
    ),
    "imaging": Typed(
        "{chart}",
        "{chart}/record/imaging",
        {"day": "2026-03-02", "modality": "ct", "result": "loosening_seen", "note": NOTE},
    ),
    "event": Typed(
        "{chart}", "{chart}/record/event", {"day": "2026-03-02", "kind": "fall", "label": NOTE}
    ),
    "score": Typed(
        "{chart}",
        "{chart}/record/score",
        {"day": "2026-03-02", "form": "odi_percent", "score": "38"},
    ),
    "operation": Typed(
        "{chart}/operation/new",
        "{chart}/operation/new",
        {"day": "2026-03-10", "region": "lumbar", "level_names": "L5-S1", "step": "confirmed"},
    ),
    "corrected operation": Typed(
        "{chart}/operation/{done}",
        "{chart}/operation/{done}",
        {"day": "2025-12-16", "region": "lumbar", "hardware": NOTE, "step": "confirmed"},
    ),
    "own sensitivity, seen before": Typed(
        "{chart}/sensitivity",
        "{chart}/sensitivity/preview",
        {"setting": "quiet", "reason": WHY},
    ),
    "own sensitivity": Typed(
        "{chart}/sensitivity",
        "{chart}/sensitivity",
        {"setting": "quiet", "reason": WHY, "expected_version": "0"},
        again="{chart}/sensitivity/preview",
    ),
    "sensitivity": Typed(
        "/clinic/sensitivity",
        "/clinic/sensitivity",
        {"setting": "sensitive", "reason": WHY, "expected_version": "0"},
        again="/clinic/sensitivity/preview",
    ),
}


@pytest.fixture(params=FORMS)
def typed(request, clinic) -> Typed:
    """One of the forms, with alice's addresses in it."""
    said = Instruction(InstructionKind.PLAN, NOW.date(), NOW, "physio", "", None, "Carol")
    with clinic.database.write() as session:
        kept = record_rows.add(session, clinic.alice.id, said, by=SYSTEM, at=NOW)
        (flag,) = flags.flags_of(session, clinic.alice.id)
        (done,) = record_rows.stored_of(session, clinic.alice.id, Operation)
    values = {
        "chart": f"/clinic/p/{clinic.alice.public_id}",
        "flag": flag.public_id,
        "said": kept.public_id,
        "done": done.public_id,
    }
    form = FORMS[request.param]
    places = [part.format(**values) for part in (form.page, form.action, form.again or form.action)]
    return Typed(places[0], places[1], form.fields, places[2])


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a file that is held all the time."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)


@contextmanager
def nothing_saved(clinic: Clinic):
    """Another program holds the file for writing, as good as a full disk, and is not waited for."""
    file = clinic.config.database_url.removeprefix("sqlite:///")
    with closing(driver().connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def hidden_of(browser: Browser, typed: Typed) -> dict[str, str]:
    return browser.page(typed.page).form(typed.again).hidden()


def assert_there(text: str, typed: Typed) -> None:
    """Everything typed stands in its form again, and in no other."""
    (form,) = re.findall(rf'<form[^>]* action="{typed.again}".*?</form>', text, re.DOTALL)
    for name, value in typed.fields.items():
        if name in {"step", "expected_version"}:
            continue
        chosen = re.findall(r'value="([^"]*)" (?:selected|checked)', form)
        filled = re.findall(rf'name="{name}"[^>]*value="([^"]*)"', form)
        assert value in [unescape(one) for one in (*chosen, *filled)], name
    assert text.count(NOTE) <= 1


def go_on(browser: Browser, page: Page, typed: Typed) -> str:
    """Presses the one button of the page that keeps what was typed."""
    form = page.form(typed.action)
    answer = browser.client.post(form.action, data=MultiDict(form.fields))
    assert answer.status_code == 200
    assert Page(answer.text).problems == []
    return answer.text


def test_signed_out_while_typing(clinic, typed):
    browser = clinic.signed_out_again("carol")
    answer = browser.client.post(typed.action, data=typed.fields)
    assert answer.status_code == 401
    assert answer.text.index("Get help now") < answer.text.index("Please sign in again")
    browser.sign_in("carol")
    assert_there(go_on(browser, browser.page("/carried"), typed), typed)


def test_the_page_was_open_for_too_long(carol, typed):
    data = {**hidden_of(carol, typed), **typed.fields, "csrf_token": "of another session"}
    answer = carol.client.post(typed.action, data=data)
    assert answer.status_code == 400
    assert "What you typed is still here" in answer.text
    assert_there(go_on(carol, Page(answer.text), typed), typed)


def test_the_database_takes_nothing(clinic, carol, typed):
    data = {**hidden_of(carol, typed), **typed.fields}
    with nothing_saved(clinic):
        answer = carol.client.post(typed.action, data=data)
        if answer.status_code == 200:
            # A look that stands in the audit already is not written again.
            assert typed.action.endswith("/preview")
            return
        assert answer.status_code == 503
        shown = go_on(carol, Page(answer.text), typed)
    assert_there(shown, typed)
    again = {**Page(shown).form(typed.again).hidden(), **typed.fields}
    if "until" in again:
        again["until"] = ""  # No day belongs to this decision; that is said only when it is saved.
    assert carol.client.post(typed.action, data=again).status_code in {200, 303}


def test_a_preview_that_only_reads_needs_no_database_to_write_to(clinic, carol):
    page = "/clinic/sensitivity"
    data = {**carol.page(page).form(page).hidden(), "setting": "quiet", "reason": WHY}
    with nothing_saved(clinic):
        answer = carol.client.post(f"{page}/preview", data=data)
    assert answer.status_code == 200
    assert WHY in answer.text


def test_what_was_typed_is_handed_to_nobody_who_may_not_save_it(clinic):
    chart = f"/clinic/p/{clinic.alice.public_id}"
    for login, path in (("dan", f"{chart}/record/event"), ("alice", "/clinic/sensitivity")):
        shared = clinic.browser()
        assert shared.client.post(path, data={"label": NOTE, "reason": WHY}).status_code == 401
        shared.sign_in(login)
        answer = shared.get("/carried", follow_redirects=True)
        assert NOTE not in answer.text
        assert WHY not in answer.text


@pytest.mark.parametrize("kind", ["instructions/plan", "record/event"])
def test_back_changed_and_sent_once_more_is_told_and_kept(clinic, carol, kind):
    path = f"/clinic/p/{clinic.alice.public_id}"
    data = carol.page(path).form(f"{path}/{kind}").hidden()
    fields = {"topic": "physio", "text": "first", "day": "2026-03-02", "kind": "fall"}
    fields |= {"label": "first"}
    assert carol.client.post(f"{path}/{kind}", data={**data, **fields}).status_code == 303
    second = {**data, **fields, "text": NOTE, "label": NOTE}
    answer = carol.client.post(f"{path}/{kind}", data=second)
    assert answer.status_code == 409
    assert f'value="{NOTE}"' in answer.text


def test_an_instruction_that_a_colleague_took_back_is_not_lost(clinic, carol):
    chart = f"/clinic/p/{clinic.alice.public_id}"
    said = Instruction(InstructionKind.PLAN, NOW.date(), NOW, "physio", "", None, "Carol")
    with clinic.database.write() as session:
        kept = record_rows.add(session, clinic.alice.id, said, by=SYSTEM, at=NOW)
    action = f"{chart}/instructions/plan/{kept.public_id}"
    data = {**carol.page(chart).form(action).hidden(), "text": TEXT}
    with clinic.database.write() as session:
        record_rows.remove(
            session,
            clinic.alice.id,
            kept.public_id,
            Instruction,
            expected_version=kept.version,
            by=SYSTEM,
            at=NOW,
        )
    answer = carol.client.post(action, data=data)
    assert answer.status_code == 409
    assert f'value="{TEXT}"' in answer.text


def test_a_decision_on_a_flag_that_ended_meanwhile_is_not_lost(clinic, carol):
    chart = f"/clinic/p/{clinic.alice.public_id}"
    (flag,) = flags_now(clinic)
    action = f"{chart}/flag/{flag.public_id}/decision"
    data = {**carol.page(chart).form(action).hidden(), "decision": "imaging", "note": NOTE}
    with clinic.database.write() as session:
        by = accounts.actor_of(session, clinic.accounts["carol"].id, NOW)
        attention.decide(
            session,
            clinic.alice.id,
            flag.public_id,
            flags.Decision.REASSURED,
            by=by,
            at=NOW,
            today=NOW.date(),
        )
        later = Operation(NOW.date() + timedelta(days=1), Region.LUMBAR)
        record_rows.add(session, clinic.alice.id, later, by=SYSTEM, at=NOW)
    clinic.clock.forward(days=1)
    carol = clinic.signed_in("carol")
    data["csrf_token"] = carol.page("/account").form().hidden()["csrf_token"]
    answer = carol.client.post(action, data=data)
    assert answer.status_code == 409
    assert f'value="{NOTE}"' in answer.text


def flags_now(clinic):
    with clinic.database.read() as session:
        return flags.flags_of(session, clinic.alice.id)
