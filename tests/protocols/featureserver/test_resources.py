"""The documents of services and layers, single features, several layers at once, and what is not there."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from gpserverless.features.feature_set import Table
from gpserverless.features.fields import OID, Field
from tests.protocols.featureserver.layer_site import Folder, LayerSite
from tests.protocols.featureserver.pbf_reader import read_features

SERVICE_KEYS = [
    "currentVersion",
    "serviceDescription",
    "hasVersionedData",
    "maxRecordCount",
    "supportedQueryFormats",
    "capabilities",
    "description",
    "copyrightText",
    "spatialReference",
    "initialExtent",
    "fullExtent",
    "allowGeometryUpdates",
    "units",
    "syncEnabled",
    "hasStaticData",
    "layers",
    "tables",
]
LAYER_KEYS = [
    "currentVersion",
    "id",
    "name",
    "type",
    "geometryType",
    "description",
    "copyrightText",
    "defaultVisibility",
    "displayField",
    "objectIdField",
    "globalIdField",
    "uniqueIdField",
    "typeIdField",
    "subtypeField",
    "fields",
    "extent",
    "drawingInfo",
    "capabilities",
    "maxRecordCount",
    "standardMaxRecordCount",
    "tileMaxRecordCount",
    "maxRecordCountFactor",
    "supportedQueryFormats",
    "supportsStatistics",
    "supportsAdvancedQueries",
    "supportsCoordinatesQuantization",
    "useStandardizedQueries",
    "advancedQueryCapabilities",
    "hasAttachments",
    "hasM",
    "hasZ",
    "htmlPopupType",
    "isDataVersioned",
    "hasStaticData",
    "relationships",
    "indexes",
    "types",
    "templates",
    "minScale",
    "maxScale",
    "allowGeometryUpdates",
    "dateFieldsTimeReference",
    "editingInfo",
]
OF_SHAPES = {
    "geometryType",
    "extent",
    "drawingInfo",
    "hasM",
    "hasZ",
    "minScale",
    "maxScale",
    "allowGeometryUpdates",
}


def test_a_service(site: LayerSite) -> None:
    document = site.ask("Town/FeatureServer").json
    assert list(document) == SERVICE_KEYS
    assert document["supportedQueryFormats"] == "JSON, geoJSON, PBF"
    assert document["capabilities"] == "Query"
    assert document["maxRecordCount"] >= 1000
    assert document["layers"][0] == {
        "id": 0, "name": "Places", "parentLayerId": -1, "defaultVisibility": True, "subLayerIds": None,
        "minScale": 0, "maxScale": 0, "type": "Feature Layer", "geometryType": "esriGeometryPoint",
    }  # fmt: skip
    assert [table["id"] for table in document["tables"]] == [2]
    extent = document["fullExtent"]
    assert (extent["xmin"], extent["xmax"], extent["spatialReference"]["wkid"]) == (-179.5, 179.5, 4326)
    assert document["units"] == "esriDecimalDegrees"
    assert "serviceItemId" not in document, "clients would ask a portal for it"


def test_a_layer(site: LayerSite) -> None:
    document = site.ask("town/FeatureServer/0/").json
    assert set(document) == {*LAYER_KEYS, "timeInfo", "hasLabels"}
    assert document["type"] == "Feature Layer"
    assert document["fields"][0] == {
        "name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID", "sqlType": "sqlTypeOther",
        "domain": None, "defaultValue": None, "nullable": False, "editable": False,
    }  # fmt: skip
    assert document["fields"][1]["length"] == 255
    assert document["displayField"] == "NAME"
    assert document["extent"]["spatialReference"] == {"wkid": 4326, "latestWkid": 4326}
    assert document["drawingInfo"]["renderer"]["symbol"]["type"] == "esriSMS"
    assert (document["maxRecordCount"], document["tileMaxRecordCount"]) == (2000, 8000)
    assert document["editingInfo"] == {"lastEditDate": 1_700_000_000_000}
    assert site.ask("town/FeatureServer/4").json["hasZ"] is True


def test_a_table(site: LayerSite) -> None:
    document = site.ask("town/FeatureServer/2").json
    assert set(document) == set(LAYER_KEYS) - OF_SHAPES
    assert document["type"] == "Table"


def test_an_empty_layer_has_an_extent_with_a_reference(site: LayerSite) -> None:
    document = site.ask("town/FeatureServer/3").json
    assert document["extent"] == {
        "xmin": "NaN", "ymin": "NaN", "xmax": "NaN", "ymax": "NaN",
        "spatialReference": {"wkid": 102100, "latestWkid": 3857},
    }  # fmt: skip


def test_all_layers_at_once(site: LayerSite) -> None:
    document = site.ask("town/FeatureServer/layers").json
    assert [layer["id"] for layer in document["layers"]] == [0, 1, 3, 4]
    assert document["layers"][1] == site.ask("town/FeatureServer/1").json
    assert [table["id"] for table in document["tables"]] == [2]


def test_one_feature(site: LayerSite) -> None:
    document = site.ask("town/FeatureServer/0/20").json
    assert document["feature"]["attributes"]["NAME"] == "O'Hara"
    assert document["feature"]["geometry"] == {"x": 11.0, "y": 50.0}
    assert "geometry" not in site.ask("town/FeatureServer/2/1").json["feature"]
    assert site.ask("town/FeatureServer/0/20/attachments").json == {"attachmentInfos": []}


def test_the_renderer_of_a_layer(site: LayerSite) -> None:
    path = "town/FeatureServer/1"
    assert site.ask(f"{path}/generateRenderer").json == site.ask(path).json["drawingInfo"]["renderer"]
    classes = site.ask(f"{path}/generateRenderer", classificationDef={"type": "uniqueValueDef"}).json
    assert "'classificationDef'" in classes["error"]["details"][0]


@pytest.mark.parametrize(
    ("definitions", "expected"),
    [
        ('{"0":"POP>10","2":"STARS = 2"}', {0: 3, 2: 2}),
        ("0:POP>10;2:STARS = 2", {0: 3, 2: 2}),
        ("0:NAME = 'A;B' OR NAME = 'A1';", {0: 1}),
        ('[{"layerId":0,"where":"POP>10","outFields":"NAME"},{"layerId":2}]', {0: 3, 2: 3}),
    ],
)
def test_several_layers_at_once(site: LayerSite, definitions: str, expected: dict[int, int]) -> None:
    counts = site.ask("town/FeatureServer/query", layerDefs=definitions, returnCountOnly="true").json
    assert counts == {"layers": [{"id": number, "count": count} for number, count in expected.items()]}
    document = site.ask("town/FeatureServer/query", layerDefs=definitions).json
    assert {layer["id"]: len(layer["features"]) for layer in document["layers"]} == expected
    assert document["layers"][0]["objectIdFieldName"] == "OBJECTID"


def test_no_row_of_a_table_is_at_a_place_that_all_layers_are_asked_for(site: LayerSite) -> None:
    both = {"layerDefs": {"0": "", "2": ""}, "geometry": "9,49,11.5,52", "inSR": "4326"}
    document = site.ask("town/FeatureServer/query", **both).json
    assert [len(layer["features"]) for layer in document["layers"]] == [2, 0]
    counts = site.ask("town/FeatureServer/query", returnCountOnly="true", distance="1", **both).json
    assert counts == {"layers": [{"id": 0, "count": 2}, {"id": 2, "count": 0}]}
    assert "a table has no shapes" in site.refuse("town/2", geometry="9,49,11.5,52")


@pytest.mark.parametrize(
    "definitions", ["", "0", "x:POP>1", '{"7":""}', "[1]", "{}", '{"0":"NOPE=1"}', '{"0":1']
)
def test_wrong_definitions(site: LayerSite, definitions: str) -> None:
    error = site.ask("town/FeatureServer/query", layerDefs=definitions).json["error"]
    assert error["code"] == 400
    assert "'layerDefs'" in error["details"][0]


def test_a_wrong_condition_names_its_layer(site: LayerSite) -> None:
    definitions = {"0": "POP > 5", "1": {"where": "NOPE = 1"}}
    (sentence,) = site.ask("town/FeatureServer/query", layerDefs=definitions).json["error"]["details"]
    assert "'layerDefs': where of layer 1: there is no field 'NOPE'" in sentence
    fields = {"layerDefs": {"0": "", "1": ""}, "orderByFields": "NOPE"}
    (sentence,) = site.ask("town/FeatureServer/query", **fields).json["error"]["details"]
    assert "'orderByFields'" in sentence, "a field of all layers is no part of the definitions"


@pytest.mark.parametrize(
    "path",
    [
        *("9", "0/99", "0/queryRelatedRecords", "0/applyEdits", "0/addFeatures", "0/queryTopFeatures"),
        *("0/queryAttachments", "applyEdits", "uploads", "0/validateSQL", "x", "0/1/2", "9/query"),
    ],
)
def test_what_is_not_there_is_an_error_with_details(site: LayerSite, path: str) -> None:
    answer = site.ask(f"town/FeatureServer/{path}")
    error = answer.json["error"]
    assert (answer.status, error["code"]) == (200, 400)
    assert error["message"]
    assert all(re.search(r"\w", detail) for detail in error["details"])
    assert error["details"]


def test_an_unknown_service_has_details_too(site: LayerSite) -> None:
    assert site.ask("village/FeatureServer").json["error"]["details"]


@pytest.mark.parametrize(
    ("path", "f"), [("0", "pbf"), ("", "geojson"), ("0/query", "kmz"), ("0/query", "xml")]
)
def test_formats_that_are_not_supported(site: LayerSite, path: str, f: str) -> None:
    error = site.ask(f"town/FeatureServer/{path}", f=f).json["error"]
    assert error["code"] == 400
    assert "Supported are" in error["details"][0]


def test_words_may_have_any_letter_case(site: LayerSite) -> None:
    exact = site.ask("town/FeatureServer/0/query", returnCountOnly="true").json
    assert site.ask("TOWN/featureserver/0/QUERY", RETURNCOUNTONLY="True").json == exact


CROWD = 700_000


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return a service with many rows, whose ids have nine digits."""
    folder = Folder(tmp_path_factory.mktemp("crowd"))
    ids = {"OBJECTID": np.arange(CROWD) + 200_000_000}
    folder.publish("crowd", {"Rows": Table().with_columns(ids, [Field("OBJECTID", OID)])})
    return folder


def test_an_answer_too_large_to_be_handed_over_is_elsewhere(crowd: Folder) -> None:
    site = LayerSite(crowd)
    path = "crowd/FeatureServer/0/query"
    answer = site.ask(path, returnIdsOnly="true")
    assert (answer.status, answer.body) == (303, b"")
    stored = json.loads(crowd.stored[answer.headers["location"]])
    assert stored["objectIds"] == list(range(200_000_000, 200_000_000 + CROWD))
    refused = site.ask(path, returnIdsOnly="true", callback="fn").body
    assert b'"code":413' in refused


def test_a_client_of_gzip_gets_more_at_once(crowd: Folder) -> None:
    site = LayerSite(crowd)
    answer = site.ask("crowd/FeatureServer/0/query", gzipped=True, returnIdsOnly="true")
    assert answer.status == 200
    assert len(answer.json["objectIds"]) == CROWD


def test_pbf_is_compressed(site: LayerSite) -> None:
    answer = site.ask("town/FeatureServer/1/query", gzipped=True, f="pbf", resultType="tile")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(read_features(answer.body).features) == 2500
