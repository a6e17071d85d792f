"""Overlays of layers: the parts common to all, and the parts of each alone, with the attributes of all.

A feature is cut by the features of other layers, not by those of its own. Each layer joins the pieces of the
layers before it, so that the result does not depend on the order of features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from gpserverless.analysis.faces import find_faces
from gpserverless.analysis.gaps import find_gaps
from gpserverless.analysis.inputs import check_types
from gpserverless.analysis.layers import DIMENSIONS, Layer, prepare_layers
from gpserverless.analysis.operations import make_multipoints
from gpserverless.analysis.overlay_columns import JoinAttributes, make_features
from gpserverless.analysis.pieces import (
    Pieces,
    intersect_pieces,
    join_pieces,
    start_pieces,
    subtract_left,
    subtract_right,
)
from gpserverless.analysis.tolerance import Tolerance, read_tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import MULTIPOINT, POLYGON, POLYLINE
from gpserverless.values.units import LinearUnit

OutputType = Literal["INPUT", "LINE", "POINT"]
"""The parts that an intersection returns: those of the inputs' lowest dimension, lines or points."""

Layers = Sequence[tuple[str, FeatureSet[Any]]]
"""Layers with the names of their parameters."""

_DIMENSION = {"LINE": 1, "POINT": 0}
_KINDS = (MULTIPOINT, POLYLINE, POLYGON)


@dataclass(frozen=True)
class Options:
    """The choices of an overlay."""

    #: The attributes of the pieces.
    join: JoinAttributes = "ALL"
    #: The tolerance that the caller gives.
    tolerance: LinearUnit | None = None
    #: Name of the parameter of the tolerance.
    tolerance_name: str = "cluster_tolerance"


def intersect_layers(
    layers: Layers, options: Options, watch: Watch, output_type: OutputType = "INPUT"
) -> FeatureSet[Any]:
    """Return the parts where features of all layers meet, one for each combination of them.

    Of one layer of polygons these are the parts that several of its features cover, one for each of them.

    Args:
        layers: Layers of any geometry types; one alone holds polygons.
        options: The choices.
        watch: Takes progress and warnings.
        output_type: The parts wanted: if lower than all inputs, where the outlines of polygons meet.

    Raises:
        InvalidParameter: There is no layer, or one alone without polygons, or the parts wanted are of a
            higher dimension than an input.
    """
    _check_number(layers)
    lowest = min(DIMENSIONS[features.geometry_type] for _, features in layers)
    dimension = _find_dimension(output_type, lowest, len(layers))
    tolerance = read_tolerance(options.tolerance, layers[0][1].spatial_reference, options.tolerance_name)
    prepared = prepare_layers(layers, tolerance, watch)
    if len(prepared) == 1:
        if output_type != "INPUT":
            raise InvalidParameter("output_type", f"one layer has no {output_type} parts", "INPUT")
        check_types(layers[0][1], layers[0][0], [POLYGON])
        return make_features(_divide(prepared[0], 2, tolerance, watch), prepared, POLYGON, options.join)
    starts = [_start(layer, outlines=dimension < lowest) for layer in prepared]
    order = np.argsort([layer.dimension for layer in prepared], kind="stable")
    pieces = starts[order[0]]
    for place in order[1:]:  # points and lines come first, so that all parts are of the dimension wanted
        pieces = intersect_pieces(pieces, starts[place], dimension, tolerance, watch).pieces
    pieces = Pieces(pieces.shapes, pieces.members[:, np.argsort(order)])
    watch.progress("Joining attributes")
    return make_features(*_shape(pieces.sort(), prepared, dimension), options.join)


def _find_dimension(output_type: OutputType, lowest: int, count: int) -> int:
    """Return the dimension of the parts of an intersection.

    Args:
        output_type: The parts wanted.
        lowest: Lowest dimension of the layers.
        count: Number of layers.

    Raises:
        InvalidParameter: The layers have no such parts.
    """
    dimension = _DIMENSION.get(output_type, lowest)
    if dimension > lowest:
        raise InvalidParameter(
            "output_type", f"{output_type} is of a higher dimension than an input", "INPUT"
        )
    if dimension == 0 < lowest and count > 2:
        raise InvalidParameter("output_type", "POINT is for two layers of lines or polygons", "INPUT or LINE")
    return dimension


def _start(layer: Layer, *, outlines: bool) -> Pieces:
    """Return a layer as pieces; of polygons only the outlines if asked for."""
    outlined = outlines and layer.dimension == 2
    return start_pieces(shapely.boundary(layer.shapes) if outlined else layer.shapes)


def _shape(pieces: Pieces, layers: Sequence[Layer], dimension: int) -> tuple[Pieces, Sequence[Layer], str]:
    """Return pieces, layers and the geometry type of the pieces."""
    points = [layer.features.geometry_type for layer in layers if layer.dimension == 0]
    if dimension == 0 and not all(kind == MULTIPOINT for kind in points or [MULTIPOINT]):
        kind = next(kind for kind in points if kind != MULTIPOINT)
        return pieces, layers, kind
    if dimension == 0:
        pieces = Pieces(make_multipoints(pieces.shapes), pieces.members)
    return pieces, layers, _KINDS[dimension]


def unite_layers(
    layers: Layers, options: Options, watch: Watch, *, fill_gaps: bool = False
) -> FeatureSet[Any]:
    """Return the parts of all polygons, common ones and others.

    One layer alone is divided by itself: a part that two of its polygons cover is there twice.

    Args:
        layers: Layers of polygons.
        options: The choices.
        watch: Takes progress and warnings.
        fill_gaps: Whether gaps that polygons enclose become pieces outside all layers.

    Raises:
        InvalidParameter: There is no layer, or one does not hold polygons.
    """
    _check_number(layers)
    for name, features in layers:
        check_types(features, name, [POLYGON])
    tolerance = read_tolerance(options.tolerance, layers[0][1].spatial_reference, options.tolerance_name)
    prepared = prepare_layers(layers, tolerance, watch)
    pieces = start_pieces(prepared[0].shapes)
    if len(prepared) == 1:
        pieces = _divide(prepared[0], 1, tolerance, watch)
    for number, layer in enumerate(prepared[1:], 1):
        other = start_pieces(layer.shapes)
        common = intersect_pieces(pieces, other, 2, tolerance, watch)
        rest = subtract_left(common, pieces, other, tolerance, watch).widen(0, 1)
        new = subtract_right(common, pieces, other, tolerance, watch).widen(number, 0)
        pieces = join_pieces([common.pieces, rest, new])
    watch.progress("Putting parts in order")
    pieces = pieces.sort()
    if fill_gaps:
        gaps = find_gaps(pieces.shapes, tolerance)
        outside = np.full((len(gaps), len(prepared)), -1)
        pieces = join_pieces([pieces, Pieces(gaps, outside)])
    watch.progress("Joining attributes")
    return make_features(pieces, prepared, POLYGON, options.join)


def identify(layers: Layers, options: Options, watch: Watch) -> FeatureSet[Any]:
    """Return the parts of features inside and outside polygons, with the attributes of both.

    Args:
        layers: The features, and the polygons, or features of the same type.
        options: The choices.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: The second layer holds neither polygons nor features of the same type.
    """
    (_, features), (name, others) = layers
    same = [kind for kind, d in DIMENSIONS.items() if d == DIMENSIONS[features.geometry_type]]
    check_types(others, name, dict.fromkeys([*same, POLYGON]))
    tolerance = read_tolerance(options.tolerance, features.spatial_reference, options.tolerance_name)
    prepared = prepare_layers(layers, tolerance, watch)
    left, right = (start_pieces(layer.shapes) for layer in prepared)
    common = intersect_pieces(left, right, prepared[0].dimension, tolerance, watch)
    rest = subtract_left(common, left, right, tolerance, watch).widen(0, 1)
    return _join_parts([common.pieces, rest], prepared, options.join, watch)


def differ(layers: Layers, options: Options, watch: Watch) -> FeatureSet[Any]:
    """Return the parts of features of two layers that are in one of the layers alone.

    Args:
        layers: Two layers of one geometry type.
        options: The choices.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: The geometry types differ.
    """
    (_, features), (name, others) = layers
    check_types(others, name, [features.geometry_type])
    tolerance = read_tolerance(options.tolerance, features.spatial_reference, options.tolerance_name)
    prepared = prepare_layers(layers, tolerance, watch)
    left, right = (start_pieces(layer.shapes) for layer in prepared)
    common = intersect_pieces(left, right, prepared[0].dimension, tolerance, watch)
    first = subtract_left(common, left, right, tolerance, watch).widen(0, 1)
    second = subtract_right(common, left, right, tolerance, watch).widen(1, 0)
    return _join_parts([first, second], prepared, options.join, watch)


def _join_parts(
    parts: Sequence[Pieces], layers: Sequence[Layer], join: JoinAttributes, watch: Watch
) -> FeatureSet[Any]:
    """Return parts in order as features of the geometry type of the first layer."""
    watch.progress("Putting parts in order")
    pieces = join_pieces(parts).sort()
    kind = layers[0].features.geometry_type
    if kind == MULTIPOINT:
        pieces = Pieces(make_multipoints(pieces.shapes), pieces.members)
    watch.progress("Joining attributes")
    return make_features(pieces, layers, kind, join)


def name_layers(parameter: str, layers: Sequence[FeatureSet[Any]]) -> Layers:
    """Return the layers of one parameter, each with its name.

    Args:
        parameter: Name of the parameter.
        layers: The layers.
    """
    return [(parameter, features) for features in layers]


def _check_number(layers: Layers) -> None:
    if not layers:
        raise InvalidParameter("in_features", "it holds no layer", "at least one layer")


def _divide(layer: Layer, least: int, tolerance: Tolerance, watch: Watch) -> Pieces:
    """Return the parts into which polygons divide each other: one for each polygon that covers it.

    Args:
        layer: The polygons.
        least: Parts that fewer polygons cover are left out.
        tolerance: The tolerance.
        watch: Takes progress.
    """
    watch.progress("Dividing polygons by each other")
    faces = find_faces(layer.shapes, tolerance, watch)
    wanted = np.bincount(faces.face)[faces.face] >= least
    return Pieces(faces.shapes[faces.face[wanted]], faces.polygon[wanted, None]).sort()
