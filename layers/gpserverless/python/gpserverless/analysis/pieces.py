"""Pieces of an overlay: shapes, and for each the feature of every layer that it is part of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.contacts import Contacts, count_pairs, find_contacts, unite_partners
from gpserverless.analysis.operations import (
    Indices,
    Shapes,
    drop_slivers,
    intersect,
    keep_dimension,
    subtract,
)
from gpserverless.analysis.tolerance import Tolerance
from gpserverless.analysis.watch import Watch


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


def intersect_pieces(
    left: Pieces, right: Pieces, dimension: int, tolerance: Tolerance, watch: Watch
) -> Pieces:
    """Return the common parts of pieces of some layers and of others.

    Args:
        left: Pieces of the first layers.
        right: Pieces of the other layers.
        dimension: Dimension of the parts that are kept.
        tolerance: The tolerance.
        watch: Takes progress.
    """
    found = [Pieces(np.empty(0, object), np.empty((0, left.members.shape[1] + right.members.shape[1]), int))]
    count_pairs(left.shapes, right.shapes)
    for rows in split_rows(len(left.shapes) if len(right.shapes) else 0, watch, "Intersecting features"):
        contacts = find_contacts(left.shapes[rows], right.shapes)
        i, j = contacts.left + rows.start, contacts.right
        shapes = _cut_pairs(left.shapes[i], right.shapes[j], contacts, tolerance)
        shapes = drop_slivers(keep_dimension(shapes, dimension), dimension, tolerance)
        kept = ~shapely.is_missing(shapes)
        members = np.hstack([left.members[i[kept]], right.members[j[kept]]])
        found.append(Pieces(shapes[kept], members))
    return join_pieces(found)


def _cut_pairs(left: Shapes, right: Shapes, contacts: Contacts, tolerance: Tolerance) -> Shapes:
    """Return the common part of each pair; of a shape inside the other that is the whole shape."""
    result: Shapes = np.where(contacts.left_inside, left, right)
    cut = ~(contacts.left_inside | contacts.right_inside)
    result[cut] = intersect(left[cut], right[cut], tolerance)
    return result


def subtract_pieces(
    left: Pieces, right: Pieces, dimension: int, tolerance: Tolerance, watch: Watch
) -> Pieces:
    """Return the parts of pieces outside all others.

    Args:
        left: The pieces.
        right: The others, of the same or a higher dimension.
        dimension: Dimension of the pieces.
        tolerance: The tolerance.
        watch: Takes progress.
    """
    if not len(right.shapes):
        return left
    found = []
    for rows in split_rows(len(left.shapes), watch, "Finding the parts outside"):
        block = left.take(np.arange(rows.start, rows.stop))
        contacts = find_contacts(block.shapes, right.shapes)
        shapes = block.shapes.copy()
        shapes[contacts.left[contacts.left_inside]] = None
        border = contacts.take(~shapely.is_missing(shapes)[contacts.left])
        near = unite_partners(block.shapes, right.shapes, border, tolerance)
        crossing = ~shapely.is_missing(near)
        rest = keep_dimension(subtract(shapes[crossing], near[crossing], tolerance), dimension)
        shapes[crossing] = drop_slivers(rest, dimension, tolerance)
        found.append(Pieces(shapes, block.members).take(~shapely.is_missing(shapes)))
    return join_pieces(found) if found else left
