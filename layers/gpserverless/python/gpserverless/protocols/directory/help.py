"""The help of a task: everything that its spec says, which is its signature and docstring.

help/[<folder>/]<service>/<task>
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.http.write import write
from gpserverless.protocols.directory.example_call import write_example
from gpserverless.protocols.directory.pictures import read_picture
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import Parameter

HELP = "help"
"""Key of the route, and the first segment of its path below the site."""


def find_help_route(segments: tuple[str, ...]) -> Route | None:
    """Return the route of the help of a task, None for any other path.

    Args:
        segments: Decoded segments of a path below the site.
    """
    match segments:
        case (first, *folder, service, task) if first.lower() == HELP and len(folder) <= 1:
            return Route(HELP, {"service": "/".join([*folder, service]), "task": task})
    return None


@dataclass(frozen=True)
class HelpHandlers:
    """Handler of the help. A caller who may see a task may read its help: `admit` decides it before.

    Attributes:
        catalogue: The published services.
        pictures: Folder of the pictures of tasks; None for none.
    """

    catalogue: Catalogue
    pictures: Path | None = None

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {HELP: self.get_help}

    def get_help(self, request: Request, service: str, task: str) -> Response:
        """Return the help of a task.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.

        Raises:
            NotFound: There is no such service or task.
        """
        spec, owner = self.catalogue.task(service, task), self.catalogue.service(service)
        url = f"{request.root}/rest/services/{service}/GPServer/{spec.name}"
        picture = self.pictures and read_picture(self.pictures, service, task)
        document = {
            "name": spec.name,
            "displayName": spec.title,
            "description": spec.description,
            "runUrl": f"{url}/{'execute' if owner.execution == 'sync' else 'submitJob'}",
            "picture": picture and {"url": picture.url, "title": picture.title},
            "inputs": [describe_input(each) for each in spec.inputs],
            "outputs": [describe_output(each) for each in spec.outputs],
            "limits": {
                "seconds": spec.seconds or owner.limits.seconds,
                "features": owner.limits.max_features,
                "vertices": owner.limits.max_vertices,
                "records": owner.limits.max_records,
                "bytes": owner.limits.max_bytes,
            },
            "example": write_example(owner, spec, url),
        }
        return write(document, request.answer_format)


def describe_input(parameter: Parameter) -> dict[str, Any]:
    """Return the line of an input.

    Args:
        parameter: The input.
    """
    return {
        "name": parameter.name,
        "dataType": parameter.data_type.name,
        "description": parameter.description,
        "accepted": parameter.data_type.accepted,
        "required": parameter.required,
        "default": _write_default(parameter.default),
    }


def describe_output(parameter: Parameter) -> dict[str, Any]:
    """Return the line of an output.

    Args:
        parameter: The output.
    """
    return {
        "name": parameter.name,
        "dataType": parameter.data_type.name,
        "description": parameter.description or parameter.title,
    }


def _write_default(default: Any) -> str:
    if default is None:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)
