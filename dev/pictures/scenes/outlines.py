"""Outlines of countries and rivers, cut where they meet, and the areas that they enclose."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from dev.pictures.card import Scene
from dev.pictures.layers import Half, Layer, classes, fit, labels, shapes, show
from dev.pictures.look import AREA_STYLE, HUES, OTHER_STYLE, PAPER, POINT_STYLE, Style
from dev.pictures.sources import choose, cut, read_layer
from gpserverless import FeatureSet, Run, SpatialReference
from toolboxes.analysis.feature_to_line import feature_to_line
from toolboxes.analysis.feature_to_polygon import feature_to_polygon

_EUROPE = SpatialReference(3035)
_RIVER = Style(stroke=OTHER_STYLE.stroke, width=2)


@cache
def _read_countries() -> FeatureSet[Any]:
    names = ("DEU", "CHE", "AUT", "CZE")
    return choose(read_layer("world_countries"), "ISO_A3", *names).project(_EUROPE)


@cache
def _read_rivers() -> FeatureSet[Any]:
    return cut(read_layer("ne_rivers_50m"), (3, 44, 20, 56)).project(_EUROPE)


def _draw_given() -> list[Layer]:
    return [
        shapes(_read_countries(), AREA_STYLE, "a country", 0.8),
        shapes(_read_rivers(), _RIVER, "a river", 0.8),
    ]


def make_feature_to_line() -> Scene:
    """Return the scene of Analysis/FeatureToLine."""
    pieces = feature_to_line([_read_countries(), _read_rivers()], Run(), attributes=False)
    looks = {index: (Style(stroke=HUES[index], width=2.2), "") for index in range(len(HUES))}
    return show(
        "Four countries and the rivers of central Europe, and all outlines and rivers cut where they meet",
        fit(_read_countries(), 0.02),
        Half("in_features", "two layers", _draw_given()),
        Half(
            "out_feature_class",
            f"{len(pieces)} pieces, each in a colour",
            [classes(pieces, np.arange(len(pieces)) % len(HUES), looks)],
        ),
    )


def make_feature_to_polygon() -> Scene:
    """Return the scene of Analysis/FeatureToPolygon."""
    countries, rivers = _read_countries(), _read_rivers()
    cities = choose(read_layer("cities_100k"), "COUNTRY", "DE", "AT", "CZ", "CH").project(_EUROPE)
    large = cities.take(np.flatnonzero(cities.numbers("POP") > 1_000_000))
    areas = feature_to_polygon([countries, rivers], Run(), label_features=large)
    names = areas.column("NAME")
    looks = {index: (Style(HUES[index], PAPER, 0.8, 0.75), "") for index in range(len(HUES))}
    named = areas.take(np.flatnonzero([name is not None for name in names]))
    return show(
        "Four countries, the rivers and large cities, and the areas that outlines and rivers enclose",
        fit(countries, 0.02),
        Half(
            "in_features, label_features",
            "",
            [*_draw_given(), shapes(large, POINT_STYLE, "a large city")],
        ),
        Half(
            "out_feature_class",
            f"{len(areas)} areas, with the name of a city inside",
            [
                classes(areas, np.arange(len(areas)) % len(HUES), looks),
                labels(named, named.column("NAME")),
            ],
        ),
    )
