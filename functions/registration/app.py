"""Registers hosted services in a portal."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.registration import RegistrationFunction

registrar = RegistrationFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event of the stream of the table of hosted services."""
    return registrar.handle(event)
