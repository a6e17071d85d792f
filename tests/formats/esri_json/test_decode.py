"""Reading geometries: what clients may leave out or write otherwise, and every mistake with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import FeatureLimits, decode_features
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from tests.formats.esri_json.documents import SQUARE, feature_set, text

TWO_LINES = "MULTILINESTRING ((0 0, 1 1), (2 2, 3 4))"
TRIANGLE = [[0, 0, 1], [0, 1, 2], [1, 1, 3]]

Reader = Callable[[Any], FeatureSet[Any]]


@pytest.fixture(params=["text", "bytes", "parsed"])
def read(request: pytest.FixtureRequest) -> Reader:
    """Read a document in each of the forms in which it may come."""
    forms: dict[str, Reader] = {
        "text": lambda document: decode_features(text(document)),
        "bytes": lambda document: decode_features(text(document).encode()),
        "parsed": decode_features,
    }
    return forms[request.param]


@pytest.mark.parametrize(
    ("geometry", "geometry_type", "wkt"),
    [
        ({"x": 1.5, "y": 2}, "Point", "POINT (1.5 2)"),
        ({"x": 1, "y": 2, "z": 3}, "Point", "POINT Z (1 2 3)"),
        ({"x": 1, "y": 2, "m": 4}, "Point", "POINT M (1 2 4)"),
        ({"x": 1, "y": 2, "z": 3, "m": 4}, "Point", "POINT ZM (1 2 3 4)"),
        ({"x": 1, "y": 2, "z": "NaN", "id": 7}, "Point", "POINT (1 2)"),
        ({"points": [[1, 2], [3, 4]]}, "Multipoint", "MULTIPOINT ((1 2), (3 4))"),
        ({"points": [[1, 2, 3]], "hasZ": True}, "Multipoint", "MULTIPOINT Z ((1 2 3))"),
        ({"points": [[1, 2, 3]], "hasM": True}, "Multipoint", "MULTIPOINT M ((1 2 3))"),
        ({"paths": [[[0, 0], [1, 1]]]}, "Polyline", "LINESTRING (0 0, 1 1)"),
        ({"paths": [[[0, 0], [1, 1]], [[2, 2], [3, 4]]]}, "Polyline", TWO_LINES),
        ({"paths": [[[0, 0, 5, 6], [1, 1, 7, 8]]]}, "Polyline", "LINESTRING ZM (0 0 5 6, 1 1 7 8)"),
        ({"hasM": True, "paths": [[[0, 0, 5], [1, 1, 7]]]}, "Polyline", "LINESTRING M (0 0 5, 1 1 7)"),
        ({"rings": [SQUARE]}, "Polygon", "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))"),
        ({"rings": [SQUARE[:-1]]}, "Polygon", "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))"),  # open
        ({"rings": [TRIANGLE]}, "Polygon", "POLYGON Z ((0 0 1, 0 1 2, 1 1 3, 0 0 1))"),
        ({"rings": [TRIANGLE], "hasM": True}, "Polygon", "POLYGON M ((0 0 1, 0 1 2, 1 1 3, 0 0 1))"),
        ({"xmin": 0, "ymin": 1, "xmax": 2, "ymax": 3}, "Polygon", "POLYGON ((0 1, 0 3, 2 3, 2 1, 0 1))"),
    ],
)  # fmt: skip
def test_geometry_is_read_without_any_header(
    read: Reader, geometry: Any, geometry_type: str, wkt: str
) -> None:
    features = read(feature_set(geometry))
    assert features.geometry_type == "esriGeometry" + geometry_type
    assert shapely.to_wkt(features.geometries[0], trim=True, output_dimension=4) == wkt
    assert (features.has_z, features.has_m) == (" Z" in wkt, "M " in wkt.partition("(")[0][5:])


@pytest.mark.parametrize(
    ("shape", "nothing"),
    [
        ({"x": 1, "y": 2}, None),
        ({"x": 1, "y": 2}, {}),
        ({"x": 1, "y": 2}, {"x": None, "y": None}),
        ({"x": 1, "y": 2}, {"x": "NaN", "y": "NaN"}),
        ({"x": 1, "y": 2}, {"x": "NaN"}),
        ({"points": [[1, 2]]}, {"points": []}),
        ({"points": [[1, 2]]}, None),
        ({"paths": [[[0, 0], [1, 1]]]}, {"paths": []}),
        ({"paths": [[[0, 0], [1, 1]]]}, {"paths": [[]]}),
        ({"paths": [[[0, 0], [1, 1]]]}, None),
        ({"rings": [SQUARE]}, {"rings": []}),
        ({"rings": [SQUARE]}, {"rings": [[]]}),
        ({"rings": [SQUARE]}, {"rings": None}),
        ({"rings": [SQUARE]}, {}),
        ({"rings": [SQUARE]}, None),
        ({"rings": [SQUARE]}, {"xmin": "NaN", "ymin": "NaN", "xmax": "NaN", "ymax": "NaN"}),
    ],
)
def test_null_shape_is_none_beside_any_shape(read: Reader, shape: Any, nothing: Any) -> None:
    features = read(feature_set(nothing, shape, nothing))
    assert [g is None for g in features.geometries] == [True, False, True]


def test_feature_may_lack_its_geometry_or_its_attributes(read: Reader) -> None:
    document = {"features": [{"attributes": {"A": 1}}, {"geometry": {"x": 1, "y": 2}}, {"attributes": None}]}
    features = read(document)
    assert [g is None for g in features.geometries] == [True, False, True]
    assert features.column("A").tolist() == [1, None, None]


def test_fields_alone_make_an_empty_set(read: Reader) -> None:
    fields = [{"name": "A", "type": "esriFieldTypeInteger"}, {"name": "B", "type": "esriFieldTypeString"}]
    features = read({"geometryType": "esriGeometryPoint", "fields": fields, "features": []})
    assert [f.name for f in features.fields] == ["A", "B"]
    assert len(features.column("A")) == 0


@pytest.mark.parametrize("geometry_type", ["Point", "Multipoint", "Polyline", "Polygon"])
def test_empty_set_keeps_its_type(read: Reader, geometry_type: str) -> None:
    features = read({"geometryType": "esriGeometry" + geometry_type, "features": []})
    assert len(features) == 0
    assert features.geometry_type == "esriGeometry" + geometry_type


def test_layer_object_gives_fields_type_and_reference(read: Reader) -> None:
    layer = {
        "name": "Places",
        "geometryType": "esriGeometryPoint",
        "objectIdField": "ID",
        "extent": {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1, "spatialReference": {"wkid": 32633}},
        "fields": [
            {"name": "ID", "type": "esriFieldTypeInteger"},
            {"name": "SHAPE", "type": "esriFieldTypeGeometry"},
        ],
    }
    features = read({"layerDefinition": layer, "featureSet": {"features": [{"attributes": {"ID": 7}}]}})
    assert features.geometry_type == "esriGeometryPoint"
    assert features.spatial_reference == SpatialReference(32633)
    assert features.object_ids.tolist() == [7]
    assert [f.name for f in features.fields] == ["ID"]


def test_header_of_the_set_wins_over_that_of_the_layer(read: Reader) -> None:
    inner = {"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326}, "features": []}
    features = read({"layerDefinition": {"geometryType": "esriGeometryPoint"}, "featureSet": inner})
    assert features.geometry_type == "esriGeometryPolygon"


def test_spatial_reference_may_stand_on_the_geometries(read: Reader) -> None:
    point = {"x": 1, "y": 2, "spatialReference": {"wkid": 102100}}
    assert read(feature_set(point, point)).spatial_reference == SpatialReference(3857)
    ring = {"rings": [SQUARE], "spatialReference": {"wkid": 4326}}
    assert (
        read(feature_set(ring, spatialReference={"wkid": 4326, "latestWkid": 4326})).spatial_reference
        == WGS84
    )


def test_different_spatial_references_are_not_mixed(read: Reader) -> None:
    points = [{"x": 1, "y": 2, "spatialReference": {"wkid": wkid}} for wkid in (4326, 3857)]
    with pytest.raises(InvalidValue, match="different spatial references"):
        read(feature_set(*points))
    with pytest.raises(InvalidValue, match="different spatial references"):
        read(feature_set(points[0], spatialReference={"wkid": 3857}))


def test_default_reference_is_for_features_without_one() -> None:
    silent, outspoken = (
        feature_set({"x": 1, "y": 2}),
        feature_set({"x": 1, "y": 2}, spatialReference={"wkid": 3857}),
    )
    assert decode_features(silent).spatial_reference is None
    assert decode_features(silent, default=WGS84).spatial_reference == WGS84
    assert decode_features(outspoken, default=WGS84).spatial_reference == SpatialReference(3857)


def test_z_and_m_of_some_features_are_kept(read: Reader) -> None:
    lines = [[[0, 0], [1, 1]], [[0, 0, 5], [1, 1, 6]], [[0, 0, 5, 7], [1, 1, 6, 8]]]
    features = read(feature_set(*({"paths": [line]} for line in lines)))
    ordinates = shapely.get_coordinates(features.geometries, include_z=True, include_m=True)
    nan = np.nan
    expected = [
        [0, 0, nan, nan],
        [1, 1, nan, nan],
        [0, 0, 5, nan],
        [1, 1, 6, nan],
        [0, 0, 5, 7],
        [1, 1, 6, 8],
    ]
    np.testing.assert_array_equal(ordinates, expected)
    measured = read(feature_set(*({"paths": [line]} for line in lines), hasM=True))
    assert shapely.get_coordinates(measured.geometries[1], include_m=True).tolist() == [[0, 0, 5], [1, 1, 6]]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (feature_set({"x": 1, "y": 2}, {"rings": [SQUARE]}), r"features\[1\]: it is one of polygons"),
        (feature_set({"rings": [SQUARE]}, {"x": 1, "y": 2}), r"features\[1\]: it is one of points"),
        (feature_set({"x": 1, "y": 2}, geometryType="esriGeometryPolygon"), "it is one of points"),
        (feature_set({"rings": [SQUARE]}, {"paths": [SQUARE]}), r"features\[1\]: it is one of polylines"),
        (feature_set({"x": 1, "y": 2}, geometryType="esriGeometryBlob"), "geometry type .esriGeometryBlob"),
        (feature_set({"x": 1, "y": 2}, geometryType=5), "no geometry type"),
        (feature_set({"x": 1, "y": 2}, geometryType={}), "no geometry type"),
        (feature_set({"x": 1, "y": 2, "spatialReference": 2**70}), "not a spatial reference"),
        (feature_set({"points": [[[0, 0]]]}), r"features\[0\]: its"),
        (feature_set({"points": [[0, 0], [[1, 1]]]}), r"features\[0\]: its"),
        (feature_set({"rings": [[[0, 0], [[0, 1]], [1, 1], [0, 0]]]}), r"features\[0\]: its"),
        (feature_set({"x": 1, "y": "2"}), r"features\[0\]: its x and y"),
        (feature_set({"x": 1}), r"features\[0\]: its x and y"),
        (feature_set({"x": True, "y": 1}), r"features\[0\]: its x and y"),
        (feature_set({"x": 1, "y": 2, "z": "up"}), r"features\[0\]: its z"),
        (feature_set({"x": [1], "y": 2}), r"features\[0\]: its x and y"),
        (feature_set({"xx": 1}), r"features\[0\]: a geometry has no vertices"),
        (feature_set({"x": 1, "y": 2}, 5), r"features\[1\]: a geometry is not a JSON object"),
        (feature_set({"curveRings": []}), "true curves"),
        (feature_set({"rings": [[[0, 0], {"a": [[1, 1], [2, 2]]}, [0, 0]]]}), r"features\[0\]: true curves"),
        (feature_set({"xmin": 0, "ymin": 0, "xmax": 1}), r"features\[0\]: the sides of an envelope"),
        (feature_set({"xmin": 170, "ymin": 0, "xmax": -170, "ymax": 1}), r"features\[0\]: the envelope's"),
        (feature_set({"paths": [[[0, 0], [1, 1]]]}, {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}),
         r"features\[1\]: it is one of envelopes"),
        (feature_set({"rings": [[[0], [1], [2], [0]]]}), r"features\[0\]: its vertices do not have"),
        (feature_set({"rings": [[[0] * 5] * 4]}), r"features\[0\]: its vertices do not have"),
        (feature_set({"rings": [[0, 0, 1, 1]]}), r"features\[0\]: its"),
        (feature_set({"rings": [0, 0]}), r"features\[0\]: its"),
        (feature_set({"rings": 5}), r"features\[0\]: its parts"),
        (feature_set({"rings": [[[0, 0], [0, None], [1, 1], [0, 0]]]}), "an ordinate is not finite"),
        (feature_set({"rings": [[[0, 0], [0, "1"], [1, 1], [0, 0]]]}), r"features\[0\]: its ordinates"),
        (feature_set({"rings": [[[0, 0], [0, True], [1, 1], [0, 0]]]}), r"features\[0\]: its ordinates"),
        (feature_set({"x": 1, "y": 2}, {"x": 1e31, "y": 2}), r"features\[1\]: an ordinate is not finite"),
        (feature_set({"x": 1, "y": 2}, spatialReference={"wkid": 99999}), "99999 is not a known"),
        (feature_set({"x": 1, "y": 2}, spatialReference=[]) | {"features": {}}, "'features' are not a list"),
        ({"features": [5]}, r"features\[0\]"),
        ({"features": [{"attributes": 5}]}, r"features\[0\]"),
        ({}, "no 'features'"),
        ({"featureSet": 5}, "no 'features'"),
        ({"layerDefinition": {}, "featureSet": {}}, "no 'features'"),
    ],
)  # fmt: skip
def test_decode_names_a_mistake_with_its_place(read: Reader, document: Any, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem) as refusal:
        read(document)
    assert refusal.value.accepted


@pytest.mark.parametrize(
    "ring",
    [
        "[[0,0],[0,1,9],[1],[1,0],[0,0]]",
        "[[0,0],[0,1,9],[],[1,1,1],[0,0]]",
        "[[0,0],[0,1,9],5,[1,0],[0,0]]",
        "[[0,0],[0,1,9],[1,0],[0,0],5]",
        "[5,[0,0],[0,1,9],[1,0],[0,0]]",
        "[[[0,0],[0,1]],[[1,1],[1,0]],[[0,1],[1,0]],[[0,0],[0,1]]]",
    ],
)
@pytest.mark.parametrize(
    "company", ["", ',{"attributes":{"A":"[,]"},"geometry":{"rings":[[[0,0],[0,9],[9,9]]]}}']
)
def test_vertices_that_are_even_only_on_average_are_refused(ring: str, company: str) -> None:
    document = '{"features":[{"attributes":{},"geometry":{"rings":[' + ring + "]}}" + company + "]}"
    with pytest.raises(InvalidValue, match=r"features\[0\]: its"):
        decode_features(document)


@pytest.mark.parametrize(
    "document",
    [
        "",
        " ",
        "null",
        "[]",
        "5",
        '"features"',
        "{",
        '{"features": [}',
        '{"features": [{"geometry": {"x": NaN, "y": 1}}]}',
        '{"features": [{"geometry": {"x": Infinity, "y": 1}}]}',
        '{"features": [{"geometry": {"x": 1e999, "y": 1}}]}',
        "{'features': []}",
        '{"features": []} trailing',
        b'{"features": [{"attributes": {"A": "\xff\xfe"}}]}',
        "[" * 100_000,
        '{"features": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        '{"features": [], "a": "\ud800"}',
    ],
)
def test_malformed_feature_set_is_refused(document: str | bytes) -> None:
    with pytest.raises(InvalidValue):
        decode_features(document)


@pytest.mark.parametrize(
    ("limits", "problem"),
    [(FeatureLimits(features=2), "holds 3 features"), (FeatureLimits(vertices=11), "holds 12 vertices")],
)
def test_feature_limits_are_kept(limits: FeatureLimits, problem: str) -> None:
    document = feature_set(*[{"rings": [SQUARE[:-1]]}] * 3)
    with pytest.raises(InvalidValue, match=problem):
        decode_features(document, limits=limits)
    assert len(decode_features(document, limits=FeatureLimits(3, 12))) == 3


@pytest.mark.parametrize("accepted", ["Point", "Multipoint", "Polyline"])
def test_other_geometry_types_than_the_accepted_are_refused(accepted: str) -> None:
    with pytest.raises(InvalidValue, match="it holds polygons") as refusal:
        decode_features(feature_set({"rings": [SQUARE]}), accepted=frozenset({"esriGeometry" + accepted}))
    assert accepted in refusal.value.accepted


def test_envelope_is_accepted_where_polygons_are() -> None:
    envelope = {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}
    document = feature_set(envelope, geometryType="esriGeometryEnvelope")
    features = decode_features(document, accepted=frozenset({"esriGeometryPolygon"}))
    assert features.geometry_type == "esriGeometryPolygon"
    assert features.geometries[0].equals(shapely.box(0, 0, 1, 1))


ENVELOPE = {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}


@pytest.mark.parametrize(
    "geometry",
    [
        ENVELOPE,
        {"x": 1, "y": 2},
        {"points": [[1, 2]]},
        {"paths": [[[0, 0], [1, 1]]]},
        {"rings": [SQUARE]},
        {"curvePaths": [[[0, 0], {"c": [[1, 1], [1, 0]]}]]},
    ],
)
@pytest.mark.parametrize("header", [{}, {"spatialReference": {"wkid": None}}, {"spatialReference": {}}])
def test_geometry_of_any_type_keeps_its_own_reference(read: Reader, geometry: Any, header: Any) -> None:
    located = {**geometry, "spatialReference": {"wkid": 25832}}
    assert read(feature_set(located, **header)).spatial_reference == SpatialReference(25832)
    assert read(feature_set(None, located, **header)).spatial_reference == SpatialReference(25832)
    with pytest.raises(InvalidValue, match="different spatial references"):
        read(feature_set(located, spatialReference={"wkid": 4326}))


def test_envelopes_of_different_references_are_not_mixed(read: Reader) -> None:
    boxes = [{**ENVELOPE, "spatialReference": {"wkid": wkid}} for wkid in (4326, 102100)]
    with pytest.raises(InvalidValue, match="different spatial references"):
        read(feature_set(*boxes))


@pytest.mark.parametrize(
    ("geometries", "kept", "told"),
    [
        (
            [{"rings": [SQUARE, [[1, 1], [2, 1], [1, 1]]]}],
            [100],
            "Dropped 1 ring of fewer than 4 vertices, of features[0].",
        ),
        (
            [{"rings": [SQUARE]}, {"rings": [[[0, 0]], SQUARE, [[1, 1], [2, 2]]]}],
            [100, 100],
            "Dropped 2 rings of fewer than 4 vertices, of features[1].",
        ),
        (
            [{"rings": [[[1, 1], [1, 1]]]}, {"rings": [SQUARE]}],
            [None, 100],
            "Dropped 1 ring of fewer than 4 vertices, of features[0]; 1 feature without another ring has no"
            " shape now.",
        ),
        (
            [{"paths": [[[0, 0]], [[0, 0], [3, 4]]]}, {"paths": [[[7, 7]]]}],
            [5, None],
            "Dropped 2 paths of fewer than 2 vertices, of features[0] and features[1]; 1 feature without"
            " another path has no shape now.",
        ),
    ],
)
def test_degenerate_part_is_dropped_and_told(
    geometries: list[Any], kept: list[float | None], told: str
) -> None:
    for source in (feature_set(*geometries), text(feature_set(*geometries))):
        said: list[str] = []
        shapes = decode_features(source, warn=said.append).geometries
        sizes = [None if s is None else s.area or s.length for s in shapes]
        assert sizes == kept
        assert said == [told]


def test_many_degenerate_parts_are_told_in_one_sentence() -> None:
    said: list[str] = []
    decode_features(feature_set(*[{"rings": [SQUARE, [[0, 0]]]}] * 1_200), warn=said.append)
    (sentence,) = said
    assert sentence == (
        "Dropped 1,200 rings of fewer than 4 vertices, of features[0], features[1], features[2], features[3]"
        " and 1,196 more."
    )


UPPER = {"originPosition": "upperLeft", "scale": [2, 3], "translate": [100, 1000]}


@pytest.mark.parametrize(
    ("geometry", "transform", "wkt"),
    [
        # x = 100 + 2 X, y = 1000 - 3 Y, and each vertex is a step from the one before.
        ({"x": 5, "y": 7}, UPPER, "POINT (110 979)"),
        ({"points": [[1, 1], [1, 2]]}, UPPER, "MULTIPOINT ((102 997), (104 991))"),
        ({"paths": [[[0, 0], [1, 1], [-2, 0]], [[10, 10], [1, -1]]]}, UPPER,
         "MULTILINESTRING ((100 1000, 102 997, 98 997), (120 970, 122 973))"),
        ({"rings": [[[0, 0], [4, 0], [0, 4], [-4, 0], [0, -4]]]}, UPPER,
         "POLYGON ((100 1000, 108 1000, 108 988, 100 988, 100 1000))"),
        ({"rings": [[[0, 0], [0, 4], [4, 0], [0, -4]]]}, {**UPPER, "originPosition": "lowerLeft"},
         "POLYGON ((100 1000, 100 1012, 108 1012, 108 1000, 100 1000))"),
        ({"x": 1, "y": 1}, {"scale": [1, 1], "translate": [0, 0]}, "POINT (1 -1)"),
    ],
)  # fmt: skip
def test_quantized_coordinates_are_restored(read: Reader, geometry: Any, transform: Any, wkt: str) -> None:
    features = read(feature_set(None, geometry, transform=transform))
    assert features.geometries[0] is None
    assert shapely.to_wkt(features.geometries[1], trim=True) == wkt


@pytest.mark.parametrize(
    ("geometry", "transform", "problem"),
    [
        ({"x": 1, "y": 2}, 5, "'transform' is not an object"),
        ({"x": 1, "y": 2}, {}, "'scale' of its 'transform'"),
        ({"x": 1, "y": 2}, {**UPPER, "scale": [0, 1]}, "not above 0"),
        ({"x": 1, "y": 2}, {**UPPER, "scale": [1, "1"]}, "'scale'"),
        ({"x": 1, "y": 2}, {**UPPER, "translate": [1]}, "'translate'"),
        ({"x": 1, "y": 2}, {**UPPER, "originPosition": "middle"}, "originPosition 'middle'"),
        ({"x": 1, "y": 2, "z": 3}, UPPER, "z or m"),
        (ENVELOPE, UPPER, r"features\[0\]: an envelope is not quantized"),
        ({"curvePaths": [[[0, 0], {"c": [[1, 1], [1, 0]]}]]}, UPPER, "true curves are quantized"),
    ],
)
def test_what_is_unknown_of_a_quantization_is_refused(
    read: Reader, geometry: Any, transform: Any, problem: str
) -> None:
    with pytest.raises(InvalidValue, match=problem):
        read(feature_set(geometry, transform=transform))


def test_ring_that_collapsed_on_the_grid_is_dropped() -> None:
    said: list[str] = []
    rings = [[[0, 0], [4, 0], [0, 4], [-4, 0], [0, -4]], [[1, 1], [0, 0]]]
    (shape,) = decode_features(feature_set({"rings": rings}, transform=UPPER), warn=said.append).geometries
    assert shape.area == 8 * 12
    assert said[0].startswith("Dropped 1 ring of fewer")
