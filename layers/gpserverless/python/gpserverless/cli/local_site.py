"""The project's toolboxes in this process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from gpserverless.errors import AuthoringError, CommandError
from gpserverless.project.project import TOOLBOXES, find_project
from gpserverless.testing.responses import ErrorAnswer
from gpserverless.testing.site import Site
from gpserverless.toolkit.mistakes import explain_mistake
from gpserverless.toolkit.toolboxes import Toolbox, discover


class LocalSite:
    """The toolboxes of the project that the current folder is in.

    Attributes:
        toolboxes: The toolboxes.

    Raises:
        AuthoringError: A toolbox is written wrongly.
        CommandError: There is no project.
    """

    def __init__(self) -> None:
        project = find_project(Path.cwd())
        sys.path.insert(0, str(project.tools))
        try:
            self.toolboxes: tuple[Toolbox, ...] = discover(TOOLBOXES)
        except AuthoringError:
            raise
        except Exception as error:
            raise AuthoringError(explain_mistake(error)) from error
        self._site = Site(self.toolboxes)

    def describe(self, path: str) -> dict[str, Any]:
        """Return the JSON of a resource below the services."""
        try:
            return dict(self._site.get(f"/arcgis/rest/services/{path}".rstrip("/")).json())
        except ErrorAnswer as error:
            raise CommandError(" ".join(error.details) or str(error)) from None
