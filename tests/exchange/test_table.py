"""A table read in pieces is the table read whole, and a refusal names the same row."""

import csv
from io import BytesIO, StringIO
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.exchange import lines
from recovery_tracker.exchange.lines import LINE_LIMIT
from recovery_tracker.exchange.table import Table

HEADER = "date,note"


def read(body: bytes) -> list[tuple[int, list[str]]]:
    stream = BytesIO(HEADER.encode() + b"\n" + body)
    return list(Table(stream, "D.csv", known=HEADER.split(","), required=()))


_text = st.text(st.sampled_from('ab,"\n\r é€😀\x0b\x85\u2028'), max_size=8)


@given(
    st.lists(st.tuples(_text, _text), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 20),
)
def test_the_size_of_a_piece_changes_nothing(rows, ending, block) -> None:
    """Whatever the text, the ends of lines and where the pieces end."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(rows)
    whole = csv.reader(StringIO(text.getvalue(), newline=""), strict=True)
    expected = [(n, row) for n, row in enumerate(whole, 2) if any(map(str.strip, row))]
    with patch.object(lines, "_BLOCK", block):
        found = read(text.getvalue().encode())
    assert found == expected


def test_blank_rows_count_but_are_left_out() -> None:
    for blank in (b"\n\n", b",\n , \n", b"\n,\n"):
        assert read(b"2026-01-01,a\n" + blank + b"2026-01-02,b\n" + blank) == [
            (2, ["2026-01-01", "a"]),
            (5, ["2026-01-02", "b"]),
        ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"2026-01-01,\0", "This is no plain text"),
        (b"2026-01-01,\xff", "This is not UTF-8 text"),
        (b"2026-01-01," + b"x" * LINE_LIMIT, "A line here is longer than 65,536 characters"),
        (b"2026-01-01,a,b", "Cells in this row: 3. Headings: 2."),
        (b'2026-01-01,"a"b', "This is not a row of separated values"),
    ],
)
@pytest.mark.parametrize("before", [0, 998, 999, 5_000, 20_011])
def test_a_bad_row_is_named_however_far_down(row: bytes, said: str, before: int) -> None:
    """Around the ends of the pieces that rows and bytes are read in."""
    with pytest.raises(RecoveryError, match=f"^D.csv, row {before + 2}: {said}"):
        read(b"2026-01-01,fine\n" * before + row + b"\n" + b"2026-01-01,fine\n" * 2_000)


@pytest.mark.parametrize(
    ("byte", "said"), [(b"\0", "This is no plain text"), (b"\xe9", "This is not UTF-8")]
)
def test_a_note_of_several_lines_is_one_row(byte: bytes, said: str) -> None:
    """A spreadsheet shows the bad cell on row 4, whatever the lines of the file are."""
    with pytest.raises(RecoveryError, match=f"^D.csv, row 4: {said}"):
        read(b'2026-01-01,"a\nb\nc"\n\n2026-01-02,"d\n' + byte + b'"\n')


def test_blank_lines_before_the_header_do_not_hide_it() -> None:
    stream = BytesIO(b"\n\r\ndate\n2026-01-01\n")
    table = Table(stream, "D.csv", known=("date",), required=("date",))
    assert list(table) == [(4, ["2026-01-01"])]


def test_an_endless_line_is_refused_before_it_is_held() -> None:
    """A file without a single end of line is not read further than the limit asks."""

    class Endless(BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            Endless.taken += size or 0
            return b"x" * (size or 0)

    with pytest.raises(RecoveryError, match="A line here is longer than"):
        Table(Endless(), "D.csv", known=("date",), required=())
    assert Endless.taken < 10 * LINE_LIMIT
