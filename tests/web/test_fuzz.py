"""Whatever is sent to whatever address, by anybody: the program does not fail."""

import io
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing.converters import NumberConverter

from recovery_tracker.domain.surgery import Operation
from recovery_tracker.storage import flags, record_rows
from tests.effort import effort
from tests.web.conftest import open_clinic
from tests.web.test_access import LEAVES
from tests.web.test_matrix import MISSING

KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
    "text/plain",
    "",
)
#: Names of the fields that any form of ours has, read from the templates.
FIELDS = sorted(
    {"csrf_token", "carried", "a[]", "file"}.union(
        *(
            re.findall(
                r"""(?:name=["']|_field\(\s*['"])([a-z_]+)""", file.read_text(encoding="utf-8")
            )
            for file in (Path(__file__).parents[2] / "templates").rglob("*.html")
        )
    )
)
#: What an address may hold in place of an id, beside ids that are there.
KINDS_OF_THINGS = (
    *("visit", "imaging", "event", "score", "plan", "restriction", "clearance"),
    *("start", "stop", "1", "x", "0" * 30),
)
AWKWARD = st.sampled_from(
    [
        *("", "0", "-1", "1", "2026-03-12", "14:30", "yes", "none", "lumbar", "a@b.example"),
        *("9" * 5000, "1e309", "NaN", "2026-13-45", "0001-01-01", "9999-12-31"),
        *(str(2**31), str(2**63), str(10**30), "-9223372036854775809"),
        *("\x00", "\ud800", "é" * 400, "<script>", "' OR 1=1", "{{7*7}}", "../..", "[]", "{}"),
        *("//evil.example", "http://localhost/account", "http://[", "\u202e", "None", "on"),
    ]
)
#: Numbers of rows: some that may be there, and some that no database holds.
NUMBERS = (1, 2, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**30)
TEXTS = st.one_of(AWKWARD, st.text(max_size=40))
#: Beginnings of the files that a page takes.
FILES = (
    b"name\nAnn\n",
    b"date,axial_pain,signs\n2026-03-12,3,none\n",
    b"PK\x03\x04",
    b"<?xml version='1.0'?><HealthData/>",
    b'{"resourceType": "Bundle"}',
    b"SQLite format 3\0",
)

#: How many requests: `make test-slow` asks for more, FUZZ_REQUESTS for as many as it says.
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", effort(300, 5_000)))


@pytest.fixture(scope="module")
def house(clinic_database, tmp_path_factory):
    """The clinic, browsers of three people and a stranger, and every address."""
    file = tmp_path_factory.mktemp("fuzz") / "clinic.db"
    file.write_bytes(clinic_database.read_bytes())
    clinic = open_clinic(file)
    clinic.app.config.update(TRIES_PER_CLIENT=10**9, TRIES_IN_ALL=10**9)
    clients = {None: clinic.browser().client}
    tokens = {None: ""}
    for name in ("alice", "carol", "frank"):
        browser = clinic.signed_in(name)
        clients[name] = browser.client
        tokens[name] = browser.page("/account").form().hidden()["csrf_token"]
    rules = [
        rule
        for rule in clinic.app.url_map.iter_rules()
        if rule.endpoint not in LEAVES | {"static", "patient.erase", "admin.set_active"}
        and "sign-out" not in rule.rule
    ]
    things = _things(clinic)
    yield clinic, clients, tokens, rules, things
    clinic.database.close()


@settings(
    max_examples=REQUESTS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_is_sent_makes_the_program_fail(house, data):
    clinic, clients, tokens, rules, things = house
    who = data.draw(st.sampled_from(list(clients)))
    rule = data.draw(st.sampled_from(rules))
    method = data.draw(st.sampled_from(["GET", "HEAD", "POST", "POST", "POST", "OPTIONS"]))
    values = {
        "public_id": data.draw(st.sampled_from([clinic.alice.public_id, MISSING])),
        "day": data.draw(st.sampled_from(["2026-03-12", "2026-13-45", "0001-01-01", "x"])),
    }
    wanted = {
        name: values[name] if name in values else data.draw(st.sampled_from(things))
        for name in rule.arguments
    }
    # A number in an address is a number; everything else is what was drawn.
    for name, one in rule._converters.items():
        if isinstance(one, NumberConverter):
            wanted[name] = data.draw(st.sampled_from(NUMBERS))
    path = clinic.path_of(rule, wanted)
    fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=6))
    if data.draw(st.booleans()):
        fields["csrf_token"] = tokens[who]
    kind = data.draw(st.sampled_from(KINDS))
    asked = data.draw(st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=2))
    body: dict = {"query_string": _plain(asked)}
    if kind == KINDS[0]:
        body["data"] = _plain(fields)
    elif kind.startswith("multipart"):
        sent: dict = _plain(fields)
        if "file" in sent:
            content = data.draw(st.one_of(st.sampled_from(FILES), st.binary(max_size=200)))
            sent["file"] = (io.BytesIO(content), sent["file"] or "x.csv")
        body |= {"data": sent, "content_type": "multipart/form-data"}
    else:
        raw = data.draw(st.one_of(st.binary(max_size=60), st.just(b'{"email": 5}')))
        body |= {"data": raw, "content_type": kind}
    answer = clients[who].open(path, method=method, **body)
    assert answer.status_code < 500 or answer.status_code == 503, (who, method, path)
    answer.close()


def test_a_number_that_no_row_has_is_no_address(house):
    """In every address with a number in it, by everybody; the fuzz draws them too rarely."""
    clinic, clients, tokens, rules, _ = house
    asked = 0
    for rule in rules:
        if not any(isinstance(one, NumberConverter) for one in rule._converters.values()):
            continue
        for number in NUMBERS:
            values = {
                name: number if isinstance(one, NumberConverter) else clinic.alice.public_id
                for name, one in rule._converters.items()
            }
            path = clinic.path_of(rule, values)
            for who, client in clients.items():
                answer = client.post(path, data={"csrf_token": tokens[who]})
                assert answer.status_code < 500, (who, path)
                asked += 1
    assert asked > 100


def _things(clinic) -> tuple[str, ...]:
    """Kinds of things, and ids of some that are there."""
    with clinic.database.read() as session:
        operation = record_rows.stored_of(session, clinic.alice.id, Operation)[0].public_id
        raised = [one.public_id for one in flags.flags_of(session, clinic.alice.id)]
    staff = [one.public_id for one in clinic.accounts.values()]
    return (*KINDS_OF_THINGS, operation, *raised, *staff)


def _plain(fields: dict[str, str]) -> dict[str, str]:
    """As a browser can send it: a lone surrogate has no bytes."""
    return {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
