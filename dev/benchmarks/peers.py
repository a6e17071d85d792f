"""Beside pygeoapi: the same buffer of the same data, by the same client, in turns in one run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from dev.benchmarks import data
from dev.benchmarks.client import FORM, GPSERVER, JSON, OGC, Client, Dialect, Found
from dev.benchmarks.peer import server
from dev.benchmarks.site import EXECUTE, SUBMIT, served
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
class Rival:
    """One server, and how it is asked.

    Attributes:
        name: What its columns are called.
        client: A client of it.
        execute: Path of the buffer, while the caller waits.
        submit: Path of the buffer as a job.
        dialect: How it speaks of jobs.
    """

    name: str
    client: Client
    execute: str
    submit: str
    dialect: Dialect

    def body(self, kind: str, count: int, *, job: bool = False) -> tuple[bytes, str]:
        """Return what is sent, and its type."""
        if self.dialect is OGC:
            return data.geojson(kind, count), JSON
        if job:
            return data.form(
                kind, count, "in_features", buffer_distance_or_field=f"{data.REACH} Meters"
            ), FORM
        return data.form(kind, count, "features", distance=f"{data.REACH} Meters"), FORM


def tables(effort: Effort) -> Iterator[Table]:
    """Measure all works in turns, if the environment of the peer has been made."""
    if not server.available():
        return
    with served() as ours:
        works = WORKS[:3] if effort.quick else WORKS
        found = {}
        for work in works:
            with _rivals(ours) as rivals:
                found[work] = _in_turns(rivals, *work, effort)
                names = [rival.name for rival in rivals]
        yield _synchronous(names, found)
        with _rivals(ours) as rivals:
            yield _jobs(rivals, effort)


@contextmanager
def _rivals(ours: str) -> Iterator[tuple[Rival, ...]]:
    """Start the peer anew, whose file of jobs slows it down as it grows, and a client for every server."""
    paths = {
        "pygeoapi, documented": "/processes/per-feature/execution",
        "pygeoapi, vectorised": "/processes/vectorised/execution",
    }
    with ExitStack() as held:
        theirs = held.enter_context(server.served())
        clients = [held.enter_context(Client(place)) for place in (ours, theirs, theirs)]
        yield (
            Rival("GPServerless", clients[0], EXECUTE, SUBMIT, GPSERVER),
            *(
                Rival(name, client, path, path, OGC)
                for client, (name, path) in zip(clients[1:], paths.items(), strict=True)
            ),
        )


Work = tuple[str, int, int]


def _synchronous(names: list[str], found: dict[Work, list[list[Found]]]) -> Table:
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
        f"{server.versions()}. {NOTE}",
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
    rivals: tuple[Rival, ...], kind: str, count: int, callers: int, effort: Effort
) -> list[list[Found]]:
    """Ask each rival for a while, and again; where one request takes seconds, once must do."""
    heavy = count * callers > 20_000
    rounds, seconds = (1, 0.0) if heavy else (effort.rounds(3, 1), effort.rounds(1, 1) / 1.5)
    found: list[list[Found]] = [[] for _ in rivals]
    for rival in rivals:
        rival.client.ask(rival.execute, *rival.body(kind, 10), callers=callers)
    for _ in range(rounds):
        for rival, kept in zip(rivals, found, strict=True):
            body = rival.body(kind, count)
            kept.append(rival.client.ask(rival.execute, *body, callers=callers, seconds=seconds))
    return found


def _p50(found: list[Found]) -> float:
    return median(each.p50 for each in found)


def _rate(found: list[Found]) -> float:
    return median(each.per_second for each in found)


def _jobs(rivals: tuple[Rival, ...], effort: Effort) -> Table:
    rows, burst = [], effort.rounds(BURST, 32)
    for rival in rivals:
        body, kind = rival.body("points", 10, job=True)
        asked = (rival.dialect, rival.submit, body, kind)
        rival.client.jobs(*asked, count=4)
        one = rival.client.jobs(*asked, count=effort.rounds(30, 4))
        many = rival.client.jobs(*asked, count=burst, callers=16, burst=True)
        rows.append((rival.name, one.p50, one.p99, many.per_second))
    return Table(
        "peers-jobs",
        "Beside pygeoapi: jobs",
        ("a job of 10 points", "p50 ms from submit to end", "p99 ms", f"jobs/s, {burst} at once"),
        tuple(rows),
        JOBS_NOTE,
    )
