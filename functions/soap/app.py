"""Speaks SOAP: the catalogue, descriptions and jobs."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.soap import SoapFunction

soap = SoapFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return soap.handle(event, context.get_remaining_time_in_millis())
