"""Slopes, directions, light, contours and views of the relief; surfaces from points."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Scene
from dev.pictures.layers import Half, Layer, classes, fit, land, shapes, show
from dev.pictures.look import DOT_STYLE, OUTPUT, PAPER, POINT_STYLE, RAMP, TEXT, Style
from dev.pictures.sources import DEGREES, choose, cut, keep, read_file, read_layer, read_relief
from dev.pictures.surface import cells, relief
from gpserverless import FeatureSet, LinearUnit, Raster, Run, SpatialReference
from toolboxes.elevation.viewshed import viewshed as draw_view
from toolboxes.raster.aspect import aspect
from toolboxes.raster.contour import contour
from toolboxes.raster.hill_shade import hill_shade
from toolboxes.raster.idw import idw
from toolboxes.raster.interpolate_shape import interpolate_shape
from toolboxes.raster.kernel_density import kernel_density
from toolboxes.raster.slope import slope
from toolboxes.raster.viewshed import viewshed

_STEP = 4
"""Cells in a row whose mean makes one, so that each is seen."""

_BOUNDS = (-84.4095, 36.4738, -84.0845, 36.6787)
_STRETCH = float(np.cos(np.radians(36.6)))
_EUROPE, _STATES = SpatialReference(3035), SpatialReference(102003)
_GREYS = tuple(f"#{level:02x}{level:02x}{level:02x}" for level in range(40, 250, 14))
_ROUND = ("#b8481f", "#e8825a", "#f0c268", "#c9cf7a", "#7fb58a", "#4f9aa0", "#4f78a8", "#8a6aa8")
_WARM = ("#f6ecd2", "#f0d49a", "#e8b06a", "#d98448", "#b8481f", "#7a2a12")


def _show_relief(title: str, before: Half, name: str, text: str, *after: Layer) -> Scene:
    return show(title, _BOUNDS, before, Half(name, text, after), _STRETCH)


def _give(heights: Raster) -> Half:
    return Half("in_raster", "heights in metres", [relief(heights, text="height of a cell")])


def make_slope() -> Scene:
    """Return the scene of Raster/Slope."""
    heights = read_relief(_STEP)
    steep = cells(
        *(slope(heights, Run(), method="GEODESIC"), (5, 10, 15, 20, 25), _WARM),
        ("below 5", "5", "10", "15", "20", "25 and more"),
    )
    title = "The relief about Jacksboro, Tennessee, and how steep it is in degrees at each cell"
    return _show_relief(title, _give(heights), "out_raster", "degrees", steep)


def make_aspect() -> Scene:
    """Return the scene of Raster/Aspect."""
    heights = read_relief(_STEP)
    limits = np.arange(22.5, 360, 45)
    names = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
    directions = cells(
        aspect(heights, Run(), method="GEODESIC"), list(limits), (*_ROUND, _ROUND[0]), (*names, "")
    )
    title = "The relief about Jacksboro, Tennessee, and the direction to which each cell slopes down"
    return _show_relief(title, _give(heights), "out_raster", "direction", directions)


def make_hill_shade() -> Scene:
    """Return the scene of Raster/HillShade."""
    heights = read_relief(3)
    light = hill_shade(heights, Run(), zfactor=2 / 111_320)
    limits = list(range(70, 250, 12))[: len(_GREYS) - 1]
    tones = cells(light, limits, _GREYS, ("dark", *[""] * (len(_GREYS) - 2), "light"))
    title = (
        "The relief about Jacksboro, Tennessee, and its light and shade when the sun stands in the north-west"
    )
    return _show_relief(title, _give(heights), "out_raster", "azimuth 315, altitude 45", tones)


def make_contour() -> Scene:
    """Return the scene of Raster/Contour."""
    heights = read_relief(_STEP)
    lines = contour(heights, 100, Run())
    drawn = shapes(lines, Style(stroke="#8a4b2a", width=0.9), "every 100 metres", 1.0)
    title = "The relief about Jacksboro, Tennessee, and lines of equal height at every 100 metres"
    return _show_relief(
        title, _give(heights), "out_polyline_features", "contours", relief(heights, 0.3), drawn
    )


@cache
def _observe() -> FeatureSet[Any]:
    return FeatureSet.of(shapely.points([(-84.24208, 36.55792), (-84.27542, 36.62792)]), DEGREES)


def make_viewshed() -> Scene:
    """Return the scene of Raster/Viewshed."""
    heights = read_relief(_STEP)
    points = shapes(_observe(), POINT_STYLE, "an observer")
    seen = viewshed(heights, _observe(), Run(), zfactor=1.0).out_raster
    view = cells(seen, (1, 2), ("#ffffff", "#459f8f", OUTPUT), ("", "by one", "by both"), opacity=0.7)
    given = Half("in_raster, in_observer_features", "", [relief(heights, text="height of a cell"), points])
    title = "Two observers on the relief about Jacksboro, Tennessee, and the cells that they see"
    return _show_relief(title, given, "out_raster", "seen", relief(heights, 0.9), view, points)


def make_elevation_viewshed() -> Scene:
    """Return the scene of Elevation/Viewshed."""
    heights = read_relief(_STEP)
    point = _observe().take(np.array([0]))
    seen = draw_view(point, LinearUnit(7, "esriKilometers"), heights, Run())
    area = shapes(seen.project(DEGREES), Style(OUTPUT, "none", 0.5, 0.65), "seen", 0.5)
    at = shapes(point, POINT_STYLE, "an observer")
    given = Half("Input_Observation_Point", "", [relief(heights, text="height of a cell"), at])
    title = "An observer on the relief about Jacksboro, Tennessee, and the area seen within 7 kilometres"
    return _show_relief(
        title, given, "Viewshed_Result", "Viewshed_Distance = 7 km", relief(heights, 0.6), area, at
    )


def make_interpolate_shape() -> Scene:
    """Return the scene of Raster/InterpolateShape."""
    heights = read_relief(_STEP)
    corners = [(-84.385, 36.495), (-84.30, 36.60), (-84.21, 36.545), (-84.105, 36.655)]
    way: FeatureSet[Any] = FeatureSet.of(np.array([shapely.LineString(corners)], object), DEGREES)
    raised = interpolate_shape(heights, way, Run(), sample_distance=0.006)
    x, y, z = shapely.get_coordinates(raised.geometries, include_z=True).T
    limits = (400, 500, 600, 700, 800)
    names = ("below 400", "400", "500", "600", "700", "800 metres")
    looks = {i: (Style(RAMP[i], PAPER, 1, radius=6), names[i]) for i in range(len(names))}
    places: FeatureSet[Any] = FeatureSet.of(shapely.points(x, y), DEGREES)
    line = shapes(way, Style(stroke=TEXT, width=1.8), "a way")
    given = Half("in_surface, in_feature_class", "", [relief(heights, text="height of a cell"), line])
    title = "A way over the relief about Jacksboro, Tennessee, and the height at each vertex of it"
    vertices = classes(places, np.searchsorted(limits, z, side="right"), looks)
    return _show_relief(title, given, "out_feature_class", "Z of each vertex", relief(heights, 0.4), vertices)


def make_idw() -> Scene:
    """Return the scene of Raster/Idw."""
    airports = cut(read_layer("airports"), (-125, 24, -66, 50))
    airports = choose(airports, "COUNTRY", "US").project(_STATES)
    surface = idw(airports, "ELEV_FT", Run(), cell_size=50_000)
    names = ("0", "500", "1,500", "4,000", "6,000 feet")
    limits, colours = (500, 1500, 4000, 6000), (*RAMP[:1], *RAMP[2:])
    drawn = cells(surface, limits, colours, names)
    kinds = np.searchsorted(limits, airports.numbers("ELEV_FT"))
    looks = {i: (Style(colour, radius=2.6), names[i]) for i, colour in enumerate(colours)}
    states = cut(read_layer("us_states"), (-125, 24, -66, 50)).project(_STATES)
    return show(
        "Airports of the USA by their height, and a surface of heights between them, weighted by distance",
        fit(airports, 0.02),
        Half("in_point_features", "zfield = ELEV_FT", [land(states, 1.2), classes(airports, kinds, looks)]),
        Half("out_raster", "feet", [drawn, shapes(states, Style(stroke=PAPER, width=0.7), detail=1.2)]),
    )


def make_kernel_density() -> Scene:
    """Return the scene of Raster/KernelDensity."""
    cities = keep(cut(read_layer("cities_100k"), (-10, 42, 20, 57)), "POP", 1).project(_EUROPE)
    surface = kernel_density(cities, "NONE", Run(), cell_size=20_000, search_radius=120_000)
    with surface.open() as dataset:
        most = float(dataset.read(1).max())
    limits = [most * share for share in (0.02, 0.1, 0.25, 0.45, 0.7)]
    drawn = cells(surface, limits, _WARM, ("few", "", "", "", "", "many"))
    countries = cut(read_file("countries"), (-20, 30, 45, 65)).project(_EUROPE)
    return show(
        "The cities of western Europe, and how dense they lie around each cell of a raster",
        fit(cities, 0.02),
        Half(
            "in_features",
            f"{len(cities)} cities",
            [land(countries, 1.2), shapes(cities, DOT_STYLE, "a city")],
        ),
        Half(
            "out_raster",
            "search_radius = 120 km",
            [drawn, shapes(countries, Style(stroke=TEXT, width=0.4), detail=0.8)],
        ),
    )
