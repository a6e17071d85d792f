"""Neighbours of places by distance, found in an index: in the plane, or on the ellipsoid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.watch import Watch
from gpserverless.values.spatial_reference import SpatialReference

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Distance = Literal["EUCLIDEAN_DISTANCE", "MANHATTAN_DISTANCE"]

MOST = 2_000_000
"""Pairs of a target and a place that are held at once, as far as one target allows."""

_GROUP = 4_000
"""Distances between a group of targets and the places near it that are measured at once."""

_LEAST_RADIUS, _GREATEST_RADIUS = 6_330_000.0, 6_405_000.0
"""Metres: beyond the radii of curvature of the Earth's ellipsoids: b^2 / a at the equator along a meridian,
and a^2 / b at the poles (6,334,855 and 6,400,057 on that of Clarke 1880). A geodesic is as long as the arc
between the same latitudes and longitudes on a sphere whose radius lies between the two."""

_SLACK, _FAR_SLACK = 1e-6, 1.0
"""Metres: more than arcs lose in floating point, and those of nearly half a turn, which lose the most."""

_FAR = 1.9
"""Chord of a unit sphere from which on an arc is one of nearly half a turn."""


@dataclass(frozen=True)
class Links:
    """M pairs of a target and a place near it."""

    #: Shape (M,), index of the target.
    target: Indices
    #: Shape (M,), index of the place.
    place: Indices
    #: Shape (M,), in metres on the ellipsoid, else in the unit of the coordinates.
    distance: Floats

    def take(self, mask: NDArray[np.bool_] | Indices) -> Links:
        """Return some of the pairs.

        Args:
            mask: A mask of shape (M,), or indices.
        """
        return Links(self.target[mask], self.place[mask], self.distance[mask])


@dataclass(frozen=True)
class Places:
    """N places in an index.

    Attributes:
        xy: Shape (N, 2), coordinates.
        reference: Their spatial reference; distances in a geographic one are geodesic.
        method: Along a straight line, or along x and then y.
    """

    xy: Floats
    reference: SpatialReference | None = None
    method: Distance = "EUCLIDEAN_DISTANCE"
    is_geographic: bool = field(init=False)

    def __post_init__(self) -> None:
        on_globe = self.reference is not None and self.reference.is_geographic
        object.__setattr__(self, "is_geographic", on_globe)
        object.__setattr__(self, "xy", self._wrap(self.xy))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(np.asarray(shapely.points(self.xy)))

    @cached_property
    def _directions(self) -> Floats:
        return _point(self.xy)

    def _wrap(self, xy: Floats) -> Floats:
        """Return longitudes within -180 to 180, since clients also send 190."""
        if not self.is_geographic:
            return xy
        beyond = np.abs(xy[:, :1]) > 180
        return np.where(beyond & [True, False], (xy + 180) % 360 - 180, xy)

    def measure(self, a: Floats, b: Floats) -> Floats:
        """Return the distances between pairs of coordinates, shape (M,).

        Args:
            a: Shape (M, 2).
            b: Shape (M, 2).
        """
        if self.is_geographic and self.reference is not None:
            return np.asarray(self.reference.geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2], np.float64)
        across = np.abs(a - b)
        straight = self.method == "EUCLIDEAN_DISTANCE"
        return np.hypot(across[:, 0], across[:, 1]) if straight else across.sum(axis=1)

    def find_within(self, targets: Floats, radius: Floats) -> Links:
        """Return the places within a distance of each target, the distance itself included.

        Args:
            targets: Shape (M, 2), coordinates.
            radius: Shape (M,), in metres if geographic, else in the unit of the coordinates.

        Raises:
            ToolError: They are too many.
        """
        targets = self._wrap(targets)
        target, place = self._find_in_boxes(targets, radius)
        if self.is_geographic:
            near = self._compare_arcs(targets, radius, target, place)[1]
            target, place = target[near], place[near]
        distance = self.measure(targets[target], self.xy[place])
        return Links(target, place, distance).take(distance <= radius[target])

    def pair_within(self, targets: Floats, radius: Floats) -> tuple[Indices, Indices]:
        """Return the pairs of `find_within`, targets and places, without distances: it is much quicker.

        On the ellipsoid only those are measured that an arc on a sphere leaves in doubt.

        Args:
            targets: Shape (M, 2), coordinates.
            radius: Shape (M,), in metres if geographic, else in the unit of the coordinates.

        Raises:
            ToolError: They are too many.
        """
        if not self.is_geographic:
            links = self.find_within(targets, radius)
            return links.target, links.place
        targets = self._wrap(targets)
        target, place = self._find_in_boxes(targets, radius)
        within, near = self._compare_arcs(targets, radius, target, place)
        doubtful = np.flatnonzero(near & ~within)
        a, b = target[doubtful], place[doubtful]
        within[doubtful] = self.measure(targets[a], self.xy[b]) <= radius[a]
        return target[within], place[within]

    def _compare_arcs(
        self, targets: Floats, radius: Floats, target: Indices, place: Indices
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which pairs lie within their radius for sure, and which may."""
        chord = _point(targets)[target] - self._directions[place]
        square = np.einsum("ij,ij->i", chord, chord)
        sure, possible = (
            4 * np.sin(np.minimum(radius / curvature, np.pi) / 2) ** 2
            for curvature in (_GREATEST_RADIUS, _LEAST_RADIUS)
        )
        return square <= sure[target], square <= possible[target] * (1 + 1e-9) + 1e-24

    def _find_in_boxes(self, targets: Floats, radius: Floats) -> tuple[Indices, Indices]:
        if not self.is_geographic:
            x, y = targets.T
            boxes = shapely.box(x - radius, y - radius, x + radius, y + radius)
            target, place = self._tree.query(boxes)
            check_pairs(len(target))
            return target, place
        across, up = _measure_reach(targets[:, 1], radius)
        x, y = targets.T
        shifts = [
            (shift, np.flatnonzero((x + shift - across < 181) & (x + shift + across > -181)))
            for shift in (-360, 0, 360)
        ]
        found = [np.empty((2, 0), np.int64)]
        for shift, rows in shifts:
            left, right = x[rows] + shift - across[rows], x[rows] + shift + across[rows]
            boxes = shapely.box(left, y[rows] - up[rows], right, y[rows] + up[rows])
            pairs = self._tree.query(boxes)
            found.append(np.stack([rows[pairs[0]], pairs[1]]))
        target, place = np.concatenate(found, axis=1)
        check_pairs(len(target))
        # A place may lie in two of the boxes of a target. One number for a pair is sorted quickly.
        pair = target * len(self.xy) + place
        pair.sort(kind="stable")
        pair = pair[np.diff(pair, prepend=-1) > 0]
        return pair // len(self.xy), pair % len(self.xy)

    def find_nearest(self, targets: Floats, count: int) -> Links:
        """Return the nearest places of each target: all places, if they are fewer than wanted.

        Of places at the same distance those with the smaller x, then the smaller y come first.

        Args:
            targets: Shape (M, 2), coordinates.
            count: Number of places for each target.
        """
        targets, wanted = self._wrap(targets), min(count, len(self.xy))
        if not wanted or not len(targets):
            none = np.empty(0, np.int64)
            return Links(none, none, np.empty(0))
        different, same = np.unique(targets, axis=0, return_inverse=True)  # many may lie at one place
        found = list(self._find_in_groups(different, wanted))
        links = Links(*(np.concatenate([getattr(f, n) for f in found]) for n in Links.__dataclass_fields__))
        links = self._rank(links, wanted)
        rows = (same.reshape(-1, 1) * wanted + np.arange(wanted)).reshape(-1)
        return Links(np.repeat(np.arange(len(targets)), wanted), links.place[rows], links.distance[rows])

    def _find_in_groups(self, targets: Floats, count: int) -> Iterator[Links]:
        """Yield the nearest places of groups of targets, with those as far as the last.

        Groups are halved until few places may be near. Of a group within h of a centre, whose last wanted
        place is at the distance d, all nearest places are within d + 2 h of the centre.
        """
        groups = [(np.arange(len(targets)), np.arange(len(self.xy)))]
        while groups:
            rows, places = groups.pop()
            corners = targets[rows].min(axis=0), targets[rows].max(axis=0)
            centre = (corners[0] + corners[1]) / 2
            reach = float(self._bound_from(centre, targets[rows])[1].max())
            least, most = self._bound_from(centre, self.xy[places])
            last = float(np.partition(most, count - 1)[count - 1])
            places = places[least <= (last + 2 * reach) * (1 + 1e-9)]
            if len(rows) == 1 or len(rows) * len(places) <= max(_GROUP, 8 * count):
                yield self._measure_group(rows, targets[rows], places, count)
                continue
            axis = int(np.argmax(corners[1] - corners[0]))
            order = rows[np.argsort(targets[rows, axis], kind="stable")]
            groups += [(half, places) for half in np.array_split(order, 2)]

    def _bound_from(self, centre: Floats, xy: Floats) -> tuple[Floats, Floats]:
        """Return bounds of the distances from a centre, shape (M,) each; geodesics take too long."""
        if not self.is_geographic:
            exact = self.measure(np.broadcast_to(centre, xy.shape), xy)
            return exact, exact
        chord = np.linalg.norm(_point(xy) - _point(centre[None]), axis=1)
        arc, slack = 2 * np.arcsin(np.minimum(chord / 2, 1)), np.where(chord < _FAR, _SLACK, _FAR_SLACK)
        return arc * _LEAST_RADIUS - slack, arc * _GREATEST_RADIUS + slack

    def _measure_group(self, rows: Indices, targets: Floats, places: Indices, count: int) -> Links:
        """Return the nearest places of each target of a group, with those as far as the last."""
        row, place = np.repeat(np.arange(len(rows)), len(places)), np.tile(places, len(rows))
        distance = self.measure(targets[row], self.xy[place])
        far = distance.reshape(len(rows), len(places))
        last = np.partition(far, count - 1, axis=1)[:, count - 1]
        return Links(rows[row], place, distance).take(distance <= last[row])

    def _rank(self, links: Links, count: int) -> Links:
        x, y = self.xy[links.place].T
        links = links.take(np.lexsort((y, x, links.distance, links.target)))
        first = np.flatnonzero(np.diff(links.target, prepend=-1))
        rank = np.arange(len(links.target)) - np.repeat(first, np.diff(first, append=len(links.target)))
        return links.take(rank < count)


def split_targets(count: int, each: float, watch: Watch, text: str) -> Iterator[slice]:
    """Return the blocks of targets whose pairs fit in memory together.

    Args:
        count: Number of targets.
        each: Pairs that a target is expected to have.
        watch: Takes the progress.
        text: The text of the progress bar.
    """
    size = max(1, min(20_000, int(MOST / max(each, 1))))
    return split_rows(count, watch, text, size)


def _point(xy: Floats) -> Floats:
    """Return the directions of longitudes and latitudes on a sphere, unit vectors of shape (M, 3)."""
    x, y = np.radians(xy).T
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)


def _measure_reach(latitude: Floats, radius: Floats) -> tuple[Floats, Floats]:
    """Return degrees of longitude and latitude that hold a disc on the ellipsoid, shape (M,) each."""
    angle = radius / _LEAST_RADIUS
    up = np.degrees(angle)
    polar = np.abs(latitude) + up >= 89
    cosine = np.cos(np.radians(np.where(polar, 0, np.abs(latitude) + up)))
    across = np.degrees(np.arcsin(np.minimum(np.sin(np.minimum(angle, np.pi / 2)) / cosine, 1)))
    return np.where(polar | (across > 89), 180.0, across * 1.01), up * 1.01
