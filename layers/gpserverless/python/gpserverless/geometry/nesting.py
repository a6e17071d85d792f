"""Rings of Esri JSON assembled to polygons with holes.

The rule of Esri JSON: an outer ring runs clockwise, a hole counter-clockwise, in any order and nesting. A
hole belongs to the smallest outer ring of its feature that covers the whole hole: one inner point is not
enough, since an island may lie in the hole. If a hole is left without an outer ring, the writer did not
follow the rule, and the rings of that feature are nested by containment alone. An outer ring that crosses
itself has everything in it that it runs around. A lone ring is a polygon in either direction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue

Rings = NDArray[np.object_]
Indices = NDArray[np.int64]

_MANY_PAIRS = 10_000  # from here on a tree is cheaper than trying every outer ring for every hole
_MOST_PAIRS = 2_000_000  # rings of one feature that meet another; real ones have few, nested bombs the square
_BLOCK = 1_000


def assemble_polygons(rings: Rings, areas: NDArray[np.float64], features: Indices) -> NDArray[np.object_]:
    """Assemble one Polygon or MultiPolygon a feature, shape (N,), None for a feature without rings.

    Args:
        rings: Shape (K,), linear rings.
        areas: Shape (K,), their signed areas, positive if counter-clockwise.
        features: Shape (N + 1,), offsets of each feature's rings.

    Raises:
        InvalidValue: The rings of one feature lie in one another too often.
    """
    counts = np.diff(features)
    owner = np.repeat(np.arange(len(counts)), counts)
    shell = _assign_shells(rings, areas, features, owner)
    is_shell = shell == np.arange(len(rings))
    if is_shell.all():
        polygons = np.asarray(shapely.polygons(rings))
    else:
        polygon = (np.cumsum(is_shell) - 1)[shell]
        # Of the rings of one polygon shapely takes the first as the outer one.
        order = np.lexsort((~is_shell, polygon))
        polygons = np.asarray(shapely.polygons(rings[order], indices=polygon[order]))
    return _collect(polygons, owner[is_shell], len(counts))


def _collect(polygons: NDArray[np.object_], owner: Indices, features: int) -> NDArray[np.object_]:
    counts = np.bincount(owner, minlength=features)
    result: NDArray[np.object_] = np.full(features, None, object)
    alone = counts[owner] == 1
    result[owner[alone]] = polygons[alone]
    if not alone.all():
        shapely.multipolygons(polygons[~alone], indices=owner[~alone], out=result)
    return result


def _assign_shells(rings: Rings, areas: NDArray[np.float64], features: Indices, owner: Indices) -> Indices:
    """Return for every ring the outer ring that it bounds or lies in; its own index if it is one."""
    shell = np.arange(len(rings))
    counts = np.diff(features)
    is_hole = (areas > 0) & (counts[owner] > 1)
    if not is_hole.any():
        return shell
    filled = np.full(len(rings), None, object)
    concerned = np.isin(owner, owner[is_hole])
    filled[concerned] = shapely.polygons(rings[concerned])
    shell[is_hole] = -1
    hole, outer = _find_candidates(filled, is_hole, features, owner)
    hole, outer = _keep_covering(filled, np.abs(areas), hole, outer)
    shell[hole] = outer
    for feature in np.unique(owner[shell < 0]):
        some = slice(features[feature], features[feature + 1])
        own = shell[some] - some.start
        _nest_in_crossing_rings(own, rings[some], filled[some], np.abs(areas[some]))
        if (own < 0).any():
            own = _nest_by_containment(filled[some], np.abs(areas[some]))
        shell[some] = some.start + own
    return shell


def _nest_in_crossing_rings(
    shell: Indices, rings: Rings, filled: NDArray[np.object_], areas: NDArray[np.float64]
) -> None:
    """Assign the holes of one feature that lie in an outer ring which crosses itself: GEOS does not see it.

    Args:
        shell: Outer ring of each ring, below 0 for a hole without one; changed in place.
        rings: The rings.
        filled: The polygons within them.
        areas: Their areas.
    """
    outers = np.flatnonzero(shell == np.arange(len(shell)))
    outers = outers[~shapely.is_simple(rings[outers])]
    holes = np.flatnonzero(shell < 0)
    if not len(outers) or len(holes) * len(outers) > _MANY_PAIRS:
        return
    enclosed = np.array([_enclose(ring) for ring in rings[outers]], object)
    hole, outer = (pairs.ravel() for pairs in np.meshgrid(holes, np.arange(len(outers)), indexing="ij"))
    covers = shapely.covers(enclosed[outer], filled[hole])
    hole, outer = _keep_smallest(areas, hole[covers], outers[outer[covers]])
    shell[hole] = outer


def _enclose(ring: Any) -> Any:
    """Return everything that a ring runs around, also where it does so twice."""
    return shapely.union_all(shapely.get_parts(shapely.polygonize([shapely.union_all([ring])])))


def _find_candidates(
    filled: NDArray[np.object_], is_hole: NDArray[np.bool_], features: Indices, owner: Indices
) -> tuple[Indices, Indices]:
    """Return index pairs (hole, outer ring of the same feature) that may belong together."""
    hole, outer = np.flatnonzero(is_hole), np.flatnonzero(~is_hole)
    outers = np.bincount(owner[outer], minlength=len(features) - 1)
    holes = np.bincount(owner[hole], minlength=len(features) - 1)
    many = holes * outers > _MANY_PAIRS
    few = hole[~many[owner[hole]]]
    tries = outers[owner[few]]
    first = np.searchsorted(owner[outer], owner[few])
    step = np.arange(tries.sum()) - np.repeat(np.cumsum(tries) - tries, tries)
    pairs = [(np.repeat(few, tries), outer[np.repeat(first, tries) + step])]
    for feature in np.flatnonzero(many):
        rings = np.arange(features[feature], features[feature + 1])
        inside, around = rings[is_hole[rings]], rings[~is_hole[rings]]
        h, o = _find_meeting_boxes(filled[around], filled[inside])
        pairs.append((inside[h], around[o]))
    return np.concatenate([h for h, _ in pairs]), np.concatenate([o for _, o in pairs])


def _find_meeting_boxes(around: NDArray[np.object_], inside: NDArray[np.object_]) -> tuple[Indices, Indices]:
    """Return index pairs (inside, around) of polygons whose boxes meet.

    Raises:
        InvalidValue: There are more pairs than any real feature has; to decide about them takes too long.
    """
    tree, pairs, count = shapely.STRtree(around), [], 0
    for start in range(0, len(inside), _BLOCK):
        i, a = tree.query(inside[start : start + _BLOCK])
        pairs.append((i + start, a))
        count += len(i)
        if count > _MOST_PAIRS:
            raise InvalidValue("its rings lie in one another too often", "features with fewer nested rings")
    return np.concatenate([i for i, _ in pairs]), np.concatenate([a for _, a in pairs])


def _keep_covering(
    filled: NDArray[np.object_], areas: NDArray[np.float64], hole: Indices, outer: Indices
) -> tuple[Indices, Indices]:
    """Keep of the pairs the smallest outer ring that covers each hole."""
    larger = areas[outer] >= areas[hole]
    hole, outer = hole[larger], outer[larger]
    shapely.prepare(filled[np.unique(outer)])
    covers = shapely.covers(filled[outer], filled[hole])
    return _keep_smallest(areas, hole[covers], outer[covers])


def _keep_smallest(areas: NDArray[np.float64], inner: Indices, outer: Indices) -> tuple[Indices, Indices]:
    order = np.lexsort((areas[outer], inner))
    _, first = np.unique(inner[order], return_index=True)
    return inner[order][first], outer[order][first]


def _nest_by_containment(filled: NDArray[np.object_], areas: NDArray[np.float64]) -> Indices:
    """Return the shell of every ring of one feature by containment: at even depth a ring is an outer one."""
    inner, outer = _find_meeting_boxes(filled, filled)
    shapely.prepare(filled)
    covered = shapely.covers(filled[outer], filled[inner])
    inner, outer = inner[covered], outer[covered]
    before = (areas[outer] > areas[inner]) | ((areas[outer] == areas[inner]) & (outer < inner))
    inner, outer = inner[before], outer[before]
    depth = np.bincount(inner, minlength=len(filled))
    around = (depth[inner] % 2 == 1) & (depth[outer] == depth[inner] - 1)
    inner, outer = _keep_smallest(areas, inner[around], outer[around])
    shell = np.arange(len(filled))
    shell[inner] = outer
    return shell
