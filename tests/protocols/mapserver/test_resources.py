"""Documents, layers, legend, identify and find of a map."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import Field
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from tests.protocols.mapserver.maps import JOB, MAP, MapSite

WEB = SpatialReference(102100, 3857)
SERVICE = "/rest/services/Field/Plots/MapServer"
TWO = {
    "type": "uniqueValue",
    "field1": "kind",
    "uniqueValueInfos": [
        {"value": "a", "label": "Acre", "symbol": {"type": "esriSFS", "color": [255, 0, 0, 255]}},
        {"value": "b", "symbol": {"type": "esriSFS", "color": [0, 0, 255, 255]}},
    ],
}


@pytest.fixture(scope="module")
def site() -> MapSite:
    wells = FeatureSet.of(
        shapely.points([(50, 50), (150, 150)]),
        WEB,
        {"name": ["Deep One", "shallow"], "depth": [30.5, None], "dug": [1_700_000_000_000, None]},
    )
    wells = wells.with_columns(
        {"dug": np.array([1_700_000_000_000, None], object)},
        [Field("dug", "esriFieldTypeDate", alias="Dug on")],
    )
    plots = FeatureSet.of(
        shapely.box([0, 200], [0, 200], [100, 300], [100, 300]), WEB, {"kind": ["a", "b"], "pop": [5, 15]}
    )
    table = Table().with_columns({"owner": ["deep state", "x"]})
    return MapSite.of((wells, "Wells", {}), (plots, "Plots", TWO), (table, "Owners", {}))


def test_service_and_job_have_the_same_layers(site: MapSite) -> None:
    service, job = site.read(SERVICE), site.read(MAP)
    assert service["layers"] == job["layers"]
    assert [(each["id"], each["name"]) for each in job["layers"]] == [(0, "Wells"), (1, "Plots")]
    assert job["tables"] == [{"id": 2, "name": "Owners", "type": "Table"}]
    assert service.keys() == job.keys()


def test_extent_of_a_job_is_that_of_its_features(site: MapSite) -> None:
    extent = site.read(MAP)["fullExtent"]
    assert [extent[side] for side in ("xmin", "ymin", "xmax", "ymax")] == [0, 0, 300, 300]
    assert extent["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}


@pytest.mark.parametrize(
    ("wkid", "expected"),
    [
        (3857, (-20037508, -20037508, 20037508, 20037508)),
        (4326, (-180, -90, 180, 90)),
        (25832, (231_000, 4_043_000, 769_000, 9_330_000)),  # 6 to 12 degrees east, as EPSG says
    ],
)
def test_extent_of_a_service_is_that_of_its_projection(wkid: int, expected: tuple[float, ...]) -> None:
    features = FeatureSet.of(shapely.points([(1, 1)]), SpatialReference(wkid))
    extent = MapSite.of((features, "x", {})).read(SERVICE)["fullExtent"]
    found = [extent[side] for side in ("xmin", "ymin", "xmax", "ymax")]
    assert np.allclose(found, expected, rtol=0.002)


@pytest.mark.parametrize(
    "key",
    ["layers", "fullExtent", "capabilities", "supportedImageFormatTypes", "currentVersion", "mapName",
     "tables", "spatialReference", "singleFusedMapCache", "initialExtent", "documentInfo", "units",
     "maxImageHeight", "minScale"],
)  # fmt: skip
def test_keys_that_clients_read(site: MapSite, key: str) -> None:
    assert key in site.read(MAP)


def test_all_layers_are_whole(site: MapSite) -> None:
    for place in (SERVICE, MAP):
        document = site.read(f"{place}/layers")
        assert [layer["id"] for layer in document["layers"]] == [0, 1]
        assert [table["id"] for table in document["tables"]] == [2]
        first = document["layers"][0]
        assert first == site.read(f"{place}/0")
        assert first["capabilities"] == "Map,Query,Data"
        assert first["geometryType"] == "esriGeometryPoint"
        assert first["drawingInfo"]["renderer"]["symbol"]["type"] == "esriSMS"
        assert first["parentLayer"] is None


def test_query_of_a_layer_reaches_the_engine(site: MapSite) -> None:
    assert site.read(f"{MAP}/1/query", where="1=1") == {"queried": 1, "rows": 2}
    assert site.read(f"{SERVICE}/1/query", where="1=1") == {"queried": 1, "rows": 0}


@pytest.mark.parametrize("word", ["generateRenderer", "GENERATERENDERER"])
def test_renderer_of_a_layer_reaches_the_engine(site: MapSite, word: str) -> None:
    assert site.read(f"{MAP}/1/{word}") == {"queried": 1, "rows": 2}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (f"{SERVICE}/jobs", "400: The jobs of a service are not listed"),
        (f"{SERVICE}/jobs/jx", "400: Job not found."),
        (f"{SERVICE}/jobs/j{'1' * 32}", "400: Job 'j1111"),
        (f"{MAP}/9999", "404: There is no layer 9999; there are 0, 1, 2."),
        (f"{MAP}/tile/1/2/3", "400: 'tile/1/2/3' is not supported"),
        (f"{MAP}/exportImage", "400: 'exportImage' is not supported"),
        (f"/rest/services/Other/MapServer/jobs/{JOB}", "404: Service 'Other' not found"),
    ],
)
def test_paths_that_are_none(site: MapSite, path: str, sentence: str) -> None:
    assert sentence in site.fail(path)


@pytest.mark.parametrize("path", [f"{MAP}/", f"{MAP.replace('MapServer', 'mapserver')}", f"{MAP}/LAYERS"])
def test_words_have_any_case_and_a_slash_behind_them(site: MapSite, path: str) -> None:
    assert "layers" in site.read(path)


def test_legend_has_the_symbols_of_the_map(site: MapSite) -> None:
    layers = site.read(f"{MAP}/legend")["layers"]
    assert [layer["layerId"] for layer in layers] == [0, 1]
    acre, other = layers[1]["legend"]
    assert (acre["label"], other["label"], acre["values"]) == ("Acre", "b", ["a"])
    for entry, color in ((acre, (255, 0, 0, 255)), (other, (0, 0, 255, 255))):
        picture = Image.open(BytesIO(b64decode(entry["imageData"])))
        assert picture.size == (entry["width"], entry["height"]) == (20, 20)
        assert picture.getpixel((10, 10)) == color
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
        assert len(entry["url"]) == 32
    assert site.read(f"{MAP}/queryLegends")["layers"] == layers


def identify(site: MapSite, **options: Any) -> list[tuple[int, str]]:
    results = site.read(f"{MAP}/identify", **options)["results"]
    return [(each["layerId"], each["value"]) for each in results]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"geometry": "50,50", "tolerance": 0}, [(0, "Deep One")]),
        ({"geometry": "50,50", "layers": "all"}, [(0, "Deep One"), (1, "a")]),
        ({"geometry": "50,50", "layers": "all:1"}, [(1, "a")]),
        ({"geometry": "50,50", "layers": "top:1"}, [(1, "a")]),
        ({"geometry": "50,50", "layers": "visible:7"}, []),
        ({"geometry": "40,50"}, [(1, "a")]),
        (
            {"geometry": "40,50", "tolerance": 11, "mapExtent": "0,300,300,0", "imageDisplay": "300,300,96"},
            [(0, "Deep One")],
        ),
        (
            {"geometry": "40,50", "tolerance": 9, "mapExtent": "0,0,300,300", "imageDisplay": "300,300,96"},
            [(1, "a")],
        ),
        ({"geometry": '{"x":150,"y":150}', "geometryType": "esriGeometryPoint"}, [(0, "shallow")]),
        ({"geometry": "0,0,300,300", "layers": "all"},
         [(0, "Deep One"), (0, "shallow"), (1, "a"), (1, "b")]),
        ({"geometry": '{"paths":[[[10,10],[250,250]]]}', "layers": "all:1"}, [(1, "a"), (1, "b")]),
        (
            {"geometry": "0,0,300,300", "layers": "all", "layerDefs": '{"1": "pop > 9", "0": "1=2"}'},
            [(1, "b")],
        ),
        ({"geometry": "0.00045,0.00045", "sr": 4326, "layers": "all"}, [(1, "a")]),
    ],
)  # fmt: skip
def test_identify(site: MapSite, options: dict[str, Any], expected: list[tuple[int, str]]) -> None:
    assert identify(site, **options) == expected


def test_identified_values_are_texts_by_alias_or_raw_by_name(site: MapSite) -> None:
    asked = {"geometry": "150,150"}
    [texts] = site.read(f"{MAP}/identify", **asked)["results"]
    assert texts["attributes"] == {
        "OBJECTID": "2", "name": "shallow", "depth": "Null", "Dug on": "Null", "Shape": "Point",
    }  # fmt: skip
    assert texts["displayFieldName"] == "name"
    assert texts["geometry"] == {"x": 150, "y": 150, "spatialReference": WEB.to_json()}
    [raw] = site.read(
        f"{MAP}/identify",
        **asked,
        returnFieldName="true",
        returnUnformattedValues="true",
        returnGeometry="false",
    )["results"]
    assert raw["attributes"] == {"OBJECTID": 2, "name": "shallow", "depth": None, "dug": None}
    assert "geometry" not in raw
    [deep] = site.read(f"{MAP}/identify", geometry="50,50")["results"]
    assert deep["attributes"]["Dug on"] == "2023-11-14 22:13:20"
    assert deep["attributes"]["depth"] == "30.5"


@pytest.mark.parametrize("place", ["185,60", "-175,60", "-535,60"])
def test_identify_across_180_degrees(place: str) -> None:
    strait = FeatureSet.of(np.array([shapely.box(170, 50, 190, 70)], object), WGS84, {"name": ["Strait"]})
    site = MapSite.of((strait, "Straits", {}))
    assert identify(site, geometry=place, sr=4326) == [(0, "Strait")]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "'geometry': a value is required"),
        ({"geometry": "1"}, "'geometry'"),
        ({"geometry": "1,NaN"}, "'geometry'"),
        ({"geometry": '{"z": 1}'}, "'geometry': it is no geometry"),
        ({"geometry": '{"rings": []}'}, "'geometry': it has no coordinates"),
        ({"geometry": "1,1", "tolerance": "3"}, "'mapExtent': a value is required"),
        ({"geometry": "1,1", "tolerance": "3", "mapExtent": "0,0,1,1"}, "'imageDisplay'"),
        ({"geometry": "1,1", "tolerance": "-1"}, "'tolerance'"),
        ({"geometry": "1,1", "geometryType": "esriGeometryCube"}, "'geometryType': 'esriGeometryCube'"),
        ({"geometry": "1,1", "sr": "1"}, "'sr'"),
        ({"geometry": "1,1", "layers": "some"}, "'layers'"),
        ({"geometry": "1,1", "layerDefs": "0:nope = 1"}, "'layerDefs'"),
    ],
)
def test_identify_refuses(site: MapSite, options: dict[str, str], sentence: str) -> None:
    assert sentence in site.fail(f"{MAP}/identify", **options)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"searchText": "DEEP", "layers": "0,1,2"}, [(0, "name"), (2, "owner")]),
        ({"searchText": "deep one", "layers": "0", "contains": "false"}, []),
        ({"searchText": "Deep One", "layers": "0", "contains": "false"}, [(0, "name")]),
        ({"searchText": "5", "layers": "1", "searchFields": "pop"}, [(1, "pop"), (1, "pop")]),
        ({"searchText": "5", "layers": "1", "contains": "false"}, [(1, "pop")]),
        ({"searchText": "30.5", "layers": "0"}, [(0, "depth")]),
        ({"searchText": "2023-11", "layers": "0"}, [(0, "Dug on")]),
        ({"searchText": "5", "layers": "1", "layerDefs": '{"1": "pop > 9"}'}, [(1, "pop")]),
        ({"searchText": "nothing"}, []),
    ],
)
def test_find(site: MapSite, options: dict[str, str], expected: list[tuple[int, str]]) -> None:
    results = site.read(f"{MAP}/find", **options)["results"]
    assert [(each["layerId"], each["foundFieldName"]) for each in results] == expected


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "'searchText': a value is required"),
        ({"searchText": "a", "searchFields": "nope"}, "'searchFields': there is no field 'nope'"),
        ({"searchText": "a", "layers": "x"}, "'layers'"),
        ({"searchText": "deep", "sr": "54050"}, "'sr': PROJ cannot transform"),
    ],
)
def test_find_refuses(site: MapSite, options: dict[str, str], sentence: str) -> None:
    assert sentence in site.fail(f"{MAP}/find", **options)


def test_map_of_a_service_has_nothing_to_find(site: MapSite) -> None:
    assert site.read(f"{SERVICE}/identify", geometry="50,50", layers="all") == {"results": []}
    assert site.read(f"{SERVICE}/find", searchText="a") == {"results": []}
    assert site.read(f"{SERVICE}/export", bbox="0,0,1,1")["messages"]


def test_more_hits_than_an_answer_holds_are_told() -> None:
    many = FeatureSet.of(shapely.points(np.zeros((700, 2))), WEB, {"name": ["x"] * 700})
    site = MapSite.of((many, "Many", {}))
    for asked in (f"{MAP}/identify?", f"{MAP}/find?"):
        document = site.read(asked.rstrip("?"), geometry="0,0", searchText="x")
        assert len(document["results"]) == 500
        assert document["exceededTransferLimit"] is True


def test_a_full_answer_of_one_layer_does_not_hide_the_next() -> None:
    full = FeatureSet.of(shapely.points(np.zeros((500, 2))), WEB)
    site = MapSite.of((full, "Full", {}), (FeatureSet.of([shapely.Point(0, 0)], WEB), "Last", {}))
    document = site.read(f"{MAP}/identify", geometry="0,0", layers="all")
    assert len(document["results"]) == 500
    assert document["exceededTransferLimit"] is True


def test_fields_with_the_same_alias_keep_their_values() -> None:
    columns = [Field("old", alias="Name"), Field("new", alias="Name"), Field("Shape")]
    values = {"old": ["x"], "new": ["y"], "Shape": ["round"]}
    rows = FeatureSet.of([shapely.Point(0, 0)], WEB).with_columns(values, columns)
    site = MapSite.of((rows, "Wells", {}))
    [hit] = site.read(f"{MAP}/identify", geometry="0,0")["results"]
    assert hit["attributes"] == {"OBJECTID": "1", "old": "x", "new": "y", "Shape": "round"}
    [found] = site.read(f"{MAP}/find", searchText="y")["results"]
    assert found["foundFieldName"] == "new"
