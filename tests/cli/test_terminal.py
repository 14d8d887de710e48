"""What somebody else wrote cannot rewrite the terminal it is shown on."""

from recovery_tracker.cli.terminal import printable
from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts
from recovery_tracker.storage.database import open_database
from tests.cli.conftest import AT, BY

CLEAR = "\x1b[2J\x1b[1A"


def test_a_name_in_the_list_of_accounts_is_one_line_of_plain_text(command, url):
    database = open_database(url)
    with database.write() as session:
        name = f"Eve{CLEAR}\r\nroot\tadministrator\u202e"
        accounts.create_account(session, name=name, login="eve", role=Role.CLINICIAN, by=BY, at=AT)
    database.close()
    said = command("user", "list", "--database", url).out
    assert len(said.splitlines()) == 2
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "eve\tclinician\tEve\\x1b[2J\\x1b[1A root administrator\\u202e\tactive" in said


def test_a_heading_of_a_file_is_plain_text_in_a_refusal(command, url, tmp_path):
    file, how = tmp_path / "a.csv", tmp_path / "map.json"
    file.write_text(f'Tag;"VAS{CLEAR} (mm)"\n2026-02-02;4\n')
    how.write_text('{"columns": {"Tag": "date", "VAS\\u001b[2J\\u001b[1A (mm)": "axial_pain"}}')
    said = command("import", file, "--map", how, "--database", url)
    assert said.status == 1
    assert "column VAS\\x1b[2J\\x1b[1A (mm): The heading says a 0-100 scale." in said.err


def test_only_signs_that_are_obeyed_are_escaped():
    assert (
        printable("Müde\u00a0wie\u202f immer, 林小明 😀\nnext")
        == "Müde wie  immer, 林小明 😀\nnext"
    )
    assert printable("a\tb\rc\u2028d\x7f") == "a\\tb\\rc\\u2028d\\x7f"
