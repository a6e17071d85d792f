"""Problems of shapes: found, and mended."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_features
from gpserverless.analysis.inputs import find_shapes
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import INTEGER
from gpserverless.features.fields import Field as AttributeField
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.geometry.validity import find_valid
from gpserverless.values.counts import write_count

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]

Place = tuple[float, float]
NOWHERE = (np.nan, np.nan)
"""The place of a problem that concerns the whole shape."""

NULL = "Null geometry"
INFINITE = "Coordinate that is not a number"
REPEATED = "Repeated vertex"
SHORT = "Line without a length"


def find_problems(features: FeatureSet[Any], watch: Watch) -> Table:
    """Return one row for each problem of each feature.

    Args:
        features: Features of any type.
        watch: Takes the progress.
    """
    number: list[int] = []
    problem: list[str] = []
    x: list[float] = []
    y: list[float] = []
    for rows, some in split_features(features, watch, "Checking shapes"):
        for row, text, place in _find_in_block(some):
            number.append(row + rows.start)
            problem.append(text)
            x.append(place[0])
            y.append(place[1])
    ids = features.object_ids[np.array(number, np.int64)]
    columns = {
        "FEATURE_ID": ids,
        "PROBLEM": np.array(problem, object),
        "X": np.array(x, np.float64),
        "Y": np.array(y, np.float64),
    }
    return Table().with_columns(columns, [AttributeField("FEATURE_ID", INTEGER)])


def _find_in_block(features: FeatureSet[Any]) -> list[tuple[int, str, Place]]:
    """Return the row, the problem and the place of each problem, by row; NaN where no place is known."""
    shapes = features.geometries
    there = find_shapes(shapes)
    infinite = there & ~_find_finite(shapes)
    sound = there & ~infinite
    small = _find_small(features, sound)
    found = [(~there, NULL), (infinite, INFINITE)] + [(mask, text) for text, mask in small.items()]
    problems = [(row, text, NOWHERE) for mask, text in found for row in np.flatnonzero(mask).tolist()]
    problems += _explain(shapes, sound & ~small.get(SHORT, infinite))
    return sorted(problems, key=lambda each: each[0])


def mend(features: FeatureSet[Any], watch: Watch, *, drop_null: bool) -> FeatureSet[Any]:
    """Return features without problems; messages count the changes.

    Polygons are made valid by GEOS' method "structure", which keeps the area inside outer rings and outside
    holes. Vertices that repeat the one before go. A shape without area, length or place becomes null.

    Args:
        features: Features of any type; they keep their object ids.
        watch: Takes progress and messages.
        drop_null: Whether features without a shape are left out.
    """
    shapes = np.full(len(features), None, object)
    repeated = invalid = 0
    for rows, some in split_features(features, watch, "Repairing shapes"):
        shapes[rows], counts = _mend_block(some)
        repeated, invalid = repeated + counts[0], invalid + counts[1]
    _tell(invalid, "invalid polygon was repaired", "invalid polygons were repaired", watch)
    _tell(repeated, "shape had repeated vertices", "shapes had repeated vertices", watch)
    lost = int((find_shapes(features.geometries) & shapely.is_missing(shapes)).sum())
    _tell(lost, "shape without a size or a place became null", "shapes became null", watch)
    mended = features.with_geometries(shapes, features.geometry_type)
    if not drop_null:
        return mended
    there = find_shapes(shapes)
    _tell(len(there) - int(there.sum()), "null shape was left out", "null shapes were left out", watch)
    return mended.take(there)


def _mend_block(features: FeatureSet[Any]) -> tuple[Shapes, tuple[int, int]]:
    """Return shapes without problems, and the number of those with repeated vertices, and of invalid ones."""
    shapes, invalid = features.geometries.copy(), 0
    infinite = find_shapes(shapes) & ~_find_finite(shapes)
    shapes[infinite | ~find_shapes(shapes)] = None
    shapes, repeated = _drop_repeated(features, shapes)
    if features.geometry_type == POLYGON:
        invalid = int((~find_valid(shapes) & ~shapely.is_missing(shapes)).sum())
        shapes = repair_polygons(shapes).copy()
    if features.geometry_type == POLYLINE:
        shapes[shapely.length(shapes) == 0] = None
    shapes[~find_shapes(shapes)] = None
    return shapes, (repeated, invalid)


def _tell(count: int, one: str, many: str, watch: Watch) -> None:
    if count:
        watch.info(write_count(count, one, many) + ".")


def _find_finite(shapes: Shapes) -> Flags:
    """Return which shapes have finite x and y alone."""
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = owner[~np.isfinite(coordinates).all(axis=1)]
    return np.asarray(np.bincount(bad, minlength=len(shapes)) == 0)


def _find_small(features: FeatureSet[Any], sound: Flags) -> dict[str, Flags]:
    shapes = np.where(sound, features.geometries, np.array(None, object))
    if features.geometry_type in (POINT, MULTIPOINT):
        return {}
    found = {REPEATED: sound & _find_repeated(shapes)}
    if features.geometry_type == POLYLINE:
        found[SHORT] = sound & (shapely.length(shapes) == 0)
    return found


def _find_repeated(shapes: Shapes) -> Flags:
    """Return which lines or polygons have a vertex that repeats the one before it on its path."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    lines = np.concatenate([parts[is_line], rings])
    owner = np.concatenate([owner[is_line], owner[part]])
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    same = (coordinates[1:] == coordinates[:-1]).all(axis=1) & (line[1:] == line[:-1])
    return np.bincount(owner[line[1:][same]], minlength=len(shapes)) > 0


def _drop_repeated(features: FeatureSet[Any], shapes: Shapes) -> tuple[Shapes, int]:
    if features.geometry_type in (POINT, MULTIPOINT) or features.has_m:
        return shapes, 0
    repeated = _find_repeated(shapes)
    if repeated.any():
        shapes[repeated] = shapely.remove_repeated_points(shapes[repeated])
    return shapes, int(repeated.sum())


def _explain(shapes: Shapes, sound: Flags) -> list[tuple[int, str, Place]]:
    """Return the row, the problem and the place of each shape that is not valid."""
    bad = np.flatnonzero(sound)
    bad = bad[~find_valid(shapes[bad])]
    reasons = np.asarray(shapely.is_valid_reason(shapes[bad])).tolist()
    return [(row, *_divide(reason)) for row, reason in zip(bad.tolist(), reasons, strict=True)]


def _divide(reason: str) -> tuple[str, tuple[float, float]]:
    """Return the problem and the place of a text such as "Self-intersection[5 5]"."""
    text, _, place = reason.partition("[")
    x, _, y = place.removesuffix("]").partition(" ")
    return (text, (float(x), float(y.split(" ")[0]))) if y else (text, (np.nan, np.nan))
