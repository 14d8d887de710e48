"""What the verification standard asks (docs/asvs.yaml) and no other test shows."""

import ast
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

import recovery_tracker
from recovery_tracker.domain.history import Appointment, Event, EventKind
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.storage import people, record_rows
from recovery_tracker.web.shared import waiting_files
from recovery_tracker.web.shared.security import LARGEST_FILE, LARGEST_REQUEST
from tests.sources import nodes_of
from tests.web.conftest import ALICE_WORDS, NOW, SYSTEM, _log_a_day
from tests.web.test_access import _paths
from tests.web.test_office_sees_no_diary import _link_for

PACKAGE = Path(recovery_tracker.__file__).parent
SCRIPTS = sorted((PACKAGE / "web/static").glob("*.js"))


@pytest.mark.parametrize("words", ["%", "_", "Al_cia", "*", "?", "' OR ''='"])
def test_search_words_are_no_patterns(clinic, words):
    for name, path in (("carol", "/clinic/patients"), ("frank", "/admin/people")):
        browser = clinic.signed_in(name)
        token = browser.page("/account").form().hidden()["csrf_token"]
        field = "search"
        sent = {"csrf_token": token, field: words}
        answer = browser.client.post(path, data=sent)
        assert answer.status_code == 200
        assert ALICE_WORDS[0] not in answer.text, path
        sent[field] = "alicia"
        assert ALICE_WORDS[0] in browser.client.post(path, data=sent).text, path


def test_a_percent_sign_is_found_as_itself(clinic):
    with clinic.database.write() as session:
        people.create_patient(session, name="Ann 100% Lee", by=SYSTEM, at=NOW)
    frank = clinic.signed_in("frank")
    token = frank.page("/account").form().hidden()["csrf_token"]
    found = frank.client.post("/admin/people", data={"csrf_token": token, "search": "100%"}).text
    assert "Ann 100% Lee" in found
    assert ALICE_WORDS[0] not in found


def test_scripts_write_text_as_text():
    """No markup from strings, no code from strings, nothing borrowed from other sites."""
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|__proto__|setTimeout\(\s*['\"]|importScripts|https?://|document\.domain"
    )
    assert len(SCRIPTS) > 4
    for script in SCRIPTS:
        assert not re.findall(forbidden, script.read_text(encoding="utf-8")), script.name


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/.git/config",
            "/.git/HEAD",
            "/.env",
            "/secret-key",
            "/clinic.db",
            "/static/.git/config",
        ),
        *("/static/", "/static", "/static/..", "/static/../config.py", "/static/%2e%2e/config.py"),
        *("/templates/", "/backup.zip", "/server-status", "/debug", "/console", "/metrics"),
    ],
)
def test_nothing_but_pages_and_static_files_is_served(clinic, path):
    for browser in (clinic.browser(), clinic.signed_in("frank")):
        answer = browser.get(path)
        assert answer.status_code == 404, path
        assert "Index of" not in answer.text


def test_what_is_typed_is_hidden_and_may_be_pasted(clinic):
    """Every field for a password: hidden, known to password managers, long enough for them."""
    alice, link = clinic.signed_in("alice"), _link_for(clinic, "carol")
    pages = {
        "/account/sign-in": (clinic.browser(), {"current-password"}),
        link: (clinic.browser(), {"new-password"}),
        "/account/password": (alice, {"current-password", "new-password"}),
        "/account/check": (alice, {"current-password"}),
    }
    for path, (browser, kinds) in pages.items():
        text = browser.page(path).text
        fields = [one for one in re.findall(r"<input[^>]*>", text) if 'name="password' in one]
        fields += [one for one in re.findall(r"<input[^>]*>", text) if 'name="new_password' in one]
        assert fields, path
        for field in fields:
            assert 'type="password"' in field, field
            assert re.search(r'autocomplete="([^"]+)"', field)[1] in kinds, (path, field)
            assert "readonly" not in field, field
            most = re.search(r'maxlength="(\d+)"', field)
            assert most is None or int(most[1]) >= 64, field
    assert not any("paste" in script.read_text(encoding="utf-8") for script in SCRIPTS)


def test_a_file_has_a_largest_size_and_everything_else_a_smaller_one(clinic):
    alice = clinic.signed_in("alice")
    base = f"/p/{clinic.alice.public_id}"
    for path, most in ((f"{base}/data/look", LARGEST_FILE), (f"{base}/events", LARGEST_REQUEST)):
        answer = alice.client.post(
            path,
            data=b"a=1",
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"CONTENT_LENGTH": str(most + 1)},
        )
        assert answer.status_code == 413, path


@pytest.mark.parametrize("name", ["../../../evil.csv", "/etc/passwd", "..\\x.csv", ".."])
def test_a_file_is_kept_under_a_name_of_ours(clinic, name, tmp_path, monkeypatch):
    folder = tmp_path / "waiting"
    folder.mkdir()
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(folder))
    frank = clinic.signed_in("frank")
    token = frank.page("/account").form().hidden()["csrf_token"]
    sent = {"csrf_token": token, "file": (io.BytesIO(b"name\nAnn Lee\n"), name)}
    answer = frank.client.post("/admin/people/list", data=sent)
    assert answer.status_code in {200, 400, 422}
    for file in folder.rglob("*"):
        assert file.is_dir() or re.fullmatch(r"[0-9a-f]{16}-[0-9a-f]{64}", file.name), file


def test_nobody_fills_the_disk_with_files_that_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))

    def keep(owner: str) -> str:
        return waiting_files.keep(FileStorage(io.BytesIO(b"date\n")), owner)

    other = keep("bob")
    tokens = [keep("alice") for _ in range(waiting_files.MOST + 2)]
    kept = [one for one in tokens if waiting_files.waiting(one, "alice") is not None]
    assert kept == tokens[2:]
    assert waiting_files.waiting(other, "bob") is not None
    assert waiting_files.waiting(other, "alice") is None


def test_logs_go_to_standard_error_and_nowhere_else():
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        found = re.findall(r"logging\.handlers|FileHandler|SysLogHandler|HTTPHandler", text)
        assert not found, file


#: Signs of every way that Python and gettext fill in a sentence, behind a mark that no random token
#: holds and that an address leaves as it is.
MARK = "zq~"
PATTERN = MARK + "{0.__class__}{name}%(name)s%s{}%"


def test_what_is_typed_is_no_pattern(clinic):
    """Sentences are filled in with typed words, and typed words are filled in with nothing."""
    _log_a_day(clinic.database, clinic.alice.id, NOW - timedelta(days=2), PATTERN)
    values = (
        Event(NOW.date(), EventKind.OTHER, PATTERN),
        Medicine(NOW.date(), PATTERN),
        Appointment(NOW.date(), "10:30", PATTERN, PATTERN),
        Instruction(InstructionKind.PLAN, NOW.date(), NOW, text=PATTERN, author=PATTERN),
    )
    with clinic.database.write() as session:
        for value in values:
            record_rows.add(session, clinic.alice.id, value, by=SYSTEM, at=NOW)
    shown = 0
    for name in ("alice", "carol"):
        browser = clinic.signed_in(name)
        for rule, path, _terms, patient in _paths(clinic):
            if "GET" not in rule.methods or patient is clinic.bob:
                continue
            answer = browser.get(path)
            assert answer.status_code < 500, path
            if answer.mimetype != "text/html":
                continue
            for place in re.finditer(MARK, answer.text):
                assert answer.text[place.start() :].startswith(PATTERN), path
                shown += 1
    assert shown > 20


def test_sentences_are_ours_where_words_are_typed():
    """What is filled in is written in the source, a constant, or a sentence of the catalogue."""
    parts = ("web", "services", "storage", "exchange", "cli")
    found = set()
    for file in (file for part in parts for file in (PACKAGE / part).rglob("*.py")):
        for node in nodes_of(file):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in {"format", "format_map"}:
                continue
            filled = ast.unparse(node.func.value)
            if not re.match(r"""['"]|[A-Z_]+$|_\(|translate\(|Markup\(['"]|super\(\)""", filled):
                found.add(f"{file.name}: {filled}")
    assert found == {"import_wording.py: sentence", "rules.py: english"}
