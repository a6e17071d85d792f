"""Rows in the order of the values of fields, and rows whose values occur for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.cases import rank_values
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.rows import make_object_column
from gpserverless.features.value_numbers import number_groups

SHAPE = "shape"
"""The name, in small letters, by which a list of fields means the geometries."""

DIRECTIONS = ("ASCENDING", "DESCENDING")
"""The words for the direction of a field."""


def order_rows(features: FeatureSet[Any], keys: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Return the indices of rows in order, shape (N,); equal rows keep theirs, null is the least value.

    Texts are compared by their characters, capital letters first.

    Args:
        features: The rows.
        keys: Names of fields and their directions, the first one first.

    Raises:
        InvalidParameter: There is no such field or direction, or no field at all.
    """
    if not keys:
        raise InvalidParameter("sort_field", "it names no field", '[["POP", "DESCENDING"]]')
    ranks = []
    for name, *words in keys:
        direction = " ".join(words) or "ASCENDING"
        if direction.upper() not in DIRECTIONS:
            raise InvalidParameter("sort_field", f"'{direction[:40]}' is no direction", ", ".join(DIRECTIONS))
        with name_in_errors("sort_field"):
            rank = rank_values(features.column(name))
        ranks.append(-rank if direction.upper() == "DESCENDING" else rank)
    return np.lexsort(ranks[::-1])


def find_first_rows(
    features: FeatureSet[Any], fields: Sequence[str], tolerance: float, watch: Watch
) -> NDArray[np.bool_]:
    """Return the mask of rows that have no equal row before them, shape (N,).

    Shapes are equal if they have the same vertices, in any order of parts and from any vertex of a ring on.

    Args:
        features: The rows.
        fields: Names of fields; "Shape" means the geometry.
        tolerance: In the unit of the coordinates: shapes with no vertex farther from the other one are equal
            too; 0 for none.
        watch: Takes the progress.

    Raises:
        InvalidParameter: There is no such field.
    """
    names = [name for name in fields if name.lower() != SHAPE]
    with name_in_errors("fields"):
        columns = [features.column(name) for name in names]
    has_shape = len(names) < len(fields)
    if has_shape and tolerance == 0:
        columns.append(_digest_shapes(features, watch))
    places = number_groups(columns) if columns else np.zeros(len(features), np.int64)
    if has_shape and tolerance > 0:
        return _find_first_shapes(features, places, tolerance)
    first = np.zeros(len(features), bool)
    first[np.unique(places, return_index=True)[1]] = True
    return first


def _digest_shapes(features: FeatureSet[Any], watch: Watch) -> NDArray[np.object_]:
    """Return a digest of each shape, None without one: equal ones have equal shapes."""
    digests: list[bytes | None] = []
    for rows in split_rows(len(features), watch, "Comparing"):
        normal = shapely.normalize(features.geometries[rows])
        texts = shapely.to_wkb(normal, output_dimension=4).tolist()
        digests += [None if text is None else blake2b(text, digest_size=16).digest() for text in texts]
    return make_object_column(digests)


def _find_first_shapes(
    features: FeatureSet[Any], places: NDArray[np.int64], tolerance: float
) -> NDArray[np.bool_]:
    shapes = features.geometries
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=tolerance)
    check_pairs(len(left))
    later = (left < right) & (places[left] == places[right])
    left, right = left[later], right[later]
    near = shapely.hausdorff_distance(shapes[left], shapes[right]) <= tolerance
    order = np.lexsort((right[near], left[near]))
    first = np.ones(len(shapes), bool)
    for earlier, other in zip(left[near][order].tolist(), right[near][order].tolist(), strict=True):
        if first[earlier]:
            first[other] = False
    null = np.flatnonzero(shapely.is_missing(shapes))
    first[np.setdiff1d(null, null[np.unique(places[null], return_index=True)[1]])] = False
    return first
