"""Requests that real clients and pages send, and that were once answered wrongly, over real HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from tests.field.answer_expectations import find_failures
from tests.wire.conftest import SERVICES, Site

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("protocol.json").read_text("utf-8"))


def send(site: Site, request: dict[str, Any]) -> urllib3.BaseHTTPResponse:
    """Send the request of a case as it stands there; members that are no texts go as JSON."""
    query = urlencode(request.get("query", {}))
    url = f"{site.url}{SERVICES}{request['path']}{'?' if query else ''}{query}"
    headers, body = dict(request.get("headers", {})), request.get("body")
    if "form" in request:
        form = {n: v if isinstance(v, str) else json.dumps(v) for n, v in request["form"].items()}
        body, headers["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
    return site.pool.request(request["method"], url, body=body, headers=headers)


def read_json(response: urllib3.BaseHTTPResponse) -> Any:
    return json.loads(response.data) if response.data[:1] in (b"{", b"[") else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_request_is_answered_rightly(site: Site, case: dict[str, Any]) -> None:
    response = send(site, case["request"])
    headers = {name.lower(): value for name, value in response.headers.items()}
    failures = find_failures(case["expect"], read_json(response), headers)
    assert failures == [], case["right"]
