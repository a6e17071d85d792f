"""Lines and outlines of layers cut where they meet, with the features that run along each piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.line_network import (
    Paths,
    join_pieces,
    list_paths,
    prepare_lines,
    split_paths,
    unite_paths,
)
from gpserverless.analysis.operations import Indices, Shapes
from gpserverless.analysis.overlay_columns import make_features
from gpserverless.analysis.pieces import Pieces
from gpserverless.analysis.relations import NO_INDICES, join_blocks
from gpserverless.analysis.tolerance import Tolerance, read_tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYLINE
from gpserverless.values.units import LinearUnit

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Places along a piece that are all near to a path that it runs along."""


def make_lines(
    layers: Sequence[FeatureSet[Any]], given: LinearUnit | None, watch: Watch, *, attributes: bool = True
) -> FeatureSet[Any]:
    """Return the lines and outlines of layers, cut where they meet.

    Args:
        layers: Lines or polygons, at least one layer; the later ones are projected to the first.
        given: The tolerance that the caller gives.
        watch: Takes progress and warnings.
        attributes: Whether pieces have the attributes of the features that they are part of, one piece for
            each combination of features; else each piece is there once.

    Raises:
        InvalidParameter: There is no layer, or one holds neither lines nor polygons.
        ToolError: The lines cannot be cut.
    """
    tolerance = read_tolerance(given, layers[0].spatial_reference if layers else None)
    prepared = prepare_lines(layers, tolerance, watch)
    paths = list_paths(prepared)
    pieces, piece, path = _cut_paths(paths, tolerance, watch)
    watch.progress("Listing the features of the pieces")
    if not attributes:
        bare: FeatureSet[Any] = FeatureSet(spatial_reference=prepared[0].features.spatial_reference)
        return bare.with_geometries(pieces, POLYLINE)
    combined = _combine(pieces, piece, path, paths, len(prepared))
    watch.progress("Joining attributes")
    return make_features(combined, prepared, POLYLINE, "ALL")


def _cut_paths(paths: Paths, tolerance: Tolerance, watch: Watch) -> tuple[Shapes, Indices, Indices]:
    """Return the pieces of paths in order, and the pairs of a piece and a path that it runs along."""
    watch.progress("Cutting lines where they meet")
    noise = paths.measure_noise(tolerance)
    found: list[Shapes] = [np.empty(0, object)]
    blocks = [(NO_INDICES, NO_INDICES)]
    total = 0
    for rows in split_paths(paths.shapes, tolerance, noise, watch):
        pieces, piece, path = _cut_block(paths.take(rows), tolerance, noise)
        found.append(pieces)
        blocks.append((piece + total, rows[path]))
        total += len(pieces)
    pieces = np.concatenate(found)
    piece, path = join_blocks(blocks)
    watch.progress("Putting pieces in order")
    first = np.full(len(pieces), len(paths.shapes), np.int64)
    np.minimum.at(first, piece, path)
    order = np.argsort(first, kind="stable")
    return pieces[order], _invert(order)[piece], path


def _cut_block(paths: Paths, tolerance: Tolerance, noise: float) -> tuple[Shapes, Indices, Indices]:
    pieces = join_pieces(unite_paths(paths.shapes, tolerance), paths, noise)
    piece, path = _find_paths(pieces, paths, noise)
    if tolerance.grid:
        piece, path = _keep_cells(pieces, paths, (piece, path), tolerance.grid)
    piece, path = _add_nearest(pieces, paths, piece, path)
    return _order(pieces, piece, path, paths)


def _invert(order: Indices) -> Indices:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def _find_paths(pieces: Shapes, paths: Paths, noise: float) -> tuple[Indices, Indices]:
    """Return the pairs of a piece and a path that it runs along."""
    middle = np.asarray(shapely.line_interpolate_point(pieces, 0.5, normalized=True), object)
    piece, path = shapely.STRtree(paths.shapes).query(middle, predicate="dwithin", distance=noise)
    check_pairs(len(piece))
    for share in _SHARES:
        place = shapely.line_interpolate_point(pieces[piece], share, normalized=True)
        near = shapely.dwithin(place, paths.shapes[path], noise)
        piece, path = piece[near], path[near]
    return piece, path


def _keep_cells(
    pieces: Shapes, paths: Paths, pairs: tuple[Indices, Indices], grid: float
) -> tuple[Indices, Indices]:
    """Return the pairs without those of a short piece and a path that only crosses it.

    Such a path is as near to both ends as a cell of the grid is wide, but passes through the cell of one.
    """
    piece, path = pairs
    keeps = shapely.length(pieces[piece]) > 2 * grid
    passes = np.ones(len(piece), bool)
    for place in (0, -1):
        x, y = shapely.get_coordinates(shapely.get_point(pieces[piece], place)).T
        half = grid / 2
        cell = shapely.box(x - half, y - half, x + half, y + half)
        passes &= shapely.intersects(cell, paths.shapes[path])
    return piece[keeps | passes], path[keeps | passes]


def _add_nearest(pieces: Shapes, paths: Paths, piece: Indices, path: Indices) -> tuple[Indices, Indices]:
    """Return the pairs, and for a piece without one, since its ends were moved, the nearest path."""
    alone = np.setdiff1d(np.arange(len(pieces)), piece)
    middle = shapely.line_interpolate_point(pieces[alone], 0.5, normalized=True)
    row, nearest = shapely.STRtree(paths.shapes).query_nearest(middle, all_matches=False)
    return np.append(piece, alone[row]), np.append(path, nearest)


def _order(pieces: Shapes, piece: Indices, path: Indices, paths: Paths) -> tuple[Shapes, Indices, Indices]:
    """Return pieces in the order and direction of their first paths, and the pairs with these pieces."""
    first = np.full(len(pieces), len(paths.shapes), np.int64)
    np.minimum.at(first, piece, path)
    start, end = (shapely.get_point(pieces, place) for place in (0, 1))
    edges = shapely.linestrings(
        np.stack([shapely.get_coordinates(start), shapely.get_coordinates(end)], axis=1)
    )
    along = paths.shapes[first]
    thirds = [
        shapely.line_locate_point(along, shapely.line_interpolate_point(edges, share, normalized=True))
        for share in (1 / 3, 2 / 3)
    ]
    backward = thirds[1] < thirds[0]
    pieces = pieces.copy()
    pieces[backward] = shapely.reverse(pieces[backward])
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    order = np.lexsort((shapely.line_locate_point(along, middle), first))
    return pieces[order], _invert(order)[piece], path


def _combine(pieces: Shapes, piece: Indices, path: Indices, paths: Paths, count: int) -> Pieces:
    """Return a piece for each combination of the features of all layers that it is part of."""
    rows = np.arange(len(pieces))
    members = np.empty((len(rows), 0), np.int64)
    for layer in range(count):
        here = paths.layer[path] == layer
        pairs = np.unique(np.stack([piece[here], paths.row[path[here]]], axis=1), axis=0)
        outside = np.setdiff1d(np.arange(len(pieces)), pairs[:, 0])
        pairs = np.vstack([pairs, np.stack([outside, np.full(len(outside), -1)], axis=1)])
        pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
        sizes = np.bincount(pairs[:, 0], minlength=len(pieces))
        begin = np.cumsum(sizes) - sizes
        again = sizes[rows]
        check_pairs(int(again.sum()))
        within = np.arange(int(again.sum())) - np.repeat(np.cumsum(again) - again, again)
        member = pairs[np.repeat(begin[rows], again) + within, 1]
        members = np.hstack([np.repeat(members, again, axis=0), member[:, None]])
        rows = np.repeat(rows, again)
    return Pieces(pieces[rows], members)
