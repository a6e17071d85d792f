"""Free ports, and servers that start."""

from __future__ import annotations

import socket
import subprocess
import time

import urllib3


def find_free_port(host: str = "127.0.0.1") -> int:
    """Find a port that is free now."""
    with socket.socket() as taken:
        taken.bind((host, 0))
        return int(taken.getsockname()[1])


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
