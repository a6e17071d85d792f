"""Pictures of very many features: as quick as a picture is large, and never a lie."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.protocols.mapserver import draw_layer, seen_rows
from gpserverless.values.spatial_reference import SpatialReference
from tests.patience import SOON
from tests.protocols.mapserver.maps import MAP, MapSite, alpha

WEB = SpatialReference(102100, 3857)
NO_EDGE = {"type": "simple", "symbol": {"type": "esriSFS", "color": [255, 0, 0, 255], "outline": None}}
WHOLE = {"bbox": "0,0,1000,1000", "size": "500,500", "transparent": "true"}


def grid(side: int, step: float) -> np.ndarray[Any, Any]:
    """Return squares side by side, which leave the lower right quarter of the map free."""
    west, south = (part.reshape(-1) for part in np.meshgrid(np.arange(side) * step, np.arange(side) * step))
    free = (west >= 500) & (south < 500)
    west, south = west[~free], south[~free]
    return np.asarray(shapely.box(west, south, west + step, south + step))


@pytest.mark.parametrize("crowd", [seen_rows.CROWD, 100])
def test_tiny_polygons_cover_what_they_cover(crowd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_rows, "CROWD", crowd)
    site = MapSite.of((FeatureSet.of(grid(250, 4.0), WEB), "Grid", NO_EDGE))
    for size in ("500,500", "100,100", "125,125", "30,30"):
        opacity = alpha(site.draw(**{**WHOLE, "size": size}))
        side = len(opacity)
        expected = np.ones((side, side), bool)
        expected[side // 2 :, side // 2 :] = False
        assert ((opacity > 127) == expected).mean() > (0.97 if side > 50 else 0.9)


def test_one_tiny_polygon_or_line_is_seen() -> None:
    for shape in (shapely.box(500, 500, 500.1, 500.1), shapely.LineString([(500, 500), (500.1, 500)])):
        site = MapSite.of((FeatureSet.of(np.array([shape], object), WEB), "One", {}))
        assert alpha(site.draw(**WHOLE)).max() > 100


def test_last_of_tiny_polygons_is_on_top() -> None:
    colors = [
        {"value": n, "symbol": {"type": "esriSFS", "color": color, "outline": None}}
        for n, color in enumerate(([255, 0, 0, 255], [0, 0, 255, 255]))
    ]
    renderer = {"type": "uniqueValue", "field1": "n", "uniqueValueInfos": colors}
    boxes = shapely.box(*np.full((2, 2), 500.0), *np.full((2, 2), 500.5))
    site = MapSite.of((FeatureSet.of(boxes, WEB, {"n": [0, 1]}), "Two", renderer))
    pixels = np.asarray(site.draw(**WHOLE))
    assert pixels[pixels[..., 3] > 100][:, 2].min() > 200


def test_vertices_beyond_the_limit_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw_layer, "MOST_VERTICES", 1_000)
    site = MapSite.of((FeatureSet.of(grid(50, 20.0), WEB), "Grid", {}))
    assert "413: The layer 'Grid' has more than 1,000 vertices" in site.fail(
        f"{MAP}/export", **WHOLE, f="image"
    )
    assert alpha(site.draw(bbox="0,0,50,50", size="500,500")).any()


def test_hundred_thousand_polygons_take_about_a_second() -> None:
    rng = np.random.default_rng(3)
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.column_stack([np.cos(turns), np.sin(turns)])
    rings = rng.random((100_000, 1, 2)) * 1000 + ring * 2.5
    site = MapSite.of((FeatureSet.of(np.asarray(shapely.polygons(rings)), WEB), "Blobs", {}))
    started = time.process_time()
    site.export(bbox="0,0,1000,1000", size="1000,1000")
    assert time.process_time() - started < SOON  # 1.2 seconds on a quiet processor


def test_view_beyond_the_last_parallel_is_empty() -> None:
    site = MapSite.of((FeatureSet.of(grid(10, 100.0), WEB), "Grid", {}))
    document = site.read(f"{MAP}/export", bbox="0,87,1,88", bboxSR=4326, imageSR=4326)
    assert document["messages"] == ["There is no feature in this part of the map."]
