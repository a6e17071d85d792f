"""What a query answers: columns, order, shapes, figures, different values, in JSON."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Transformer
from shapely import LineString, Point

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.featureserver.conftest import EMPTY, NOTES, PARCELS, PLACES, ROUTES
from tests.protocols.featureserver.layer_site import Folder, LayerSite
from tests.protocols.featureserver.pbf_reader import read_features


def list_values(document: dict[str, Any], name: str) -> list[Any]:
    return [feature["attributes"][name] for feature in document["features"]]


def test_an_answer_has_every_key_that_clients_read(site: LayerSite) -> None:
    document = site.query(PLACES, outFields="*")
    assert {name: document[name] for name in document if name not in ("fields", "features")} == {
        "objectIdFieldName": "OBJECTID",
        "uniqueIdField": {"name": "OBJECTID", "isSystemMaintained": True},
        "globalIdFieldName": "",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326, "latestWkid": 4326},
        "exceededTransferLimit": False,
    }
    first = document["features"][0]
    assert first == {
        "attributes": {
            "OBJECTID": 10, "NAME": "A1", "POP": 5, "AREA": 1.5, "BUILT": -315_360_000_000, "VOID": None,
        },
        "geometry": {"x": 10.0, "y": 50.0},
    }  # fmt: skip
    assert document["features"][3]["geometry"] is None
    types = {field["name"]: field["type"] for field in document["fields"]}
    assert types["OBJECTID"] == "esriFieldTypeOID"
    assert types["BUILT"] == "esriFieldTypeDate"


@pytest.mark.parametrize(
    ("out_fields", "names"),
    [
        ("", ["OBJECTID"]),
        ("*", ["OBJECTID", "NAME", "POP", "AREA", "BUILT", "VOID"]),
        ("pop, NAME", ["OBJECTID", "POP", "NAME"]),
        ('"Name"', ["OBJECTID", "NAME"]),
    ],
)
def test_the_object_id_is_always_there(site: LayerSite, out_fields: str, names: list[str]) -> None:
    document = site.query(PLACES, outFields=out_fields)
    assert [field["name"] for field in document["fields"]] == names
    assert all(list(feature["attributes"]) == names for feature in document["features"])


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("OBJECTID DESC", [70, 60, 50, 40, 30, 20, 10]),
        ("POP desc, objectid DESC", [50, 40, 30, 20, 70, 10, 60]),
        ("pop", [60, 10, 70, 20, 30, 40, 50]),
    ],
)
def test_orders(site: LayerSite, order: str, ids: list[int]) -> None:
    document = site.query(PLACES, orderByFields=order, returnGeometry="False")
    assert list_values(document, "OBJECTID") == ids
    assert "geometry" not in document["features"][0]
    pages = [site.query(PLACES, orderByFields=order, resultOffset=n, resultRecordCount=3) for n in (0, 3, 6)]
    assert [each for page in pages for each in list_values(page, "OBJECTID")] == ids
    assert [page["exceededTransferLimit"] for page in pages] == [True, True, False]


def test_pages_beyond_the_end_are_empty(site: LayerSite) -> None:
    document = site.query(PLACES, resultOffset=7)
    assert (document["features"], document["exceededTransferLimit"]) == ([], False)


def test_a_page_of_no_rows_is_as_long_as_one_without_a_number(site: LayerSite) -> None:
    for layer, more in ((PLACES, False), (PARCELS, True)):
        document = site.query(layer, resultRecordCount=0)
        assert document == site.query(layer)
        assert document["exceededTransferLimit"] is more


def test_tiles_hold_more_than_pages(site: LayerSite) -> None:
    assert len(site.query(PARCELS, resultType="tile")["features"]) == 2500
    assert len(site.query(PARCELS, resultType="standard")["features"]) == 2000


def test_a_tile_that_would_be_cut_is_empty_for_who_wants_that(site: LayerSite) -> None:
    document = site.query(PARCELS, resultRecordCount=100, returnExceededLimitFeatures="false")
    assert (document["features"], document["exceededTransferLimit"]) == ([], True)
    assert len(site.query(PLACES, returnExceededLimitFeatures="false")["features"]) == 7


def test_shapes_come_in_the_reference_that_is_asked_for(site: LayerSite) -> None:
    document = site.query(PLACES, outSR="102100", objectIds="10")
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(10, 50)
    assert document["features"][0]["geometry"] == pytest.approx({"x": x, "y": y}, abs=1e-4)
    assert document["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}


def test_decimals(site: LayerSite) -> None:
    shape = site.query(PLACES, outSR="3857", objectIds="10", geometryPrecision="1")["features"][0]["geometry"]
    assert shape == {"x": 1113194.9, "y": 6446275.8}


def test_heights_come_if_they_are_asked_for(site: LayerSite) -> None:
    flat, high = site.query(ROUTES), site.query(ROUTES, returnZ="true", returnM="true")
    assert flat["features"][0]["geometry"]["paths"][0][0] == [500000, 5800000]
    assert "hasZ" not in flat
    assert high["features"][0]["geometry"]["paths"][0][2] == [500100, 5800200, 12.25]
    assert high["hasZ"] is True
    assert "hasM" not in high
    assert "hasZ" not in site.query(PLACES, returnZ="true")


def test_a_count_goes_before_ids(site: LayerSite) -> None:
    both = {"returnCountOnly": "true", "returnIdsOnly": "true", "where": "POP = 20"}
    assert site.query(PLACES, **both) == {"count": 2}
    assert list(site.query(PLACES, **both, returnExtentOnly="true")) == ["extent", "count"]


def test_extents(site: LayerSite) -> None:
    document = site.query(PLACES, returnExtentOnly="true", returnCountOnly="true", objectIds="10,30,40")
    assert document == {
        "extent": {
            "xmin": 10, "ymin": 50, "xmax": 12, "ymax": 51,
            "spatialReference": {"wkid": 4326, "latestWkid": 4326},
        },
        "count": 3,
    }  # fmt: skip
    nothing = site.query(EMPTY, returnExtentOnly="true")
    assert nothing["extent"]["xmin"] == "NaN"
    assert nothing["extent"]["spatialReference"]["latestWkid"] == 3857
    projected = site.query(PLACES, returnExtentOnly="true", objectIds="10,30", outSR="3857")["extent"]
    corners = Transformer.from_crs(4326, 3857, always_xy=True).transform([10, 12], [50, 51])
    assert [projected["xmin"], projected["xmax"]] == pytest.approx(corners[0])
    assert [projected["ymin"], projected["ymax"]] == pytest.approx(corners[1])


def test_the_count_beside_an_extent_is_that_of_different_values(site: LayerSite) -> None:
    asked = {"returnCountOnly": "true", "returnDistinctValues": "true", "outFields": "POP"}
    alone, both = (site.query(PLACES, returnExtentOnly=flag, **asked) for flag in ("false", "true"))
    assert alone["count"] == both["count"] == 6, "two of the seven have the same, and null is a value"
    assert both["extent"] == site.query(PLACES, returnExtentOnly="true")["extent"]
    assert "outFields" in site.refuse(PLACES, returnExtentOnly="true", **{**asked, "outFields": ""})


def test_figures(site: LayerSite) -> None:
    kinds = ("count", "SUM", "min", "max", "avg", "stddev", "var")
    asked = [
        {"statisticType": kind, "onStatisticField": "pop", "outStatisticFieldName": f"{kind}_x"}
        for kind in kinds
    ]
    document = site.query(PLACES, outStatistics=asked)
    known = [5, 10, 20, 20, 30, 7]
    (feature,) = document["features"]
    assert list(feature["attributes"]) == [f"{kind}_x" for kind in kinds], "names exactly as asked"
    assert list(feature["attributes"].values()) == pytest.approx(
        [6, sum(known), 5, 30, statistics.mean(known), statistics.stdev(known), statistics.variance(known)]
    )
    assert "geometry" not in feature
    assert document["displayFieldName"] == ""


def test_the_first_date_is_a_date(site: LayerSite) -> None:
    document = site.query(PLACES, outStatistics=[{"statisticType": "min", "onStatisticField": "BUILT"}])
    assert document["fields"][0]["type"] == "esriFieldTypeDate"
    assert document["features"][0]["attributes"] == {"MIN_BUILT": -315_360_000_000}


def test_figures_of_groups(site: LayerSite) -> None:
    sums = [{"statisticType": "sum", "onStatisticField": "VALUE", "outStatisticFieldName": "total"}]
    fields = {"outStatistics": sums, "groupByFieldsForStatistics": "block"}
    document = site.query(PARCELS, **fields, having="SUM(VALUE) > 100000", orderByFields="TOTAL DESC")
    expected = {block: sum(n * 0.5 for n in range(block * 100, block * 100 + 100)) for block in range(25)}
    large = sorted((b for b, total in expected.items() if total > 100_000), key=lambda b: -expected[b])
    assert list_values(document, "BLOCK") == large
    assert list_values(document, "total") == [expected[block] for block in large]
    page = site.query(PARCELS, **fields, resultOffset=20, resultRecordCount=3)
    assert (list_values(page, "BLOCK"), page["exceededTransferLimit"]) == ([20, 21, 22], True)
    assert site.query(PARCELS, **fields, returnCountOnly="true") == {"count": 25}


def test_null_is_a_group_and_a_value(site: LayerSite) -> None:
    counts = [{"statisticType": "count", "onStatisticField": "OBJECTID", "outStatisticFieldName": "n"}]
    groups = site.query(PLACES, outStatistics=counts, groupByFieldsForStatistics="POP")
    found = {f["attributes"]["POP"]: f["attributes"]["n"] for f in groups["features"]}
    assert found == {None: 1, 5: 1, 7: 1, 10: 1, 20: 2, 30: 1}
    different = site.query(PLACES, outFields="POP", returnDistinctValues="true", returnGeometry="true")
    assert list_values(different, "POP") == [None, 5, 7, 10, 20, 30]
    assert "objectIdFieldName" not in different
    assert site.query(PLACES, outFields="POP", returnDistinctValues="true", returnCountOnly="true") == {
        "count": 6
    }


def test_tables(site: LayerSite) -> None:
    document = site.query(NOTES, outFields="*", returnGeometry="true")
    assert "geometryType" not in document
    assert document["features"][2] == {"attributes": {"OBJECTID": 3, "NOTE": None, "STARS": 2}}


def test_an_empty_layer_answers_all_forms(site: LayerSite) -> None:
    assert site.query(EMPTY)["features"] == []
    assert site.query(EMPTY, returnIdsOnly="true")["objectIds"] == []
    assert site.query(EMPTY, returnCountOnly="true") == {"count": 0}
    assert site.query(EMPTY, f="geojson")["features"] == []


@pytest.mark.parametrize(
    ("fields", "parameter", "accepted"),
    [
        ({"outFields": "nope"}, "outFields", "POP"),
        ({"orderByFields": "NOPE DESC"}, "orderByFields", "POP"),
        ({"orderByFields": ",".join(["POP"] * 11)}, "orderByFields", "10"),
        ({"outSR": "1"}, "outSR", "WKID"),
        ({"resultOffset": "-1"}, "resultOffset", "0 or more"),
        ({"resultRecordCount": "ten"}, "resultRecordCount", "whole number"),
        ({"resultType": "pyramid"}, "resultType", "tile"),
        ({"returnGeometry": "maybe"}, "returnGeometry", "true, false"),
        ({"geometryPrecision": "99"}, "geometryPrecision", "15"),
        ({"maxAllowableOffset": "x"}, "maxAllowableOffset", "number"),
        ({"outStatistics": {"a": 1}}, "outStatistics", "statisticType"),
        ({"outStatistics": "[1]"}, "outStatistics", "statisticType"),
        ({"outStatistics": [{"statisticType": "median", "onStatisticField": "POP"}]}, "outStatistics", "sum"),
        (
            {"outStatistics": [{"statisticType": "sum", "onStatisticField": "NAME"}]},
            "outStatistics",
            "numbers",
        ),
        ({"outStatistics": [{"statisticType": "sum", "onStatisticField": "X"}]}, "outStatistics", "POP"),
        (
            {"outStatistics": [{"statisticType": "sum", "onStatisticField": "POP"}] * 51},
            "outStatistics",
            "50",
        ),
        (
            {"outStatistics": [{"statisticType": "sum", "onStatisticField": "POP"}] * 2},
            "outStatistics",
            "differ",
        ),
        ({"groupByFieldsForStatistics": "POP"}, "outStatistics", "statisticType"),
        ({"returnDistinctValues": "true"}, "outFields", "POP"),
        ({"quantizationParameters": "[]"}, "quantizationParameters", "tolerance"),
        ({"quantizationParameters": {"tolerance": 0}}, "quantizationParameters", "tolerance"),
        ({"quantizationParameters": {"originPosition": "middle"}}, "quantizationParameters", "upperLeft"),
        (
            {"outStatistics": [{"statisticType": "sum", "onStatisticField": "POP"}], "having": "NOPE > 1"},
            "having",
            "",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    site: LayerSite, fields: dict[str, Any], parameter: str, accepted: str
) -> None:
    sentence = site.refuse(PLACES, **fields)
    assert f"'{parameter}'" in sentence
    assert accepted in sentence


def test_what_is_not_known_is_ignored(site: LayerSite) -> None:
    ignored = {
        "historicMoment": "5",
        "datumTransformation": "108190",
        "sqlFormat": "none",
        "sql": "x",
    }
    assert site.query(PLACES, **ignored, returnAllRecords="true") == site.query(PLACES)


@pytest.fixture
def poles(tmp_path: Path) -> LayerSite:
    """Return a site with a point at the pole, and one with many different values."""
    folder = Folder(tmp_path)
    points = FeatureSet.of([Point(0, 90), Point(0, 0)], SpatialReference(4326))
    rows = Table().with_columns({"N": np.arange(5000)})
    folder.publish("poles", {"Poles": points, "Rows": rows})
    return LayerSite(folder)


@pytest.mark.parametrize("f", ["json", "geojson"])
def test_a_shape_without_a_place_in_the_reference_is_told(poles: LayerSite, f: str) -> None:
    document = poles.query("poles/0", f=f, outSR="3857")
    assert document["features"][0]["geometry"] is None
    (message,) = document["messages"]
    assert "1 feature has no place" in message["description"]
    assert "messages" not in poles.query("poles/0", f=f, outSR="4326")


@pytest.fixture
def nowhere(tmp_path: Path) -> LayerSite:
    """Return a site with shapes that have a vertex which is nowhere."""
    nan, inf = float("nan"), float("inf")
    lines = [LineString([(0, 0), (nan, 1), (2, 2)]), LineString([(0, 0), (1, 1)])]
    layers = {
        "Points": FeatureSet.of([Point(inf, 1), Point(1, 1)], SpatialReference(3857)),
        "Lines": FeatureSet.of(lines, SpatialReference(3857)),
    }
    folder = Folder(tmp_path)
    folder.publish("nowhere", layers)
    return LayerSite(folder)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("fields", [{}, {"f": "geojson"}, {"quantizationParameters": {"tolerance": 0.1}}])
def test_a_shape_that_is_nowhere_is_null_and_told(
    nowhere: LayerSite, layer: int, fields: dict[str, Any]
) -> None:
    document = nowhere.query(f"nowhere/{layer}", **fields)
    assert [each["geometry"] is None for each in document["features"]] == [True, False]
    (message,) = document["messages"]
    assert message["description"] == "Shapes with coordinates that are not finite are null: 1."
    body = nowhere.ask(f"nowhere/FeatureServer/{layer}/query", **{**fields, "f": "pbf"}).body
    assert [each["parts"] is None for each in read_features(body).features] == [True, False]


def test_figures_and_different_values_are_never_limited(poles: LayerSite) -> None:
    counts = [{"statisticType": "count", "onStatisticField": "N", "outStatisticFieldName": "c"}]
    groups = poles.query("poles/1", outStatistics=counts, groupByFieldsForStatistics="N")
    values = poles.query("poles/1", outFields="N", returnDistinctValues="true")
    for document in (groups, values):
        assert list_values(document, "N") == list(range(5000))
        assert document["exceededTransferLimit"] is False
    fields = {"outFields": "N", "returnDistinctValues": "true"}
    page = poles.query("poles/1", **fields, resultOffset=10, resultRecordCount=2)
    assert (list_values(page, "N"), page["exceededTransferLimit"]) == ([10, 11], True)
