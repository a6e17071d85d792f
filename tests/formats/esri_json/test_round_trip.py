"""What is written is read again as it was; coordinates exactly, where no reference is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import OID, Field
from gpserverless.formats.esri_json import decode_features, decode_table, encode_features, encode_table

ORDINATE = st.floats(-1e6, 1e6, allow_nan=False)
DIMENSIONS = {"XY": (False, False), "XYZ": (True, False), "XYM": (False, True), "XYZM": (True, True)}


def lines(dimension: str, least: int) -> st.SearchStrategy[list[list[float]]]:
    ordinates = len(dimension)
    vertex = st.lists(ORDINATE, min_size=ordinates, max_size=ordinates)
    return st.lists(vertex, min_size=least, max_size=6)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the Esri JSON of a feature set of any type and dimension, null shapes among it."""
    dimension = draw(st.sampled_from(sorted(DIMENSIONS)))
    kind = draw(st.sampled_from(["points", "paths"]))
    shape = (
        lines(dimension, 1) if kind == "points" else st.lists(lines(dimension, 2), min_size=1, max_size=3)
    ).map(lambda parts: {kind: parts})
    has_z, has_m = DIMENSIONS[dimension]
    geometries = draw(st.lists(st.none() | shape, max_size=5))
    names = {"points": "esriGeometryMultipoint", "paths": "esriGeometryPolyline"}
    features = [{"attributes": {"OBJECTID": i}, "geometry": g} for i, g in enumerate(geometries)]
    return {"geometryType": names[kind], "hasZ": has_z, "hasM": has_m, "features": features}


@given(documents())
@settings(max_examples=60, deadline=None)
def test_multipoints_and_lines_survive(document: dict[str, Any]) -> None:
    first = decode_features(document)
    second = decode_features(encode_features(first, z=True, m=True))
    again = decode_features(encode_features(second, z=True, m=True).decode())
    for other in (second, again):
        assert other.geometry_type == first.geometry_type
        assert (
            shapely.to_wkb(other.geometries, flavor="iso").tolist()
            == shapely.to_wkb(first.geometries, flavor="iso").tolist()
        )


@given(st.lists(st.none() | st.tuples(ORDINATE, ORDINATE, ORDINATE | st.none()), max_size=6))
@settings(max_examples=40, deadline=None)
def test_points_survive(places: list[tuple[float, float, float | None] | None]) -> None:
    shapes = [None if p is None else shapely.Point([v for v in p if v is not None]) for p in places]
    first = FeatureSet.of(np.array([*shapes, None], object)[:-1], None)
    second = decode_features(encode_features(first, z=True))
    expected = shapely.get_coordinates(first.geometries, include_z=True)
    np.testing.assert_array_equal(shapely.get_coordinates(second.geometries, include_z=True), expected)
    assert [g is None for g in second.geometries] == [g is None for g in first.geometries]


@st.composite
def archipelagos(draw: st.DrawFn) -> list[Any]:
    """Draw polygons: boxes side by side, some with a hole, some of these with an island."""
    parts = []
    for place in range(draw(st.integers(1, 4))):
        x, size = 100.0 * place, draw(st.floats(10, 90))
        box = shapely.box(x, 0, x + size, size)
        if draw(st.booleans()):
            hole = shapely.box(x + size * 0.2, size * 0.2, x + size * 0.8, size * 0.8)
            box = shapely.difference(box, hole)
            if draw(st.booleans()):
                parts.append(shapely.box(x + size * 0.4, size * 0.4, x + size * 0.6, size * 0.6))
        parts.append(box)
    return parts


@given(st.lists(st.none() | archipelagos(), max_size=4))
@settings(max_examples=40, deadline=None)
def test_polygons_survive(shapes: list[list[Any] | None]) -> None:
    geometries = np.array(
        [None if parts is None else shapely.multipolygons(parts) for parts in [*shapes, None]], object
    )[:-1]
    first = FeatureSet.of(geometries, None).with_geometries(geometries, "esriGeometryPolygon")
    second = decode_features(encode_features(first))
    known = ~shapely.is_missing(first.geometries)
    assert shapely.is_missing(second.geometries).tolist() == (~known).tolist()
    assert shapely.equals(first.geometries[known], second.geometries[known]).all()


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(
    lambda name: name.lower() not in {"objectid", "fid", "oid", "__objectid"}
)
COLUMNS = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
    st.lists(TEXT | st.none(), min_size=3, max_size=3),
)


@given(st.dictionaries(NAMES, COLUMNS, max_size=4).filter(lambda c: len({n.upper() for n in c}) == len(c)))
@settings(max_examples=60, deadline=None)
def test_tables_survive(columns: dict[str, list[Any]]) -> None:
    objects = {
        n: np.array([*v, None], object)[:-1] if isinstance(v[0], str | None) else v
        for n, v in columns.items()
    }
    first = Table().with_columns({"OBJECTID": [4, 5, 6], **objects}, [Field("OBJECTID", OID)])
    second = decode_table(encode_table(first))
    assert [(f.name, f.type) for f in second.fields] == [(f.name, f.type) for f in first.fields]
    for name, column in first.columns.items():
        assert second.columns[name].tolist() == column.tolist()
