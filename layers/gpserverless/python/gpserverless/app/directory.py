"""The function that describes: server, catalogue, services, tasks, and their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpserverless.access.credentials import Identify
from gpserverless.app.access import make_find_user, make_identify
from gpserverless.app.dispatcher import make_directory_dispatcher
from gpserverless.app.load_catalogue import find_pictures, load_catalogue
from gpserverless.app.site_settings import SiteSettings
from gpserverless.pages.static_files import StaticHandlers
from gpserverless.protocols.directory.help import HelpHandlers
from gpserverless.protocols.gpserver.directory import DirectoryHandlers
from gpserverless.protocols.sharing.portal import FindUser, PortalHandlers
from gpserverless.toolkit.catalogue import Catalogue


@dataclass(frozen=True)
class DirectorySettings(SiteSettings):
    """Settings of the function that describes services."""


class DirectoryFunction:
    """Answers requests for descriptions.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        identify: Returns the caller of credentials.
        find_user: Finds users.
        pictures: Folder of the pictures of tasks; None for none.
    """

    def __init__(
        self,
        settings: DirectorySettings,
        catalogue: Catalogue,
        identify: Identify,
        find_user: FindUser,
        pictures: Path | None = None,
    ) -> None:
        self._dispatcher = make_directory_dispatcher(settings, catalogue, identify)
        self._handlers = {
            **DirectoryHandlers(catalogue).routes,
            **PortalHandlers(find_user).routes,
            **StaticHandlers().routes,
            **HelpHandlers(catalogue, pictures).routes,
        }

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> DirectoryFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = DirectorySettings.read(environment)
        identify = make_identify(settings.public_url, settings.access_table)
        find_user = make_find_user(settings.access_table)
        catalogue = load_catalogue(settings.switched_on, settings.secured)
        return cls(settings, catalogue, identify, find_user, find_pictures())

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
        """
        return self._dispatcher.answer(event, self._handlers)
