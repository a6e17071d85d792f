"""Keeping the features and rows of a job as a hosted service.

All objects of a version are written first. Then one transaction makes the job Succeeded and shows the
version, so there is neither a job that succeeded without its service, nor the service of a job that did not.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson

from gpserverless.caller import Caller
from gpserverless.cancellation import CheckCancelled
from gpserverless.clock import Clock
from gpserverless.errors import InvalidParameter, StorageError
from gpserverless.items.changes import announce, open_folder, publish
from gpserverless.items.names import new_service_id, service_url
from gpserverless.items.ports import ItemTable, RowWrite
from gpserverless.items.request import MOST_TAGS, ServiceRequest, read_request
from gpserverless.items.service import MOST_LAYER_BYTES, HostedLayer, HostedService, dump_layers
from gpserverless.items.target import Target, choose_target
from gpserverless.jobs.job import Job
from gpserverless.jobs.messages import info
from gpserverless.jobs.pricing import count_puts
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.store import JSON_TYPE, LAYER_TYPE
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.run import Message
from gpserverless.values.counts import write_count

logger = logging.getLogger(__name__)

_GRACE_MS = 3_600_000
"""How long after the end of its run the objects of a job that did not succeed may lie in the store."""

_DAY_MS = 86_400_000

_REGISTERING = "The portal is told of the service. When it has taken it, the results name its item."


@dataclass(frozen=True)
class Hosting:
    """Keeps features and rows as hosted services.

    Attributes:
        items: The table of services.
        clock: The time.
        days: For how many days a service is kept; 0 for ever.
        registers: Whether each service becomes an item of a portal.
    """

    items: ItemTable
    clock: Clock
    days: int = 0
    registers: bool = False

    def announce(self, call: Call, job: Job) -> None:
        """Have the readers marked of the service that a job is about to overwrite, if it is.

        Args:
            call: The call.
            job: The job.

        Raises:
            StorageError: The table of services cannot be reached.
        """
        request = read_request(call.values.get(SERVICE_NAME, ""), job.root)
        if request is None:
            return
        try:
            self._announce(choose_target(self.items, request, call.caller, self.clock.now()))
        except InvalidParameter:
            return  # it may be right when the tool has run; `plan` tells

    def _announce(self, target: Target) -> None:
        found = target.found if target.replaces else None
        write = None if found is None else announce(found, self.clock.now())
        if write is None:
            return
        try:
            self.items.write([write])  # refused if another job was faster, which has announced its own
        except StorageError:
            logger.warning("overwriting not announced", extra={"service": target.name})

    def plan(self, call: Call, job: Job, outputs: Sequence[Output], fence: str) -> Publication | None:
        """Return the service that a job is to write, or None if its caller wants none.

        Args:
            call: The call.
            job: The job as this worker's claim left it.
            outputs: Its outputs.
            fence: Token of this attempt, which is the version of the service.

        Raises:
            InvalidParameter: The caller may not write this service, for instance since its name is taken.
            StorageError: The table of services cannot be reached.
        """
        request = read_request(call.values.get(SERVICE_NAME, ""), job.root)
        if request is None:
            return None
        now = self.clock.now()
        target = choose_target(self.items, request, call.caller, now)
        self._announce(target)
        draft = Publication(self, request, call.caller, job, target, _make_service(target, job, fence))
        layered = [output for output in outputs if output.layer is not None]
        layers = tuple(
            HostedLayer(number, draft.service.layer_key(number), output.layer.manifest)
            for number, output in enumerate(layered)
            if output.layer is not None
        )
        return replace(draft, service=replace(draft.service, layers=layers)).refresh()


@dataclass(frozen=True)
class Publication:
    """The service that an attempt writes.

    Attributes:
        hosting: Where services are kept.
        request: The wish of the caller.
        caller: The caller.
        job: The job.
        target: The place of the service.
        service: The service as it will be.
    """

    hosting: Hosting
    request: ServiceRequest
    caller: Caller
    job: Job
    target: Target
    service: HostedService

    @property
    def writes(self) -> tuple[RowWrite, ...]:
        """The writes that show the service."""
        return publish(self.service, self.target.found)

    @property
    def puts(self) -> int:
        """Number of requests that write its objects."""
        return count_puts([layer.manifest.size for layer in self.service.layers]) + self._has_long_layers

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages that tell the place of the layers, their expiry, and their item in a portal."""
        expires_at = self.service.expires_at
        until = "" if expires_at is None else f" (kept until {_write_day(expires_at)})"
        wrote = tuple(
            info(f"Wrote {_count(layer)} to {self._layer_url(layer)}{until}.")
            for layer in self.service.layers
        )
        return (*wrote, info(_REGISTERING)) if self.hosting.registers else wrote

    def reset(self) -> Publication:
        """Return the same version on top of the row in the table now, after its writes were refused.

        Raises:
            InvalidParameter: The caller may not write the service any more.
            StorageError: The table of services cannot be reached.
        """
        target = choose_target(self.hosting.items, self.request, self.caller, self.hosting.clock.now())
        replaces = target.found.id if target.found and target.replaces else self.service.id
        if target.name != self.service.name or replaces != self.service.id:
            raise InvalidParameter(
                SERVICE_NAME, f"the hosted service '{self.service.name}' was replaced while the job ran"
            )
        return replace(self, target=target).refresh()

    def refresh(self) -> Publication:
        """Return the same version with its times, and the properties of the version that it replaces.

        Raises:
            InvalidParameter: Together with its old tags it would have too many.
        """
        now, before = self.hosting.clock.now(), self.target.found if self.target.replaces else None
        request, service = self.request, self.service
        text = (before.description, before.snippet) if before else ("", "")
        service = replace(
            service,
            owner=before.owner if before else self.job.owner,
            created_at=before.created_at if before else now,
            modified_at=now,
            expires_at=now + self.hosting.days * _DAY_MS if self.hosting.days else None,
            description=text[0] if request.description is None else request.description,
            snippet=text[1] if request.snippet is None else request.snippet,
            tags=_add_tags(before.tags if before else (), request.tags),
            series=before.continue_series(now) if before else None,
        )
        return replace(self, service=service)

    def store(self, objects: ObjectStore, outputs: Sequence[Output], check_cancelled: CheckCancelled) -> None:
        """Write the objects of the version, of which the reaper knows from before the first.

        Args:
            objects: The store.
            outputs: The outputs of the job.
            check_cancelled: Called between writes and during long ones; its exception ends the storing.

        Raises:
            StorageError: The table or the store cannot be reached.
        """
        due_at = max(self.job.run_deadline or 0, self.hosting.clock.now()) + _GRACE_MS
        if not self.hosting.items.write([open_folder(self.service, due_at)]):
            raise StorageError("the folder of the service is in use")
        layered = [output.layer for output in outputs if output.layer is not None]
        for place, layer in zip(self.service.layers, layered, strict=True):
            check_cancelled()
            objects.put_file(place.key, layer.path, LAYER_TYPE, check_cancelled)
        if self._has_long_layers:
            objects.put(self.service.layers_key, dump_layers(self.service.layers), JSON_TYPE)

    def point(self, outputs: Sequence[Output]) -> tuple[Output, ...]:
        """Return outputs whose values are the URLs of their layers, where they have one.

        Args:
            outputs: The outputs of the job.
        """
        places = iter(self.service.layers)
        return tuple(
            output if output.layer is None else self._point(output, next(places)) for output in outputs
        )

    def _point(self, output: Output, layer: HostedLayer) -> Output:
        value = {"url": self._layer_url(layer)}
        body = {"paramName": output.name, "dataType": output.data_type, "value": value}
        return replace(output, body=orjson.dumps(body), has_z=False, has_m=False)

    def _layer_url(self, layer: HostedLayer) -> str:
        return f"{service_url(self.job.root, self.service.name)}/{layer.number}"

    @property
    def _has_long_layers(self) -> bool:
        return len(dump_layers(self.service.layers)) > MOST_LAYER_BYTES


def _add_tags(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys((*before, *more)))
    if len(tags) > MOST_TAGS:
        problem = f"with those that it has, the hosted service would have {len(tags)} tags"
        raise InvalidParameter(SERVICE_NAME, problem, f"at most {MOST_TAGS}")
    return tags


def _make_service(target: Target, job: Job, fence: str) -> HostedService:
    """Return a service without properties; a version has a token that no other attempt can have."""
    service_id = target.found.id if target.found and target.replaces else new_service_id()
    version = f"{fence}{secrets.token_hex(4)}"
    return HostedService(
        id=service_id,
        name=target.name,
        owner="",
        version=version,
        job_id=job.id,
        created_at=0,
        modified_at=0,
        root=job.root,
    )


def _count(layer: HostedLayer) -> str:
    nouns = ("row", "rows") if layer.manifest.is_table else ("feature", "features")
    return write_count(layer.manifest.count, *nouns)


def _write_day(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment / 1000, UTC):%Y-%m-%d %H:%M} UTC"
