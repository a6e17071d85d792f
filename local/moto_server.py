"""The process behind `emulator`: moto on a free port, printed once; it ends when its input is closed.

Each line of its input says what every function may do, and is answered with an empty line when that holds.
The input is a pipe from its parent, so it cannot outlive it.
"""

import asyncio
import functools
import json
import pickle
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from moto.core import responses, serialize
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.parsing import expressions, validators
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sqs.models import SQSBackend

from local.http_server import http_server, listening
from local.iam_middleware import IamMiddleware
from local.one_by_one import OneByOne

_MOST_WAITING = 64
"""Calls that wait for messages, or are large, at the same time."""

_WRITTEN = frozenset({"S", "N", "BOOL", "NULL"})
"""Types of a row's attributes whose values are no bytes and hold no others."""


def _spare_moto() -> None:
    """Let moto leave out what it does anew, with the same outcome, at every request: most of its time."""
    _remember(DomainDispatcherApplication, "get_backend_for_host")  # lists its own folder on disk
    _remember(responses, "camelcase_to_underscores")
    _remember(responses, "method_names_from_class")
    _remember(serialize, "xform_name")
    # Whoever changes a parsed expression makes a copy of it before.
    updates = getattr(expressions, "UpdateExpressionParser")  # noqa: B009 - its types do not show it
    _put(updates, "make", functools.lru_cache(256)(updates.make))
    _put(validators, "deepcopy", lambda node: pickle.loads(pickle.dumps(node)))  # noqa: S301 - its own bytes
    _put(SQSBackend, "is_message_valid_based_on_retention_period", _is_kept)
    _put(BaseJSONSerializer, "_serialize_type_structure", _serialize_structure)


def _remember(owner: Any, name: str) -> None:
    _put(owner, name, functools.cache(getattr(owner, name)))


def _put(owner: Any, name: str, value: Any) -> None:
    """Replace what moto has under a name; fail if it has nothing there any more."""
    getattr(owner, name)
    setattr(owner, name, value)


def _is_kept(self: Any, queue_name: str, message: Any) -> bool:
    """Say whether a message is too old, without working out all attributes of its queue."""
    age = time.time() - message.sent_timestamp / 1000
    return bool(age < self.get_queue(queue_name).message_retention_period)


_serialize_any_structure = BaseJSONSerializer._serialize_type_structure


def _serialize_structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """Write texts, numbers and flags of a row as they are: they have the form of the wire already."""
    if shape.name == "AttributeValue" and isinstance(value, dict) and value.keys() <= _WRITTEN:
        serialized[key] = value
    else:
        _serialize_any_structure(self, serialized, value, shape, key)


async def _serve(listener: socket.socket, gatekeeper: IamMiddleware) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_MOST_WAITING))
    await http_server(OneByOne(gatekeeper)).serve(sockets=[listener])


def main() -> None:
    """Serve until nobody holds the other end of the input any more."""
    _spare_moto()
    gatekeeper = IamMiddleware(DomainDispatcherApplication(create_backend_app))
    listener = listening(0)
    threading.Thread(target=asyncio.run, args=[_serve(listener, gatekeeper)], daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    for line in sys.stdin:
        gatekeeper.rights = json.loads(line)
        print(flush=True)


if __name__ == "__main__":
    main()
