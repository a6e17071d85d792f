"""Takes files in, for tasks to be run with."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.uploads import UploadsFunction

uploads = UploadsFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return uploads.handle(event)
