"""Every route, asked for by everyone, about everybody: who is let in is what the policy says.

The table of refusals is made from the declared policies and `domain.people.may`, so a new route is
in it without anybody remembering to add it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from recovery_tracker.domain.people import Action, Role, may
from recovery_tracker.domain.surgery import Operation
from recovery_tracker.storage import accounts, flags, people, record_rows
from recovery_tracker.web.shared import policies
from recovery_tracker.web.shared.policies import Policy, UndeclaredRoute, policy
from recovery_tracker.web.shared.security import HEADERS
from tests.effort import share
from tests.web.conftest import ALICE_WORDS, BOB_WORDS, NOW, PASSWORD

WEB = Path(policies.__file__).parents[1]
SIGNED_IN = ("alice", "bob", "carol", "dan", "erin", "frank")
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MISSING = "AAAAAAAAAAAAAAAAAAAAAA"

#: What anybody may keep: it is the same for everyone.
PUBLIC = {"/manifest.webmanifest", "/service-worker.js"}

#: Pages that end or change the session that asks; they are tried in tests of their own.
LEAVES = {
    "security.logout",
    "account.sign_out_everywhere",
    "security.two_factor_token_validation",
}


def test_every_route_has_a_policy(clinic):
    for rule in clinic.app.url_map.iter_rules():
        assert policies.policy_of(clinic.app, rule.endpoint) is not None, rule


def test_every_module_with_a_route_is_imported(clinic):
    """A view in a module that nobody imports answers 404, and nothing else would say so."""
    written = {
        ".".join(path.relative_to(WEB.parents[1]).with_suffix("").parts)
        for path in WEB.rglob("*.py")
        if re.search(r"^@\w+\.(?:route|get|post)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(written) > 20
    here = {view.__module__ for view in clinic.app.view_functions.values()}
    # The sign-in links of the demonstration exist in its own database only.
    missing = written - here - {"recovery_tracker.web.auth.demo"}
    assert not missing, "name these modules in the `__init__.py` of their package"


def test_an_undeclared_route_stops_the_program(clinic):
    app = Flask("other")
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(UndeclaredRoute):
        policies.gather(app, {"static": Policy(frozenset())})


def test_a_patient_in_the_path_needs_an_action(clinic):
    app = Flask("other")
    app.add_url_rule("/p/<public_id>", "leak", policy(policies.CARE)(lambda public_id: ""))
    with pytest.raises(UndeclaredRoute):
        policies.gather(app, {"static": Policy(frozenset())})


@pytest.mark.parametrize("name", SIGNED_IN)
def test_only_what_the_policy_allows(clinic, name):
    """Refused looks like missing, changes nothing, and holds no word of the record."""
    browser = clinic.signed_in(name)
    with clinic.database.read() as session:
        actor = accounts.actor_of(session, clinic.accounts[name].id, NOW)
    token = browser.page("/account").form().hidden()["csrf_token"]
    before = _records(clinic)
    asked = 0
    for method, path, terms, patient in _requests(clinic):
        allowed = _is_allowed(actor, terms, patient)
        if allowed and method == "POST":
            continue  # what these do is told in the tests of their pages
        data = {"csrf_token": token, "key": f"{name}-{asked}"} if method == "POST" else None
        answer = browser.client.open(path, method=method, data=data)
        asked += 1
        _check_headers(answer)
        assert answer.status_code < 500, (name, method, path)
        if not allowed:
            assert answer.status_code == 404, (name, method, path, answer.status_code)
            assert "Location" not in answer.headers
        _check_words(actor, clinic, path, answer)
    assert asked > 60
    assert _records(clinic) == before


def test_a_stranger_is_asked_to_sign_in(clinic):
    browser = clinic.browser()
    before = _records(clinic)
    for method, path, terms, _patient in _requests(clinic):
        if not terms.roles:
            continue
        answer = browser.client.open(path, method=method)
        _check_headers(answer)
        if method == "GET":
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/account/sign-in"), path
        else:
            assert answer.status_code == 401, (method, path)
        body = answer.data.decode(errors="replace")
        assert not any(word in body for word in (*ALICE_WORDS, *BOB_WORDS)), path
    assert _records(clinic) == before


def test_not_yours_and_not_there_are_the_same_page(clinic):
    browser = clinic.signed_in("alice")
    other = browser.get(f"/p/{clinic.bob.public_id}/")
    missing = browser.get(f"/p/{MISSING}/")
    assert other.status_code == missing.status_code == 404
    assert other.data == missing.data
    assert set(other.headers.keys()) == set(missing.headers.keys())


def test_unlisted_verbs_are_refused_and_change_nothing(clinic):
    browser = clinic.signed_in("alice")
    before = _records(clinic)
    for rule, path, _terms, _patient in share(list(_paths(clinic)), 3):
        for verb in VERBS:
            if verb in rule.methods or verb in _verbs_at(clinic.app, path):
                continue
            answer = browser.client.open(path, method=verb)
            assert answer.status_code in {404, 405}, (verb, path, answer.status_code)
            _check_headers(answer)
    assert _records(clinic) == before


def test_access_ends_with_the_next_request(clinic):
    carol = clinic.signed_in("carol")
    path = f"/p/{clinic.alice.public_id}/surgery"
    allowed = carol.get(path).status_code
    from tests.web.conftest import SYSTEM

    with clinic.database.write() as session:
        people.revoke_care(session, clinic.alice.id, clinic.accounts["carol"].id, by=SYSTEM, at=NOW)
    assert carol.get(path).status_code == 404
    assert allowed in {200, 404}


def test_a_switched_off_account_is_out_at_once(clinic):
    from tests.web.conftest import SYSTEM

    carol = clinic.signed_in("carol")
    assert carol.get("/account").status_code == 200
    with clinic.database.write() as session:
        accounts.set_active(session, clinic.accounts["carol"].id, False, by=SYSTEM, at=NOW)
    assert carol.get("/account").status_code == 302
    assert clinic.browser().sign_in("carol").status_code == 200


def test_gina_who_is_switched_off_cannot_sign_in(clinic):
    answer = clinic.browser().sign_in("gina", PASSWORD)
    wrong = clinic.browser().sign_in("nobody-here", PASSWORD)
    assert answer.status_code == wrong.status_code == 200
    assert _without_secrets(answer.text, "gina") == _without_secrets(wrong.text, "nobody-here")


def _without_secrets(text: str, login: str) -> str:
    text = re.sub(r'name="(csrf_token|key)" value="[^"]*"', "", text)
    return text.replace(login, "LOGIN")


def _paths(clinic) -> Iterator[tuple]:
    """Each rule as a path, once for each patient it may be about."""
    with clinic.database.read() as session:
        things = {
            patient.id: {
                "operation_id": record_rows.stored_of(session, patient.id, Operation)[0].public_id,
                "flag_id": next(
                    (one.public_id for one in flags.flags_of(session, patient.id)), MISSING
                ),
            }
            for patient in (clinic.alice, clinic.bob)
        }
    for rule in clinic.app.url_map.iter_rules():
        terms = policies.policy_of(clinic.app, rule.endpoint)
        if rule.endpoint in LEAVES or rule.endpoint == "static":
            continue
        about = (clinic.alice, clinic.bob, None) if terms.action else (None,)
        for patient in about:
            values = {
                "public_id": patient.public_id if patient else MISSING,
                "day": "2026-03-12",
                "account_id": clinic.accounts["dan"].public_id,
                "token": "not-a-token",
                **(things[patient.id] if patient else {}),
            }
            wanted = {name: values.get(name, "1") for name in rule.arguments}
            path = clinic.path_of(rule, wanted)
            yield rule, path, terms, patient


def _requests(clinic) -> Iterator[tuple[str, str, Policy, object]]:
    for rule, path, terms, patient in _paths(clinic):
        for method in ("GET", "POST"):
            if method in rule.methods:
                yield method, path, terms, patient


def _is_allowed(actor, terms: Policy, patient) -> bool:
    if not terms.roles:
        return True
    if actor.role not in terms.roles or (terms.full and actor.rights):
        return False
    if terms.action is None:
        return True
    return patient is not None and may(actor, terms.action, patient.id)


def _check_headers(answer) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (answer.request.path, name)
    # No other site may read an answer, or be told that it might.
    assert not any(name.startswith("Access-Control-") for name, _ in answer.headers)
    rule = answer.headers.get("Cache-Control", "")
    if answer.request.path not in PUBLIC:
        assert "no-store" in rule or rule == "private, no-cache", (answer.request.path, rule)
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie


def _check_words(actor, clinic, path: str, answer) -> None:
    """No word of a record reaches somebody who may not read it; names may reach the office."""
    sent = answer.data.decode(errors="replace") + str(answer.headers)
    for patient, words in ((clinic.alice, ALICE_WORDS), (clinic.bob, BOB_WORDS)):
        if may(actor, Action.READ_DIARY, patient.id):
            continue
        name, note = words
        assert note not in sent, path
        if actor.role is not Role.ADMINISTRATOR:
            assert name not in sent, path


def _records(clinic) -> dict[str, list[Any]]:
    """Rows of every table that holds something about people, apart from sessions and reading."""
    from recovery_tracker.storage.columns import Base

    passing = {"web_session", "attempt", "audit_event", "audit_payload", "audit_head"}
    with clinic.database.read() as session:
        raw = session.connection().connection.driver_connection
        return {
            name: raw.execute(f'SELECT * FROM "{name}"').fetchall()
            for name in Base.metadata.tables.keys() - passing
        }


def _verbs_at(app: Flask, path: str) -> set[str]:
    from werkzeug.exceptions import MethodNotAllowed, NotFound

    found = set()
    for verb in VERBS:
        try:
            app.url_map.bind("localhost").match(path, method=verb)
        except (MethodNotAllowed, NotFound):
            continue
        found.add(verb)
    return found
