"""The recorded events, and what a function answers to each of them when nothing else has happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.options import ROOT

EVENTS: Mapping[str, Mapping[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "events").glob("*.json"))
}
"""The events by their names."""

_STATUSES = {"execute-preflight": 204, "file": 400}
_ABOUT_NOTHING = frozenset({"job", "job-cancel", "job-inputs", "job-result", "job-results", "uploads-commit"})
"""Events about a job or an item that is not there; they are answered with an error."""


def complaint(name: str, answer: Any) -> str:
    """Return what is wrong with the answer to the event `name`; "" if nothing is."""
    if not isinstance(answer, dict) or "errorMessage" in answer:
        return f"the function failed: {answer}"
    if "requestContext" not in EVENTS[name]:
        return "messages failed" if answer.get("batchItemFailures") or answer.get("deleted") else ""
    if (status := answer.get("statusCode")) != _STATUSES.get(name, 200):
        return f"its status is {status}"
    if name in _STATUSES:
        return ""
    error = json.loads(answer["body"]).get("error")
    if (error is not None) != (name in _ABOUT_NOTHING) or (error and error["code"] >= 500):
        return f"its error is {error}"
    return ""
