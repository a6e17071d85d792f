"""Messages of protocol buffers, many at a time: a column of N messages is one array of bytes.

A message is a sequence of pairs of a tag and a value. A tag is 8 times the number of a field, plus 0 for a
whole number, 1 for 8 bytes, or 2 for bytes behind their length. Whole numbers have 7 bits a byte, lowest
first; the 8th says that another byte follows (protobuf.dev, "Encoding").
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import compute_offsets

_MAX_BYTES = 10
_WHOLE, _BYTES_8, _BYTES = 0, 1, 2


@dataclass(frozen=True)
class Texts:
    """N strings of bytes.

    Attributes:
        data: All bytes, one string behind the other.
        sizes: Length of each, shape (N,).
    """

    data: NDArray[np.uint8]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> Texts:
        """Return strings of Python.

        Args:
            texts: The strings.
        """
        data = np.frombuffer(b"".join(texts), np.uint8)
        return cls(data, np.fromiter(map(len, texts), np.int64, len(texts)))

    @classmethod
    def repeat(cls, text: bytes, count: int) -> Texts:
        """Return one string several times.

        Args:
            text: The string.
            count: How often.
        """
        data = np.frombuffer(text, np.uint8)
        return cls(np.tile(data, count), np.full(count, len(text), np.int64))

    def group(self, bounds: NDArray[np.int64]) -> Texts:
        """Return strings that are joined by groups.

        Args:
            bounds: Shape (M + 1,), offsets of the groups.
        """
        ends = compute_offsets(self.sizes)
        return Texts(self.data, np.diff(ends[bounds]))

    def keep(self, mask: NDArray[np.bool_]) -> Texts:
        """Return the strings with the others empty.

        Args:
            mask: Which are kept, shape (N,).
        """
        if mask.all():
            return self
        return Texts(self.data[np.repeat(mask, self.sizes)], np.where(mask, self.sizes, 0))


def join_texts(columns: Sequence[Texts]) -> Texts:
    """Return the strings of several columns joined by rows.

    Args:
        columns: At least one, each of N strings.
    """
    sizes = np.stack([column.sizes for column in columns], axis=1)
    starts = compute_offsets(sizes.reshape(-1))[:-1].reshape(sizes.shape)
    data = np.empty(int(sizes.sum()), np.uint8)
    for number, column in enumerate(columns):
        own = compute_offsets(column.sizes)[:-1]
        shift = np.repeat(starts[:, number] - own, column.sizes)
        data[np.arange(len(column.data)) + shift] = column.data
    return Texts(data, sizes.sum(axis=1))


def encode_varints(numbers: NDArray[Any]) -> Texts:
    """Return whole numbers as varints; negative ones as those of 64 bits without a sign.

    Args:
        numbers: Shape (N,).
    """
    values = numbers.astype(np.int64).view(np.uint64)
    sizes = np.ones(len(values), np.int64)
    for size in range(1, _MAX_BYTES):
        larger = values >= np.uint64(1 << (7 * size))
        if not larger.any():
            break
        sizes += larger
    width = int(sizes.max(initial=1))
    places = np.arange(width)
    parts = (values[:, None] >> (7 * places).astype(np.uint64)).astype(np.uint8)
    more = np.where(places < sizes[:, None] - 1, 0x80, 0).astype(np.uint8)
    data = (parts & np.uint8(0x7F)) | more
    return Texts(data[places < sizes[:, None]], sizes)


def fold_signs(numbers: NDArray[Any]) -> NDArray[np.int64]:
    """Return whole numbers with their sign in the lowest bit: 0, -1, 1, -2 become 0, 1, 2, 3.

    Args:
        numbers: Shape (N,).
    """
    values = numbers.astype(np.int64)
    return (values << 1) ^ (values >> 63)


def put_in_fields(number: int, texts: Texts) -> Texts:
    """Return strings as fields of bytes: a tag, the length, and the string.

    Args:
        number: Number of the field.
        texts: The strings.
    """
    tag = Texts.repeat(make_tag(number, _BYTES), len(texts.sizes))
    return join_texts([tag, encode_varints(texts.sizes), texts])


def make_tag(number: int, kind: int) -> bytes:
    """Return a tag.

    Args:
        number: Number of the field.
        kind: 0 for a whole number, 1 for 8 bytes, 2 for bytes behind their length.
    """
    return _varint(number << 3 | kind)


def whole_field(number: int, value: int) -> bytes:
    """Return a field of a whole number that is not negative.

    Args:
        number: Number of the field.
        value: Its value.
    """
    return make_tag(number, _WHOLE) + _varint(value)


def double_field(number: int, value: float) -> bytes:
    """Return a field of a floating-point number.

    Args:
        number: Number of the field.
        value: Its value.
    """
    return make_tag(number, _BYTES_8) + struct.pack("<d", value)


def bytes_field(number: int, value: bytes) -> bytes:
    """Return a field of bytes, a text or a message.

    Args:
        number: Number of the field.
        value: Its value.
    """
    return make_tag(number, _BYTES) + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    return encode_varints(np.array([number])).data.tobytes()
