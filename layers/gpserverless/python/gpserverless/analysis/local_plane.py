"""Planes for tolerances: degrees brought to scale, so that a length means the same in both directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.lengths import Length
from gpserverless.features.feature_set import FeatureSet

Shapes = NDArray[np.object_]

_NARROWEST = 0.01
"""Least share of the width of a degree: within half a degree of a pole it does not shrink further."""


@dataclass(frozen=True)
class LocalPlane:
    """Shapes of degrees in which a step to the east counts as on the earth, and a length in their unit.

    Attributes:
        shapes: Shape (N,), in the plane.
        length: The length in the unit of the plane.
        scale: Shape (N,), by which x is shrunk; empty where the coordinates are a plane already.
    """

    shapes: Shapes
    length: float
    scale: NDArray[np.float64]

    def take_back(self, shapes: Shapes) -> Shapes:
        """Return shapes of the plane in the former coordinates.

        Args:
            shapes: Shape (N,).
        """
        return shapes if not len(self.scale) else _stretch(shapes, 1 / self.scale)


def lay_in_plane(features: FeatureSet[Any], length: Length, *, together: bool = False) -> LocalPlane:
    """Return the shapes of features in planes that are true to scale at their middle latitudes.

    Args:
        features: Their shapes; geographic ones are brought to scale.
        length: A length; in metres if it is geodesic.
        together: Whether all share one plane, so that common borders stay common.
    """
    reference = features.spatial_reference
    if not length.geodesic or reference is None:
        return LocalPlane(features.geometries, length.value, np.empty(0))
    bounds = shapely.bounds(features.geometries)
    middle = (bounds[:, 1] + bounds[:, 3]) / 2
    if together:
        known = middle[~np.isnan(middle)]
        middle = np.full(len(middle), known.mean() if len(known) else 0.0)
    scale = np.maximum(np.cos(np.radians(np.nan_to_num(middle))), _NARROWEST)
    metres_of_degree = np.pi / 180 * float(reference.geod.a)
    return LocalPlane(_stretch(features.geometries, scale), length.value / metres_of_degree, scale)


def _stretch(shapes: Shapes, scale: NDArray[np.float64]) -> Shapes:
    """Return shapes with x multiplied by a number for each."""
    counts = shapely.get_num_coordinates(shapes)
    has_z = shapely.has_z(shapes)
    result = shapes.copy()
    for some, z in ((~has_z, False), (has_z, True)):
        if some.any():
            factor = np.repeat(scale[some], counts[some])
            result[some] = shapely.transform(shapes[some], _multiply(factor), include_z=z)
    return result


def _multiply(factor: NDArray[np.float64]) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    def multiply(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        stretched = coordinates.copy()
        stretched[:, 0] *= factor
        return stretched

    return multiply
