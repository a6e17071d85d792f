"""Structured logs: one JSON object a line, with the ids of the invocation, and of its job.

    function_request_id   Lambda's id of the invocation
    gateway_request_id    the gateway's id of the HTTP request, as its access log has it
    job                   id of the job
    toolbox, task         the service and the task; `service` is the application's name

The lines of a tool's process carry the same, see `sandbox.child_logs`.
"""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger

from gpserverless.values.secrets import blank_members, blank_secrets

IDS = ("function_request_id", "gateway_request_id", "job", "toolbox", "task")

_LIBRARIES = ("boto3", "botocore", "s3transfer", "urllib3")
"""Libraries whose lines below WARNING are requests: with signatures, rows and bodies."""

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def make_logger() -> Logger:
    """Return the function's logger; the rooms below write to the same one through the standard library.

    There is one however often it is made: the ids of an invocation are in each of its lines.
    """
    logger = Logger(json_serializer=_serialize)
    below = logging.getLogger("gpserverless")
    below.handlers = list(logger.handlers)
    below.propagate = False
    below.setLevel(logger.log_level)
    _blank_lines_of_libraries()
    return logger


def _blank_lines_of_libraries() -> None:
    """Keep requests out of the log at every level, and secrets out of the lines that Lambda writes itself."""
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.root.handlers:
        if not isinstance(handler.formatter, _BlankingFormatter):
            handler.setFormatter(_BlankingFormatter(handler.formatter or logging.Formatter()))


class _BlankingFormatter(logging.Formatter):
    """Writes a line as another formatter does, without its secrets.

    Args:
        inner: The other formatter.
    """

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return blank_secrets(self._inner.format(record))


def _serialize(line: dict[str, Any]) -> str:
    """Return the JSON text of a line of the log; secrets in it are blank."""
    return json.dumps(
        blank_members(line),
        default=lambda value: blank_secrets(str(value)),
        separators=(",", ":"),
        ensure_ascii=False,
    )


_logger = make_logger()


def log_request_ids(handler: Handler) -> Handler:
    """Add the ids of the invocation to every line that a Lambda handler writes.

    It ends the cold start: see `gpserverless.app`.

    Args:
        handler: Takes an event and the context, as Lambda gives them.
    """
    gc.freeze()
    gc.enable()

    @wraps(handler)
    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        gateway = (event.get("requestContext") or {}).get("requestId")
        with log_ids(function_request_id=context.aws_request_id, gateway_request_id=gateway):
            return handler(event, context)

    return handle


@contextmanager
def log_ids(**ids: str | None) -> Iterator[None]:
    """Add ids to every line until the end of the block; those that are empty are left out."""
    before = current_ids()
    known = {name: value for name, value in ids.items() if value}
    _logger.append_keys(**known)
    try:
        yield
    finally:
        _logger.remove_keys(set(known) - set(before))
        _logger.append_keys(**before)


def current_ids() -> Mapping[str, str]:
    """Return the ids that lines carry now."""
    keys = _logger.get_current_keys()
    return {name: keys[name] for name in IDS if name in keys}


def ids_to_pass_on() -> Mapping[str, str]:
    """Return the ids for the lines of a function that this one invokes: all but that of the invocation."""
    return {name: value for name, value in current_ids().items() if name != IDS[0]}
