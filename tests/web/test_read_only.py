"""A database that can only be read, or hardly that: every page says so, and what still works."""

from pathlib import Path

import pytest

from recovery_tracker.storage.trouble import Trouble
from tests.web.diarist import CALM, new_diarist
from tests.web.page import Page

PAGE = 4096
NOTHING = "Nothing can be saved now"


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


def spoil(clinic, how: str) -> bytes:
    """What happens to the file under the running program; gives what it held before."""
    file = file_of(clinic)
    clinic.database.close()
    before = file.read_bytes()
    content = bytearray(before)
    if how == "read only":
        # A write version SQLite does not know: by its file format it then only reads the file.
        content[18] = 3
    elif how == "no header":
        content[:100] = bytes(100)
    elif how == "emptied":
        content = bytearray()
    elif how == "pages":
        content[PAGE * 2 :] = b"\xa5" * (len(content) - PAGE * 2)
    file.write_bytes(content)
    return before


def file_of(clinic) -> Path:
    return Path(clinic.config.database_url.removeprefix("sqlite:///"))


def test_sound_database_has_no_banner(nora):
    assert nora.clinic.database.trouble() is None
    assert NOTHING not in nora.page("").text


def test_read_only_database_is_read_and_says_so_everywhere(nora):
    clinic = nora.clinic
    carol = clinic.signed_in("carol")
    before = spoil(clinic, "read only")
    for browser, path in (
        (nora.browser, nora.path()),
        (nora.browser, nora.day()),
        (nora.browser, nora.path("recovery")),
        (nora.browser, "/help"),
        (carol, "/clinic/patients"),
        (carol, f"/clinic/p/{clinic.alice.public_id}"),
        (clinic.browser(), "/account/sign-in"),
    ):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert NOTHING in answer.text, path
    assert 'href="tel:999"' in nora.browser.get("/help").text
    assert "tell your clinic" in nora.page("").text
    assert "The person who runs the diary" in carol.page("/clinic/patients").text
    assert file_of(clinic).read_bytes()[100:] == before[100:]


def test_day_typed_into_a_read_only_diary_comes_back_and_is_saved_later(nora):
    form = nora.blank()
    before = spoil(nora.clinic, "read only")
    answer = nora.log(form=form, **CALM, note="on paper too")
    assert answer.status_code == 503
    assert "on paper too" in answer.text
    assert NOTHING in answer.text
    again = Page(answer.text).form(nora.day()).hidden()
    nora.clinic.database.close()
    file_of(nora.clinic).write_bytes(before)
    answer = nora.log(form=again, **CALM, note="on paper too")
    assert answer.status_code == 303
    assert NOTHING not in nora.page("").text
    assert nora.entry().note == "on paper too"


def test_emergency_answer_is_acted_on_though_nothing_can_be_saved(nora):
    form = nora.blank()
    spoil(nora.clinic, "read only")
    answer = nora.log(form=form, signs="some", line="saddle")
    assert answer.status_code == 503
    assert 'href="tel:999"' in answer.text


def test_signing_in_to_a_read_only_diary_says_why_it_cannot_be(clinic):
    browser = clinic.browser()
    form = browser.page("/account/sign-in").form("/account/sign-in").hidden()
    spoil(clinic, "read only")
    answer = browser.client.post(
        "/account/sign-in", data={**form, "email": "alice", "password": "wrong"}
    )
    assert answer.status_code == 503
    assert NOTHING in answer.text


@pytest.mark.parametrize("how", ["no header", "emptied", "pages"])
def test_damaged_database_is_said_and_help_stays(nora, how):
    form = nora.blank()
    spoil(nora.clinic, how)
    answer = nora.browser.get(nora.path())
    assert answer.status_code == 503
    assert "damaged" in answer.text
    help_page = nora.browser.get("/help")
    assert help_page.status_code == 200
    assert "damaged" in help_page.text
    assert 'href="tel:999"' in help_page.text
    typed = nora.log(form=form, **CALM, note="kept")
    assert typed.status_code == 503
    assert "kept" in typed.text
    assert "emergency" in typed.text.lower() or "Get help now" in typed.text


def test_damaged_database_is_not_written_any_more(nora):
    """A page that is still whole is not written on the word of one that is not."""
    before = spoil(nora.clinic, "pages")
    nora.browser.get(nora.path())
    assert nora.clinic.database.trouble() is Trouble.DAMAGED
    nora.clinic.database.close()
    file_of(nora.clinic).write_bytes(before)
    assert nora.log(**CALM).status_code == 503
    assert file_of(nora.clinic).read_bytes() == before
