"""The stack of a template: its resources are made, the rest of it is read, and nothing runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local.functions import Function, add_functions, read_functions
from local.policies import Policies, read_policies
from local.queues import QueueTrigger, read_queue_triggers
from local.resolver import Resolver
from local.resources import make_resources
from local.routes import GatewayRoute, RouteMatch, RouteTable, read_routes
from local.schedules import Schedule, read_schedules
from local.streams import StreamTrigger, read_stream_triggers
from local.template import Template


@dataclass(frozen=True)
class Stack:
    """One stack.

    Attributes:
        endpoint: URL of its AWS.
        functions: The functions, by logical id.
        policies: Statements of the functions' policies, by logical id.
        routes: The routes of the API.
        queue_triggers: The queues with functions behind them.
        stream_triggers: The streams with functions behind them.
        schedules: The enabled schedules.
    """

    endpoint: str
    functions: Mapping[str, Function]
    policies: Policies
    routes: tuple[GatewayRoute, ...]
    queue_triggers: tuple[QueueTrigger, ...]
    stream_triggers: tuple[StreamTrigger, ...]
    schedules: tuple[Schedule, ...]

    def match(self, method: str, path: str) -> RouteMatch | None:
        """Return the route for a request, if there is one.

        Args:
            method: The HTTP method.
            path: The decoded path.
        """
        return RouteTable(self.routes).match(method, path)


def make_stack(
    template: Template,
    parameters: Mapping[str, str],
    endpoint: str,
    variables: Mapping[str, str] | None = None,
) -> Stack:
    """Make the resources of a template, and read the rest.

    Args:
        template: The template.
        parameters: Values of its parameters, over the defaults.
        endpoint: URL of the AWS.
        variables: Environment variables of every function, over those of the template.

    Raises:
        TemplateError: The local cloud does not support the template.
    """
    resolver = Resolver(template, parameters)
    add_functions(template, resolver)
    make_resources(template, resolver, endpoint)
    return Stack(
        endpoint=endpoint,
        functions=read_functions(template, resolver, variables),
        policies=read_policies(template, resolver),
        routes=tuple(read_routes(template, resolver)),
        queue_triggers=tuple(read_queue_triggers(template, resolver)),
        stream_triggers=tuple(read_stream_triggers(template, resolver)),
        schedules=tuple(read_schedules(template, resolver)),
    )
