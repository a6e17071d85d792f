"""The process behind `emulator`: moto on a free port, printed once; it ends when its input is closed.

Run as a file, with nothing of the local cloud on its path: `python -P moto_server.py`. Its input is
a pipe from its parent, so it cannot outlive it.
"""

import logging
import sys

from moto.server import ThreadedMotoServer
from werkzeug.serving import WSGIRequestHandler


def main() -> None:
    """Serve until nobody holds the other end of the input any more."""
    # Connections are kept: opening one, and a thread for it, costs more than most calls.
    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    WSGIRequestHandler.disable_nagle_algorithm = True
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    print(port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
