"""Envelopes and shapes in other references than the layer's, against points that PROJ moves one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.featureserver.layer_site import Folder, LayerSite

COUNT = 20_000


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> tuple[LayerSite, np.ndarray]:
    """Return a site with points across a zone of UTM, and their longitudes and latitudes."""
    path: Path = tmp_path_factory.mktemp("wide")
    places = np.random.default_rng(11).uniform((3, 30), (15, 70), (COUNT, 2))
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(*places.T)
    folder = Folder(path)
    folder.publish("wide", {"Points": FeatureSet.of(shapely.points(x, y), SpatialReference(25832))})
    return LayerSite(folder), places


@pytest.mark.parametrize("code", [4326, 3857, 3035])
@pytest.mark.parametrize("form", ["envelope", "polygon"])
def test_a_straight_side_bends_on_its_way_to_the_layer(
    wide: tuple[LayerSite, np.ndarray], code: int, form: str
) -> None:
    site, places = wide
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(*places.T)
    west, south = np.quantile(x, 0.2), np.quantile(y, 0.3)
    east, north = np.quantile(x, 0.9), np.quantile(y, 0.95)
    sides = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    ring = [[west, south], [west, north], [east, north], [east, south], [west, south]]
    geometry = sides if form == "envelope" else {"rings": [ring]}
    answer = site.ask(
        "wide/FeatureServer/0/query", "POST", geometry=geometry, inSR=code, returnIdsOnly="true"
    )
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    found = np.isin(np.arange(1, COUNT + 1), answer.json["objectIds"])
    assert np.count_nonzero(found != inside) <= 5, "points within some metres of a side"
    assert np.count_nonzero(inside) > 5000


@pytest.mark.parametrize("code", [4326, 3857, 3035])
def test_shapes_and_extents_are_moved_exactly(wide: tuple[LayerSite, np.ndarray], code: int) -> None:
    site, places = wide
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(*places[:500].T)
    page = site.query("wide/0", outSR=code, resultRecordCount=500)
    found = np.array([[f["geometry"]["x"], f["geometry"]["y"]] for f in page["features"]])
    assert found == pytest.approx(np.column_stack([x, y]), abs=1e-8 if code == 4326 else 2e-3)


LINES = {
    "from pole to pole, of which the ends have no place": ([(0, 90), (0, 45), (0, -90)], 3857),
    "along a parallel that bends": ([(-20, 60), (0, 60), (20, 60)], 3035),
    "at one place": ([(10, 50), (10, 50)], 25832),
}


@pytest.mark.parametrize(("places", "code"), LINES.values(), ids=list(LINES))
@pytest.mark.parametrize("turned", [0, 360])
def test_extent_of_points_on_a_line_has_them_all(
    tmp_path: Path, places: list[tuple[float, float]], code: int, turned: int
) -> None:
    points = [shapely.Point(x + turned, y) for x, y in places]
    folder = Folder(tmp_path)
    folder.publish("line", {"Line": FeatureSet.of(points, SpatialReference(4326))})
    site = LayerSite(folder)
    extent = site.query("line/0", returnExtentOnly="true", outSR=code)["extent"]
    shapes = [each["geometry"] for each in site.query("line/0", outSR=code)["features"]]
    found = np.array([[shape["x"], shape["y"]] for shape in shapes if shape is not None])
    assert len(found)
    low, high = [extent["xmin"], extent["ymin"]], [extent["xmax"], extent["ymax"]]
    assert (found >= np.array(low) - 0.01).all()
    assert (found <= np.array(high) + 0.01).all()
