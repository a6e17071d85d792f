"""A tool's process serves the next call only if the last one has left nothing in it."""

from __future__ import annotations

import contextvars
import functools
import gc
import itertools
import json
import logging
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless import tool
from gpserverless.errors import DeadlinePassed, ToolCrashed
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Unwatched
from gpserverless.toolkit.spec import ServiceSpec
from gpserverless.toolkit.toolboxes import Toolbox, discover


@dataclass
class Settings:
    """What an author may keep in a module."""

    names: list[str] = field(default_factory=list)
    places: dict[str, list[str]] = field(default_factory=lambda: {"here": []})


class Slotted:
    __slots__ = ("name",)
    shared: list[str] = []  # noqa: RUF012 - a class variable that changes is the case

    def __init__(self) -> None:
        self.name = ""


class Box(dict[str, str]):
    pass


COUNT = 0
STRANDED = Path(tempfile.gettempdir(), f"stranded-{os.getpid()}")
CACHE: dict[str, str] = {}
LIST: list[str] = []
SET: set[str] = set()
NESTED = ({"a": [1, 2]}, frozenset())
ARRAY = np.zeros(3)
BYTES = bytearray(3)
SETTINGS = Settings()
SLOTTED = Slotted()
BOX = Box()
NUMBERS = itertools.count()
DICE = random.Random(1)
GENERATOR = np.random.default_rng(1)
CONTEXT = contextvars.ContextVar("CONTEXT", default="")
LOCK = threading.Lock()
LOGGER = logging.getLogger("tests.isolation")
LOCAL = threading.local()


def with_default(seen: list[str] = []) -> list[str]:  # noqa: B006 - the trap is the case
    return seen


def counting() -> Callable[[], int]:
    total = 0

    def count() -> int:
        nonlocal total
        total += 1
        return total

    return count


closure = counting()


@functools.cache
def remembered(text: str) -> list[str]:
    return [text]


def set_global() -> None:
    global COUNT  # noqa: PLW0603 - that it changes is the case
    COUNT = 1


def open_file() -> None:
    os.open(tempfile.mkdtemp() + "/left.txt", os.O_CREAT | os.O_RDONLY)


def start_apart() -> int:
    """Start a process that is in no group of this one, and that sleeps."""
    return subprocess.Popen(["sleep", "30"], start_new_session=True).pid


def start_and_disown() -> None:
    """Start a process whose parent ends at once."""
    subprocess.run("sleep 30 >/dev/null 2>&1 &", shell=True, check=True)


LEAVINGS: dict[str, Callable[[], Any]] = {
    "a global": set_global,
    "a new global": lambda: globals().update(NEW=1),
    "a dictionary": lambda: CACHE.update(a="secret"),
    "a list": lambda: LIST.append("secret"),
    "a set": lambda: SET.add("secret"),
    "something deep": lambda: NESTED[0]["a"].append(3),
    "an array": lambda: ARRAY.__setitem__(0, 1),
    "bytes": lambda: BYTES.__setitem__(0, 1),
    "an attribute": lambda: setattr(SETTINGS, "names", ["secret"]),
    "deep in an attribute": lambda: SETTINGS.places["here"].append("secret"),
    "a slot": lambda: setattr(SLOTTED, "name", "secret"),
    "a class variable": lambda: Slotted.shared.append("secret"),
    "a new class variable": lambda: setattr(Slotted, "more", "secret"),
    "a dictionary's subclass": lambda: BOX.update(a="secret"),
    "an attribute of that": lambda: setattr(BOX, "more", "secret"),
    "an iterator": lambda: next(NUMBERS),
    "a random generator": DICE.random,
    "a random generator of numpy": GENERATOR.random,
    "a context variable": lambda: CONTEXT.set("secret"),
    "a lock": LOCK.acquire,
    "a logger": lambda: LOGGER.setLevel(logging.DEBUG),
    "a thread's own": lambda: setattr(LOCAL, "name", "secret"),
    "a default": lambda: with_default().append("secret"),
    "a closure": closure,
    "an attribute of a function": lambda: setattr(set_global, "seen", "secret"),
    "a replaced method": lambda: setattr(Settings, "__repr__", lambda self: "secret"),
    "a replaced function of a library": lambda: setattr(shapely, "buffer", len),
    "a new name in a library": lambda: setattr(np, "secret", 1),
    "a builtin": lambda: setattr(__import__("builtins"), "secret", 1),
    "the path": lambda: sys.path.append("/secret"),
    "a signal": lambda: signal.signal(signal.SIGUSR1, lambda *_: None),
    "a filter": lambda: warnings.simplefilter("ignore"),
    "an open file": open_file,
    "an open socket": os.pipe,
    "a thread": lambda: threading.Thread(target=threading.Event().wait).start(),
    "numpy's errors": lambda: np.seterr(all="ignore"),
    "how numpy prints": lambda: np.set_printoptions(precision=3),
    "a process of its own group": start_apart,
    "a process that is nobody's": start_and_disown,
    "the mask of new files": lambda: os.umask(0o777),
    "a limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    "a blocked signal": lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2}),
    "silent logs": lambda: logging.disable(logging.CRITICAL),
    "rarer collecting of garbage": lambda: gc.set_threshold(100_000),
    "a lower priority": lambda: os.nice(1),
}

KEPT: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "the environment": lambda: os.environ.update(SECRET="1"),
    "the folder": lambda: os.chdir("/"),
    "a cached answer": lambda: remembered("secret").append("more"),
    "chance": lambda: (random.random(), np.random.random()),
    "a line in the log": lambda: LOGGER.warning("secret"),
    "a file": lambda: Path("left.txt").write_text("secret", encoding="utf-8"),
    "a library's late import": lambda: __import__("shapely.affinity"),
}


@tool
def leave(what: str) -> int:
    """Leave something behind, and return the process.

    Args:
        what: What to leave.
    """
    (LEAVINGS | KEPT)[what]()
    return os.getpid()


@tool
def look() -> list[str]:
    """Return everything that could be seen of another run."""
    everything = {**globals(), "LEAVINGS": 0, "KEPT": 0}
    seen = [f"{n}={v}" for n, v in everything.items() if n.isupper()]
    slot = [SLOTTED.name, *Slotted.shared, *vars(Slotted), *BOX.__dict__, *SETTINGS.names, CONTEXT.get()]
    cached = remembered("secret")[1:]
    late = [*with_default(), *dir(np), *dir(__import__("builtins")), *vars(set_global), *vars(LOCAL)]
    return [
        str(os.getpid()),
        *seen,
        *slot,
        *cached,
        *late,
        *os.environ,
        *sys.path,
        *map(str, Path().iterdir()),
    ]


@tool
def strand(how: str) -> int:
    """Start a process that outlives this one, apart from it, write down its id, and never return.

    Args:
        how: "hang", or "crash".
    """
    left = start_apart() if how == "hang" else os.fork()
    if left == 0:
        time.sleep(30)
        os._exit(0)
    STRANDED.write_text(str(left), encoding="utf-8")
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(30)
    return 0


@tool
def draw() -> list[str]:
    """Return two random numbers."""
    return [str(random.random()), str(np.random.random())]


@tool
def environment() -> list[str]:
    """Return the environment of what this tool starts."""
    return subprocess.run(["env"], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    tools: dict[str, Any] = {
        "Leave": leave,
        "Look": look,
        "Draw": draw,
        "Strand": strand,
        "Environment": environment,
    }
    spec = ServiceSpec("Test", "", "sync", Limits.sync(), tuple(t.spec for t in tools.values()))
    made = Runner([Toolbox(spec, tools)])
    yield made
    made.close()


def value_of(runner: Runner, task: str, **values: str) -> Any:
    (output,) = runner(Call("Test", task, values), Unwatched(), 10)
    assert isinstance(output.body, bytes)
    return json.loads(output.body)["value"]


@pytest.mark.parametrize("what", LEAVINGS)
def test_what_a_run_leaves_is_not_there_for_the_next_one(runner: Runner, what: str) -> None:
    before = value_of(runner, "Look")
    left_by = value_of(runner, "Leave", what=what)
    process, *seen = value_of(runner, "Look")
    assert int(process) != left_by
    assert seen == before[1:]


@pytest.mark.parametrize("what", KEPT)
def test_what_can_be_put_back_does_not_cost_a_process(runner: Runner, what: str) -> None:
    before = value_of(runner, "Look")
    left_by = value_of(runner, "Leave", what=what)
    process, *seen = value_of(runner, "Look")
    assert int(process) == left_by
    assert seen == before[1:]


@pytest.mark.parametrize(("how", "error"), [("hang", DeadlinePassed), ("crash", ToolCrashed)])
def test_what_a_tool_has_started_ends_with_it(runner: Runner, how: str, error: type[Exception]) -> None:
    STRANDED.unlink(missing_ok=True)
    began = time.monotonic()
    with pytest.raises(error):
        runner(Call("Test", "Strand", {"how": how}), Unwatched(), 2)
    assert time.monotonic() - began < 10
    assert not Path("/proc", STRANDED.read_text(encoding="utf-8")).exists()
    STRANDED.unlink()


def test_what_a_tool_starts_has_its_files_in_the_folder_of_the_run(runner: Runner) -> None:
    assert value_of(runner, "Leave", what="nothing")
    assert runner._folder is not None
    assert f"TMPDIR={runner._folder}" in value_of(runner, "Environment")


def test_no_two_runs_draw_the_same_numbers(runner: Runner) -> None:
    draws = []
    for what in ("nothing", "a global", "nothing"):  # after the second, there is another process
        draws.append(value_of(runner, "Draw"))
        value_of(runner, "Leave", what=what)
    assert len({number for pair in draws for number in pair}) == 6


POINTS = json.dumps(
    {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326},
        "features": [{"attributes": {}, "geometry": {"x": 8, "y": 47}}],
    }
)
PUBLISHED = [
    ("Conformance/Sync", "Echo", {"In_GPLong": "3", "In_GPFeatureRecordSetLayer": POINTS}),
    ("Samples", "BufferPoints", {"points": POINTS, "distance": "1 Kilometers"}),
    ("Analysis", "Project", {"in_dataset": POINTS, "out_coor_system": "3857"}),
]


def test_the_published_tools_leave_nothing() -> None:
    runner = Runner(discover())
    try:
        for service, task, values in PUBLISHED:
            pids = []
            for _ in range(3):
                runner(Call(service, task, values), Unwatched(), 20)
                assert runner._child is not None
                pids.append(runner._child.pid)
            assert len(set(pids)) == 1, task
    finally:
        runner.close()
