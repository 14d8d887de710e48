"""The lock files hold for every reader: hashes, and no address of any registry."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host(name):
    """A host would send other readers to a registry that is not theirs."""
    assert "://" not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name):
    """pip refuses a file that has a hash for some packages only; it is seen here first."""
    blocks = [
        block
        for block in (ROOT / name).read_text().replace("\\\n", " ").splitlines()
        if block.strip() and not block.lstrip().startswith("#")
    ]
    assert blocks
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_no_lock_of_another_tool_is_kept():
    """Those copy the address of whatever registry was set when they were written."""
    assert [
        name for name in ("uv.lock", "pylock.toml", "poetry.lock") if (ROOT / name).exists()
    ] == []
