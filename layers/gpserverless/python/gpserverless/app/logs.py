"""Structured logs: one JSON object a line, with the function's name and the request's id."""

from __future__ import annotations

import logging

from aws_lambda_powertools import Logger


def make_logger() -> Logger:
    """Return the function's logger, to which the rooms below, knowing the standard one only, write too."""
    logger = Logger()
    below = logging.getLogger("gpserverless")
    below.handlers = list(logger.handlers)
    below.propagate = False
    return logger
