"""Columns as GDAL has read them, and the reading of a whole layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.gdal import load_pyogrio


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
        meta: What pyogrio tells of the layer.
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

    pyogrio = load_pyogrio()
    try:
        info = read_info(path, layer=layer, force_feature_count=True, **options)
    except IndexError:  # pyogrio expects a layer
        raise InvalidValue("the file has no layer that can be read", "a file that is whole") from None
    asked = max(info["features"], 0) + 1
    while True:
        if asked > maximum + 1:
            raise InvalidValue(
                f"the file holds more than {maximum:,} features", f"at most {maximum:,} features"
            )
        meta, ids, shapes, values = pyogrio.read(
            path, layer=layer, return_fids=True, datetime_as_string=True, max_features=asked, **options
        )
        if len(ids) < asked or asked == maximum + 1:
            break
        asked = min(2 * asked + 1000, maximum + 1)
    described = zip(meta["fields"], meta["ogr_types"], meta["ogr_subtypes"], values, strict=True)
    return GdalLayer(
        meta, info["features"], info["fid_column"], ids, shapes, [GdalColumn(*each) for each in described]
    )
