"""What the functions that take, and follow, references share."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from gpserverless.toolkit.values import fetch_call_references

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gpserverless.cancellation import CheckCancelled
    from gpserverless.datatypes.references import Fetch, Reference
    from gpserverless.fetch.inputs import Inputs
    from gpserverless.fetch.policy import Policy
    from gpserverless.sandbox.runner import Prepare
    from gpserverless.toolkit.call import Call
    from gpserverless.toolkit.limits import Limits
    from gpserverless.toolkit.spec import TaskSpec


class FetchSettings(Protocol):
    """The settings that say what may be fetched."""

    @property
    def bucket(self) -> str:
        """Bucket in which uploads are."""

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
    from gpserverless.fetch.policy import Policy, read_authorities

    return Policy(settings.fetch_hosts, frozenset(settings.private_hosts), read_authorities(own))


def inputs_from(settings: FetchSettings) -> Inputs:
    """Return what fetches the inputs of calls, uploads included."""
    from gpserverless.clock import SystemClock
    from gpserverless.fetch.inputs import Inputs
    from gpserverless.storage.clients import s3_client
    from gpserverless.storage.upload_store import S3UploadStore
    from gpserverless.uploads.item import UploadRules
    from gpserverless.uploads.uploads import Uploads

    store = S3UploadStore(s3_client(), settings.bucket)
    uploads = Uploads(store, UploadRules(), SystemClock().now)
    return Inputs(policy_of(settings), uploads, settings.portal_url)


def preparing(inputs: Callable[[], Inputs]) -> Prepare:
    """Return what replaces the references of a call by what they point to, fetched into the run's folder.

    Args:
        inputs: Gives what fetches. It is asked by the first call that refers to something: most do not, and
            what fetching needs is a part of the cold start.
    """

    def prepare(
        task: TaskSpec, limits: Limits, call: Call, folder: Path, check_cancelled: CheckCancelled
    ) -> Call:
        with ExitStack() as opened:

            @cache
            def begun() -> Fetch:
                return opened.enter_context(inputs().fetching(limits, call, folder, check_cancelled))

            def fetch(reference: Reference) -> Any:
                return begun()(reference)

            return fetch_call_references(task, call, fetch)

    return prepare
