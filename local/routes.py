"""The routes of an API Gateway HTTP API, and their order of preference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from local.functions import find_function
from local.resolver import Resolver
from local.template import Template, TemplateError

_VARIABLE = re.compile(r"\{([^}+]+)(\+?)\}")


@dataclass(frozen=True)
class GatewayRoute:
    """One route of the API.

    Attributes:
        key: Its key in the template, such as "GET /pets/{id}".
        function: Logical id of its function.
    """

    key: str
    function: str


@dataclass(frozen=True)
class RouteMatch:
    """The route of a request.

    Attributes:
        route: The route.
        variables: The values of the path's variables.
    """

    route: GatewayRoute
    variables: dict[str, str]


def read_routes(template: Template, resolver: Resolver) -> list[GatewayRoute]:
    """Read the routes of the template's HTTP API.

    Raises:
        TemplateError: A route has no function, or the API has an option that is not supported here.
    """
    for api in template.of_type("AWS::ApiGatewayV2::Api"):
        if "CorsConfiguration" in api.properties:
            raise TemplateError(f"{api.name}: the local cloud leaves CORS to the functions")
    functions = {
        integration.name: find_function(resolver(integration.properties["IntegrationUri"]), template)
        for integration in template.of_type("AWS::ApiGatewayV2::Integration")
    }
    return [
        GatewayRoute(
            route.properties["RouteKey"], functions[_read_target(resolver(route.properties["Target"]))]
        )
        for route in template.of_type("AWS::ApiGatewayV2::Route")
    ]


class RouteTable:
    """The routes in the order in which API Gateway prefers them.

    A full match comes first, then a greedy one, then `$default`; of two alike, the one with more
    literal segments, and a named method before `ANY`
    (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
    """

    def __init__(self, routes: Iterable[GatewayRoute]) -> None:
        ordered = sorted(routes, key=_rank)
        self._default = next((route for route in ordered if route.key == "$default"), None)
        self._patterns = [
            (route, *_compile_pattern(route.key)) for route in ordered if route.key != "$default"
        ]

    def match(self, method: str, path: str) -> RouteMatch | None:
        """Return the route for a request, or nothing.

        Args:
            method: The HTTP method.
            path: The decoded path.
        """
        for route, wanted, pattern in self._patterns:
            if wanted in {"ANY", method} and (found := pattern.fullmatch(path)):
                return RouteMatch(route, found.groupdict())
        return RouteMatch(self._default, {}) if self._default else None


def _rank(route: GatewayRoute) -> tuple[bool, bool, int, bool]:
    """Return a key that sorts the preferred route first."""
    literal = sum("{" not in segment for segment in route.key.split("/"))
    return route.key == "$default", "+}" in route.key, -literal, route.key.startswith("ANY ")


def _compile_pattern(key: str) -> tuple[str, re.Pattern[str]]:
    method, path = key.split(" ", 1)
    parts = []
    for segment in path.strip("/").split("/"):
        variable = _VARIABLE.fullmatch(segment)
        if variable is None:
            parts.append("/" + re.escape(segment))
        else:
            parts.append(f"/(?P<{variable[1]}>{'.*' if variable[2] else '[^/]+'})")
    return method, re.compile("".join(parts), re.DOTALL)


def _read_target(target: str) -> str:
    return target.removeprefix("integrations/")
