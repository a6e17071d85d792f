"""Settings: the environment of a function, read once at cold start; errors name the variable.

Each function has a class of its own, beside it in `app`, with the settings that it needs. The variable and
the reader of every setting are in one table, `READERS`; template.yaml has the same names.

    public_url       PUBLIC_URL           public URL of the site, "" to take it from the gateway
    switched_on      any variable         names of the variables that are "true"
    secured          SECURED              whether callers of services without a rule must sign in
    bucket           BUCKET               name of the bucket with inputs, results and files
    stores           BUCKET, AWS_REGION,  origins of the links to the bucket
                     AWS_ENDPOINT_URL
    table            JOBS_TABLE           name of the job table
    items_table      ITEMS_TABLE          name of the table of hosted services
    hosted_days      HOSTED_DAYS          days for which a hosted service is kept, 0 for ever
    access_table     ACCESS_TABLE         name of the table of users and keys
    token_minutes    TOKEN_MINUTES        longest life of a token
    user_pool        USER_POOL_ID         user pool of Cognito that checks passwords, "" for none
    pool_client      USER_POOL_CLIENT_ID  application client of the user pool
    issuer_url       OIDC_ISSUER          another issuer whose users may sign in, "" for none
    issuer_client    OIDC_CLIENT_ID       id of this site there
    issuer_secret    OIDC_CLIENT_SECRET   secret of this site there, "" for none
    groups_claim     OIDC_GROUPS_CLAIM    claim with the groups of its users, "groups" by default
    redirects        OAUTH_REDIRECTS      redirect addresses of applications
    queue_url        JOBS_QUEUE_URL       URL of the queue of this worker's jobs
    queue_urls       JOBS_QUEUE_URL,      URLs of the workers' queues, by worker
                     VECTOR_QUEUE_URL,
                     RASTER_QUEUE_URL
    worker           WORKER               name of this worker, "core" by default
    execute_seconds  EXECUTE_SECONDS      longest synchronous run
    run_seconds      RUN_SECONDS          longest run of a job, all attempts together
    retention_hours  RETENTION_HOURS      lifetime of a finished job
    fetch_function   FETCH_FUNCTION       name of the function that fetches inputs
    execute_function EXECUTE_FUNCTION     name of the function that executes tools
    layers_function  LAYERS_FUNCTION      name of the function that draws features
    raster_maps_function  RASTER_MAPS_FUNCTION  name of the function that draws rasters
    fetch_hosts      FETCH_ALLOWED_HOSTS  hosts from which inputs are fetched, with commas between them
    private_hosts    FETCH_PRIVATE_HOSTS  private places ("127.0.0.1:8080") that are allowed
    portal_url       PORTAL_URL           portal of the items that inputs may name, "" for none
    portal_user      PORTAL_USER          owner of the portal's items of hosted services, "" for none
    portal_password  PORTAL_PASSWORD      password of this owner, "" for none
    portal_token     PORTAL_TOKEN         API token of this owner, "" for none
    upload_megabytes UPLOAD_MEGABYTES     most megabytes of one uploaded item
    lease_seconds    LEASE_SECONDS        time without a beat after which a worker counts as lost
    webhooks_queue   WEBHOOKS_QUEUE_URL   URL of the queue of announcements to webhooks
    webhook_keys     WEBHOOK_SECRET       keys that sign announcements, none by default
    webhook_places   WEBHOOK_PRIVATE_HOSTS  private places where webhooks may be
    quota_jobs       QUOTA_JOBS_PER_DAY   most jobs and executes of a caller in a day, 0 for no limit
    quota_seconds    QUOTA_SECONDS_PER_DAY  most run time of a caller's tools in a day, 0 for no limit
    quota_megabytes  QUOTA_MEGABYTES_PER_DAY  most inputs and outputs of a caller in a day, 0 for no limit
    quota_open_jobs  QUOTA_OPEN_JOBS      most jobs of a caller at a time, 0 for no limit
    memory           (set by Lambda)      bytes that a tool may allocate, None for no limit
    megabytes        (set by Lambda)      memory of the function, for its bill; 0 if unknown
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from gpserverless.errors import SettingsError

if TYPE_CHECKING:
    from gpserverless.toolkit.spec import WorkerName

Environment = Mapping[str, str]

QUEUES: Mapping[WorkerName, str] = {
    "core": "JOBS_QUEUE_URL",
    "vector": "VECTOR_QUEUE_URL",
    "raster": "RASTER_QUEUE_URL",
}
"""The variables that hold the URLs of the workers' queues."""


class Settings:
    """Base of settings: reads every field of its dataclass from an environment."""

    @classmethod
    def read(cls, environment: Environment) -> Self:
        """Read the settings.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        names = (field.name for field in fields(cls))  # type: ignore[arg-type]  # every subclass is a dataclass
        return cls(**{name: READERS[name](environment) for name in names})


def _read_text(variable: str, environment: Environment) -> str:
    value = environment.get(variable, "")
    if not value:
        raise SettingsError(f"The environment variable {variable} is missing.")
    return value


def _read_number(variable: str, default: float, environment: Environment) -> float:
    value = environment.get(variable, "") or default
    try:
        parsed = float(value)
    except ValueError:
        raise SettingsError(f"The environment variable {variable} must be a number, not '{value}'.") from None
    if not parsed > 0:
        raise SettingsError(f"The environment variable {variable} must be above zero, not '{value}'.")
    return parsed


def _read_count(variable: str, environment: Environment) -> int:
    value = environment.get(variable, "") or "0"
    if not (value.isascii() and value.isdigit()):
        raise SettingsError(f"The environment variable {variable} must be a whole number, not '{value}'.")
    return int(value)


def _read_stores(environment: Environment) -> tuple[str, ...]:
    """Return the origins of the presigned URLs of the bucket, which the scripts of pages read.

    They are of the bucket's own host, with and without the region, or of the endpoint that stands in for AWS.
    """
    bucket = _read_text("BUCKET", environment)
    if endpoint := environment.get("AWS_ENDPOINT_URL"):
        place = urlsplit(endpoint)
        return (f"{place.scheme}://{place.netloc}",)
    region = environment.get("AWS_REGION", "")
    hosts = (f"s3.{region}.amazonaws.com", "s3.amazonaws.com") if region else ("s3.amazonaws.com",)
    return tuple(f"https://{bucket}.{host}" for host in hosts)


def _read_switched_on(environment: Environment) -> frozenset[str]:
    return frozenset(name for name, value in environment.items() if value.lower() == "true")


def _read_queue_urls(environment: Environment) -> Mapping[str, str]:
    return {worker: _read_text(variable, environment) for worker, variable in QUEUES.items()}


def _read_worker(environment: Environment) -> WorkerName:
    from gpserverless.toolkit.spec import WORKERS  # most functions are no worker

    worker = next((w for w in WORKERS if w == environment.get("WORKER", "core")), None)
    if worker is None:
        raise SettingsError(f"The environment variable WORKER must be one of {', '.join(WORKERS)}.")
    return worker


def _read_list(variable: str, default: str, environment: Environment) -> tuple[str, ...]:
    words = (word.strip() for word in environment.get(variable, default).split(","))
    return tuple(word for word in words if word)


def _read_pool_client(environment: Environment) -> str:
    """Return the application client, without which a user pool answers nothing."""
    return _read_text("USER_POOL_CLIENT_ID", environment) if environment.get("USER_POOL_ID") else ""


def _read_issuer_client(environment: Environment) -> str:
    """Return the id of this site at another issuer, without which it signs nobody in."""
    return _read_text("OIDC_CLIENT_ID", environment) if environment.get("OIDC_ISSUER") else ""


def _read_redirects(variable: str, environment: Environment) -> Mapping[str, frozenset[str]]:
    """Return the redirect addresses of applications by id, from words such as `app=https://example.org/back`."""
    found: dict[str, set[str]] = {}
    for word in environment.get(variable, "").split():
        application, _, address = word.partition("=")
        parts = urlsplit(address)
        is_address = application and parts.scheme and (parts.netloc or parts.path) and address.isascii()
        if not is_address or parts.fragment or "#" in address:
            raise SettingsError(
                f"The environment variable {variable} must have words like id=https://app.example.org/back,"
                f" not '{word}'."
            )
        found.setdefault(application, set()).add(address)
    return {application: frozenset(addresses) for application, addresses in found.items()}


def _read_megabytes(environment: Environment) -> int:
    size = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    return int(size) if size.isdigit() else 0


def _read_signing_keys(variable: str, environment: Environment) -> tuple[bytes, ...]:
    """Return the keys of a variable in the form of Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes.

    Several, with spaces between them, are for a rotation: all of them sign.
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


def _read_tool_memory(environment: Environment) -> int | None:
    """Lambda gives the function's memory in MiB; 400 are kept for the parent, which holds the outputs."""
    size = _read_megabytes(environment)
    return max(size - 400, 128) * 2**20 if size else None


READERS: Mapping[str, Callable[[Environment], Any]] = {
    "public_url": lambda environment: environment.get("PUBLIC_URL", ""),
    "switched_on": _read_switched_on,
    "secured": lambda environment: environment.get("SECURED", "").lower() == "true",
    "bucket": partial(_read_text, "BUCKET"),
    "stores": _read_stores,
    "table": partial(_read_text, "JOBS_TABLE"),
    "items_table": partial(_read_text, "ITEMS_TABLE"),
    "hosted_days": partial(_read_count, "HOSTED_DAYS"),
    "access_table": partial(_read_text, "ACCESS_TABLE"),
    "token_minutes": partial(_read_number, "TOKEN_MINUTES", 1440),
    "user_pool": lambda environment: environment.get("USER_POOL_ID", ""),
    "pool_client": _read_pool_client,
    "issuer_url": lambda environment: environment.get("OIDC_ISSUER", ""),
    "issuer_client": _read_issuer_client,
    "issuer_secret": lambda environment: environment.get("OIDC_CLIENT_SECRET", ""),
    "groups_claim": lambda environment: environment.get("OIDC_GROUPS_CLAIM") or "groups",
    "redirects": partial(_read_redirects, "OAUTH_REDIRECTS"),
    "queue_url": partial(_read_text, "JOBS_QUEUE_URL"),
    "queue_urls": _read_queue_urls,
    "worker": _read_worker,
    "execute_seconds": partial(_read_number, "EXECUTE_SECONDS", 25),
    "run_seconds": partial(_read_number, "RUN_SECONDS", 840),
    "retention_hours": partial(_read_number, "RETENTION_HOURS", 24),
    "fetch_function": partial(_read_text, "FETCH_FUNCTION"),
    "execute_function": partial(_read_text, "EXECUTE_FUNCTION"),
    "layers_function": partial(_read_text, "LAYERS_FUNCTION"),
    "raster_maps_function": partial(_read_text, "RASTER_MAPS_FUNCTION"),
    "fetch_hosts": partial(_read_list, "FETCH_ALLOWED_HOSTS", "*.arcgis.com"),
    "private_hosts": partial(_read_list, "FETCH_PRIVATE_HOSTS", ""),
    "portal_url": lambda environment: environment.get("PORTAL_URL", ""),
    "portal_user": lambda environment: environment.get("PORTAL_USER", ""),
    "portal_password": lambda environment: environment.get("PORTAL_PASSWORD", ""),
    "portal_token": lambda environment: environment.get("PORTAL_TOKEN", ""),
    "upload_megabytes": partial(_read_number, "UPLOAD_MEGABYTES", 5120),
    "lease_seconds": partial(_read_number, "LEASE_SECONDS", 60),
    "webhooks_queue": partial(_read_text, "WEBHOOKS_QUEUE_URL"),
    "webhook_keys": partial(_read_signing_keys, "WEBHOOK_SECRET"),
    "webhook_places": partial(_read_list, "WEBHOOK_PRIVATE_HOSTS", ""),
    "quota_jobs": partial(_read_count, "QUOTA_JOBS_PER_DAY"),
    "quota_seconds": partial(_read_count, "QUOTA_SECONDS_PER_DAY"),
    "quota_megabytes": partial(_read_count, "QUOTA_MEGABYTES_PER_DAY"),
    "quota_open_jobs": partial(_read_count, "QUOTA_OPEN_JOBS"),
    "memory": _read_tool_memory,
    "megabytes": _read_megabytes,
}
"""Readers of settings by name."""
