"""Rewriting text gives what reading and writing the geometries gives, or nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import OID, Field
from gpserverless.formats.esri_json import encode_features
from gpserverless.formats.esri_json.document import read_document
from gpserverless.formats.esri_json.geometries import read_geometries
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.protocols.soap.sets.geometry_text import rewrite_features
from gpserverless.protocols.soap.sets.markup import GeometryCell
from gpserverless.protocols.soap.sets.write_geometry import write_geometries
from gpserverless.values.spatial_reference import SpatialReference

SHAPES: dict[str, list[Any]] = {
    POINT: ["POINT (1 2)", None, "POINT (-1e-7 500000.1234)"],
    MULTIPOINT: ["MULTIPOINT (1 2, 3 4)", "MULTIPOINT (5 6)", None],
    POLYLINE: ["LINESTRING (0 0, 1 1, 2 0)", None, "MULTILINESTRING ((0 0, 1 1), (5 5, 6 6, 7 7))"],
    POLYGON: [
        "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))",
        None,
        "MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)), ((5 5, 5 6, 6 6, 5 5)))",
        "POLYGON ((0 0, 0 1, 1 1, 0 0))",
    ],
}
LIFTED: dict[str, list[Any]] = {
    POINT: ["POINT %s (1 2 3)", None, "POINT %s (-1e-7 500000.1234 0)"],
    MULTIPOINT: ["MULTIPOINT %s (1 2 7, 3 4 8)", None, "MULTIPOINT %s (5 6 9)"],
    POLYLINE: [
        None,
        "LINESTRING %s (0 0 5, 1 1 6, 2 0 7)",
        "MULTILINESTRING %s ((0 0 1, 1 1 2), (5 5 3, 6 6 4, 7 7 5))",
    ],
    POLYGON: [
        "POLYGON %s ((0 0 1, 0 9 2, 9 9 3, 9 0 4, 0 0 1), (2 2 5, 4 2 6, 4 4 7, 2 2 5))",
        None,
        "MULTIPOLYGON %s (((0 0 1, 0 1 2, 1 1 3, 0 0 1)), ((5 5 4, 5 6 5, 6 6 6, 5 5 4)))",
    ],
}
HOSTILE = '},{"attributes":{"a":1},"geometry":{"x":1,"y":2}}],"exceededTransferLimit":true \\'


def encode(geometry_type: str, shapes: list[Any], **more: Any) -> bytes:
    """Return the features of shapes as the engine writes them; their names are hostile."""
    ids = np.arange(1, len(shapes) + 1)
    names = np.array([HOSTILE] * len(shapes), object)
    features: FeatureSet[Any] = FeatureSet(
        (Field("OBJECTID", OID), Field("name")),
        {"OBJECTID": ids, "name": names},
        geometries=np.array([None if s is None else shapely.from_wkt(s) for s in shapes], object),
        spatial_reference=SpatialReference(25832),
        geometry_type=geometry_type,
        **more,
    )
    return encode_features(features, z=True, m=True)


def join_cells(cells: Sequence[GeometryCell]) -> list[bytes]:
    """Return the XML of every cell."""
    return [b"".join(cell) for cell in cells]


def read_cells(text: bytes) -> list[bytes]:
    return join_cells(write_geometries(read_geometries(read_document(text), frozenset(), 10**9).flat))


@pytest.mark.parametrize("geometry_type", SHAPES)
def test_rewritten_geometries_are_the_written_ones(geometry_type: str) -> None:
    text = encode(geometry_type, SHAPES[geometry_type] * 3)
    rewritten = rewrite_features(text)
    assert rewritten is not None
    assert join_cells(rewritten.cells) == read_cells(text)
    assert rewritten.attributes == [
        {"OBJECTID": number, "name": HOSTILE} for number in range(1, 3 * len(SHAPES[geometry_type]) + 1)
    ]
    assert rewritten.header["spatialReference"] == {"wkid": 25832, "latestWkid": 25832}


@pytest.mark.parametrize("third", ["Z", "M"])
@pytest.mark.parametrize("geometry_type", LIFTED)
def test_a_third_ordinate_is_rewritten_too(geometry_type: str, third: str) -> None:
    shapes = [shape and shape % third for shape in LIFTED[geometry_type]]
    text = encode(geometry_type, shapes * 3, has_z=third == "Z", has_m=third == "M")
    rewritten = rewrite_features(text)
    assert rewritten is not None
    assert join_cells(rewritten.cells) == read_cells(text)
    assert rewritten.flags == (third == "Z", third == "M")


def test_four_ordinates_are_not_rewritten() -> None:
    assert rewrite_features(encode(POINT, ["POINT ZM (1 2 3 4)"], has_z=True, has_m=True)) is None


def test_a_missing_height_is_not_rewritten() -> None:
    assert rewrite_features(encode(POINT, ["POINT Z (1 2 3)", "POINT (1 2)"], has_z=True)) is None


def test_nothing_but_null_is_rewritten() -> None:
    rewritten = rewrite_features(encode(POLYGON, [None, None]))
    assert rewritten is not None
    assert join_cells(rewritten.cells) == [b'<Value xsi:nil="true"/>'] * 2


@given(st.lists(st.none() | st.tuples(*[st.floats(-1e7, 1e7)] * 2), min_size=1))
def test_any_points_are_rewritten(points: list[tuple[float, float] | None]) -> None:
    text = encode(
        POINT, [None if point is None else f"POINT ({point[0]!r} {point[1]!r})" for point in points]
    )
    rewritten = rewrite_features(text)
    assert rewritten is not None
    assert join_cells(rewritten.cells) == read_cells(text)


def test_many_vertices_are_rewritten_in_blocks() -> None:
    ring = ", ".join(f"{x} {x * x}" for x in range(9_000))
    text = encode(POLYLINE, [f"LINESTRING ({ring})", "LINESTRING (0 0, 1 1)", None, f"LINESTRING ({ring})"])
    rewritten = rewrite_features(text)
    assert rewritten is not None
    assert join_cells(rewritten.cells) == read_cells(text)


FEATURE = '{"attributes":{"a":1},"geometry":%s}'
DOCUMENT = '{"geometryType":"esriGeometryPolygon",%s"features":[%s],"exceededTransferLimit":false}'
RING = "[[0,0],[0,1],[1,1],[0,0]]"
SOUND = FEATURE % f'{{"rings":[{RING}]}}'
OTHERS = [
    ("no heights where there should be some", DOCUMENT % ('"hasZ":true,', SOUND)),
    ("no measures", DOCUMENT % ('"hasM":true,', SOUND)),
    ("quantized", DOCUMENT % ('"transform":{"scale":[1,1]},', SOUND)),
    ("three ordinates", DOCUMENT % ("", FEATURE % '{"rings":[[[0,0,5],[0,1,5],[1,1,5],[0,0,5]]]}')),
    ("an empty line", DOCUMENT % ("", '{"attributes":{"a":1},"geometry":}')),
    ("no type", DOCUMENT.replace("esriGeometryPolygon", "esriGeometryEnvelope") % ("", SOUND)),
    ("one ordinate", DOCUMENT % ("", FEATURE % '{"rings":[[[0],[0,1],[1,1],[0,0]]]}')),
    ("no rings", DOCUMENT % ("", FEATURE % '{"rings":[]}')),
    ("an empty geometry", DOCUMENT % ("", FEATURE % "{}")),
    ("paths among polygons", DOCUMENT % ("", FEATURE % f'{{"paths":[{RING}]}}')),
    ("a curve", DOCUMENT % ("", FEATURE % '{"curveRings":[[[0,0],{"c":[[1,1],[1,0]]}]]}')),
    ("a reference of its own", DOCUMENT % ("", FEATURE % f'{{"rings":[{RING}],"spatialReference":{{}}}}')),
    ("a text among numbers", DOCUMENT % ("", FEATURE % '{"rings":[[["<X>",0],[0,1],[1,1],[0,0]]]}')),
    ("spaces", json.dumps(json.loads(DOCUMENT % ("", SOUND)))),
    ("the geometry first", DOCUMENT % ("", '{"geometry":null,"attributes":{"a":1}}')),
    ("nested attributes", DOCUMENT % ("", '{"attributes":{"a":{"b":1,"geometry":null}},"geometry":null}')),
    ("a third member", DOCUMENT % ("", SOUND[:-1] + ',"symbol":null}')),
    ("no features", DOCUMENT % ("", "")),
    ("another header", f'{{"features":[{SOUND}],"exceededTransferLimit":false}}'),
    ("no JSON", DOCUMENT % ("nothing,", SOUND)),
    ("GeoJSON", '{"type":"FeatureCollection","features":[]}'),
]


@pytest.mark.parametrize("text", [case[1] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_another_spelling_is_not_rewritten(text: str) -> None:
    assert rewrite_features((DOCUMENT % ("", SOUND)).encode()) is not None
    assert rewrite_features(text.encode()) is None
