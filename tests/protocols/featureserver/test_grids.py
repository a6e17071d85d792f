"""Grids of quantized coordinates for queries that leave something out: never coarser than ArcGIS has them.

`quantizationParameters` in ArcGIS' reference: without a tolerance `maxAllowableOffset` is used, without both
a grid of 10,000 by 10,000; the mode "edit" asks for geometries of full resolution.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import LineString, Point

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.featureserver.layer_site import Folder, LayerSite
from tests.protocols.featureserver.pbf_reader import read_features

PLACE = (13.377704123, 52.516275987)
NEAR = {"xmin": 13.0, "ymin": 52.0, "xmax": 14.0, "ymax": 52.5}
LINE = [(10.0, 50.0), (10.000000004, 50.000000004), (10.0, 50.0), (10.1, 50.2)]


@pytest.fixture
def fine(tmp_path: Path) -> LayerSite:
    """Return a site with shapes whose digits matter: places over a degree, a line, one place, and none."""
    folder = Folder(tmp_path)
    degrees = SpatialReference(4326)
    layers = {
        "Places": FeatureSet.of([Point(PLACE), Point(13.0, 52.0), Point(14.0, 52.5)], degrees),
        "Lines": FeatureSet.of([LineString(LINE)], degrees),
        "Place": FeatureSet.of([Point(PLACE)], degrees),
        "Nothing": FeatureSet.of(np.empty(0, object), degrees),
        "Unknown": FeatureSet.of([Point(PLACE), Point(13.0, 52.0)], None),
    }
    folder.publish("fine", layers)
    return LayerSite(folder)


def ask_scale(site: LayerSite, layer: int, parameters: dict[str, Any], **fields: object) -> float:
    document = site.query(f"fine/{layer}", quantizationParameters=parameters, **fields)
    x, y = document["transform"]["scale"]
    assert x == y
    return float(x)


@pytest.mark.parametrize(
    ("parameters", "fields", "scale"),
    [
        ({"mode": "view"}, {}, 1e-4),
        ({"mode": "view", "tolerance": None}, {}, 1e-4),
        ({"mode": "view", "extent": NEAR}, {}, 1e-4),
        ({"extent": {**NEAR, "xmax": 13.1, "ymax": 52.1}}, {}, 1e-5),
        ({"mode": "view"}, {"maxAllowableOffset": 0.01}, 0.01),
        ({"mode": "view", "tolerance": 0.5}, {"maxAllowableOffset": 0.01}, 0.5),
        ({"mode": "view"}, {"outSR": 25833}, 68_500 / 10_000),  # a degree of longitude at 52 degrees
        ({"mode": "edit"}, {}, 1e-9),
        ({"mode": "edit", "tolerance": 0.5}, {"maxAllowableOffset": 0.01}, 1e-9),
        ({"mode": "edit"}, {"outSR": 3857}, 1e-4),
    ],
    ids=str,
)
def test_grid_of_a_query(
    fine: LayerSite, parameters: dict[str, Any], fields: dict[str, object], scale: float
) -> None:
    assert ask_scale(fine, 0, parameters, **fields) == pytest.approx(scale, rel=0.02)


@pytest.mark.parametrize("layer", [2, 3, 4])
def test_layers_without_an_extent_or_a_reference_have_a_grid_too(fine: LayerSite, layer: int) -> None:
    assert ask_scale(fine, layer, {"mode": "view"}) <= 1e-4
    assert ask_scale(fine, layer, {"mode": "edit"}) == pytest.approx(1e-9)


@pytest.mark.parametrize("position", ["upperLeft", "lowerLeft"])
def test_edit_mode_keeps_every_vertex_to_the_resolution(fine: LayerSite, position: str) -> None:
    parameters = {"mode": "edit", "originPosition": position, "tolerance": 1}
    document = fine.query("fine/1", quantizationParameters=parameters)
    transform = document["transform"]
    scale = np.array(transform["scale"]) * (1, -1 if position == "upperLeft" else 1)
    steps = np.cumsum(document["features"][0]["geometry"]["paths"][0], axis=0)
    assert steps * scale + transform["translate"] == pytest.approx(np.array(LINE), abs=1e-9)
    body = fine.ask("fine/FeatureServer/1/query", f="pbf", quantizationParameters=parameters).body
    assert np.array(read_features(body).features[0]["parts"][0]) == pytest.approx(np.array(LINE), abs=1e-9)
