"""Rivers, cities and airports, and the zones, cells and lines about them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Scene
from dev.pictures.layers import Half, Layer, classes, fit, labels, land, list_rows, shapes, show, table
from dev.pictures.look import (
    BORDER,
    DOT_STYLE,
    HUES,
    LINE_STYLE,
    OUTPUT,
    PAPER,
    POINT_STYLE,
    RAMP,
    RESULT_STYLE,
    SMALL_POINT_STYLE,
    SOFT_STYLE,
    Style,
)
from dev.pictures.sources import choose, cut, keep, land_in, read_file, read_layer
from gpserverless import FeatureSet, LinearUnit, Run, SpatialReference
from toolboxes.analysis.aggregate_points import aggregate_points
from toolboxes.analysis.buffer import buffer
from toolboxes.analysis.clip import clip
from toolboxes.analysis.create_thiessen_polygons import create_thiessen_polygons
from toolboxes.analysis.generate_near_table import generate_near_table
from toolboxes.analysis.multiple_ring_buffer import multiple_ring_buffer
from toolboxes.analysis.near import near
from toolboxes.analysis.select_layer_by_location import select_layer_by_location
from toolboxes.analysis.spatial_join import spatial_join
from toolboxes.analysis.summarize_nearby import summarize_nearby
from toolboxes.analysis.summarize_within import summarize_within

_EUROPE, _AFRICA, _ICELAND = SpatialReference(3035), SpatialReference(102022), SpatialReference(3057)
_STATES = SpatialReference(102003)
_WEST = ("Oregon", "Utah", "Nevada", "Idaho", "Arizona")
_ZONES = Style(OUTPUT, OUTPUT, 1.2, 0.3)
_SQUARE = Style("#e8b04a", "#17211f", 1.4, radius=6.5)
_CITY = Style("#b8481f", "#ffffff", 0.8, radius=3.4)


def make_buffer() -> Scene:
    """Return the scene of Analysis/Buffer."""
    rivers = cut(read_layer("ne_rivers_50m"), (5, 44, 25, 55)).project(_EUROPE)
    zones = buffer(rivers, LinearUnit(25, "esriKilometers"), Run(), dissolve_option="ALL")
    ground = land(land_in(_EUROPE, (-5, 35, 35, 60)))
    thin = shapes(rivers, Style(stroke="#b8481f", width=0.9))
    return show(
        "The rivers of central Europe, and one zone of 25 kilometres about all of them",
        (3_900_000.0, 2_520_000.0, 5_300_000.0, 3_480_000.0),
        Half("in_features", "rivers", [ground, shapes(rivers, LINE_STYLE, "a river")]),
        Half(
            "out_feature_class",
            "one zone",
            [ground, shapes(zones, _ZONES, "25 Kilometers, dissolve ALL"), thin],
        ),
    )


def make_thiessen() -> Scene:
    """Return the scene of Analysis/CreateThiessenPolygons."""
    airports = choose(read_layer("airports"), "COUNTRY", "IS").project(_ICELAND)
    cells = create_thiessen_polygons(airports, Run())
    ground = land(land_in(_ICELAND, (-26, 62, -12, 68)))
    points = shapes(airports, POINT_STYLE, "an airport")
    return show(
        "The airports of Iceland, and the area around each that is nearer to it than to any other airport",
        fit(airports, 0.16),
        Half("in_features", f"{len(airports)} airports", [ground, points]),
        Half(
            "out_feature_class",
            "a cell for each",
            [ground, shapes(cells, Style(OUTPUT, OUTPUT, 1.6, 0.22), "the nearest places"), points],
        ),
    )


def make_summarize_within() -> Scene:
    """Return the scene of Analysis/SummarizeWithin."""
    countries = choose(read_file("countries"), "CONTINENT", "Africa").project(_AFRICA)
    airports = clip(read_layer("airports"), countries, Run()).project(_AFRICA)
    summary = summarize_within(countries, airports, Run()).out_feature_class
    counts = summary.numbers("Point_Count")
    labelled = np.flatnonzero((counts >= 20) & (shapely.area(summary.geometries) > 3e11))
    names = ("0", "1-4", "5-9", "10-19", "20-39", "40 and more")
    looks = {
        index: (Style(colour, BORDER if index < 3 else PAPER, 0.8), name)
        for index, (colour, name) in enumerate(zip((SOFT_STYLE.fill, *RAMP[:-1]), names, strict=True))
    }
    return show(
        "The airports of Africa, and the countries coloured by the number of airports in each",
        fit(countries, 0),
        Half(
            "in_polygons, in_sum_features",
            "",
            [shapes(countries, SOFT_STYLE, "a country"), shapes(airports, DOT_STYLE, "an airport")],
        ),
        Half(
            "out_feature_class",
            "Point_Count",
            [
                classes(summary, np.searchsorted((1, 5, 10, 20, 40), counts, side="right"), looks),
                labels(summary.geometries[labelled], [f"{count:.0f}" for count in counts[labelled]]),
            ],
        ),
    )


@cache
def _read_spain() -> tuple[FeatureSet[Any], FeatureSet[Any]]:
    """Return the cities and the large airports of Spain and Portugal without their islands."""
    around = (-10.0, 35.5, 4.0, 44.0)
    cities = keep(choose(cut(read_layer("cities_100k"), around), "COUNTRY", "ES", "PT"), "POP", 150_000)
    airports = choose(cut(read_layer("airports"), around), "COUNTRY", "ES", "PT")
    return cities.project(_EUROPE), choose(airports, "TYPE", "large_airport").project(_EUROPE)


def _show_spain(title: str, names: str, after: Half) -> Scene:
    cities, airports = _read_spain()
    given = [_draw_spain(), shapes(airports, _SQUARE, "an airport"), shapes(cities, _CITY, "a city")]
    return show(title, fit(cities, 0.12), Half(names, "", given), after)


def _draw_spain() -> Layer:
    return land(land_in(_EUROPE, (-15, 30, 12, 50)))


def make_near() -> Scene:
    """Return the scene of Analysis/Near."""
    cities, airports = _read_spain()
    found = near(cities, [airports], Run(), location=True)
    ends = np.column_stack([found.numbers("NEAR_X"), found.numbers("NEAR_Y")])
    starts = shapely.get_coordinates(found.geometries)
    lines = shapely.linestrings(np.stack([starts, ends], axis=1))
    layers = [
        *(_draw_spain(), shapes(lines, Style(stroke=OUTPUT, width=1.6), "to NEAR_X, NEAR_Y")),
        *(shapes(airports, _SQUARE), shapes(found, _CITY)),
    ]
    title = (
        "Cities and large airports of Spain and Portugal, and a line from each city to the nearest airport"
    )
    return _show_spain(title, "in_features, near_features", Half("updated features", "NEAR_FID", layers))


def make_near_table() -> Scene:
    """Return the scene of Analysis/GenerateNearTable."""
    cities, airports = _read_spain()
    found = generate_near_table(cities, [airports], Run(), closest=False, closest_count=2)
    columns = ("IN_FID", "NEAR_FID", "NEAR_DIST", "NEAR_RANK")
    after = table("out_table", "closest_count = 2, metres", columns, list_rows(found, columns, 10), 0.2)
    title = "Cities and large airports of Spain and Portugal, and a table of the two nearest to each city"
    return _show_spain(title, "in_features, near_features", after)


def make_summarize_nearby() -> Scene:
    """Return the scene of Analysis/SummarizeNearby."""
    cities, airports = _read_spain()
    found = summarize_nearby(
        *(airports, cities, "STRAIGHT_LINE", [100.0], "KILOMETERS", Run())
    ).out_feature_class
    counts = found.numbers("Point_Count")
    layers = [
        *(_draw_spain(), shapes(found, _ZONES, "within 100 km"), shapes(cities, _CITY)),
        labels(found, [f"{count:.0f}" for count in counts], size=15),
    ]
    title = "Cities and large airports of Spain and Portugal, and the number of cities within 100 km"
    return _show_spain(
        title, "in_features, in_sum_features", Half("out_feature_class", "Point_Count", layers)
    )


def make_rings() -> Scene:
    """Return the scene of Analysis/MultipleRingBuffer."""
    airports = choose(read_layer("airports"), "IATA", "RKV", "AEY", "EGS").project(_ICELAND)
    rings = multiple_ring_buffer(airports, [25.0, 50.0, 75.0, 100.0], Run(), "Kilometers")
    tints = {
        far: (Style(tint, PAPER, 0.8, 0.85), f"{far:.0f} km")
        for far, tint in zip((25.0, 50.0, 75.0, 100.0), RAMP[::-1], strict=False)
    }
    ground = land(land_in(_ICELAND, (-26, 62, -12, 68)))
    points = shapes(airports, POINT_STYLE, "an airport")
    return show(
        "Three airports of Iceland, and rings about them of 25, 50, 75 and 100 kilometres",
        fit(rings, 0.02),
        Half("Input_Features", "3 airports", [ground, points]),
        Half(
            "Output_Feature_class",
            "Distances",
            [ground, classes(rings, rings.numbers("distance"), tints), shapes(airports, POINT_STYLE)],
        ),
    )


def make_aggregate_points() -> Scene:
    """Return the scene of Analysis/AggregatePoints."""
    cities = cut(read_layer("cities_100k"), (-10, 42, 20, 57)).project(_EUROPE)
    bins = aggregate_points(
        *(cities, Run()), bin_type="Hexagon", bin_size=150, bin_size_unit="Kilometers", keep_empty=False
    ).aggregated_layer
    groups = np.searchsorted((2, 4, 8, 16), bins.numbers("Point_Count"), side="right")
    names = ("1", "2", "4", "8", "16 and more")
    looks = {
        group: (Style(tint, PAPER, 0.8, 0.85), name)
        for group, (tint, name) in enumerate(zip(RAMP[1:], names, strict=True))
    }
    ground = land(land_in(_EUROPE, (-20, 30, 45, 65)), 1.2)
    return show(
        "The cities of western Europe, and hexagons coloured by the number of cities in each",
        fit(cities, 0.02),
        Half("pointLayer", f"{len(cities)} cities", [ground, shapes(cities, DOT_STYLE, "a city")]),
        Half("aggregatedLayer", "Point_Count", [ground, classes(bins, groups, looks)]),
    )


@cache
def _read_rivers() -> tuple[FeatureSet[Any], FeatureSet[Any]]:
    counties = choose(read_layer("us_counties"), "STATE_NAME", "Missouri").project(_STATES)
    rivers = cut(read_layer("ne_rivers_50m"), (-97, 35, -88, 42)).project(_STATES)
    return counties, rivers


def make_select_by_location() -> Scene:
    """Return the scene of Analysis/SelectLayerByLocation."""
    counties, rivers = _read_rivers()
    found = select_layer_by_location(counties, Run(), "INTERSECT", rivers).out_layer_or_view
    water = shapes(rivers, Style(stroke="#3f7ca3", width=2.2), "a river")
    return show(
        "The counties of Missouri and the rivers about them, and the counties that a river meets",
        fit(counties, 0.03),
        Half("in_layer, select_features", "", [shapes(counties, SOFT_STYLE, "a county", 0.8), water]),
        Half(
            "out_layer_or_view",
            f"{len(found)} of {len(counties)} counties",
            [
                shapes(counties, SOFT_STYLE, detail=0.8),
                shapes(found, RESULT_STYLE, "a county with a river", 0.8),
                water,
            ],
        ),
    )


def make_spatial_join() -> Scene:
    """Return the scene of Analysis/SpatialJoin."""
    states = choose(read_layer("us_states"), "STATE_NAME", *_WEST).project(_STATES)
    airports = cut(read_layer("airports"), (-125, 31, -102, 49)).project(_STATES)
    joined = spatial_join(airports, states, Run(), join_type=False, match_option="WITHIN")
    looks = {name: (Style(HUES[i], PAPER, 0.5, radius=3.4), name) for i, name in enumerate(_WEST)}
    return show(
        "Airports and five western states of the USA, and the airports in them with the name of their state",
        fit(states),
        Half(
            "target_features, join_features",
            "",
            [shapes(states, SOFT_STYLE, "a state"), shapes(airports, SMALL_POINT_STYLE, "an airport")],
        ),
        Half(
            "out_feature_class",
            "STATE_NAME",
            [shapes(states, SOFT_STYLE), classes(joined, joined.column("STATE_NAME"), looks)],
        ),
    )
