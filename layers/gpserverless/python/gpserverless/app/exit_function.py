"""The exit of a function that cannot do its work any more: Lambda starts another in its place."""

from __future__ import annotations

import logging
import os
from typing import NoReturn

from gpserverless.app.logs import make_logger

logger = make_logger()


def exit_function(why: BaseException) -> NoReturn:
    """Exit this process; the invocation under way fails, and the next one has a new environment.

    Lambda restarts a runtime that has exited: see docs.aws.amazon.com/lambda/latest/dg,
    lambda-runtime-environment.html.

    Args:
        why: The reason, for the log.
    """
    logger.critical("function ended", extra={"problem": type(why).__name__, "why": str(why)})
    logging.shutdown()
    os._exit(1)
