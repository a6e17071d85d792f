"""Free ports, and servers that start."""

from __future__ import annotations

import random
import socket
import subprocess
import time
from contextlib import suppress

import urllib3

_PORTS = range(20_000, 32_000)
"""Ports that no system gives to connections (RFC 6056 has the ranges), so that one stays free for a while."""


def find_free_port(host: str = "127.0.0.1") -> int:
    """Find a port that is free now, and that no connection takes before a server does.

    Args:
        host: Address at which it is free.

    Raises:
        OSError: None is free.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as taken, suppress(OSError):
            taken.bind((host, port))
            return port
    raise OSError(f"no port of {host} is free")


def wait_for_answer(url: str, process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait until a server answers; return False if its process ends, or the time is over.

    Args:
        url: Any URL of the server.
        process: The server.
        seconds: Longest wait.
    """
    pool = urllib3.PoolManager(retries=False)
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            pool.request("GET", url)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
        else:
            return True
    return False
