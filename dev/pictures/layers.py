"""The layers of a map, and the scene of two maps: what most pictures are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Key, Scene, Side, make_frame
from dev.pictures.frame import Frame
from dev.pictures.look import LAND_STYLE, PAPER, SEA, TEXT, Style
from dev.pictures.marks import draw_labels, draw_shapes
from dev.pictures.table import draw_table
from gpserverless import FeatureSet

Bounds = tuple[float, float, float, float]
"""xmin, ymin, xmax, ymax."""

DETAIL = 0.4
"""How far a simplified outline may depart, in pixels."""

_SEEN = 12
"""Pixels of the least island of a ground."""

_HIGH = 0.7
"""Height of a map as a share of its width."""


@dataclass(frozen=True)
class Layer:
    """A layer of a map.

    Attributes:
        draw: Yields its elements in a frame.
        key: Its lines of the key.
    """

    draw: Callable[[Frame], Iterable[str]]
    key: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Half:
    """One half of a picture, before its layers become a map.

    Attributes:
        name: Names of the parameters.
        text: Their content, in some words.
        layers: The layers, the lowest first.
        ground: Colour of the ground.
    """

    name: str
    text: str
    layers: Sequence[Layer]
    ground: str = SEA


def show(title: str, bounds: Bounds, before: Half, after: Half, stretch: float = 1.0) -> Scene:
    """Return the scene of two maps of one extent.

    Args:
        title: What is seen, in a sentence.
        bounds: The extent.
        before: The input.
        after: The output.
        stretch: See `Frame`.
    """
    frame = make_frame(bounds, stretch)
    return pair(title, before, after, (frame, frame))


def pair(title: str, before: Half, after: Half, frames: tuple[Frame, Frame]) -> Scene:
    """Return the scene of two maps, each of an extent of its own.

    Args:
        title: What is seen, in a sentence.
        before: The input.
        after: The output.
        frames: The frames of both.
    """
    return Scene(title, _make_side(before), _make_side(after), frames)


def _make_side(half: Half) -> Side:
    def draw(frame: Frame) -> Iterator[str]:
        for layer in half.layers:
            yield from layer.draw(frame)

    key = [line for layer in half.layers for line in layer.key]
    return Side(half.name, half.text, draw, key, half.ground)


def fit(features: Any, pad: float = 0.06, stretch: float = 1.0) -> Bounds:
    """Return the extent of features, widened to the form of a map.

    Args:
        features: A feature set or geometries.
        pad: Room around, as a share of the width.
        stretch: See `Frame`.
    """
    left, bottom, right, top = shapely.total_bounds(_shapes_of(features))
    width = max(right - left, (top - bottom) / _HIGH / stretch) * (1 + 2 * pad)
    middle, level, half = (left + right) / 2, (bottom + top) / 2, width / 2
    high = half * stretch * _HIGH
    return float(middle - half), float(level - high), float(middle + half), float(level + high)


def shapes(features: Any, style: Style, text: str = "", detail: float = DETAIL) -> Layer:
    """Return a layer of shapes in one style.

    Args:
        features: A feature set or geometries.
        style: Their look.
        text: Their meaning in the key, "" for no line there.
        detail: How far a simplified outline may depart, in pixels.
    """
    placed = _shapes_of(features)
    return Layer(lambda frame: draw_shapes(placed, frame, style, detail), _make_key(placed, style, text))


def land(features: Any, detail: float = 1.0) -> Layer:
    """Return the ground of a map, without islands that would hardly be seen.

    Args:
        features: The countries or states, as a feature set or geometries.
        detail: See `shapes`.
    """
    parts = shapely.get_parts(_shapes_of(features))

    def draw(frame: Frame) -> Iterator[str]:
        pixels = shapely.area(parts) * frame.scale**2 * frame.stretch
        yield from draw_shapes(parts[pixels > _SEEN], frame, LAND_STYLE, detail)

    return Layer(draw)


def classes(features: Any, values: Any, looks: Mapping[Any, tuple[Style, str]]) -> Layer:
    """Return a layer whose shapes look as their values say.

    Args:
        features: A feature set or geometries.
        values: A value for each.
        looks: Style and meaning of each value; shapes of other values are left out.
    """
    found = np.asarray(values)
    layers = [
        shapes(_shapes_of(features)[found == value], style, text)
        for value, (style, text) in looks.items()
        if np.any(found == value)
    ]
    return Layer(
        lambda frame: (line for layer in layers for line in layer.draw(frame)),
        tuple(line for layer in layers for line in layer.key),
    )


def labels(
    features: Any, texts: Iterable[Any], shift: tuple[float, float] = (0, 4), size: float = 12
) -> Layer:
    """Return a layer of texts on shapes.

    Args:
        features: A feature set or geometries.
        texts: A text for each.
        shift: See `draw_labels`.
        size: Size of the letters in pixels.
    """
    places = shapely.point_on_surface(_shapes_of(features))
    written = [str(text) for text in texts]
    return Layer(lambda frame: draw_labels(places, written, frame, size, shift, TEXT))


def rows(head: Sequence[str], cells: Iterable[Sequence[Any]], first: float = 0.3) -> Layer:
    """Return a table in the place of a map; numbers are written without decimals.

    Args:
        head: Names of the columns.
        cells: The cells of each row.
        first: Share of the width that the first column has.
    """
    written = [[_write_cell(cell) for cell in row] for row in cells]
    return Layer(lambda frame: draw_table(head, written, frame, first))


def list_rows(table: Any, columns: Sequence[str], most: int = 10) -> list[list[Any]]:
    """Return the first rows of a table.

    Args:
        table: A table or feature set.
        columns: Names of the columns.
        most: Number of rows.
    """
    return [list(row) for row in zip(*(table.column(name)[:most] for name in columns), strict=True)]


def show_tables(title: str, before: Half, after: Half) -> Scene:
    """Return the scene of two tables.

    Args:
        title: What is seen, in a sentence.
        before: The input.
        after: The output.
    """
    return show(title, (0, 0, 1, _HIGH), before, after)


def table(
    name: str, text: str, head: Sequence[str], cells: Iterable[Sequence[Any]], first: float = 0.3
) -> Half:
    """Return the half of a picture that is a table.

    Args:
        name: Name of the parameter.
        text: Its content, in some words.
        head: Names of the columns.
        cells: The cells of each row.
        first: Share of the width that the first column has.
    """
    return Half(name, text, [rows(head, cells, first)], PAPER)


def _write_cell(cell: Any) -> str:
    if cell is None:
        return "null"
    if isinstance(cell, float | np.floating):
        number = float(cell)
        if np.isnan(number):
            return "null"
        return f"{number:,.1f}" if abs(number) < 100 and number % 1 else f"{number:,.0f}"
    return f"{cell:,}" if isinstance(cell, int | np.integer) else str(cell)


def _shapes_of(features: Any) -> Any:
    return features.geometries if isinstance(features, FeatureSet) else np.atleast_1d(features)


def _make_key(placed: Any, style: Style, text: str) -> tuple[Key, ...]:
    if not text:
        return ()
    dimension = int(np.max(shapely.get_dimensions(placed), initial=0))
    return (Key(style, text, ("point", "line", "area")[dimension]),)
