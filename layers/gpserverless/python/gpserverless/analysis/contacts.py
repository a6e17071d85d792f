"""Pairs of shapes of two layers that meet, and which of two lies wholly inside the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.operations import Indices, Shapes, intersect, keep_dimension, unite_rows
from gpserverless.analysis.tolerance import Tolerance
from gpserverless.analysis.watch import Watch

_MANY_VERTICES = 64
"""Vertices of a shape from which on a test by an index of its edges costs less than the cut it saves."""

_TOUCHED = 50_000_000
"""Most pairs that one count of them may hold in memory."""

BLOCK = 4_000
"""Pairs that are cut before progress is told: less than a second's work."""

_MARGIN = 0.01
"""Width of a frame about a shape's box, as a share of the box."""


@dataclass(frozen=True)
class Contacts:
    """The M pairs of a left and a right shape that may meet."""

    #: Shape (M,), index of the left shape.
    left: Indices
    #: Shape (M,), index of the right shape.
    right: Indices
    #: Shape (M,), whether the left shape is wholly inside the right one.
    left_inside: NDArray[np.bool_]
    #: Shape (M,), whether the right shape is wholly inside the left one.
    right_inside: NDArray[np.bool_]

    def take(self, rows: NDArray[np.generic]) -> Contacts:
        """Return some of the pairs.

        Args:
            rows: Mask of shape (M,), or indices.
        """
        return Contacts(self.left[rows], self.right[rows], self.left_inside[rows], self.right_inside[rows])

    def shift(self, by: int) -> Contacts:
        """Return the same pairs of left shapes that are numbered from another start.

        Args:
            by: Added to the indices of left shapes.
        """
        return replace(self, left=self.left + by)

    def swap(self) -> Contacts:
        """Return the same pairs with left and right exchanged, in the order of the new left shapes."""
        order = np.argsort(self.right, kind="stable")
        return Contacts(
            self.right[order], self.left[order], self.right_inside[order], self.left_inside[order]
        )


def split_contacts(contacts: Contacts, watch: Watch, text: str) -> Iterator[tuple[Indices, Contacts]]:
    """Yield blocks of left shapes with about equally many pairs, and tell the share that is done before each.

    Args:
        contacts: The pairs, in the order of the left shapes.
        watch: Takes the progress.
        text: The text of the progress bar.

    Yields:
        The indices of the left shapes of the block, and their pairs with left shapes numbered from 0.
    """
    rows, first, counts = np.unique(contacts.left, return_index=True, return_counts=True)
    block = np.cumsum(counts) // BLOCK
    for start, stop in pairwise([0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(rows)]):
        if start == stop:
            return
        watch.progress(text, 100 * start // len(rows))
        pairs = contacts.take(np.arange(first[start], first[stop - 1] + counts[stop - 1]))
        yield rows[start:stop], replace(pairs, left=np.searchsorted(rows[start:stop], pairs.left))


def join_contacts(blocks: Sequence[Contacts]) -> Contacts:
    """Return the pairs of several blocks of left shapes.

    Args:
        blocks: The pairs of each block, in order.
    """
    if not blocks:
        return NO_CONTACTS
    return Contacts(
        np.concatenate([block.left for block in blocks]),
        np.concatenate([block.right for block in blocks]),
        np.concatenate([block.left_inside for block in blocks]),
        np.concatenate([block.right_inside for block in blocks]),
    )


_EMPTY = np.empty(0, np.int64)
NO_CONTACTS = Contacts(_EMPTY, _EMPTY, _EMPTY.astype(bool), _EMPTY.astype(bool))
"""No pairs."""


def count_pairs(left: Shapes, tree: shapely.STRtree) -> None:
    """Raise if more pairs of shapes have boxes that meet than fit.

    Args:
        left: Shape (N,).
        tree: The right shapes.

    Raises:
        ToolError: They are too many.
    """
    if len(left) * len(tree) <= _TOUCHED // 10:
        return
    total = 0
    step = int(np.clip(_TOUCHED // len(tree), 1, 20_000))
    for start in range(0, len(left), step):
        total += tree.query(left[start : start + step]).shape[1]
        check_pairs(total)


def find_contacts(left: Shapes, tree: shapely.STRtree, *, every: bool = False) -> Contacts:
    """Find the pairs whose boxes meet, without those that are seen not to meet themselves.

    Args:
        left: Shape (N,).
        tree: The right shapes.
        every: Whether pairs of small shapes are tested too.
    """
    right = tree.geometries
    i, j = tree.query(left)
    size_left = shapely.get_num_coordinates(left)[i]
    size_right = shapely.get_num_coordinates(right)[j]
    tested = every | (np.maximum(size_left, size_right) >= _MANY_VERTICES)
    meets, in_right, in_left = np.ones(len(i), bool), np.zeros(len(i), bool), np.zeros(len(i), bool)
    right_larger = size_right >= size_left
    _test(right, left, (j, i), tested & right_larger, (meets, in_right))
    _test(left, right, (i, j), tested & ~right_larger, (meets, in_left))
    return Contacts(i, j, in_right, in_left).take(meets)


def _test(
    large: Shapes,
    small: Shapes,
    pairs: tuple[Indices, Indices],
    rows: NDArray[np.bool_],
    answers: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    """Write into the answers whether the small shape meets the large one, and whether it is inside."""
    at = np.flatnonzero(rows)
    if not len(at):
        return
    meets, inside = answers
    i, j = pairs[0][at], pairs[1][at]
    shapely.prepare(large[np.unique(i)])
    inside[at] = shapely.contains_properly(large[i], small[j])
    rest = ~inside[at]
    meets[at[rest]] = shapely.intersects(large[i[rest]], small[j[rest]])


def unite_partners(left: Shapes, right: Shapes, contacts: Contacts, tolerance: Tolerance) -> Shapes:
    """Return for each left shape the union of its right ones near it, shape (N,), None for none.

    Where a left shape has several right ones, those of many vertices are first cut to its surroundings, so
    that a border between large countries is not united anew for each small shape upon it.

    Args:
        left: Shape (N,).
        right: Shape (M,).
        contacts: Their pairs.
        tolerance: The tolerance.
    """
    partners = right[contacts.right]
    several = np.bincount(contacts.left, minlength=len(left))[contacts.left] > 1
    large = several & (shapely.get_num_coordinates(partners) >= _MANY_VERTICES)
    if large.any():
        frames = _make_frames(left)[contacts.left[large]]
        cut = intersect(partners[large], frames, tolerance)
        partners[large] = keep_dimension(cut, int(shapely.get_dimensions(right[0])))
    return unite_rows(partners, contacts.left, len(left))


def _make_frames(shapes: Shapes) -> Shapes:
    """Return a box about each shape with some room around it."""
    west, south, east, north = shapely.bounds(shapes).T
    room = np.maximum(_MARGIN * np.maximum(east - west, north - south), 1e-9)
    return np.asarray(shapely.box(west - room, south - room, east + room, north + room), object)
