"""One layer of a picture, drawn from its file in stripes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.drawing.draw import draw_shapes, measure_reach
from gpserverless.drawing.labels import LabelClass, LabelPlaces
from gpserverless.drawing.paint import Canvas
from gpserverless.drawing.renderer import Renderer
from gpserverless.drawing.view import View
from gpserverless.errors import TooLarge
from gpserverless.featurelayers.layer_file import LayerFile, RowNumbers
from gpserverless.featurelayers.query import LayerFilter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.geometry.projection import project_geometries
from gpserverless.protocols.mapserver.seen_rows import (
    Bounds,
    draw_bounds,
    find_detail,
    find_seen_rows,
    find_tiny,
    keep_last_of_square,
    list_seen_turns,
    make_points,
    place_bounds,
)
from gpserverless.values.spatial_reference import SpatialReference

MOST_VERTICES = 20_000_000
"""Vertices that one layer of a picture may have, those of tiny shapes aside."""

_STRIPE_ROWS = 25_000
_FIRST_ROWS = 64
_STRIPE_VERTICES = 1_000_000

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Sheet:
    """The sheet on which layers are drawn.

    Attributes:
        canvas: The canvas.
        view: The view.
        reference: Spatial reference of the picture.
        places: The places that texts have taken.
    """

    canvas: Canvas
    view: View
    reference: SpatialReference
    places: LabelPlaces


@dataclass(frozen=True)
class LayerStyle:
    """How a layer is drawn.

    Attributes:
        renderer: Its classes.
        labels: How its features are named.
    """

    renderer: Renderer
    labels: tuple[LabelClass, ...] = ()


def draw_layer(sheet: Sheet, file: LayerFile, wanted: LayerFilter, style: LayerStyle) -> int:
    """Draw a layer, and return the number of its features that were in the view.

    Args:
        sheet: The sheet.
        file: The layer.
        wanted: Which of its features are drawn.
        style: How it is drawn.

    Raises:
        InvalidValue: The condition is wrong, or the renderer needs a column that there is not.
        TooLarge: There are too many vertices.
        RequestError: The time is over.
    """
    layer = SpatialReference.from_optional_json(file.manifest.spatial_reference) or sheet.reference
    references = (layer, sheet.reference)
    wide = _grow_view(sheet.view, style.renderer)
    seen, turns = find_seen_rows(file, wanted, wide, references), list_seen_turns(file, wide, references)
    drawn = _choose_drawn_rows(file, seen, references, sheet.view)
    classes = style.renderer.number_classes(_read_columns(file, drawn.rows, style.renderer.fields))
    kind, stripes = file.manifest.geometry_type, _Stripes(file)
    view = replace(sheet.view, seams=_find_seams(sheet.reference))
    for some in stripes.cut(len(drawn.rows)):
        stripe = drawn.take(some)
        shapes = _place_shapes(file, stripe, references, sheet.view, stripes)
        for turn in turns:
            draw_shapes(sheet.canvas, (shapes, kind), classes[some], style.renderer, view.move(-turn))
        if style.labels:
            _write_labels(sheet, file, (stripe.rows, shapes), style.labels, turns)
    return len(seen)


@dataclass(frozen=True)
class _DrawnRows:
    """The rows of a layer that are drawn.

    Attributes:
        rows: Their numbers in the file.
        bounds: Their bounds in the layer's reference, shape (N, 4).
        placed: The same in the picture's reference.
        tiny: Shape (N,), which of them are so small that their bounds are drawn.
        side: Pixels of the square of which one tiny shape is drawn.
    """

    rows: RowNumbers
    bounds: Bounds
    placed: Bounds
    tiny: NDArray[np.bool_]
    side: float

    def take(self, some: slice | NDArray[np.bool_]) -> _DrawnRows:
        """Return some of them."""
        return _DrawnRows(self.rows[some], self.bounds[some], self.placed[some], self.tiny[some], self.side)


def _grow_view(view: View, renderer: Renderer) -> View:
    """Return a view with the places around it whose symbols reach into it."""
    reach = max((measure_reach(each.symbol, view) for each in renderer.classes), default=0.0)
    return replace(view, extent=view.grow(reach))


def _choose_drawn_rows(
    file: LayerFile, seen: RowNumbers, references: tuple[SpatialReference, SpatialReference], view: View
) -> _DrawnRows:
    """Return the rows in a view without tiny ones that would lie below another in its square."""
    bounds = file.read_bounds(seen)
    placed = place_bounds(bounds, *references)
    tiny, side = find_tiny(placed, file.manifest.geometry_type, view), find_detail(len(seen))
    drawn = _DrawnRows(seen, bounds, placed, tiny, side)
    if not tiny.any():
        return drawn
    kept = ~tiny
    kept[np.flatnonzero(tiny)[keep_last_of_square(placed[tiny], view, side)]] = True
    return drawn.take(kept)


def _place_shapes(
    file: LayerFile,
    drawn: _DrawnRows,
    references: tuple[SpatialReference, SpatialReference],
    view: View,
    stripes: _Stripes,
) -> Shapes:
    """Return the shapes of rows in the picture's reference; the bounds stand for tiny ones."""
    kind, tiny = file.manifest.geometry_type, drawn.tiny
    shapes = np.full(len(drawn.rows), None, object)
    shapes[tiny] = draw_bounds(drawn.placed[tiny], kind, view, drawn.side)
    read = _read_shapes(file, drawn.rows[~tiny], drawn.bounds[~tiny])
    stripes.count(len(shapes), int(shapely.get_num_coordinates(read).sum()))
    shapes[~tiny] = project_geometries(read, kind, *references)
    return shapes


def _find_seams(reference: SpatialReference) -> tuple[float, float] | None:
    edge = find_map_edge(reference)
    half = abs(edge.period) / 2
    return (edge.origin - half, edge.origin + half) if half else None


def _read_columns(file: LayerFile, rows: RowNumbers, names: Sequence[str]) -> FeatureSet[Any]:
    fields = tuple({field.name: field for name in names if (field := file.schema.field(name))}.values())
    columns = {field.name: file.read_column(field, rows) for field in fields}
    return FeatureSet(fields, columns, np.full(len(rows), None, object))


def _read_shapes(file: LayerFile, rows: RowNumbers, bounds: Bounds) -> Shapes:
    points = make_points(bounds, file.manifest.geometry_type)
    return file.read_shapes(rows) if points is None else points


class _Stripes:
    """Stripes of rows that are read at once: fewer of shapes with many vertices, so that memory is enough."""

    def __init__(self, file: LayerFile) -> None:
        self._file = file
        self._vertices = 0
        self._rows = 0

    def cut(self, count: int) -> Iterator[slice]:
        """Yield the stripes of some rows; `count` is called between them."""
        start, size = 0, _FIRST_ROWS
        while start < count:
            self._file.check()
            yield slice(start, start + size)
            start += size
            most = min(_STRIPE_ROWS, 4 * size)  # those that come may be larger than those before
            size = max(1, min(most, _STRIPE_VERTICES * self._rows // max(1, self._vertices)))

    def count(self, rows: int, vertices: int) -> None:
        """Count rows and vertices that were read; raise if there are too many."""
        self._rows += rows
        self._vertices += vertices
        if self._vertices > MOST_VERTICES:
            raise TooLarge(
                f"The layer '{self._file.manifest.name}' has more than {MOST_VERTICES:,} vertices in this "
                "part of the map. Ask for a smaller part, or give a condition in layerDefs."
            )


def _write_labels(
    sheet: Sheet,
    file: LayerFile,
    features: tuple[RowNumbers, Shapes],
    labels: Sequence[LabelClass],
    turns: Sequence[float],
) -> None:
    rows, shapes = features
    for label in labels:
        named = replace(
            _read_columns(file, rows, label.fields),
            geometries=shapes,
            geometry_type=file.manifest.geometry_type,
            spatial_reference=sheet.reference,
        )
        for turn in turns:
            sheet.places.write(sheet.canvas, named, label, turn)
