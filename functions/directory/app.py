"""Describes the server, its catalogue, services and tasks."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.directory import DirectoryFunction
from gpserverless.app.logs import log_request_ids

directory = DirectoryFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return directory.handle(event)
