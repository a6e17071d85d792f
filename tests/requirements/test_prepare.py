"""The first start heals itself, or says in a sentence what to do; nothing is fetched here."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.patience import LONG

ROOT = Path(__file__).parents[2]
VERSION = (ROOT / "requirements/bootstrap.txt").read_text("utf-8").split("==")[1].split()[0]

UV = f"""#!/bin/sh
# A uv that fetches nothing: it makes environments, copies itself into them, and tells what it was asked.
case "$1 $2" in
--version*) echo "uv {VERSION}" ;;
venv*) for last; do :; done; "{sys.executable}" -m venv --without-pip "$last" ;;
"pip install") cp "$0" "$(dirname "$(echo "$@" | sed 's/.*--python \\(.*python\\) .*/\\1/')")/uv" ;;
"pip sync")
    echo "$@" >>asked
    echo "Downloading numpy (15.9MiB)" >&2
    echo " + numpy==2" >&2
    if [ -e gate ]; then touch reached; while [ -e gate ]; do sleep 0.05; done; fi
    if [ -e broken ]; then echo "error: no room" >&2; exit 2; fi
    echo "Installed 150 packages in 9s" >&2 ;;
esac
"""


@dataclass
class Clone:
    """A clone without an environment, and a machine with some programs.

    Attributes:
        folder: The clone.
        programs: The folder of the programs on its path.
        modules: The folder of modules that stand before those of Python.
    """

    folder: Path
    programs: Path
    modules: Path

    def start(self, cwd: Path | str = "") -> subprocess.Popen[str]:
        """Begin to prepare the clone, as make does."""
        return subprocess.Popen(
            [sys.executable, ROOT / "requirements/prepare.py", ".venv", "dev.txt", "bootstrap.txt"],
            cwd=cwd or self.folder,
            env={
                "PATH": f"{self.programs}:/usr/bin:/bin",
                "PYTHONPATH": str(self.modules),
                "HOME": str(self.folder),
                "PIP_NO_INDEX": "1",  # whatever goes wrong, nothing is fetched
                "UV_OFFLINE": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def prepare(self) -> tuple[int, str]:
        """Prepare the clone; return the status, and what was told."""
        started = self.start()
        printed, told = started.communicate(timeout=LONG)
        return started.returncode, printed + told

    @property
    def asked(self) -> list[str]:
        """The installations that uv was asked for."""
        return (self.folder / "asked").read_text("utf-8").splitlines()

    def is_ready(self) -> bool:
        python = self.folder / ".venv/bin/python"
        own = "import sys; sys.exit(sys.prefix == sys.base_prefix)"
        runs = python.exists() and subprocess.run([python, "-c", own], check=False).returncode == 0
        return runs and not (self.folder / ".venv/unfinished").exists()

    def hide(self, *modules: str) -> None:
        """Let Python have no such modules, as Debian's has no ensurepip."""
        for module in modules:
            (self.modules / f"{module}.py").write_text("raise ImportError", "utf-8")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path / "a path with blanks/x", tmp_path / "bin", tmp_path / "modules")
    for folder in (made.folder, made.programs, made.modules):
        folder.mkdir(parents=True)
    uv = made.programs / "uv"
    uv.write_text(UV, "utf-8")
    uv.chmod(0o755)
    made.hide("ensurepip")  # whose pip would fetch uv
    return made


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_first_start_installs_and_tells_how_far_it_is(clone: Clone) -> None:
    status, told = clone.prepare()
    assert (status, clone.is_ready()) == (0, True), told
    assert "Installing what dev.txt and bootstrap.txt name" in told
    assert "  Downloading numpy (15.9MiB)\n  Installed 150 packages in 9s\n" in told
    assert "+ numpy" not in told
    assert "taken up" not in told


def test_start_that_failed_is_taken_up_and_written_anew(clone: Clone) -> None:
    (clone.folder / "broken").touch()
    status, told = clone.prepare()
    assert status == 1
    assert told.endswith(
        "error: no room\nThe packages could not be installed. The same command tries again.\n"
    )
    (clone.folder / "broken").unlink()
    status, told = clone.prepare()
    assert (status, clone.is_ready()) == (0, True)
    assert "The last installation did not finish; it is taken up again." in told
    assert ["--reinstall" in each for each in clone.asked] == [False, True]


@pytest.fixture
def foreground() -> Iterator[None]:
    """Let programs take Ctrl-C: a shell lets those in its background ignore it, and they pass that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("foreground")
def test_start_that_was_stopped_says_so_and_is_taken_up(clone: Clone) -> None:
    (clone.folder / "gate").touch()
    started = clone.start()
    eventually((clone.folder / "reached").exists)
    started.send_signal(signal.SIGINT)
    (clone.folder / "gate").unlink()
    _, told = started.communicate(timeout=LONG)
    assert started.returncode == 130
    assert told.endswith("Stopped. The same command takes it up again.\n")
    assert clone.prepare()[0] == 0
    assert clone.is_ready()


HALF_MADE = {
    "nothing in it": lambda venv: None,
    "a link that leads nowhere": lambda venv: (venv / "bin/python").symlink_to("/nowhere/python3"),
    "a program that is none": lambda venv: (venv / "bin/python").write_text("half", "utf-8"),
    "an interpreter with nothing to install with": lambda venv: (venv / "bin/python").symlink_to(
        sys.executable
    ),
}


@pytest.mark.parametrize("make", HALF_MADE.values(), ids=HALF_MADE)
def test_half_an_environment_is_made_anew(clone: Clone, make: Callable[[Path], object]) -> None:
    (clone.folder / ".venv/bin").mkdir(parents=True)
    make(clone.folder / ".venv")
    status, told = clone.prepare()
    assert (status, clone.is_ready()) == (0, True), told


def test_environment_that_is_a_link_is_not_removed(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "shared/bin").mkdir(parents=True)
    (clone.folder / ".venv").symlink_to(tmp_path / "shared")
    status, told = clone.prepare()
    assert status == 1
    assert "does not work and cannot be removed" in told
    assert (tmp_path / "shared/bin").exists()


def test_python_that_cannot_make_environments_is_told_what_to_install(clone: Clone) -> None:
    clone.hide("pip")
    (clone.programs / "uv").unlink()
    status, told = clone.prepare()
    assert status == 1
    assert "This Python cannot make environments, since ensurepip is missing" in told
    assert f"sudo apt-get install python3.{sys.version_info[1]}-venv" in told
    assert "Traceback" not in told
    assert not (clone.folder / ".venv").exists()


def test_folder_that_cannot_be_written_is_told(clone: Clone) -> None:
    started = clone.start(cwd="/proc")
    _, told = started.communicate(timeout=LONG)
    assert started.returncode == 1
    assert told.startswith("This folder cannot be written (")
    assert "Clone it into a folder of your own: git clone '/proc' ~/gpserverless" in told


def test_second_start_waits_for_the_first(clone: Clone) -> None:
    (clone.folder / ".local").mkdir()
    with (clone.folder / ".local/preparation.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = clone.start()
        assert started.stderr is not None
        assert started.stderr.readline() == "Another start is installing; this one waits for it.\n"
        assert not (clone.folder / ".venv").exists()
    _, told = started.communicate(timeout=LONG)
    assert (started.returncode, clone.is_ready()) == (0, True), told


CACHES = [
    ("own", {"HOME": "home"}, "home/.cache/uv"),
    ("elsewhere", {"HOME": "home", "XDG_CACHE_HOME": "cache"}, "cache/uv"),
    ("named", {"HOME": "home", "UV_CACHE_DIR": "a cache with blanks"}, "a cache with blanks"),
    ("cannot be made", {"HOME": "/proc"}, ".local/packages"),
    ("of another user", {"HOME": "home", "SOMEBODY": "yes"}, ".local/packages"),
]


@pytest.mark.parametrize(("variables", "folder"), [case[1:] for case in CACHES], ids=[c[0] for c in CACHES])
def test_packages_are_kept_where_this_user_may_write(
    clone: Clone, variables: dict[str, str], folder: str
) -> None:
    if "SOMEBODY" in variables:  # all files are another user's to one with this number
        (clone.programs / "id").write_text("#!/bin/sh\necho 12345\n", "utf-8")
        (clone.programs / "id").chmod(0o755)
    given = {name: str(clone.folder / value) for name, value in variables.items()}
    ran = subprocess.run(
        [ROOT / "requirements/cache-folder"],
        cwd=clone.folder,
        env={"PATH": f"{clone.programs}:{os.environ['PATH']}", **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == f"{clone.folder / folder}\n"
