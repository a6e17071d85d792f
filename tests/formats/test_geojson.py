"""Features as GeoJSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from shapely import LineString, MultiPoint, Point, Polygon

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import decode_features
from gpserverless.formats.geojson import encode_geojson
from gpserverless.values.spatial_reference import SpatialReference

WGS84, MERCATOR = SpatialReference(4326), SpatialReference(3857)
SQUARE = Polygon([(0, 0), (0, 4), (4, 4), (4, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])


def of(*shapes: Any, reference: SpatialReference | None = WGS84, **columns: Any) -> FeatureSet[Any]:
    return FeatureSet.of(np.array([*shapes, None], object)[:-1], reference, columns)


def written(features: FeatureSet[Any], **options: Any) -> Any:
    return orjson.loads(encode_geojson(features, **options))


def test_feature_collection_has_ids_and_properties() -> None:
    document = written(of(Point(10, 60), None, NAME=np.array(["a", None], object), N=[1.5, np.nan]))
    assert document == {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": 1, "geometry": {"type": "Point", "coordinates": [10.0, 60.0]},
             "properties": {"NAME": "a", "N": 1.5}},
            {"type": "Feature", "id": 2, "geometry": None, "properties": {"NAME": None, "N": None}},
        ],
    }  # fmt: skip


def test_outer_rings_run_counter_clockwise_and_holes_clockwise() -> None:
    (feature,) = written(of(SQUARE))["features"]
    outer, hole = (Polygon(ring) for ring in feature["geometry"]["coordinates"])
    assert outer.exterior.is_ccw
    assert not hole.exterior.is_ccw


def test_coordinates_are_longitude_and_latitude_on_wgs_84() -> None:
    (feature,) = written(of(Point(1113194.9079, 8399737.8898), reference=MERCATOR))["features"]
    assert feature["geometry"]["coordinates"] == pytest.approx([10, 60])


@pytest.mark.parametrize(("precision", "x", "z"), [(None, 0.333333333, 0.3333), (3, 0.333, 0.3333)])
def test_coordinates_are_on_the_grid_of_wgs_84(precision: int | None, x: float, z: float) -> None:
    (feature, nothing) = written(of(Point(1 / 3, -1e-12, 1 / 3), None), z=True, precision=precision)[
        "features"
    ]
    assert feature["geometry"]["coordinates"] == [x, 0.0, z]
    assert nothing["geometry"] is None


def test_geometry_types_have_their_geojson_names() -> None:
    shapes = [LineString([(0, 0), (1, 1)]), MultiPoint([(0, 0), (1, 1)]), Point(0, 0)]
    kinds = [written(of(shape))["features"][0]["geometry"]["type"] for shape in shapes]
    assert kinds == ["LineString", "MultiPoint", "Point"]
    assert written(of(Point()))["features"][0]["geometry"] is None


def test_z_is_written_on_request_and_m_never() -> None:
    solid = decode_features(
        '{"spatialReference":{"wkid":4326},"hasZ":true,"hasM":true,'
        '"features":[{"geometry":{"paths":[[[0,0,5,7],[1,1,6,8]]]}}]}'
    )
    flat, high = (written(solid, z=z)["features"][0]["geometry"]["coordinates"][0] for z in (False, True))
    assert (flat, high) == ([0, 0], [0, 0, 5])


def test_exceeded_limit_is_written_and_unknown_reference_refused() -> None:
    assert written(of(), exceeded=True) == {
        "type": "FeatureCollection", "features": [], "exceededTransferLimit": True,
    }  # fmt: skip
    with pytest.raises(InvalidValue, match="the spatial reference of the features is not known"):
        encode_geojson(of(Point(0, 0), reference=None))


def test_shape_cut_at_the_antimeridian_stays_cut() -> None:
    halves = shapely.MultiPolygon([shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)])
    (feature,) = written(of(halves))["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert shapely.from_geojson(orjson.dumps(feature["geometry"])).equals(halves)


@pytest.mark.parametrize(
    ("shape", "parts"),
    [
        (shapely.box(170, 0, 190, 10), [(170, 0, 180, 10), (-180, 0, -170, 10)]),
        (shapely.box(-190, 0, -170, 10), [(170, 0, 180, 10), (-180, 0, -170, 10)]),
        (LineString([(170, 0), (190, 10)]), [(170, 0, 180, 5), (-180, 5, -170, 10)]),
        (Point(190, 5), [(-170, 5, -170, 5)]),
    ],
)
def test_shape_across_the_antimeridian_is_cut_there(shape: Any, parts: Any) -> None:
    # RFC 7946, section 3.1.9.
    for features in (of(shape), of(shape).project(MERCATOR)):
        (feature,) = written(features)["features"]
        found = shapely.bounds(shapely.get_parts(shapely.from_geojson(orjson.dumps(feature["geometry"]))))
        assert sorted(map(tuple, found.round(6).tolist())) == sorted(parts)


def test_shape_without_a_place_is_counted() -> None:
    beyond = of(Point(4e7, 0), Point(0, 0), reference=SpatialReference(8857))
    document = written(beyond)
    assert [f["geometry"] is None for f in document["features"]] == [True, False]
    (message,) = document["messages"]
    assert message["type"] == "esriJobMessageTypeWarning"
    assert message["description"].startswith("1 feature has no place in the spatial reference 4326")
