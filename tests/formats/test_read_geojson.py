"""GeoJSON where features are wanted: every root, every type, its reference, and what is told or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.datatypes.base import LoadOptions
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.feature_json import decode_features, decode_table
from gpserverless.formats.geojson import encode_geojson
from gpserverless.formats.limits import FeatureLimits
from gpserverless.values.spatial_reference import WGS84, SpatialReference

POINT = {"type": "Point", "coordinates": [10, 60]}
RING = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]

Reader = Callable[..., FeatureSet[Any]]


@pytest.fixture(params=["text", "bytes", "parsed"])
def read(request: pytest.FixtureRequest) -> Reader:
    """Read a document in each of the forms in which it may come."""
    forms: dict[str, Callable[[Any], Any]] = {
        "text": json.dumps,
        "bytes": lambda document: b"\xef\xbb\xbf" + json.dumps(document).encode(),
        "parsed": lambda document: document,
    }
    return lambda document, **options: decode_features(forms[request.param](document), **options)


def feature(geometry: Any, properties: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties, **more}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def shape(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    "document",
    [
        POINT,
        feature(POINT),
        collection(feature(POINT)),
        collection(feature(POINT), name="places", bbox=[0, 0, 1, 1]),
    ],
)
def test_geometry_feature_and_collection_are_features(read: Reader, document: Any) -> None:
    features = read(document)
    assert shapely.to_wkt(features.geometries, trim=True).tolist() == ["POINT (10 60)"]
    assert (features.geometry_type, features.spatial_reference) == ("esriGeometryPoint", WGS84)


@pytest.mark.parametrize(
    ("geometry", "kind", "wkt"),
    [
        (shape("Point", [1, 2, 3]), "Point", "POINT Z (1 2 3)"),
        (shape("MultiPoint", [[1, 2], [3, 4]]), "Multipoint", "MULTIPOINT ((1 2), (3 4))"),
        (shape("LineString", [[0, 0], [1, 1]]), "Polyline", "LINESTRING (0 0, 1 1)"),
        (shape("MultiLineString", [[[0, 0], [1, 1]], [[2, 2], [3, 4]]]), "Polyline",
         "MULTILINESTRING ((0 0, 1 1), (2 2, 3 4))"),
        (shape("Polygon", [RING, HOLE]), "Polygon",
         "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))"),
        # Rings of old GeoJSON run either way: what is a hole is told by its place alone.
        (shape("Polygon", [RING[::-1], HOLE[::-1]]), "Polygon",
         "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))"),
        (shape("MultiPolygon", [[RING], [HOLE]]), "Polygon",
         "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0)), ((1 1, 1 2, 2 2, 2 1, 1 1)))"),
        ({"type": "GeometryCollection", "geometries": [shape("LineString", [[0, 0], [1, 1]]),
          {"type": "GeometryCollection", "geometries": [shape("MultiLineString", [[[2, 2], [3, 4]]])]}]},
         "Polyline", "MULTILINESTRING ((0 0, 1 1), (2 2, 3 4))"),
    ],
)  # fmt: skip
def test_geometry_of_each_type_is_read(read: Reader, geometry: Any, kind: str, wkt: str) -> None:
    features = read(collection(feature(None), feature(geometry), {"type": "Feature", "properties": {}}))
    assert features.geometry_type == "esriGeometry" + kind
    assert [g is None for g in features.geometries] == [True, False, True]
    assert shapely.to_wkt(features.geometries[1], trim=True) == wkt
    assert features.has_z is ("Z" in wkt)


def test_points_beside_multipoints_become_multipoints(read: Reader) -> None:
    features = read(collection(feature(POINT), feature(shape("MultiPoint", [[1, 2], [3, 4]])), feature(None)))
    assert features.geometry_type == "esriGeometryMultipoint"
    assert shapely.get_num_geometries(features.geometries).tolist() == [1, 2, 0]


def test_properties_are_attributes(read: Reader) -> None:
    features = read(
        collection(
            feature(POINT, {"name": "a", "n": 1, "tags": ["x", 1], "Name_": None}),
            feature(POINT, None),
            feature(POINT, {"name": "b", "n": 2.5, "when": "2024-01-02"}),
        )
    )
    assert {name: column.tolist() for name, column in features.columns.items()} == {
        "name": ["a", None, "b"],
        "n": [1, None, 2.5],
        "tags": ['["x",1]', None, None],
        "Name_": [None] * 3,
        "when": [None, None, "2024-01-02"],
    }


@pytest.mark.parametrize(
    ("ids", "properties", "expected"),
    [
        ([7, 9], {}, {"OBJECTID": [7, 9]}),
        ([7, 7], {}, {"id": ["7", "7"]}),
        (["a", "b"], {}, {"id": ["a", "b"]}),
        (["a", None], {"id": "x"}, {"id": ["x", "x"], "id_1": ["a", None]}),
        (["x", "x"], {"id": "x"}, {"id": ["x", "x"]}),
        ([7, 9], {"OBJECTID": 5}, {"OBJECTID_1": [7, 9], "OBJECTID": [5, 5]}),
    ],
)
def test_ids_of_features_stay(read: Reader, ids: list[Any], properties: Any, expected: Any) -> None:
    features = read(collection(*(feature(POINT, properties, id=each) for each in ids)))
    assert {name: column.tolist() for name, column in features.columns.items()} == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (feature(None, {"a": 1}), {"a": [1]}),
        (collection({"type": "Feature", "properties": {"a": 1}}, feature(POINT, {"a": 2})), {"a": [1, 2]}),
        (collection(feature(None, {"a": [1]}, id="k")), {"a": ["[1]"], "id": ["k"]}),
        (POINT, {"OBJECTID": [1]}),
    ],
)
def test_table_keeps_the_properties(document: Any, expected: Any) -> None:
    for source in (document, json.dumps(document)):
        table = decode_table(source)
        assert {name: column.tolist() for name, column in table.columns.items()} == expected


@pytest.mark.parametrize(
    ("crs", "wkid"),
    [
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, 4326),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}, 25832),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG:8.9:25832"}}, 25832),
        ({"type": "name", "properties": {"name": "EPSG:3857"}}, 3857),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::7415"}}, 28992),
        ({"type": "EPSG", "properties": {"code": 25832}}, 25832),
        ({"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/25832"}}, 25832),
        ({"type": "name", "properties": {"name": "https://www.opengis.net/def/crs/OGC/1.3/CRS84"}}, 4326),
        ({"type": "name", "properties": {"name": "ESRI:54009"}}, 54009),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:ESRI::102100"}}, 3857),
        (None, None),
    ],
)
def test_old_member_names_the_reference(read: Reader, crs: Any, wkid: int | None) -> None:
    metres = shape("Point", [500_000, 6_000_000])
    expected = None if wkid is None else SpatialReference(wkid)
    assert read(collection(feature(metres), crs=crs)).spatial_reference == expected
    assert read({**metres, "crs": crs}).spatial_reference == expected


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (shape("Point", [500_000, 6_000_000]), "its coordinates are not longitudes and latitudes"),
        (collection(feature(POINT), feature(shape("Point", [0, 91]))), "not longitudes and latitudes"),
        ({**POINT, "crs": {"type": "link", "properties": {"href": "https://example.com"}}}, "'crs' names no"),
        ({**POINT, "crs": {"type": "name", "properties": {"name": "GK3"}}}, "no known reference: 'GK3'"),
        ({**POINT, "crs": {"type": "name", "properties": {"name": "EPSG:99999"}}}, "99999"),
        ({**POINT, "crs": 5}, "'crs' names no"),
        (collection(feature(POINT), feature(shape("Polygon", [RING]))),
         r"points \(features\[0\]\) and polygons \(features\[1\]\)"),
        (collection(feature(POINT), feature(shape("Circle", []))), r"features\[1\]: there is no"),
        (collection(feature(POINT), feature(shape("Point", [1, "2"]))), r"features\[1\]: its ordinates"),
        (collection(feature(POINT), feature(shape("Point", [1]))), r"features\[1\]: its ordinates"),
        (collection(feature(POINT), feature(shape("Polygon", [0, 0]))), r"features\[1\]: its coordinates"),
        (collection(feature(POINT), feature({"type": "Point"})), r"features\[1\]: its coordinates"),
        (collection(feature(POINT), feature(5)), r"features\[1\]: a geometry is not"),
        (collection(feature(POINT), 5), r"features\[1\] is not a feature"),
        (collection(feature(POINT), feature(POINT, 5)), r"features\[1\] has no object of properties"),
        (collection(feature(shape("Point", [1e40, 0]))), r"features\[0\]: an ordinate is not finite"),
        (feature({"type": "GeometryCollection", "geometries": [POINT, shape("Polygon", [RING])]}),
         r"features\[0\]: it is a GeometryCollection of several types"),
        ({"type": "FeatureCollection"}, "'features' are not a list"),
        ({"type": "Topology", "objects": {}}, "no 'features'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(read: Reader, document: Any, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem) as refusal:
        read(document)
    assert refusal.value.accepted


def test_other_types_than_the_accepted_are_refused(read: Reader) -> None:
    with pytest.raises(InvalidValue, match="it holds points"):
        read(POINT, accepted=frozenset({"esriGeometryPolygon"}))
    empty = read(collection(), accepted=frozenset({"esriGeometryPolygon"}))
    assert (len(empty), empty.geometry_type) == (0, "esriGeometryPolygon")


@pytest.mark.parametrize(
    ("geometry", "area", "told"),
    [
        (shape("Polygon", [RING[:-1]]), 100, None),
        (shape("Polygon", [RING, [[1, 1], [2, 2], [1, 1]]]), 100, "Dropped 1 ring of fewer than 4 vertices"),
        (
            shape("MultiPolygon", [[RING], [[[1, 1], [2, 2], [1, 1]], HOLE]]),
            100,
            "Dropped 2 rings of fewer than 4 vertices, of",
        ),
        (shape("Polygon", [[[1, 1], [2, 2], [1, 1]]]), None, "Dropped 1 ring"),
        (shape("Polygon", [[[x, y, 5, 6] for x, y in RING]]), 100, "Dropped 5 ordinates behind the z, of"),
    ],
)
def test_degenerate_ring_is_dropped_and_told(
    read: Reader, geometry: Any, area: float | None, told: str | None
) -> None:
    said: list[str] = []
    features = read(collection(feature(shape("Polygon", [HOLE])), feature(geometry)), warn=said.append)
    assert features.geometries[0].area == 1
    assert (None if area is None else features.geometries[1].area) == area
    assert [sentence.startswith(told or "-") and "of features[1]." in sentence for sentence in said] == (
        [True] if told else []
    )


@pytest.mark.parametrize(
    ("kind", "coordinates", "geometry_type"),
    [("LineString", [[0, 0]], "Polyline"), ("Polygon", [], "Polygon"), ("MultiPoint", [], "Multipoint"),
     ("Point", [], "Point")],
)  # fmt: skip
def test_type_stays_where_no_shape_is_left(
    read: Reader, kind: str, coordinates: Any, geometry_type: str
) -> None:
    features = read(collection(feature(None), feature(shape(kind, coordinates))))
    assert features.geometries.tolist() == [None, None]
    assert features.geometry_type == "esriGeometry" + geometry_type


def test_name_that_properties_hold_twice_stays_twice() -> None:
    said: list[str] = []
    source = '{"type":"Feature","geometry":null,"properties":{"A":1,"A":[2],"B":3}}'
    features = decode_features(source, warn=said.append)
    assert {name: column.tolist() for name, column in features.columns.items()} == {
        "A": [1],
        "A_1": ["[2]"],
        "B": [3],
    }
    assert len(said) == 1


def test_limits_are_kept(read: Reader) -> None:
    document = collection(*[feature(shape("Polygon", [RING]))] * 3)
    with pytest.raises(InvalidValue, match="3 features"):
        read(document, limits=FeatureLimits(features=2))
    with pytest.raises(InvalidValue, match="15 vertices"):
        read(document, limits=FeatureLimits(vertices=14))


def test_esri_features_in_a_collection_are_read_as_such(read: Reader) -> None:
    esri = {"attributes": {"a": 1}, "geometry": {"x": 1, "y": 2}}
    features = read({"type": "FeatureCollection", "features": [esri], "spatialReference": {"wkid": 25832}})
    assert features.spatial_reference == SpatialReference(25832)
    assert features.column("a").tolist() == [1]


def test_own_output_comes_back() -> None:
    shapes = np.array([shapely.box(0, 0, 1, 1), None], object)
    first = FeatureSet.of(shapes, WGS84, {"NAME": ["a", "b"], "N": [1.5, 2.5]})
    second = decode_features(encode_geojson(first))
    assert second.geometries[0].equals(shapes[0])
    assert second.geometries[1] is None
    assert second.object_ids.tolist() == [1, 2]
    assert second.column("NAME").tolist() == ["a", "b"]


@pytest.mark.parametrize("word", ["NaN", "-Infinity"])
def test_bare_word_is_refused_by_that_word(word: str) -> None:
    with pytest.raises(InvalidValue, match="a bare " + word.lstrip("-")):
        decode_features('{"type": "Point", "coordinates": [1, ' + word + "]}")


def test_file_of_geojson_is_read(tmp_path: Path) -> None:
    path = tmp_path / "places.geojson"
    path.write_text("\ufeff" + json.dumps(collection(feature(POINT, {"a": 1}))), "utf-8")
    features = GPFeatureRecordSetLayer().load(LocalFile(path), LoadOptions())
    assert shapely.to_wkt(features.geometries, trim=True).tolist() == ["POINT (10 60)"]
    table = GPRecordSet().load(LocalFile(path), LoadOptions())
    assert table.column("a").tolist() == [1]


ESRI_POINT = {"attributes": {"a": 1}, "geometry": {"x": 10, "y": 60}}
CUT = "exceededTransferLimit is true: 1 feature is given, and there are more that are not read."


@pytest.mark.parametrize(
    "document",
    [
        {"features": [ESRI_POINT], "exceededTransferLimit": True},
        {"featureSet": {"features": [ESRI_POINT], "exceededTransferLimit": True}},
        collection(feature(POINT), exceededTransferLimit=True),
        collection(feature(POINT), properties={"exceededTransferLimit": True}),
    ],
)
@pytest.mark.parametrize("decode", [decode_features, decode_table])
def test_features_that_are_a_part_of_a_layer_are_told(document: Any, decode: Any) -> None:
    for source in (document, json.dumps(document)):
        told: list[str] = []
        decode(source, warn=told.append)
        assert told == [CUT]


@pytest.mark.parametrize("flag", [False, None])
def test_features_that_are_all_of_a_layer_are_not_told(flag: Any) -> None:
    told: list[str] = []
    decode_features({"features": [ESRI_POINT], "exceededTransferLimit": flag}, warn=told.append)
    decode_features(collection(feature(POINT), exceededTransferLimit=flag), warn=told.append)
    assert told == []
