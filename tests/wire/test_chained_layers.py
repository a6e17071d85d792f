"""Features that a job keeps as a service are the input of the next tool, by the URL that is the result."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from tests.parcels import COUNT, make_parcels, select_parcels, upload_parcels
from tests.wire.conftest import Site
from tests.wire.soap_site import SoapSite
from tests.wire.soap_values import to_xml

OUTPUT = "out_feature_class"
POINTS = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 25832},
    "fields": [{"name": "NAME", "type": "esriFieldTypeString", "length": 20}],
    "features": [
        {"attributes": {"NAME": f"well {n}"}, "geometry": {"x": 500_000 + 300 * n, "y": 5_600_000 + 70 * n}}
        for n in range(40)
    ],
}
AREA = {
    "geometryType": "esriGeometryPolygon",
    "spatialReference": {"wkid": 25832},
    "features": [
        {
            "attributes": {},
            "geometry": {
                "rings": [
                    [[501e3, 5599e3], [503e3, 5602e3], [508e3, 5602e3], [507e3, 5599e3], [501e3, 5599e3]]
                ]
            },
        }
    ],
}


def run(site: Site, task: str, **values: Any) -> Any:
    """Return the value of the features of a job that must succeed."""
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    job = site.submit("Analysis", task, **texts)
    done = site.wait(job, seconds=120)
    assert done["jobStatus"] == "esriJobSucceeded", done["messages"]
    return site.client.result(job, OUTPUT)


def buffer(site: Site, **more: str) -> Any:
    return run(site, "Buffer", in_features=POINTS, buffer_distance_or_field="200 Meters", **more)


@pytest.fixture(scope="module")
def zones(site: Site) -> str:
    """The URL of a hosted layer of zones about the points."""
    url: str = buffer(site, esri_out_feature_service_name="wire_zones")["url"]
    return url


def test_chain_by_url_is_the_chain_by_hand(site: Site, zones: str) -> None:
    by_hand = run(site, "Clip", in_features=buffer(site), clip_features=AREA)
    assert len(by_hand["features"]) > 10
    for value in (zones, {"url": zones}, {"url": f"{zones}/query?where=1%3D1&outFields=*"}):
        by_url = run(site, "Clip", in_features=value, clip_features=AREA)
        assert tell(by_url) == tell(by_hand)
        assert {**by_url, "features": []} == {**by_hand, "features": []}


def tell(features: dict[str, Any]) -> list[Any]:
    """Return attributes and vertices; by hand, features are rounded on the way, to nine decimals."""
    return [
        (each["attributes"], [np.round(ring, 7).tolist() for ring in each["geometry"]["rings"]])
        for each in features["features"]
    ]


def test_query_of_the_url_chooses_what_the_query_itself_answers(site: Site, zones: str) -> None:
    query = {"where": "NAME LIKE 'well 1%'", "geometry": "501000,5600000,505000,5602000", "outFields": "NAME"}
    chosen = site.post(f"{zones.removeprefix(site.url)}/query", query)["features"]
    assert 0 < len(chosen) < 11
    taken = run(site, "Select", in_features={"url": f"{zones}/query?{urlencode(query)}"})["features"]
    assert [each["attributes"]["NAME"] for each in taken] == [each["attributes"]["NAME"] for each in chosen]
    for one, other in zip(taken, chosen, strict=True):  # a query answers with the decimals of the resolution
        assert np.allclose(one["geometry"]["rings"][0], other["geometry"]["rings"][0], rtol=0, atol=6e-5)


def test_execute_takes_the_url_too(site: Site, zones: str) -> None:
    value = json.dumps({"url": zones})
    echoed = site.execute("Conformance/Sync", "Echo", In_GPFeatureRecordSetLayer=value)
    assert len(echoed["Out_GPFeatureRecordSetLayer"]["features"]) == len(POINTS["features"])


def test_client_of_soap_gives_the_url_as_a_text(site: Site, zones: str) -> None:
    soap = SoapSite(site.url)
    area = to_xml("GPString", json.dumps(AREA))
    job = soap.submit("Analysis", "Clip", to_xml("GPString", zones) + area)
    assert soap.wait("Analysis", job) == "esriJobSucceeded"


def test_more_features_than_a_page_come_whole(site: Site) -> None:
    parcels = upload_parcels(site.client, make_parcels(COUNT))
    first = select_parcels(site.client, parcels, esri_out_feature_service_name="wire_many")
    url = site.client.result(first, OUTPUT)["url"]
    second = run(site, "Select", in_features={"url": url}, esri_out_feature_service_name="wire_many_again")
    sums, again = (sum_up(site, layer.removeprefix(site.url)) for layer in (url, second["url"]))
    assert sums["count_OBJECTID"] == COUNT
    assert again == sums


def sum_up(site: Site, layer: str) -> dict[str, Any]:
    """Return figures of all rows of a layer, and its last three features."""
    figures = [
        {"statisticType": kind, "onStatisticField": name, "outStatisticFieldName": f"{kind}_{name}"}
        for kind, name in (("count", "OBJECTID"), ("count", "NAME"), ("sum", "POP"), ("max", "DAY"))
    ]
    summed = site.post(f"{layer}/query", {"outStatistics": json.dumps(figures)})["features"][0]["attributes"]
    last = {"where": f"OBJECTID > {COUNT - 3}", "outFields": "*"}
    return {**summed, "last": site.post(f"{layer}/query", last)["features"]}
