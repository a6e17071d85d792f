"""A warm-up run: it does what every run would do for the first time, before a caller waits.

Libraries import and open late what they need, and a process that was forked copies the pages that it writes
to; both take longer than a small run itself.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

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
def some_zones(points: FeatureSet[Any], distance: LinearUnit) -> FeatureSet[Any]:
    """Use the libraries that most tools use.

    Args:
        points: Some places.
        distance: Some distance.
    """
    return points.buffer(distance).project(SpatialReference(wkid=3857))


def warm_up() -> None:
    """Read a few features, buffer and project them, and write them down."""
    call = Call("", some_zones.spec.name, {"points": _POINTS, "distance": "1 Kilometers"})
    with tempfile.TemporaryDirectory() as folder:
        for _ in perform(some_zones, call, Limits.sync(), Run(), Path(folder)):
            continue
