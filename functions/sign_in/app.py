"""Signs users in: passwords for tokens, the sign-in page, and OAuth."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.sign_in import SignInFunction

sign_in = SignInFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return sign_in.handle(event)
