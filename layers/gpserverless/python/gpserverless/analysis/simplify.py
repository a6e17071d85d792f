"""Fewer vertices for lines and polygons: by Douglas and Peucker, or by Visvalingam and Whyatt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_shapes
from gpserverless.analysis.crossings import Change, Check, Flags, change_with_check
from gpserverless.analysis.effective_area import drop_small_triangles
from gpserverless.analysis.inputs import check_types, drop_shapeless, find_shapes, repair
from gpserverless.analysis.lengths import Length
from gpserverless.analysis.local_plane import lay_in_plane
from gpserverless.analysis.origins import derive_features, rename_origin
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import POINT, POLYGON, POLYLINE
from gpserverless.values.counts import write_count

Shapes = NDArray[np.object_]
Algorithm = Literal["POINT_REMOVE", "EFFECTIVE_AREA"]


@dataclass(frozen=True)
class Simplified:
    """Features with fewer vertices.

    Attributes:
        features: Those of which something is left.
        collapsed: A point for each of the others.
    """

    features: FeatureSet[Any]
    collapsed: FeatureSet[Any]


def simplify_lines(
    features: FeatureSet[Any],
    tolerance: Length,
    check: Check,
    watch: Watch,
    algorithm: Algorithm = "POINT_REMOVE",
) -> Simplified:
    """Return lines with fewer vertices.

    Args:
        features: Lines; those without a shape are left out.
        tolerance: The greatest distance of a vertex that goes from its chord; or its square is the area of
            the triangle of a vertex that stays.
        check: Whether lines may come to cross themselves.
        watch: Takes progress and warnings.
        algorithm: By distance from the chord (Douglas and Peucker 1973), or by effective area.
    """
    change: Change = drop_small_triangles if algorithm == "EFFECTIVE_AREA" else _remove_points
    check_types(features, "in_features", (POLYLINE,))
    some = drop_shapeless(features, watch)
    plane = lay_in_plane(some, tolerance)
    found, flags = change_with_check(plane.shapes, change, plane.length, check, watch)
    found = _drop_points(found)
    made = _describe(some, plane.take_back(found), "InLine_FID", watch)
    return _split(some, made if check != "FLAG_ERRORS" else _flag(made, "SimLnFlag", flags), watch)


def simplify_polygons(features: FeatureSet[Any], tolerance: Length, check: Check, watch: Watch) -> Simplified:
    """Return polygons without the vertices that lie near the chord of others, each polygon alone.

    Args:
        features: Polygons; those without a shape are left out, invalid ones are repaired.
        tolerance: The greatest distance of a vertex that goes from its chord.
        check: Whether outlines may come to cross themselves; what then is invalid is repaired.
        watch: Takes progress and warnings.
    """
    check_types(features, "in_features", (POLYGON,))
    some = repair(drop_shapeless(features, watch), watch)
    plane = lay_in_plane(some, tolerance)
    found, flags = change_with_check(plane.shapes, _remove_points, plane.length, check, watch)
    made = _describe(some, plane.take_back(_repair_simplified(found, watch)), "InPoly_FID", watch)
    return _split(some, made if check != "FLAG_ERRORS" else _flag(made, "SimPgnFlag", flags), watch)


def simplify_coverage(features: FeatureSet[Any], tolerance: Length, watch: Watch) -> Simplified:
    """Return polygons whose common borders are simplified once, by areas of triangles.

    Of three vertices in a row the middle one goes while their triangle is smaller than the square of the
    tolerance (Visvalingam and Whyatt 1993). Borders do not come to cross.

    Args:
        features: Polygons; those without a shape are left out, invalid ones are repaired.
        tolerance: Its square is the area.
        watch: Takes progress and warnings.
    """
    check_types(features, "in_features", (POLYGON,))
    some = repair(drop_shapeless(features, watch), watch)
    plane = lay_in_plane(some, tolerance, together=True)
    watch.progress("Comparing borders, in one step")
    if len(some) and not shapely.coverage_is_valid(plane.shapes):
        watch.warn("Some polygons overlap, or their borders do not match; these are simplified apart.")
    found = plane.shapes
    if len(some):
        watch.progress("Simplifying borders, in one step")
        found = np.asarray(shapely.coverage_simplify(plane.shapes, plane.length))
        found = _repair_simplified(found, watch)
    return _split(some, _describe(some, plane.take_back(found), "InPoly_FID", watch), watch)


def drop_small(features: FeatureSet[Any], least: float, watch: Watch) -> FeatureSet[Any]:
    """Return the polygons that are not smaller than an area.

    Args:
        features: Polygons.
        least: In square metres.
        watch: Takes a message that counts the others.
    """
    large = features.areas() >= least
    small = len(features) - int(large.sum())
    if small:
        watch.info(f"{write_count(small, 'polygon is', 'polygons are')} smaller than minimum_area.")
    return features.take(large)


def _describe(features: FeatureSet[Any], shapes: Shapes, origin: str, watch: Watch) -> FeatureSet[Any]:
    rows = np.arange(len(features))
    return rename_origin(derive_features(features, rows, shapes, features.geometry_type, watch), origin)


def _flag(made: FeatureSet[Any], name: str, flags: Flags) -> FeatureSet[Any]:
    return made.with_columns({name: flags})


def _split(before: FeatureSet[Any], made: FeatureSet[Any], watch: Watch) -> Simplified:
    """Divide the features that are left from those that have collapsed."""
    left = find_shapes(made.geometries)
    gone = made.take(~left)
    if len(gone):
        watch.info(f"{write_count(len(gone), 'feature has', 'features have')} collapsed to a point.")
    middle = np.asarray(shapely.point_on_surface(before.geometries[~left]))
    return Simplified(made.take(left), gone.with_geometries(middle, POINT))


def _remove_points(shapes: Shapes, tolerance: float) -> Shapes:
    return np.asarray(shapely.simplify(shapes, tolerance, preserve_topology=False))


def _drop_points(lines: Shapes) -> Shapes:
    """Return lines without the closed parts that have shrunk to a point, None where nothing is left."""
    shrunk = _find_shrunk(lines)
    if not len(shrunk):
        return lines
    parts, owner = shapely.get_parts(lines[shrunk], return_index=True)
    long = shapely.length(parts) > 0
    result = lines.copy()
    result[shrunk] = None
    left = shrunk[owner[long]]
    alone = np.bincount(left, minlength=len(lines))[left] == 1
    result[left[alone]] = parts[long][alone]
    if not alone.all():
        shapely.multilinestrings(parts[long][~alone], indices=left[~alone], out=result)
    return result


def _find_shrunk(lines: Shapes) -> NDArray[np.int64]:
    """Return the indices of lines that are not valid; the length of a line of one part alone says so."""
    length = shapely.length(lines)
    plain = (shapely.get_type_id(lines) == 1) & (length > 0) & np.isfinite(length)
    doubtful = np.flatnonzero(~plain & ~shapely.is_missing(lines))
    return doubtful[~shapely.is_valid(lines[doubtful])]


def _repair_simplified(shapes: Shapes, watch: Watch) -> Shapes:
    """Return polygons that are valid, None for those without an area."""
    result = shapes.copy()
    result[~find_shapes(result)] = None
    result = change_shapes(result, repair_polygons, watch, "Checking polygons")
    result[~find_shapes(result)] = None
    return result
