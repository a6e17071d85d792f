"""Shapes for the tests of kernels, as feature sets and buffers."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from gpserverless.values.units import LinearUnit

UTM33, NEW_YORK_FEET = SpatialReference(32633), SpatialReference(2263)
LINE, SQUARE = "LINESTRING (0 0, 1000 0)", "POLYGON ((0 0, 0 100, 100 100, 100 0, 0 0))"


def features(*wkts: str | None, reference: SpatialReference | None = UTM33) -> FeatureSet[Any]:
    """Return a feature set of shapes, None for null."""
    return FeatureSet.of(shapely.from_wkt(np.array(wkts, object)), reference)


def geodesic_buffer(wkt: str, metres: float, **style: Any) -> Any:
    """Return the buffer of one shape on WGS 84."""
    return features(wkt, reference=WGS84).buffer(LinearUnit(metres), **style).geometries[0]
