"""Records of the stream of the table of hosted services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.fetch.registration import ServiceChange
from gpserverless.items.names import SERVICES
from gpserverless.items.service import HostedService
from gpserverless.storage.attributes import decode_item


def read_service_change(record: Mapping[str, Any]) -> ServiceChange:
    """Return the change of a hosted service; of any other row one without services.

    Args:
        record: One record of the stream, with the row before and after.

    Raises:
        ValueError: The record is of another table or another version.
    """
    images = record["dynamodb"]
    try:
        before, after = (_read_service(images.get(name, {})) for name in ("OldImage", "NewImage"))
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{type(problem).__name__}: {problem}") from problem
    return ServiceChange(before, after)


def _read_service(image: Mapping[str, Any]) -> HostedService | None:
    row = decode_item(image)
    return HostedService.from_row(row) if str(row.get("pk", "")).startswith(SERVICES) else None
