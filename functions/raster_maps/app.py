"""Draws the rasters that jobs made."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.raster_maps import RasterMapsFunction

raster_maps = RasterMapsFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return raster_maps.handle(event, context.get_remaining_time_in_millis())
