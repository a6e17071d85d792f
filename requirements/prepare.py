"""`python requirements/prepare.py FOLDER LOCK…`: make an environment, and install what locks name.

make calls it, before anything is installed, so it uses the standard library alone. It can be stopped at any
time: the same command takes it up again. Exits with 1 and a sentence if it cannot be done, with 130 after
Ctrl-C.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BOOTSTRAP = Path(__file__).with_name("bootstrap.txt")
_SHOWN = (
    *("Downloading ", "Downloaded ", "Building ", "Built ", "Prepared ", "Installed ", "Bytecode "),
    *("error", "warning"),
)
"""Beginnings of the lines of uv that tell how far it is; a line for each package does not."""

_DEBIAN = "/usr/bin/apt-get"


class PreparationError(Exception):
    """It cannot be done; the text says why, and what to do."""


def main(folder: Path, locks: Sequence[Path]) -> int:
    """Prepare an environment; return the exit status."""
    try:
        check_writable(folder)
        with alone():
            prepare(folder, locks)
    except PreparationError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command takes it up again.\n")
        return 130
    return 0


def prepare(folder: Path, locks: Sequence[Path]) -> None:
    """Make the environment if there is none that works, and install.

    Args:
        folder: The environment.
        locks: Files with every version and hash.

    Raises:
        PreparationError: It cannot be done.
    """
    unfinished = folder / "unfinished"
    begun = folder.exists() and (unfinished.exists() or not works(folder))
    if begun:
        say("The last installation did not finish; it is taken up again.")
    if not works(folder):
        remove(folder)
        make_environment(folder)
    unfinished.touch()
    install_uv(folder)
    say(f"Installing what {' and '.join(map(str, locks))} name: a minute or two, the first time.")
    # What was half written is written again.
    again = ["--reinstall"] if begun else []
    sync = ["pip", "sync", "--compile-bytecode", "--require-hashes", *again, *map(str, locks)]
    run_uv(folder, [folder / "bin/uv", *sync])
    unfinished.unlink()


def check_writable(folder: Path) -> None:
    """Raise unless files can be made beside and in the environment.

    Args:
        folder: The environment, perhaps not there yet.

    Raises:
        PreparationError: They cannot.
    """
    for place in (Path.cwd(), folder) if folder.exists() else (Path.cwd(),):
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            raise PreparationError(
                f"This folder cannot be written ({error.strerror}): {place}\n"
                f"Clone it into a folder of your own: git clone '{Path.cwd()}' ~/gpserverless"
            ) from None


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other start of this clone prepares it."""
    Path(".local").mkdir(exist_ok=True)
    with Path(".local/preparation.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is installing; this one waits for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works(folder: Path) -> bool:
    """Return whether it is an environment whose interpreter runs, with something to install with.

    Args:
        folder: The environment.
    """
    python = folder / "bin/python"
    if not succeeds([python, "-c", "import sys; sys.exit(sys.prefix == sys.base_prefix)"]):
        return False  # without its own prefix, everything would be installed into this machine's Python
    return succeeds([folder / "bin/uv", "--version"]) or succeeds([python, "-m", "pip", "--version"])


def remove(folder: Path) -> None:
    """Remove an environment that does not work.

    Args:
        folder: The environment.

    Raises:
        PreparationError: It is a link, whose target may be of use to others, or it cannot be removed.
    """
    try:
        if folder.exists() or folder.is_symlink():
            shutil.rmtree(folder)
    except OSError as error:
        raise PreparationError(
            f"{folder} does not work and cannot be removed: {error}. Remove it by hand."
        ) from None


def make_environment(folder: Path) -> None:
    """Make an environment in the best way that this machine has.

    Args:
        folder: Where there is nothing.

    Raises:
        PreparationError: There is none.
    """
    uv = shutil.which("uv")
    if not (has_ensurepip() or uv or has_pip()):
        install_debian_package()
    if has_ensurepip():
        command: list[str | Path] = [sys.executable, "-m", "venv", folder]
    elif uv:
        command = [uv, "venv", "--quiet", "--no-python-downloads", "--python", sys.executable, folder]
    elif has_pip():
        command = [sys.executable, "-m", "venv", "--without-pip", folder]
    else:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise PreparationError(
            f"This Python cannot make environments, since ensurepip is missing: {sys.executable}\n"
            f"On Debian and Ubuntu: sudo apt-get install {package}\n"
            "Or install uv (https://docs.astral.sh/uv/). Then the same command again."
        )
    if subprocess.run(command, check=False).returncode:
        raise PreparationError(f"{folder} could not be made: see above")


def has_ensurepip() -> bool:
    """Return whether `python -m venv` can put pip into an environment; Debian has that in another package."""
    return succeeds([sys.executable, "-c", "import ensurepip"])


def has_pip() -> bool:
    """Return whether this interpreter has a pip that installs into other environments (22.3 and later)."""
    return importlib.util.find_spec("pip") is not None and succeeds(
        [sys.executable, "-m", "pip", "--python", sys.executable, "--version"]
    )


def install_debian_package() -> None:
    """Install what Debian's Python needs to make environments, if this is Debian's, and root asks."""
    if os.geteuid() != 0 or not Path(_DEBIAN).exists() or not sys.executable.startswith("/usr/bin/"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    say(f"Installing {package}, which this Python needs to make environments.")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", package]):
        subprocess.run([_DEBIAN, *words], env=quiet, stdout=subprocess.DEVNULL, check=False)


def install_uv(folder: Path) -> None:
    """Install uv into an environment, if it is not there in the locked version.

    Args:
        folder: The environment.

    Raises:
        PreparationError: It cannot be installed.
    """
    version = BOOTSTRAP.read_text("utf-8").split("==")[1].split()[0]
    python, uv, other = folder / "bin/python", folder / "bin/uv", shutil.which("uv")
    if uv.exists() and version in output_of([uv, "--version"]):
        return
    say("Installing uv.")
    hashes = ["--require-hashes", "-r", BOOTSTRAP]
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", *hashes]
    if succeeds([python, "-m", "pip", "--version"]):
        command: list[str | Path] = [python, *pip]
    elif other:
        command = [other, "pip", "install", "--quiet", "--python", python, *hashes]
    else:
        command = [sys.executable, "-m", "pip", "--python", python, *pip[2:]]
    guarded = {**os.environ, "PIP_REQUIRE_VIRTUALENV": "1"}  # never into this machine's Python
    if subprocess.run(command, env=guarded, check=False).returncode:
        raise PreparationError("uv could not be installed: see above. The same command tries again.")


def run_uv(folder: Path, command: Sequence[str | Path]) -> None:
    """Run uv on an environment, and show how far it is.

    Args:
        folder: The environment.
        command: The command.

    Raises:
        PreparationError: It fails.
    """
    environment = {**os.environ, "VIRTUAL_ENV": str(folder.absolute())}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as installing:
        assert installing.stderr is not None
        last: list[str] = []
        for line in installing.stderr:
            last = [*last[-20:], line]
            if line.strip().startswith(_SHOWN):
                say(f"  {line.strip()}")
    if installing.returncode:
        raise PreparationError(
            f"{''.join(last)}The packages could not be installed. The same command tries again."
        )


def succeeds(command: Sequence[str | Path]) -> bool:
    """Return whether a command exits with 0."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def output_of(command: Sequence[str | Path]) -> str:
    """Return what a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def say(text: str) -> None:
    """Tell the user how far it is."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]]))
