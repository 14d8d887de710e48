"""What `coverage.txt` promises is what the shipped files hold."""

import unicodedata

import pytest
from fontTools.ttLib import TTFont

from recovery_tracker.fonts import FOLDER, REPLACEMENT, is_covered, printable


def characters(name):
    return set(TTFont(FOLDER / name).getBestCmap())


def test_coverage_is_that_of_the_files():
    covered = (
        (characters("PublicSans-Regular.ttf") & characters("PublicSans-Bold.ttf"))
        | (characters("DejaVuSans.ttf") & characters("DejaVuSans-Bold.ttf"))
        | characters("DroidSansFallback-CJK.ttf")
    )
    drawn = {
        code
        for code in covered
        if code >= 32
        and unicodedata.category(chr(code)) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    }
    promised = {code for code in range(0x20000) if is_covered(chr(code))}
    # A later Python may know a character that an earlier one calls unassigned.
    assert {c for c in drawn ^ promised if unicodedata.category(chr(c)) != "Cn"} == set()


@pytest.mark.parametrize("needed", "−≥≤→↑↓–—’“”•·×°½✓○△▲復健سא")
def test_what_pages_need_is_covered(needed):
    assert is_covered(needed)


def test_plain_letters_are_as_they_were():
    plain = "".join(map(chr, range(0x20, 0x7F)))
    assert all(map(is_covered, plain))
    assert printable(plain) == plain


def test_nothing_vanishes_unseen():
    assert printable("a\U0001f9bdb") == f"a{REPLACEMENT}b"
    assert printable("a\x00b\N{RIGHT-TO-LEFT OVERRIDE}c") == "abc"
    assert printable("one\ntwo") == "one two"
    assert printable("one\r\ntwo", lines=True) == "one\ntwo"


def test_a_joined_group_is_one_square():
    family = "\U0001f9d1\N{ZERO WIDTH JOINER}\U0001f9bd"
    assert printable(family) == REPLACEMENT


def test_every_face_ships_with_its_licence():
    licences = {file.stem.removeprefix("LICENSE-") for file in FOLDER.glob("LICENSE-*")}
    assert licences == {"PublicSans", "DejaVu", "DroidSansFallback"}
