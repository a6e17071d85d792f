"""Parcels that are hard to store: the truth of every query is computed from them by numpy and shapely."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, INTEGER, OID, Field
from gpserverless.values.spatial_reference import SpatialReference

COUNT = 2500
"""Three chunks of rows, the last one short."""

NAMES = ["O'Hara", "Ærø 🏝", 'say "no"', "", None, "a%b_c", "北京"]
DAYS = [-1, -86_400_000_000, 0, None, 1_577_836_800_000]


def make_parcels() -> FeatureSet[Any]:
    """Return polygons in no order: every tenth without a shape, every eleventh of two parts and a hole."""
    chance = np.random.default_rng(7)
    corners = chance.uniform(0, 10_000, (COUNT, 2)).round(1)
    sizes = chance.uniform(20, 400, COUNT).round(1)
    shapes = np.array([_draw(x, y, s, i) for i, ((x, y), s) in enumerate(zip(corners, sizes, strict=True))])
    numbers = np.arange(COUNT)
    columns = {
        "fid": chance.permutation(COUNT) * 3 + 7,
        "POP": chance.integers(-50, 50, COUNT),
        "NAME": np.array([NAMES[i % 7] for i in numbers], object),
        "SHARE": np.where(numbers % 6 == 0, np.nan, sizes / 7),
        "EMPTY": np.full(COUNT, None, object),
        "BUILT": np.array([DAYS[i % 5] for i in numbers], object),
        "FLOORS": np.array([None if i % 4 == 0 else int(i % 9) for i in numbers], object),
        "BIG": numbers + 2**62,
    }
    known = [Field("fid", OID), Field("EMPTY", INTEGER), Field("BUILT", DATE), Field("FLOORS", INTEGER)]
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=SpatialReference(25832))
    return bare.with_geometries(shapes).with_columns(columns, known)


def _draw(x: float, y: float, size: float, number: int) -> Polygon | MultiPolygon | None:
    if number % 10 == 0:
        return None
    box = shapely.box(x, y, x + size, y + size)
    if number % 11:
        return box
    hole = shapely.box(x + size / 4, y + size / 4, x + size / 2, y + size / 2)
    other = shapely.box(x + 2 * size, y, x + 3 * size, y + size)
    return MultiPolygon([box.difference(hole), other])
