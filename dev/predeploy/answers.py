"""The recorded events, and the answers of a fresh stack to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.options import ROOT

EVENTS: Mapping[str, Mapping[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "events").glob("*.json"))
}
"""The events by their names."""

_STATUSES = {"execute-preflight": 204, "portal-preflight": 204, "file": 400}
_ABOUT_MISSING = frozenset(
    {
        *("job", "job-cancel", "job-inputs", "job-result", "job-results", "own-jobs"),
        *("uploads-commit", "generate-token", "layer-download"),
        *("feature-service", "layer-query", "remove-service", "map-export", "map-layer-query"),
    }
)
"""Events about a job, an item, a service or a user that is not there, or of nobody: answered by errors."""

_PAGES = frozenset({"authorize", "login"})
"""Events that are answered with a page."""

_SOAP = "soap-"
_FAULTS = {
    "soap-get-job-result": "There is no job",
    "soap-execute": "The service failed",  # no other function is running that could be asked
}
"""Events of SOAP that are answered with a fault, with its text."""


def find_problem(name: str, answer: Any) -> str:
    """Describe the problem of an answer; "" if there is none.

    Args:
        name: The event.
        answer: The answer of its function.
    """
    if not isinstance(answer, dict) or "errorMessage" in answer:
        return f"the function failed: {answer}"
    if "requestContext" not in EVENTS[name]:
        return _find_problem_without_http(name, answer)
    if (status := answer.get("statusCode")) != _STATUSES.get(name, 200):
        return f"its status is {status}"
    return "" if name in _STATUSES else _find_problem_of_body(name, answer)


def _find_problem_of_body(name: str, answer: Any) -> str:
    if name in _PAGES:
        return "" if "</html>" in answer["body"] else "it is no page"
    if name.startswith(_SOAP):
        fault = answer["body"].partition("<faultstring>")[2].partition("</faultstring>")[0]
        expected = _FAULTS.get(name, "")
        right = fault.startswith(expected) if expected else not fault and "xml" in answer["body"][:10]
        return "" if right else f"its fault is {fault}"
    error = json.loads(answer["body"]).get("error")
    if (error is not None) != (name in _ABOUT_MISSING) or (error and error["code"] >= 500):
        return f"its error is {error}"
    return ""


def _find_problem_without_http(name: str, answer: Mapping[str, Any]) -> str:
    if name == "fetch":  # from a host that is not on the list
        return "" if "FetchAllowedHosts" in answer.get("problem", "") else f"it is {answer}"
    return "messages failed" if answer.get("batchItemFailures") or answer.get("deleted") else ""
