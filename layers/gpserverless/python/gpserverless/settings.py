"""Settings: what a function's environment says, read once at cold start, failing by name.

Each function has a class of its own, beside it in `app`, with just what it needs. What a setting is called in
the environment, and how it is read, stands in one table, `READERS`; the same names stand in template.yaml.

    public_url       PUBLIC_URL           public URL of the site, "" to take it from the gateway
    switched_on      any variable         names of the variables that are "true"
    bucket           BUCKET               name of the bucket with inputs, results and files
    table            JOBS_TABLE           name of the job table
    queue_url        JOBS_QUEUE_URL       URL of the queue of this worker's jobs
    queue_urls       JOBS_QUEUE_URL,      URLs of the workers' queues, by worker
                     VECTOR_QUEUE_URL,
                     RASTER_QUEUE_URL
    worker           WORKER               which worker this is, "core" if not said
    execute_seconds  EXECUTE_SECONDS      longest synchronous run
    run_seconds      RUN_SECONDS          longest run of a job, all attempts together
    retention_hours  RETENTION_HOURS      how long a finished job can be asked for
    fetch_hosts      FETCH_ALLOWED_HOSTS  hosts from which inputs are fetched, with commas between them
    private_hosts    FETCH_PRIVATE_HOSTS  places ("127.0.0.1:8080") that may be asked, though private
    portal_url       PORTAL_URL           portal whose items inputs may name, "" for none
    upload_megabytes UPLOAD_MEGABYTES     most megabytes of one uploaded item
    lease_seconds    LEASE_SECONDS        after how long without a beat a worker counts as lost
    webhooks_queue   WEBHOOKS_QUEUE_URL   URL of the queue of what webhooks are to be told
    webhook_keys     WEBHOOK_SECRET       keys that sign what webhooks are told, none if not set
    webhook_places   WEBHOOK_PRIVATE_HOSTS  places where webhooks may be, though private
    memory           (set by Lambda)      bytes that a tool may allocate, None for no limit
    megabytes        (set by Lambda)      memory of the function, which its bill goes by; 0 if not said
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, Self

from gpserverless.errors import SettingsError
from gpserverless.toolkit.spec import WORKERS, WorkerName

Environment = Mapping[str, str]

QUEUES: Mapping[WorkerName, str] = {
    "core": "JOBS_QUEUE_URL",
    "vector": "VECTOR_QUEUE_URL",
    "raster": "RASTER_QUEUE_URL",
}
"""The variables that hold the URLs of the workers' queues."""


class Settings:
    """Base of all settings: reads every field of its dataclass from an environment."""

    @classmethod
    def read(cls, environment: Environment) -> Self:
        """Read the settings.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        names = (field.name for field in fields(cls))  # type: ignore[arg-type]  # every subclass is a dataclass
        return cls(**{name: READERS[name](environment) for name in names})


def _text(variable: str, environment: Environment) -> str:
    value = environment.get(variable, "")
    if not value:
        raise SettingsError(f"The environment variable {variable} is missing.")
    return value


def _number(variable: str, default: float, environment: Environment) -> float:
    value = environment.get(variable, "") or default
    try:
        parsed = float(value)
    except ValueError:
        raise SettingsError(f"The environment variable {variable} must be a number, not '{value}'.") from None
    if not parsed > 0:
        raise SettingsError(f"The environment variable {variable} must be above zero, not '{value}'.")
    return parsed


def _switched_on(environment: Environment) -> frozenset[str]:
    return frozenset(name for name, value in environment.items() if value.lower() == "true")


def _queue_urls(environment: Environment) -> Mapping[str, str]:
    return {worker: _text(variable, environment) for worker, variable in QUEUES.items()}


def _worker(environment: Environment) -> WorkerName:
    worker = next((w for w in WORKERS if w == environment.get("WORKER", "core")), None)
    if worker is None:
        raise SettingsError(f"The environment variable WORKER must be one of {', '.join(WORKERS)}.")
    return worker


def _listed(variable: str, default: str, environment: Environment) -> tuple[str, ...]:
    words = (word.strip() for word in environment.get(variable, default).split(","))
    return tuple(word for word in words if word)


def _megabytes(environment: Environment) -> int:
    size = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    return int(size) if size.isdigit() else 0


def _signing_keys(variable: str, environment: Environment) -> tuple[bytes, ...]:
    """Return the keys of a variable in the form of Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes.

    Several, with spaces between them, are for the time of a change: all of them sign.
    """
    keys = []
    for word in environment.get(variable, "").split():
        try:
            keys.append(base64.b64decode(word.removeprefix("whsec_"), validate=True))
        except binascii.Error:
            raise SettingsError(f"The environment variable {variable} must be whsec_ and base64.") from None
    if not all(24 <= len(key) <= 64 for key in keys):
        raise SettingsError(f"The environment variable {variable} must be base64 of 24 to 64 bytes.")
    return tuple(keys)


def _tool_memory(environment: Environment) -> int | None:
    """Lambda gives the function's memory in MiB; 400 are kept for the parent, which holds the outputs."""
    size = _megabytes(environment)
    return max(size - 400, 128) * 2**20 if size else None


READERS: Mapping[str, Callable[[Environment], Any]] = {
    "public_url": lambda environment: environment.get("PUBLIC_URL", ""),
    "switched_on": _switched_on,
    "bucket": partial(_text, "BUCKET"),
    "table": partial(_text, "JOBS_TABLE"),
    "queue_url": partial(_text, "JOBS_QUEUE_URL"),
    "queue_urls": _queue_urls,
    "worker": _worker,
    "execute_seconds": partial(_number, "EXECUTE_SECONDS", 25),
    "run_seconds": partial(_number, "RUN_SECONDS", 840),
    "retention_hours": partial(_number, "RETENTION_HOURS", 24),
    "fetch_hosts": partial(_listed, "FETCH_ALLOWED_HOSTS", "*.arcgis.com"),
    "private_hosts": partial(_listed, "FETCH_PRIVATE_HOSTS", ""),
    "portal_url": lambda environment: environment.get("PORTAL_URL", ""),
    "upload_megabytes": partial(_number, "UPLOAD_MEGABYTES", 5120),
    "lease_seconds": partial(_number, "LEASE_SECONDS", 60),
    "webhooks_queue": partial(_text, "WEBHOOKS_QUEUE_URL"),
    "webhook_keys": partial(_signing_keys, "WEBHOOK_SECRET"),
    "webhook_places": partial(_listed, "WEBHOOK_PRIVATE_HOSTS", ""),
    "memory": _tool_memory,
    "megabytes": _megabytes,
}
"""How every setting is read."""
