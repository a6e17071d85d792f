"""The parts of features as features of their own."""

from __future__ import annotations

from typing import Any

import shapely

from gpserverless.analysis.inputs import drop_shapeless
from gpserverless.analysis.origins import derive_features
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT


def divide_parts(features: FeatureSet[Any], watch: Watch) -> FeatureSet[Any]:
    """Return one feature for each part of each feature, in their order.

    Args:
        features: Features of any type; those without a shape are left out.
        watch: Takes warnings.
    """
    some = drop_shapeless(features, watch)
    parts, rows = shapely.get_parts(some.geometries, return_index=True)
    kind = POINT if some.geometry_type == MULTIPOINT else some.geometry_type
    filled = ~shapely.is_empty(parts)
    return derive_features(some, rows[filled], parts[filled], kind, watch)
