"""The function that writes whole layers as GeoPackage and FlatGeobuf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.access.credentials import Identify
from gpserverless.app.access import make_identify
from gpserverless.app.download_handlers import find_download_route, make_download_handlers
from gpserverless.app.layer_stores import LayerStores, open_layer_stores
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.logs import log_ids
from gpserverless.app.site_settings import SiteSettings
from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.caller import Caller
from gpserverless.calls.admission import find_caller
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.cancellation import Deadline
from gpserverless.clock import Clock, SystemClock
from gpserverless.formats.files.gdal import load_pyogrio
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.request import Request
from gpserverless.http.route import Route
from gpserverless.protocols.gpserver.admission import SIGN_IN_PAGE
from gpserverless.toolkit.catalogue import Catalogue


@dataclass(frozen=True)
class DownloadsSettings(SiteSettings):
    """Settings of the function that writes whole layers."""

    table: str
    items_table: str
    bucket: str


class DownloadsFunction:
    """Writes whole layers of hosted services and of jobs as files.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        stores: The table of jobs, the table of hosted services, and the store.
        identify: Returns the caller of credentials.
        clock: The time.
    """

    def __init__(
        self,
        settings: DownloadsSettings,
        catalogue: Catalogue,
        stores: LayerStores,
        identify: Identify,
        clock: Clock,
    ) -> None:
        self._now = clock.now
        self._identify = identify
        self._deadline = Deadline(lambda: None)
        self._handlers = make_download_handlers(catalogue, stores, clock, lambda: self._deadline)
        self._dispatcher = Dispatcher(
            settings.public_url,
            find_download_route,
            self._admit,
            log_ids,
            SIGN_IN_PAGE,
        )

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> DownloadsFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = DownloadsSettings.read(environment)
        renew_after_restore()
        load_before_snapshot(load_pyogrio)
        stores = open_layer_stores(
            settings.table,
            settings.items_table,
            settings.bucket,
            most=1,  # the disk is for the file that is written
            in_parts=False,  # all rows are read
        )
        identify = make_identify(settings.public_url, settings.access_table)
        catalogue = load_catalogue(settings.switched_on, settings.secured)
        return cls(settings, catalogue, stores, identify, SystemClock())

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        self._deadline = RequestDeadline.of(event, remaining_ms, self._now).deadline
        return self._dispatcher.answer(event, self._handlers)

    def _admit(self, request: Request, route: Route) -> Caller:
        """Return the caller; the right to see a layer is checked where the layer is found."""
        caller = find_caller(request, self._identify, changes=False)
        return replace(caller, address=request.address)
