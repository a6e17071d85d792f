"""Zones about features, united."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely import Polygon

from gpserverless.analysis.components import unite_in_blocks
from gpserverless.analysis.watch import Watch
from gpserverless.analysis.zones import ZoneStyle, draw_zones
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.value_numbers import number_groups
from gpserverless.geometry.dissolve import unite
from gpserverless.values.units import LinearUnit

_STEPS = 50
"""Parts of the work after which progress is told."""


def draw_dissolved_zones(
    features: FeatureSet[Any],
    distance: LinearUnit | str,
    style: ZoneStyle,
    fields: Sequence[str],
    watch: Watch,
) -> FeatureSet[Polygon]:
    """Return the united zones of features of equal values; only the columns of these values remain.

    Args:
        features: The features.
        distance: As for `draw_zones`.
        style: The shape of the zones.
        fields: Names of fields; without any, all zones become one.
        watch: Takes progress, and warnings of features without a zone.

    Raises:
        InvalidValue: There is no such field, or the distance or the style does not suit the features.
    """
    zones = draw_zones(features, distance, style, watch)
    kept, shapes = zones.only(*fields), zones.geometries
    del zones
    if not len(shapes):
        return kept
    groups = number_groups(list(kept.columns.values())) if fields else np.zeros(len(shapes), np.int64)
    first = np.unique(groups, return_index=True)[1]
    order = np.argsort(groups, kind="stable")
    bounds = np.append(np.searchsorted(groups[order], np.arange(len(first))), len(order))
    kept = replace(kept.take(first), geometries=np.full(len(first), None, object), has_z=False, has_m=False)
    step = max(1, len(first) // _STEPS)
    for group in range(len(first)):
        if group % step == 0:
            watch.progress("Dissolving", 100 * group // len(first))
        rows = order[bounds[group] : bounds[group + 1]]
        some = shapes[rows]
        shapes[rows] = None  # makes room for their union
        parts = unite_in_blocks(some, unite, watch)
        kept.geometries[group] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return kept
