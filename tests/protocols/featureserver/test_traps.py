"""The ways in which clients lose features without a word, each of which the service keeps shut."""

from __future__ import annotations

import pytest

from tests.protocols.featureserver.conftest import PARCEL_COUNT, PARCELS, PLACES
from tests.protocols.featureserver.layer_site import LayerSite
from tests.protocols.featureserver.pbf_reader import read_features


def test_ids_are_never_limited(site: LayerSite) -> None:
    document = site.query(PARCELS, returnIdsOnly="true", resultRecordCount="10", resultOffset="5")
    assert document == {"objectIdFieldName": "OBJECTID", "objectIds": list(range(1, PARCEL_COUNT + 1))}


@pytest.mark.parametrize("asked", [1, 700, 2000, 5000])
def test_a_page_is_as_long_as_asked_while_more_remain(site: LayerSite, asked: int) -> None:
    seen: list[int] = []
    while True:
        page = site.query(
            PARCELS,
            where="BLOCK >= 0" if asked > 1 else "BLOCK = 24",
            resultOffset=len(seen),
            resultRecordCount=asked,
            returnGeometry="false",
        )
        ids = [feature["attributes"]["OBJECTID"] for feature in page["features"]]
        seen += ids
        if not page["exceededTransferLimit"]:
            break
        assert len(ids) == min(asked, 2000)
    assert seen == list(range(1 if asked > 1 else 2401, PARCEL_COUNT + 1))


def test_every_request_has_the_same_order_without_one(site: LayerSite) -> None:
    pages = [
        site.query(PARCELS, resultOffset=n, resultRecordCount=900, returnGeometry="false")
        for n in (0, 900, 1800)
    ]
    ids = [feature["attributes"]["OBJECTID"] for page in pages for feature in page["features"]]
    assert ids == list(range(1, PARCEL_COUNT + 1))


def test_the_flag_of_a_cut_answer_is_where_each_client_looks(site: LayerSite) -> None:
    path = "town/FeatureServer/1/query"
    assert site.ask(path).json["exceededTransferLimit"] is True
    collection = site.ask(path, f="geojson").json
    assert collection["exceededTransferLimit"] is collection["properties"]["exceededTransferLimit"] is True
    assert read_features(site.ask(path, f="pbf").body).header["exceededTransferLimit"] is True
    for f in ("json", "geojson"):
        assert site.query(PLACES, f=f)["exceededTransferLimit"] is False


def test_a_tile_of_pbf_is_on_the_grid_that_was_asked_for(site: LayerSite) -> None:
    grid = {
        "mode": "view", "originPosition": "upperLeft", "tolerance": 0.5,
        "extent": {"xmin": 0, "ymin": 0, "xmax": 500, "ymax": 500, "spatialReference": {"wkid": 102100}},
    }  # fmt: skip
    body = site.ask(
        "town/FeatureServer/1/query", f="pbf", quantizationParameters=grid, resultType="tile"
    ).body
    read = read_features(body)
    assert read.header["transform"]["scale"] | {3: 0, 4: 0} == {1: 0.5, 2: 0.5, 3: 0, 4: 0}
    assert (read.header["transform"]["translate"][1], read.header["transform"]["translate"][2]) == (0, 500)
    assert len(read.features) == PARCEL_COUNT
    assert not read.header["exceededTransferLimit"]
    last = read.features[-1]["parts"]
    assert {vertex for vertex in last[0]} == {(490, 490), (490, 499), (499, 499), (499, 490)}


def test_an_envelope_without_reference_is_in_that_of_the_layer(site: LayerSite) -> None:
    box = {"xmin": 9.5, "ymin": 49, "xmax": 11.5, "ymax": 50.5}
    relation = "esriSpatialRelEnvelopeIntersects"
    document = site.query(PLACES, geometry=box, spatialRel=relation, returnIdsOnly="true")
    assert document["objectIds"] == [10, 20]


def test_head_is_answered_and_post_is_served_as_get(site: LayerSite) -> None:
    path = "town/FeatureServer/0"
    assert site.ask(path, "HEAD").status == 200
    assert site.ask(path, "POST").json == site.ask(path).json
    assert site.ask(f"{path}/query", "HEAD").status == 200
    got, posted = (site.ask(f"{path}/query", method, where="POP > 5") for method in ("GET", "POST"))
    assert got.json == posted.json
