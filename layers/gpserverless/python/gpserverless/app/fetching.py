"""Settings, policy and preparation of references, for the functions that take and follow them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from gpserverless.toolkit.values import fetch_call_references

if TYPE_CHECKING:
    from collections.abc import Callable

    from gpserverless.datatypes.references import Reference
    from gpserverless.fetch.inputs import Inputs
    from gpserverless.fetch.policy import Policy
    from gpserverless.sandbox.preparation import RunContext
    from gpserverless.toolkit.call import Call


class PolicySettings(Protocol):
    """The settings about the servers that inputs may come from."""

    @property
    def fetch_hosts(self) -> tuple[str, ...]:
        """Hosts from which inputs are fetched."""

    @property
    def private_hosts(self) -> tuple[str, ...]:
        """Private places that may be fetched from."""


class InputSettings(Protocol):
    """The settings of a function that runs tools, about their inputs."""

    @property
    def bucket(self) -> str:
        """Bucket in which uploads and results are."""

    @property
    def table(self) -> str:
        """Table of jobs, whose results inputs may name."""

    @property
    def items_table(self) -> str:
        """Table of hosted services, whose layers inputs may name."""

    @property
    def fetch_function(self) -> str:
        """Name of the function that fetches inputs."""

    @property
    def portal_url(self) -> str:
        """Portal whose items inputs may name, or ""."""

    @property
    def switched_on(self) -> frozenset[str]:
        """Settings that are on, for services that are published by one."""

    @property
    def secured(self) -> bool:
        """Whether callers of services without a rule must sign in."""


def policy_of(settings: PolicySettings, *own: str) -> Policy:
    """Return the policy of what may be fetched.

    Args:
        settings: The function's settings.
        own: URLs of this service.
    """
    from gpserverless.fetch.policy import Policy, read_authorities

    return Policy(settings.fetch_hosts, frozenset(settings.private_hosts), read_authorities(own))


def inputs_from(settings: InputSettings) -> Inputs:
    """Return the fetcher of inputs, those of this site included.

    Args:
        settings: The settings of the function.
    """
    from gpserverless.app.logs import ids_to_pass_on
    from gpserverless.app.own_inputs import make_own_resources
    from gpserverless.clock import SystemClock
    from gpserverless.fetch.inputs import Inputs
    from gpserverless.storage.clients import lambda_client, s3_client
    from gpserverless.storage.remote_fetcher import RemoteFetcher
    from gpserverless.storage.upload_store import S3UploadStore
    from gpserverless.uploads.item import UploadRules
    from gpserverless.uploads.uploads import Uploads

    store = S3UploadStore(s3_client(), settings.bucket)
    uploads = Uploads(store, UploadRules(), SystemClock().now)
    own = make_own_resources(settings, store, uploads)
    fetcher = RemoteFetcher(lambda_client(), store, settings.fetch_function, ids_to_pass_on)
    return Inputs(fetcher, uploads, settings.portal_url, own)


class InputPreparation:
    """Replaces the references of a call by files, fetched into the run's folder.

    Args:
        inputs: Makes what fetches. It is called for the first call that refers to something: most do not, and
            the libraries that fetch take a part of the cold start.
    """

    def __init__(self, inputs: Callable[[], Inputs]) -> None:
        self._inputs = inputs

    def prepare(self, call: Call, context: RunContext) -> Call:
        """Return the call with a `LocalFile` in the place of every reference.

        Args:
            call: The call.
            context: The run.

        Raises:
            InvalidParameter: A reference is malformed, or cannot be fetched.
        """
        make = cache(lambda: self._inputs().make_fetch(call, context))

        def fetch(reference: Reference) -> Any:
            return make()(reference)

        return fetch_call_references(context.task, call, fetch)
