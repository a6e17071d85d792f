"""Shortest ways on the ellipsoid, exact, between edges that are straight in longitude and latitude.

Candidates are looked for in Mercator's map of the sphere of reduced latitudes, whose angle sigma between two
places bounds the geodesic distance s: b sigma <= s <= a sigma, since ds^2 = (a^2 sin^2 beta + b^2 cos^2 beta)
dbeta^2 + a^2 cos^2 beta dlambda^2 lies between b^2 and a^2 times the sphere's. A path of the angle sigma from
latitude beta is at most sigma / cos(|beta| + sigma) long in the map. So no target within a reach is missed.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.approach import solve_pairs
from gpserverless.analysis.edge_pieces import Indices, Numbers, Pieces, split_into_pieces
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.links import Links, Rows
from gpserverless.analysis.sphere import Chart, Placed
from gpserverless.analysis.watch import Watch

if TYPE_CHECKING:
    from pyproj import Geod

_LONGEST_PIECE = 0.5
"""Degrees of the longest piece of an edge: its map is then almost straight."""

_SLACK = 1 + 1e-9


class Ellipsoid:
    """The ellipsoid, on which distances are geodesics in metres and angles are azimuths from north.

    Args:
        sources: Shape (N,), shapes that are there, in longitude -180 to 180 and latitude; polygons are valid.
        targets: Shape (M,), the same.
        geod: The ellipsoid.
    """

    def __init__(self, sources: NDArray[np.object_], targets: NDArray[np.object_], geod: Geod) -> None:
        self._sources, self._targets = sources, targets
        self._geod = geod
        self._pieces = _split(self._targets)
        areas, points = (
            [(shapely.get_dimensions(shapes) == dimension) for shapes in (sources, targets)]
            for dimension in (2, 0)
        )
        self._only_points = all(each.all() for each in points)
        self._may_meet = any(each.any() for each in areas) or not any(each.all() for each in points)

    @property
    def diameter(self) -> float:
        """Half the equator: nothing lies farther."""
        return float(np.pi * self._geod.a)

    @cached_property
    def _chart(self) -> Chart:
        return Chart(self._pieces, self._geod)

    @cached_property
    def _whole(self) -> shapely.STRtree:
        return shapely.STRtree(self._targets)

    def build(self, watch: Watch, *, closest: bool) -> None:
        """Build the index that is asked, since it takes long.

        Args:
            watch: Takes the progress.
            closest: Whether the closest targets are looked for, or all within a reach.
        """
        watch.progress("Sorting shapes by place")
        if closest:
            self._chart = Chart(self._pieces, self._geod)

    def find_closest(self, rows: slice, reach: float) -> Links:
        """Return the links of a block of sources to their closest targets, ties included, within a reach.

        Args:
            rows: The block; `source` counts from its first.
            reach: Longest distance; infinity for any.
        """
        indices = np.arange(len(self._sources))[rows]
        placed = self._chart.place(self._split(indices))
        bound = np.full(len(indices), np.inf)
        np.minimum.at(bound, placed.pieces.owner, self._chart.bound_distances(placed))
        found = self._find(indices, placed, np.minimum(bound * _SLACK, reach), closest=True)
        least = np.full(len(indices), np.inf)
        np.minimum.at(least, found.source, found.distance)
        return found.take(found.distance <= least[found.source] + 1e-9)

    def find_within(self, rows: Rows, reach: Numbers) -> Links:
        """Return the links of some sources to all targets within their reach.

        Args:
            rows: Indices of the sources; `source` counts from the first of them.
            reach: Longest distance of each.
        """
        indices = np.asarray(rows)
        placed = self._chart.place(self._split(indices))
        return self._find(indices, placed, np.broadcast_to(reach, (len(indices),)), closest=False)

    def _split(self, rows: Indices) -> Pieces:
        return _split(self._sources[rows])

    def _find(self, rows: Indices, placed: Placed, reach: Numbers, *, closest: bool) -> Links:
        pieces = placed.pieces
        piece, near = self._chart.find_candidates(placed, reach[pieces.owner], closest=closest)
        check_pairs(len(piece))
        a, b = pieces.take(piece), self._pieces.take(near)
        distance, start, end, angle = solve_pairs(a, b, self._geod)
        found = Links(a.owner, b.owner, distance, start, end, angle)
        found = found.take(distance <= reach[a.owner])
        tie = np.zeros(len(self._targets), np.int64)
        if not self._may_meet:
            return found if self._only_points and len(a) == len(rows) else found.shortest(tie)
        meets = self._find_meetings(rows)
        parts = zip(vars(meets).values(), vars(found).values(), strict=True)
        return Links(*(np.concatenate(pair) for pair in parts)).shortest(tie)

    def _find_meetings(self, rows: Indices) -> Links:
        """Return the links of length 0 of sources and targets that meet."""
        sources = self._sources[rows]
        source, target = self._whole.query(sources, predicate="intersects")
        ways = shapely.shortest_line(sources[source], self._targets[target])
        place = shapely.get_coordinates(ways).reshape(-1, 2, 2)[:, 0]
        none = np.zeros(len(source))
        return Links(source, target, none, place, place, none)


def _split(shapes: NDArray[np.object_]) -> Pieces:
    """Take shapes apart into points and short edges."""
    if (shapely.get_dimensions(shapes) > 0).any():
        shapes = shapely.segmentize(shapes, _LONGEST_PIECE)
    return split_into_pieces(shapes)
