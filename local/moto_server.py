"""The process behind `emulator`: moto on a free port, printed once; it ends when its input is closed.

Each line of its input says what every function may do, and is answered with an empty line when that holds.
The input is a pipe from its parent, so it cannot outlive it.
"""

import functools
import json
import logging
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

from moto.core import responses
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.sqs.models import SQSBackend
from werkzeug.serving import WSGIRequestHandler, make_server

from local.gatekeeper import Application, Environ, Gatekeeper, StartResponse


def _remember() -> None:
    """Let moto remember what it finds out anew, and the same, at every request: half of its time."""
    for owner, name in (
        (DomainDispatcherApplication, "get_backend_for_host"),  # lists its own folder on disk
        (responses, "camelcase_to_underscores"),
        (responses, "method_names_from_class"),
    ):
        setattr(owner, name, functools.cache(getattr(owner, name)))

    def is_kept(self: Any, queue_name: str, message: Any) -> bool:
        age = time.time() - message.sent_timestamp / 1000
        return bool(age < self.get_queue(queue_name).message_retention_period)

    # It works out every attribute of the queue, for every message, to read one of them.
    setattr(SQSBackend, "is_message_valid_based_on_retention_period", is_kept)  # noqa: B010 - not a method's own


def _one_at_a_time(application: Application) -> Application:
    """Let in one call of DynamoDB at a time: a conditional write is atomic there, and a race in moto."""
    lock = threading.Lock()

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB"):
            return application(environ, start_response)
        with lock:
            return list(application(environ, start_response))

    return answer


def main() -> None:
    """Serve until nobody holds the other end of the input any more."""
    _remember()
    # Connections are kept: opening one, and a thread for it, costs more than most calls.
    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    WSGIRequestHandler.disable_nagle_algorithm = True
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    gatekeeper = Gatekeeper(_one_at_a_time(DomainDispatcherApplication(create_backend_app)))
    server = make_server("127.0.0.1", 0, gatekeeper, threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    for line in sys.stdin:
        gatekeeper.rights = json.loads(line)
        print(flush=True)


if __name__ == "__main__":
    main()
