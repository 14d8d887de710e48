"""Whatever is sent to whatever address, by anybody: the program does not fail."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
FIELDS = (
    *("email", "password", "code", "next", "csrf_token", "key", "day", "note", "signs", "new"),
    *(
        "role",
        "name",
        "birth_date",
        "patient",
        "account",
        "cares",
        "active",
        "expected_version",
        "zone",
    ),
    *(
        "credential",
        "which",
        "setup",
        "answer",
        "weeks",
        "size",
        "page",
        "q",
        "sort",
        "show",
        "a[]",
    ),
)
AWKWARD = st.sampled_from(
    [
        *("", "0", "-1", "9" * 5000, "1e309", "NaN", "2026-13-45", "0001-01-01", "9999-12-31"),
        *("\x00", "\ud800", "é" * 400, "<script>", "' OR 1=1", "{{7*7}}", "../..", "[]", "{}"),
        *("//evil.example", "http://localhost/account", "http://[", "\u202e", "None", "on"),
    ]
)
TEXTS = st.one_of(AWKWARD, st.text(max_size=40))

#: How many requests: `make test-slow` asks for more, FUZZ_REQUESTS for as many as it says.
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", effort(150, 5_000)))


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
    yield clinic, clients, tokens, rules
    clinic.database.close()


@settings(
    max_examples=REQUESTS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_is_sent_makes_the_program_fail(house, data):
    clinic, clients, tokens, rules = house
    who = data.draw(st.sampled_from(list(clients)))
    rule = data.draw(st.sampled_from(rules))
    method = data.draw(st.sampled_from(["GET", "HEAD", "POST", "POST", "POST", "OPTIONS"]))
    values = {
        "public_id": data.draw(st.sampled_from([clinic.alice.public_id, MISSING])),
        "day": data.draw(st.sampled_from(["2026-03-12", "2026-13-45", "0001-01-01", "x"])),
    }
    wanted = {
        name: values.get(name, data.draw(st.sampled_from(["1", "x", "0" * 30])))
        for name in rule.arguments
    }
    # A number in an address is a number; everything else is what was drawn.
    for name, one in rule._converters.items():
        if type(one).__name__ == "IntegerConverter":
            wanted[name] = 1
    with clinic.app.test_request_context():
        path = clinic.app.url_map.bind("localhost").build(rule.endpoint, wanted)
    fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=6))
    if data.draw(st.booleans()):
        fields["csrf_token"] = tokens[who]
    kind = data.draw(st.sampled_from(KINDS))
    asked = data.draw(st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=2))
    body: dict = {"query_string": _plain(asked)}
    if kind == KINDS[0]:
        body["data"] = _plain(fields)
    elif kind.startswith("multipart"):
        body |= {"data": _plain(fields), "content_type": "multipart/form-data"}
    else:
        raw = data.draw(st.one_of(st.binary(max_size=60), st.just(b'{"email": 5}')))
        body |= {"data": raw, "content_type": kind}
    answer = clients[who].open(path, method=method, **body)
    assert answer.status_code < 500 or answer.status_code == 503, (who, method, path)
    answer.close()


def _plain(fields: dict[str, str]) -> dict[str, str]:
    """As a browser can send it: a lone surrogate has no bytes."""
    return {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
