"""Rivers of Europe, the world in another reference, and airports in the countries of Africa."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Key, Scene, Side, make_frame
from dev.pictures.frame import Frame
from dev.pictures.look import BORDER, LAND_STYLE, LINE_STYLE, OUTPUT, RAMP, SMALL_POINT_STYLE, Style
from dev.pictures.marks import draw_labels, draw_shapes
from dev.pictures.sources import DEGREES, cut, land_in, read_file, read_layer
from gpserverless import FeatureSet, LinearUnit, Run, SpatialReference
from toolboxes.analysis.buffer import buffer
from toolboxes.analysis.project import project
from toolboxes.analysis.summarize_within import summarize_within

_EUROPE = SpatialReference(3035)
_EQUAL_EARTH = SpatialReference(8857)
_AFRICA = SpatialReference(102022)
_THIN = Style(stroke="#b9c9c6", width=0.7)
_ZONES = Style(OUTPUT, OUTPUT, 1.2, 0.3)
_WORLD_LAND = Style("#f0c9b5", "#b8481f", 0.5)
_WORLD_RESULT = Style("#a5d3c9", OUTPUT, 0.5)


def make_buffer() -> Scene:
    """Return the scene of Analysis/Buffer."""
    bounds = (3_900_000.0, 2_520_000.0, 5_300_000.0, 3_480_000.0)
    rivers = cut(read_layer("ne_rivers_50m"), (5, 44, 25, 55)).project(_EUROPE)
    zones = buffer(rivers, LinearUnit(25, "esriKilometers"), Run(), dissolve_option="ALL")
    land = land_in(_EUROPE, (-5, 35, 35, 60))

    def draw_lines(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(land, frame, LAND_STYLE)
        yield from draw_shapes(rivers.geometries, frame, LINE_STYLE)

    def draw_zones(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(land, frame, LAND_STYLE)
        yield from draw_shapes(zones.geometries, frame, _ZONES)
        yield from draw_shapes(rivers.geometries, frame, Style(stroke="#b8481f", width=0.9))

    return Scene(
        "The rivers of central Europe, and one zone of 25 kilometres about all of them",
        Side("in_features", "rivers", draw_lines, [Key(LINE_STYLE, "a river", "line")]),
        Side("out_feature_class", "one zone", draw_zones, [Key(_ZONES, "25 Kilometers, dissolve ALL")]),
        (make_frame(bounds), make_frame(bounds)),
    )


def make_project() -> Scene:
    """Return the scene of Analysis/Project."""
    countries = read_file("countries")
    grid = FeatureSet.of(_list_meridians(), DEGREES)
    flat_land, flat_grid = (project(each, _EQUAL_EARTH, Run()) for each in (countries, grid))
    edge = project(FeatureSet.of([_outline()], DEGREES), _EQUAL_EARTH, Run())

    def draw_degrees(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(grid.geometries, frame, _THIN)
        yield from draw_shapes(_large(countries.geometries, 3.0), frame, _WORLD_LAND, 0.6)

    def draw_map(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(edge.geometries, frame, Style("#e3edee", "#b9c9c6", 0.7))
        yield from draw_shapes(flat_grid.geometries, frame, _THIN)
        yield from draw_shapes(_large(flat_land.geometries, 3e10), frame, _WORLD_RESULT, 0.6)

    left, bottom, right, top = shapely.total_bounds(edge.geometries)
    pad = (right - left) * 0.01
    return Scene(
        "The countries of the world in degrees, and the same in the projection Equal Earth",
        Side(
            "in_dataset",
            "longitude and latitude, 4326",
            draw_degrees,
            [Key(_WORLD_LAND, "a country"), Key(_THIN, "30 degrees", "line")],
        ),
        Side(
            "out_dataset",
            "Equal Earth, 8857",
            draw_map,
            [Key(_WORLD_RESULT, "a country"), Key(_THIN, "30 degrees", "line")],
            "#ffffff",
        ),
        (
            make_frame((-180, -90, 180, 90)),
            make_frame((left - pad, bottom - pad, right + pad, top + pad)),
        ),
    )


def _list_meridians() -> list[Any]:
    along = np.linspace(-90, 90, 61)
    lines = [np.column_stack([np.full(61, float(x)), along]) for x in range(-150, 180, 30)]
    lines += [
        np.column_stack([np.linspace(-180, 180, 121), np.full(121, float(y))]) for y in range(-60, 90, 30)
    ]
    return [shapely.linestrings(line) for line in lines]


def _outline() -> Any:
    return shapely.segmentize(shapely.box(-180, -90, 180, 90), 2)


def _large(shapes: Any, least: float) -> Any:
    """Return the parts that can be seen at this scale."""
    parts = shapely.get_parts(shapes)
    return parts[shapely.area(parts) > least]


def make_summarize_within() -> Scene:
    """Return the scene of Analysis/SummarizeWithin."""
    around = (-45.0, -50.0, 85.0, 55.0)
    bounds = (-4_700_000.0, -4_200_000.0, 4_400_000.0, 4_100_000.0)
    countries = cut(read_layer("world_countries"), around).project(_AFRICA)
    airports = cut(read_layer("airports"), around).project(_AFRICA)
    summary = summarize_within(countries, airports, Run()).out_feature_class
    limits = (1, 5, 10, 20, 40)
    classes = np.searchsorted(limits, summary.numbers("Point_Count"), side="right")
    labelled = np.flatnonzero(
        (summary.numbers("Point_Count") >= 20)
        & (shapely.area(summary.geometries) > 3e11)
        & shapely.within(shapely.point_on_surface(summary.geometries), shapely.box(*bounds).buffer(-200_000))
    )

    def draw_input(frame: Frame) -> Iterator[str]:
        yield from draw_shapes(_large(countries.geometries, 5e9), frame, LAND_STYLE, 0.9)
        yield from draw_shapes(airports.geometries, frame, SMALL_POINT_STYLE)

    def draw_counts(frame: Frame) -> Iterator[str]:
        for index, colour in enumerate(("#fbfaf6", *RAMP[:-1])):
            shapes = _large(summary.geometries[classes == index], 5e9)
            yield from draw_shapes(shapes, frame, Style(colour, BORDER if index < 3 else "#ffffff", 0.8), 0.9)
        inside = shapely.point_on_surface(summary.geometries[labelled])
        texts = [f"{count:.0f}" for count in summary.numbers("Point_Count")[labelled]]
        yield from draw_labels(inside, texts, frame, 12, (0, 4))

    names = ("0", "1-4", "5-9", "10-19", "20-39", "40 and more")
    return Scene(
        "The airports of Africa, and the countries coloured by the number of airports in each",
        Side(
            "in_polygons, in_sum_features",
            "",
            draw_input,
            [Key(LAND_STYLE, "a country"), Key(SMALL_POINT_STYLE, "an airport", "point")],
        ),
        Side(
            "out_feature_class",
            "Point_Count",
            draw_counts,
            [Key(Style(c, BORDER), text) for c, text in zip(("#fbfaf6", *RAMP[:-1]), names, strict=True)],
        ),
        (make_frame(bounds), make_frame(bounds)),
    )
