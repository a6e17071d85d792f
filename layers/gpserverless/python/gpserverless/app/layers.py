"""The function that answers for result services: features of hosted services, and maps of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.access.credentials import Identify
from gpserverless.app.access import make_identify
from gpserverless.app.handlers_on_demand import load_on_demand
from gpserverless.app.layer_answers import LargeAnswers
from gpserverless.app.layer_descriptions import Descriptions
from gpserverless.app.layer_dispatcher import make_layer_dispatcher
from gpserverless.app.layer_files import LayerFiles
from gpserverless.app.layer_handlers import make_layer_handlers
from gpserverless.app.layer_libraries import load_libraries
from gpserverless.app.layer_sources import HostedLayers
from gpserverless.app.layer_stores import LayerStores, open_layer_stores
from gpserverless.app.pages import FindCatalogue, catalogue_on_demand
from gpserverless.app.site_settings import SiteSettings
from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.cancellation import Deadline
from gpserverless.clock import Clock, SystemClock
from gpserverless.protocols.featureserver.query import LayerQueries
from gpserverless.protocols.mapserver.routes import RESOURCES


@dataclass(frozen=True)
class LayersSettings(SiteSettings):
    """Settings of the function that answers for result services."""

    table: str
    items_table: str
    bucket: str
    retention_hours: float
    portal_user: str


class LayersFunction:
    """Answers for hosted feature services and for maps of jobs.

    Args:
        settings: The function's settings.
        find_catalogue: Finds the published services.
        stores: The table of jobs, the table of hosted services, and the store.
        identify: Returns the caller of credentials.
        clock: The time.
    """

    def __init__(
        self,
        settings: LayersSettings,
        find_catalogue: FindCatalogue,
        stores: LayerStores,
        identify: Identify,
        clock: Clock,
    ) -> None:
        self._now = clock.now
        self._deadline = Deadline(lambda: None)
        files = LayerFiles(stores.files, lambda: self._deadline)
        hosted = HostedLayers(stores.items, Descriptions(stores.objects), files, self._now)
        queries = LayerQueries(hosted, LargeAnswers(stores.objects, self._now))

        def make_maps() -> Mapping[str, Any]:
            from gpserverless.app.map_handlers import make_map_handlers

            return make_map_handlers(find_catalogue(), stores, hosted, queries, clock)

        maps, load_maps = load_on_demand((*RESOURCES, "result"), make_maps)
        load_before_snapshot(load_maps, load_libraries)
        self._handlers = {
            **make_layer_handlers(hosted, queries, has_portal=bool(settings.portal_user)),
            **maps,
        }
        self._dispatcher = make_layer_dispatcher(settings, find_catalogue, identify, self._handlers)

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> LayersFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = LayersSettings.read(environment)
        renew_after_restore()
        stores = open_layer_stores(settings.table, settings.items_table, settings.bucket)
        identify = make_identify(settings.public_url, settings.access_table)
        return cls(settings, catalogue_on_demand(settings), stores, identify, SystemClock())

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        self._deadline = RequestDeadline.of(event, remaining_ms, self._now).deadline
        return self._dispatcher.answer(event, self._handlers)
