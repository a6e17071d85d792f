"""The first answer of a layer: import the engine, open the file, find a page in a box, say so, and end.

Run as a file, with the layer's path and the sides of the box.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    import shapely

    from gpserverless.featurelayers.layer_file import LayerFile
    from gpserverless.featurelayers.query import LayerFilter, PageQuery, SpatialFilter
    from gpserverless.featurelayers.select import select_page

    west, south, east, north = map(float, sys.argv[2:6])
    box = SpatialFilter(shapely.box(west, south, east, north), is_box=True)
    with LayerFile(Path(sys.argv[1])) as layer:
        names = tuple(field.name for field in layer.fields)
        rows = select_page(layer, PageQuery(LayerFilter(spatial=box), names)).rows
    status = Path("/proc/self/status").read_text("ascii", "replace").split("VmHWM:")[1]
    report = {"cpu": time.process_time(), "memory": 1024 * int(status.split()[0]), "rows": len(rows)}
    sys.stdout.write(json.dumps(report))
