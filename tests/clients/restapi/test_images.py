"""bmi-arcgis-restapi: describes the raster of a job, reads its values, and downloads a part of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import restapi

HILLS = os.environ["HILLS"]
ANSWERS: dict[str, Any] = json.loads(Path(os.environ["HILLS_FOLDER"], "hills.json").read_text("utf-8"))
CELL = 100


@pytest.fixture(scope="module")
def service() -> Any:
    return restapi.ImageService(HILLS)


def test_service_describes_the_raster(service: Any) -> None:
    west, south, east, north = ANSWERS["bounds"]
    extent = service.fullExtent
    assert (extent.xmin, extent.ymin, extent.xmax, extent.ymax) == (west, south, east, north)
    assert (service.pixelSizeX, service.pixelSizeY, service.pixelType) == (CELL, CELL, "F32")
    assert service.bandCount == 1
    assert [service.minValues[0], service.maxValues[0]] == pytest.approx(ANSWERS["range"])


def test_values_are_those_of_the_cells(service: Any) -> None:
    for each in ANSWERS["places"][::10]:
        latitude, longitude = each["place"]
        told = service.pointIdentify(x=longitude, y=latitude, inSR=4326)
        assert float(told) == pytest.approx(each["value"], rel=1e-6)


def test_part_is_exported(service: Any) -> None:
    """By what `exportImage` sends: that itself fails on Python 3 before it asks the server."""
    west, south = ANSWERS["bounds"][:2]
    asked = {
        "renderingRule": None,
        "adjustAspectRatio": "true",
        "bbox": f"{west},{south},{west + 64 * CELL},{south + 32 * CELL}",
        "format": "tiff",
        "imageSR": 25832,
        "bboxSR": 25832,
        "size": "64.0,32.0",
        "pixelType": service.pixelType,
        "noDataInterpretation": "esriNoDataMatchAny",
        "interpolation": "RSP_BilinearInterpolation",
        "f": "pjson",
    }
    told = service.request(f"{HILLS}/exportImage", asked)
    assert (told["width"], told["height"]) == (64, 32)
    content = service.request(told["href"].strip(), ret_json=False).content
    assert content[:2] in (b"II", b"MM")
    assert len(content) > 64 * 32
