"""Beside pygeoapi: the same buffer of the same data, by the same client, in turns in one run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from dev.benchmarks import data
from dev.benchmarks.load_generator import FORM, GPSERVER, JSON, OGC, Dialect, LoadGenerator, Timings
from dev.benchmarks.peer import server as peer
from dev.benchmarks.site import EXECUTE, SUBMIT, serve
from dev.benchmarks.table import Plot, Series, Table
from dev.benchmarks.timing import Effort

WORKS = (
    ("points", 10, 1),
    ("points", 10, 16),
    ("points", 1_000, 1),
    ("points", 1_000, 16),
    ("points", 10_000, 1),
    ("points", 10_000, 4),
    ("polygons of 20", 1_000, 1),
    ("polygons of 20", 1_000, 16),
)
BURST = 300
NOTE = """\
pygeoapi runs as in its guide: gunicorn with Flask, as many workers as the machine has cores, jobs in
TinyDB; with threads, so that connections are kept. *Documented* is a process that loops over features
with `shapely.geometry.shape` and `mapping` and returns a dict; *vectorised* builds all geometries at
once, makes one call of `shapely.buffer` and returns bytes of orjson
([both](../../dev/benchmarks/peer/processes.py)). It is sent GeoJSON, and the number of vertices that ours
makes. GPServerless is `make run`, asked with Esri JSON in a form. The same machine, the same client, in
turns; medians. Works of more than 20,000 features at once are asked once. pygeoapi
keeps a record of each request in a file, which slows it down as it grows, so it starts anew for each line."""
JOBS_NOTE = """\
Asked in the same way: every 3 ms for one job after the other, every 20 ms by 16 callers after they have
submitted all. pygeoapi works on jobs in threads of its web workers and keeps their records in one file
of JSON, which grows; a job ends with its worker. Ours goes through the queue, the table and the object
store of an emulated AWS, and outlives the worker."""


@dataclass(frozen=True)
class Server:
    """One of the servers that are compared.

    Attributes:
        name: The name of its columns.
        client: Generates its load.
        execute: Path of the buffer, while the caller waits.
        submit: Path of the buffer as a job.
        dialect: Its words for jobs.
    """

    name: str
    client: LoadGenerator
    execute: str
    submit: str
    dialect: Dialect

    def body(self, kind: str, count: int, *, job: bool = False) -> tuple[bytes, str]:
        """Return the body of a request and its content type."""
        if self.dialect is OGC:
            return data.geojson(kind, count), JSON
        if job:
            return data.form(
                kind, count, "in_features", buffer_distance_or_field=f"{data.REACH} Meters"
            ), FORM
        return data.form(kind, count, "features", distance=f"{data.REACH} Meters"), FORM


def tables(effort: Effort) -> Iterator[Table]:
    """Measure all works in turns, if the environment of the peer has been made."""
    if not peer.available():
        return
    with serve() as ours:
        works = WORKS[:3] if effort.quick else WORKS
        found = {}
        for work in works:
            with _start_servers(ours) as servers:
                found[work] = _in_turns(servers, *work, effort)
                names = [server.name for server in servers]
        yield _synchronous(names, found)
        with _start_servers(ours) as servers:
            yield _jobs(servers, effort)


@contextmanager
def _start_servers(ours: str) -> Iterator[tuple[Server, ...]]:
    """Start the peer anew, because its file of jobs slows it down; yield every server with a client."""
    paths = {
        "pygeoapi, documented": "/processes/per-feature/execution",
        "pygeoapi, vectorised": "/processes/vectorised/execution",
    }
    with ExitStack() as held:
        theirs = held.enter_context(peer.serve())
        clients = [held.enter_context(LoadGenerator(place)) for place in (ours, theirs, theirs)]
        yield (
            Server("GPServerless", clients[0], EXECUTE, SUBMIT, GPSERVER),
            *(
                Server(name, client, path, path, OGC)
                for client, (name, path) in zip(clients[1:], paths.items(), strict=True)
            ),
        )


Work = tuple[str, int, int]


def _synchronous(names: list[str], found: dict[Work, list[list[Timings]]]) -> Table:
    alone = [(work, each) for work, each in found.items() if work[2] == 1 and work[0] == "points"]
    return Table(
        "peers",
        "Beside pygeoapi: callers wait",
        (
            "",
            "features",
            "callers",
            *(f"{name} {unit}" for name in names for unit in ("p50 ms", "features/s")),
        ),
        tuple(
            (*work, *(number for one in each for number in (_p50(one), work[1] * _rate(one))))
            for work, each in found.items()
        ),
        f"{peer.versions()}. {NOTE}",
        plot=Plot(
            "A buffer of points over HTTP, one caller",
            "features",
            "p50 ms",
            tuple(
                Series(name, tuple((work[1], _p50(each[index])) for work, each in alone))
                for index, name in enumerate(names)
            ),
        ),
    )


def _in_turns(
    servers: tuple[Server, ...], kind: str, count: int, callers: int, effort: Effort
) -> list[list[Timings]]:
    """Measure the servers in turns; a request that takes seconds is sent once."""
    heavy = count * callers > 20_000
    rounds, seconds = (1, 0.0) if heavy else (effort.rounds(3, 1), effort.rounds(1, 1) / 1.5)
    found: list[list[Timings]] = [[] for _ in servers]
    for server in servers:
        server.client.ask(server.execute, *server.body(kind, 10), callers=callers)
    for _ in range(rounds):
        for server, kept in zip(servers, found, strict=True):
            body = server.body(kind, count)
            kept.append(server.client.ask(server.execute, *body, callers=callers, seconds=seconds))
    return found


def _p50(found: list[Timings]) -> float:
    return median(each.p50 for each in found)


def _rate(found: list[Timings]) -> float:
    return median(each.per_second for each in found)


def _jobs(servers: tuple[Server, ...], effort: Effort) -> Table:
    rows, burst = [], effort.rounds(BURST, 32)
    for server in servers:
        body, kind = server.body("points", 10, job=True)
        asked = (server.dialect, server.submit, body, kind)
        server.client.jobs(*asked, count=4)
        one = server.client.jobs(*asked, count=effort.rounds(30, 4))
        many = server.client.jobs(*asked, count=burst, callers=16, burst=True)
        rows.append((server.name, one.p50, one.p99, many.per_second))
    return Table(
        "peers-jobs",
        "Beside pygeoapi: jobs",
        ("a job of 10 points", "p50 ms from submit to end", "p99 ms", f"jobs/s, {burst} at once"),
        tuple(rows),
        JOBS_NOTE,
    )
