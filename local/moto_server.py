"""The process behind `emulator`: moto on a port, which it prints; it ends when its input is closed.

Its argument is the port; without one it takes a free one.

Each line of its input is the policies of all functions. It answers with an empty line when they are in force.
The input is a pipe from its parent, so it cannot outlive its parent.
"""

import asyncio
import json
import socket
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from local.http_server import make_http_server, new_event_loop, open_listener
from local.iam_middleware import IamMiddleware
from local.moto_shortcuts import install_shortcuts
from local.wsgi_adapter import WsgiAdapter


def main() -> None:
    """Serve until the other end of the input is closed."""
    install_shortcuts()
    application = IamMiddleware(DomainDispatcherApplication(create_backend_app))
    listener = open_listener(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    threading.Thread(target=_serve, args=[listener, application], daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    for line in sys.stdin:
        application.policies = json.loads(line)
        print(flush=True)


def _serve(listener: socket.socket, application: IamMiddleware) -> None:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(make_http_server(WsgiAdapter(application)).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
