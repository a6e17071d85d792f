"""Links: the shortest ways between features, and their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.edge_pieces import Indices, Numbers
from gpserverless.analysis.watch import Watch

Rows = NDArray[Any]


@dataclass(frozen=True)
class Links:
    """The L shortest ways from a source to a target."""

    #: Shape (L,), index of the source.
    source: Indices
    #: Shape (L,), index of the target.
    target: Indices
    #: Shape (L,), in the unit of the coordinates, or metres on the ellipsoid.
    distance: Numbers
    #: Shape (L, 2), the place on the source.
    start: Numbers
    #: Shape (L, 2), the place on the target.
    end: Numbers
    #: Shape (L,), degrees at the start; 0 where source and target meet.
    angle: Numbers

    def __len__(self) -> int:
        return len(self.source)

    def take(self, index: Rows) -> Links:
        """Return some of the links.

        Args:
            index: Indices, or a mask of shape (L,).
        """
        return Links(*(column[index] for column in vars(self).values()))

    def shift(self, first: int) -> Links:
        """Return the links of a block of sources with their index among all sources.

        Args:
            first: Index of the block's first source.
        """
        return Links(self.source + first, *list(vars(self).values())[1:])

    def sort(self, tie: Indices) -> Links:
        """Return the links by source, then by distance, then by the targets' ids.

        Args:
            tie: The order of the targets for equal distances, one number a target.
        """
        if np.bincount(self.source).max(initial=0) < 2:
            return self.take(np.argsort(self.source))
        return self.take(np.lexsort((tie[self.target], self.distance, self.source)))

    def shortest(self, tie: Indices) -> Links:
        """Return the shortest link of each pair of source and target.

        Args:
            tie: As for `sort`.
        """
        if np.bincount(self.source).max(initial=0) < 2:
            return self
        ordered = self.take(np.lexsort((self.distance, tie[self.target], self.target, self.source)))
        return ordered.take(_begins(ordered.source, ordered.target))

    def closest(self, tie: Indices) -> Links:
        """Return the first link of each source, by distance and by the targets' ids.

        Args:
            tie: As for `sort`.
        """
        if np.bincount(self.source).max(initial=0) < 2:
            return self
        ordered = self.sort(tie)
        return ordered.take(_begins(ordered.source))

    def rank(self) -> Indices:
        """Return the place of each link among those of its source, from 1, shape (L,), if sorted."""
        first = np.flatnonzero(_begins(self.source))
        counts = np.diff(np.append(first, len(self)))
        return np.arange(len(self)) - np.repeat(first, counts) + 1


def join_links(parts: list[Links]) -> Links:
    """Return the links of several blocks as one.

    Args:
        parts: The blocks.
    """
    if not parts:
        none, pairs = np.empty(0, np.int64), np.empty((0, 2))
        return Links(none, none, np.empty(0), pairs, pairs, np.empty(0))
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    return Links(*(np.concatenate(column) for column in columns))


class Surface(Protocol):
    """The surface on which links are measured."""

    def build(self, watch: Watch, *, closest: bool) -> None:
        """Build the index that is asked, since it takes long.

        Args:
            watch: Takes the progress.
            closest: Whether the closest targets are looked for, or all within a reach.
        """

    def find_closest(self, rows: slice, reach: float) -> Links:
        """Return the links of a block of sources to their closest targets, ties included, within a reach.

        Args:
            rows: The block; `source` counts from its first.
            reach: Longest distance; infinity for any.
        """

    def find_within(self, rows: Rows, reach: Numbers) -> Links:
        """Return the links of some sources to all targets within their reach.

        Args:
            rows: Indices of the sources; `source` counts from the first of them.
            reach: Longest distance of each.
        """

    @property
    def diameter(self) -> float:
        """A distance within which every source reaches every target."""


def _begins(*keys: Indices) -> NDArray[np.bool_]:
    """Return whether each row differs from the row before, shape (L,)."""
    begins = np.ones(len(keys[0]), bool)
    begins[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return begins


def find_box(*groups: NDArray[np.object_]) -> Numbers:
    """Return xmin, ymin, xmax, ymax of all shapes; NaN if there is none.

    Args:
        groups: Arrays of shapes.
    """
    return np.asarray(shapely.total_bounds(np.concatenate(groups)))
