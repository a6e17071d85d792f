"""A table of features that asks everything of a format: types, nulls, dates, scripts, holes and parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DOUBLE,
    INTEGER,
    OID,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)
from gpserverless.values.spatial_reference import SpatialReference

DATE_ONLY, GUID = "esriFieldTypeDateOnly", "esriFieldTypeGUID"
FIELDS = (
    Field("OBJECTID", OID),
    Field("SMALL", SMALL_INTEGER),
    Field("WHOLE_NUMBER", INTEGER),
    Field("BIG", BIG_INTEGER),
    Field("SINGLE", SINGLE),
    Field("REAL", DOUBLE),
    Field("TEXT", STRING),
    Field("WHEN", DATE),
    Field("DAY", DATE_ONLY),
    Field("GUID", GUID),
)
VALUES: dict[str, list[Any]] = {
    "OBJECTID": [7, 8, 9],
    "SMALL": [1, -2, 3],
    "WHOLE_NUMBER": [1, None, -(2**20)],
    "BIG": [2**60 + 1, None, 5],
    "SINGLE": [1.5, None, -2.0],
    "REAL": [0.1, None, 1e20],
    "TEXT": ['né "q", a', None, "日本語\nzwei"],
    "WHEN": [1577873472345, None, -86_400_000],
    "DAY": ["2020-02-29", None, "1960-01-01"],
    "GUID": ["{0B9DB3A0-0000-4000-8000-00000000000A}", None, "{0B9DB3A0-0000-4000-8000-00000000000B}"],
}
SHAPES = {
    "esriGeometryPoint": ["POINT (10 20)", None, "POINT (-5.5 0.25)"],
    "esriGeometryMultipoint": ["MULTIPOINT ((1 2), (3 4))", None, "MULTIPOINT ((5 6))"],
    "esriGeometryPolyline": [
        "LINESTRING (0 0, 1 1, 2 0)",
        None,
        "MULTILINESTRING ((0 0, 5 5), (6 6, 7 8))",
    ],
    "esriGeometryPolygon": [
        "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))",
        None,
        "MULTIPOLYGON (((0 0, 0 1, 1 1, 1 0, 0 0)), ((5 5, 5 6, 6 6, 6 5, 5 5)))",
    ],
}


def shapes(kind: str, z: bool = False) -> NDArray[np.object_]:
    flat = np.asarray(shapely.from_wkt(np.array(SHAPES[kind], object)), object)
    return np.asarray(shapely.force_3d(flat, 12.5)) if z else flat


def column(values: list[Any]) -> NDArray[Any]:
    if all(isinstance(v, int) for v in values):
        return np.array(values, np.int64)
    if all(v is None or isinstance(v, float) for v in values):
        return np.array([np.nan if v is None else v for v in values])
    made = np.empty(len(values), object)
    made[:] = values
    return made


def table(kind: str = "esriGeometryPolygon", wkid: int = 4326, z: bool = False) -> FeatureSet[Any]:
    """Return the table with shapes of one type."""
    bare: FeatureSet[Any] = FeatureSet(
        FIELDS,
        {name: column(values) for name, values in VALUES.items()},
        geometries=shapes(kind, z),
        spatial_reference=SpatialReference(wkid),
    )
    return bare.with_geometries(bare.geometries, kind)


def values(features: FeatureSet[Any], name: str) -> list[Any]:
    """Return a column with None for null, also among floats."""
    return [None if v != v else v for v in features.columns[name].tolist()]  # noqa: PLR0124 - NaN
