"""Tables by Arrow, column by column (`recovery-tracker[registry]`): many times as fast as by row.

A value that occurs a thousand times is parsed once. A CSV file goes this way only where it is
plain: UTF-8, no quotes, no blank lines, each row as wide as the header. Every other one is left to
`table.py`, which reads what a spreadsheet may make of a file and says exactly where it cannot.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ..domain.errors import RecoveryError
from ..domain.language import Said
from .cells import as_cell
from .problems import refusal
from .table import Table, columns_named, plain_name

#: The day from which Arrow counts.
_EPOCH = date(1970, 1, 1).toordinal()

#: Bytes of a CSV file parsed together, and rows of a Parquet file. Our defaults: a few megabytes.
_BLOCK, _ROWS = 1 << 22, 1 << 16

_NO_TEXT = Said("This column is made of lists. Write each as text, joined with ';'.")
MISSING = 'Parquet needs pyarrow: pip install "recovery-tracker[registry]"'


def is_parquet(path: Path) -> bool:
    """Whether a file is to be read, or written, as Parquet."""
    return path.suffix == ".parquet"


class _Plain:
    """The bytes of a file as long as none of them needs the rules of quoting, and no number is
    hexadecimal, which Arrow would read.
    """

    mode, closed = "rb", False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._last = stream, b""

    def read(self, size: int = -1) -> bytes:
        taken = self._stream.read(size)
        if b'"' in taken or b"\0" in taken:
            raise ValueError("is not plain")
        known = taken.lower() if b"x" in taken or b"X" in taken else b""
        if b"0x" in known or (self._last == b"0" and known[:1] == b"x"):
            raise ValueError("is not plain")
        self._last = taken[-1:]
        return taken


def csv_batches(stream: IO[bytes], table: Table, types: Mapping[str, str]) -> Iterator[Any]:
    """The rows of a plain CSV file, whose header `table` has read, as Arrow's batches.

    `types` names the Arrow type of some columns, in which an empty cell is null; others are text.

    Raises:
        ValueError: the file is not plain or a cell not of its type, maybe only found far into it.
        ImportError: pyarrow is not installed.
    """
    import pyarrow
    from pyarrow import csv

    stream.seek(0)
    words = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    yield from csv.open_csv(
        _Plain(stream),
        csv.ReadOptions(
            column_names=table.columns, skip_rows=1, block_size=_BLOCK, use_threads=False
        ),
        csv.ParseOptions(delimiter=table.separator, quote_char=False, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types={
                column: pyarrow.type_for_alias(types[column]) if column in types else words
                for column in table.columns
            },
            null_values=[""],
            strings_can_be_null=False,
        ),
    )


def distinct(cells: Any) -> tuple[list[str], NDArray[Any]]:
    """The different cells of a column of a batch as text, and the place of each row among them."""
    import pyarrow

    encoded = cells if isinstance(cells, pyarrow.DictionaryArray) else cells.dictionary_encode()
    kinds = encoded.dictionary.to_pylist()
    if not pyarrow.types.is_string(encoded.dictionary.type):
        kinds = [as_cell(value) for value in kinds]
    places = np.asarray(encoded.indices.to_numpy(zero_copy_only=False))
    if encoded.indices.null_count:
        places = np.nan_to_num(places, nan=len(kinds)).astype(np.int32)
        kinds.append("")
    return kinds, places


def in_order(cells: Any, *, whole: bool = True) -> tuple[NDArray[Any], list[Any], list[str]] | None:
    """A column of a batch that holds numbers, `whole` ones alone, or days as ordinals, NaN where it
    is empty; and the least and the greatest of them, as values and as cells. None where it holds
    anything else.
    """
    # Not by pyarrow.compute, whose import takes as long as a hundred thousand rows.
    from pyarrow import types

    is_day, is_float = types.is_date32(cells.type), types.is_floating(cells.type)
    is_number = is_float or types.is_integer(cells.type)
    if not (is_day or is_number) or cells.null_count == len(cells):
        return None
    values = (cells.view("int32") if is_day else cells).to_numpy(zero_copy_only=False)
    if is_day:
        values = values + _EPOCH
    if is_float and whole and np.any(values % 1 > 0):
        return None
    ends = [each.reduce(values).item() for each in (np.fmin, np.fmax)]
    if not is_float:
        ends = [int(end) for end in ends]
    return values, ends, [as_cell(date.fromordinal(end) if is_day else end) for end in ends]


class ParquetTable:
    """A Parquet file with the columns of one of our tables; rows are counted from 1.

    Raises:
        RecoveryError: it is no Parquet file, or a column is unknown, missing or made of lists.
    """

    separator = ","

    def __init__(self, path: Path, *, known: Collection[str], required: Collection[str]) -> None:
        self.name = path.name
        try:
            from pyarrow import ArrowException, parquet, types
        except ImportError as error:
            raise RecoveryError(MISSING) from error
        try:
            schema = parquet.read_schema(path)
            words = [field.name for field in schema if types.is_string(field.type)]
            self._file = parquet.ParquetFile(path, read_dictionary=words)
        except (OSError, ArrowException) as error:
            raise refusal(str(path), Said("This cannot be read as Parquet.")) from error
        for field in schema:
            if types.is_nested(field.type):
                raise refusal(self.name, _NO_TEXT, column=field.name)
        named = [plain_name(name, known) for name in schema.names]
        self.columns = columns_named(named, self.name, known, required)

    def batches(self) -> Iterator[Any]:
        """The rows as Arrow's batches, their columns in the order of `columns`."""
        yield from self._file.iter_batches(batch_size=_ROWS)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        row = 0
        for batch in self.batches():
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                row += 1
                yield row, [as_cell(cell) for cell in cells]

    def greatest(self, column: str) -> str:
        """The last of the values of a column, as text; "" where there is none."""
        at = self._file.schema_arrow.names[self.columns.index(column)]
        cells = self._file.read([at])[0]
        found = [in_order(chunk) for chunk in cells.chunks]
        ends = [(each[1][-1], each[2][-1]) for each in found if each is not None]
        if ends and len(ends) == len(found):
            return max(ends)[1]
        from pyarrow import compute

        return as_cell(compute.max(cells).as_py())


def write_parquet(source: Path, target: Path | IO[bytes], types: Mapping[str, str]) -> None:
    """`target` is the CSV file `source` as Parquet; an empty cell is null.

    `types` names the Arrow type of some columns; Arrow chooses the others'.
    """
    try:
        import pyarrow
        from pyarrow import csv, parquet
    except ImportError as error:
        raise RecoveryError(MISSING) from error

    kinds = {column: pyarrow.type_for_alias(kind) for column, kind in types.items()}
    rows = csv.open_csv(
        source,
        csv.ReadOptions(block_size=_BLOCK),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(column_types=kinds, null_values=[""], strings_can_be_null=True),
    )
    with parquet.ParquetWriter(target, rows.schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch)
