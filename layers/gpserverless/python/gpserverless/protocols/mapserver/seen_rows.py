"""The rows of a layer that a picture shows, in the order of their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.drawing.view import View
from gpserverless.featurelayers.find_rows import list_rows
from gpserverless.featurelayers.layer_file import LayerFile, RowNumbers
from gpserverless.featurelayers.query import LayerFilter, SpatialFilter
from gpserverless.geometry.boxes import Box, grow_box, list_turns, project_box, share_turns
from gpserverless.geometry.geometry_types import POINT, POLYGON, POLYLINE
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.values.spatial_reference import SpatialReference, get_transformer

TINY = 2.0
"""Pixels of a shape below which it is drawn as its bounds; of several in one pixel the last one is drawn."""

CROWD = 250_000
"""Shapes of a layer in a picture; of more, twice as large ones are tiny, and one in four pixels is drawn."""

_MOST_OF_TURN = 0.1
"""Share of a turn from which on the ends of a shape may be nearer to each other than its middle."""

Bounds = NDArray[np.float64]


def find_seen_rows(
    file: LayerFile, wanted: LayerFilter, view: View, references: tuple[SpatialReference, SpatialReference]
) -> RowNumbers:
    """Return the rows whose bounds a picture shows, by ascending object id.

    Args:
        file: The layer.
        wanted: Which features are shown, wherever they lie.
        view: The view, grown by what symbols reach beyond their shapes.
        references: Of the layer and of the picture.

    Raises:
        InvalidValue: The condition is wrong.
        RequestError: The time is over.
    """
    boxes = _list_boxes(view.extent, *references, list_seen_turns(file, view, references))
    filters = [wanted] if boxes is None else [_add_box(wanted, box) for box in boxes]
    found = [list_rows(file, each) for each in filters]
    rows = found[0] if len(found) == 1 else np.unique(np.concatenate([np.arange(0), *found]))
    return rows[np.argsort(file.read_ids(rows), kind="stable")]


def list_seen_turns(
    file: LayerFile, view: View, references: tuple[SpatialReference, SpatialReference]
) -> list[float]:
    """Return how far west of a view the shapes of a layer lie that it shows, for each turn of the map.

    Args:
        file: The layer.
        view: The view.
        references: Of the layer and of the picture.
    """
    layer, picture = references
    shapes = file.manifest.extent
    if shapes is not None and layer != picture:
        shapes = project_box(shapes, layer, picture) if share_turns(layer, picture) else None
    return list_turns(view.extent, picture, shapes)


def _add_box(wanted: LayerFilter, box: Box) -> LayerFilter:
    return replace(wanted, spatial=SpatialFilter(shapely.box(*box), "envelope_intersects", is_box=True))


def _list_boxes(
    extent: Box, layer: SpatialReference, picture: SpatialReference, turns: Sequence[float]
) -> Sequence[Box] | None:
    """Return the boxes of the layer in which seen features lie; None if they may lie anywhere."""
    views = [(extent[0] - turn, extent[1], extent[2] - turn, extent[3]) for turn in turns]
    if layer == picture:
        return views
    if share_turns(layer, picture):
        return [box for view in views if (box := project_box(view, picture, layer)) is not None]
    found = [project_box(view, picture, layer) for view in views]
    if any(box is None for box in found):
        return None
    boxes = [grow_box(box) for box in found if box is not None]
    period = abs(find_map_edge(layer).period)
    if any(period and box[2] - box[0] > period / 2 for box in boxes):
        return None  # a pole, or the meridian of 180 degrees, may lie between the places that were tried
    return [
        (box[0] + turn, box[1], box[2] + turn, box[3])
        for box in boxes
        for turn in ((-period, 0.0, period) if period else (0.0,))
    ]


def place_bounds(bounds: Bounds, layer: SpatialReference, picture: SpatialReference) -> Bounds:
    """Return the bounds of small shapes in the picture's reference, not finite where they have no place.

    Args:
        bounds: Shape (N, 4), in the layer's reference.
        layer: That reference.
        picture: The picture's reference.
    """
    if layer == picture:
        return bounds
    period = abs(find_map_edge(layer).period)
    change = get_transformer(layer, picture)
    x, y = change.transform(bounds[:, [0, 2]].reshape(-1), bounds[:, [1, 3]].reshape(-1))
    x, y = np.asarray(x).reshape(-1, 2), np.asarray(y).reshape(-1, 2)
    placed = np.column_stack([x.min(1), y.min(1), x.max(1), y.max(1)])
    if period:  # both ends of a parallel are one place
        placed[bounds[:, 2] - bounds[:, 0] > period * _MOST_OF_TURN] = np.nan
    return placed


def find_detail(count: int) -> float:
    """Return how many pixels wide the square is of which one tiny shape is drawn.

    Args:
        count: Shapes of the layer in the picture.
    """
    return 1.0 if count <= CROWD else 2.0


def find_tiny(bounds: Bounds, geometry_type: str, view: View) -> NDArray[np.bool_]:
    """Return which lines and polygons are so small that their bounds are all that is seen.

    Args:
        bounds: Shape (N, 4), in the picture's reference.
        geometry_type: Esri type of the shapes.
        view: The view.
    """
    if geometry_type not in (POLYGON, POLYLINE):
        return np.zeros(len(bounds), bool)
    with np.errstate(invalid="ignore"):
        size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        return np.asarray(size < TINY * find_detail(len(bounds)) * view.pixel)


def keep_last_of_square(bounds: Bounds, view: View, side: float) -> NDArray[np.int64]:
    """Return the indices of tiny shapes without those that lie below another in its square.

    Args:
        bounds: Shape (N, 4), in the picture's reference.
        view: The view.
        side: Pixels of the square.
    """
    middles = view.to_pixels((bounds[:, :2] + bounds[:, 2:]) / 2) / side
    with np.errstate(invalid="ignore"):
        pixels = np.clip(np.nan_to_num(np.floor(middles)), -(2**31), 2**31).astype(np.int64)
    keys = (pixels[:, 0] << 32) + pixels[:, 1]
    _, last = np.unique(keys[::-1], return_index=True)
    return np.sort(len(keys) - 1 - last)


def draw_bounds(bounds: Bounds, geometry_type: str, view: View, side: float) -> NDArray[np.object_]:
    """Return shapes that stand for tiny ones; smaller ones would fade where many lie in one square.

    Args:
        bounds: Shape (N, 4), in the picture's reference.
        geometry_type: Esri type of the shapes.
        view: The view.
        side: Pixels that they have at least.
    """
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    sides = np.maximum(bounds[:, 2:] - bounds[:, :2], side * view.pixel) / 2
    low, high = middles - sides, middles + sides
    if geometry_type == POLYGON:
        return np.asarray(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    ends = np.stack(
        [np.column_stack([low[:, 0], middles[:, 1]]), np.column_stack([high[:, 0], middles[:, 1]])], 1
    )
    return np.asarray(shapely.linestrings(ends))


def make_points(bounds: Bounds, geometry_type: str) -> NDArray[np.object_] | None:
    """Return points from their bounds, which is quicker than to read them; None for other shapes.

    Args:
        bounds: Shape (N, 4).
        geometry_type: Esri type of the shapes.
    """
    return np.asarray(shapely.points(bounds[:, :2])) if geometry_type == POINT else None
