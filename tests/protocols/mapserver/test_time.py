"""`time` of pictures, identify and find: layers with a time are filtered, the others are as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, Field
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.mapserver.maps import MAP, MapSite, alpha

WEB = SpatialReference(102100, 3857)
DAY = 86_400_000
DAYS = [0, DAY, None]
WHOLE = {"bbox": "0,0,300,100", "size": "300,100", "transparent": "true"}
PLACE = {
    "geometry": "0,0,300,100",
    "geometryType": "esriGeometryEnvelope",
    "layers": "all",
    "tolerance": "0",
    "mapExtent": "0,0,300,100",
    "imageDisplay": "300,100,96",
}


def plots(**columns: Any) -> FeatureSet[Any]:
    """Return three squares beside each other."""
    shapes = shapely.box([10, 110, 210], 10, [90, 190, 290], 90)
    return FeatureSet.of(shapes, WEB).with_columns({"name": ["a", "b", "c"], **columns}, [Field("DAY", DATE)])


@pytest.fixture(scope="module")
def site() -> MapSite:
    return MapSite.of((plots(DAY=np.array(DAYS, object)), "Dated", {}), (plots(), "Plain", {}))


def list_drawn(site: MapSite, layer: int, **options: str) -> list[bool]:
    opacity = alpha(site.draw(**WHOLE, layers=f"show:{layer}", **options))
    return [bool(opacity[50, column] > 0) for column in (50, 150, 250)]


@pytest.mark.parametrize(
    ("time", "drawn"),
    [
        ("", [True, True, True]),
        ("null,null", [True, True, True]),
        ("0", [True, False, False]),
        (f"1,{DAY}", [False, True, False]),
        (f"null,{DAY}", [True, True, False]),
        (f"{DAY + 1},null", [False, False, False]),
    ],
)
def test_pictures(site: MapSite, time: str, drawn: list[bool]) -> None:
    assert list_drawn(site, 0, time=time) == drawn
    assert list_drawn(site, 1, time=time) == [True, True, True]


def test_a_picture_says_which_layer_has_no_time(site: MapSite) -> None:
    document = site.read(f"{MAP}/export", **WHOLE, time="0")
    assert document["messages"] == ["The layer 'Plain' has no time; it is drawn as it is at any time."]
    assert "messages" not in site.read(f"{MAP}/export", **WHOLE)


@pytest.mark.parametrize(("resource", "options"), [("identify", PLACE), ("find", {"searchText": ""})])
def test_features_at_a_place_or_with_a_text(site: MapSite, resource: str, options: dict[str, str]) -> None:
    asked = options if resource == "identify" else {"searchText": "b", "layers": "0,1", "contains": "false"}
    found = site.read(f"{MAP}/{resource}", **asked, time=str(DAY), returnGeometry="false")["results"]
    assert [(each["layerId"], each["value"]) for each in found] == [
        (0, "b"), *((1, name) for name in ("abc" if resource == "identify" else "b")),
    ]  # fmt: skip
    found = site.read(f"{MAP}/{resource}", **asked, time=str(DAY + 1), returnGeometry="false")["results"]
    assert {each["layerId"] for each in found} == {1}


@pytest.mark.parametrize("resource", ["export", "identify", "find"])
def test_other_texts_are_refused(site: MapSite, resource: str) -> None:
    options = {**WHOLE, **PLACE, "layers": "", "searchText": "a"}
    document = site.read(f"{MAP}/{resource}", **options, time="today")
    assert "'time'" in document["error"]["details"][0]


TIMELESS = '{"0": {"useTime": false, "timeOffset": 5}}'


def test_a_layer_without_regard_to_its_time(site: MapSite) -> None:
    first = site.read(f"{MAP}/export", **WHOLE, time="0")["href"]
    assert list_drawn(site, 0, time="0", layerTimeOptions=TIMELESS) == [True, True, True]
    assert site.read(f"{MAP}/export", **WHOLE, time="0", layerTimeOptions=TIMELESS)["href"] != first
    others = (
        '{"1": {"useTime": false}, "0": {"useTime": true, "timeOffset": null, "timeDataCumulative": false}}'
    )
    assert list_drawn(site, 0, time="0", layerTimeOptions=others) == [True, False, False]
    found = site.read(f"{MAP}/identify", **PLACE, time="0", layerTimeOptions=TIMELESS)["results"]
    assert [each["layerId"] for each in found] == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"layerTimeOptions": '{"0": {"useTime": true, "timeOffset": 1}}'}, "layerTimeOptions"),
        ({"layerTimeOptions": '{"0": {"timeDataCumulative": true}}'}, "layerTimeOptions"),
        ({"layerTimeOptions": "[1]"}, "layerTimeOptions"),
        ({"layerTimeOptions": '{"zero": {}}'}, "layerTimeOptions"),
        ({"layerTimeOptions": '{"0": 1}'}, "layerTimeOptions"),
        ({"timeRelation": "esriTimeRelationWithin"}, "timeRelation"),
    ],
)
def test_options_that_would_show_other_features_are_refused(
    site: MapSite, options: dict[str, str], name: str
) -> None:
    (sentence,) = site.read(f"{MAP}/export", **WHOLE, time="0", **options)["error"]["details"]
    assert f"'{name}'" in sentence
    assert "error" not in site.read(f"{MAP}/export", **WHOLE, **options), "they say nothing without a time"


def test_the_document_has_the_time_of_all_layers(site: MapSite) -> None:
    assert site.read(MAP)["timeInfo"]["timeExtent"] == [0, DAY]
    assert "timeInfo" not in MapSite.of((plots(), "Plain", {})).read(MAP)
    layers = site.read(f"{MAP}/layers")["layers"]
    assert ["timeInfo" in layer for layer in layers] == [True, False]
