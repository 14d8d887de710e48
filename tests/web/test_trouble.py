"""A database that cannot be read or written: said honestly, and nothing typed is lost."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask_babel import force_locale, gettext
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from recovery_tracker.storage import engine
from recovery_tracker.storage.database import DatabaseTrouble
from recovery_tracker.storage.engine import driver
from tests.web.diarist import CALM, TODAY, Diarist, new_diarist
from tests.web.page import Page


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a file that is held all the time."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


@contextmanager
def held(nora: Diarist, how: str) -> Iterator[None]:
    """Another program holds the file: IMMEDIATE for writing, EXCLUSIVE for reading as well."""
    file = nora.clinic.config.database_url.removeprefix("sqlite:///")
    # Whoever holds a write-ahead log alone must do so from the first look on.
    nora.clinic.database.close()
    with closing(driver().connect(file, isolation_level=None)) as other:
        if how == "EXCLUSIVE":
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute(f"BEGIN {how}")
        yield
        other.execute("ROLLBACK")


def test_event_that_cannot_be_saved_comes_back_to_be_sent_again(nora):
    path = nora.path("events")
    form = nora.browser.page(path).form(path).hidden()
    with held(nora, "IMMEDIATE"):
        answer = nora.browser.client.post(
            path, data={**form, "kind": "fall", "day": str(TODAY), "label": "on the stairs"}
        )
    assert answer.status_code == 503
    kept = Page(answer.text)
    assert "/help" in kept.links
    shown = nora.browser.client.post(path, data=kept.form(path).hidden())
    assert 'value="on the stairs"' in shown.text


def test_text_of_a_database_error_holds_no_answer(nora):
    with nora.clinic.database.read() as session, pytest.raises(DatabaseTrouble) as trouble:
        session.execute(text("SELECT :answer FROM nowhere"), {"answer": "zebra-answer"})
    assert "zebra-answer" not in str(trouble.value)


def test_nul_is_refused_wherever_it_is_sent(nora):
    assert nora.log(**CALM, note="a\0b").status_code == 400
    assert nora.browser.get(nora.path("day/%00")).status_code == 400
    assert nora.version() == 0


def test_file_that_cannot_even_be_read_is_an_honest_page(nora):
    form = nora.blank()
    with held(nora, "EXCLUSIVE"):
        answer = nora.log(form=form, **CALM)
    assert answer.status_code == 503
    assert "Nothing was saved" in answer.text
    assert "emergency" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert nora.log(form=form, **CALM).status_code == 303


@pytest.mark.parametrize(
    ("browser", "tag"),
    [("es-MX,en;q=0.5", "es"), ("zh-TW", "zh-Hant"), ("sv", "en-GB"), ("", "en-GB")],
)
def test_page_without_a_database_speaks_the_language_of_the_browser(nora, browser, tag):
    with held(nora, "EXCLUSIVE"):
        answer = nora.browser.get(nora.path(), headers={"Accept-Language": browser})
    assert answer.status_code == 503
    page = Page(answer.text)
    assert page.language == tag
    with nora.clinic.app.app_context(), force_locale(tag.replace("-", "_")):
        assert page.title == gettext("The diary is busy")


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1"])
def test_version_that_is_no_number_is_an_old_page(nora, version):
    assert nora.send("settings", zone="Europe/London", expected_version=version).status_code == 422
    chart = nora.browser.get(nora.path("chart.svg"), query_string={"weeks": version})
    assert chart.status_code == 200


def hand_back(nora: Diarist, path: str, **typed):
    """The page that comes back when a form cannot be saved, opened with everything typed."""
    shown = nora.browser.page(nora.path() if path.endswith("questions") else path)
    with held(nora, "IMMEDIATE"):
        answer = nora.browser.client.post(path, data={**shown.form(path).hidden(), **typed})
    assert answer.status_code == 503
    kept = Page(answer.text).form(path)
    return nora.browser.client.post(path, data=MultiDict(kept.fields))


def test_settings_that_cannot_be_saved_come_back_as_chosen(nora):
    chosen = {"zone": "Asia/Taipei", "schedule": "three", "entry": "one", "contrast": "more"}
    shown = hand_back(nora, nora.path("settings"), **chosen)
    assert shown.status_code == 200
    assert '<option value="Asia/Taipei" selected' in shown.text
    for name, value in list(chosen.items())[1:]:
        assert f'id="{name}-{value}" value="{value}" checked' in shown.text
    assert nora.recovery().patient.zone == "Europe/London"
    form = Page(shown.text).form(nora.path("settings"))
    nora.browser.client.post(form.action, data={**form.hidden(), **chosen})
    assert nora.recovery().patient.zone == "Asia/Taipei"


def test_questions_that_cannot_be_saved_come_back_as_typed(nora):
    asked = ["May I swim?", "", "When can I drive?"]
    shown = hand_back(nora, nora.path("questions"), question=asked)
    assert 'value="May I swim?"' in shown.text
    assert 'value="When can I drive?"' in shown.text
    assert nora.recovery().patient.preferences.get("questions") is None
    form = Page(shown.text).form(nora.path("questions"))
    nora.browser.client.post(form.action, data={**form.hidden(), "question": asked})
    assert nora.recovery().patient.preferences["questions"] == ["May I swim?", "When can I drive?"]


def test_sheet_that_cannot_be_saved_comes_back_row_by_row(nora):
    cells = {f"walking-{TODAY}": "2", f"axial_pain-{TODAY}": "4", f"signs-{TODAY}": "no"}
    shown = hand_back(nora, nora.path("sheet/type"), **cells)
    assert f'name="axial_pain-{TODAY}" value="4"' in shown.text
    assert nora.recovery().entries == ()
    form = Page(shown.text).form(nora.path("sheet/type"))
    nora.browser.client.post(form.action, data={**form.hidden(), **cells})
    assert nora.entry().axial_pain == 4
