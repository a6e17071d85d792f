"""The template's stack on an emulator, and the events of requests to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from local.emulator import Emulator
from local.events import HttpRequest, build_http_event
from local.options import ROOT
from local.stack import Stack, make_stack
from local.template import Template


@contextmanager
def emulate_stack() -> Iterator[Stack]:
    """Make the template's stack on an emulator."""
    emulator = Emulator()
    with asyncio.Runner() as runner:
        runner.run(emulator.start())
        try:
            template = Template.read(ROOT / "template.yaml")
            yield make_stack(template, {"AwsEndpointUrl": emulator.endpoint}, emulator.endpoint)
        finally:
            runner.run(emulator.stop())


def build_event(stack: Stack, path: str, body: bytes = b"") -> dict[str, Any]:
    """Build the event of a GET, or of a POST of a form.

    Args:
        stack: The stack.
        path: Path and query.
        body: The form; empty for a GET.
    """
    at = urlsplit(path)
    method = "POST" if body else "GET"
    headers = (("content-type", "application/x-www-form-urlencoded"),) if body else ()
    request = HttpRequest(method, at.path, at.query, headers, body, "127.0.0.1", "127.0.0.1")
    match = stack.match(method, at.path)
    if match is None:
        raise ValueError(f"no function answers {path}")
    return build_http_event(request, match)
