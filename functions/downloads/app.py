"""Writes whole layers as GeoPackage and FlatGeobuf."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.downloads import DownloadsFunction
from gpserverless.app.logs import log_request_ids

downloads = DownloadsFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return downloads.handle(event, context.get_remaining_time_in_millis())
