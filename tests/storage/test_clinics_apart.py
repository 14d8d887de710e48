"""Several clinics on one server, set up by the statements of docs/operations.md as they stand.

A worker of one clinic that has lost all its own checks, and is told to go to the other's database,
is refused by the server.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from recovery_tracker.storage import people
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.errors import NotSaved
from recovery_tracker.storage.upgrade import upgrade_database
from tests.cli.server import Server, Visitor
from tests.databases import PROJECT, new_patient, postgresql_running

PAGE = (PROJECT / "docs/operations.md").read_text(encoding="utf-8")
PART = PAGE.split("### Several clinics on one server\n")[1].split("\n## ")[0]
#: What stands indented in that part: for each clinic, for the server, and who comes in how.
EACH, ONCE, HBA = re.findall(r"(?:^    .*\n)+", PART, flags=re.MULTILINE)
CLINICS = dict(re.findall(r"CREATE ROLE (\w+) LOGIN PASSWORD '(.*?)'", EACH))

REFUSED = "pg_hba.conf rejects connection|permission denied for database"

#: What a worker may try to get past its own database.
TRIES = (
    "SET ROLE clinic_b",
    "ALTER ROLE clinic_a SUPERUSER",
    "GRANT clinic_b TO clinic_a",
    "GRANT CONNECT ON DATABASE clinic_b TO clinic_a",
    "ALTER DATABASE clinic_b OWNER TO clinic_a",
    "CREATE DATABASE stolen TEMPLATE clinic_b",
    "CREATE EXTENSION dblink",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT pg_ls_dir('base')",
)


def run(url: URL, statements: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            connection.execute(statement)


def plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def server() -> Iterator[URL]:
    """The administrator's address of a server that was set up as the page says."""
    with postgresql_running() as started:
        administrator = make_url(started.get_uri())
        run(administrator, EACH)
        run(administrator, ONCE)
        rules = Path(started.pgdata) / "pg_hba.conf"
        rules.write_text(HBA.replace("    ", "", 1) + rules.read_text())
        run(administrator, "SELECT pg_reload_conf()")
        yield administrator


def address(server: URL, role: str, database: str, password: str = "") -> URL:
    return server.set(username=role, password=password or CLINICS[role], database=database)


@pytest.fixture(scope="module")
def clinics(server: URL) -> dict[str, str]:
    """The address of each clinic, with its tables and one patient, named after it."""
    found = {}
    for name in CLINICS:
        url = plain(address(server, name, name))
        upgrade_database(url)
        database = open_database(url)
        new_patient(database, f"Patient of {name}")
        database.close()
        found[name] = url
    return found


def test_each_clinic_runs_and_has_its_own_patients(clinics: dict[str, str]) -> None:
    assert len(clinics) == 2
    for name, url in clinics.items():
        running = Server("run", "--port", 0, "--database", url)
        try:
            assert (
                Visitor(running.line_with("First run. Set it up here (the link works once): ")).get(
                    "/readyz"
                )[0]
                == 200
            )
        finally:
            running.stop()
        database = open_database(url)
        with database.read() as session:
            assert [one.name for one in people.all_patients(session)] == [f"Patient of {name}"]
        database.close()


def test_a_worker_that_has_lost_its_checks_is_refused_by_the_server(
    server: URL, clinics: dict[str, str]
) -> None:
    for name in clinics:
        for other in {*clinics, "postgres", "template1"} - {name}:
            astray = open_database(plain(address(server, name, other)))
            with pytest.raises(NotSaved) as refused, astray.read() as session:
                people.all_patients(session)
            astray.close()
            assert re.search(REFUSED, str(refused.value.__cause__))


def test_nor_does_it_get_in_as_the_other(server: URL, clinics: dict[str, str]) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(plain(address(server, "clinic_b", "clinic_b", CLINICS["clinic_a"])))


def test_the_database_refuses_it_even_where_the_file_lets_it_in(
    server: URL, clinics: dict[str, str]
) -> None:
    """Two walls: `pg_hba.conf`, and the rights on the database. Here the second one alone."""
    run(server, "CREATE ROLE visitor LOGIN")
    for name in (*clinics, "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(plain(server.set(username="visitor", database=name)))


@pytest.mark.parametrize("statement", TRIES)
def test_it_cannot_widen_its_own_rights(clinics: dict[str, str], statement: str) -> None:
    with (
        psycopg.connect(clinics["clinic_a"], autocommit=True) as connection,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)),
    ):
        connection.execute(statement)
