"""Coordinates that can be none: not finite, or beyond the poles."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count

_LARGEST = 1e100  # shapefiles have numbers below -1e38 for none


def drop_infinite(shapes: NDArray[np.object_], warn: Warn) -> None:
    """Replace shapes with a coordinate that is no finite number by None, in place.

    Args:
        shapes: Shape (N,), shapely geometries or None.
        warn: Takes a sentence with their number.
    """
    if np.abs(shapely.get_coordinates(shapes)).max(initial=0) < _LARGEST:  # false beside a NaN
        return
    found, index = shapely.get_coordinates(shapes, return_index=True)
    with np.errstate(invalid="ignore"):
        bad = np.unique(index[~(np.abs(found) < _LARGEST).all(axis=1)])
    shapes[bad] = None
    one = "shape has a coordinate that is no finite number; null is read instead."
    many = "shapes have coordinates that are no finite numbers; null is read instead."
    warn(write_count(len(bad), one, many))


def tell_latitudes(shapes: NDArray[np.object_], warn: Warn) -> None:
    """Warn of shapes beyond the poles, such as of coordinates in the order latitude, longitude, or in metres.

    Args:
        shapes: Shape (N,), shapely geometries or None, in longitude and latitude.
        warn: Takes the sentence.
    """
    bounds = shapely.bounds(shapes)
    if beyond := int(np.count_nonzero((bounds[:, 1] < -90) | (bounds[:, 3] > 90))):
        warn(f"{beyond} feature{'s have' if beyond > 1 else ' has'} latitudes beyond 90 degrees.")
