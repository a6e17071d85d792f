"""Calls the webhooks of services."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.webhook import WebhookFunction

webhooks = WebhookFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event of the queue."""
    return webhooks.handle(event)
