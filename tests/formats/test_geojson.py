"""Features as GeoJSON and as layer objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from shapely import LineString, MultiPoint, Point, Polygon

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import decode_features, encode_features
from gpserverless.formats.feature_collection import make_layer_object
from gpserverless.formats.geojson import encode_geojson
from gpserverless.values.spatial_reference import SpatialReference

WGS84, MERCATOR = SpatialReference(4326), SpatialReference(3857)
SQUARE = Polygon([(0, 0), (0, 4), (4, 4), (4, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])


def of(*shapes: Any, reference: SpatialReference | None = WGS84, **columns: Any) -> FeatureSet[Any]:
    return FeatureSet.of(np.array([*shapes, None], object)[:-1], reference, columns)


def written(features: FeatureSet[Any], **options: Any) -> Any:
    return orjson.loads(encode_geojson(features, **options))


def test_a_collection_of_features_with_ids_and_properties() -> None:
    document = written(of(Point(10, 60), None, NAME=np.array(["a", None], object), N=[1.5, np.nan]))
    assert document == {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": 1, "geometry": {"type": "Point", "coordinates": [10.0, 60.0]},
             "properties": {"NAME": "a", "N": 1.5}},
            {"type": "Feature", "id": 2, "geometry": None, "properties": {"NAME": None, "N": None}},
        ],
    }  # fmt: skip


def test_outer_rings_run_counter_clockwise_and_holes_clockwise() -> None:
    (feature,) = written(of(SQUARE))["features"]
    outer, hole = (Polygon(ring) for ring in feature["geometry"]["coordinates"])
    assert outer.exterior.is_ccw
    assert not hole.exterior.is_ccw


def test_coordinates_are_longitude_and_latitude_on_wgs_84() -> None:
    (feature,) = written(of(Point(1113194.9079, 8399737.8898), reference=MERCATOR))["features"]
    assert feature["geometry"]["coordinates"] == pytest.approx([10, 60])


def test_every_type_has_its_name() -> None:
    shapes = [LineString([(0, 0), (1, 1)]), MultiPoint([(0, 0), (1, 1)]), Point(0, 0)]
    kinds = [written(of(shape))["features"][0]["geometry"]["type"] for shape in shapes]
    assert kinds == ["LineString", "MultiPoint", "Point"]
    assert written(of(Point()))["features"][0]["geometry"] is None


def test_heights_are_written_when_asked_for_and_measures_never() -> None:
    solid = decode_features(
        '{"spatialReference":{"wkid":4326},"hasZ":true,"hasM":true,'
        '"features":[{"geometry":{"paths":[[[0,0,5,7],[1,1,6,8]]]}}]}'
    )
    flat, high = (written(solid, z=z)["features"][0]["geometry"]["coordinates"][0] for z in (False, True))
    assert (flat, high) == ([0, 0], [0, 0, 5])


def test_too_many_features_are_said_and_an_unknown_reference_is_refused() -> None:
    assert written(of(), exceeded=True) == {
        "type": "FeatureCollection", "features": [], "exceededTransferLimit": True,
    }  # fmt: skip
    with pytest.raises(InvalidValue, match="the spatial reference of the features is not known"):
        encode_geojson(of(Point(0, 0), reference=None))


def test_a_shape_that_is_cut_at_the_antimeridian_stays_cut() -> None:
    halves = shapely.MultiPolygon([shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)])
    (feature,) = written(of(halves))["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert shapely.from_geojson(orjson.dumps(feature["geometry"])).equals(halves)


@pytest.mark.parametrize(
    ("shape", "symbol"),
    [(Point(0, 0), "esriSMS"), (LineString([(0, 0), (1, 1)]), "esriSLS"), (SQUARE, "esriSFS")],
)
def test_a_layer_object_holds_its_definition_and_reads_as_it_was(shape: Any, symbol: str) -> None:
    features = of(shape, NAME=["a"])
    document = make_layer_object(orjson.loads(encode_features(features)), "Zones")
    definition, inner = document["layerDefinition"], document["featureSet"]
    assert (definition["name"], definition["type"]) == ("Zones", "Feature Layer")
    assert definition["objectIdField"] == "OBJECTID"
    assert [f["type"] for f in definition["fields"]] == [
        "esriFieldTypeOID", "esriFieldTypeString", "esriFieldTypeGeometry",
    ]  # fmt: skip
    assert definition["drawingInfo"]["renderer"]["symbol"]["type"] == symbol
    assert "fields" not in inner
    assert inner["exceededTransferLimit"] is False
    again = decode_features(orjson.dumps(document))
    assert again.geometries[0].equals(shape)
    assert again.column("NAME").tolist() == ["a"]
    assert again.spatial_reference == WGS84


def test_the_shape_gets_a_name_of_its_own() -> None:
    document = make_layer_object(orjson.loads(encode_features(of(Point(0, 0), shape=["a"]))), "")
    assert document["layerDefinition"]["fields"][-1]["name"] == "Shape_1"
