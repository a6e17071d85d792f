"""What the functions that take, and follow, references share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gpserverless.fetch.policy import Policy, places

if TYPE_CHECKING:
    from gpserverless.fetch.inputs import Inputs
    from gpserverless.uploads.ports import UploadStore


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


def inputs_from(settings: FetchSettings, uploads: UploadStore) -> Inputs:
    """Return what fetches the inputs of calls, uploads included.

    Args:
        settings: The function's settings.
        uploads: Where the uploads are.
    """
    from gpserverless.fetch.inputs import Inputs
    from gpserverless.jobs.ports import SystemClock
    from gpserverless.uploads.item import UploadRules
    from gpserverless.uploads.shelf import Shelf

    shelf = Shelf(uploads, UploadRules(), SystemClock().now)
    return Inputs(policy_of(settings), shelf, settings.portal_url)
