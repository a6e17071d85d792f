"""Routes are chosen as an HTTP API chooses them."""

from __future__ import annotations

import pytest

from local.routes import GatewayRoute, RouteTable

KEYS = [
    "$default",
    "ANY /{rest+}",
    "GET /pets/dog/{id}",
    "GET /pets/dog/1",
    "ANY /pets/{rest+}",
    "ANY /pets/{kind}/{id}",
    "POST /pets/{kind}/{id}",
]


@pytest.mark.parametrize(
    ("method", "path", "key", "variables"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1", {}),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("GET", "/pets/cat/2", "ANY /pets/{kind}/{id}", {"kind": "cat", "id": "2"}),
        ("POST", "/pets/cat/2", "POST /pets/{kind}/{id}", {"kind": "cat", "id": "2"}),
        ("GET", "/pets/cat/2/", "ANY /pets/{rest+}", {"rest": "cat/2/"}),
        ("GET", "/pets/", "ANY /pets/{rest+}", {"rest": ""}),
        ("GET", "/pets", "ANY /{rest+}", {"rest": "pets"}),
        ("GET", "*", "$default", {}),
    ],
)
def test_best_route_wins(method: str, path: str, key: str, variables: dict[str, str]) -> None:
    match = RouteTable(GatewayRoute(key, "F") for key in KEYS).match(method, path)
    assert match is not None
    assert (match.route.key, match.variables) == (key, variables)


def test_path_without_a_route_has_no_match() -> None:
    assert RouteTable([GatewayRoute("GET /a", "F")]).match("POST", "/a") is None
