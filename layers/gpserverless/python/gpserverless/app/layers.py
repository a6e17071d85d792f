"""The function that answers for result services: features of hosted services, and maps of jobs."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gpserverless.access.credentials import Identify
from gpserverless.app.access import make_identify
from gpserverless.app.layer_answers import LargeAnswers, Pictures
from gpserverless.app.layer_handlers import make_layer_handlers
from gpserverless.app.layer_sources import HostedLayers, JobMaps, LayerFiles
from gpserverless.app.layer_stores import LayerStores, open_layer_stores
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.logs import log_ids
from gpserverless.app.site_settings import SiteSettings
from gpserverless.app.snapstart import renew_after_restore
from gpserverless.caller import Caller
from gpserverless.calls.admission import find_caller
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.cancellation import Deadline
from gpserverless.clock import SystemClock
from gpserverless.featurelayers.cache import LayerCache
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.request import Request
from gpserverless.http.route import Route
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.protocols.featureserver import routes as feature_routes
from gpserverless.protocols.gpserver.admission import SIGN_IN_PAGE
from gpserverless.protocols.mapserver import routes as map_routes
from gpserverless.toolkit.catalogue import Catalogue

_CHANGES = ("removeService",)


@dataclass(frozen=True)
class LayersSettings(SiteSettings):
    """Settings of the function that answers for result services."""

    table: str
    items_table: str
    bucket: str
    retention_hours: float


class LayersFunction:
    """Answers for hosted feature services and for maps of jobs.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        stores: The table of jobs, the table of hosted services, and the store.
        identify: Returns the caller of credentials.
        folder: Where files of layers are kept from one request to the next.
    """

    def __init__(
        self,
        settings: LayersSettings,
        catalogue: Catalogue,
        stores: LayerStores,
        identify: Identify,
        folder: Path,
    ) -> None:
        self._now = SystemClock().now
        self._deadline = Deadline(lambda: None)
        files = LayerFiles(LayerCache(folder, stores.download), lambda: self._deadline)
        ledger = Ledger(stores.jobs, JobRules(), SystemClock())
        self._handlers = make_layer_handlers(
            HostedLayers(stores.items, stores.objects, files, self._now),
            JobMaps(catalogue, ledger, stores.objects, files),
            LargeAnswers(stores.objects),
            Pictures(stores.objects),
        )
        self._identify = identify
        self._dispatcher = Dispatcher(settings.public_url, _find_route, self._admit, log_ids, SIGN_IN_PAGE)

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
        catalogue = load_catalogue(settings.switched_on, settings.secured)
        return cls(settings, catalogue, stores, identify, Path(tempfile.gettempdir(), "layers"))

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        request_deadline = RequestDeadline.of(event, remaining_ms, self._now)
        self._deadline = Deadline(lambda: None).at_most(request_deadline.seconds_left)
        return self._dispatcher.answer(event, self._handlers)

    def _admit(self, request: Request, route: Route) -> Caller:
        """Return the caller; who may see what is said where it is found."""
        caller = find_caller(request, self._identify, changes=route.resource in _CHANGES)
        return replace(caller, address=request.address)


def _find_route(segments: tuple[str, ...]) -> Route:
    if map_routes.is_map(segments):
        return map_routes.find_route_of_site(segments)
    return feature_routes.find_route_of_site(segments)
