"""Parts of the functions that speak SOAP."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from gpserverless.access.credentials import Identify
from gpserverless.app.callers import Callers
from gpserverless.app.logs import log_ids
from gpserverless.clock import SystemClock
from gpserverless.protocols.soap.admission import SoapAdmission
from gpserverless.protocols.soap.dispatch import SoapDispatcher
from gpserverless.protocols.soap.operations.keep_file import UploadKeeper
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.uploads.item import UploadRules
from gpserverless.uploads.uploads import Uploads


class UploadSettings(Protocol):
    """The settings about files that values hold themselves."""

    @property
    def bucket(self) -> str:
        """Bucket in which uploads are."""

    @property
    def upload_megabytes(self) -> float:
        """Most megabytes of one file."""


def make_soap_dispatcher(public_url: str, catalogue: Catalogue, identify: Identify) -> SoapDispatcher:
    """Return the dispatcher of a function.

    Args:
        public_url: Configured public URL of the site, or "".
        catalogue: The published services.
        identify: Returns the caller of credentials.
    """
    return SoapDispatcher(public_url, SoapAdmission(catalogue, identify), log_ids)


def make_upload_keeper(settings: UploadSettings, catalogue: Catalogue, callers: Callers) -> UploadKeeper:
    """Return what keeps files that values hold themselves.

    Args:
        settings: The settings of the function.
        catalogue: The published services.
        callers: Its callers.
    """

    @cache
    def open_uploads() -> Uploads:
        from gpserverless.storage.clients import s3_client
        from gpserverless.storage.upload_store import S3UploadStore

        store = S3UploadStore(s3_client(), settings.bucket)
        rules = UploadRules(most_bytes=int(settings.upload_megabytes * 2**20))
        return Uploads(store, rules, SystemClock().now, charge=callers.quotas.charge_upload)

    return UploadKeeper(catalogue, open_uploads)
