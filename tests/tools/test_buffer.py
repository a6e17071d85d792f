"""Buffer and BufferPoints beyond the reference cases: attributes, dissolving, refusals, real data."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from gpserverless.errors import ToolError
from gpserverless.formats.esri_json import decode_features
from gpserverless.toolkit.call import CallOptions
from tests.tools.tool_run import ToolRun, data, run_tool

FIELDS = [
    {"name": "FID", "type": "esriFieldTypeOID"},
    {"name": "K", "type": "esriFieldTypeString"},
    {"name": "REACH", "type": "esriFieldTypeString"},
]


def points(*attributes: dict[str, Any], wkid: int = 32633) -> dict[str, Any]:
    features = [
        {"attributes": {"FID": 10 + i} | a, "geometry": {"x": 1000 * i, "y": 0}}
        for i, a in enumerate(attributes)
    ]
    return {"spatialReference": {"wkid": wkid}, "fields": FIELDS, "features": features}


def buffer_geometries(features: Any, distance: Any, **options: Any) -> ToolRun:
    values = {"in_features": features, "buffer_distance_or_field": distance, **options}
    return run_tool("Analysis", "Buffer", values)


def zones(run: ToolRun) -> list[dict[str, Any]]:
    return [f["attributes"] for f in run.values["out_feature_class"]["features"]]


def test_zone_keeps_attributes_and_knows_its_feature() -> None:
    run = buffer_geometries(points({"K": "a"}, {"K": "b"}), {"distance": 1, "units": "esriKilometers"})
    assert zones(run) == [
        {"OBJECTID": 1, "K": "a", "REACH": None, "BUFF_DIST": 1000, "ORIG_FID": 10},
        {"OBJECTID": 2, "K": "b", "REACH": None, "BUFF_DIST": 1000, "ORIG_FID": 11},
    ]


@pytest.mark.parametrize(
    "distance", ["0.1 Kilometers", '{"distance": 100, "units": "esriMeters"}', "100 esriMeters"]
)
def test_distance_may_be_a_text(distance: str) -> None:
    assert zones(buffer_geometries(points({}), distance))[0]["BUFF_DIST"] == pytest.approx(100)


def test_field_may_hold_distances_with_units() -> None:
    features = points({"REACH": "1 Kilometers"}, {"REACH": "50"}, {"REACH": None}, {"REACH": "1 Kilometers"})
    run = buffer_geometries(features, "reach")
    assert [(z["ORIG_FID"], z["BUFF_DIST"]) for z in zones(run)] == [(10, 1000), (11, 50), (13, 1000)]
    assert run.texts == ["1 feature without a shape or a distance was left out."]


def test_zones_dissolve_by_fields() -> None:
    run = buffer_geometries(
        points({"K": "a"}, {"K": "b"}, {"K": "a"}), "600 Meters", dissolve_option="LIST", dissolve_field="K"
    )
    assert zones(run) == [{"OBJECTID": 1, "K": "a"}, {"OBJECTID": 2, "K": "b"}]
    parts = decode_features(run.values["out_feature_class"]).geometries
    assert [len(shapely.get_parts(p)) for p in parts] == [2, 1]


@pytest.mark.parametrize(
    ("distance", "options", "words"),
    [
        ("NOTHING", {}, "There is no field 'NOTHING'. Accepted: FID, K, REACH."),
        ("REACH", {}, "'far' is not a distance"),
        ("2 DecimalDegrees", {}, "esriDecimalDegrees"),
        ("2 Meters", {"line_side": "LEFT"}, "LEFT is for lines only"),
        ("2 Meters", {"line_end_type": "FLAT"}, "FLAT is for lines only"),
        ("2 Meters", {"dissolve_option": "LIST"}, "LIST needs dissolve_field"),
        ("2 Meters", {"dissolve_option": "LIST", "dissolve_field": "X"}, "no field 'X'"),
    ],
)
def test_value_that_does_not_suit_the_features_is_explained(distance: str, options: Any, words: str) -> None:
    with pytest.raises(ToolError, match=words):
        buffer_geometries(points({"REACH": "far"}), distance, **options)


def test_every_airport_has_a_zone_even_the_one_at_the_pole() -> None:
    run = buffer_geometries(data("airports"), "100 Kilometers")
    found = decode_features(run.values["out_feature_class"])
    assert len(found) == 5210
    assert shapely.is_valid(found.geometries).all()
    assert shapely.box(-180, -90, 180, 90).covers(shapely.union_all(shapely.envelope(found.geometries)))
    pole = found.geometries[found.column("IDENT") == "NZSP"][0]
    assert pole.bounds == pytest.approx((-180, -90, 180, -89.1), abs=0.01)


def test_dirty_polygons_are_no_mistake() -> None:
    run = buffer_geometries(
        data("us_counties"), "1 Miles", dissolve_option="LIST", dissolve_field="STATE_NAME"
    )
    states = decode_features(run.values["out_feature_class"])
    assert len(states) == 56  # with the District of Columbia and five territories
    assert shapely.is_valid(states.geometries).all()
    assert run.texts == ["1 feature without a shape or a distance was left out."]


def test_sample_draws_geodesic_zones() -> None:
    values = {"points": points({}, wkid=4326), "distance": "100 Kilometers"}
    run = run_tool("Samples", "BufferPoints", values, CallOptions(out_sr={"wkid": 3857}))
    document = run.values["output"]
    assert [m.text for m in run.messages] == ["Buffering 1 point."]
    assert document["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}
    assert decode_features(document).geometries[0].bounds[2] == pytest.approx(100_000, rel=1e-6)
