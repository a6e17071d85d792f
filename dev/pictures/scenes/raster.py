"""The relief about Jacksboro, Tennessee: read at points, and summarized by county."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from dev.pictures.card import Key, Scene, Side, make_frame
from dev.pictures.frame import Frame
from dev.pictures.look import PAPER, POINT_STYLE, RAMP, TEXT, Style
from dev.pictures.marks import draw_labels, draw_shapes
from dev.pictures.relief import draw_relief
from dev.pictures.sources import DEGREES, cut, read_layer, read_relief
from dev.pictures.table import draw_table
from gpserverless import FeatureSet, Run
from toolboxes.raster.extract_values_to_points import extract_values_to_points
from toolboxes.raster.zonal_statistics_as_table import zonal_statistics_as_table

_BOUNDS = (-84.4137, 36.4680, -84.0780, 36.6829)
_STRETCH = float(np.cos(np.radians(36.6)))
_COUNTY = Style("none", "#ffffff", 3)
_COUNTY_LINE = Style("none", TEXT, 1.2)


def make_extract_values() -> Scene:
    """Return the scene of Raster/ExtractValuesToPoints."""
    relief = read_relief()
    across = np.linspace(_BOUNDS[0] + 0.045, _BOUNDS[2] - 0.045, 5)
    up = np.linspace(_BOUNDS[1] + 0.03, _BOUNDS[3] - 0.03, 5)
    shift = 0.008 * np.array([1, -1, 1, -1, 1])
    places = [(x, y + shift[column]) for y in up for column, x in enumerate(across)]
    points = FeatureSet.of(shapely.points(places), DEGREES)
    read = extract_values_to_points(points, relief, Run())
    values = read.numbers("RASTERVALU")
    steps = np.quantile(values, [0.17, 0.33, 0.5, 0.67, 0.83])
    classes = np.searchsorted(steps, values)

    def draw_points(frame: Frame) -> Iterator[str]:
        yield from draw_relief(relief, frame)
        yield from draw_shapes(points.geometries, frame, POINT_STYLE)

    def draw_values(frame: Frame) -> Iterator[str]:
        yield from draw_relief(relief, frame, 0.4)
        for index, colour in enumerate(RAMP):
            chosen = points.geometries[classes == index]
            yield from draw_shapes(chosen, frame, Style(colour, "#ffffff", 2, radius=14))
        for dark in (False, True):
            of_colour = (classes >= 3) == dark
            texts = [f"{value:.0f}" for value in values[of_colour]]
            ink = PAPER if dark else TEXT
            yield from draw_labels(points.geometries[of_colour], texts, frame, 10.5, (0, 4), ink, 0)

    return Scene(
        "25 points on the relief about Jacksboro, Tennessee, and the elevation at each in metres",
        Side(
            "in_point_features, in_raster",
            "",
            draw_points,
            [Key(POINT_STYLE, "a point", "point"), Key(Style("#dedfbe"), "elevation of a cell")],
        ),
        Side("out_point_features", "RASTERVALU", draw_values, [Key(Style(RAMP[4]), "metres above sea")]),
        (make_frame(_BOUNDS, _STRETCH), make_frame(_BOUNDS, _STRETCH)),
    )


def make_zonal_statistics() -> Scene:
    """Return the scene of Raster/ZonalStatisticsAsTable."""
    relief = read_relief()
    counties = cut(read_layer("us_counties"), _BOUNDS)
    table = zonal_statistics_as_table(counties, "NAME", relief, Run())
    columns = ("COUNT", "MIN", "MEAN", "MAX")
    rows = [
        [str(name), *(f"{value:,.0f}" for value in row)]
        for name, *row in zip(
            table.column("NAME"), *(table.numbers(column) for column in columns), strict=True
        )
    ]

    def draw_zones(frame: Frame) -> Iterator[str]:
        yield from draw_relief(relief, frame)
        yield from draw_shapes(counties.geometries, frame, _COUNTY)
        yield from draw_shapes(counties.geometries, frame, _COUNTY_LINE)
        large = counties.geometries[shapely.area(counties.geometries) > 0.003]
        names = counties.column("NAME")[shapely.area(counties.geometries) > 0.003]
        yield from draw_labels(shapely.point_on_surface(large), [str(n) for n in names], frame, 13, (0, 4))

    def draw_rows(frame: Frame) -> Iterator[str]:
        yield from draw_table(("NAME", *columns), rows, frame)

    return Scene(
        "Counties on the relief about Jacksboro, Tennessee, and a table of the elevations in each",
        Side(
            "in_zone_data, in_value_raster",
            "",
            draw_zones,
            [Key(_COUNTY_LINE, "a county"), Key(Style("#dedfbe"), "elevation of a cell")],
        ),
        Side("out_table", f"a row for each of {len(rows)} counties", draw_rows, ground=PAPER),
        (make_frame(_BOUNDS, _STRETCH), make_frame(_BOUNDS, _STRETCH)),
    )
