"""Pieces of an overlay: shapes, and for each the feature of every layer that it is part of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.contacts import (
    BLOCK,
    Contacts,
    count_pairs,
    find_contacts,
    join_contacts,
    split_contacts,
    unite_partners,
)
from gpserverless.analysis.operations import (
    Indices,
    Shapes,
    drop_slivers,
    intersect,
    keep,
    keep_dimension,
    subtract,
)
from gpserverless.analysis.tolerance import Tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.geometry.dissolve import is_coverage

_NOISE = 1e-6
"""Share of an area that parts may exceed it by and yet not overlap: far above the noise of 64-bit floats."""


@dataclass(frozen=True)
class Pieces:
    """P pieces of an overlay of K layers."""

    #: Shape (P,).
    shapes: Shapes
    #: Shape (P, K), index of the feature of each layer, -1 where the piece is outside the layer.
    members: Indices

    def take(self, rows: NDArray[np.generic]) -> Pieces:
        """Return some of the pieces.

        Args:
            rows: Mask of shape (P,), or indices.
        """
        return Pieces(self.shapes[rows], self.members[rows])

    def widen(self, before: int, after: int) -> Pieces:
        """Return the same pieces among more layers, which they are outside of.

        Args:
            before: Number of layers before.
            after: Number of layers behind.
        """
        return Pieces(self.shapes, np.pad(self.members, ((0, 0), (before, after)), constant_values=-1))

    def sort(self) -> Pieces:
        """Return the pieces in the order of their features, layer by layer."""
        return self.take(np.lexsort(self.members.T[::-1]))


def start_pieces(shapes: Shapes) -> Pieces:
    """Return the features of one layer as pieces.

    Args:
        shapes: Shape (N,).
    """
    return Pieces(shapes, np.arange(len(shapes))[:, None])


def join_pieces(groups: Sequence[Pieces]) -> Pieces:
    """Return the pieces of several groups one after the other.

    Args:
        groups: Groups of pieces of the same layers.
    """
    return Pieces(
        np.concatenate([group.shapes for group in groups]), np.concatenate([g.members for g in groups])
    )


@dataclass(frozen=True)
class Overlap:
    """The common parts of pieces of some layers, the left ones, and of others."""

    #: The common parts.
    pieces: Pieces
    #: For each of them the indices of the left and the right piece.
    contacts: Contacts


def intersect_pieces(
    left: Pieces, right: Pieces, dimension: int, tolerance: Tolerance, watch: Watch
) -> Overlap:
    """Return the common parts of pieces of some layers and of others.

    Args:
        left: Pieces of the first layers.
        right: Pieces of the other layers.
        dimension: Dimension of the parts that are kept.
        tolerance: The tolerance.
        watch: Takes progress.
    """
    found, pairs = [np.empty(0, object)], []
    text = "Intersecting features"
    tree = shapely.STRtree(right.shapes)
    count_pairs(left.shapes, tree)
    for rows in split_rows(len(left.shapes), watch, text, BLOCK):
        met = find_contacts(left.shapes[rows], tree).shift(rows.start)
        for start in range(0, len(met.left), BLOCK):
            contacts = met.take(np.arange(start, min(start + BLOCK, len(met.left))))
            watch.progress(text, 100 * rows.start // len(left.shapes))
            shapes = _cut_pairs(left.shapes[contacts.left], right.shapes[contacts.right], contacts, tolerance)
            shapes = drop_slivers(keep_dimension(shapes, dimension), dimension, tolerance)
            kept = ~shapely.is_missing(shapes)
            found.append(shapes[kept])
            pairs.append(contacts.take(kept))
    joined = join_contacts(pairs)
    members = np.hstack([left.members[joined.left], right.members[joined.right]])
    return Overlap(Pieces(np.concatenate(found), members), joined)


def _cut_pairs(left: Shapes, right: Shapes, contacts: Contacts, tolerance: Tolerance) -> Shapes:
    """Return the common part of each pair; of a shape inside the other that is the whole shape."""
    result = right.copy()
    result[contacts.left_inside] = left[contacts.left_inside]
    cut = ~(contacts.left_inside | contacts.right_inside)
    result[cut] = intersect(left[cut], right[cut], tolerance)
    return result


def subtract_left(
    overlap: Overlap, left: Pieces, right: Pieces, tolerance: Tolerance, watch: Watch
) -> Pieces:
    """Return the parts of left pieces outside all right ones.

    Args:
        overlap: Their common parts.
        left: The left pieces.
        right: The right pieces, of the same or a higher dimension.
        tolerance: The tolerance.
        watch: Takes progress.
    """
    return _subtract(left, right.shapes, overlap.contacts, overlap.pieces.shapes, (tolerance, watch))


def subtract_right(
    overlap: Overlap, left: Pieces, right: Pieces, tolerance: Tolerance, watch: Watch
) -> Pieces:
    """Return the parts of right pieces outside all left ones.

    Args:
        overlap: Their common parts.
        left: The left pieces, of the same or a higher dimension.
        right: The right pieces.
        tolerance: The tolerance.
        watch: Takes progress.
    """
    order = np.argsort(overlap.contacts.right, kind="stable")
    common = overlap.pieces.shapes[order]
    return _subtract(right, left.shapes, overlap.contacts.swap(), common, (tolerance, watch))


def _subtract(
    pieces: Pieces, others: Shapes, contacts: Contacts, common: Shapes, ways: tuple[Tolerance, Watch]
) -> Pieces:
    """Return the parts of pieces outside others; those that are seen to be covered are not cut."""
    tolerance, watch = ways
    covered = np.zeros(len(pieces.shapes), bool)
    covered[contacts.left[contacts.left_inside]] = True
    covered |= _find_covered(pieces.shapes, others, contacts, common, tolerance)
    border = contacts.take(~covered[contacts.left])
    result: Shapes = keep(pieces.shapes, ~covered)
    for rows, pairs in split_contacts(border, watch, "Finding the parts outside"):
        shapes = pieces.shapes[rows]
        near = unite_partners(shapes, others, pairs, tolerance)
        dimension = int(shapely.get_dimensions(shapes[0]))
        rest = keep_dimension(subtract(shapes, near, tolerance), dimension)
        result[rows] = drop_slivers(rest, dimension, tolerance)
    return Pieces(result, pieces.members).take(~shapely.is_missing(result))


def _find_covered(
    shapes: Shapes, others: Shapes, contacts: Contacts, common: Shapes, tolerance: Tolerance
) -> NDArray[np.bool_]:
    """Return whether each polygon is covered by others, whose parts in it add up to it without an overlap."""
    nothing = np.zeros(len(shapes), bool)
    if not len(common) or not (shapely.get_dimensions(common) == 2).all():
        return nothing
    area = shapely.area(shapes)
    inside = np.bincount(contacts.left, weights=shapely.area(common), minlength=len(shapes))
    overlapping = (inside > area * (1 + _NOISE) + tolerance.least**2).any()
    if overlapping or not is_coverage(others):
        return nothing
    return np.asarray(area - inside < tolerance.least**2)
