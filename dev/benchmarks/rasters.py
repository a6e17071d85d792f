"""Pictures of a large raster: of a copy on the disk, and of the parts that are fetched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from pyproj import Transformer
from rasterio.transform import from_origin

from dev.benchmarks.emulation import emulate_stack
from dev.benchmarks.table import Budget, Cell, Table
from dev.benchmarks.timing import Effort
from gpserverless.app.stores import open_objects
from gpserverless.formats.rasters import write_raster
from gpserverless.values.spatial_reference import SpatialReference
from local.options import ROOT
from local.stack import Stack

KEY = "jobs/j0/files/heights.tif"
WAYS = {"copy": "a copy", "parts": "parts"}
PICTURES = ("first picture: all", "then 5 %", "then 5 % elsewhere", "then all again")
MOST_BYTES = 20_000_000
NOTE = """\
A raster of {side:,} x {side:,} floats with noise, as results are written: {size:,.0f} MB with overviews, in
{seconds:.0f} s of the processor. Pictures of 640 x 480 pixels in another reference (3857), by the code of the
function `raster_maps` in a new process with an emulated AWS. Milliseconds are medians of the processor, which
draws and receives. Bytes and requests are those from the store; on AWS a request takes some 30 ms of the
clock. Memory is the most that the process had resident so far."""


def tables(effort: Effort) -> Iterator[Table]:
    """Write a raster, and have it drawn in both ways."""
    side = 3_000 if effort.quick else 8_000
    with emulate_stack() as made, tempfile.TemporaryDirectory() as folder:
        variables = made.functions["RasterMapsFunction"].variables
        os.environ.update({k: v for k, v in variables.items() if k.startswith("AWS_")})
        path = Path(folder, "heights.tif")
        began = time.process_time()
        _write(path, side)
        seconds = time.process_time() - began
        open_objects(variables["BUCKET"]).put_file(KEY, path, "image/tiff", lambda: None)
        size = path.stat().st_size
        rows: list[tuple[Cell, ...]] = []
        for way in WAYS:
            rows += _measure(made, way, size, side, effort)
    (found,) = (row[3] for row in rows if row[:2] == (PICTURES[1], WAYS["parts"]))
    heads = ("", "of", "processor ms", "bytes", "requests", "memory MB")
    note = NOTE.format(side=side, size=size / 1e6, seconds=seconds)
    budget = Budget("bytes fetched for 5 % of a large raster", MOST_BYTES, float(found or 0), "")
    yield Table("rasters", "Pictures of a large raster", heads, tuple(rows), note, (budget,))


def _write(path: Path, side: int) -> None:
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    noise = np.random.default_rng(1).normal(0, 3, (side, side))
    cells = (500 + 200 * np.sin(x / 700) * np.cos(y / 900) + noise).astype(np.float32)
    write_raster(path, cells, from_origin(500_000, 5_700_000, 10, 10), SpatialReference(25832), -9999)


def _measure(made: Stack, way: str, size: int, side: int, effort: Effort) -> Iterator[tuple[Cell, ...]]:
    variables = made.functions["RasterMapsFunction"].variables
    environment = {**os.environ, **variables, "PYTHONPATH": str(ROOT / "layers/gpserverless/python")}
    script = str(Path(__file__).with_name("first_picture.py"))
    command = [sys.executable, script, variables["BUCKET"], KEY, str(size), way, *_list_boxes(side)]
    runs: list[list[dict[str, Any]]] = []
    for _ in range(effort.rounds(5)):
        told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        runs.append(json.loads(told.stdout.rpartition("REPORT ")[2]))
    for number, name in enumerate(PICTURES):
        found = {key: median(run[number][key] for run in runs) for key in runs[0][number]}
        counts = int(found["bytes"]), int(found["requests"])
        yield name, WAYS[way], found["cpu"], *counts, found["memory"]


def _list_boxes(side: int) -> list[str]:
    """Return the boxes of the pictures: all, 5 % in the middle, 5 % beside it, and all."""
    project = Transformer.from_crs(25832, 3857, always_xy=True).transform_bounds
    length, part = side * 10.0, side * 10.0 * 0.05**0.5
    boxes = [
        (500_000 + left, 5_700_000 - top - high, 500_000 + left + high, 5_700_000 - top)
        for left, top, high in (
            (0.0, 0.0, length),
            (length / 2, length / 2, part),
            (length / 9, length / 7, part),
            (0.0, 0.0, length),
        )
    ]
    return [",".join(f"{value:.3f}" for value in project(*box)) for box in boxes]
