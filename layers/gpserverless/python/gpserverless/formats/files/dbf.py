"""The table of a shapefile: the header of dBASE III, which tells more than GDAL passes on.

Dates are read as texts: GDAL hands the digits over unchecked, and a month 13 ends the reading of the whole
file. So the type of such fields is changed in the run's own copy of the table.
"""

from __future__ import annotations

import codecs
import itertools
import re
import struct
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

_HEADER = struct.Struct("<B3xIHH17xB2x")  # version, rows, bytes of the header and of a row, language driver
_DESCRIPTOR = 32
_TYPE, _DECIMALS = 11, 17
_DATE = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})", re.ASCII)
_END = 0x0D
_BLOCK = 1 << 22
_READABLE = frozenset("CNFLD")


@dataclass(frozen=True)
class DbfTable:
    """The header of a table.

    Attributes:
        path: The file.
        rows: Number of rows, deleted ones included.
        start: Place of the first row.
        driver: The language driver, which may tell the encoding of the texts.
        types: The type of each field: C, N, F, L or D.
    """

    path: Path
    rows: int
    start: int
    driver: int
    types: str

    @property
    def dates(self) -> list[int]:
        """The places of the fields of dates."""
        return [index for index, kind in enumerate(self.types) if kind == "D"]

    @property
    def unreadable(self) -> list[int]:
        """The places of the fields of types that shapefiles do not have, such as memos in another file."""
        return [index for index, kind in enumerate(self.types) if kind not in _READABLE]

    def find_plain_encoding(self) -> Literal["ASCII", "UTF-8"] | None:
        """Return the encoding of all names and texts, if it is one of these two."""
        ascii_only, decoder = True, codecs.getincrementaldecoder("utf-8")()
        try:
            with self.path.open("rb") as file:
                head = file.read(self.start)
                names = [head[place : place + _TYPE] for place in range(_HEADER.size, len(head), _DESCRIPTOR)]
                blocks = itertools.chain(names[: len(self.types)], iter(lambda: file.read(_BLOCK), b""))
                for block in blocks:
                    ascii_only = ascii_only and block.isascii()
                    if not ascii_only:
                        decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
        return "ASCII" if ascii_only else "UTF-8"

    def turn_dates_into_texts(self) -> None:
        """Change the type of the fields of dates to text, in the file."""
        with self.path.open("r+b") as file:
            for index in self.dates:
                start = _HEADER.size + index * _DESCRIPTOR
                for place, value in ((_TYPE, b"C"), (_DECIMALS, b"\0")):
                    file.seek(start + place)
                    file.write(value)


def read_table(path: Path) -> DbfTable | None:
    """Read the header of a table; None if it is damaged.

    Args:
        path: The .dbf file.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return None
        _, rows, start, _, driver = _HEADER.unpack(head)
        described = file.read(max(start - _HEADER.size, 0))
    every = [described[i : i + _DESCRIPTOR] for i in range(0, len(described) - _TYPE, _DESCRIPTOR)]
    ended = itertools.takewhile(lambda each: each[0] != _END, every)
    return DbfTable(path, rows, start, driver, "".join(chr(each[_TYPE]).upper() for each in ended))


def parse_dates(texts: NDArray[np.object_]) -> tuple[NDArray[np.object_], int]:
    """Parse the dates of a field; return milliseconds since 1970 UTC or None, and how many are impossible.

    Blanks and zeros are null: shapelib, and so GDAL, writes null as 00000000.

    Args:
        texts: Shape (N,), such as "20200131", or None.
    """
    given = texts.tolist()
    known = {text: _parse_date(text) for text in set(given) if text is not None}
    found = [known.get(text) for text in given]
    wrong = sum(
        day is None and text is not None and text.strip("0 ") != ""
        for text, day in zip(given, found, strict=True)
    )
    made = np.empty(len(found), object)
    made[:] = found
    return made, wrong


def _parse_date(text: str) -> int | None:
    digits = _DATE.fullmatch(text.strip())
    if digits is None:
        return None
    try:
        day = date(int(digits[1]), int(digits[3]), int(digits[4]))
    except ValueError:
        return None
    return (day - date(1970, 1, 1)).days * 86_400_000
