"""The handlers of result services, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gpserverless.app.layer_sources import HostedLayers
from gpserverless.caller import Caller
from gpserverless.calls.admission import refuse
from gpserverless.errors import Forbidden
from gpserverless.http.dispatch import Handlers
from gpserverless.items.find import list_services
from gpserverless.items.portal_item import read_portal_item
from gpserverless.items.ports import ItemTable
from gpserverless.items.removal import remove_service
from gpserverless.protocols.featureserver.folder import FolderHandlers
from gpserverless.protocols.featureserver.handlers import FeatureServiceHandlers
from gpserverless.protocols.featureserver.query import LayerQueries


@dataclass(frozen=True)
class HostedServices:
    """The hosted services of a caller.

    Attributes:
        items: The table of hosted services.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    items: ItemTable
    now: Callable[[], int]

    def list_names(self, caller: Caller) -> Iterator[str]:
        """Yield the names of the services that a caller may see.

        Args:
            caller: The caller.
        """
        found = list_services(self.items, self.now())
        return (service.name for service in found if service.belongs_to(caller))

    def find_item(self, name: str) -> str:
        """Return the id of the portal's item of a service, "" for none.

        Args:
            name: Name of the service.
        """
        item = read_portal_item(self.items, name)
        return "" if item is None else item.item_id

    def remove(self, name: str, caller: Caller) -> None:
        """Remove a service.

        Args:
            name: Its name, in any letter case.
            caller: The caller.

        Raises:
            NotFound: There is no such service.
            TokenRequired: It belongs to a user, and nobody has signed in.
            Forbidden: It belongs to another user.
        """
        try:
            remove_service(self.items, name, caller, self.now())
        except Forbidden:
            raise refuse(caller) from None


def make_layer_handlers(hosted: HostedLayers, queries: LayerQueries, *, has_portal: bool) -> Handlers:
    """Return the handlers of feature services by the key of their route.

    Args:
        hosted: The layers of hosted services.
        queries: Answers queries of layers.
        has_portal: Whether a portal has items of the services; if not, nobody looks for them.
    """
    services = HostedServices(hosted.items, hosted.now)
    find_item = services.find_item if has_portal else lambda name: ""
    return {
        **FeatureServiceHandlers(queries, find_item).routes,
        **FolderHandlers(services.list_names, services.remove).routes,
    }
