"""All code on the page of a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.protocols.directory.snippets import curl, javascript, python
from gpserverless.protocols.directory.snippets.snippet import Snippet
from gpserverless.protocols.directory.snippets.values import give_values


def make_snippets(
    url: str, task: Mapping[str, Any], values: Mapping[str, str] | None = None
) -> tuple[Snippet, ...]:
    """Return the code for every client.

    Args:
        url: URL of the task.
        task: Document of the task.
        values: Wire values by name of the parameter; None for the defaults.
    """
    given = give_values(task, values)
    outputs = [p["name"] for p in task["parameters"] if p["direction"] == "esriGPParameterDirectionOutput"]
    is_synchronous = task["executionType"] == "esriExecutionTypeSynchronous"
    return (
        curl.make_execute(url, given) if is_synchronous else curl.make_submit(url, given, outputs),
        python.make_arcgis(url, given, is_synchronous=is_synchronous),
        javascript.make_core(url, given, outputs, is_synchronous=is_synchronous),
        javascript.make_rest(url, given, is_synchronous=is_synchronous),
        python.make_pro(url, given),
    )
