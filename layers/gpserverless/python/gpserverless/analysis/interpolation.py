"""Interpolation by inverse distances (Shepard, 1968)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.neighbours import Links, Places, split_targets
from gpserverless.analysis.surface import Grid
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter

Floats = NDArray[np.float64]

_ACCEPTED = '"VARIABLE 12", "VARIABLE 12 500", "FIXED 500" or "FIXED 500 3"'


@dataclass(frozen=True)
class Search:
    """The points that a cell is interpolated from: the nearest ones, or all within a distance.

    Attributes:
        count: Number of the nearest points; with `fixed` the least number, for which the search goes on.
        distance: The distance; None for any.
        fixed: Whether all points within the distance count.
    """

    count: int = 12
    distance: float | None = None
    fixed: bool = False

    @classmethod
    def parse(cls, text: str) -> Search:
        """Read the text of a search radius of ArcGIS: "VARIABLE 12", "FIXED 500 3".

        Args:
            text: The word, the number of points and the distance, or the distance and the number of points.

        Raises:
            InvalidParameter: It is none of these.
        """
        word, *numbers = text.replace(",", " ").split() or [""]
        try:
            values = [float(number) for number in numbers]
        except ValueError:
            values = [-1.0]
        kind = word.upper()
        wrong = kind not in ("VARIABLE", "FIXED") or len(values) > 2 or (kind == "FIXED" and not values)
        if wrong or not all(0 <= value < 1e15 for value in values):
            raise InvalidParameter("search_radius", f"'{text[:60]}' is no search radius", _ACCEPTED)
        if kind == "FIXED":
            distance, count = values[0], values[1] if len(values) == 2 else 0
        else:
            count, distance = values[0] if values else 12, values[1] if len(values) == 2 else 0
        if count != int(count) or (kind == "FIXED" and not distance) or (kind == "VARIABLE" and count < 1):
            raise InvalidParameter("search_radius", f"'{text[:60]}' is no search radius", _ACCEPTED)
        return cls(int(count), distance or None, kind == "FIXED")


def interpolate(
    xy: Floats, values: Floats, grid: Grid, options: tuple[float, Search], watch: Watch
) -> NDArray[np.float32]:
    """Return the mean of points' values at every cell's centre, weighted by a power of inverse distances.

    Points at one place count once, with the mean of their values. At a point the value is its own.

    Args:
        xy: Shape (N, 2), places of points.
        values: Shape (N,), their values.
        grid: The cells.
        options: The power, and the points that count.
        watch: Takes the progress.
    """
    power, search = options
    xy, place = np.unique(xy, axis=0, return_inverse=True)
    number = place.reshape(-1)
    values = np.bincount(number, values) / np.bincount(number)
    places = Places(xy)
    made = np.full(grid.rows * grid.columns, np.nan, np.float32)
    each = _expect_points(places, grid, search)
    for cells in split_targets(len(made), each, watch, "Interpolating"):
        row, column = np.divmod(np.arange(cells.start, cells.stop), grid.columns)
        centres = np.column_stack([grid.x[column], grid.y[row]])
        made[cells] = _average(_find_points(places, centres, search), values, power, len(centres))
    return made.reshape(grid.rows, grid.columns)


def _expect_points(places: Places, grid: Grid, search: Search) -> float:
    if not search.fixed:
        return 6.0 * min(search.count, len(places.xy))
    area = grid.rows * grid.columns * grid.width * grid.height
    share = min(1.0, np.pi * (search.distance or 0) ** 2 / area)
    return 4.0 * len(places.xy) * share + 6.0 * search.count


def _find_points(places: Places, centres: Floats, search: Search) -> Links:
    if not search.fixed:
        links = places.find_nearest(centres, search.count)
        return links if search.distance is None else links.take(links.distance <= search.distance)
    links = places.find_within(centres, np.full(len(centres), search.distance))
    few = np.flatnonzero(np.bincount(links.target, minlength=len(centres)) < search.count)
    if not len(few):
        return links
    kept = links.take(~np.isin(links.target, few))
    more = places.find_nearest(centres[few], search.count)
    return Links(
        np.concatenate([kept.target, few[more.target]]),
        np.concatenate([kept.place, more.place]),
        np.concatenate([kept.distance, more.distance]),
    )


def _average(links: Links, values: Floats, power: float, count: int) -> Floats:
    """Return the weighted mean of each target, shape (count,), NaN where it has no point."""
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, links.target, links.distance)
    closest = nearest[links.target]
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(closest > 0, (closest / links.distance) ** power, links.distance == 0)
        total = np.bincount(links.target, weight, count)
        return np.bincount(links.target, weight * values[links.place], count) / total
