"""Columns as GDAL has read them, and the reading of a whole layer."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.gdal import load_pyogrio

_EXACT_IN_DOUBLE = 2**53
_SMALLEST_FEATURE = 8  # bytes in any format


@dataclass(frozen=True)
class GdalColumn:
    """A column as GDAL has read it.

    Attributes:
        name: Name of the field.
        kind: GDAL's type, such as OFTInteger64.
        subtype: GDAL's subtype, such as OFSTInt16.
        values: Shape (N,).
    """

    name: str
    kind: str
    subtype: str
    values: NDArray[Any]


@dataclass(frozen=True)
class GdalLayer:
    """A layer as GDAL has read it, of N features.

    Attributes:
        meta: The facts that pyogrio reads of the layer.
        told: Number of features that the file tells; fewer can be there.
        key: Name of the column that GDAL's numbers come from; empty if there is none.
        ids: Shape (N,), GDAL's number of every feature.
        shapes: Shape (N,), WKB or None.
        columns: The attributes.
    """

    meta: dict[str, Any]
    told: int
    key: str
    ids: NDArray[Any]
    shapes: NDArray[Any]
    columns: list[GdalColumn]


def read_layer(path: Path, layer: str | None, maximum: int, **options: Any) -> GdalLayer:
    """Read a layer.

    pyogrio reserves as many cells for each column as it is told to read at most. So the features are
    counted first; a file may tell a wrong count, so it is asked for one feature more than it tells.

    Args:
        path: The file.
        layer: Name of the layer.
        maximum: Most features of the layer.
        options: Options of `pyogrio.raw.read` and of GDAL's driver.

    Raises:
        InvalidValue: There are more features than the maximum.
    """
    from pyogrio import read_info

    load_pyogrio()
    try:
        info = read_info(path, layer=layer, force_feature_count=True, **options)
    except IndexError:  # pyogrio expects a layer
        raise InvalidValue("the file has no layer that can be read", "a file that is whole") from None
    if info["features"] > maximum:
        raise InvalidValue(f"the file holds more than {maximum:,} features", f"at most {maximum:,} features")
    asked = min(info["features"], _measure(path) // _SMALLEST_FEATURE) + 1
    read = _read(path, layer, asked, options)
    while len(read[1]) == asked <= maximum:
        asked = min(2 * asked + 1000, maximum + 1)
        read = _read(path, layer, asked, options)
    meta, ids, shapes, values = read
    described = zip(meta["fields"], meta["ogr_types"], meta["ogr_subtypes"], values, strict=True)
    columns = [_make_exact(path, layer, GdalColumn(*each), options) for each in described]
    return GdalLayer(meta, info["features"], info["fid_column"], ids, shapes, columns)


def _measure(path: Path) -> int:
    """Return the bytes of a file, or of the files in a folder."""
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)


def _read(path: Path, layer: str | None, maximum: int, options: Mapping[str, Any]) -> Any:
    """Read at most some features, and free what pyogrio keeps.

    pyogrio leaves a closure that refers to itself and to every array. Nothing is collected meanwhile: it is
    still young, and a collection of the youngest finds it at once.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        return load_pyogrio().read(
            path, layer=layer, return_fids=True, datetime_as_string=True, max_features=maximum, **options
        )
    finally:
        gc.collect(0)
        if was_on:
            gc.enable()


def _make_exact(path: Path, layer: str | None, column: GdalColumn, options: Mapping[str, Any]) -> GdalColumn:
    """Read integers again without the nulls: beside a null they came as floats, which lose digits."""
    rounded = column.kind == "OFTInteger64" and column.values.dtype.kind == "f"
    if not rounded or not (np.abs(column.values) >= _EXACT_IN_DOUBLE).any():
        return column
    quoted, rows = column.name.replace('"', '""'), len(column.values)
    asked = {"layer": layer, "read_geometry": False, "return_fids": True, "max_features": rows, **options}
    _, every, _, _ = load_pyogrio().read(path, columns=[], **asked)
    _, given, _, (values,) = load_pyogrio().read(
        path, columns=[column.name], where=f'"{quoted}" IS NOT NULL', **asked
    )
    exact = dict(zip(given.tolist(), values.tolist(), strict=True))
    made = np.empty(rows, object)
    made[:] = [exact.get(row) for row in every.tolist()]
    return replace(column, values=made)
