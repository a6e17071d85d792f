"""The first pictures of a large raster in a new process, and what each took.

Run as a file with the code on `PYTHONPATH`; its arguments are the bucket, the key, the bytes of the file,
"copy" or "parts", and the boxes of pictures.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    from gpserverless.app import raster_files
    from gpserverless.app.raster_stores import open_raster_stores
    from gpserverless.drawing.view import fit_view
    from gpserverless.formats.rasters import load_rasterio
    from gpserverless.jobs.job import StoredFile
    from gpserverless.protocols.imageserver.export import draw_image
    from gpserverless.protocols.imageserver.ports import Image
    from gpserverless.protocols.imageserver.raster import open_image
    from gpserverless.protocols.imageserver.read_export import ImageExport
    from gpserverless.values.spatial_reference import SpatialReference

    bucket, key, size, way, *boxes = sys.argv[1:]
    load_rasterio()
    stores = open_raster_stores(os.environ["JOBS_TABLE"], bucket)
    fetched = {"bytes": 0, "requests": 0}

    def fetch(key: str, start: int, length: int) -> bytes:
        """Fetch a part, and count it."""
        fetched["bytes"] += length
        fetched["requests"] += 1
        return stores.fetch(key, start, length)

    def download(key: str, path: Path, check: Callable[[], None]) -> None:
        """Download the file, and count it."""
        fetched["bytes"] += int(size)
        fetched["requests"] += 1
        stores.download(key, path, check)

    if way == "copy":
        raster_files.RANGED_BYTES = sys.maxsize
    files = raster_files.RasterFiles(Path(tempfile.mkdtemp()), download, fetch, lambda: None)
    reports = []
    for box in boxes:
        before = dict(fetched)
        began, began_at = time.process_time(), time.perf_counter()
        file = files.get(StoredFile(key, int(size)))
        west, south, east, north = map(float, box.split(","))
        view = fit_view((west, south, east, north), (640, 480))
        asked = ImageExport(
            view, SpatialReference(3857), "png32", (1,), "bilinear", None, quality=75, is_on_map=True
        )
        with open_image(Image("", file)) as opened:
            picture, is_empty = draw_image(opened, asked)
        if is_empty:
            raise SystemExit("nothing is drawn")
        status = Path("/proc/self/status").read_text("ascii", "replace").split("VmHWM:")[1]
        reports.append(
            {
                "cpu": 1000 * (time.process_time() - began),
                "wall": 1000 * (time.perf_counter() - began_at),
                "memory": int(status.split()[0]) * 1024 / 1e6,
                **{name: fetched[name] - before[name] for name in fetched},
                "picture": len(picture.content),
            }
        )
    sys.stdout.write("REPORT " + json.dumps(reports))
