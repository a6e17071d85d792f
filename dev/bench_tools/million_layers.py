"""The layers of the runs on a million features: seeded, and made without a package that no worker has."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from dev.benchmarks.data import UTM33, with_attributes
from gpserverless.features.feature_set import FeatureSet

WIDTH = 1e6
"""Metres of a side of the square where all features lie."""
AREAS = 3_249
"""Polygons of the other layer, as many as a country has counties."""


def _place(count: int) -> NDArray[np.float64]:
    return np.random.default_rng(count).uniform(0, WIDTH, (count, 2))


def _with_cases(shapes: Any) -> FeatureSet[Any]:
    """Return features with a name, a number, and the case of each, with about a thousand others."""
    return with_attributes(shapes, UTM33).with_columns(
        {"CASE": np.arange(len(shapes)) % max(1, len(shapes) // 1_000)}
    )


def _draw_points(count: int) -> FeatureSet[Any]:
    places = _place(count)
    return _with_cases(shapely.points(places)).with_columns({"X": places[:, 0], "Y": places[:, 1]})


def _draw_lines(count: int) -> FeatureSet[Any]:
    """Return lines of four vertices, about 600 m long, of which a few cross."""
    random = np.random.default_rng(5)
    heading = np.cumsum(random.normal(0, 0.5, (count, 4)), axis=1)
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=2) * 200
    return _with_cases(shapely.linestrings(_place(count)[:, None] + np.cumsum(steps, axis=1)))


def _draw_blobs(count: int) -> FeatureSet[Any]:
    """Return polygons of eight corners, about 400 m wide, of which a few overlap."""
    random = np.random.default_rng(2)
    angles = -np.linspace(0, 2 * np.pi, 8, endpoint=False)
    reach = random.uniform(100, 200, (count, 8))
    rings = np.stack([reach * np.cos(angles), reach * np.sin(angles)], axis=2)
    return _with_cases(shapely.polygons(rings + _place(count)[:, None]))


def _draw_cells(count: int, shift: float = 0) -> FeatureSet[Any]:
    """Return squares side by side, nearly so many, moved by a share of their width."""
    side = math.isqrt(count)
    x, y = (each.ravel() + shift for each in np.meshgrid(np.arange(side), np.arange(side)))
    width = WIDTH / side
    return _with_cases(shapely.box(x * width, y * width, (x + 1) * width, (y + 1) * width, ccw=False))


def _draw_pairs(count: int) -> FeatureSet[Any]:
    """Return half as many features, of two parts each."""
    parts = _draw_blobs(count).geometries
    return _with_cases(shapely.multipolygons(parts[: count // 2 * 2].reshape(-1, 2)))


LAYERS: dict[str, Callable[[int], FeatureSet[Any]]] = {
    "points": _draw_points,
    "other points": lambda count: _draw_points(count + 1),
    "lines": _draw_lines,
    "polygons": _draw_blobs,
    "cells": _draw_cells,
    "half as many cells": lambda count: _draw_cells(count // 2),
    "as many moved cells": lambda count: _draw_cells(count // 2, 0.5),
    "pairs": _draw_pairs,
    "areas": lambda _count: _draw_cells(AREAS),
    "gaps": lambda _count: _draw_cells(AREAS).take(np.arange(math.isqrt(AREAS) ** 2) % 2 == 0),
    "few points": lambda count: _draw_points(count // 100),
    "zone": lambda _count: _with_cases(
        np.array([shapely.Point(WIDTH / 2, WIDTH / 2).buffer(WIDTH / 3, quad_segs=64)], object)
    ),
}
"""Layers by name, each made for a number of features; areas and zone are the same for any number."""
