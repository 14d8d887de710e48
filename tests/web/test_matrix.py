"""Every route by every method, asked by some twenty kinds of visitors about four kinds of patients.

Made from the running URL map. A quick run asks for a third of the routes by each visitor, by one
method and about one patient, in turn from day to day; a thorough one (WHOLE_EFFORT) for all of
them. Canaries stand in every text of two records; none may reach anybody but those who may read it,
and nothing that is refused, or only asked for, may change a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from werkzeug.routing import Rule

from recovery_tracker.domain.people import Action, Actor, Rights, Role, may
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import (
    accounts,
    emergency,
    erasure,
    flags,
    people,
    record_rows,
    visit_links,
)
from recovery_tracker.web.auth.sessions import digest_of
from recovery_tracker.web.shared.policies import Policy, policy_of
from tests.effort import effort, today
from tests.web.conftest import ALICE_WORDS, BOB_WORDS, NOW, PASSWORD, SYSTEM, open_clinic
from tests.web.test_access import LEAVES, MISSING, _check_headers, _records
from tests.web.test_ways_in import Walker, _give_an_app

#: Accounts that go less far than their role: carers of alice, clinicians, a front desk. Leo opened
#: the diary of alice in an emergency, and that of bob more than an hour ago.
RIGHTS = {
    "anna": (Role.PATIENT, Rights.READ),
    "ben": (Role.PATIENT, Rights.WRITE),
    "ines": (Role.CLINICIAN, Rights.READ),
    "jon": (Role.CLINICIAN, Rights.ANSWER),
    "kim": (Role.CLINICIAN, Rights.DESK),
    "leo": (Role.CLINICIAN, Rights.FULL),
}

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
ASKS = ("GET", "HEAD", "OPTIONS")
CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}

#: Everything that ends or changes the session that asks, tried in tests of its own.
CHANGES_SESSION = LEAVES | {
    *("resubmission.carried", "security.login", "language.choose", "demo.enter")
}


@dataclass
class Visitor:
    """A browser, who is signed in in it (None: nobody), and what each of its requests carries."""

    name: str
    client: object
    actor: Actor | None
    token: str = ""
    headers: dict[str, str] | None = None


@pytest.fixture(scope="module")
def clinic(clinic_database, tmp_path_factory):
    """The clinic with a patient more, who was erased."""
    file = tmp_path_factory.mktemp("matrix") / "clinic.db"
    file.write_bytes(clinic_database.read_bytes())
    found = open_clinic(file)
    found.add_account("hanna")
    for name, (role, rights) in RIGHTS.items():
        whose = found.alice.id if role is Role.PATIENT else None
        found.add_account(name, role, rights=rights, patient_id=whose)
    with found.database.write() as session:
        gone = people.create_patient(session, name="Gone Canarydale", by=SYSTEM, at=NOW)
        operation = Operation(NOW.date(), Region.LUMBAR)
        record_rows.add(session, gone.id, operation, by=SYSTEM, at=NOW)
        erasure.erase(session, gone.id, by=SYSTEM, at=NOW)
        for name in ("ines", "jon"):
            number = found.accounts[name].id
            people.grant_care(session, found.alice.id, number, by=SYSTEM, at=NOW)
        leo = accounts.actor_of(session, found.accounts["leo"].id, NOW)
        hour = NOW + timedelta(hours=1)
        emergency.open_record(session, found.alice.id, "fell", until=hour, by=leo, at=NOW)
        late = NOW - timedelta(hours=2)
        over = NOW - timedelta(hours=1)
        emergency.open_record(session, found.bob.id, "fell", until=over, by=leo, at=late)
        visit_links.make_link(
            session,
            found.alice.id,
            digest=digest_of("link-of-alice"),
            day=NOW.date(),
            expires_at=hour,
            by=SYSTEM,
            at=NOW,
        )
    found.gone = SimpleNamespace(id=gone.id, public_id=gone.public_id)
    yield found
    found.database.close()


@pytest.fixture(scope="module")
def visitors(clinic) -> list[Visitor]:
    """Some twenty of them, each in the state its name says."""
    names = ("alice", "bob", "carol", "dan", "erin", "frank", "hanna", *RIGHTS)
    made = [Visitor(name, clinic.signed_in(name).client, _actor(clinic, name)) for name in names]
    for one in made:
        one.token = _token(one.client)
    cross = [
        Visitor(f"another site through {one.name}", one.client, None, one.token, CROSS)
        for one in made[:1] + made[2:3] + made[5:6]
    ]
    ended = clinic.signed_in("alice").client
    copied = ended.get_cookie("recovery").value
    ended.post("/account/sign-out", data={"csrf_token": _token(ended)})
    ended.set_cookie("recovery", copied)
    planted = clinic.browser().client
    planted.set_cookie("recovery", "visitor.AAAA")
    _give_an_app(clinic, "dan")
    half = Walker(clinic).open("/account/sign-in")
    half.send("/account/sign-in", email="dan", password=PASSWORD)
    others = [
        Visitor("a stranger", clinic.browser().client, None),
        Visitor("an ended session", ended, None),
        Visitor("a planted cookie", planted, None),
        Visitor("half signed in", half.client, None),
        Visitor("signed out at home", clinic.signed_out_again("alice").client, None),
    ]
    return [*made, *cross, *others]


def test_nobody_gets_or_changes_what_is_not_theirs(clinic, visitors):
    assert len(visitors) >= 21
    before, asked = _records(clinic), 0
    for number, visitor in enumerate(visitors):
        for at, (rule, terms) in enumerate(_rules(clinic)):
            for method, patient in _cells(clinic, rule, terms, at + number):
                path = _path(clinic, rule, patient)
                allowed = _is_allowed(visitor.actor, terms, patient)
                if allowed and method not in ASKS:
                    continue  # What these do is told in the tests of their pages.
                answer = visitor.client.open(
                    path,
                    method=method,
                    data={"csrf_token": visitor.token} if method == "POST" else None,
                    headers=visitor.headers,
                )
                asked += 1
                where = (visitor.name, method, path, answer.status_code)
                assert answer.status_code < 500, where
                if method != "OPTIONS":
                    _check_headers(answer)
                if visitor.headers is not None:
                    assert answer.status_code in {404, 405}, where
                    assert "Set-Cookie" not in answer.headers, where
                elif terms.roles and not allowed and method in {"GET", "HEAD", "POST"}:
                    assert answer.status_code in {302, 401, 404, 405}, where
                _no_canary(visitor.actor, clinic, answer, where)
    assert _records(clinic) == before
    assert asked > effort(800, 20_000)


def _cells(clinic, rule: Rule, terms: Policy, turn: int) -> Iterator[tuple[str, object]]:
    patients = (clinic.alice, clinic.bob, clinic.gone, None) if terms.action else (None,)
    every = [(method, patient) for patient in patients for method in METHODS]
    if effort(0, 1):
        yield from every
        return
    # Seven methods, four patients and three days have no common divisor: in turn all come up.
    turn += today()
    if turn % 3 == 0:
        yield METHODS[turn % len(METHODS)], patients[turn % len(patients)]


def _rules(clinic) -> list[tuple[Rule, Policy]]:
    return [
        (rule, policy_of(clinic.app, rule.endpoint))
        for rule in clinic.app.url_map.iter_rules()
        if rule.endpoint not in CHANGES_SESSION and rule.endpoint != "static"
    ]


def _path(clinic, rule: Rule, patient) -> str:
    values = {
        "public_id": MISSING if patient is None else patient.public_id,
        "day": "2026-03-12",
        "account_id": clinic.accounts["dan"].public_id,
        "reader_id": clinic.accounts["carol"].public_id,
        "token": "not-a-token",
        "tag": "es",
        **_things(clinic, patient),
    }
    wanted = {name: values.get(name, "1") for name in rule.arguments}
    return clinic.path_of(rule, wanted)


def _things(clinic, patient) -> dict[str, str]:
    if patient not in (clinic.alice, clinic.bob):
        return {}
    with clinic.database.read() as session:
        operation = record_rows.stored_of(session, patient.id, Operation)[0].public_id
        raised = [one.public_id for one in flags.flags_of(session, patient.id)]
    return {"operation_id": operation, "flag_id": raised[0] if raised else MISSING}


def _is_allowed(actor: Actor | None, terms: Policy, patient) -> bool:
    if not terms.roles:
        return True
    if actor is None or actor.role not in terms.roles:
        return False
    if terms.full and actor.rights is not Rights.FULL:
        return False
    if terms.action is None:
        return True
    return patient is not None and may(actor, terms.action, patient.id)


def _no_canary(actor: Actor | None, clinic, answer, where) -> None:
    sent = answer.data.decode(errors="replace") + str(answer.headers)
    assert "Canarydale" not in sent, where
    for patient, words in ((clinic.alice, ALICE_WORDS), (clinic.bob, BOB_WORDS)):
        if actor is not None and may(actor, Action.READ_DIARY, patient.id):
            continue
        assert words[1] not in sent, where
        if actor is None or actor.role not in {Role.ADMINISTRATOR, Role.FRONT_DESK}:
            assert words[0] not in sent, where


def _actor(clinic, name: str) -> Actor:
    with clinic.database.read() as session:
        return accounts.actor_of(session, clinic.accounts[name].id, NOW)


def _token(client) -> str:
    from tests.web.page import Page

    return Page(client.get("/account").text).form().hidden()["csrf_token"]
