"""A town: places with every oddity, 2,500 parcels, notes without shapes, nothing, and heights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import DATE, DOUBLE, INTEGER, OID, Field
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.featureserver.layer_site import Folder, LayerSite

PLACES, PARCELS, NOTES, EMPTY, ROUTES = (f"town/{number}" for number in range(5))
PARCEL_COUNT = 2500


def make_places() -> FeatureSet[Point]:
    """Return seven places whose ids begin with 10."""
    shapes = [
        Point(10, 50),
        Point(11, 50),
        Point(12, 51),
        None,
        Point(-179.5, 0),
        Point(179.5, 0),
        Point(0, 0),
    ]
    columns = {
        "OBJECTID": np.arange(10, 80, 10),
        "NAME": ["A1", "O'Hara", "🌍 ü", None, "A2", "B1", "A'3"],
        "POP": [5, 10, 20, 20, 30, None, 7],
        "AREA": [1.5, None, 2.25, -0.5, 1e9, 0.0, 3.0],
        "BUILT": np.array([-86_400_000 * 3_650, 0, 1_700_000_000_000, 1, 2, 3, 4]),
        "VOID": np.array([None] * 7, object),
    }
    fields = [Field("OBJECTID", OID), Field("POP", INTEGER), Field("AREA", DOUBLE), Field("BUILT", DATE)]
    bare = FeatureSet.of(np.array(shapes, object), SpatialReference(4326))
    return bare.with_columns(columns, fields)


def make_parcels() -> FeatureSet[Polygon]:
    """Return 50 by 50 squares of 10 metres in Web Mercator; those of every fifth column have a hole."""
    x, y = (10.0 * side.reshape(-1) for side in np.meshgrid(np.arange(50), np.arange(50)))
    squares = shapely.box(x, y, x + 9, y + 9)
    holed = np.arange(PARCEL_COUNT) % 5 == 0
    squares[holed] = shapely.difference(squares[holed], shapely.box(x + 2, y + 2, x + 6, y + 6)[holed])
    columns = {"BLOCK": (np.arange(PARCEL_COUNT) // 100).astype(int), "VALUE": np.arange(PARCEL_COUNT) * 0.5}
    return FeatureSet.of(squares, SpatialReference(3857), columns)


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return the published town."""
    path: Path = tmp_path_factory.mktemp("layers")
    utm = SpatialReference(25832)
    routes = [LineString([(500_000, 5_800_000, 10.5), (500_100, 5_800_000, 11), (500_100, 5_800_200, 12.25)])]
    published = Folder(path)
    published.publish(
        "town",
        {
            "Places": make_places(),
            "Parcels": make_parcels(),
            "Notes": Table().with_columns({"NOTE": ["x", "y", None], "STARS": [1, 2, 2]}),
            "Nothing": FeatureSet.of([], SpatialReference(3857), {"NAME": np.array([], object)}),
            "Routes": FeatureSet.of(routes, utm, {"NAME": ["first"]}),
        },
    )
    return published


@pytest.fixture
def site(folder: Folder) -> LayerSite:
    """Return the site of the town."""
    folder.stored.clear()
    return LayerSite(folder)
