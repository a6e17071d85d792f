"""The writes that change what services show.

Objects of a service lie in a folder of its version. A folder that no service shows has a row of its own:
from before its first object is written until it is shown, and again from when it is replaced until it is
erased. So no object is forgotten if a function ends in between. The row of a replaced version holds the
service as it was, for clients that go on to read it.
"""

from __future__ import annotations

from dataclasses import replace

from gpserverless.items.names import folder_key, service_key
from gpserverless.items.ports import Row, RowWrite
from gpserverless.items.series import READING_MS
from gpserverless.items.service import DUE_SHARD, HostedService

OPEN = "open"
ERASING = "erasing"


def open_folder(service: HostedService, due_at: int) -> RowWrite:
    """Return the write that goes before the first object of a version.

    Args:
        service: The version that is about to be written.
        due_at: When its objects may be erased if it is not shown by then, in milliseconds since 1970-01-01
            UTC.
    """
    return _write_folder(service, due_at)


def announce(service: HostedService, now: int) -> RowWrite | None:
    """Return the write after which beginnings of readings are marked, since a service will be overwritten.

    Args:
        service: The service as it is in the table.
        now: Milliseconds since 1970-01-01 UTC.

    Returns:
        The write; None if they are marked for long enough.
    """
    if service.series is not None and now < service.series.last_at + READING_MS:
        return None
    announced = replace(service, series=service.continue_series(now))
    return RowWrite(service_key(service.name), announced.to_row(), _condition(service))


def publish(service: HostedService, replaced: HostedService | None) -> tuple[RowWrite, ...]:
    """Return the writes that show a version, and give up the one that it replaces.

    Args:
        service: The version; all of its objects are written.
        replaced: The version in the table; None if there is none of this name.
    """
    key = folder_key(service.folder)
    shown = RowWrite(key, None, {"state": OPEN})
    seen = None if replaced is None else _condition(replaced)
    row = RowWrite(service_key(service.name), service.to_row(), seen)
    if replaced is None:
        return row, shown
    kept = {"service": replaced.to_row()}
    return row, shown, _write_folder(replaced, service.modified_at + READING_MS, kept)


def retire(service: HostedService, now: int) -> tuple[RowWrite, ...]:
    """Return the writes that remove a service; its objects stay for those who read them.

    Args:
        service: The service as it is in the table.
        now: Milliseconds since 1970-01-01 UTC.
    """
    gone = RowWrite(service_key(service.name), None, _condition(service))
    return gone, _write_folder(service, now + READING_MS)


def _condition(service: HostedService) -> dict[str, str]:
    return {"id": service.id, "version": service.version}


def _write_folder(service: HostedService, due_at: int, more: Row | None = None) -> RowWrite:
    key = folder_key(service.folder)
    row = {"pk": key, "folder": service.folder, "state": OPEN, "due_shard": DUE_SHARD, "due_at": due_at}
    row |= more or {}
    return RowWrite(key, row, None)
