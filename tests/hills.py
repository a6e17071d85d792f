"""Hills that a job makes as a raster, and what true pictures and values of it are.

They are computed by rasterio and numpy from the file of the job, never by the service that draws it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import rasterio
import urllib3

from dev.gp_client import GpClient

OUTPUT = "out_raster"
SIDE = 40_000.0
CELL = 100.0
_TASK = "Raster/GPServer/Idw"
_WEST, _SOUTH = 500_000.0, 5_600_000.0
_EVEN = 2.0  # grey levels by which a place and its neighbours may differ
_TO_DEGREES = pyproj.Transformer.from_crs(25832, 4326)


def keep_hills(url: str, folder: Path) -> dict[str, str]:
    """Have a job make hills, and write the true answers; return the variables of the clients' tests.

    Args:
        url: The site.
        folder: Where the files are written.
    """
    client = GpClient(url, retries=urllib3.Retry(3, connect=0, read=0))
    inputs = {"in_point_features": json.dumps(_make_points()), "zfield": "HEIGHT", "cell_size": str(CELL)}
    job = client.submit(_TASK, **inputs)
    client.wait(job, {"esriJobSucceeded"}, seconds=120, pause=0.2)
    file = folder / "hills.tif"
    file.write_bytes(client.pool.request("GET", client.result(job, OUTPUT)["url"]).data)
    (folder / "hills.json").write_text(json.dumps(_answer(file)), encoding="utf-8")
    image = job.replace("/GPServer/Idw/", "/ImageServer/")
    return {"HILLS": f"{url}{image}/{OUTPUT}", "HILLS_FOLDER": str(folder)}


def _make_points() -> dict[str, Any]:
    """Return heights on a grid of points, with some land about them."""
    steps = np.linspace(0, SIDE, 9)
    features = [
        {
            "attributes": {"HEIGHT": float(100 + 50 * np.sin(x / 9000) + 40 * np.cos(y / 7000))},
            "geometry": {"x": _WEST + x, "y": _SOUTH + y},
        }
        for x in steps
        for y in steps
    ]
    field = {"name": "HEIGHT", "type": "esriFieldTypeDouble"}
    return {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 25832},
        "fields": [field],
        "features": features,
    }


def _answer(file: Path) -> dict[str, Any]:
    """Return places in latitude and longitude with their values and greys, and places beside the raster."""
    with rasterio.open(file) as dataset:
        cells, bounds, transform = dataset.read(1).astype(float), dataset.bounds, dataset.transform
    dark, bright = np.percentile(cells, (2, 98))
    grey = np.clip((cells - dark) / (bright - dark) * 255, 0, 255)
    places = []
    for row in range(3, cells.shape[0] - 3, 14):
        for column in range(3, cells.shape[1] - 3, 14):
            about = grey[row - 2 : row + 3, column - 2 : column + 3]
            if np.ptp(about) <= _EVEN:
                x, y = transform @ (column + 0.5, row + 0.5)
                value = float(cells[row, column])
                places.append({"place": _to_degrees(x, y), "grey": float(about.mean()), "value": value})
    beside = [
        _to_degrees(x, y)
        for x in (bounds.left - 3000, bounds.right + 3000)
        for y in np.linspace(bounds.bottom, bounds.top, 9)
    ]
    return {
        "places": places,
        "beside": beside,
        "bounds": list(bounds),
        "shape": list(cells.shape),
        "centre": _to_degrees((bounds.left + bounds.right) / 2, (bounds.bottom + bounds.top) / 2),
        "range": [float(cells.min()), float(cells.max())],
    }


def _to_degrees(x: float, y: float) -> list[float]:
    return [float(part) for part in _TO_DEGREES.transform(x, y)]
