"""Files of every format that is read, made here."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import shapely

from gpserverless import FeatureSet, Raster, SpatialReference, write_features
from gpserverless.formats.files.file_formats import FormatName

GRID = b"ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -1\n1 2\n3 4\n"


@cache
def make_files() -> Mapping[str, bytes]:
    """Return contents of files by names that have their extensions."""
    shapes = shapely.points([[10, 50], [11, 51]])
    features: FeatureSet[Any] = FeatureSet.of(shapes, SpatialReference(4326)).with_columns(
        {"NAME": ["ä", "b"], "POP": [1, 2], "SHARE": [0.5, None]}
    )
    paths = [Path(write_features(features, name, "towns")) for name in get_args(FormatName)]
    return {path.name: path.read_bytes() for path in paths}


@cache
def make_rasters() -> Mapping[str, bytes]:
    """Return contents of rasters by names that have their extensions; GeoTIFF needs the raster worker."""
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir, before = folder, tempfile.tempdir
        try:
            from rasterio.transform import from_origin

            cells = np.arange(64, dtype="uint8").reshape(8, 8)
            tiff = Raster.of(cells, from_origin(0, 8, 1, 1), SpatialReference(4326)).path.read_bytes()
        finally:
            tempfile.tempdir = before
    return {"grid.asc": GRID, "cells.tif": tiff}
