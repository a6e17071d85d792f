"""The function that answers for result services: features of hosted services, and maps of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.access.credentials import Identify
from gpserverless.app.access import make_identify
from gpserverless.app.layer_answers import LargeAnswers, Pictures
from gpserverless.app.layer_descriptions import Descriptions
from gpserverless.app.layer_dispatcher import make_layer_dispatcher
from gpserverless.app.layer_files import LayerFiles
from gpserverless.app.layer_handlers import make_layer_handlers
from gpserverless.app.layer_sources import HostedLayers, JobMaps
from gpserverless.app.layer_stores import LayerStores, open_layer_stores
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.site_settings import SiteSettings
from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.cancellation import Deadline
from gpserverless.clock import Clock, SystemClock
from gpserverless.drawing.canvas import load_libraries
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.toolkit.catalogue import Catalogue


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
        clock: The time.
    """

    def __init__(
        self,
        settings: LayersSettings,
        catalogue: Catalogue,
        stores: LayerStores,
        identify: Identify,
        clock: Clock,
    ) -> None:
        self._now = clock.now
        self._deadline = Deadline(lambda: None)
        files = LayerFiles(stores.files, lambda: self._deadline)
        descriptions = Descriptions(stores.objects)
        ledger = Ledger(stores.jobs, JobRules(), clock)
        self._handlers = make_layer_handlers(
            HostedLayers(stores.items, descriptions, files, self._now),
            JobMaps(catalogue, ledger, descriptions, files),
            LargeAnswers(stores.objects),
            Pictures(stores.objects),
        )
        self._dispatcher = make_layer_dispatcher(settings, catalogue, identify, self._handlers)

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
        load_before_snapshot(load_libraries)
        stores = open_layer_stores(settings.table, settings.items_table, settings.bucket)
        identify = make_identify(settings.public_url, settings.access_table)
        catalogue = load_catalogue(settings.switched_on, settings.secured)
        return cls(settings, catalogue, stores, identify, SystemClock())

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        request_deadline = RequestDeadline.of(event, remaining_ms, self._now)
        self._deadline = Deadline(lambda: None).at_most(request_deadline.seconds_left)
        return self._dispatcher.answer(event, self._handlers)
