"""Nets of cells over an extent, and the world in another spatial reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Scene, make_frame
from dev.pictures.layers import Half, fit, land, pair, shapes, show
from dev.pictures.look import AREA_STYLE, OUTPUT, PAPER, SEA, Style
from dev.pictures.sources import DEGREES, land_in, read_file
from gpserverless import ArealUnit, Extent, FeatureSet, Run, SpatialReference
from toolboxes.analysis.create_fishnet import create_fishnet
from toolboxes.analysis.generate_tessellation import generate_tessellation
from toolboxes.analysis.project import project

_EUROPE, _EQUAL_EARTH = SpatialReference(3035), SpatialReference(8857)
_BOX = (4_000_000.0, 2_700_000.0, 5_100_000.0, 3_500_000.0)
_NET = Style(OUTPUT, OUTPUT, 1.1, 0.12)
_THIN = Style(stroke="#b9c9c6", width=0.7)
_WORLD_LAND = Style("#f0c9b5", "#b8481f", 0.5)
_WORLD_RESULT = Style("#a5d3c9", OUTPUT, 0.5)


def _show_cells(title: str, names: tuple[str, str], text: str, cells: FeatureSet[Any]) -> Scene:
    """Return the scene of an extent and its cells."""
    ground = land(land_in(_EUROPE, (-10, 35, 35, 65)))
    box = shapes(shapely.box(*_BOX), AREA_STYLE, "the extent")
    return show(
        title,
        fit(shapely.box(*_BOX), 0.08),
        Half(names[0], "", [ground, box]),
        Half(names[1], text, [ground, shapes(cells, _NET, "a cell")]),
    )


def make_fishnet() -> Scene:
    """Return the scene of Analysis/CreateFishnet."""
    left, bottom, right, top = _BOX
    net = create_fishnet(
        *(f"{left} {bottom}", f"{left} {top}", 0, 0, 8, 9, Run()),
        corner_coord=f"{right} {top}",
        geometry_type="POLYGON",
    )
    title = (
        "An extent of central Europe, and a net of eight rows and nine columns of equal rectangles over it"
    )
    names = ("origin_coord, corner_coord", "out_feature_class")
    return _show_cells(title, names, "8 rows, 9 columns", net.out_feature_class)


def make_tessellation() -> Scene:
    """Return the scene of Analysis/GenerateTessellation."""
    size = ArealUnit(10_000, "esriSquareKilometers")
    cells = generate_tessellation(Extent(*_BOX, spatial_reference=_EUROPE), size=size, run=Run())
    title = "An extent of central Europe, and hexagons of 10,000 square kilometres each that cover it"
    return _show_cells(title, ("Extent", "Output_Feature_Class"), "10,000 square kilometres each", cells)


def make_project() -> Scene:
    """Return the scene of Analysis/Project."""
    countries = read_file("countries")
    grid = FeatureSet.of(_list_meridians(), DEGREES)
    flat_land, flat_grid = (project(each, _EQUAL_EARTH, Run()) for each in (countries, grid))
    edge = project(
        FeatureSet.of(np.array([shapely.segmentize(shapely.box(-180, -90, 180, 90), 2)]), DEGREES),
        *(_EQUAL_EARTH, Run()),
    )
    before = [shapes(grid, _THIN), shapes(_choose_large(countries, 8.0), _WORLD_LAND, "a country", 0.8)]
    after = [
        shapes(edge, Style(SEA, "#b9c9c6", 0.7)),
        shapes(flat_grid, _THIN),
        shapes(_choose_large(flat_land, 8e10), _WORLD_RESULT, "a country", 0.8),
    ]
    left, bottom, right, top = shapely.total_bounds(edge.geometries)
    pad = (right - left) * 0.01
    frames = make_frame((-180, -90, 180, 90)), make_frame((left - pad, bottom - pad, right + pad, top + pad))
    return pair(
        "The countries of the world in degrees, and the same in the projection Equal Earth",
        Half("in_dataset", "longitude and latitude, 4326", before),
        Half("out_dataset", "Equal Earth, 8857", after, PAPER),
        frames,
    )


def _list_meridians() -> list[Any]:
    along = np.linspace(-90, 90, 61)
    lines = [np.column_stack([np.full(61, float(x)), along]) for x in range(-150, 180, 30)]
    lines += [
        np.column_stack([np.linspace(-180, 180, 121), np.full(121, float(y))]) for y in range(-60, 90, 30)
    ]
    return [shapely.linestrings(line) for line in lines]


def _choose_large(features: FeatureSet[Any], least: float) -> Any:
    """Return the parts that can be seen at this scale."""
    parts = shapely.get_parts(features.geometries)
    return parts[shapely.area(parts) > least]
