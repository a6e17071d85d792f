"""QGIS without a window: reads a hosted layer by ids and by boxes, and draws a job's map."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

LAYER, MAP = os.environ["PARCELS"], os.environ["PARCELS_MAP"]
FOLDER = Path(os.environ["PARCELS_FOLDER"])
ANSWERS: dict[str, Any] = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))
BOX = QgsRectangle(505_050, 5_604_980, 509_020, 5_608_010)
WHITE = QColor(255, 255, 255)


@pytest.fixture(scope="module", autouse=True)
def application() -> Iterator[QgsApplication]:
    program = QgsApplication([], False)
    program.initQgis()
    yield program
    program.exitQgis()


@pytest.fixture(scope="module")
def plain() -> dict[int, Any]:
    features = json.loads((FOLDER / "plain.json").read_text(encoding="utf-8"))["features"]
    return {feature["attributes"]["OBJECTID"]: feature for feature in features}


@pytest.fixture
def layer() -> QgsVectorLayer:
    opened = QgsVectorLayer(f"crs='EPSG:25832' url='{LAYER}'", "parcels", "arcgisfeatureserver")
    assert opened.isValid()
    return opened


def test_layer_describes_itself(layer: QgsVectorLayer, plain: dict[int, Any]) -> None:
    assert layer.crs().authid() == "EPSG:25832"
    assert layer.featureCount() == len(plain)
    names = [field.name() for field in layer.fields()]
    assert names == ["OBJECTID", "NAME", "KIND", "POP", "WORTH", "DAY"]
    assert layer.extent().xMinimum() == 500_000


def test_box_chooses_features(layer: QgsVectorLayer) -> None:
    request = QgsFeatureRequest(BOX).setFlags(QgsFeatureRequest.ExactIntersect)
    assert sorted(feature["OBJECTID"] for feature in layer.getFeatures(request)) == ANSWERS["box"]


def test_features_are_those_of_the_plain_result(layer: QgsVectorLayer, plain: dict[int, Any]) -> None:
    found = list(layer.getFeatures(QgsFeatureRequest(BOX)))
    assert len(found) >= len(ANSWERS["box"])
    for feature in found:
        expected = plain[feature["OBJECTID"]]
        values = {name: feature[name] or None for name in ("NAME", "KIND")}
        values |= {name: feature[name] for name in ("POP", "WORTH")}
        values["DAY"] = feature["DAY"].toMSecsSinceEpoch()
        assert {"OBJECTID": feature["OBJECTID"], **values} == expected["attributes"]
        rings = [corners([[p.x(), p.y()] for p in ring]) for part in parts_of(feature) for ring in part]
        assert sorted(rings) == sorted(map(corners, expected["geometry"]["rings"]))


def parts_of(feature: Any) -> Any:
    shape = feature.geometry()
    return shape.asMultiPolygon() if shape.isMultipart() else [shape.asPolygon()]


def corners(ring: Any) -> list[tuple[float, ...]]:
    """Return the corners of a ring in one order, wherever it begins and however it turns."""
    return sorted(map(tuple, ring[:-1]))


def test_map_is_drawn_where_the_parcels_are() -> None:
    with urlopen(f"{MAP}?f=json", timeout=60) as answer:
        number = json.load(answer)["layers"][0]["id"]
    source = f"crs='EPSG:25832' format='PNG32' layer='{number}' url='{MAP}'"
    picture = draw(QgsRasterLayer(source, "map", "arcgismapserver"))
    drawn = [picture.pixel(x, y) != WHITE.rgb() for x in range(90, 300, 10) for y in range(100, 310, 10)]
    assert sum(drawn) > 0.97 * len(drawn)
    assert {picture.pixel(x, y) for x in range(0, 400, 10) for y in (20, 380)} == {WHITE.rgb()}


def draw(layer: QgsRasterLayer) -> Any:
    """Draw a layer and some land about the parcels, 130 m a pixel."""
    assert layer.isValid()
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(WHITE)
    settings.setOutputSize(QSize(400, 400))
    settings.setExtent(QgsRectangle(490_000, 5_590_000, 542_000, 5_642_000))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()
