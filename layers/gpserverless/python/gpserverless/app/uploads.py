"""The function that takes files in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.logs import log_ids
from gpserverless.app.snapstart import renew_after_restore
from gpserverless.clock import SystemClock
from gpserverless.http.dispatch import Dispatcher
from gpserverless.protocols.gpserver.routes import find_route_of_site
from gpserverless.protocols.gpserver.uploads import UploadHandlers
from gpserverless.settings import Settings
from gpserverless.storage.clients import s3_client
from gpserverless.storage.upload_store import S3UploadStore
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.uploads.item import UploadRules
from gpserverless.uploads.uploads import Uploads


@dataclass(frozen=True)
class UploadsSettings(Settings):
    """Settings of the function that takes files in."""

    public_url: str
    switched_on: frozenset[str]
    bucket: str
    access_table: str
    upload_megabytes: float


class UploadsFunction:
    """Answers everything below `uploads`.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        uploads: The uploaded items.
    """

    def __init__(self, settings: UploadsSettings, catalogue: Catalogue, uploads: Uploads) -> None:
        self._dispatcher = Dispatcher(settings.public_url, find_route_of_site, log_ids)
        self._handlers = UploadHandlers(catalogue, uploads).routes

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> UploadsFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = UploadsSettings.read(environment)
        renew_after_restore()
        store = S3UploadStore(s3_client(), settings.bucket)
        rules = UploadRules(most_bytes=int(settings.upload_megabytes * 2**20))
        uploads = Uploads(store, rules, SystemClock().now)
        return cls(settings, load_catalogue(settings.switched_on), uploads)

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
        """
        return self._dispatcher.answer(event, self._handlers)
