"""Zones about the airports of Iceland."""

from __future__ import annotations

from collections.abc import Iterator

from dev.pictures.card import Key, Scene, Side, make_frame
from dev.pictures.frame import Frame
from dev.pictures.look import LAND_STYLE, POINT_STYLE, ZONE_STYLE
from dev.pictures.marks import draw_labels, draw_shapes
from dev.pictures.sources import choose, land_in, read_layer
from gpserverless import LinearUnit, Run, SpatialReference
from toolboxes.samples.buffer_points import buffer_points

_MAP = SpatialReference(3057)
_BOUNDS = (205_000, 265_000, 805_000, 705_000)


def make_buffer_points() -> Scene:
    """Return the scene of Samples/BufferPoints."""
    airports = choose(read_layer("airports"), "COUNTRY", "IS")
    zones = buffer_points(airports, LinearUnit(50, "esriKilometers"), Run())
    land, points, areas = (
        land_in(_MAP, (-26, 62, -12, 68)),
        airports.project(_MAP),
        zones.project(_MAP),
    )
    codes = airports.column("IATA").astype(str)

    def draw_points(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(land, frame, LAND_STYLE)
        yield from draw_shapes(points.geometries, frame, POINT_STYLE)
        west = codes == "KEF"  # its neighbour lies close by
        yield from draw_labels(points.geometries[~west], codes[~west], frame)
        yield from draw_labels(points.geometries[west], codes[west], frame, shift=(-9, 4))

    def draw_zones(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(land, frame, LAND_STYLE)
        yield from draw_shapes(areas.geometries, frame, ZONE_STYLE)
        yield from draw_shapes(points.geometries, frame, POINT_STYLE)

    return Scene(
        f"{len(airports)} airports of Iceland, and a round zone of 50 kilometres about each",
        Side("points", f"{len(airports)} airports", draw_points, [Key(POINT_STYLE, "an airport", "point")]),
        Side("output", "a zone for each", draw_zones, [Key(ZONE_STYLE, "distance = 50 Kilometers")]),
        (make_frame(_BOUNDS), make_frame(_BOUNDS)),
    )
