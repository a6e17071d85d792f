"""The function that draws rasters ends before the gateway does, and fetches nothing when its time is over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasterio.transform import from_origin

from gpserverless.app import raster_maps
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.raster_files import RasterFiles
from gpserverless.app.raster_maps import RasterMapsFunction, RasterMapsSettings
from gpserverless.caller import Caller
from gpserverless.formats.rasters import write_raster
from gpserverless.jobs.job import StoredFile
from gpserverless.protocols.imageserver.ports import Image
from gpserverless.testing.site_stores import SiteStores

SETTINGS = RasterMapsSettings("https://site.test/arcgis", frozenset(), False, "access", (), "jobs", "bucket")
JOB = "j" + "0" * 32
KEY = "jobs/j/files/heights.tif"


class OneImage:
    """Finds one raster, whatever is asked for."""

    def __init__(self, catalogue: object, ledger: object, objects: object, files: RasterFiles) -> None:
        self.files = files

    def find_image(self, *names: object) -> Image:
        """Return the raster, whose file is fetched with the first request."""
        return Image("Heights", self.files.get(StoredFile(KEY, 1000)))


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RasterMapsFunction:
    monkeypatch.setattr(raster_maps, "JobImages", OneImage)
    stores = SiteStores()
    write_raster(tmp_path / "a.tif", np.ones((9, 9)), from_origin(0, 9, 1, 1), None)
    stores.objects.put(KEY, (tmp_path / "a.tif").read_bytes(), "image/tiff")
    catalogue = load_catalogue(frozenset(), secured=False)
    return RasterMapsFunction(
        SETTINGS, catalogue, stores.of_rasters(), lambda credentials: Caller(), tmp_path / "kept"
    )


def ask(function: RasterMapsFunction, remaining_ms: int) -> Any:
    """Return the document of a picture, or the error."""
    event = {
        "rawPath": f"/arcgis/rest/services/Raster/ImageServer/jobs/j{'0' * 32}/out_raster/exportImage",
        "rawQueryString": "f=json&bbox=0,0,9,9",
        "headers": {},
        "requestContext": {"http": {"method": "GET", "sourceIp": "127.0.0.1"}, "stage": "$default"},
    }
    return json.loads(function.handle(event, remaining_ms)["body"])


def test_raster_for_which_there_is_no_time_is_told_and_drawn_another_time(
    function: RasterMapsFunction,
) -> None:
    error = ask(function, 0)["error"]
    assert error["code"] == 400
    assert error["details"] == [
        "There was no time to read the raster. Ask again, ask for a smaller part, or download it."
    ]
    assert ask(function, 29_000)["width"] == 400
    assert ask(function, 0)["width"] == 400  # it is here now
