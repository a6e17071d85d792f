"""Shapes that lie several turns of the map away are those of the nearest turn."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.spatial_reference import WGS84, SpatialReference

FAR_SHAPES = {
    POINT: shapely.Point(10, 50),
    MULTIPOINT: shapely.MultiPoint([(10, 50), (11, 51)]),
    POLYLINE: shapely.LineString([(10, 50), (12, 52)]),
    POLYGON: shapely.box(10, 50, 12, 52),
}


@pytest.mark.parametrize("kind", FAR_SHAPES)
@pytest.mark.parametrize("target", [3857, 54030, 25832, 3035])
@pytest.mark.parametrize("turn", [-720, 720, 3600])
def test_a_shape_several_turns_away_has_the_place_of_the_nearest(kind: str, target: int, turn: int) -> None:
    """PROJ answers infinity for such longitudes; a ring of them was no ring."""
    near = FAR_SHAPES[kind]
    far = shapely.transform(near, lambda places: places + np.array([turn, 0.0]))
    shapes = np.array([near, far, None], object)
    here, there, none = project_geometries(shapes, kind, WGS84, SpatialReference(target))
    assert none is None
    assert shapely.equals_exact(here.normalize(), there.normalize(), 0.001)


@pytest.mark.parametrize("kind", FAR_SHAPES)
def test_a_shape_too_many_turns_away_has_no_place(kind: str) -> None:
    shapes = np.array([shapely.transform(FAR_SHAPES[kind], lambda places: places + np.array([1e9, 0.0]))])
    assert project_geometries(shapes, kind, WGS84, SpatialReference(3857)).tolist() == [None]
