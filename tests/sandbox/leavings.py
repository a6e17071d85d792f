"""Tools that leave something behind, and look for it: in Python, in the process, in C libraries."""

from __future__ import annotations

import contextvars
import ctypes
import decimal
import functools
import gc
import itertools
import locale
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
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from gpserverless import tool

LIBC = ctypes.CDLL(None)
LIBC.setlocale.restype = LIBC.getenv.restype = ctypes.c_char_p
LIBC.gmtime.restype = ctypes.POINTER(ctypes.c_int * 9)
LC_ALL = 6
STATIC = LIBC.gmtime(ctypes.byref(ctypes.c_long(0)))  # the one buffer that every call of gmtime writes to


@dataclass
class Settings:
    """An object that an author may keep in a module."""

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
CACHE: dict[str, str] = {}
LIST: list[str] = []
SET: set[str] = set()
NESTED: tuple[dict[str, list[int]], frozenset[str]] = ({"a": [1, 2]}, frozenset())
ARRAY = np.zeros(3)
BYTES = bytearray(3)
BUFFER = ctypes.create_string_buffer(8)
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
FILE = Path(__file__).open("rb", buffering=0)  # noqa: SIM115 - a module that keeps a file open is the case


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


def generate() -> Any:
    yield from range(100)


GENERATED = generate()


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
    "memory of C": lambda: setattr(BUFFER, "value", b"secret"),
    "an attribute": lambda: setattr(SETTINGS, "names", ["secret"]),
    "deep in an attribute": lambda: SETTINGS.places["here"].append("secret"),
    "a slot": lambda: setattr(SLOTTED, "name", "secret"),
    "a class variable": lambda: Slotted.shared.append("secret"),
    "a new class variable": lambda: setattr(Slotted, "more", "secret"),
    "a dictionary's subclass": lambda: BOX.update(a="secret"),
    "an attribute of that": lambda: setattr(BOX, "more", "secret"),
    "an iterator": lambda: next(NUMBERS),
    "a generator": lambda: next(GENERATED),
    "a random generator": DICE.random,
    "a random generator of numpy": GENERATOR.random,
    "a context variable": lambda: CONTEXT.set("secret"),
    "a lock": LOCK.acquire,
    "a logger": lambda: LOGGER.setLevel(logging.DEBUG),
    "a log handler": lambda: logging.root.addHandler(logging.NullHandler()),
    "a thread's own": lambda: setattr(LOCAL, "name", "secret"),
    "a default": lambda: with_default().append("secret"),
    "a closure": closure,
    "a cached answer": lambda: remembered("secret").append("more"),
    "an attribute of a function": lambda: setattr(set_global, "seen", "secret"),
    "a replaced method": lambda: setattr(Settings, "__repr__", lambda self: "secret"),
    "a replaced function of a library": lambda: setattr(shapely, "buffer", len),
    "a new name in a library": lambda: setattr(np, "secret", 1),
    "a builtin": lambda: setattr(__import__("builtins"), "secret", 1),
    "a late import": lambda: __import__("shapely.plotting"),
    "the path": lambda: sys.path.append("/secret"),
    "the environment": lambda: os.environ.update(SECRET="1"),
    "the environment of C": lambda: LIBC.setenv(b"HIDDEN", b"1", 1),
    "the current folder": lambda: os.chdir("/"),
    "a file in the folder": lambda: Path("left.txt").write_text("secret", encoding="utf-8"),
    "a signal": lambda: signal.signal(signal.SIGUSR1, lambda *_: None),
    "a blocked signal": lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2}),
    "a timer": lambda: signal.setitimer(signal.ITIMER_REAL, 60),
    "a filter": lambda: warnings.simplefilter("ignore"),
    "an open file": open_file,
    "an open socket": os.pipe,
    "the position in an open file": lambda: FILE.read(3),
    "a closed file": FILE.close,
    "a thread": lambda: threading.Thread(target=threading.Event().wait).start(),
    "a process of its own group": start_apart,
    "a process that is nobody's": start_and_disown,
    "numpy's errors": lambda: np.seterr(all="ignore"),
    "how numpy prints": lambda: np.set_printoptions(precision=3),
    "the locale": lambda: locale.setlocale(locale.LC_ALL, "C"),
    "the locale of C": lambda: LIBC.setlocale(LC_ALL, b"C.UTF-8"),
    "the decimal context": lambda: decimal.getcontext().__setattr__("prec", 3),
    "the random numbers of C": lambda: LIBC.srand(7),
    "a static buffer of C": lambda: LIBC.gmtime(ctypes.byref(ctypes.c_long(1_000_000_000))),
    "the folders of PROJ": lambda: pyproj.datadir.append_data_dir("/secret"),
    "the network of PROJ": lambda: pyproj.network.set_network_enabled(active=not NETWORK),
    "the mask of new files": lambda: os.umask(0o777),
    "a limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    "silent logs": lambda: logging.disable(logging.CRITICAL),
    "rarer collecting of garbage": lambda: gc.set_threshold(100_000),
    "the recursion limit": lambda: sys.setrecursionlimit(5_000),
    "a lower priority": lambda: os.nice(1),
    "a closed stream": lambda: sys.stdout.close(),  # noqa: PLW0108 - the child's own stream
}
LIMITS = sorted({limit for name, limit in vars(resource).items() if name.startswith("RLIMIT_")})
UNREADABLE = ("LEAVINGS", "LIBC", "STATIC", "FILE", "GENERATED", "BUFFER")
NETWORK = pyproj.network.is_network_enabled()


@tool
def leave(what: list[str]) -> int:
    """Leave things behind, and return the process.

    Args:
        what: What to leave.
    """
    for each in what:
        LEAVINGS[each]()
    return os.getpid()


@tool
def leave_and_look(what: list[str]) -> list[str]:
    """Leave things behind, and look for them in the same run.

    Args:
        what: What to leave.
    """
    leave(what)
    return look()


@tool
def look() -> list[str]:
    """Return everything in which a run could see another."""
    return [f"{name}: {value}" for name, value in (_look_at_modules() | _look_at_process()).items()]


def _look_at_modules() -> dict[str, object]:
    own = {name: value for name, value in globals().items() if name.isupper()}
    return {
        **{name: value for name, value in own.items() if name not in UNREADABLE},
        "memory of C": (BUFFER.value, [*STATIC.contents]),
        "slot": SLOTTED.name,
        "class": [*Slotted.shared, *vars(Slotted)],
        "box": vars(BOX),
        "random": (DICE.getstate(), GENERATOR.bit_generator.state),
        "generated": next(GENERATED),
        "context": CONTEXT.get(),
        "local": [*vars(LOCAL)],
        "default": with_default(),
        "closure": closure(),
        "cached": remembered("secret"),
        "function": [*vars(set_global)],
        "method": repr(Settings()),
        "libraries": [*dir(np), *dir(__import__("builtins")), shapely.buffer.__name__],
        "modules": sorted(sys.modules),
    }


def _look_at_process() -> dict[str, object]:
    return {
        "environment": sorted(name for name in os.environ if name != "TMPDIR"),
        "environment of C": LIBC.getenv(b"HIDDEN"),
        "sys.path": sys.path,
        "folder": [Path.cwd() == Path(os.environ["TMPDIR"]), *Path().iterdir()],
        "signals": [*map(signal.getsignal, range(1, 32)), signal.pthread_sigmask(signal.SIG_BLOCK, ())],
        "timer": signal.getitimer(signal.ITIMER_REAL)[0] > 0,
        "files": sorted(os.listdir("/dev/fd")),  # noqa: PTH208 - numbers, not paths
        "position": None if FILE.closed else FILE.tell(),
        "threads": threading.active_count(),
        "processes": _count_processes(),
        "numpy": (np.geterr(), np.get_printoptions()),
        "locale": (locale.setlocale(locale.LC_ALL), LIBC.setlocale(LC_ALL, None)),
        "decimal": decimal.getcontext(),
        "rand": LIBC.rand(),
        "proj": (pyproj.datadir.get_data_dir(), pyproj.network.is_network_enabled()),
        "mask": os.umask(0),
        "limits": [*map(resource.getrlimit, LIMITS)],
        "logs": (logging.root.manager.disable, len(logging.root.handlers), LOGGER.level),
        "warnings": len(warnings.filters),
        "garbage": gc.get_threshold(),
        "recursion": sys.getrecursionlimit(),
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "stream": sys.stdout.closed,
    }


def _count_processes() -> int:
    """Return the number of programs that this process or its parent has started.

    This process is none of them, nor is the one that waits for the next run: both run what their parent runs.
    """
    families = {os.getpid(), os.getppid()}
    program = _read(Path("/proc/self/cmdline"))
    return sum(
        _parent_of(process) in families and _read(process / "cmdline") != program
        for process in Path("/proc").glob("[0-9]*")
    )


def _parent_of(process: Path) -> int:
    fields = _read(process / "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # the process has ended
        return ""


@tool
def strand(how: str, note: str) -> int:
    """Start a process that outlives this one, apart from it, write down its id, and never return.

    Args:
        how: "hang", or "crash".
        note: Where to write the id.
    """
    left = start_apart() if how == "hang" else os.fork()
    if left == 0:
        time.sleep(30)
        os._exit(0)
    Path(note).write_text(str(left), encoding="utf-8")
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(30)
    return 0


@tool
def draw() -> list[str]:
    """Return two random numbers."""
    return [str(random.random()), str(np.random.random())]


@tool
def list_environment() -> list[str]:
    """Return the environment of what this tool starts."""
    return subprocess.run(["env"], capture_output=True, text=True, check=True).stdout.splitlines()
