"""The tools of nearness end to end: forms of inputs, fields out, refusals, and real data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod

from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.formats.esri_json import decode_features, decode_table
from tests.tools.tool_run import ToolRun, data, run_tool

GEOD = Geod(ellps="WGS84")
OID = [{"name": "OBJECTID", "type": "esriFieldTypeOID"}, {"name": "V", "type": "esriFieldTypeDouble"}]


def points(*places: tuple[float, float], wkid: int = 32633) -> dict[str, Any]:
    features = [
        {"attributes": {"OBJECTID": 10 + n, "V": float(n)}, "geometry": {"x": x, "y": y}}
        for n, (x, y) in enumerate(places)
    ]
    return {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": wkid},
        "fields": OID,
        "features": features,
    }


def square(x: float, y: float, side: float, wkid: int = 32633) -> dict[str, Any]:
    ring = [[x, y], [x, y + side], [x + side, y + side], [x + side, y], [x, y]]
    return {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": wkid},
        "fields": OID,
        "features": [{"attributes": {"OBJECTID": 7, "V": 1.0}, "geometry": {"rings": [ring]}}],
    }


def call(task: str, **values: Any) -> ToolRun:
    return run_tool("Analysis", task, values)


def attributes(run: ToolRun, output: str) -> list[dict[str, Any]]:
    return [feature["attributes"] for feature in run.values[output]["features"]]


def test_near_takes_one_layer_or_several_and_names_its_fields() -> None:
    here, there = points((0, 0), (90, 0)), points((3, 4))
    (one, _) = attributes(call("Near", in_features=here, near_features=there), "out_feature_class")
    assert one == {"OBJECTID": 10, "V": 0.0, "NEAR_FID": 10, "NEAR_DIST": 5.0}
    run = call(
        "Near",
        in_features=here,
        near_features=[there, square(95, -5, 10)],
        field_names="NEAR_FID TOWN;NEAR_FC LAYER",
    )
    found = [(row["TOWN"], row["NEAR_DIST"], row["LAYER"]) for row in attributes(run, "out_feature_class")]
    assert found == [(10, 5.0, "near_features[0]"), (7, 5.0, "near_features[1]")]


def test_near_again_replaces_its_fields() -> None:
    first = call("Near", in_features=points((0, 0)), near_features=points((3, 4)))
    again = call("Near", in_features=first.values["out_feature_class"], near_features=points((6, 8)))
    assert attributes(again, "out_feature_class")[0]["NEAR_DIST"] == 10.0


def test_near_table_ranks_and_tells_places() -> None:
    run = call(
        "GenerateNearTable",
        in_features=points((0, 0), (500, 0)),
        near_features=points((0, 9), (5, 0), (0, -7)),
        search_radius="100 Meters",
        closest="ALL",
        closest_count=2,
        location="LOCATION",
        angle="ANGLE",
    )
    near = {"IN_FID": 10, "FROM_X": 0, "FROM_Y": 0}
    assert attributes(run, "out_table") == [
        {"OBJECTID": 1}
        | near
        | dict(NEAR_FID=11, NEAR_DIST=5, NEAR_RANK=1, NEAR_X=5, NEAR_Y=0, NEAR_ANGLE=0),
        {"OBJECTID": 2}
        | near
        | dict(NEAR_FID=12, NEAR_DIST=7, NEAR_RANK=2, NEAR_X=0, NEAR_Y=-7, NEAR_ANGLE=-90),
    ]


def test_table_of_nothing_has_its_fields() -> None:
    run = call("GenerateNearTable", in_features=points(), near_features=points((1, 1)), location=True)
    names = [field["name"] for field in run.values["out_table"]["fields"]]
    wanted = ["IN_FID", "NEAR_FID", "NEAR_DIST", "NEAR_RANK", "FROM_X", "FROM_Y", "NEAR_X", "NEAR_Y"]
    assert names == ["OBJECTID", *wanted]


@pytest.mark.parametrize(
    ("task", "values", "words"),
    [
        ("Near", {"search_radius": "0 Meters"}, "'search_radius': it is not above 0"),
        ("Near", {"search_radius": "far"}, "search_radius"),
        ("Near", {"field_names": "NEAR_NAME X"}, "there is no field 'NEAR_NAME'"),
        ("Near", {"field_names": "NEAR_FID"}, "a row is not a pair of names"),
        ("Near", {"field_names": "NEAR_FID A;NEAR_DIST a"}, "two fields have the same name"),
        ("GenerateNearTable", {"closest_count": -1}, "closest_count"),
    ],
)
def test_bad_input_of_near_is_named(task: str, values: Any, words: str) -> None:
    with pytest.raises((ToolError, InvalidParameter)) as error:
        call(task, in_features=points((0, 0)), near_features=points((1, 1)), **values)
    assert words in str(error.value)


def test_near_across_references() -> None:
    """A point at 15 E on the equator is 166,021 m east of the middle of the zone of 15 E less 500 km."""
    here, there = points((500_000, 0)), points((15, 0), wkid=4326)
    (row,) = attributes(call("Near", in_features=here, near_features=there), "out_feature_class")
    assert row["NEAR_DIST"] == pytest.approx(0, abs=1e-6)


def test_airports_and_their_nearest_city_are_those_of_all_pairs() -> None:
    airports, cities = decode_features(data("airports")), decode_features(data("cities_100k"))
    run = call("Near", in_features=data("airports"), near_features=data("cities_100k"), method="GEODESIC")
    got = np.array([row["NEAR_DIST"] for row in attributes(run, "out_feature_class")])
    there = shapely.get_coordinates(cities.geometries)
    for number in range(0, len(airports), 100):
        x, y = shapely.get_coordinates(airports.geometries[number])[0]
        far = GEOD.inv(np.full(len(there), x), np.full(len(there), y), *there.T)[2].min()
        assert got[number] == pytest.approx(far, abs=1e-3)


def test_join_of_points_counts_those_in_each_polygon() -> None:
    run = call("SpatialJoin", target_features=data("us_counties"), join_features=data("airports"))
    counties, airports = decode_features(data("us_counties")), decode_features(data("airports"))
    shapes = shapely.make_valid(counties.geometries)
    expected = [int(shapely.intersects(s, airports.geometries).sum()) if s else 0 for s in shapes]
    assert [row["Join_Count"] for row in attributes(run, "out_feature_class")] == expected


def test_distance_field_needs_a_distance() -> None:
    both = {"target_features": points((0, 0)), "join_features": points((3, 4))}
    run = call("SpatialJoin", **both, distance_field_name="FAR")
    assert run.texts == ["distance_field_name is not used: INTERSECT measures no distance."]
    run = call(
        "SpatialJoin", **both, distance_field_name="FAR", match_option="CLOSEST", search_radius="4 Meters"
    )
    assert attributes(run, "out_feature_class")[0]["FAR"] == -1
    run = call("SpatialJoin", **both, distance_field_name="FAR", match_option="CLOSEST_GEODESIC")
    assert attributes(run, "out_feature_class")[0]["FAR"] == pytest.approx(5, rel=1e-2)


def test_selection_by_location_and_its_inverse_are_all() -> None:
    layer, area = points((1, 1), (5, 5), (50, 50)), square(0, 0, 5)
    values = {"in_layer": layer, "select_features": area, "overlap_type": "COMPLETELY_WITHIN"}
    run = call("SelectLayerByLocation", **values)
    assert [row["OBJECTID"] for row in attributes(run, "out_layer_or_view")] == [10]
    assert run.values["count"] == 1
    run = call("SelectLayerByLocation", **values, invert_spatial_relationship="INVERT")
    assert [row["OBJECTID"] for row in attributes(run, "out_layer_or_view")] == [11, 12]
    values = values | {"overlap_type": "WITHIN_A_DISTANCE", "search_distance": "64 Meters"}
    assert call("SelectLayerByLocation", **values).values["count"] == 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "select_features is needed"),
        ({"select_features": points((0, 0)), "selection_type": "SWITCH_SELECTION"}, "needs a selection"),
        ({"select_features": points((0, 0)), "overlap_type": "WITHIN_A_DISTANCE"}, "search_distance"),
    ],
)
def test_selection_that_cannot_be_is_explained(values: Any, words: str) -> None:
    with pytest.raises((ToolError, InvalidParameter), match=words):
        call("SelectLayerByLocation", in_layer=points((0, 0)), **values)


RADII = [10, 20, 20, 5]


def test_rings_are_disks_without_the_disks_inside() -> None:
    run = call("MultipleRingBuffer", Input_Features=points((0, 0)), Distances=RADII, Buffer_Unit="Meters")
    rings = decode_features(run.values["Output_Feature_class"])
    assert rings.column("distance").tolist() == [5, 10, 20]
    expected = np.pi * np.array([25, 75, 300])
    assert rings.areas() == pytest.approx(expected, rel=1e-3)
    assert not shapely.contains_properly(rings.geometries, shapely.Point(0, 0))[1:].any()


def test_disks_keep_the_attributes_of_their_feature() -> None:
    run = call(
        "MultipleRingBuffer",
        Input_Features=points((0, 0), (500, 0)),
        Distances=RADII,
        Dissolve_Option="NONE",
        Field_Name="V",
    )
    rows = attributes(run, "Output_Feature_class")
    assert [(row["V"], row["V_1"]) for row in rows] == [(0, 5), (1, 5), (0, 10), (1, 10), (0, 20), (1, 20)]
    disks = decode_features(run.values["Output_Feature_class"])
    assert disks.areas()[::2] == pytest.approx(np.pi * np.array([25, 100, 400]), rel=1e-3)


def test_rings_outside_of_polygons() -> None:
    values = {"Distances": [1, 2], "Outside_Polygons_Only": "OUTSIDE_ONLY"}
    run = call("MultipleRingBuffer", Input_Features=square(0, 0, 10), **values)
    areas = decode_features(run.values["Output_Feature_class"]).areas()
    assert areas == pytest.approx([40 + np.pi, 40 + 3 * np.pi], rel=1e-3)
    run = call("MultipleRingBuffer", Input_Features=points((0, 0)), **values)
    assert run.texts == ["Outside_Polygons_Only is not used: the features are not polygons."]


def test_rings_of_no_features_have_their_field() -> None:
    run = call("MultipleRingBuffer", Input_Features=points(), Distances=[5])
    assert run.values["Output_Feature_class"]["features"] == []
    assert "distance" in [field["name"] for field in run.values["Output_Feature_class"]["fields"]]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"Distances": [0]}, "'Distances': a distance is 0"),
        ({"Distances": [-5]}, "'Distances': a distance is below 0"),
        ({"Distances": [5], "Buffer_Unit": "Parsecs"}, "not a linear unit"),
        ({"Distances": [5], "Buffer_Unit": "DecimalDegrees"}, "'Distances'"),
    ],
)
def test_rings_that_cannot_be_are_explained(values: Any, words: str) -> None:
    with pytest.raises((ToolError, InvalidParameter), match=words):
        call("MultipleRingBuffer", Input_Features=points((0, 0)), **values)


def test_pairwise_buffer_is_buffer() -> None:
    values = {"in_features": points((0, 0), (5, 0)), "buffer_distance_or_field": "10 Meters"}
    one, other = (call(task, **values).values for task in ("Buffer", "PairwiseBuffer"))
    assert one == other
    assert call("PairwiseBuffer", **values, max_deviation="0.02 Meters").values == one
    with pytest.raises(InvalidParameter, match="'max_deviation': outlines are not that exact"):
        call("PairwiseBuffer", **values, max_deviation="1 Millimeters")


@pytest.mark.parametrize(("kind", "area"), [("Square", 100.0), ("Hexagon", 50 * np.sqrt(3))])
def test_bins_hold_every_point_once_and_have_their_area(kind: str, area: float) -> None:
    random = np.random.default_rng(3)
    layer = points(*random.uniform(0, 95, (200, 2)).tolist())
    run = call("AggregatePoints", pointLayer=layer, binType=kind, binSize=10, summaryFields=["V Sum"])
    bins = decode_features(run.values["aggregatedLayer"])
    assert bins.areas() == pytest.approx(area)
    assert shapely.area(shapely.union_all(bins.geometries)) == pytest.approx(bins.areas().sum())
    assert bins.column("Point_Count").sum() == 200
    assert np.nansum(bins.numbers("sum_V")) == sum(range(200))
    some = call(
        "AggregatePoints", pointLayer=layer, binType=kind, binSize=10, keepBoundariesWithNoPoints=False
    )
    assert len(some.values["aggregatedLayer"]["features"]) == int((bins.column("Point_Count") > 0).sum())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "polygonLayer, or binType and binSize"),
        ({"binType": "Square", "binSize": 0}, "binSize must be above 0"),
        ({"binType": "Square", "binSize": 1e-6}, "bins; at most 1,000,000 fit"),
        ({"polygonLayer": square(0, 0, 5), "minorityMajority": True}, "need groupByField"),
        ({"polygonLayer": square(0, 0, 5), "summaryFields": "X Sum"}, "no field 'X'"),
        ({"polygonLayer": square(0, 0, 5), "summaryFields": "V Middle"}, "is no statistic"),
    ],
)
def test_aggregation_that_cannot_be_is_explained(values: Any, words: str) -> None:
    with pytest.raises((ToolError, InvalidParameter)) as error:
        call("AggregatePoints", pointLayer=points((0, 0), (9, 9)), **values)
    assert words in str(error.value)


def test_bins_need_a_plane() -> None:
    with pytest.raises(ToolError, match="projected spatial reference"):
        call("AggregatePoints", pointLayer=points((0, 0), wkid=4326), binType="Hexagon", binSize=1)


NEARBY = {"distance_type": "STRAIGHT_LINE", "distances": [6, 10], "distance_units": "METERS"}


def test_points_nearby_are_counted_by_their_exact_distance() -> None:
    others = points(
        *[(10 * np.cos(a), 10 * np.sin(a)) for a in np.linspace(0.01, 6.2, 50) * (1 - 1e-12)], (3, 4)
    )
    run = call(
        "SummarizeNearby", in_features=points((0, 0)), in_sum_features=others, sum_fields="V Sum", **NEARBY
    )
    rows = [(r["BUFF_DIST"], r["ORIG_FID"], r["sum_V"]) for r in attributes(run, "out_feature_class")]
    assert rows[0] == (6, 10, 50)
    counts = [row["Point_Count"] for row in attributes(run, "out_feature_class")]
    assert counts[0] == 1
    far = np.hypot(*np.array([(f["geometry"]["x"], f["geometry"]["y"]) for f in others["features"]]).T)
    assert counts[1] == int((far <= 10).sum()) >= 20


def test_areas_nearby_are_cut_at_the_zone() -> None:
    run = call(
        "SummarizeNearby",
        in_features=points((0, 0)),
        in_sum_features=square(0, 0, 100),
        shape_unit="SQUAREMETERS",
        **NEARBY,
    )
    got = [row["sum_Area_SQUAREMETERS"] for row in attributes(run, "out_feature_class")]
    assert got == pytest.approx([np.pi * 9, np.pi * 25], rel=1e-3)


def test_groups_nearby_are_told_in_a_table() -> None:
    run = call(
        "SummarizeNearby",
        in_features=points((0, 0)),
        in_sum_features=points((1, 1), (2, 2), (8, 0)),
        group_field="V",
        **NEARBY,
    )
    table = decode_table(run.values["output_grouped_table"])
    assert list(zip(table.column("Join_ID"), table.column("V"), strict=True)) == [
        (1, 0),
        (1, 1),
        (2, 0),
        (2, 1),
        (2, 2),
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"distance_type": "DRIVING_TIME"}, "no network of streets"),
        ({"distance_units": "MINUTES"}, "no network of streets"),
        ({"distances": [0, 5]}, "above 0"),
        ({"distances": []}, "distances"),
        ({"add_min_maj": True}, "need group_field"),
    ],
)
def test_nearby_that_cannot_be_is_explained(values: Any, words: str) -> None:
    with pytest.raises((ToolError, InvalidParameter), match=words):
        call("SummarizeNearby", in_features=points((0, 0)), in_sum_features=points((1, 1)), **NEARBY | values)


EMPTY = points()
SHAPELESS = {
    "spatialReference": {"wkid": 32633},
    "fields": OID,
    "features": [{"attributes": {"V": 1}, "geometry": None}],
}
NAN = {**EMPTY, "features": [{"attributes": {"V": 1}, "geometry": {"x": "NaN", "y": "NaN"}}]}
INPUTS = {
    "Near": ("in_features", "near_features", {}),
    "GenerateNearTable": ("in_features", "near_features", {}),
    "SpatialJoin": ("target_features", "join_features", {}),
    "SelectLayerByLocation": ("in_layer", "select_features", {}),
    "SummarizeNearby": ("in_features", "in_sum_features", NEARBY),
    "SummarizeWithin": ("in_polygons", "in_sum_features", {}),
    "AggregatePoints": ("polygonLayer", "pointLayer", {}),
}


@pytest.mark.parametrize("task", sorted(INPUTS))
@pytest.mark.parametrize("empty", [EMPTY, SHAPELESS, NAN], ids=["nothing", "shapeless", "nan"])
@pytest.mark.parametrize("first", [True, False])
def test_inputs_without_shapes_are_no_error(task: str, empty: Any, first: bool) -> None:
    """The first input keeps its rows or loses them with a warning; the output has its fields."""
    one, other, values = INPUTS[task]
    area = square(0, 0, 5)
    sent = {one: empty, other: points((1, 1))} if first else {one: area, other: empty}
    if task in ("SummarizeWithin", "AggregatePoints") and first:
        empty = SHAPELESS if empty is NAN else empty
        sent[one] = {**empty, "geometryType": "esriGeometryPolygon"}
    run = call(task, **sent, **values)
    output = next(iter(run.values.values()))
    assert len(output["features"]) <= max(len(sent[one]["features"]), 2)
    assert len(output["fields"]) > 1
