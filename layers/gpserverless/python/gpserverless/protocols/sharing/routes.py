"""From the path of a request to the resource of the portal that it names. P is sharing/rest or sharing.

P                                                 portal
P/info, info                                      portal info
P/portals/<id>                                    portal itself; "self" is this one
P/portals/<id>/roles                              roles
P/community/self                                  the caller
P/community/users/<name>                          user
P/generateToken, tokens[/generateToken],
admin/generateToken, rest/generateToken           a token for a password, or for another token
P/oauth2/authorize|signin|token|revokeToken       sign-in of applications
rest/login, rest/logout                           sign-in of browsers
rest/login/outside, rest/login/callback           the way to another issuer and back
P/…                                               anything else that a portal could have, and this one has not

The words may have any letter case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from gpserverless.errors import NotFound
from gpserverless.http.cors import SHARING
from gpserverless.http.route import Route

Resource = Literal[
    "portal", "portalInfo", "portalSelf", "roles", "communitySelf", "user", "unknown",
    "generateToken", "authorize", "signIn", "token", "revokeToken",
    "login", "logout", "outside", "callback",
]  # fmt: skip

RESOURCES = get_args(Resource)
"""Every kind of resource of the portal."""

SIGN_IN = (
    *("generateToken", "authorize", "signIn", "token", "revokeToken"),
    *("login", "logout", "outside", "callback"),
)
"""Keys of the routes that the function answers that reads passwords."""

_REST = "rest"
_TOKEN = "generateToken"  # noqa: S105 - the name of a resource
_PORTAL: Mapping[str, Resource] = {
    "": "portal",
    "info": "portalInfo",
    "community/self": "communitySelf",
    _TOKEN: "generateToken",
    "oauth2/authorize": "authorize",
    "oauth2/signin": "signIn",
    "oauth2/token": "token",
    "oauth2/revokeToken": "revokeToken",
}
_ELSEWHERE: Mapping[str, Resource] = {
    "info": "portalInfo",
    "tokens": "generateToken",
    f"tokens/{_TOKEN}": "generateToken",
    f"admin/{_TOKEN}": "generateToken",
    f"rest/{_TOKEN}": "generateToken",
    "rest/login": "login",
    "rest/logout": "logout",
    "rest/login/outside": "outside",
    "rest/login/callback": "callback",
}
_FOR_PROGRAMS = ("token", "revokeToken")
"""Resources of which the standard asks JSON (RFC 6749, section 5.1); applications send no `f`."""

_PATHS = {
    path.rstrip("/").lower(): Route(
        resource, path=path.rstrip("/"), is_for_programs=resource in _FOR_PROGRAMS
    )
    for paths, prefixes in ((_PORTAL, ("sharing/rest/", "sharing/")), (_ELSEWHERE, ("",)))
    for below, resource in paths.items()
    for path in (prefix + below for prefix in prefixes)
}


def find_portal_route(segments: tuple[str, ...]) -> Route | None:
    """Return the route of a path below the site, None if it is none of the portal's.

    Args:
        segments: Decoded segments of the path.
    """
    lowered = [segment.lower() for segment in segments]
    if found := _PATHS.get("/".join(lowered)):
        return found
    if lowered[:1] != [SHARING]:
        return None
    below = 2 if lowered[1:2] == [_REST] else 1
    match lowered[below:]:
        case ["portals", _]:
            return Route("portalSelf", {"portal": segments[-1]})
        case ["portals", _, "roles"]:
            return Route("roles", {"portal": segments[-2]})
        case ["community", "users", _]:
            return Route("user", {"name": segments[-1]})
    return Route("unknown")


def find_route_of_portal(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below the site.

    Args:
        segments: Decoded segments of the path.

    Raises:
        NotFound: It is none of the portal's.
    """
    route = find_portal_route(segments)
    if route is None:
        raise NotFound("There is no such resource.")
    return route
