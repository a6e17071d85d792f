"""The function that draws the rasters that jobs made."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpserverless.access.credentials import Identify
from gpserverless.app.access import make_identify
from gpserverless.app.layer_answers import Pictures
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.raster_dispatcher import make_raster_dispatcher
from gpserverless.app.raster_files import RasterFiles
from gpserverless.app.raster_sources import JobImages
from gpserverless.app.raster_stores import RasterStores, open_raster_stores
from gpserverless.app.site_settings import SiteSettings
from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.cancellation import Deadline
from gpserverless.errors import RequestError
from gpserverless.formats.rasters import load_rasterio
from gpserverless.protocols.imageserver.handlers import ImageHandlers
from gpserverless.protocols.imageserver.result_image import ResultImages
from gpserverless.toolkit.catalogue import Catalogue


@dataclass(frozen=True)
class RasterMapsSettings(SiteSettings):
    """Settings of the function that draws rasters."""

    table: str
    bucket: str


class RasterMapsFunction:
    """Draws the rasters that jobs made, and tells their values.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        stores: The stores.
        identify: Returns the caller of credentials.
        folder: Where files are kept from one request to the next.
    """

    def __init__(
        self,
        settings: RasterMapsSettings,
        catalogue: Catalogue,
        stores: RasterStores,
        identify: Identify,
        folder: Path,
    ) -> None:
        self._now = stores.ledger.clock.now
        self._deadline = Deadline(lambda: None)
        files = RasterFiles(folder, stores.download, stores.fetch, self._check)
        images = JobImages(catalogue, stores.ledger, stores.objects, files)
        pictures = Pictures(stores.objects)
        self._handlers = {**ImageHandlers(images, pictures).routes, **ResultImages(images, pictures).routes}
        self._dispatcher = make_raster_dispatcher(settings, catalogue, identify, self._handlers)

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> RasterMapsFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = RasterMapsSettings.read(environment)
        renew_after_restore()
        load_before_snapshot(load_rasterio)
        stores = open_raster_stores(settings.table, settings.bucket)
        identify = make_identify(settings.public_url, settings.access_table)
        catalogue = load_catalogue(settings.switched_on, settings.secured)
        return cls(settings, catalogue, stores, identify, Path(tempfile.gettempdir(), "rasters"))

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: Time that is left to the function.
        """
        self._deadline = RequestDeadline.of(event, remaining_ms, self._now).deadline
        return self._dispatcher.answer(event, self._handlers)

    def _check(self) -> None:
        """Raise if the time of the request is over; a picture of a raster takes most of it for its parts."""
        try:
            self._deadline.check()
        except TimeoutError:
            raise RequestError(
                "There was no time to read the raster. Ask again, ask for a smaller part, or download it."
            ) from None
