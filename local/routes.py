"""Which function answers which URL, by the rules of an API Gateway HTTP API."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from local.functions import function_named
from local.resolver import Resolver
from local.template import Template, TemplateError

_VARIABLE = re.compile(r"\{([^}+]+)(\+?)\}")


@dataclass(frozen=True)
class Route:
    """One route of the API: `key` as the template has it, and the function it leads to."""

    key: str
    function: str


@dataclass(frozen=True)
class Match:
    """The route a request takes, with the values of the path's variables."""

    route: Route
    variables: dict[str, str]


def read_routes(template: Template, resolver: Resolver) -> list[Route]:
    """Return the routes of the template's HTTP API.

    Raises:
        TemplateError: A route leads nowhere, or the API wants something that is not served here.
    """
    for api in template.of_type("AWS::ApiGatewayV2::Api"):
        if "CorsConfiguration" in api.properties:
            raise TemplateError(f"{api.name}: the local cloud leaves CORS to the functions")
    functions = {
        integration.name: function_named(resolver(integration.properties["IntegrationUri"]), template)
        for integration in template.of_type("AWS::ApiGatewayV2::Integration")
    }
    return [
        Route(route.properties["RouteKey"], functions[_target(resolver(route.properties["Target"]))])
        for route in template.of_type("AWS::ApiGatewayV2::Route")
    ]


class RouteTable:
    """The routes in the order in which API Gateway prefers them.

    A full match comes first, then a greedy one, then `$default`; of two alike, the one with more
    literal segments, and a named method before `ANY`
    (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        ordered = sorted(routes, key=_preference)
        self._default = next((route for route in ordered if route.key == "$default"), None)
        self._patterns = [(route, *_pattern(route.key)) for route in ordered if route.key != "$default"]

    def match(self, method: str, path: str) -> Match | None:
        """Return the route for a request, or nothing.

        Args:
            method: The HTTP method.
            path: The decoded path.
        """
        for route, wanted, pattern in self._patterns:
            if wanted in {"ANY", method} and (found := pattern.fullmatch(path)):
                return Match(route, found.groupdict())
        return Match(self._default, {}) if self._default else None


def _preference(route: Route) -> tuple[bool, bool, int, bool]:
    """Return a key that sorts the preferred route first."""
    literal = sum("{" not in segment for segment in route.key.split("/"))
    return route.key == "$default", "+}" in route.key, -literal, route.key.startswith("ANY ")


def _pattern(key: str) -> tuple[str, re.Pattern[str]]:
    method, path = key.split(" ", 1)
    parts = []
    for segment in path.strip("/").split("/"):
        variable = _VARIABLE.fullmatch(segment)
        if variable is None:
            parts.append("/" + re.escape(segment))
        else:
            parts.append(f"/(?P<{variable[1]}>{'.*' if variable[2] else '[^/]+'})")
    return method, re.compile("".join(parts), re.DOTALL)


def _target(target: str) -> str:
    return target.removeprefix("integrations/")
