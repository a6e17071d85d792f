"""Batches of columns handed to GDAL in memory, as a stream of Arrow's C interface.

GDAL takes a batch at a time, so that no more than one is in memory, and a check between two of them can end
the work. The structures are those of the Arrow C data and C stream interfaces
(arrow.apache.org/docs/format/CDataInterface.html). They are three, so no library is carried for them.
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Callable, Iterator, Sequence
from ctypes import POINTER, c_char_p, c_int, c_int64, c_void_p, cast
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Buffer = NDArray[Any] | None
Buffers = Sequence[Buffer]
"""The mask, and the buffers of the values of a column, as Arrow orders them."""

_STREAM = b"arrow_array_stream"
_NULLABLE = 2
_RELEASE = ctypes.CFUNCTYPE(None, c_void_p)


@dataclass(frozen=True)
class ArrowField:
    """A column of a stream.

    Attributes:
        name: Its name.
        format: Its type, as the C data interface spells it.
    """

    name: str
    format: str


@dataclass(frozen=True)
class ArrowBatch:
    """Some rows.

    Attributes:
        length: Number of the rows.
        columns: The buffers of each column.
    """

    length: int
    columns: Sequence[Buffers]


class _Schema(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_char_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(_Schema))),
    ("dictionary", c_void_p),
    ("release", _RELEASE),
    ("private_data", c_void_p),
]


class _Array(ctypes.Structure):
    pass


_Array._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(_Array))),
    ("dictionary", c_void_p),
    ("release", _RELEASE),
    ("private_data", c_void_p),
]

_GET_SCHEMA = ctypes.CFUNCTYPE(c_int, c_void_p, POINTER(_Schema))
_GET_NEXT = ctypes.CFUNCTYPE(c_int, c_void_p, POINTER(_Array))
_GET_ERROR = ctypes.CFUNCTYPE(c_char_p, c_void_p)


class _Stream(ctypes.Structure):
    _fields_ = (
        ("get_schema", _GET_SCHEMA),
        ("get_next", _GET_NEXT),
        ("get_last_error", _GET_ERROR),
        ("release", _RELEASE),
        ("private_data", c_void_p),
    )


def _mark_released(kind: Any) -> Callable[[int], None]:
    """Return the callback of a structure whose memory Python frees: it marks that nobody reads it."""

    def release(address: int) -> None:
        cast(address, POINTER(kind))[0].release = _RELEASE()

    return release


_release_schema = _RELEASE(_mark_released(_Schema))
_release_array = _RELEASE(_mark_released(_Array))
_release_stream = _RELEASE(_mark_released(_Stream))


class ArrowStream:
    """A stream of batches, for one reader; it has to live as long as it is read.

    Args:
        fields: The columns.
        batches: The batches, which are made when they are asked for.

    Attributes:
        problem: The exception of a batch that could not be made, which ended the stream; None for none.
    """

    def __init__(self, fields: Sequence[ArrowField], batches: Iterator[ArrowBatch]) -> None:
        self.problem: BaseException | None = None
        self._fields = fields
        self._batches = batches
        self._held: tuple[object, ...] = ()  # memory of the batch that is read
        self._schema: tuple[object, ...] = ()
        self._stream = _Stream(
            _GET_SCHEMA(self._get_schema),
            _GET_NEXT(self._get_next),
            _GET_ERROR(lambda _: b"a batch could not be made"),
            _release_stream,
            None,
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        make = ctypes.pythonapi.PyCapsule_New
        make.restype, make.argtypes = ctypes.py_object, (c_void_p, c_char_p, c_void_p)
        return make(ctypes.addressof(self._stream), _STREAM, None)

    def _get_schema(self, _: int, target: Any) -> int:
        children = [
            _Schema(f.format.encode(), f.name.encode(), None, _NULLABLE, 0, None, None, _release_schema, None)
            for f in self._fields
        ]
        pointers = _point(_Schema, children)
        self._schema = (children, pointers)
        target[0] = _Schema(b"+s", b"", None, 0, len(children), pointers, None, _release_schema, None)
        return 0

    def _get_next(self, _: int, target: Any) -> int:
        try:
            batch = next(self._batches, None)
        except BaseException as problem:  # no exception passes GDAL: it is raised again behind it
            self.problem = problem
            return errno.EIO
        if batch is None:
            target[0] = _Array()
            return 0
        buffers = [(c_void_p * len(each))(*map(_find_address, each)) for each in batch.columns]
        children = [
            _Array(batch.length, -1 if own[0] else 0, 0, len(own), 0, own, None, None, _release_array, None)
            for own in buffers
        ]
        pointers = _point(_Array, children)
        no_mask = (c_void_p * 1)(None)
        self._held = (batch, buffers, children, pointers, no_mask)
        target[0] = _Array(
            batch.length, 0, 0, 1, len(children), no_mask, pointers, None, _release_array, None
        )
        return 0


def _point(kind: Any, structures: Sequence[Any]) -> Any:
    return (POINTER(kind) * len(structures))(*map(ctypes.pointer, structures))


def _find_address(buffer: Buffer) -> int | None:
    return None if buffer is None else buffer.ctypes.data


def pack_numbers(values: NDArray[Any], missing: NDArray[np.bool_] | None) -> Buffers:
    """Return the buffers of a column of numbers.

    Args:
        values: The numbers, shape (N,).
        missing: Which are null, shape (N,); None if none is.
    """
    return _pack_mask(missing), np.ascontiguousarray(values)


def pack_bytes(values: Sequence[bytes | None]) -> Buffers:
    """Return the buffers of a column of texts in UTF-8 or of binaries.

    Args:
        values: The bytes of each, or None.
    """
    ends = np.zeros(len(values) + 1, np.int64)
    np.cumsum([len(each or b"") for each in values], out=ends[1:])
    missing = np.fromiter((each is None for each in values), bool, len(values))
    joined = b"".join(filter(None, values)) or b"\0"  # a buffer without bytes has no address
    return _pack_mask(missing), ends, np.frombuffer(joined, np.uint8)


def _pack_mask(missing: NDArray[np.bool_] | None) -> Buffer:
    if missing is None or not missing.any():
        return None
    return np.packbits(~missing, bitorder="little")
