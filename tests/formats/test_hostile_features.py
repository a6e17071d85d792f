"""Features of hostile JSON: too deep, too wide, with names that are there twice, or almost empty."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from pyproj import CRS

from dev.fuzz.growth import HostileText, grows_faster
from gpserverless.errors import InvalidValue
from gpserverless.formats.feature_json import decode_features, decode_table

POINT = '"geometry":{"x":1,"y":2}'
ROW = '"attributes":{"A":1}'
PLACE = '"geometry":{"type":"Point","coordinates":[1,2]}'
DEEP = "[" * 300 + "]" * 300
COLLECTION = '{"type":"GeometryCollection","geometries":['
DEEPEST = "[" * 900 + "]" * 900


def features(*members: str) -> str:
    """Return a feature set of features with some members."""
    return '{"features":[' + ",".join(f"{{{each}}}" for each in members) + "]}"


def attributes(*members: str) -> str:
    """Return the attributes of a feature with some members."""
    return '"attributes":{' + ",".join(members) + "}"


def collection(*members: str) -> str:
    """Return a FeatureCollection of features with some members."""
    inner = ",".join(f'{{"type":"Feature",{each}}}' for each in members)
    return f'{{"type":"FeatureCollection","features":[{inner}]}}'


TWICE = [
    (features(f"{ROW},{POINT},{ROW}"), "features[0] holds the name 'attributes' twice"),
    (features(f"{ROW},{POINT}", f"{ROW},{POINT},{POINT}"), "features[1] holds the name 'geometry' twice"),
    (features(f"{POINT},{POINT}"), "features[0] holds the name 'geometry' twice"),
    (features(f"{ROW},{ROW}"), "features[0] holds the name 'attributes' twice"),
    (features('"geometry":{"x":1,"y":2,"x":3}'), "features[0]: its geometry holds the name 'x' twice"),
    (
        features('"geometry":{"points":[[1,2]],"points":[[3,4]]}'),
        "holds the name 'points' twice",
    ),
    (features('"geometry":{"rings":[],"rings":null}'), "its geometry holds the name 'rings' twice"),
    (
        '{"spatialReference":{"wkid":4326},"features":[],"spatialReference":{"wkid":3857}}',
        "it holds the name",
    ),
    ('{"features":[],"features":[]}', "it holds the name 'features' twice"),
    (collection(f"{PLACE},{PLACE}"), "features[0] holds the name 'geometry' twice"),
    (collection(f'{PLACE},"properties":{{}},"properties":{{}}'), "holds the name 'properties' twice"),
    (collection('"properties":{},"properties":{}'), "holds the name 'properties' twice"),
    (
        collection('"geometry":{"type":"Point","coordinates":[1,2],"coordinates":[3,4]}'),
        "'coordinates' twice",
    ),
    ('{"type":"FeatureCollection","crs":null,"features":[],"crs":null}', "it holds the name 'crs' twice"),
]


@pytest.mark.parametrize(("text", "problem"), TWICE)
def test_name_that_is_there_twice_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        decode_features(text)
    assert problem in caught.value.problem


def test_rows_with_two_sets_of_attributes_are_refused() -> None:
    with pytest.raises(InvalidValue, match="holds the name 'attributes' twice"):
        decode_table(features(f"{ROW},{ROW}"))


NESTED = [
    features(f'"attributes":{{"A":{DEEP}}}'),
    features(f'"attributes":{{"A":{DEEPEST}}}'),
    features(f'{ROW},"geometry":{{"x":1,"y":2,"spatialReference":{{"wkid":{DEEP}}}}}'),
    features(f'{ROW},"geometry":{{"x":{DEEP},"y":2}}'),
    features(f'{ROW},"geometry":{{"rings":{DEEPEST}}}'),
    features(f'"geometry":{{"curvePaths":[[[0,1],{{"c":{DEEP}}}]]}}'),
    f'{{"features":[],"spatialReference":{DEEP}}}',
    f'{{"features":[],"fields":{DEEP}}}',
    f'{{"features":[],"transform":{{"scale":{DEEPEST}}}}}',
    f'{{"features":[{{"attributes":{{"A":{"9" * 30}}}}}],"extent":{DEEP}}}',
    collection(f'{PLACE},"properties":{{"A":{DEEPEST}}}'),
    collection(f'{PLACE},"id":{DEEPEST}'),
    collection(f'"geometry":{{"type":"Polygon","coordinates":{DEEPEST}}}'),
    collection('"geometry":' + '{"type":"GeometryCollection","geometries":[' * 400 + "]}" * 400),
    collection(
        '"geometry":' + '{"type":"GeometryCollection","geometries":[' * 400 + '{"type":"X"}' + "]}" * 400
    ),
    f'{{"type":"FeatureCollection","features":[],"crs":{DEEPEST}}}',
]


@pytest.mark.parametrize("text", NESTED, ids=lambda text: text[:60])
@pytest.mark.parametrize("as_value", [False, True])
def test_what_is_nested_deeply_is_refused_or_harmless(text: str, as_value: bool) -> None:
    with contextlib.suppress(InvalidValue):
        decode_features(json.loads(text) if as_value else text)


WIDE = [
    (features(*(f'"attributes":{{"A{number}":1}}' for number in range(1001))), "1,001 different attributes"),
    (
        features(attributes(*(f'"A{number}":1' for number in range(2000)))),
        "2,000 different attributes",
    ),
    (json.dumps({"fields": [{"name": f"A{n}"} for n in range(1001)], "features": []}), "it has 1,001 fields"),
    (
        json.dumps({"fields": [{"name": f"A{n}"} for n in range(1000)], "features": [{}] * 1200}),
        "its features leave 1,200,000 of 1,200,000 attributes empty",
    ),
    (features(attributes(*['"A":1'] * 1001)), "1,001 different attributes"),
]


@pytest.mark.parametrize(("text", "problem"), WIDE, ids=lambda text: text[:60])
def test_table_that_is_too_wide_or_almost_empty_is_refused(text: str, problem: str) -> None:
    for decode in (decode_features, decode_table):
        with pytest.raises(InvalidValue) as caught:
            decode(text)
        assert problem in caught.value.problem


def test_thousand_attributes_are_read() -> None:
    text = features(attributes(*(f'"A{number}":1' for number in range(1000))))
    assert len(decode_table(text).fields) == 1000


def test_geometries_that_name_their_reference_in_many_ways_are_refused() -> None:
    wkt = CRS(25832).to_wkt("WKT1_ESRI")
    named = [{"x": 1, "y": 2, "spatialReference": {"wkt": wkt + " " * number}} for number in range(21)]
    with pytest.raises(InvalidValue, match="its geometries name 22 spatial references"):
        decode_features({"features": [{"geometry": geometry} for geometry in named]})
    read = decode_features({"features": [{"geometry": geometry} for geometry in named[:3]]})
    assert read.spatial_reference is not None
    assert read.spatial_reference.wkid == 25832


def row(start: str, unit: str, end: str = "]}") -> HostileText:
    return HostileText('{"features":[' + start, unit, end)


TEXTS = [
    row('{"attributes":{}}', ',{"attributes":{"A":1}}'),
    row('{"attributes":{', '"A":1,', '"B":1}}]}'),
    row('{"attributes":{', '"A":1,"a":2,', '"B":1}}]}'),
    row('{"attributes":{"A":', "[", "]}"),
    row("{}", ",{}"),
    row("{}", ',{"geometry":{"x":1,"y":2}}'),
    row("{}", ',{"geometry":{"x":1,"y":2,"spatialReference":{"wkid":4326}}}'),
    row("{}", ',{"geometry":{"rings":[[[0,0],[0,1],[1,1]]]}}'),
    row("{}", ',{"geometry":{"curvePaths":[[[0,1],{"c":[[0,2],[1,1]]}]]}}'),
    row('{"geometry":{"rings":[', "[[0,0],[0,1],[1,1],[0,0]],", "[]]}}]}"),
    row('{"geometry":{"points":[', "[0,0],", "[0,0,1]]}}]}"),
    HostileText('{"features":[],"fields":[', '{"name":"A"},', '{"name":"B"}]}'),
    HostileText('{"features":[{"attributes":{"A":1}}],"fields":[', '{"name":"A"},', '{"name":"B"}]}'),
    HostileText('{"features":[],', '"a":1,', '"b":1}'),
    HostileText(
        '{"type":"FeatureCollection","features":[{}', ',{"type":"Feature","properties":{"a":1}}', "]}"
    ),
    HostileText('{"type":"FeatureCollection","features":[{"properties":{', '"a":1,', '"b":1}}]}'),
    HostileText('{"type":"Feature","geometry":', '{"type":"GeometryCollection","geometries":['),
    HostileText('{"features":[', '"\\\\u00e4', '"]}'),
    HostileText('{"features":[{"attributes":{"A":"', '\\\\"', '"}}]}'),
    HostileText('{"features":[', " ", "NaN]}"),
    HostileText("", "[", ""),
    HostileText("", "{:", ""),
    HostileText('{"features":[{"attributes":{"A":', "9", "}}]}"),
    HostileText('{"features":[{"attributes":{"A":0.', "9", "}}]}"),
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: (text.start + text.unit)[-60:])
@pytest.mark.parametrize("decode", [decode_features, decode_table])
def test_features_are_read_in_linear_time(text: HostileText, decode: Callable[[str], Any]) -> None:
    def read(text: str) -> None:
        with contextlib.suppress(InvalidValue):
            decode(text)

    assert not grows_faster(read, text)
