"""The pages of a function, of which the code is loaded with the first of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from gpserverless.app.site_settings import SiteSettings
from gpserverless.app.snapstart import load_before_snapshot
from gpserverless.http.request import Request
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite, Read

if TYPE_CHECKING:
    from gpserverless.app.descriptions import CatalogueDescriptions
    from gpserverless.toolkit.catalogue import Catalogue

FindCatalogue = Callable[[], "Catalogue"]
"""Returns the published services."""


def catalogue_on_demand(settings: SiteSettings) -> FindCatalogue:
    """Return what loads the published services at its first call.

    Args:
        settings: The settings of the function.
    """

    @cache
    def find() -> Catalogue:
        from gpserverless.app.load_catalogue import load_catalogue

        return load_catalogue(settings.switched_on, settings.secured)

    return find


def make_pages(
    settings: SiteSettings, find_catalogue: FindCatalogue, read: Read | None = None
) -> DirectoryPages:
    """Make the pages of a function, which a snapshot holds.

    Args:
        settings: The settings of the function.
        find_catalogue: Finds the published services, for the first page.
        read: Reads resources that a page shows beside its own; None if there are none.
    """
    descriptions = _Descriptions(find_catalogue)
    pages = DirectoryPages(DirectorySite(settings.public_url, descriptions, read, settings.stores))

    def load() -> None:
        pages.load()
        descriptions.load()

    load_before_snapshot(load)
    return pages


@dataclass(frozen=True)
class _Descriptions:
    """The documents of the catalogue; see `directory.ports.Descriptions`."""

    find_catalogue: FindCatalogue

    def load(self) -> None:
        """Load the catalogue, and the code that describes it."""
        _ = self._of_catalogue

    def folder(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the document of a folder; see `Descriptions`."""
        return self._of_catalogue.folder(request, name)

    def service(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the document of a service; see `Descriptions`."""
        return self._of_catalogue.service(request, name)

    def task(self, request: Request, service: str, name: str) -> Mapping[str, Any]:
        """Return the document of a task; see `Descriptions`."""
        return self._of_catalogue.task(request, service, name)

    def layers(self, request: Request, service: str, task: str) -> Mapping[str, int]:
        """Return the number of the layer of each output of a task; see `Descriptions`."""
        return self._of_catalogue.layers(request, service, task)

    @cached_property
    def _of_catalogue(self) -> CatalogueDescriptions:
        from gpserverless.app.descriptions import CatalogueDescriptions

        return CatalogueDescriptions(self.find_catalogue())
