"""Clusters of points by density: DBSCAN (Ester, Kriegel, Sander and Xu, KDD 1996)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.neighbours import Links, Places, split_targets
from gpserverless.analysis.watch import Watch

NOISE = -1
"""The cluster of points that belong to none."""

Indices = NDArray[np.int64]


def find_clusters(places: Places, distance: float, least: int, watch: Watch) -> Indices:
    """Return the cluster of every place, from 1 in the order of their first places, or -1, shape (N,).

    A place with at least `least` places within the distance, itself among them, is a core. Cores within the
    distance of each other are in one cluster. A place that is no core joins its nearest core within the
    distance; of several the one with the smaller x, then y.

    Args:
        places: The places.
        distance: In metres if geographic, else in the unit of the coordinates.
        least: Places in the smallest cluster.
        watch: Takes the progress.
    """
    total = len(places.xy)
    each = _expect_links(places, distance)
    numbers = np.zeros(total, np.int64)
    for rows in split_targets(total, each, watch, "Counting neighbours"):
        links = _find_links(places, rows, distance)
        numbers += np.bincount(links.target, minlength=total)
    is_core = numbers >= least
    roots, nearest = np.arange(total), np.full(total, NOISE)
    for rows in split_targets(total, each, watch, "Joining clusters"):
        links = _find_links(places, rows, distance)
        links = links.take(is_core[links.place])
        cores = is_core[links.target]
        roots = join(roots, links.target[cores], links.place[cores])
        first = _take_nearest(places, links.take(~cores))
        nearest[first.target] = first.place
    owner = np.where(is_core, np.arange(total), nearest)
    return _number(np.where(owner == NOISE, NOISE, roots[owner]))


def find_core_distance(places: Places, least: int, watch: Watch) -> float:
    """Return the distance that is taken if none is named: it reaches enough neighbours of nearly all places.

    It is the greatest distance from a place to the last of its `least` nearest places, itself among them,
    without the top one percent.

    Args:
        places: The places.
        least: Places in the smallest cluster.
        watch: Takes the progress.
    """
    far = np.zeros(len(places.xy))
    for rows in split_targets(len(places.xy), 6.0 * least, watch, "Choosing the distance"):
        links = places.find_nearest(places.xy[rows], least)
        np.maximum.at(far, links.target + rows.start, links.distance)
    kept = np.sort(far)[: max(1, len(far) - len(far) // 100)]
    return float(kept[-1])


def join(roots: Indices, a: Indices, b: Indices) -> Indices:
    """Return the roots of N members, the least of each set, after pairs of members were joined.

    Args:
        roots: Shape (N,), the least member of the set of each member.
        a: Shape (M,), members.
        b: Shape (M,), the members that they are joined with.
    """
    roots = roots.copy()
    while True:
        high, low = np.maximum(roots[a], roots[b]), np.minimum(roots[a], roots[b])
        apart = high != low
        if not apart.any():
            return roots
        np.minimum.at(roots, high[apart], low[apart])
        while (upper := roots[roots]).tobytes() != roots.tobytes():
            roots = upper


def _find_links(places: Places, rows: slice, distance: float) -> Links:
    targets = places.xy[rows]
    links = places.find_within(targets, np.full(len(targets), distance))
    return Links(links.target + rows.start, links.place, links.distance)


def _expect_links(places: Places, distance: float) -> float:
    sample = places.xy[:: max(1, len(places.xy) // 100)]
    found = len(places.pair_within(sample, np.full(len(sample), distance))[0])
    return 2.0 * found / max(len(sample), 1)


def _take_nearest(places: Places, links: Links) -> Links:
    x, y = places.xy[links.place].T
    links = links.take(np.lexsort((y, x, links.distance, links.target)))
    return links.take(np.flatnonzero(np.diff(links.target, prepend=-1)))


def _number(roots: Indices) -> Indices:
    """Number sets from 1 in the order of their first members; -1 stays."""
    known = roots != NOISE
    _, first, number = np.unique(roots[known], return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    numbers = np.full(len(roots), NOISE)
    numbers[known] = order[number] + 1
    return numbers
