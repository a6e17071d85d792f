"""The layout of a layer's file: columns and shapes in tables of SQLite.

The rows of a file stand along a curve through space, so that neighbours are near each other. A column is cut
in chunks of rows, each a blob. A query therefore reads only the columns that it names, at the speed of numpy,
and a page only the chunks of its rows.

    meta(key, value)   version; manifest; kinds, a letter for each column; dense, whether ids are 1 to N;
                       chunk_bounds, west, south, east, north of each chunk
    c(key, data)       chunks; the key is made by `make_keys`
    g(row, shape)      ISO WKB of each row, null without a shape

Column 0 holds the rows in the order of their object ids, column 1 the bounds of each row. The columns of the
manifest follow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from gpserverless.features.rows import Column

VERSION = "1"
"""Changes with the layout; a file of another version is not read."""

CHUNK_ROWS = 1024
"""Rows of a chunk: a box with a page of polygons meets about ten."""

PAGE_BYTES = 65536
"""Bytes of a page of SQLite: a chunk of numbers lies within one."""

ORDER, BOUNDS, FIRST = 0, 1, 2
"""Numbers of the columns: the rows by object id, the bounds of each row, the first of the manifest."""

SCHEMA = """
create table meta(key text primary key, value blob);
create table c(key integer primary key, data blob);
create table g(row integer primary key, shape blob);
"""

_NUMBERS = {"i": np.dtype("<i8"), "f": np.dtype("<f8"), "b": np.dtype(("<f8", 4))}
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def make_keys(column: int, chunks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the keys of chunks of a column.

    Args:
        column: Number of the column.
        chunks: Numbers of the chunks.
    """
    return (column << 32) + chunks


def normalize_column(column: Column) -> tuple[str, Column]:
    """Return the kind of a column, and its values as they are stored.

    Args:
        column: Numbers or objects, shape (N,).
    """
    if np.can_cast(column.dtype, np.int64):
        return "i", column.astype("<i8", copy=False)
    if column.dtype.kind == "f":
        return "f", column.astype("<f8", copy=False)
    return "o", column.astype(object, copy=False)


def encode_numbers(column: Column) -> bytes:
    """Encode a chunk of numbers.

    Args:
        column: Of the kinds "i", "f" or "b".
    """
    return np.ascontiguousarray(column).tobytes()


def encode_objects(column: Column) -> tuple[bytes, NDArray[np.int64]]:
    """Encode a chunk of objects as a JSON list with the places of its items; return the size of each item.

    Any item is found without reading the others. Values are those that Esri JSON would have.

    Args:
        column: Texts, numbers and None.
    """
    items = [orjson.dumps(item, option=_OPTIONS) for item in column.tolist()]
    sizes = np.fromiter(map(len, items), np.int64, len(items))
    places = np.zeros(len(items) + 1, "<u4")
    np.cumsum(sizes + 1, out=places[1:])
    return places.tobytes() + b"[" + b",".join(items) + b"]", sizes


def decode_numbers(kind: str, chunks: list[bytes]) -> Column:
    """Decode chunks of numbers that follow each other.

    Args:
        kind: "i", "f" or "b".
        chunks: The bytes of each.
    """
    dtype = _NUMBERS[kind]
    return np.frombuffer(b"".join(chunks), dtype.base).reshape(-1, *dtype.shape)


def decode_objects(chunk: bytes, length: int, rows: NDArray[np.int64]) -> list[Any]:
    """Decode some items of a chunk of objects.

    Args:
        chunk: Its bytes.
        length: Number of its items.
        rows: Places of the items in the chunk.
    """
    head = 4 * (length + 1)
    if len(rows) * 4 > length:
        items = orjson.loads(memoryview(chunk)[head:])
        return items if len(rows) == length else [items[row] for row in rows.tolist()]
    places = np.frombuffer(chunk, "<u4", length + 1).astype(np.int64) + head + 1
    begins, ends = places[rows].tolist(), (places[rows + 1] - 1).tolist()
    return [orjson.loads(chunk[begin:end]) for begin, end in zip(begins, ends, strict=True)]
