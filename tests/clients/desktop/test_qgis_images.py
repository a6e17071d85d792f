"""QGIS without a window: draws the raster of a job as an ArcGIS image service."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

HILLS = os.environ["HILLS"]
ANSWERS: dict[str, Any] = json.loads(Path(os.environ["HILLS_FOLDER"], "hills.json").read_text("utf-8"))
WHITE = QColor(255, 255, 255)
MARGIN = 5_000
SIDE = 500  # pixels: one has the size of a cell
NEAR = 8  # grey levels


@pytest.fixture(scope="module", autouse=True)
def application() -> Iterator[QgsApplication]:
    program = QgsApplication([], False)
    program.initQgis()
    yield program
    program.exitQgis()


@pytest.mark.parametrize("image_format", ["PNG32", "JPGPNG"])
def test_raster_is_drawn_where_its_cells_are(image_format: str) -> None:
    layer = QgsRasterLayer(
        f"crs='EPSG:25832' format='{image_format}' url='{HILLS}'", "hills", "arcgismapserver"
    )
    assert layer.isValid()
    assert [layer.extent().xMinimum(), layer.extent().yMaximum()] == [
        ANSWERS["bounds"][0],
        ANSWERS["bounds"][3],
    ]
    picture, place_of = draw(layer)
    greys = []
    for each in ANSWERS["places"]:
        color = QColor(picture.pixel(*place_of(each["place"])))
        greys.append(abs(color.red() - each["grey"]) <= NEAR and color.red() == color.green() == color.blue())
    assert len(greys) > 100
    assert sum(greys) > 0.97 * len(greys)
    assert {picture.pixel(*place_of(place)) for place in ANSWERS["beside"]} == {WHITE.rgb()}


def draw(layer: QgsRasterLayer) -> Any:
    """Draw a layer with some land about it; return the picture, and what finds a place on it."""
    west, south, east, north = ANSWERS["bounds"]
    box = QgsRectangle(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(WHITE)
    settings.setOutputSize(QSize(SIDE, SIDE))
    settings.setExtent(box)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    project = QgsCoordinateTransform(degrees, layer.crs(), QgsProject.instance())

    def place_of(place: list[float]) -> tuple[int, int]:
        point = project.transform(QgsPointXY(place[1], place[0]))
        pixel = (box.xMaximum() - box.xMinimum()) / SIDE
        return int((point.x() - box.xMinimum()) / pixel), int((box.yMaximum() - point.y()) / pixel)

    return job.renderedImage(), place_of
