"""Drawing of features on a canvas, in their order, each with the symbol of its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.drawing.chains import (
    CELL,
    clip_shapes,
    find_cut,
    list_chains,
    open_ring,
    place_shapes,
    thin_vertices,
)
from gpserverless.drawing.markers import list_lines, make_area
from gpserverless.drawing.paint import Canvas, Paint, make_paint
from gpserverless.drawing.renderer import NOT_DRAWN, Renderer
from gpserverless.drawing.symbols import (
    AreaSymbol,
    LineSymbol,
    MarkerSymbol,
    PictureSymbol,
    Stroke,
    Symbol,
)
from gpserverless.drawing.view import View
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYGON, POLYLINE

Numbers = NDArray[np.int64]
Places = NDArray[np.float64]

_MOST_POINTS = 5_000
"""Points up to which every one is drawn, even in the place of another."""


def draw_features(canvas: Canvas, features: FeatureSet[Any], renderer: Renderer, view: View) -> None:
    """Draw features, the first at the bottom; of points the largest symbols at the bottom.

    Args:
        canvas: The canvas.
        features: The features, in the view's spatial reference.
        renderer: Their classes.
        view: The view.

    Raises:
        InvalidValue: The renderer needs a column that they do not have.
    """
    classes = renderer.number_classes(features)
    draw_shapes(canvas, (features.geometries, features.geometry_type), classes, renderer, view)


def draw_shapes(
    canvas: Canvas,
    layer: tuple[NDArray[np.object_], str],
    classes: Numbers,
    renderer: Renderer,
    view: View,
) -> None:
    """Draw shapes of known classes.

    Args:
        canvas: The canvas.
        layer: The shapes, in the view's spatial reference, and their Esri type.
        classes: Number of the class of each, `NOT_DRAWN` for none.
        renderer: The classes.
        view: The view.
    """
    shapes, geometry_type = layer
    symbols = [each.symbol for each in renderer.classes]
    margin = max((measure_reach(symbol, view) for symbol in symbols), default=0.0)
    inside = clip_shapes(shapes, view, margin)
    drawn = (classes != NOT_DRAWN) & ~shapely.is_missing(inside)
    if not drawn.any():
        return
    chosen, flat = classes[drawn], place_shapes(inside[drawn], geometry_type, view)
    if geometry_type not in (POLYGON, POLYLINE):
        owners = np.repeat(np.arange(len(chosen)), np.diff(flat.parts[flat.features]))
        _draw_points(canvas, flat.coordinates, chosen[owners], symbols, view)
        return
    cut = find_cut(shapes[drawn], view).tolist()
    paints = [_make_paint(symbol, view) for symbol in symbols]
    split = [(Paint(each.fill), replace(each, fill=None)) for each in paints]
    for chains, number, is_cut in zip(list_chains(thin_vertices(flat)), chosen.tolist(), cut, strict=True):
        if not chains or geometry_type != POLYGON:
            outline, pieces = paints[number], chains
        elif not is_cut:
            canvas.paint_area(chains, paints[number])
            continue
        else:
            area, outline = split[number]
            canvas.paint_area(chains, area)
            pieces = [piece for chain in chains for piece in open_ring(chain, view)]
        for piece in pieces:
            canvas.paint_line(piece, outline)


def measure_reach(symbol: Symbol, view: View) -> float:
    """Return how many pixels a symbol reaches beyond its shape.

    Args:
        symbol: The symbol.
        view: The view.
    """
    if isinstance(symbol, AreaSymbol):
        return _measure_width(symbol.outline, view)
    if isinstance(symbol, LineSymbol):
        return _measure_width(symbol.stroke, view)
    beside = max(map(abs, symbol.offset))
    size = symbol.size if isinstance(symbol, MarkerSymbol) else max(symbol.size)
    outline = symbol.outline if isinstance(symbol, MarkerSymbol) else None
    return view.to_length(size + beside) + _measure_width(outline, view)


def _measure_width(stroke: Stroke | None, view: View) -> float:
    return 2.0 + (0.0 if stroke is None else view.to_length(stroke.width))


def _make_paint(symbol: Symbol, view: View) -> Paint:
    if isinstance(symbol, AreaSymbol):
        return make_paint(symbol.fill, symbol.outline, view)
    return make_paint(None, symbol.stroke if isinstance(symbol, LineSymbol) else None, view)


def _draw_points(
    canvas: Canvas, places: Places, classes: Numbers, symbols: Sequence[Symbol], view: View
) -> None:
    kept = _drop_hidden(places, classes)
    places, classes = places[kept], classes[kept]
    reach = np.array([measure_reach(symbol, view) for symbol in symbols])
    for number in np.unique(classes)[np.argsort(-reach[np.unique(classes)], kind="stable")].tolist():
        draw_symbol(canvas, places[classes == number], symbols[number], view)


def _drop_hidden(places: Places, classes: Numbers) -> Numbers:
    """Return the indices of points without those that lie below another of their class."""
    if len(places) <= _MOST_POINTS:
        return np.arange(len(places))
    cells = np.floor(places / CELL).astype(np.int64)
    keys = np.column_stack([cells, classes])
    _, last = np.unique(keys[::-1], axis=0, return_index=True)
    return np.sort(len(places) - 1 - last)


def draw_symbol(canvas: Canvas, places: Places, symbol: Symbol, view: View) -> None:
    """Draw the symbol of points.

    Args:
        canvas: The canvas.
        places: Shape (N, 2), pixels of the points.
        symbol: The symbol.
        view: The view.
    """
    if not isinstance(symbol, MarkerSymbol | PictureSymbol):
        return
    right, up = (view.to_length(part) for part in symbol.offset)
    middles = places + np.array([right, -up])
    if isinstance(symbol, PictureSymbol):
        canvas.paint_picture(symbol, [(x, y) for x, y in middles.tolist()], view)
        return
    height = view.to_length(symbol.size)
    stroke = symbol.outline
    lines = list_lines(symbol, height)
    if lines:  # a cross without an outline has its lines in the colour of its area
        stroke = stroke or (Stroke(symbol.fill, 1.0) if symbol.fill else None)
        for line in lines:
            _repeat(canvas, middles, line, make_paint(None, stroke, view))
        return
    _repeat(canvas, middles, make_area(symbol, height), make_paint(symbol.fill, stroke, view))


def _repeat(canvas: Canvas, middles: Places, marker: Places, paint: Paint) -> None:
    chains = (middles[:, None, :] + marker[None, :, :]).reshape(len(middles), -1).tolist()
    if len(marker) > 2:
        for chain in chains:
            canvas.paint_area((chain,), paint)
        return
    for chain in chains:
        canvas.paint_line(chain, paint)
