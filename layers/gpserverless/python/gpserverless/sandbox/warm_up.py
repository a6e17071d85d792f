"""A warm-up run: it does what every run would do for the first time, before a caller waits.

Libraries import and open late what they need, and a process that was forked copies the pages that it writes
to; both take longer than a small run itself.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from gpserverless.errors import Cancelled
from gpserverless.features.feature_set import FeatureSet
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run
from gpserverless.toolkit.tool import tool
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import LinearUnit

_POINTS = json.dumps(
    {
        "spatialReference": {"wkid": 4326},
        "features": [{"attributes": {"id": i, "name": "a"}, "geometry": {"x": i, "y": i}} for i in range(3)],
    }
)


@tool
def some_zones(points: FeatureSet[Any], distance: LinearUnit, run: Run) -> FeatureSet[Any]:
    """Use the libraries that most tools use.

    Args:
        points: Some places.
        distance: Some distance.
        run: The run.
    """
    run.check()
    zones = points.buffer(distance)
    run.check()
    projected = zones.project(SpatialReference(wkid=3857))
    run.check()
    return projected


def warm_up(run: Run) -> None:
    """Read a few features, buffer and project them, and write them down.

    Args:
        run: Its check may raise `Cancelled` to end this early.
    """
    call = Call("", some_zones.spec.name, {"points": _POINTS, "distance": "1 Kilometers"})
    with suppress(Cancelled):
        run.check()
        for _ in perform(some_zones, call, Limits.sync(), run, Path()):  # small outputs need no folder
            continue
