"""What the functions that take, and follow, references share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gpserverless.fetch.policy import Policy, places

if TYPE_CHECKING:
    from gpserverless.fetch.inputs import Inputs


class FetchSettings(Protocol):
    """The settings that say what may be fetched."""

    @property
    def fetch_hosts(self) -> tuple[str, ...]:
        """Hosts from which inputs are fetched."""

    @property
    def private_hosts(self) -> tuple[str, ...]:
        """Places that may be asked although they are private."""

    @property
    def portal_url(self) -> str:
        """Portal whose items inputs may name, "" for none."""


def policy_of(settings: FetchSettings, *own: str) -> Policy:
    """Return what may be fetched.

    Args:
        settings: The function's settings.
        own: URLs of this service.
    """
    return Policy(settings.fetch_hosts, frozenset(settings.private_hosts), places(own))


def inputs_from(settings: FetchSettings, bucket: str) -> Inputs:
    """Return what fetches the inputs of calls, uploads included.

    Args:
        settings: The function's settings.
        bucket: Name of the bucket with the uploads.
    """
    from gpserverless.fetch.inputs import Inputs
    from gpserverless.jobs.ports import SystemClock
    from gpserverless.storage.clients import s3_client
    from gpserverless.storage.upload_store import S3UploadStore
    from gpserverless.uploads.item import UploadRules
    from gpserverless.uploads.shelf import Shelf

    shelf = Shelf(S3UploadStore(s3_client(), bucket), UploadRules(), SystemClock().now)
    return Inputs(policy_of(settings), shelf, settings.portal_url)
