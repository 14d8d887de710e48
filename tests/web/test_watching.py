"""Whoever watches the program learns how it is doing, and nothing about anybody."""

import json
import logging
import re
from dataclasses import replace

import pytest

from recovery_tracker.storage.database import open_database
from recovery_tracker.web.application import create_app
from recovery_tracker.web.config import Config, UnsafeConfig
from recovery_tracker.web.shared.journal import AsJson
from tests.databases import copied, new_patient, url_of

TOKEN = "a-token-for-the-one-who-watches-0123456789"


@pytest.fixture
def file(empty_file, tmp_path):
    return copied(empty_file, tmp_path / "watched.db")


@pytest.fixture
def database(file):
    opened = open_database(url_of(file))
    yield opened
    opened.close()


@pytest.fixture
def config(file):
    return Config(database_url=url_of(file), secret_key="watching-0123456789abcdefghijklmnopqrst")


def test_it_is_up_and_ready(config, database):
    client = create_app(config, database).test_client()
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert "Set-Cookie" not in answer.headers


def test_it_is_up_and_not_ready_without_its_database(config, database, file):
    client = create_app(config, database).test_client()
    database.close()
    file.write_bytes(b"")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "damaged\n")
    assert client.get("/healthz").status_code == 200


def test_numbers_are_for_whoever_brings_the_token(config, database):
    patient = new_patient(database, "Ann Nemo~")
    assert create_app(config, database).test_client().get("/metrics").status_code == 404
    client = create_app(replace(config, metrics_token=TOKEN), database).test_client()
    for sent in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer größer"}):
        assert client.get("/metrics", headers=sent).status_code == 404
    client.get(f"/p/{patient.public_id}/")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found = dict(re.findall(r"^(\w+(?:\{.*\})?) (\S+)$", answer.text, re.MULTILINE))
    assert found["recovery_tracker_ready"] == "1.0"
    asked = 'recovery_tracker_request_seconds_count{method="GET",route="%s",status="%s"}'
    assert found[asked % ("/p/<public_id>/", 302)] == "1.0"
    assert patient.public_id not in answer.text
    assert "Nemo~" not in answer.text


def test_a_short_token_is_refused(config):
    with pytest.raises(UnsafeConfig, match="METRICS_TOKEN needs at least 32"):
        replace(config, metrics_token="short")


def test_a_line_of_the_journal_is_one_json_object():
    record = logging.LogRecord("recovery_tracker", logging.ERROR, "", 0, 'a "b"\nc', (), None)
    line = AsJson("%(message)s").format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["message"]) == ("ERROR", 'a "b"\\nc')
