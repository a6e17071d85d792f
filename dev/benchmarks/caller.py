"""The client, in a process of its own: raw sockets and threads, so that it costs the servers little.

It reads one plan a line, as JSON, and answers with what it measured, also in a line. Run as a file, by
`client.Client`; nothing but the standard library is imported.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

POLL_SECONDS, BURST_POLL_SECONDS = 0.003, 0.02
PATIENCE_SECONDS = 360

Plan = dict[str, Any]


class Connection:
    """A kept connection to a server, opened anew when the server has closed it."""

    def __init__(self, place: str) -> None:
        host, port = place.split(":")
        self._address = host, int(port)
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the answer."""
        kept = self._socket is not None
        try:
            return self._ask(request)
        except (ConnectionError, EOFError):
            self._socket = None
            if not kept:
                raise
            return self._ask(request)

    def _ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, PATIENCE_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more(self._socket, 65536)
        head, body = received.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        blocks, missing = [body], int(headers["content-length"]) - len(body)
        while missing > 0:
            blocks.append(self._more(self._socket, min(missing, 1 << 20)))
            missing -= len(blocks[-1])
        if headers.get("connection", "").lower() == "close":
            self._socket.close()
            self._socket = None
        return int(first.split()[1]), headers, b"".join(blocks)

    @staticmethod
    def _more(connected: socket.socket, most: int) -> bytes:
        block = connected.recv(most)
        if not block:
            raise EOFError("the server has closed the connection")
        return block


class Caller:
    """One caller, with a connection to every server it is sent to."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._connections: dict[str, Connection] = {}

    def ask(self, request: bytes) -> bytes:
        """Return the body of a success; a redirect is followed, anything else is an error."""
        status, headers, body = self._connection(self._place).ask(request)
        if status == 303:
            at = urlsplit(headers["location"])
            follow = f"GET {at.path}?{at.query} HTTP/1.1\r\nHost: {at.netloc}\r\n\r\n".encode()
            status, headers, body = self._connection(at.netloc).ask(follow)
        if status not in (200, 201) or body.startswith(b'{"error"'):
            raise ValueError(f"{status}: {body[:500]!r}")
        return body

    def _connection(self, place: str) -> Connection:
        return self._connections.setdefault(place, Connection(place))


def ask(plan: Plan) -> Plan:
    """Send one request again and again, from several callers at once, for some time."""
    request = plan["request"].encode("latin-1")
    ends = time.perf_counter() + plan["seconds"]

    def work(caller: Caller, taken: list[float], answers: list[int]) -> None:
        done = 0
        while done < plan["least"] or (time.perf_counter() < ends and done < plan["most"]):
            began = time.perf_counter()
            answers.append(len(caller.ask(request)))
            taken.append(1000 * (time.perf_counter() - began))
            done += 1

    return _together(plan, work)


def jobs(plan: Plan) -> Plan:
    """Submit jobs and wait for each, or submit all before waiting for any."""
    submit = plan["request"].encode("latin-1")
    share = -(-plan["jobs"] // plan["callers"])
    ids: list[str] = []

    def work(caller: Caller, taken: list[float], answers: list[int]) -> None:
        if plan["burst"]:
            given = [json.loads(caller.ask(submit))[plan["id"]] for _ in range(share)]
            ids.extend(given)
            for job in given:
                answers.append(_wait(caller, plan, job, BURST_POLL_SECONDS))
            return
        for _ in range(share):
            began = time.perf_counter()
            job = json.loads(caller.ask(submit))[plan["id"]]
            answers.append(_wait(caller, plan, job, POLL_SECONDS))
            taken.append(1000 * (time.perf_counter() - began))
            ids.append(job)

    return {**_together(plan, work), "last": ids[-1] if ids else ""}


def _wait(caller: Caller, plan: Plan, job: str, pause: float) -> int:
    request = plan["poll"].replace("JOB", job).encode("latin-1")
    gives_up = time.perf_counter() + PATIENCE_SECONDS
    polls = 0
    while time.perf_counter() < gives_up:
        polls += 1
        status = json.loads(caller.ask(request))[plan["status"]]
        if status == plan["done"]:
            return polls
        if status in plan["failed"]:
            raise ValueError(f"{job}: {status}")
        time.sleep(pause)
    raise TimeoutError(job)


def _together(plan: Plan, work: Callable[[Caller, list[float], list[int]], None]) -> Plan:
    """Let the callers work at the same time; return all they took, and how long it was from first to last."""
    taken: list[float] = []
    answers: list[int] = []
    problems: list[str] = []

    def guard(caller: Caller) -> None:
        try:
            work(caller, taken, answers)
        except Exception as problem:  # told to the other side, which ends the subject
            problems.append(f"{type(problem).__name__}: {problem}")

    threads = [threading.Thread(target=guard, args=[Caller(plan["place"])]) for _ in range(plan["callers"])]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return {"ms": taken, "answers": answers, "seconds": seconds, "problems": problems}


def main() -> None:
    """Follow one plan a line."""
    for line in sys.stdin:
        plan = json.loads(line)
        done = {"ask": ask, "jobs": jobs}[plan["do"]](plan)
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
