"""Layer objects: feature sets with the definitions of their layers."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from shapely import LineString, Point, Polygon

from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import decode_features, encode_features
from gpserverless.formats.feature_collection import make_layer_object
from gpserverless.values.spatial_reference import WGS84

SQUARE = Polygon([(0, 0), (0, 4), (4, 4), (4, 0)])


@pytest.mark.parametrize(
    ("shape", "symbol"),
    [(Point(0, 0), "esriSMS"), (LineString([(0, 0), (1, 1)]), "esriSLS"), (SQUARE, "esriSFS")],
)
def test_layer_object_holds_its_definition_and_decodes_again(shape: Any, symbol: str) -> None:
    features = FeatureSet.of([shape], WGS84, {"NAME": ["a"]})
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


def test_shape_field_gets_a_free_name() -> None:
    document = make_layer_object(
        orjson.loads(encode_features(FeatureSet.of([Point(0, 0)], WGS84, {"shape": ["a"]}))), ""
    )
    assert document["layerDefinition"]["fields"][-1]["name"] == "Shape_1"
