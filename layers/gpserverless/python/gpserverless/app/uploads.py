"""The function that takes files in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.callers import Callers, QuotaSettings
from gpserverless.app.dispatcher import make_dispatcher
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.snapstart import renew_after_restore
from gpserverless.clock import SystemClock
from gpserverless.protocols.gpserver.uploads import UploadHandlers
from gpserverless.storage.clients import s3_client
from gpserverless.storage.upload_store import S3UploadStore
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.uploads.item import UploadRules
from gpserverless.uploads.uploads import Uploads


@dataclass(frozen=True)
class UploadsSettings(QuotaSettings):
    """Settings of the function that takes files in."""

    bucket: str
    upload_megabytes: float


class UploadsFunction:
    """Answers everything below `uploads`.

    Args:
        settings: The function's settings.
        catalogue: The published services.
        uploads: The uploaded items.
        callers: Its callers.
    """

    def __init__(
        self, settings: UploadsSettings, catalogue: Catalogue, uploads: Uploads, callers: Callers
    ) -> None:
        self._dispatcher = make_dispatcher(settings, catalogue, callers.identify)
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
        callers = Callers.of(settings)
        uploads = Uploads(store, rules, SystemClock().now, charge=callers.quotas.charge_upload)
        return cls(settings, load_catalogue(settings.switched_on, settings.secured), uploads, callers)

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
        """
        return self._dispatcher.answer(event, self._handlers)
