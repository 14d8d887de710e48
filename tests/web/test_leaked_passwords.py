"""No new password is one of a file of leaked ones, where the installation keeps such a file."""

import hashlib

import pytest

from recovery_tracker.web.auth.passwords import problem_with
from recovery_tracker.web.config import Config, UnsafeConfig
from tests.web.conftest import SECRET


@pytest.mark.parametrize("leaked", [0, 1, 2, 17, 500])
def test_no_new_password_is_one_that_leaked(clinic, tmp_path, leaked):
    """The first line, the last, and any between are found; the file is as long as wished."""
    words = [f"seven green hats on wall {number}" for number in range(leaked)]
    lines = sorted(
        hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in words
    )
    file = tmp_path / "leaked.txt"
    file.write_text("".join(f"{one}:{number}\r\n" for number, one in enumerate(lines)))
    object.__setattr__(clinic.config, "leaked_passwords", file)
    with clinic.app.test_request_context():
        assert all("leak" in problem_with(one) for one in words)
        assert problem_with("eleven quiet boats at sea") is None


def digests(count: int, kind: str = "sha1") -> list[str]:
    """What such a file holds, in order."""
    words = (f"seven green hats on wall {number}".encode() for number in range(count))
    return sorted(hashlib.new(kind, one).hexdigest().upper() for one in words)


def test_without_the_file_of_leaked_passwords_new_ones_are_still_taken(clinic, tmp_path, caplog):
    """It was moved after the start, or a replacement is under way."""
    object.__setattr__(clinic.config, "leaked_passwords", tmp_path / "gone")
    with clinic.app.test_request_context():
        assert problem_with("eleven quiet boats at sea") is None
    (line,) = [one.getMessage() for one in caplog.records]
    assert line == "the file of leaked passwords could not be read: FileNotFoundError"


def with_leaked(file):
    """The settings of an installation that keeps this file."""
    return Config.from_environment(
        {"RECOVERY_TRACKER_LEAKED_PASSWORDS": str(file)},
        database_url="sqlite:///x.db",
        secret_key=SECRET,
    )


@pytest.mark.parametrize("count", [1, 2, 17, 5000])
@pytest.mark.parametrize("end", ["\n", "\r\n", ":3\n", ":3\r\n"])
def test_a_file_of_leaked_passwords_is_taken(tmp_path, count, end):
    file = tmp_path / "leaked.txt"
    for lines in (digests(count), [one.lower() for one in digests(count)]):
        file.write_bytes("".join(one + end for one in lines).encode())
        assert with_leaked(file).leaked_passwords == file


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["correct horse battery staple"],
        digests(500)[::-1],
        sorted(digests(500), key=lambda one: one[7:]),
        digests(500, "md5"),
        digests(500, "sha256"),
        [f"{number}:{one}" for number, one in enumerate(digests(500))],
        ["\ufeff" + digests(1)[0]],
    ],
    ids=["none", "plain", "backwards", "by_count", "md5", "sha256", "numbered", "marked"],
)
def test_a_file_in_which_no_leaked_password_would_be_found_is_refused(tmp_path, lines):
    file = tmp_path / "leaked.txt"
    file.write_text("".join(f"{one}\n" for one in lines))
    with pytest.raises(UnsafeConfig, match="SHA-1 digests in order"):
        with_leaked(file)


def test_the_file_of_leaked_passwords_has_to_be_there(tmp_path):
    with pytest.raises(UnsafeConfig, match="LEAKED_PASSWORDS"):
        with_leaked(tmp_path / "none")
