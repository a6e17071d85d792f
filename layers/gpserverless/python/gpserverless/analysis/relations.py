"""Pairs of features in a spatial relation, by the names of ArcGIS' match options and overlap types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import index_shapes, split_rows
from gpserverless.analysis.edge_pieces import Indices, Numbers
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet

Shapes = NDArray[np.object_]
Found = NDArray[np.bool_]

_FEW_POINTS = 8
"""Points in the box of a polygon up to which an index of its edges takes longer than it saves."""

NO_INDICES = np.empty(0, np.int64)
"""No indices."""

_POINTS = ("esriGeometryPoint", "esriGeometryMultipoint")


@dataclass(frozen=True)
class Matches:
    """The M pairs of a feature and another one, by feature, and then by the other."""

    #: Shape (M,), index of the feature.
    feature: Indices
    #: Shape (M,), index of the other one.
    other: Indices
    #: Shape (M,), the distance, if the relation has one.
    distance: Numbers | None = None

    def take(self, index: NDArray[Any]) -> Matches:
        """Return some of the pairs.

        Args:
            index: Indices, or a mask of shape (M,).
        """
        distance = None if self.distance is None else self.distance[index]
        return Matches(self.feature[index], self.other[index], distance)


def _share_a_line(a: Shapes, b: Shapes) -> Found:
    return np.asarray(shapely.relate_pattern(a, b, "1********"))


RELATIONS: Mapping[str, Callable[[Shapes, Shapes], Found]] = MappingProxyType(
    {
        "INTERSECT": shapely.intersects,
        "CONTAINS": shapely.covers,
        "COMPLETELY_CONTAINS": shapely.contains_properly,
        "CONTAINS_CLEMENTINI": shapely.contains,
        "WITHIN": shapely.covered_by,
        "COMPLETELY_WITHIN": lambda a, b: shapely.contains_properly(b, a),
        "WITHIN_CLEMENTINI": shapely.within,
        "ARE_IDENTICAL_TO": shapely.equals,
        "BOUNDARY_TOUCHES": shapely.touches,
        "SHARE_A_LINE_SEGMENT_WITH": _share_a_line,
        "CROSSED_BY_THE_OUTLINE_OF": shapely.crosses,
        "HAVE_THEIR_CENTER_IN": shapely.intersects,
    }
)
"""The relations of shapes that touch each other's boxes, seen from the features."""

_OF_OUTLINES = frozenset({"SHARE_A_LINE_SEGMENT_WITH", "CROSSED_BY_THE_OUTLINE_OF"})


def find_matches(
    features: FeatureSet[Any], others: FeatureSet[Any], relation: str, parameter: str, watch: Watch
) -> Matches:
    """Find the pairs of features and others in a relation.

    Args:
        features: Features in the same spatial reference as the others; polygons are valid.
        others: The others, with valid polygons.
        relation: One of `RELATIONS`.
        parameter: Name of the relation's parameter.
        watch: Takes the progress.

    Raises:
        InvalidParameter: The relation is for lines and polygons only.
    """
    a, b = _cut(features), _cut(others)
    if relation in _OF_OUTLINES:
        types = {each.geometry_type for each in (features, others) if len(each)}
        if types & set(_POINTS):
            raise InvalidParameter(parameter, f"{relation} is for lines and polygons only", "INTERSECT")
        a, b = _outline(a), _outline(b)
    if relation == "HAVE_THEIR_CENTER_IN":
        a = np.asarray(shapely.centroid(a))
        a[shapely.is_empty(a)] = None
    if relation in ("INTERSECT", "HAVE_THEIR_CENTER_IN"):
        return _find_meetings(a, b, watch)
    return _order(*_compare(a, b, RELATIONS[relation], watch), len(b))


def measure_overlaps(
    features: FeatureSet[Any], others: FeatureSet[Any], matches: Matches, watch: Watch
) -> Numbers:
    """Return the area, of lines the length, that each pair has in common, shape (M,); 0 for points.

    Args:
        features: The features.
        others: The others.
        matches: Pairs that meet.
        watch: Takes the progress.
    """
    a, b = _cut(features), _cut(others)
    lines = "esriGeometryPolyline" in (features.geometry_type, others.geometry_type)
    measure = shapely.length if lines else shapely.area
    sizes = np.zeros(len(matches.feature))
    for rows in split_rows(len(sizes), watch, "Measuring common parts"):
        common = shapely.intersection(a[matches.feature[rows]], b[matches.other[rows]])
        sizes[rows] = measure(common)
    return sizes


def _cut(features: FeatureSet[Any]) -> Shapes:
    return features.cut_at_antimeridian().geometries


def _outline(shapes: Shapes) -> Shapes:
    outlines = shapes.copy()
    areas = shapely.get_dimensions(shapes) == 2
    outlines[areas] = shapely.boundary(shapes[areas])
    return outlines


def _find_meetings(a: Shapes, b: Shapes, watch: Watch) -> Matches:
    """Find what meets; points in polygons by box, then polygon by polygon, which is twice as fast."""
    if _are_points(a) and _are_areas(b):
        return _order(*find_points(a, b, watch), len(b))
    if _are_points(b) and _are_areas(a):
        return _order(*find_points(b, a, watch)[::-1], len(b))
    return _order(*_compare(a, b, shapely.intersects, watch), len(b))


def _are_points(shapes: Shapes) -> bool:
    kinds = shapely.get_type_id(shapes)
    return bool(((kinds == 0) | (kinds == -1)).all())


def _are_areas(shapes: Shapes) -> bool:
    kinds = shapely.get_type_id(shapes)
    return bool(((kinds == 3) | (kinds == 6) | (kinds == -1)).all())


def find_points(points: Shapes, areas: Shapes, watch: Watch) -> tuple[Indices, Indices]:
    """Return the pairs of a point and an area that it is in, some twice; a border belongs to both sides.

    Areas are tested part by part, since the box of a country and its islands holds half the world.

    Args:
        points: Shape (N,), single points or None.
        areas: Shape (M,), valid polygons or None.
        watch: Takes the progress.
    """
    tree = index_shapes(points, watch)
    x, y = shapely.get_x(points), shapely.get_y(points)
    parts, owner = _divide(areas)
    blocks = [(NO_INDICES, NO_INDICES)]
    for rows, part, point in _pair_boxes(parts, tree, "Looking for points in polygons", watch):
        some = parts[rows]
        crowded = np.bincount(part, minlength=len(some)) > _FEW_POINTS
        some[crowded] = shapely.get_parts(some[crowded])  # copies: the shapes given keep no index
        shapely.prepare(some[crowded])
        found = shapely.intersects_xy(some[part], x[point], y[point])
        blocks.append((point[found], owner[part[found] + rows.start]))
        parts[rows] = None
    return join_blocks(blocks)


def join_blocks(blocks: Sequence[tuple[Indices, Indices]]) -> tuple[Indices, Indices]:
    """Return the pairs of all blocks.

    Args:
        blocks: At least one.
    """
    first, second = (np.concatenate(each) for each in zip(*blocks, strict=True))
    return first, second


def _divide(areas: Shapes) -> tuple[Shapes, Indices]:
    """Return the parts of areas, and the area that each is of; without copies if none has several."""
    if (shapely.get_type_id(areas) == 3).all():
        return areas.copy(), np.arange(len(areas))
    return shapely.get_parts(areas, return_index=True)


def _compare(
    a: Shapes, b: Shapes, holds: Callable[[Shapes, Shapes], Found], watch: Watch
) -> tuple[Indices, Indices]:
    tree = index_shapes(b, watch)
    blocks = [(NO_INDICES, NO_INDICES)]
    for rows, feature, other in _pair_boxes(a, tree, "Looking for matches", watch):
        some = a[rows]
        shapely.prepare(some)
        shapely.prepare(b[other])
        found = np.asarray(holds(some[feature], b[other]), bool)
        blocks.append((feature[found] + rows.start, other[found]))
        shapely.destroy_prepared(some)
    return join_blocks(blocks)


def _pair_boxes(
    shapes: Shapes, tree: shapely.STRtree, text: str, watch: Watch
) -> Iterator[tuple[slice, Indices, Indices]]:
    """Yield blocks of shapes with the pairs of one of the block and one of a tree whose boxes meet.

    Args:
        shapes: The shapes.
        tree: An index of others.
        text: The text of the progress bar.
        watch: Takes the progress.

    Raises:
        ToolError: There are too many pairs.
    """
    total = 0
    for rows in split_rows(len(shapes), watch, text):
        own, other = tree.query(shapes[rows])
        total += len(own)
        check_pairs(total)
        yield rows, own, other


def _order(feature: Indices, other: Indices, others: int) -> Matches:
    """Return the pairs by feature and other, each once."""
    key = np.sort(feature * np.int64(max(others, 1)) + other)
    first = np.ones(len(key), bool)
    first[1:] = key[1:] != key[:-1]
    feature, other = np.divmod(key[first], max(others, 1))
    return Matches(feature, other)
