"""Which rows a query finds: SQL, ids and geometries together, in every spelling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod, Transformer

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.values.spatial_reference import WGS84
from tests.protocols.featureserver.conftest import NOTES, PARCELS, PLACES, make_places
from tests.protocols.featureserver.layer_site import Folder, LayerSite

IDS = [10, 20, 30, 40, 50, 60, 70]


def find(site: LayerSite, **fields: object) -> list[int]:
    document = site.query(PLACES, returnIdsOnly="true", **fields)
    assert "error" not in document, document
    return list(document["objectIds"])


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("", IDS),
        ("1=1", IDS),
        ("1 = 1", IDS),
        ("OBJECTID > 10 AND OBJECTID <= 30", [20, 30]),
        ("objectid in (10,20)", [10, 20]),
        ("NAME LIKE 'A%'", [10, 50, 70]),
        ("UPPER(NAME) = 'O''HARA'", [20]),
        ('"name" IS NOT NULL AND pop BETWEEN 5 AND 10', [10, 20, 70]),
        ("NAME = '🌍 ü'", [30]),
        ("NAME = N'A''3' OR NAME IN (N'B1')", [60, 70]),
        ("VOID IS NULL", IDS),
        ("BUILT < DATE '1970-01-01'", [10]),
        ("BUILT >= TIMESTAMP '2023-01-01 00:00:00'", [30]),
        ("POP / 7 > 1", [20, 30, 40, 50]),
        ("POP > 1000", []),
    ],
)
def test_conditions(site: LayerSite, where: str, ids: list[int]) -> None:
    assert find(site, where=where) == ids
    assert site.query(PLACES, where=where, returnCountOnly="TRUE") == {"count": len(ids)}


def test_a_field_named_like_a_word_of_sql_wants_quotation_marks(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.publish("words", {"Words": Table().with_columns({"not": [1, 2], "null": [1, 2], "case": [1, 2]})})
    words = LayerSite(folder)
    for name in ("not", "null", "case"):
        sentence = words.refuse("words/0", where=f"{name} = 1")
        assert f"'{name}' is a word of SQL and a field" in sentence
        assert f'"{name}" in double quotation marks' in sentence
        assert words.query("words/0", where=f'"{name}" = 1', returnIdsOnly="true")["objectIds"] == [1]


@pytest.mark.parametrize("where", ["shape IS NULL", "POP > 5 AND Shape is not null"])
def test_a_condition_on_the_shape_is_told_of_geometry(site: LayerSite, where: str) -> None:
    sentence = site.refuse(PLACES, where=where)
    assert "a condition does not reach the shapes of features" in sentence
    assert "geometry, which chooses by shapes" in sentence


def test_all_conditions_hold_together(site: LayerSite) -> None:
    box = "9,49,12.5,52"
    assert find(site, objectIds="30,20,999", where="POP < 20", geometry=box) == [20]
    assert find(site, objectIds="20, 30") == [20, 30]
    assert find(site, objectIds="-5,99999999999999999999") == []


SQUARE = [[[9, 49], [9, 52], [11.5, 52], [11.5, 49], [9, 49]]]


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ({"geometry": "9,49,11.5,52"}, [10, 20]),
        ({"geometry": "9,49,11.5,52", "geometryType": "ESRIGEOMETRYENVELOPE"}, [10, 20]),
        ({"geometry": '{"xmin":9,"ymin":49,"xmax":11.5,"ymax":52}', "inSR": "4326"}, [10, 20]),
        ({"geometry": "10,50", "geometryType": "esriGeometryPoint"}, [10]),
        ({"geometry": {"x": 10, "y": 50}, "geometryType": "esriGeometryPoint"}, [10]),
        ({"geometry": {"xmin": 10, "ymin": 50, "xmax": 10, "ymax": 50}}, [10]),
        ({"geometry": {"xmin": 10, "ymin": 50, "xmax": 11, "ymax": 50}}, [10, 20]),
        ({"geometry": {"rings": SQUARE}, "geometryType": "esriGeometryPolygon"}, [10, 20]),
        ({"geometry": {"rings": SQUARE}}, [10, 20]),
        ({"geometry": {"paths": [[[10, 49], [10, 51]]]}, "geometryType": "esriGeometryPolyline"}, [10]),
        ({"geometry": {"points": [[11, 50], [12, 51]]}, "geometryType": "esriGeometryMultipoint"}, [20, 30]),
        ({"geometry": "9,49,11.5,52", "spatialRel": "esriSpatialRelContains"}, [10, 20]),
        ({"geometry": "9,49,11.5,52", "spatialRel": "esriSpatialRelWithin"}, []),
        ({"geometry": "10,49,11.5,52", "spatialRel": "esriSpatialRelTouches"}, [10]),
        ({"geometry": "9,49,11.5,52", "spatialRel": "indexintersects"}, [10, 20]),
        ({"geometry": "0,0,1,1"}, [70]),
        ({"geometry": "-400,-90,400,90"}, [10, 20, 30, 50, 60, 70]),
        ({"geometry": {"x": 10, "y": 50, "z": 7, "hasZ": True}, "geometryType": "esriGeometryPoint"}, [10]),
        ({"geometry": {"rings": [[[9, 49], [11.5, 52], [11.5, 49], [9, 52], [9, 49]]]}}, [20]),
        ({"geometry": "", "spatialRel": "esriSpatialRelIntersects", "distance": ""}, IDS),
    ],
)
def test_geometries(site: LayerSite, fields: dict[str, Any], ids: list[int]) -> None:
    assert find(site, **fields) == ids


@pytest.mark.parametrize("in_sr", ["3857", "102100", '{"wkid":102100,"latestWkid":3857}', {"wkid": 3857}])
def test_the_geometry_may_be_in_another_reference(site: LayerSite, in_sr: object) -> None:
    change = Transformer.from_crs(4326, 3857, always_xy=True)
    west, south = change.transform(9, 49)
    east, north = change.transform(11.5, 52)
    box = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    assert find(site, geometry=box, inSR=in_sr) == [10, 20]
    own = {**box, "spatialReference": {"wkid": 3857}}
    assert find(site, geometry=own, inSR="4326") == [10, 20], "that of the geometry counts first"


@pytest.mark.parametrize("relation", ["Intersects", "EnvelopeIntersects", "IndexIntersects", "Contains"])
@pytest.mark.parametrize(
    ("box", "ids"),
    [
        ("179,-1,181,1", [50, 60]),
        ("-181,-1,-179,1", [50, 60]),
        ("170,-80,190,80", [50, 60]),
        ("350,-10,365,60", [70]),
    ],
)
def test_an_envelope_beyond_180_degrees_finds_both_sides(
    site: LayerSite, relation: str, box: str, ids: list[int]
) -> None:
    assert find(site, geometry=box, spatialRel=f"esriSpatialRel{relation}") == ids


@pytest.mark.parametrize(("box", "ids"), [("175,1,185,2", [1, 2]), ("171,1,172,2", [1, 2]), ("0,1,1,2", [])])
def test_a_box_across_180_degrees_lies_within_a_shape_there(tmp_path: Path, box: str, ids: list[int]) -> None:
    cut = shapely.MultiPolygon([shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)])
    folder = Folder(tmp_path)
    folder.publish("strait", {"Seas": FeatureSet.of([cut, shapely.box(170, 0, 190, 10)], WGS84)})
    found = LayerSite(folder).query(
        "strait/0", returnIdsOnly="true", geometry=box, spatialRel="esriSpatialRelWithin"
    )
    assert found["objectIds"] == ids


def test_no_distance_reaches_around_the_earth(site: LayerSite) -> None:
    sentence = site.refuse(PLACES, geometry="10,50", geometryType="esriGeometryPoint", distance="1e30")
    assert sentence.startswith("Parameter 'distance':")


@pytest.mark.parametrize(
    ("units", "metres"),
    [
        ("", 1.0),
        ("esriSRUnit_Meter", 1.0),
        ("esriSRUnit_Kilometer", 1000.0),
        ("ESRISRUNIT_FOOT", 0.3048),
        ("esriSRUnit_StatuteMile", 1609.344),
        ("esriSRUnit_NauticalMile", 1852.0),
        ("esriSRUnit_USNauticalMile", 1853.248),
    ],
)
def test_distances_are_geodesic(site: LayerSite, units: str, metres: float) -> None:
    places = make_places()
    shapes = dict(zip(places.object_ids.tolist(), places.geometries, strict=True))
    geod = Geod(ellps="WGS84")
    *_, apart = geod.inv(10, 50, 11, 50)
    point = {"geometry": "10,50", "geometryType": "esriGeometryPoint", "inSR": 4326, "units": units}
    for share, expected in ((1.005, [10, 20]), (0.995, [10])):
        found = find(site, distance=repr(apart / metres * share), **point)
        assert found == expected
        near = [i for i, s in shapes.items() if s and geod.inv(10, 50, s.x, s.y)[2] <= apart * share]
        assert found == near
    assert find(site, distance="0", **point) == [10]


def test_distances_are_geodesic_in_web_mercator_too(site: LayerSite) -> None:
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(10, 50)
    *_, apart = Geod(ellps="WGS84").inv(10, 50, 11, 50)
    point = {"geometry": {"x": x, "y": y}, "geometryType": "esriGeometryPoint", "inSR": 3857}
    assert find(site, distance=apart * 1.005, **point) == [10, 20]
    assert find(site, distance=apart * 0.995, **point) == [10]


@pytest.mark.parametrize(
    ("fields", "parameter", "accepted"),
    [
        ({"where": "POP >"}, "where", ""),
        ({"where": "NOPE = 1"}, "where", "POP"),
        ({"where": "NAME > 5"}, "where", ""),
        ({"where": "POP = 1; DROP TABLE g"}, "where", ""),
        ({"where": "POP IN (SELECT 1)"}, "where", ""),
        ({"where": "POP = 1 -- x"}, "where", ""),
        ({"where": "x" * 10_001}, "where", "10,000"),
        ({"objectIds": "1,x"}, "objectIds", "1,2,3"),
        ({"objectIds": ",".join("1" * 100_001)}, "objectIds", "100,000"),
        ({"geometry": "1,2,3"}, "geometry", "xmin"),
        ({"geometry": "a,b"}, "geometry", "xmin"),
        ({"geometry": "1,2", "geometryType": "esriGeometryEnvelope"}, "geometry", "xmin,ymin,xmax,ymax"),
        ({"geometry": '{"x": 1'}, "geometry", "Esri JSON"),
        ({"geometry": {"foo": 1}}, "geometry", "Esri JSON"),
        ({"geometry": {"x": 1, "y": 2}, "geometryType": "esriGeometryPolygon"}, "geometry", "Esri JSON"),
        ({"geometry": "1,2", "geometryType": "circle"}, "geometryType", "esriGeometryPoint"),
        ({"geometry": {"xmin": 5, "ymin": 0, "xmax": 1, "ymax": 1}}, "geometry", "xmin"),
        ({"geometry": {"points": [[0, 0]] * 100_001}}, "geometry", "100000"),
        ({"geometry": "1,2", "inSR": "123"}, "inSR", "WKID"),
        ({"geometry": "1,2", "spatialRel": "esriSpatialRelRelation"}, "spatialRel", "esriSpatialRelWithin"),
        ({"geometry": "1,2", "distance": "far"}, "distance", "number"),
        ({"geometry": "1,2", "distance": "-1"}, "distance", "number"),
        ({"geometry": "1,2", "distance": "1", "units": "parsec"}, "units", "esriSRUnit_Meter"),
        ({"distance": "5"}, "distance", "geometry"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    site: LayerSite, fields: dict[str, Any], parameter: str, accepted: str
) -> None:
    document = site.ask("town/FeatureServer/0/query", "POST", **fields).json
    error = document["error"]
    assert error["code"] == 400
    assert error["message"]
    assert f"'{parameter}'" in error["details"][0]
    assert accepted in error["details"][0]


def test_a_table_has_no_shapes_to_compare(site: LayerSite) -> None:
    assert "'geometry'" in site.refuse(NOTES, geometry="0,0,1,1")


def test_a_hole_is_no_part_of_a_parcel(site: LayerSite) -> None:
    point = {"geometryType": "esriGeometryPoint", "returnCountOnly": "true"}
    assert site.query(PARCELS, geometry="4,4", **point) == {"count": 0}
    assert site.query(PARCELS, geometry="14,4", **point) == {"count": 1}


def test_null_is_no_condition_for_rows(site: LayerSite) -> None:
    assert find(site, geometry="null", inSR="null") == IDS
    assert "error" in site.query(PLACES, where="null") or find(site, where="null") == []


def test_no_wide_buffer_of_many_vertices(site: LayerSite) -> None:
    line = {"paths": [[[n / 100, n % 2] for n in range(501)]]}
    sentence = site.refuse(PLACES, geometry=line, geometryType="esriGeometryPolyline", distance=1000)
    assert "it has 501 vertices. Accepted: at most 500 with a distance" in sentence


def test_no_tangle(site: LayerSite) -> None:
    rings = [[[n * 7919 % 1009 / 100, n * 104_729 % 997 / 100] for n in range(1000)]]
    rings[0].append(rings[0][0])
    sentence = site.refuse(PLACES, geometry={"rings": rings}, geometryType="esriGeometryPolygon")
    assert "cross or cover each other" in sentence


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"returnCountOnly": "true"},
        {"returnIdsOnly": "true"},
        {"returnExtentOnly": "true"},
        {"returnDistinctValues": "true", "outFields": "POP"},
        {"outStatistics": [{"statisticType": "max", "onStatisticField": "POP"}]},
    ],
    ids=str,
)
def test_a_condition_that_fails_at_a_value_is_refused_as_where(
    site: LayerSite, fields: dict[str, Any]
) -> None:
    sentence = site.refuse(PLACES, where="CAST(NAME AS FLOAT) > 1", **fields)
    assert sentence.startswith("Parameter 'where': the text ")


@pytest.mark.parametrize("reference", [3031, 25832, 3857])
@pytest.mark.parametrize("reach", [1e9, 1e12, 1e15])
def test_a_distance_from_sides_of_millions_of_kilometres_is_refused(
    site: LayerSite, reference: int, reach: float
) -> None:
    """Each 20 kilometres of a side are a vertex: these would fill the memory, and never be answered."""
    asked = {"geometry": f"{-reach},-1,{reach},1", "inSR": str(reference), "distance": "1000"}
    if reference == 3857:  # a box that wide is one around the earth
        asked = {**asked, "geometry": {"paths": [[[0, 0], [reach, 1]]]}}
    assert "Parameter 'geometry'" in site.refuse(PLACES, **asked)


@pytest.mark.parametrize("metres", [1_000_000, 9_000_000])
@pytest.mark.parametrize("geometry", ["500000,5000000", "499950,4999950,500050,5000050"])
def test_a_wide_distance_from_a_place_in_a_narrow_map(tmp_path: Path, geometry: str, metres: int) -> None:
    """A circle of 9,000 km has no place in UTM, and is one on the earth all the same."""
    places = [shapely.Point(x, y) for x in range(-180, 180, 15) for y in range(-75, 90, 15)]
    folder = Folder(tmp_path)
    folder.publish("world", {"World": FeatureSet.of(places, WGS84)})
    found = LayerSite(folder).query(
        "world/0", geometry=geometry, inSR="32633", distance=str(metres), returnIdsOnly="true"
    )
    x, y = Transformer.from_crs(32633, 4326, always_xy=True).transform(500_000, 5_000_000)
    away = [Geod(ellps="WGS84").inv(x, y, place.x, place.y)[2] for place in places]
    assert min(abs(each - metres) for each in away) > 10_000, "no place is near the line"
    assert found["objectIds"] == [number for number, each in enumerate(away, 1) if each < metres]
