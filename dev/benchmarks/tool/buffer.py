"""Zones about features of any kind."""

from typing import Any

from shapely import Polygon

from gpserverless import FeatureSet, LinearUnit, tool


@tool
def buffer(features: FeatureSet[Any], distance: LinearUnit) -> FeatureSet[Polygon]:
    """Draw a zone about every feature.

    Args:
        features: What to draw around.
        distance: How far each zone reaches.
    """
    return features.buffer(distance)
