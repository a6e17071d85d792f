"""A tool declares how its layer is drawn; its document, its legend, its picture and its kept twin agree.

Points lie in three squares: none in the first, one in the second, four in the third.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import numpy as np
import PIL.Image
import pytest
from numpy.typing import NDArray

from tests.wire.conftest import SERVICES, Site
from tests.wire.test_files_and_rasters import done

COUNTS = (0, 1, 4)
REFERENCE = {"wkid": 3857}
SQUARES = {
    "geometryType": "esriGeometryPolygon",
    "spatialReference": REFERENCE,
    "features": [
        {"attributes": {}, "geometry": {"rings": [[[x, 0], [x, 9], [x + 9, 9], [x + 9, 0], [x, 0]]]}}
        for x in (0, 10, 20)
    ],
}
POINTS = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": REFERENCE,
    "features": [
        {"attributes": {}, "geometry": {"x": 10 * square + 2 + number, "y": 4}}
        for square, count in enumerate(COUNTS)
        for number in range(count)
    ],
}
WHOLE = {"bbox": "0,0,30,10", "size": "300,100", "format": "png32", "transparent": "true"}


@pytest.fixture(scope="module")
def map_path(site: Site) -> str:
    """Return the path of the map of a job of AggregatePoints that is kept as a service, too."""
    kept = {"esri_out_feature_service_name": "Declared"}
    job = done(
        site,
        "Analysis",
        "AggregatePoints",
        pointLayer=json.dumps(POINTS),
        polygonLayer=json.dumps(SQUARES),
        **kept,
    )
    return f"{SERVICES}/Analysis/MapServer/jobs/{job.rpartition('/')[2]}"


@pytest.fixture(scope="module")
def layer(site: Site, map_path: str) -> dict[str, Any]:
    """Return the document of its layer."""
    (known,) = site.get(map_path)["layers"]
    return dict(site.get(f"{map_path}/{known['id']}"))


def list_classes(document: dict[str, Any]) -> list[tuple[float, list[int]]]:
    """Return the greatest number of each class, and the colour of its symbol."""
    renderer = document["drawingInfo"]["renderer"]
    assert (renderer["type"], renderer["field"]) == ("classBreaks", "Point_Count")
    return [(each["classMaxValue"], each["symbol"]["color"]) for each in renderer["classBreakInfos"]]


def look(content: bytes) -> NDArray[Any]:
    return np.asarray(PIL.Image.open(BytesIO(content)).convert("RGBA"))


def test_each_square_has_the_colour_of_its_count(site: Site, map_path: str, layer: dict[str, Any]) -> None:
    classes = list_classes(layer)
    assert [most for most, _ in classes][-1] == max(COUNTS)
    pixels = look(site.send("GET", f"{map_path}/export", {**WHOLE, "f": "image"}).data)
    for square, count in enumerate(COUNTS):
        color = next(color for most, color in classes if count <= most)
        assert pixels[60, 100 * square + 60].tolist() == pytest.approx(color, abs=3)  # opacity rounds colours
    assert len({tuple(color) for _, color in classes}) == len(classes) > 1


def test_legend_has_the_same_classes(site: Site, map_path: str, layer: dict[str, Any]) -> None:
    (entry,) = site.get(f"{map_path}/legend")["layers"]
    renderer = layer["drawingInfo"]["renderer"]
    assert [each["label"] for each in entry["legend"]] == [
        each["label"] for each in renderer["classBreakInfos"]
    ]


def test_kept_layer_is_drawn_alike(site: Site, layer: dict[str, Any]) -> None:
    kept = site.get(f"{SERVICES}/Hosted/Declared/FeatureServer/0")
    assert kept["drawingInfo"] == layer["drawingInfo"]
    assert (
        site.get(f"{SERVICES}/Hosted/Declared/FeatureServer/0/generateRenderer")
        == kept["drawingInfo"]["renderer"]
    )
