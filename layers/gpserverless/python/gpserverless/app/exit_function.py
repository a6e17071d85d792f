"""The end of a function that cannot do its work any more: Lambda starts another in its place."""

from __future__ import annotations

import logging
import os
from typing import NoReturn

from gpserverless.app.logs import make_logger

logger = make_logger()


def end_function(why: BaseException) -> NoReturn:
    """End this process; the invocation under way fails, and the next one has a new environment.

    Lambda starts a runtime anew that has exited: see docs.aws.amazon.com/lambda/latest/dg,
    lambda-runtime-environment.html.

    Args:
        why: What has happened, for the log.
    """
    logger.critical("function ended", extra={"problem": type(why).__name__, "why": str(why)})
    logging.shutdown()
    os._exit(1)
