"""The gateway of the lab: a request of the task, sent to the jobs function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dev.faults.lab.functions import API_MS
from gpserverless.app.jobs import JobsFunction
from local.events import HttpRequest, build_http_event, parse_http_response
from local.routes import GatewayRoute, RouteMatch

_TASK = "/arcgis/rest/services/Conformance/Async/GPServer/Echo"
_ROUTE = RouteMatch(GatewayRoute("ANY", "JobsFunction"), {})


def send_request(jobs: JobsFunction, method: str, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Send a request as the gateway does; return the JSON of the answer.

    Args:
        jobs: The jobs function.
        method: GET or POST.
        path: The path below the task.
        fields: The fields of its query or form.
    """
    form = urlencode({**fields, "f": "json"})
    headers = (("content-type", "application/x-www-form-urlencoded"),) if method == "POST" else ()
    query, body = ("", form.encode()) if method == "POST" else (form, b"")
    request = HttpRequest(method, _TASK + path, query, headers, body, "192.0.2.1", "lab.test")
    answer = jobs.handle(build_http_event(request, _ROUTE), API_MS)
    found: dict[str, Any] = json.loads(parse_http_response(json.dumps(answer).encode()).body or "{}")
    return found
