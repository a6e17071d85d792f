"""A picture of a run: the features that went in and those that came out, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import CommandError
from gpserverless.features.feature_set import FeatureSet

WIDTH, MARGIN, LINE = 900.0, 24.0, 22.0
"""Pixels: of the picture, around the map, and of a line of the legend."""

_SHAPES = (0.3, 3.0)
"""Least and greatest height of the map, as a share of its width."""

_COLOURS = ("#6b7a89", "#0b6b5b", "#a8741a", "#74489a", "#b3403a")


@dataclass(frozen=True)
class MapLayer:
    """Features to draw.

    Attributes:
        name: Name of the parameter.
        features: The features.
    """

    name: str
    features: FeatureSet[Any]


@dataclass(frozen=True)
class _Frame:
    """From coordinates to pixels: y grows downwards; a degree of longitude is the shorter one."""

    left: float
    top: float
    scale: float
    stretch: float
    height: float

    def place(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return pixels, shape (N, 2), of coordinates, shape (N, 2)."""
        x = MARGIN + (coordinates[:, 0] - self.left) * self.scale * self.stretch
        return np.column_stack([x, MARGIN + (self.top - coordinates[:, 1]) * self.scale])


def draw_map(layers: Sequence[MapLayer], title: str) -> str:
    """Return the SVG of layers in the spatial reference of the last.

    Args:
        layers: The layers; at least one has a shape.
        title: Title of the picture.

    Raises:
        CommandError: There is nothing to draw.
    """
    layers = _bring_together(layers)
    frame = _fit(layers)
    height = frame.height + 2 * MARGIN + LINE * (len(layers) + 1)
    base = frame.height + 2 * MARGIN + LINE / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" '
        'font-family="Helvetica, Arial, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        f'<rect x="{MARGIN / 2}" y="{MARGIN / 2}" width="{WIDTH - MARGIN}" '
        f'height="{frame.height + MARGIN:.1f}" fill="#f4f7f6" stroke="#d5dde5"/>',
        f'<text x="{MARGIN}" y="{base:.1f}" font-weight="bold">{escape(title)}</text>',
    ]
    colours = [_COLOURS[number % len(_COLOURS)] for number in range(len(layers))]
    for layer, colour in sorted(zip(layers, colours, strict=True), key=_drawing_order):
        parts += _draw_layer(layer, frame, colour)
    for number, (layer, colour) in enumerate(zip(layers, colours, strict=True), 1):
        text, y = f"{layer.name}: {len(layer.features):,}", base + LINE * number
        parts.append(f'<text x="{MARGIN}" y="{y:.1f}" fill="{colour}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _bring_together(layers: Sequence[MapLayer]) -> list[MapLayer]:
    """Project every layer to the reference of the last that has one."""
    known = [each.features.spatial_reference for each in layers if each.features.spatial_reference]
    if not known:
        return list(layers)
    return [
        MapLayer(
            each.name, each.features.project(known[-1]) if each.features.spatial_reference else each.features
        )
        for each in layers
    ]


def _drawing_order(layer_and_colour: tuple[MapLayer, str]) -> int:
    """Polygons lie below lines, and lines below points."""
    dimensions = shapely.get_dimensions(layer_and_colour[0].features.geometries)
    return -int(dimensions.max(initial=-1))


def _fit(layers: Sequence[MapLayer]) -> _Frame:
    shapes = np.concatenate([each.features.geometries for each in layers])
    left, bottom, right, top = (float(each) for each in shapely.total_bounds(shapes))
    if math.isnan(left):
        raise CommandError("--map: neither the inputs nor the outputs have a shape to draw")
    stretch = 1.0
    if any(each.features.spatial_reference and each.features.is_geographic for each in layers):
        stretch = max(math.cos(math.radians((bottom + top) / 2)), 0.1)
    wide, high = (right - left) * stretch, top - bottom
    margin = 0.04 * max(wide, high) or 1.0
    wide, high = wide + 2 * margin, high + 2 * margin
    wide = max(wide, high / _SHAPES[1])
    high = max(high, wide * _SHAPES[0])
    scale = (WIDTH - 2 * MARGIN) / wide
    centre_x, centre_y = (left + right) / 2, (bottom + top) / 2
    return _Frame(centre_x - wide / stretch / 2, centre_y + high / 2, scale, stretch, high * scale)


def _draw_layer(layer: MapLayer, frame: _Frame, colour: str) -> Iterator[str]:
    geometries = layer.features.geometries
    shown = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
    placed = shapely.transform(shapely.force_2d(shown), frame.place)
    parts = shapely.get_parts(shapely.simplify(placed, 0.25, preserve_topology=False))
    kinds = shapely.get_type_id(parts)
    yield f'<g stroke="{colour}" fill="none" stroke-width="1.2" stroke-linejoin="round">'
    for polygon in parts[kinds == shapely.GeometryType.POLYGON]:
        rings = "".join(_write_path(ring) + "Z" for ring in shapely.get_rings(polygon))
        yield f'<path d="{rings}" fill="{colour}" fill-opacity="0.25" fill-rule="evenodd"/>'
    for line in parts[kinds == shapely.GeometryType.LINESTRING]:
        yield f'<path d="{_write_path(line)}"/>'
    for x, y in shapely.get_coordinates(parts[kinds == shapely.GeometryType.POINT]):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}" stroke="#ffffff"/>'
    yield "</g>"


def _write_path(line: shapely.Geometry) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line))
