"""Centres, ellipses, hot spots and clusters of cities and airports."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from dev.pictures.card import Scene
from dev.pictures.layers import Half, Layer, classes, fit, land, shapes, show
from dev.pictures.look import (
    DOT_STYLE,
    FAINT_POINT,
    HUES,
    OUTPUT,
    PAPER,
    TEXT,
    Style,
)
from dev.pictures.sources import choose, cut, keep, land_in, read_layer
from gpserverless import FeatureSet, LinearUnit, Run, SpatialReference
from toolboxes.analysis.central_feature import central_feature
from toolboxes.analysis.density_based_clustering import density_based_clustering
from toolboxes.analysis.directional_distribution import directional_distribution
from toolboxes.analysis.hot_spots import hot_spots
from toolboxes.analysis.mean_center import mean_center
from toolboxes.analysis.median_center import median_center

_EUROPE, _STATES = SpatialReference(3035), SpatialReference(102003)
_COUNTRIES = ("ES", "FR", "IT", "DE", "GB", "PL", "SE")
_CENTRE = Style(TEXT, PAPER, 2.5, radius=6)


@cache
def _read_cities() -> FeatureSet[Any]:
    cities = choose(read_layer("cities_100k"), "COUNTRY", *_COUNTRIES)
    return keep(cut(cities, (-12, 35, 30, 66)), "POP", 200_000).project(_EUROPE)


def _draw_land() -> Layer:
    return land(land_in(_EUROPE, (-20, 30, 45, 70)), 1.5)


def _show_cities(title: str, text: str, *result: Layer) -> Scene:
    """Return the scene of the cities of seven countries."""
    cities = _read_cities()
    looks = {name: (Style(HUES[i], PAPER, 0.5, radius=3.2), name) for i, name in enumerate(_COUNTRIES)}
    given = [_draw_land(), classes(cities, cities.column("COUNTRY"), looks)]
    faint = [
        _draw_land(),
        classes(cities, cities.column("COUNTRY"), {k: (v[0], "") for k, v in looks.items()}),
    ]
    return show(
        title,
        fit(cities, 0.08),
        Half("Input_Feature_Class", f"{len(cities)} cities", given),
        Half("Output_Feature_Class", text, [*faint, *result]),
    )


def make_mean_center() -> Scene:
    """Return the scene of Analysis/MeanCenter."""
    centres = mean_center(_read_cities(), Run(), Weight_Field="POP", Case_Field="COUNTRY")
    title = "The cities of seven countries, and the mean of their places weighted by people in each country"
    return _show_cities(title, "Case_Field = COUNTRY", shapes(centres, _CENTRE, "Weight_Field = POP"))


def make_median_center() -> Scene:
    """Return the scene of Analysis/MedianCenter."""
    centres = median_center(_read_cities(), Run(), Weight_Field="POP", Case_Field="COUNTRY")
    title = "The cities of seven countries, and the place nearest to all people of the cities of each country"
    return _show_cities(title, "Case_Field = COUNTRY", shapes(centres, _CENTRE, "Weight_Field = POP"))


def make_central_feature() -> Scene:
    """Return the scene of Analysis/CentralFeature."""
    centres = central_feature(_read_cities(), Run(), Case_Field="COUNTRY")
    title = "The cities of seven countries, and in each country the city that is nearest to all of its others"
    return _show_cities(title, "Case_Field = COUNTRY", shapes(centres, _CENTRE, "the most central city"))


def make_ellipses() -> Scene:
    """Return the scene of Analysis/DirectionalDistribution."""
    ellipses = directional_distribution(_read_cities(), Run(), Case_Field="COUNTRY")
    title = "The cities of seven countries, and for each country the ellipse along which its cities scatter"
    ring = Style(OUTPUT, OUTPUT, 1.8, 0.15)
    return _show_cities(title, "Case_Field = COUNTRY", shapes(ellipses, ring, "1_STANDARD_DEVIATION"))


def make_hot_spots() -> Scene:
    """Return the scene of Analysis/HotSpots."""
    airports = cut(read_layer("airports"), (-125, 24, -66, 50))
    airports = choose(airports, "COUNTRY", "US").project(_STATES)
    spots = hot_spots(airports, "ELEV_FT", Run()).Output_Feature_Class
    colours = ("#33658a", "#6f9fc4", "#b5d0e4", "#d8d8d2", "#f2c4a8", "#e8825a", "#b8481f")
    names = ("cold 99 %", "", "", "neither", "", "", "hot 99 %")
    looks = {
        place - 3: (Style(colour, radius=2.8), name)
        for place, (colour, name) in enumerate(zip(colours, names, strict=True))
    }
    feet = np.searchsorted((500, 1500, 4000), airports.numbers("ELEV_FT"))
    heights = {
        place: (Style(colour, radius=2.8), name)
        for place, (colour, name) in enumerate(
            zip(
                ("#d2e9e4", "#7fc0b3", "#0b6b5d", "#064239"),
                ("below 500", "500", "1,500", "4,000 feet"),
                strict=True,
            )
        )
    }
    ground = land(cut(read_layer("us_states"), (-125, 24, -66, 50)).project(_STATES), 1.2)
    return show(
        "Airports of the USA by their height, and where high ones cluster and where low ones do",
        fit(airports, 0.02),
        Half("Input_Feature_Class", "Input_Field = ELEV_FT", [ground, classes(airports, feet, heights)]),
        Half("Output_Feature_Class", "Gi_Bin", [ground, classes(spots, spots.numbers("Gi_Bin"), looks)]),
    )


def make_clusters() -> Scene:
    """Return the scene of Analysis/DensityBasedClustering."""
    cities = cut(read_layer("cities_100k"), (-10, 42, 20, 57)).project(_EUROPE)
    found = density_based_clustering(
        *(cities, "DBSCAN", 6, Run()), search_distance=LinearUnit(45, "esriKilometers")
    )
    ids = found.numbers("CLUSTER_ID").astype(int)
    colours = np.where(ids < 0, -1, ids % len(HUES))
    looks = {i: (Style(hue, radius=3), "") for i, hue in enumerate(HUES)}
    ground = land(land_in(_EUROPE, (-20, 30, 45, 65)), 1.2)
    return show(
        "The cities of western Europe, and the clusters of them that density finds, each in a colour",
        fit(cities, 0.02),
        Half("in_features", f"{len(cities)} cities", [ground, shapes(cities, DOT_STYLE, "a city")]),
        Half(
            "out_features",
            f"CLUSTER_ID: {ids.max()} clusters",
            [ground, classes(found, colours, {-1: (FAINT_POINT, "in no cluster"), **looks})],
        ),
    )
