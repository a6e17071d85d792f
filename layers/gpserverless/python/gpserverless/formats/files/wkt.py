"""Shapes in a column of texts: WKT, EWKT, WKB in hexadecimal digits, and GeoJSON geometries."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.warn import Warn, warn_of_nulls
from gpserverless.formats.files.wkt_curves import is_curve, is_surface, read_curve
from gpserverless.values.counts import write_count

_SRID = re.compile(r"\s*SRID\s*=\s*(\d{1,9})\s*;", re.IGNORECASE | re.ASCII)
_HEX = re.compile(r"(?:\\x|0x)?((?:00|01)[0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{2})*)", re.ASCII)
_WKT = re.compile(
    r"(SRID\s*=\s*\d+\s*;)?\s*(MULTI)?(POINT|LINESTRING|LINEARRING|POLYGON|CURVE|SURFACE|GEOMETRYCOLLECTION"
    r"|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|TRIANGLE|TIN|POLYHEDRALSURFACE)\b",
    re.IGNORECASE | re.ASCII,
)
_Z_JOINED = re.compile(r"([A-Z])(ZM|Z|M)\s*(?=\(|EMPTY)", re.IGNORECASE)
_CURVED_PARTS = re.compile(r"GEOMETRYCOLLECTION.*(CIRCULAR|CURVE|SURFACE|TIN|TRIANGLE)", re.I | re.DOTALL)
_DEGREES = 4326

Shapes = NDArray[np.object_]
_NONE: Shapes = np.array([None], object)


def is_shape_text(text: str) -> bool:
    """Return whether a text looks like a shape in one of the forms that are read.

    Args:
        text: The text.
    """
    bare = text.strip()
    geojson = bare.startswith("{") and '"coordinates"' in bare
    return bool(_WKT.match(_Z_JOINED.sub(r"\1 \2", bare[:80])) or _HEX.fullmatch(bare) or geojson)


def read_shapes(texts: Sequence[str], warn: Warn) -> tuple[Shapes, int | None]:
    """Read a column of shapes; return them, null where a text is empty or unreadable, and their EPSG code.

    Args:
        texts: The texts, N of them.
        warn: Takes a sentence about shapes that cannot be read, and about arcs.

    Raises:
        InvalidValue: None of them can be read, or they are in several spatial references.
    """
    bare = [text.strip() for text in texts]
    heads = [_SRID.match(text) for text in bare]
    bare = [text[head.end() :].strip() if head else text for text, head in zip(bare, heads, strict=True)]
    codes = {int(head[1]) for head in heads if head}
    shapes: Shapes = np.full(len(bare), None, object)
    kinds = np.array([_name_form(text) for text in bare], object)
    for form, read in _READERS.items():
        if (of_form := kinds == form).any():
            shapes[of_form] = read([text for text, chosen in zip(bare, of_form, strict=True) if chosen])
    if (kinds == "geojson").any():
        codes.add(_DEGREES)
    known = ~shapely.is_missing(shapes)
    codes |= set(map(int, np.unique(shapely.get_srid(shapes[known])))) if (kinds == "hex").any() else set()
    _tell_losses(int(np.count_nonzero((kinds != "") & ~known)), bool(known.any()), warn)
    if curves := sum(map(is_curve, (text for text, there in zip(bare, known, strict=True) if there))):
        warn(f"{write_count(curves, 'shape has', 'shapes have')} arcs, which were given vertices.")
    codes.discard(0)
    if len(codes) > 1:
        told = ", ".join(map(str, sorted(codes)[:5]))
        raise InvalidValue(f"the shapes are in several spatial references: {told}", "one spatial reference")
    return shapes, next(iter(codes), None)


def _tell_losses(lost: int, some: bool, warn: Warn) -> None:
    if lost and not some:
        raise InvalidValue("the column of shapes holds no shape that can be read", "WKT, EWKT or WKB")
    if lost:
        warn_of_nulls(lost, "no WKT that can be read", warn)


def _name_form(text: str) -> str:
    if not text or text.upper() in {"NULL", "NA", "NAN", "NONE"}:
        return ""
    if text.startswith("{"):
        return "geojson"
    if _HEX.fullmatch(text):
        return "hex"
    return "curve" if is_curve(text) or is_surface(text) or _CURVED_PARTS.match(text) else "wkt"


def _read_wkt(texts: list[str]) -> Shapes:
    return _read_with(shapely.from_wkt, texts)


def _read_hex(texts: list[str]) -> Shapes:
    return _read_with(shapely.from_wkb, [text.removeprefix("\\x").removeprefix("0x") for text in texts])


def _read_with(read: Callable[..., Any], texts: list[str]) -> Shapes:
    """Read texts at once, or one by one where one of them is a curve, which becomes null."""
    try:
        with np.errstate(over="ignore"):  # an ordinate of very many digits
            return np.asarray(read(np.array(texts, object), on_invalid="ignore"), object)
    except NotImplementedError:
        return np.concatenate([_read_with(read, [text]) for text in texts]) if len(texts) > 1 else _NONE


def _read_curves(texts: list[str]) -> Shapes:
    shapes: Shapes = np.full(len(texts), None, object)
    shapes[:] = [read_curve(_Z_JOINED.sub(r"\1 \2", text)) for text in texts]
    return shapes


def _read_geojson(texts: list[str]) -> Shapes:
    return np.asarray(shapely.from_geojson(np.array(texts, object), on_invalid="ignore"), object)


_READERS = {"wkt": _read_wkt, "hex": _read_hex, "curve": _read_curves, "geojson": _read_geojson}
