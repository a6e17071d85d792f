"""Encodings of the texts in shapefiles: those that a file names, and the choice where it names none.

A .cpg file holds the name of an encoding, which every program spells in its own way. Without one, a byte of
the table (the language driver of dBASE) may tell it. Texts come here as GDAL reads them in ISO 8859-1: each
character stands for one byte.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count

Texts = NDArray[np.object_]

GUESSED = "The shapefile does not name the encoding of its texts; they are read as {}."
"""The warning where the texts tell their encoding."""

_DEFAULT = "cp1252"
_OEM = "cp850"
_END = "\0"  # no text in a table holds it
_CUT = frozenset({"unexpected end of data", "incomplete multibyte sequence"})

_BY_NAME = {
    **dict.fromkeys(("UTF8", "65001", "UTF8BOM", "UTF8SIG", "UTF8MB4", "UNICODEUTF8", "CPUTF8"), "utf-8"),
    **dict.fromkeys(
        ("ISO88591", "88591", "LATIN1", "ANSI", "28591"), _DEFAULT
    ),  # its control codes are letters
    **dict.fromkeys(("SJIS", "SHIFTJIS", "932"), "cp932"),
    **dict.fromkeys(("GB2312", "GBK", "GB18030", "936", "EUCCN"), "gb18030"),
    **dict.fromkeys(("BIG5", "950"), "cp950"),
    **dict.fromkeys(("EUCKR", "KSC5601", "949"), "cp949"),
    **dict.fromkeys(("EUCJP", "EUC", "20932"), "euc_jp"),
    **{"KOI8R": "koi8_r", "KOI8U": "koi8_u", "MACINTOSH": "mac_roman", "OEM": _OEM, "TIS620": "cp874"},
}
_DRIVERS = {
    **dict.fromkeys((0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B), "cp437"),
    **dict.fromkeys((0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37), "cp850"),
    **dict.fromkeys((0x03, 0x58, 0x59), "cp1252"),
    **dict.fromkeys((0x08, 0x17, 0x66), "cp865"),
    **dict.fromkeys((0x1F, 0x22, 0x23, 0x40, 0x64, 0x87), "cp852"),
    **dict.fromkeys((0x26, 0x65), "cp866"),
    **dict.fromkeys((0x1C, 0x6C), "cp863"),
    **dict.fromkeys((0x6A, 0x86), "cp737"),
    **dict.fromkeys((0x6B, 0x88), "cp857"),
    **dict.fromkeys((0x13, 0x7B), "cp932"),
    **dict.fromkeys((0x4D, 0x7A), "gb18030"),
    **dict.fromkeys((0x4E, 0x79), "cp949"),
    **dict.fromkeys((0x4F, 0x78), "cp950"),
    **dict.fromkeys((0x50, 0x7C), "cp874"),
    **{0x24: "cp860", 0x67: "cp861", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253"},
    0xCC: "cp1257",
}
"""Codecs by language driver, after shapelib's and GDAL's table (gdal.org, ESRI Shapefile: LDID). 0x57, which
stands for the code page of whichever machine, is left out."""


def find_codec(name: str, driver: int = 0) -> str | None:
    """Return Python's codec of an encoding as a .cpg file names it; None if there is none.

    Args:
        name: Such as "UTF-8", "ANSI 1252", "1252" or "ISO-8859-1", in any spelling.
        driver: The language driver of the table, which tells the code page that "OEM" means.
    """
    plain = re.sub(r"[^0-9A-Z]", "", name.upper())
    if plain == "OEM":
        return find_driver_codec(driver) or _OEM
    page = re.fullmatch(r"(?:ANSI|OEM|CP|WINDOWS|WIN|IBM|MSDOS|DOS|X)*([0-9]+)", plain)
    number = page[1] if page else plain
    known = _BY_NAME.get(plain) or _BY_NAME.get(number)
    if known:
        return known
    latin = re.fullmatch(r"(?:ISO)?8859([0-9]+)", plain)
    return _find_python_codec(f"iso8859-{latin[1]}" if latin else f"cp{number}")


def _find_python_codec(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def find_driver_codec(driver: int) -> str | None:
    """Return Python's codec of a language driver; None if it tells no code page.

    Args:
        driver: The byte of the table's header.
    """
    return _DRIVERS.get(driver)


def decode_columns(columns: Sequence[Texts], codec: str | None, warn: Warn) -> list[Texts]:
    """Decode columns of texts.

    Args:
        columns: Each of shape (N,), texts whose characters stand for bytes, or None.
        codec: The codec that the file names; None to choose one by the texts: UTF-8 if they are, else
            Windows 1252.
        warn: Takes a sentence about the choice, and about texts that cannot be decoded.
    """
    packed = [
        _END.join("" if t is None else t for t in column.tolist()).encode("latin-1") for column in columns
    ]
    foreign = [each for each in packed if not each.isascii()]
    if not foreign:
        return list(columns)
    used = _choose_codec(foreign, codec, warn)
    decoded = [_decode(each, used) for each in packed]
    damaged = sum(count for _, count in decoded)
    if damaged:
        texts = write_count(damaged, "text does", "texts do")
        warn(f"{texts} not end or read well in {used.upper()}; the damaged characters are left out.")
    return [_make_column(texts, column) for (texts, _), column in zip(decoded, columns, strict=True)]


def _choose_codec(foreign: Sequence[bytes], named: str | None, warn: Warn) -> str:
    if named and (_has_single_bytes(named) or _fits(foreign, named)):
        return named
    used = "utf-8" if _fits(foreign, "utf-8") else _DEFAULT
    if named not in (None, "utf-8") and used != "utf-8":
        return str(named)  # some texts are damaged
    title = "UTF-8" if used == "utf-8" else "Windows 1252"
    if named:
        warn(f"The texts are not in {named.upper()}, which the shapefile names; they are read as {title}.")
    else:
        warn(GUESSED.format(title))
    return used


def _has_single_bytes(codec: str) -> bool:
    return codec.startswith(("cp12", "cp4", "cp7", "cp8", "iso8859", "koi8", "mac"))


def _fits(foreign: Sequence[bytes], codec: str) -> bool:
    """Return whether texts are in an encoding, apart from those that the width of their field has cut."""
    proven = False
    for packed in foreign:
        for text in [packed] if _is_decodable(packed, codec) else packed.split(b"\0"):
            whole = _cut_end(text, codec)
            if whole is None:
                return False
            proven = proven or not whole.isascii()
    return proven


def _is_decodable(text: bytes, codec: str) -> bool:
    try:
        text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _cut_end(text: bytes, codec: str) -> bytes | None:
    """Return a text without a last character of which bytes are missing; None if another one is wrong."""
    try:
        text.decode(codec)
    except UnicodeDecodeError as problem:
        return text[: problem.start] if problem.reason in _CUT else None
    return text


def _decode(packed: bytes, codec: str) -> tuple[list[str], int]:
    """Return the texts, and the number of those that are damaged."""
    try:
        return packed.decode(codec).split(_END), 0
    except UnicodeDecodeError:
        texts = packed.split(b"\0")
        return [t.decode(codec, "ignore") for t in texts], sum(not _is_decodable(t, codec) for t in texts)


def _make_column(texts: list[str], given: Texts) -> Texts:
    made = np.array(texts, object) if texts else np.empty(0, object)
    made = made[: len(given)]
    made[[t is None for t in given.tolist()]] = None
    return made
