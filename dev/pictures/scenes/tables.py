"""Cities, airports and counties as rows: fields, order, choice and sums."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from dev.pictures.card import Scene
from dev.pictures.layers import Half, classes, fit, land, list_rows, shapes, show, show_tables, table
from dev.pictures.look import (
    AREA_STYLE,
    BORDER,
    DOT_STYLE,
    FAINT_POINT,
    OUTPUT,
    PAPER,
    RAMP,
    RESULT_POINT,
    SOFT_STYLE,
    Style,
)
from dev.pictures.sources import choose, cut, read_file, read_layer
from gpserverless import FeatureSet, Run, SpatialReference, Table
from toolboxes.analysis.add_field import add_field
from toolboxes.analysis.calculate_field import calculate_field
from toolboxes.analysis.calculate_geometry_attributes import calculate_geometry_attributes
from toolboxes.analysis.delete_identical import delete_identical
from toolboxes.analysis.frequency import frequency
from toolboxes.analysis.join_field import join_field
from toolboxes.analysis.select import select
from toolboxes.analysis.sort import sort
from toolboxes.analysis.statistics import statistics
from toolboxes.analysis.xy_table_to_point import xy_table_to_point

_WORLD, _STATES = SpatialReference(8857), SpatialReference(102003)
_SOUTH = (-82.0, -56.0, -34.0, 13.0)


@cache
def _read_america() -> FeatureSet[Any]:
    """Return the countries of South America."""
    return choose(read_file("countries"), "CONTINENT", "South America")


def _tabulate(features: FeatureSet[Any]) -> Table:
    columns = {field.name: features.column(field.name) for field in features.fields}
    return Table(features.fields, columns)


def make_add_field() -> Scene:
    """Return the scene of Analysis/AddField."""
    countries = _read_america()
    columns = ("NAME", "ISO_A3", "GDP_MD")
    after = add_field(countries, "REGION", "TEXT", Run())
    return show_tables(
        "A table of countries of South America, and the same table with a new field that has no values",
        table("in_table", "8 rows of it", columns, list_rows(countries, columns, 8)),
        table("out_table", "+ REGION", (*columns, "REGION"), list_rows(after, (*columns, "REGION"), 8)),
    )


def make_calculate_field() -> Scene:
    """Return the scene of Analysis/CalculateField."""
    countries = _read_america()
    columns = ("NAME", "GDP_MD", "POP_EST")
    after = calculate_field(
        countries, "PER_HEAD", "!GDP_MD! / !POP_EST! * 1000000", Run(), field_type="DOUBLE"
    )
    shown = ("NAME", "GDP_MD", "POP_EST", "PER_HEAD")
    return show_tables(
        "A table of the product and people of countries, and the same with the product per head computed",
        table("in_table", "8 rows of it", columns, list_rows(countries, columns, 8)),
        table("out_table", "!GDP_MD! / !POP_EST! * 1000000", shown, list_rows(after, shown, 8)),
    )


def make_geometry_attributes() -> Scene:
    """Return the scene of Analysis/CalculateGeometryAttributes."""
    states = choose(read_layer("us_states"), "STATE_NAME", "Oregon", "Idaho", "Wyoming", "Montana").project(
        _STATES
    )
    given = '[["KM2", "AREA"], ["KM", "PERIMETER_LENGTH"], ["VERTICES", "POINT_COUNT"]]'
    after = calculate_geometry_attributes(states, given, Run(), "KILOMETERS", "SQUARE_KILOMETERS")
    columns = ("STATE_NAME", "KM2", "KM", "VERTICES")
    return show(
        "Four states of the USA on a map, and a table of the area, outline and vertices of each of them",
        fit(states),
        Half("in_features", "4 states", [shapes(states, AREA_STYLE, "a state")]),
        table("updated fields", "AREA, PERIMETER_LENGTH, POINT_COUNT", columns, list_rows(after, columns)),
    )


def make_sort() -> Scene:
    """Return the scene of Analysis/Sort."""
    countries = _read_america()
    columns = ("NAME", "POP_EST")
    after = sort(countries, "POP_EST DESCENDING", Run())
    return show_tables(
        "A table of countries of South America, and the same rows in the order of their number of people",
        table("in_dataset", "10 rows of it", columns, list_rows(countries, columns), 0.5),
        table("out_dataset", "POP_EST DESCENDING", columns, list_rows(after, columns), 0.5),
    )


def make_join_field() -> Scene:
    """Return the scene of Analysis/JoinField."""
    shape_only = cut(read_layer("world_countries"), _SOUTH)
    countries = choose(shape_only, "ISO_A3", *_read_america().column("ISO_A3")).project(_WORLD)
    joined = join_field(countries, "ISO_A3", _tabulate(_read_america()), "ISO_A3", Run(), fields=["POP_EST"])
    people = np.nan_to_num(joined.numbers("POP_EST")) / 1e6
    names = ("below 5", "5", "15", "30", "50 and more")
    looks = {
        index: (Style(colour, BORDER, 0.8), name)
        for index, (colour, name) in enumerate(zip(RAMP, names, strict=False))
    }
    return show(
        "Countries of South America without numbers, and the same coloured by the people of a joined table",
        fit(countries, 0),
        Half("in_data, join_table", "by ISO_A3", [shapes(countries, SOFT_STYLE, "a country")]),
        Half(
            "updated layer",
            "POP_EST in millions",
            [classes(joined, np.searchsorted((5, 15, 30, 50), people, side="right"), looks)],
        ),
    )


@cache
def _read_airports() -> FeatureSet[Any]:
    airports = cut(read_layer("airports"), (-125, 24, -66, 50))
    return choose(airports, "COUNTRY", "US").project(_STATES)


def _draw_states() -> Any:
    return land(cut(read_layer("us_states"), (-125, 24, -66, 50)).project(_STATES), 1.2)


def make_select() -> Scene:
    """Return the scene of Analysis/Select."""
    airports = _read_airports()
    high = select(airports, Run(), "ELEV_FT > 4000")
    return show(
        "Airports of the USA, and of them only those that lie more than 4,000 feet above the sea",
        fit(airports, 0.02),
        Half(
            "in_features",
            f"{len(airports)} airports",
            [_draw_states(), shapes(airports, DOT_STYLE, "an airport")],
        ),
        Half(
            "out_feature_class",
            f"{len(high)} airports",
            [
                _draw_states(),
                shapes(airports, FAINT_POINT),
                shapes(high, Style(OUTPUT, PAPER, 0.8, radius=3.6), "ELEV_FT > 4000"),
            ],
        ),
    )


def make_frequency() -> Scene:
    """Return the scene of Analysis/Frequency."""
    airports = choose(read_layer("airports"), "COUNTRY", "US", "CA", "MX", "CU", "GT").project(_STATES)
    counts = frequency(_tabulate(airports), ["COUNTRY", "TYPE"], Run())
    columns = ("COUNTRY", "TYPE", "FREQUENCY")
    ground = land(cut(read_layer("world_countries"), (-140, 5, -50, 62)).project(_STATES))
    return show(
        "Airports of North America on a map, and a table of their number by country and by type",
        fit(_read_airports(), 0.3),
        Half("in_table", f"{len(airports)} rows", [ground, shapes(airports, DOT_STYLE, "an airport")]),
        table("out_table", "of COUNTRY and TYPE", columns, list_rows(counts, columns)),
    )


def make_statistics() -> Scene:
    """Return the scene of Analysis/Statistics."""
    cities = choose(read_layer("cities_100k"), "COUNTRY", "DE", "FR", "IT", "ES", "PL", "GB", "NL", "BE")
    summary = statistics(_tabulate(cities), "POP SUM;POP MAX", Run(), ["COUNTRY"])
    columns = ("COUNTRY", "FREQUENCY", "SUM_POP", "MAX_POP")
    europe = SpatialReference(3035)
    ground = land(cut(read_file("countries"), (-15, 33, 35, 62)).project(europe))
    near = cut(cities, (-12, 35, 30, 60)).project(europe)
    return show(
        "Cities of eight countries of Europe on a map, and a table of their number and people by country",
        fit(near, 0.04),
        Half("in_table", f"{len(cities)} rows", [ground, shapes(near, DOT_STYLE, "a city")]),
        table("out_table", "of COUNTRY", columns, list_rows(summary, columns)),
    )


def make_delete_identical() -> Scene:
    """Return the scene of Analysis/DeleteIdentical."""
    counties = choose(read_layer("us_counties"), "STATE_NAME", "Vermont", "New Hampshire", "Maine")
    columns = ("STATE_NAME", "NAME")
    mixed = counties.take(np.argsort(counties.column("NAME").astype(str), kind="stable")[:9])
    after = delete_identical(mixed, ["STATE_NAME"], Run())
    return show_tables(
        "A table of nine counties of three states, and the first county of each of the three states",
        table("in_dataset", f"{len(mixed)} rows", columns, list_rows(mixed, columns), 0.5),
        table("updated dataset", "fields = STATE_NAME", columns, list_rows(after, columns), 0.5),
    )


def make_xy_table() -> Scene:
    """Return the scene of Analysis/XYTableToPoint."""
    airports = choose(read_layer("airports"), "COUNTRY", "IS")
    rows = calculate_geometry_attributes(airports, '[["LON", "POINT_X"], ["LAT", "POINT_Y"]]', Run())
    points = xy_table_to_point(_tabulate(rows), "LON", "LAT", Run()).project(SpatialReference(3057))
    cells = [[row[0], f"{row[1]:.2f}", f"{row[2]:.2f}"] for row in list_rows(rows, ("IATA", "LON", "LAT"))]
    ground = land(cut(read_layer("world_countries"), (-26, 62, -12, 68)).project(SpatialReference(3057)))
    return show(
        "A table of longitudes and latitudes of airports of Iceland, and a point on the map for each row",
        fit(points, 0.14),
        table("in_table", "xfield = LON, yfield = LAT", ("IATA", "LON", "LAT"), cells),
        Half("out_feature_class", f"{len(points)} points", [ground, shapes(points, RESULT_POINT, "a point")]),
    )
