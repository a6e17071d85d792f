"""SummarizeWithin: closed forms on small grids, and real data against a plain and slow computation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gpserverless.errors import ToolError
from gpserverless.formats.esri_json import decode_features, decode_table
from tests.tools.tool_run import ToolRun, data, run_tool

KILOMETRE = 1000.0


def box(xmin: float, ymin: float, xmax: float, ymax: float) -> dict[str, Any]:
    return {"rings": [[[xmin, ymin], [xmin, ymax], [xmax, ymax], [xmax, ymin], [xmin, ymin]]]}


def layer(*features: tuple[Any, dict[str, Any]], wkid: int = 32633) -> dict[str, Any]:
    return {
        "spatialReference": {"wkid": wkid},
        "features": [{"attributes": attributes, "geometry": geometry} for geometry, attributes in features],
    }


# Three squares of 10 km: left and middle share a border, the right one stands alone.
SQUARES = layer(
    (box(0, 0, 10e3, 10e3), {"Z": "left"}),
    (box(10e3, 0, 20e3, 10e3), {"Z": "middle"}),
    (box(50e3, 0, 60e3, 10e3), {"Z": "right"}),
)
POINTS = layer(
    ({"x": 1e3, "y": 1e3}, {"V": 1, "K": "a"}),
    ({"x": 2e3, "y": 2e3}, {"V": 2, "K": "b"}),
    ({"x": 3e3, "y": 3e3}, {"V": 6, "K": "a"}),
    ({"x": 10e3, "y": 5e3}, {"V": 8, "K": "b"}),  # on the border of two
    ({"x": 30e3, "y": 5e3}, {"V": 16, "K": "a"}),  # in none
    (None, {"V": 32, "K": "a"}),
)
# 8 km in the left square and 8 km in the middle one; and 4 km in the left one of 10 km.
LINES = layer(
    ({"paths": [[[2e3, 5e3], [18e3, 5e3]]]}, {"V": 100, "K": "x"}),
    ({"paths": [[[-6e3, 2e3], [4e3, 2e3]]]}, {"V": 10, "K": "y"}),
)
# A quarter of the area of 64 km2 in the left and in the middle square each, half outside.
POLYGONS = layer((box(6e3, 6e3, 14e3, 14e3), {"V": 64, "K": "x"}))

STATISTICS = "V Sum;V Mean;V Min;V Max;V Stddev"


def summarize(polygons: Any, features: Any, **options: Any) -> ToolRun:
    return run_tool(
        "Analysis", "SummarizeWithin", {"in_polygons": polygons, "in_sum_features": features, **options}
    )


def by_zone(run: ToolRun, key: str = "Z") -> dict[str, dict[str, Any]]:
    """Return attributes by the name of the square, without the ids."""
    features = run.values["out_feature_class"]["features"]
    rows = [dict(f["attributes"]) for f in features]
    return {row.pop(key): {k: v for k, v in row.items() if k != "OBJECTID"} for row in rows}


def test_points_are_counted_and_summed() -> None:
    found = by_zone(summarize(SQUARES, POINTS, sum_fields=STATISTICS))
    assert found["left"] == {
        "sum_V": 17,
        "mean_V": 4.25,
        "min_V": 1,
        "max_V": 8,
        "stddev_V": pytest.approx(np.std([1, 2, 6, 8], ddof=1)),
        "Point_Count": 4,
    }
    assert found["middle"] == {
        "sum_V": 8, "mean_V": 8, "min_V": 8, "max_V": 8, "stddev_V": None, "Point_Count": 1,
    }  # fmt: skip
    assert found["right"] == {
        "sum_V": 0, "mean_V": None, "min_V": None, "max_V": None, "stddev_V": None, "Point_Count": 0,
    }  # fmt: skip


def test_of_lines_only_the_part_inside_counts() -> None:
    found = by_zone(summarize(SQUARES, LINES, sum_fields=STATISTICS))
    # The shares inside are 1/2 of the first line and 2/5 of the second.
    mean = (0.5 * 100 + 0.4 * 10) / 0.9
    spread = (0.5 * (100 - mean) ** 2 + 0.4 * (10 - mean) ** 2) / 0.9
    assert found["left"] == {
        "sum_Length_KILOMETERS": pytest.approx(12),
        "sum_V": pytest.approx(54),
        "mean_V": pytest.approx(mean),
        "min_V": 10,
        "max_V": 100,
        "stddev_V": pytest.approx(np.sqrt(2 * spread)),
        "Polyline_Count": 2,
    }
    assert found["middle"]["sum_V"] == pytest.approx(50)
    assert found["right"]["sum_Length_KILOMETERS"] == 0


def test_of_polygons_only_the_part_inside_counts() -> None:
    found = by_zone(summarize(SQUARES, POLYGONS, sum_fields="V Sum"))
    for zone in ("left", "middle"):
        assert found[zone] == {
            "sum_Area_SQUAREKILOMETERS": pytest.approx(16),
            "sum_V": pytest.approx(16),
            "Polygon_Count": 1,
        }
    assert found["right"]["Polygon_Count"] == 0


def test_polygons_that_only_touch_are_not_inside() -> None:
    found = by_zone(
        summarize(SQUARES, layer((box(0, 10e3, 10e3, 20e3), {"V": 1}), (box(0, 0, 5e3, 5e3), {"V": 2})))
    )
    assert [found[z]["Polygon_Count"] for z in ("left", "middle", "right")] == [1, 0, 0]


@pytest.mark.parametrize(
    ("features", "unit", "column", "size"),
    [
        (LINES, "METERS", "sum_Length_METERS", 12_000),
        (LINES, "esriMiles", "sum_Length_MILES", 12_000 / (5280 * 1200 / 3937)),
        (POLYGONS, "Square Meters", "sum_Area_SQUAREMETERS", 16e6),
        (POLYGONS, "hectares", "sum_Area_HECTARES", 1600),
        (POLYGONS, "ACRES", "sum_Area_ACRES", 16e6 / (43_560 * (1200 / 3937) ** 2)),
    ],
)
def test_shapes_are_measured_in_the_unit_asked_for(
    features: Any, unit: str, column: str, size: float
) -> None:
    found = by_zone(summarize(SQUARES, features, shape_unit=unit))
    assert found["left"][column] == pytest.approx(size)


@pytest.mark.parametrize(
    ("value", "kept"), [("KEEP_ALL", 3), ("ONLY_INTERSECTING", 2), (True, 3), ("false", 2)]
)
def test_empty_polygons_are_kept_or_not(value: Any, kept: int) -> None:
    assert len(by_zone(summarize(SQUARES, POINTS, keep_all_polygons=value))) == kept


def test_shapes_need_not_be_added_up() -> None:
    assert set(by_zone(summarize(SQUARES, LINES, sum_shape="NO_SHAPE_SUM"))["left"]) == {"Polyline_Count"}


@pytest.mark.parametrize(
    "fields", ['[["V", "Sum"], ["V", "Average"]]', '["V Sum", "V mean"]', "V SUM;V MEAN", "'V' Sum; V Mean;"]
)
def test_statistics_may_be_written_in_any_way(fields: str) -> None:
    assert {"sum_V", "mean_V"} < set(by_zone(summarize(SQUARES, POINTS, sum_fields=fields))["left"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sum_fields": "V"}, "a field and a statistic"),
        ({"sum_fields": "V Entropy"}, "'Entropy' is no statistic"),
        ({"sum_fields": "[["}, "not JSON"),
        ({"sum_fields": '[["V", 5]]'}, "a field and a statistic"),
        ({"sum_fields": "X Sum"}, "no field 'X'"),
        ({"sum_fields": "K Sum"}, "'K' holds no numbers"),
        ({"shape_unit": "HECTARES"}, "no unit of length"),
        ({"add_min_maj": True}, "need group_field"),
        ({"group_field": "X"}, "no field 'X'"),
    ],
)
def test_what_cannot_be_summarized_is_explained(options: Any, words: str) -> None:
    with pytest.raises(ToolError, match=words):
        summarize(SQUARES, LINES, **options)


def test_groups_have_rows_of_their_own() -> None:
    run = summarize(
        SQUARES,
        POINTS,
        group_field="K",
        sum_fields="V Sum",
        add_min_maj=True,
        add_group_percent="ADD_PERCENT",
    )
    table = decode_table(run.values["out_group_table"])
    names = ("Join_ID", "K", "sum_V", "Point_Count", "Percent_Count")
    assert list(zip(*(table.column(n).tolist() for n in names), strict=True)) == [
        (1, "a", 7, 2, 50),
        (1, "b", 10, 2, 50),
        (2, "b", 8, 1, 100),
    ]
    found = by_zone(run)
    assert {z: (r["Join_ID"], r["Minority"], r["Majority"]) for z, r in found.items()} == {
        "left": (1, "a", "a"),  # of equal ones the smaller value
        "middle": (2, "b", "b"),
        "right": (3, None, None),
    }
    assert (found["left"]["Minority_Percent"], found["right"]["Majority_Percent"]) == (50, None)


def test_groups_of_lines_are_weighed_by_their_length() -> None:
    run = summarize(SQUARES, LINES, group_field="K", add_min_maj="ADD_MIN_MAJ", add_group_percent=True)
    table = decode_table(run.values["out_group_table"])
    assert table.column("Percent_Length").tolist() == pytest.approx([200 / 3, 100 / 3, 100])
    assert by_zone(run)["left"]["Majority"] == "x"
    assert by_zone(run)["left"]["Minority"] == "y"


def test_without_groups_the_table_is_empty() -> None:
    assert summarize(SQUARES, POINTS).values["out_group_table"]["features"] == []


def test_another_spatial_reference_is_no_matter() -> None:
    degrees = decode_features(POINTS).project(decode_features(layer(wkid=4326)).spatial_reference)  # type: ignore[arg-type]
    places = [None if g is None else {"x": g.x, "y": g.y} for g in degrees.geometries]
    moved = layer(*((place, {"V": 1}) for place in places), wkid=4326)
    shifted = [({"x": p["x"], "y": p["y"]}, {"V": 1}) for p in places[:3] if p is not None]
    assert by_zone(summarize(SQUARES, layer(*shifted, wkid=4326)))["left"]["Point_Count"] == 3
    assert by_zone(summarize(SQUARES, moved))["right"]["Point_Count"] == 0


def test_multipoints_are_counted_point_by_point() -> None:
    several = layer(({"points": [[1e3, 1e3], [2e3, 2e3], [15e3, 1e3], [30e3, 1e3]]}, {"V": 8}))
    found = by_zone(summarize(SQUARES, several, sum_fields="V Sum"))
    assert [(found[z]["Point_Count"], found[z]["sum_V"]) for z in ("left", "middle")] == [(2, 4), (1, 2)]


def test_bowtie_is_repaired_and_said() -> None:
    bowtie = {"rings": [[[0, 0], [10e3, 10e3], [10e3, 0], [0, 10e3], [0, 0]]]}
    run = summarize(layer((bowtie, {"Z": "bow"})), POINTS)
    assert run.texts == ["1 invalid polygon was repaired."]


@pytest.fixture(scope="module")
def countries() -> Any:
    return decode_features(data("world_countries"))


def test_cities_in_countries_agree_with_a_plain_count(countries: Any) -> None:
    cities = decode_features(data("cities_100k"))
    run = summarize(data("world_countries"), data("cities_100k"), sum_fields="POP Sum;POP Max")
    found = decode_features(run.values["out_feature_class"])
    population = cities.column("POP")
    for country, count, total, largest in zip(
        countries.geometries,
        found.column("Point_Count"),
        found.column("sum_POP"),
        found.column("max_POP"),
        strict=True,
    ):
        inside = population[shapely.intersects(country, cities.geometries)]
        assert (count, total) == (len(inside), inside.sum())
        assert largest == (inside.max() if len(inside) else None)
    assert found.column("Point_Count").sum() == 6002


def test_rivers_in_countries_agree_with_geographiclib(countries: Any) -> None:
    rivers = decode_features(data("ne_rivers_50m"))
    found = decode_features(
        summarize(data("world_countries"), data("ne_rivers_50m")).values["out_feature_class"]
    )
    whole = shapely.union_all(rivers.geometries)
    ellipsoid = Geod(ellps="WGS84")
    for name in ("Brazil", "Egypt", "Austria", "Japan"):
        row = found.column("NAME").tolist().index(name)
        inside = shapely.intersection(whole, countries.geometries[row])
        expected = 0.0 if inside.is_empty else ellipsoid.geometry_length(inside) / KILOMETRE
        assert found.column("sum_Length_KILOMETERS")[row] == pytest.approx(expected, rel=2e-3, abs=1e-9)


def test_dirty_counties_cover_their_countries() -> None:
    run = summarize(data("us_counties"), data("us_counties"), shape_unit="SQUAREKILOMETERS")
    assert run.texts == ["22 invalid polygons were repaired."] * 2
    found = decode_features(run.values["out_feature_class"])
    colorado = found.take(found.column("STATE_NAME") == "Colorado")
    assert colorado.column("sum_Area_SQUAREKILOMETERS").sum() == pytest.approx(269_601, rel=1e-3)  # US Census


@pytest.mark.parametrize("wkid", [4326, 102100, 3832, 8857])
@pytest.mark.parametrize("west", [170, -190])
def test_polygon_across_180_counts_what_lies_on_both_sides(west: float, wkid: int) -> None:
    zone = layer((box(west, -5, west + 20, 5), {"Z": "zone"}), wkid=4326)
    places = [(175, 0), (-175, 0), (185, 1), (-185, -1), (160, 0), (-160, 0)]
    points = layer(*(({"x": x, "y": y}, {"V": 1}) for x, y in places), wkid=4326)
    if wkid != 4326:
        zone = projected(zone, wkid)
    assert by_zone(summarize(zone, points))["zone"]["Point_Count"] == 4


def test_areas_across_180_hold_and_zones_count_once() -> None:
    zones = layer((box(170, -5, 190, 5), {"V": 1}), (box(-179, 20, -178, 21), {"V": 1}), wkid=4326)
    whole = layer((box(-180, -80, 0, 80), {"Z": "west"}), (box(0, -80, 180, 80), {"Z": "east"}), wkid=4326)
    found = by_zone(summarize(whole, zones, shape_unit="SQUAREKILOMETERS"))
    lon, lat = [170, 180, 180, 170], [-5, -5, 5, 5]
    ring = shapely.segmentize(shapely.Polygon(zip(lon, lat, strict=True)), 0.05).exterior
    half = abs(Geod(ellps="WGS84").polygon_area_perimeter(*ring.coords.xy)[0]) / 1e6
    assert (found["east"]["Polygon_Count"], found["west"]["Polygon_Count"]) == (1, 2)
    assert found["east"]["sum_Area_SQUAREKILOMETERS"] == pytest.approx(half, rel=1e-4)
    once = by_zone(summarize(layer((box(-180, -80, 180, 80), {"Z": "all"}), wkid=4326), zones))
    assert once["all"]["Polygon_Count"] == 2


def projected(document: dict[str, Any], wkid: int) -> Any:
    run = run_tool("Analysis", "Project", {"in_dataset": document, "out_coor_system": wkid})
    return run.values["out_dataset"]
