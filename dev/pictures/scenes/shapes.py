"""Lines and outlines with fewer or more vertices, smooth, cut, and as points."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Scene
from dev.pictures.layers import Half, Layer, classes, fit, land, shapes, show
from dev.pictures.look import (
    AREA_STYLE,
    HUES,
    LAND_STYLE,
    LINE_STYLE,
    PAPER,
    POINT_STYLE,
    RESULT_LINE,
    RESULT_POINT,
    RESULT_STYLE,
    Style,
)
from dev.pictures.sources import DEGREES, choose, cut, land_in, read_file, read_layer
from gpserverless import FeatureSet, LinearUnit, Run, SpatialReference
from toolboxes.analysis.densify import densify
from toolboxes.analysis.feature_vertices_to_points import feature_vertices_to_points
from toolboxes.analysis.generate_points_along_lines import generate_points_along_lines
from toolboxes.analysis.geodetic_densify import geodetic_densify
from toolboxes.analysis.multipart_to_singlepart import multipart_to_singlepart
from toolboxes.analysis.points_to_line import points_to_line
from toolboxes.analysis.simplify_line import simplify_line
from toolboxes.analysis.simplify_polygon import simplify_polygon
from toolboxes.analysis.smooth_line import smooth_line
from toolboxes.analysis.smooth_polygon import smooth_polygon
from toolboxes.analysis.split_line_at_point import split_line_at_point

_EUROPE, _STATES = SpatialReference(3035), SpatialReference(102003)
_VERTEX = Style("#17211f", radius=1.6)
_FAINT = Style(stroke="#d9a78f", width=1.2)


def _km(number: float) -> LinearUnit:
    return LinearUnit(number, "esriKilometers")


@cache
def _read_rivers() -> FeatureSet[Any]:
    return cut(read_layer("ne_rivers_50m"), (3, 44, 20, 54)).project(_EUROPE)


@cache
def _read_few() -> FeatureSet[Any]:
    """Return the rivers with few vertices, as one line each."""
    return simplify_line(
        multipart_to_singlepart(_read_rivers(), Run()), tolerance=_km(20), run=Run()
    ).out_feature_class


def _draw_land() -> Layer:
    return land(land_in(_EUROPE, (-5, 35, 35, 60)))


def _dots(features: FeatureSet[Any], text: str = "") -> Layer:
    """Return the vertices of shapes."""
    return shapes(shapely.points(shapely.get_coordinates(features.geometries)), _VERTEX, text)


def _count(features: FeatureSet[Any]) -> str:
    return f"{int(shapely.get_num_coordinates(features.geometries).sum()):,} vertices"


@cache
def _read_island() -> FeatureSet[Any]:
    """Return Great Britain, in detail."""
    britain = choose(read_layer("world_countries"), "ISO_A3", "GBR").project(_EUROPE)
    parts = shapely.get_parts(britain.geometries)
    return FeatureSet.of(parts[[int(np.argmax(shapely.area(parts)))]], _EUROPE)


@cache
def _read_coarse() -> FeatureSet[Any]:
    """Return Iceland with few vertices."""
    reference = SpatialReference(3057)
    return choose(read_file("countries"), "NAME", "Iceland").project(reference)


def make_simplify_line() -> Scene:
    """Return the scene of Analysis/SimplifyLine."""
    rivers = _read_rivers()
    after = simplify_line(rivers, tolerance=_km(20), run=Run()).out_feature_class
    return show(
        "The rivers of central Europe with all vertices, and the same rivers drawn with far fewer vertices",
        fit(rivers, -0.15),
        Half(
            "in_features",
            _count(rivers),
            [_draw_land(), shapes(rivers, LINE_STYLE, "a river"), _dots(rivers)],
        ),
        Half(
            "out_feature_class",
            _count(after),
            [_draw_land(), shapes(after, RESULT_LINE, "tolerance = 20 Kilometers"), _dots(after)],
        ),
    )


def make_simplify_polygon() -> Scene:
    """Return the scene of Analysis/SimplifyPolygon."""
    island = _read_island()
    after = simplify_polygon(island, tolerance=_km(25), run=Run()).out_feature_class
    return show(
        "The outline of Great Britain in detail, and the same outline drawn with far fewer vertices",
        fit(island, 0.02),
        Half("in_features", _count(island), [shapes(island, AREA_STYLE), _dots(island, "a vertex")]),
        Half(
            "out_feature_class",
            _count(after),
            [shapes(after, RESULT_STYLE, "tolerance = 25 Kilometers"), _dots(after)],
        ),
    )


def make_smooth_line() -> Scene:
    """Return the scene of Analysis/SmoothLine."""
    rivers = _read_few()
    after = smooth_line(rivers, tolerance=_km(120), run=Run())
    return show(
        "The rivers of central Europe drawn with few vertices, and the same rivers drawn as smooth lines",
        fit(rivers, -0.15),
        Half("in_features", "few vertices", [_draw_land(), shapes(rivers, LINE_STYLE, "a river")]),
        Half(
            "out_feature_class",
            "PAEK",
            [_draw_land(), shapes(rivers, _FAINT), shapes(after, RESULT_LINE, "tolerance = 120 Kilometers")],
        ),
    )


def make_smooth_polygon() -> Scene:
    """Return the scene of Analysis/SmoothPolygon."""
    coarse = _read_coarse()
    after = smooth_polygon(coarse, tolerance=_km(150), run=Run())
    return show(
        "The outline of Iceland drawn with few straight edges, and the same outline drawn smooth",
        fit(coarse, 0.1),
        Half("in_features", "straight edges", [shapes(coarse, AREA_STYLE, "the island")]),
        Half(
            "out_feature_class",
            "PAEK",
            [
                shapes(after, RESULT_STYLE, "tolerance = 150 Kilometers"),
                shapes(coarse, Style(stroke="#d9a78f")),
            ],
        ),
    )


def make_densify() -> Scene:
    """Return the scene of Analysis/Densify."""
    coarse = _read_coarse()
    after = densify(coarse, distance=_km(15), run=Run())
    return show(
        "The outline of Iceland with few vertices, and the same outline with a vertex at least every 15 km",
        fit(coarse, 0.1),
        Half("in_features", _count(coarse), [shapes(coarse, AREA_STYLE), _dots(coarse, "a vertex")]),
        Half("out_feature_class", _count(after), [shapes(after, AREA_STYLE), _dots(after, "a vertex")]),
    )


def make_geodetic_densify() -> Scene:
    """Return the scene of Analysis/GeodeticDensify."""
    airports = read_layer("airports")
    home = choose(airports, "IATA", "FRA").geometries[0]
    ends = choose(airports, "IATA", "LAX", "NRT", "SIN", "GRU", "JNB")
    lines = FeatureSet.of(
        [shapely.linestrings([home.coords[0], p.coords[0]]) for p in ends.geometries], DEGREES
    )
    after = geodetic_densify(lines, Run())
    parts = shapely.get_parts(read_file("countries").geometries)
    ground = shapes(parts[shapely.area(parts) > 8], LAND_STYLE, detail=1.1)
    return show(
        "Straight lines on the map from Frankfurt to five airports, and the shortest lines on the earth",
        (-140.0, -60.0, 155.0, 90.0),
        Half("in_features", "edges in degrees", [ground, shapes(lines, LINE_STYLE, "2 vertices each")]),
        Half("out_feature_class", "GEODESIC", [ground, shapes(after, RESULT_LINE, "a vertex every 50 km")]),
    )


def make_vertices_to_points() -> Scene:
    """Return the scene of Analysis/FeatureVerticesToPoints."""
    rivers = _read_rivers()
    after = feature_vertices_to_points(rivers, Run(), "BOTH_ENDS")
    return show(
        "The rivers of central Europe, and a point at each of their vertices that is the end of a line",
        fit(rivers, -0.1),
        Half("in_features", f"{len(rivers)} lines", [_draw_land(), shapes(rivers, LINE_STYLE, "a river")]),
        Half(
            "out_feature_class",
            "BOTH_ENDS",
            [_draw_land(), shapes(rivers, _FAINT), shapes(after, RESULT_POINT, "an end")],
        ),
    )


def make_points_along() -> Scene:
    """Return the scene of Analysis/GeneratePointsAlongLines."""
    rivers = _read_rivers()
    after = generate_points_along_lines(rivers, Run(), "DISTANCE", _km(50))
    return show(
        "The rivers of central Europe, and a point at every 50 kilometres along each of these rivers",
        fit(rivers, -0.1),
        Half("Input_Features", f"{len(rivers)} lines", [_draw_land(), shapes(rivers, LINE_STYLE, "a river")]),
        Half(
            "Output_Feature_Class",
            f"{len(after)} points",
            [_draw_land(), shapes(rivers, _FAINT), shapes(after, RESULT_POINT, "Distance = 50 Kilometers")],
        ),
    )


def make_split_line() -> Scene:
    """Return the scene of Analysis/SplitLineAtPoint."""
    rivers = _read_rivers()
    cities = choose(read_layer("cities_100k"), "COUNTRY", "DE", "FR", "AT", "CZ", "PL", "NL", "CH", "HU")
    large = cities.take(np.flatnonzero(cities.numbers("POP") > 180_000)).project(_EUROPE)
    near = large.take(
        np.flatnonzero(shapely.distance(large.geometries, shapely.union_all(rivers.geometries)) < 9e3)
    )
    after = split_line_at_point(rivers, near, Run(), _km(10))
    looks = {index: (Style(stroke=HUES[index], width=2.6), "") for index in range(len(HUES))}
    points = shapes(near, POINT_STYLE, "a city at a river")
    return show(
        "Rivers of central Europe and cities beside them, and the pieces of the rivers between the cities",
        fit(rivers, -0.15),
        Half(
            "in_features, point_features",
            "",
            [_draw_land(), shapes(rivers, LINE_STYLE, f"{len(rivers)} rivers"), points],
        ),
        Half(
            "out_feature_class",
            f"{len(after)} pieces, each in a colour",
            [
                _draw_land(),
                classes(after, np.arange(len(after)) % len(HUES), looks),
                shapes(near, Style("#17211f", PAPER, 1, radius=3)),
            ],
        ),
    )


def make_points_to_line() -> Scene:
    """Return the scene of Analysis/PointsToLine."""
    points = feature_vertices_to_points(_read_few(), Run())
    lines = points_to_line(points, Run(), "ORIG_FID")
    return show(
        "Points along the rivers of central Europe, and a line through the points of each of the rivers",
        fit(points, -0.1),
        Half(
            "Input_Features", f"{len(points)} points", [_draw_land(), shapes(points, POINT_STYLE, "a point")]
        ),
        Half(
            "Output_Feature_Class",
            "Line_Field = ORIG_FID",
            [_draw_land(), shapes(lines, RESULT_LINE, "a line"), shapes(points, _VERTEX)],
        ),
    )
