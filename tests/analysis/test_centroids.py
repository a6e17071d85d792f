"""One point for each feature: closed forms, places that lie on it, and shapes at 180 degrees."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gpserverless.analysis.centroids import make_centroids
from tests.analysis.told import Told, features, texts

U = "POLYGON ((0 0, 9 0, 9 9, 6 9, 6 3, 3 3, 3 9, 0 9, 0 0))"
FIJI = (
    "MULTIPOLYGON (((178 -18, 178 -16, 180 -16, 180 -18, 178 -18)), "
    "((-180 -18, -180 -16, -179 -16, -179 -18, -180 -18)))"
)


def test_centroid_may_lie_outside_and_inside_lies_inside() -> None:
    shape = shapely.from_wkt(U)
    middle = make_centroids(features(U), Told(), inside=False)
    inner = make_centroids(features(U), Told(), inside=True)
    # Three rectangles: 9 x 3 about (4.5, 1.5), and twice 3 x 6 about y = 6.
    assert texts(middle) == [f"POINT (4.5 {(27 * 1.5 + 36 * 6) / 63:.6f})"]
    assert not shape.covers(middle.geometries[0])
    assert shape.contains_properly(inner.geometries[0])


@pytest.mark.parametrize(
    ("text", "centroid"),
    [
        ("MULTIPOINT ((0 0), (4 0), (4 6))", (8 / 3, 2)),
        ("LINESTRING (0 0, 10 0, 10 10)", (7.5, 2.5)),
        ("POINT (3 4)", (3, 4)),
        ("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0), (0 0, 5 0, 5 5, 0 5, 0 0))", (35 / 6, 35 / 6)),
    ],
)
def test_each_kind_has_its_centroid(text: str, centroid: tuple[float, float]) -> None:
    found = make_centroids(features(text), Told(), inside=False)
    assert found.geometries[0].coords[0] == pytest.approx(centroid)


def test_points_keep_attributes_and_the_id_of_their_feature() -> None:
    found = make_centroids(features(U, None, U, NAME=["a", "b", "c"]), Told(), inside=False)
    assert found.column("ORIG_FID").tolist() == [101, 103]
    assert found.column("NAME").tolist() == ["a", "c"]
    assert found.object_id_field is None


def test_what_is_left_out_repaired_or_lost_is_said() -> None:
    told = Told()
    bow = "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"
    found = make_centroids(features(bow, None, "POLYGON EMPTY"), told, inside=False)
    assert texts(found) == ["POINT (5 5)"]
    assert told.warnings == [
        "2 features without a shape were left out.",
        "1 invalid polygon was repaired.",
    ]
    told = Told()
    make_centroids(features("LINESTRING Z (0 0 5, 2 0 7)"), told, inside=False)
    assert told.warnings == ["The result has no heights (z); the features had."]


def test_shape_in_two_parts_at_180_degrees_has_its_centroid_there() -> None:
    found = make_centroids(features(FIJI, wkid=4326), Told(), inside=False)
    # 2 degrees to the west of 180 and 1 to the east: the middle of 178 to 181 degrees.
    assert texts(found) == ["POINT (179.5 -17)"]
    east = FIJI.replace("178", "179").replace("-179", "-170")
    assert texts(make_centroids(features(east, wkid=4326), Told(), inside=False)) == ["POINT (-175.5 -17)"]


def test_world_wide_shape_keeps_the_centroid_of_the_plane() -> None:
    belt = "POLYGON ((-180 -10, -180 10, 180 10, 180 -10, -180 -10))"
    assert texts(make_centroids(features(belt, wkid=4326), Told(), inside=False)) == ["POINT (0 0)"]


def test_no_features_give_no_points() -> None:
    found = make_centroids(features(U).take(np.zeros(1, bool)), Told(), inside=True)
    assert len(found) == 0
    assert found.geometry_type == "esriGeometryPoint"
    assert "ORIG_FID" in found.columns
