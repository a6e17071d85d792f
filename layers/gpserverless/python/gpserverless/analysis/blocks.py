"""Blocks of rows: the memory of a step stays that of one block, and progress is told before each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet

BLOCK = 20_000
"""Rows of a block: larger ones take new memory, which costs time, and smaller ones more calls."""

_FIRST = 1_000
"""Rows of the first block, of which nobody knows how long it takes."""
_SLOW = 0.3
"""Seconds of a block after which the next one is smaller, so that progress is told each second."""

Shapes = NDArray[np.object_]


def split_rows(count: int, watch: Watch, text: str, size: int = BLOCK) -> Iterator[slice]:
    """Yield the blocks of rows in order, and tell the share that is done before each.

    A block that takes long makes the next one smaller: no result may depend on the size of blocks.

    Args:
        count: Number of rows.
        watch: Takes the progress.
        text: The text of the progress bar.
        size: Most rows of a block.
    """
    start, rows = 0, min(size, _FIRST)
    while start < count:
        watch.progress(text, 100 * start // count)
        began = time.monotonic()
        yield slice(start, min(start + rows, count))
        start += rows
        taken = time.monotonic() - began
        if taken > _SLOW:
            rows = max(1, int(rows * _SLOW / (2 * taken)))
        elif taken < _SLOW / 4:
            rows = min(size, 2 * rows)


def split_features(
    features: FeatureSet[Any], watch: Watch, text: str
) -> Iterator[tuple[slice, FeatureSet[Any]]]:
    """Yield the blocks of features in order, without their attributes, and the rows of each.

    Args:
        features: The features.
        watch: Takes the progress.
        text: The text of the progress bar.
    """
    bare = features.only()
    for rows in split_rows(len(features), watch, text):
        yield rows, replace(bare, geometries=features.geometries[rows])


def change_features(
    features: FeatureSet[Any], change: Callable[[FeatureSet[Any]], FeatureSet[Any]], watch: Watch, text: str
) -> FeatureSet[Any]:
    """Return the features after a change of their shapes that concerns each alone, computed block by block.

    Args:
        features: The features.
        change: Returns as many features of the same type; those that it gets have no attributes.
        watch: Takes the progress.
        text: The text of the progress bar.
    """
    shapes: Shapes = np.full(len(features), None, object)
    for rows, some in split_features(features, watch, text):
        shapes[rows] = change(some).geometries
    return features.with_geometries(shapes, features.geometry_type)


def change_shapes(shapes: Shapes, change: Callable[[Shapes], Shapes], watch: Watch, text: str) -> Shapes:
    """Return the shapes after a change that concerns each alone, computed block by block.

    Args:
        shapes: Shape (N,).
        change: Returns as many shapes as it gets.
        watch: Takes the progress.
        text: The text of the progress bar.
    """
    result: Shapes = np.full(len(shapes), None, object)
    for rows in split_rows(len(shapes), watch, text):
        result[rows] = change(shapes[rows])
    return result


def index_shapes(shapes: Shapes, watch: Watch) -> shapely.STRtree:
    """Return an index of the boxes of shapes, which is one step of about a second for a million.

    Args:
        shapes: Shape (N,).
        watch: Takes the progress.
    """
    watch.progress("Sorting shapes by place")
    tree = shapely.STRtree(shapes)
    tree.query(shapely.Point(0, 0))  # else it would be built in the first query
    return tree
