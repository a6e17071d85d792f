"""The lines of layers as one network: cut where they meet, and what lies on each other once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.components import split_components
from gpserverless.analysis.inputs import check_types
from gpserverless.analysis.layers import Layer, prepare_layers
from gpserverless.analysis.operations import Indices, Shapes
from gpserverless.analysis.origins import warn_of_ordinates
from gpserverless.analysis.tolerance import Tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE

_NOISE = 1e-11
"""Share of the largest coordinate: far above the noise of 64-bit floats, 0.2 mm in Web Mercator."""


@dataclass(frozen=True)
class Paths:
    """K single lines: the paths of lines, and the rings of polygons."""

    #: Shape (K,), lines without heights and measures.
    shapes: Shapes
    #: Shape (K,), index of the layer of each, ascending.
    layer: Indices
    #: Shape (K,), index of its feature in the layer.
    row: Indices
    #: Shape (K,), whether it is a ring, which begins at no place of its own.
    is_ring: NDArray[np.bool_]

    def take(self, rows: Indices) -> Paths:
        """Return some of the paths.

        Args:
            rows: Their indices.
        """
        return Paths(self.shapes[rows], self.layer[rows], self.row[rows], self.is_ring[rows])

    def measure_noise(self, tolerance: Tolerance) -> float:
        """Return the distance within which a piece of the network runs along a path.

        Args:
            tolerance: The tolerance.
        """
        largest = np.abs(shapely.get_coordinates(self.shapes)).max(initial=0.0)
        return float(tolerance.grid + largest * _NOISE)


def prepare_lines(layers: Sequence[FeatureSet[Any]], tolerance: Tolerance, watch: Watch) -> list[Layer]:
    """Return layers of lines and polygons ready for a network, without heights and measures.

    Args:
        layers: The layers.
        tolerance: The tolerance.
        watch: Takes warnings.

    Raises:
        InvalidParameter: There is no layer, or one holds neither lines nor polygons.
    """
    if not layers:
        raise InvalidParameter("in_features", "it holds no layer", "at least one layer")
    for features in layers:
        check_types(features, "in_features", (POLYLINE, POLYGON))
    prepared = prepare_layers([("in_features", features) for features in layers], tolerance, watch)
    return [_flatten(layer, watch) for layer in prepared]


def _flatten(layer: Layer, watch: Watch) -> Layer:
    features = layer.features
    flat = features.with_geometries(shapely.force_2d(features.geometries), features.geometry_type)
    warn_of_ordinates(features, flat, watch)
    return replace(layer, features=flat)


def list_paths(layers: Sequence[Layer]) -> Paths:
    """Return the paths and rings of layers.

    Args:
        layers: Layers of lines and polygons.
    """
    found = [_list_paths(layer) for layer in layers]
    counts = [len(shapes) for shapes, _ in found]
    return Paths(
        np.concatenate([shapes for shapes, _ in found]),
        np.repeat(np.arange(len(layers)), counts),
        np.concatenate([row for _, row in found]),
        np.repeat([layer.dimension == 2 for layer in layers], counts),
    )


def _list_paths(layer: Layer) -> tuple[Shapes, Indices]:
    is_area = layer.dimension == 2
    lines = shapely.boundary(layer.shapes) if is_area else layer.shapes
    paths, row = shapely.get_parts(lines, return_index=True)
    return np.asarray(paths, object), row


def split_paths(paths: Shapes, tolerance: Tolerance, noise: float, watch: Watch) -> Iterator[Indices]:
    """Yield the indices of paths, in blocks that do not meet each other.

    Args:
        paths: Shape (K,).
        tolerance: The tolerance.
        noise: Distance within which a piece runs along a path.
        watch: Takes the progress.
    """
    margin = 2 * (max(tolerance.grid, tolerance.least) + noise)
    return split_components(paths, margin, watch, "Cutting lines where they meet")


def unite_paths(paths: Shapes, tolerance: Tolerance) -> Shapes:
    """Return paths cut where they meet, each piece once, shape (P,).

    Where paths lie on each other, they are cut at each vertex.

    Args:
        paths: Shape (K,).
        tolerance: The tolerance.

    Raises:
        ToolError: They cannot be cut.
    """
    try:
        united = shapely.union_all(paths, grid_size=tolerance.grid or None)
    except shapely.GEOSException:
        try:
            united = shapely.union_all(paths, grid_size=tolerance.least)
        except shapely.GEOSException as error:
            raise ToolError(f"The lines cannot be cut where they meet: {error}.") from None
    pieces: Shapes = np.asarray(shapely.get_parts(united), object)
    lines: Shapes = pieces[shapely.get_dimensions(pieces) == 1]
    return lines


def join_pieces(pieces: Shapes, paths: Paths, noise: float) -> Shapes:
    """Return the pieces joined where two alone meet and no path ends, shape (Q,).

    Args:
        pieces: Shape (P,), of `unite_paths`.
        paths: The paths.
        noise: Distance within which an end of a path is at the end of a piece.
    """
    if not len(pieces):
        return pieces
    ends = np.concatenate([shapely.get_point(pieces, place) for place in (0, -1)])
    places, degree = np.unique(shapely.get_coordinates(ends), axis=0, return_counts=True)
    places = places[degree == 2]
    lines = paths.shapes[~paths.is_ring]
    own = np.concatenate([shapely.get_point(lines, place) for place in (0, -1)])
    near, _ = shapely.STRtree(own).query(shapely.points(places), predicate="dwithin", distance=noise)
    kept = places[np.unique(near)]
    # Lines are joined where two meet; a third one, which reaches beyond all others, keeps an end of a path.
    west, _, east, _ = shapely.total_bounds(pieces)
    beyond = kept + np.array([2 * (east - west) + 1, 0])
    thirds: Shapes = np.asarray(shapely.linestrings(np.stack([kept, beyond], axis=1)), object)
    merged = shapely.line_merge(shapely.multilinestrings(np.append(pieces, thirds)))
    joined: Shapes = np.asarray(shapely.get_parts(merged), object)
    inside: Shapes = joined[shapely.bounds(joined)[:, 2] <= east]
    return inside
