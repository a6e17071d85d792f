"""Handlers whose code is loaded with the first request for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from gpserverless.http.dispatch import Handler, Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response


def load_on_demand(
    keys: Iterable[str], make: Callable[[], Handlers]
) -> tuple[Handlers, Callable[[], object]]:
    """Return handlers by the key of their route, and a function that loads their code now.

    Args:
        keys: The keys.
        make: Imports and makes the handlers of these keys; called once.
    """
    load = cache(make)

    def delay(key: str) -> Handler:
        def handle(request: Request, **names: Any) -> Response:
            return load()[key](request, **names)

        return handle

    return {key: delay(key) for key in keys}, load
