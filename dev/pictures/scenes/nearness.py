"""Rivers, cities and airports, and the zones, cells and lines about them."""

from __future__ import annotations

import numpy as np
import shapely

from dev.pictures.card import Scene
from dev.pictures.layers import Half, classes, fit, labels, land, shapes, show
from dev.pictures.look import (
    AREA_STYLE,
    BORDER,
    LINE_STYLE,
    OUTPUT,
    PAPER,
    POINT_STYLE,
    RAMP,
    DOT_STYLE,
    SOFT_STYLE,
    Style,
)
from dev.pictures.sources import choose, cut, land_in, read_file, read_layer
from gpserverless import LinearUnit, Run, SpatialReference
from toolboxes.analysis.buffer import buffer
from toolboxes.analysis.create_thiessen_polygons import create_thiessen_polygons
from toolboxes.analysis.summarize_within import summarize_within

_EUROPE, _AFRICA, _ICELAND = SpatialReference(3035), SpatialReference(102022), SpatialReference(3057)
_ZONES = Style(OUTPUT, OUTPUT, 1.2, 0.3)


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
    airports = cut(read_layer("airports"), (-18.0, -36.0, 52.0, 34.0)).project(_AFRICA)
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
