"""PBF says what JSON says: read by a decoder that was written from the published schema."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpserverless.protocols.featureserver.wire_messages import encode_varints, fold_signs
from tests.protocols.featureserver.conftest import EMPTY, NOTES, PARCELS, PLACES, ROUTES
from tests.protocols.featureserver.layer_site import LayerSite
from tests.protocols.featureserver.pbf_reader import (
    Features,
    read_features,
    read_fields,
    read_packed,
    read_result,
    read_varint,
    unfold,
)


def read(site: LayerSite, layer: str, **fields: object) -> Features:
    name, number = layer.split("/")
    answer = site.ask(f"{name}/FeatureServer/{number}/query", f="pbf", **fields)
    assert answer.headers["content-type"] == "application/x-protobuf"
    return read_features(answer.body)


def list_parts(geometry: Any) -> Any:
    if geometry is None:
        return None
    if "x" in geometry:
        return [[list(geometry.values())]]
    return geometry.get("rings") or geometry.get("paths") or [geometry["points"]]


@pytest.mark.parametrize(
    ("layer", "fields"),
    [
        (PLACES, {}),
        (PLACES, {"outSR": "3857"}),
        (PLACES, {"where": "POP = 20", "outFields": "NAME"}),
        (PARCELS, {"resultRecordCount": 30}),
        (PARCELS, {"resultRecordCount": 30, "outSR": "4326", "resultOffset": 7}),
        (ROUTES, {}),
        (ROUTES, {"returnZ": "true"}),
        (EMPTY, {}),
    ],
)
def test_features_are_those_of_json(site: LayerSite, layer: str, fields: dict[str, Any]) -> None:
    fields = {"outFields": "*", **fields}
    document, found = site.query(layer, **fields), read(site, layer, **fields)
    assert found.header["objectIdFieldName"] == document["objectIdFieldName"]
    assert found.header["geometryType"] == document["geometryType"]
    reference = document["spatialReference"]
    assert found.header["spatialReference"] == {1: reference["wkid"], 2: reference["latestWkid"]}
    assert [field["name"] for field in found.fields] == [field["name"] for field in document["fields"]]
    assert [each["attributes"] for each in found.features] == [e["attributes"] for e in document["features"]]
    for mine, theirs in zip(found.features, document["features"], strict=True):
        wanted = list_parts(theirs["geometry"])
        if wanted is None:
            assert mine["parts"] is None
            continue
        assert [len(part) for part in mine["parts"]] == [len(part) for part in wanted]
        for part, other in zip(mine["parts"], wanted, strict=True):
            assert np.array(part) == pytest.approx(
                np.array(other), abs=1e-4 if reference["wkid"] != 4326 else 1e-9
            )


def test_what_says_how_to_read_comes_before_the_features(site: LayerSite) -> None:
    body = site.ask("town/FeatureServer/4/query", f="pbf", outFields="*", returnZ="true").body
    _, message = read_result(body)
    order = [number for number, _ in read_fields(message)]
    assert order.index(15) > max(order.index(number) for number in (7, 8, 9, 10, 11, 12))
    assert order.index(15) > len(order) - 1 - order[::-1].index(13)


def test_rows_are_counted_downwards_as_some_decoders_take_for_granted(site: LayerSite) -> None:
    assert not read(site, PLACES).header["transform"]["lowerLeft"]


def test_rows_without_shapes(site: LayerSite) -> None:
    found = read(site, PLACES, returnGeometry="false")
    assert found.header["geometryType"] == "esriGeometryPoint"
    assert [each["parts"] for each in found.features] == [None] * 7
    table = read(site, NOTES, outFields="*")
    assert table.header["geometryType"] is None
    assert [each["attributes"]["NOTE"] for each in table.features] == ["x", "y", None]


def test_figures(site: LayerSite) -> None:
    figures = [
        {"statisticType": "avg", "onStatisticField": "POP", "outStatisticFieldName": "Mean"},
        {"statisticType": "min", "onStatisticField": "BUILT", "outStatisticFieldName": "first"},
        {"statisticType": "count", "onStatisticField": "POP", "outStatisticFieldName": "n"},
    ]
    fields = {"outStatistics": figures, "groupByFieldsForStatistics": "NAME"}
    document, found = site.query(PLACES, **fields), read(site, PLACES, **fields)
    assert [each["attributes"] for each in found.features] == [e["attributes"] for e in document["features"]]


def test_counts_ids_and_extents(site: LayerSite) -> None:
    path = "town/FeatureServer/0/query"
    kind, message = read_result(site.ask(path, f="pbf", returnCountOnly="true").body)
    assert (kind, dict(read_fields(message))) == (2, {1: 7})
    kind, message = read_result(site.ask(path, f="pbf", returnIdsOnly="true").body)
    parts = dict(read_fields(message))
    assert (kind, parts[1], read_packed(parts[3])) == (3, b"OBJECTID", [10, 20, 30, 40, 50, 60, 70])
    body = site.ask(path, f="pbf", returnExtentOnly="true", returnCountOnly="true", objectIds="10,30").body
    kind, message = read_result(body)
    parts = dict(read_fields(message))
    box = dict(read_fields(parts[1]))
    assert (kind, parts[2], [box[side] for side in (1, 2, 3, 4)]) == (4, 2, [10, 50, 12, 51])


@pytest.mark.parametrize("position", ["upperLeft", "lowerLeft"])
def test_quantized_features_are_those_of_quantized_json(site: LayerSite, position: str) -> None:
    extent = {"xmin": 0, "ymin": 0, "xmax": 500, "ymax": 500}
    grid = {"mode": "view", "originPosition": position, "tolerance": 3, "extent": extent}
    fields = {"quantizationParameters": grid, "resultRecordCount": 20}
    document, found = site.query(PARCELS, **fields), read(site, PARCELS, **fields)
    assert found.header["transform"]["lowerLeft"] == (position == "lowerLeft")
    transform = document["transform"]
    assert transform == {
        "originPosition": position,
        "scale": [3, 3],
        "translate": [0, 500 if position == "upperLeft" else 0],
    }
    sign = -1 if position == "upperLeft" else 1
    for mine, theirs in zip(found.features, document["features"], strict=True):
        rings = [
            np.cumsum(ring, axis=0) * (3, 3 * sign) + transform["translate"]
            for ring in theirs["geometry"]["rings"]
        ]
        assert [np.array(part).tolist() for part in mine["parts"]] == [ring.tolist() for ring in rings]


EDGES = sorted({sign * (1 << power) + step for power in range(63) for step in (-1, 0, 1) for sign in (1, -1)})


def test_whole_numbers_of_every_size() -> None:
    numbers = np.array(EDGES, np.int64)
    texts = encode_varints(fold_signs(numbers))
    data, place, found = texts.data.tobytes(), 0, []
    sizes = []
    while place < len(data):
        value, behind = read_varint(data, place)
        found.append(unfold(value))
        sizes.append(behind - place)
        place = behind
    assert found == EDGES
    assert texts.sizes.tolist() == sizes


@pytest.mark.parametrize("decimals", [0, 6, 15])
def test_no_precision_moves_a_place(site: LayerSite, decimals: int) -> None:
    asked = {"geometryPrecision": decimals, "outSR": 3857, "where": "OBJECTID = 60"}
    (feature,) = read(site, PLACES, **asked).features
    (expected,) = site.query(PLACES, **asked)["features"]
    assert feature["parts"][0][0] == pytest.approx(tuple(expected["geometry"].values()), rel=1e-15)
