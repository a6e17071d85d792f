"""Paths of the portal, in every place where a client looks for it and in any letter case."""

from __future__ import annotations

import pytest

from gpserverless.errors import NotFound
from gpserverless.protocols.sharing.routes import find_portal_route, find_route_of_portal

PORTAL = [
    ("", "portal"),
    ("/info", "portalInfo"),
    ("/community/self", "communitySelf"),
    ("/generateToken", "generateToken"),
    ("/oauth2/authorize", "authorize"),
    ("/oauth2/signin", "signIn"),
    ("/oauth2/token", "token"),
    ("/oauth2/revokeToken", "revokeToken"),
    ("/search", "unknown"),
    ("/content/items/0123", "unknown"),
    ("/portals", "unknown"),
    ("/community/users/ana/tasks", "unknown"),
]
ELSEWHERE = [
    ("info", "portalInfo"),
    ("tokens", "generateToken"),
    ("tokens/generateToken", "generateToken"),
    ("admin/generateToken", "generateToken"),
    ("rest/generateToken", "generateToken"),
    ("rest/login", "login"),
    ("rest/logout", "logout"),
    ("rest/login/outside", "outside"),
    ("rest/login/callback", "callback"),
]
PATHS = [
    *((f"{prefix}{path}", resource) for prefix in ("sharing", "sharing/rest") for path, resource in PORTAL),
    *ELSEWHERE,
]


def split(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


@pytest.mark.parametrize(("path", "resource"), PATHS)
def test_path_leads_to(path: str, resource: str) -> None:
    for spelled in (path, path.upper(), path.lower()):
        route = find_portal_route(split(spelled))
        assert route is not None
        assert route.key == resource
        assert route.path in ("" if resource == "unknown" else path, "")


@pytest.mark.parametrize(
    ("path", "resource", "names"),
    [
        ("portals/self", "portalSelf", {"portal": "self"}),
        ("Portals/0123ABC", "portalSelf", {"portal": "0123ABC"}),
        ("portals/self/roles", "roles", {"portal": "self"}),
        ("community/Users/Ana", "user", {"name": "Ana"}),
        ("community/users/self", "user", {"name": "self"}),
    ],
)
@pytest.mark.parametrize("prefix", ["sharing", "sharing/rest", "Sharing/REST"])
def test_names_keep_their_letter_case(prefix: str, path: str, resource: str, names: dict[str, str]) -> None:
    route = find_portal_route(split(f"{prefix}/{path}"))
    assert route is not None
    assert (route.key, route.names) == (resource, names)


@pytest.mark.parametrize(
    "path",
    ["rest", "rest/services", "rest/info", "rest/login/x", "tokens/x", "admin", "admin/login", "sharingx"],
)
def test_everything_else_is_of_another_protocol(path: str) -> None:
    assert find_portal_route(split(path)) is None
    with pytest.raises(NotFound):
        find_route_of_portal(split(path))


def test_site_itself_is_of_another_protocol() -> None:
    assert find_portal_route(()) is None
