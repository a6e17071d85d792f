"""The function that describes: server, catalogue, services, tasks, and their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.logs import log_ids
from gpserverless.http.dispatch import Dispatcher
from gpserverless.protocols.gpserver.directory import DirectoryHandlers
from gpserverless.protocols.gpserver.routes import find_route_of_site
from gpserverless.settings import Settings
from gpserverless.toolkit.catalogue import Catalogue


@dataclass(frozen=True)
class DirectorySettings(Settings):
    """Settings of the function that describes services."""

    public_url: str
    switched_on: frozenset[str]
    access_table: str


class DirectoryFunction:
    """Answers requests for descriptions.

    Args:
        settings: The function's settings.
        catalogue: The published services.
    """

    def __init__(self, settings: DirectorySettings, catalogue: Catalogue) -> None:
        self._dispatcher = Dispatcher(settings.public_url, find_route_of_site, log_ids)
        self._handlers = DirectoryHandlers(catalogue).routes

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> DirectoryFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = DirectorySettings.read(environment)
        return cls(settings, load_catalogue(settings.switched_on))

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
        """
        return self._dispatcher.answer(event, self._handlers)
