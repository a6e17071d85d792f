"""Ports of this machine, and who answers at them."""

from __future__ import annotations

import socket
import subprocess
import time

import urllib3


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that is free now."""
    with socket.socket() as taken:
        taken.bind((host, 0))
        return int(taken.getsockname()[1])


def answers(url: str, process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait until a process answers at a URL, whatever it says; False if it ends, or if the time does."""
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
