"""The help of a task: a page that is drawn of its spec, which is its signature and docstring.

help/[<folder>/]<service>/<task>
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.pages.language import find_language
from gpserverless.pages.render import Pages
from gpserverless.protocols.directory.example_call import write_example
from gpserverless.protocols.directory.frame import TEXTS
from gpserverless.protocols.directory.pictures import read_picture
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import Parameter

HELP = "help"
"""Key of the route, and the first segment of its path below the site."""

_TEMPLATES = Path(__file__).with_name("templates")


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
    """Handler of the help. Whoever may see a task may read its help: `admit` decides it before.

    Attributes:
        catalogue: The published services.
        pictures: Folder of the pictures of tasks; None for none.
        pages: The templates.
    """

    catalogue: Catalogue
    pictures: Path | None = None
    pages: Pages = field(default_factory=lambda: Pages(_TEMPLATES, TEXTS))

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {HELP: self.get_help}

    def get_help(self, request: Request, service: str, task: str) -> Response:
        """Return the help of a task, a page in every format.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.

        Raises:
            NotFound: There is no such service or task.
        """
        spec, owner = self.catalogue.task(service, task), self.catalogue.service(service)
        url = f"{request.root}/rest/services/{service}/GPServer"
        summary, *paragraphs = spec.description.split("\n\n")
        return self.pages.render(
            "help.html",
            request.root,
            language=find_language(request),
            service=owner,
            task=spec,
            service_url=url,
            task_url=f"{url}/{spec.name}",
            summary=summary,
            paragraphs=paragraphs,
            inputs=[describe_input(each) for each in spec.inputs],
            seconds=spec.seconds or owner.limits.seconds,
            picture=self.pictures and read_picture(self.pictures, service, task),
            example=write_example(owner, spec, f"{url}/{spec.name}"),
        )


def describe_input(parameter: Parameter) -> dict[str, Any]:
    """Return the line of an input.

    Args:
        parameter: The input.
    """
    default = parameter.default
    return {
        "name": parameter.name,
        "title": parameter.title,
        "type": parameter.data_type.name,
        "description": parameter.description,
        "accepted": parameter.data_type.accepted,
        "required": parameter.required,
        "default": ""
        if default is None
        else str(default).lower()
        if isinstance(default, bool)
        else str(default),
    }
