"""pygeoapi as its documentation runs it in production: gunicorn with Flask, and the job manager of TinyDB."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.benchmarks.site import running
from dev.predeploy.ports import find_free_port

HERE = Path(__file__).parent
BIN = HERE.parent / ".venv/bin"
WORKERS, THREADS = 2, 8


def available() -> bool:
    """Return whether its environment has been made."""
    return (BIN / "gunicorn").exists()


@contextmanager
def serve() -> Iterator[str]:
    """Serve both processes with as many workers as there are cores; yield host and port."""
    place = f"127.0.0.1:{find_free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        config, openapi = Path(folder, "config.yml"), Path(folder, "openapi.yml")
        config.write_text(json.dumps(configuration(place, folder)), "utf-8")
        openapi.write_text(json.dumps({"openapi": "3.0.2", "info": {"title": "Peer"}, "paths": {}}), "utf-8")
        command = [
            str(BIN / "gunicorn"),
            "pygeoapi.flask_app:APP",
            "--bind",
            place,
            "--workers",
            str(WORKERS),
        ]
        # Threads keep connections open, which the default worker does not.
        command += ["--worker-class", "gthread", "--threads", str(THREADS), "--timeout", "300"]
        command += ["--keep-alive", "60", "--log-level", "error", "--no-control-socket"]
        environment = {
            "PYGEOAPI_CONFIG": str(config),
            "PYGEOAPI_OPENAPI": str(openapi),
            "PYTHONPATH": str(HERE),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with running(command, place, "/processes?f=json", environment):
            yield place


def configuration(place: str, folder: str) -> dict[str, Any]:
    """Return its configuration, which is YAML, of which JSON is a part."""
    english = {"en": "Peer"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": int(place.rpartition(":")[2])},
            "url": f"http://{place}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 10, "max_items": 50},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}.png", "attribution": "none"},
            "manager": {"name": "TinyDB", "connection": f"{folder}/jobs.db", "output_dir": folder},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": english,
                "description": english,
                "keywords": {"en": ["peer"]},
                "keywords_type": "theme",
                "terms_of_service": "http://127.0.0.1",
                "url": "http://127.0.0.1",
            },
            "license": {"name": "none", "url": "http://127.0.0.1"},
            "provider": {"name": "none", "url": "http://127.0.0.1"},
            "contact": {"name": "none", "position": "none", "email": "none@example.org"},
        },
        "resources": {
            name: {"type": "process", "processor": {"name": f"processes.{kind}"}}
            for name, kind in (("per-feature", "PerFeature"), ("vectorised", "VectorisedBuffer"))
        },
    }


def versions() -> str:
    """Return the versions of its packages."""
    import subprocess

    script = (
        "import importlib.metadata as m, platform; "
        "print('Python', platform.python_version(), *[f'{n} {m.version(n)}' for n in "
        "('pygeoapi', 'gunicorn', 'flask', 'shapely', 'orjson')], sep=', ')"
    )
    done = subprocess.run([str(BIN / "python"), "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.strip().replace("Python, ", "Python ")


if __name__ == "__main__":
    with serve() as at:
        sys.stdout.write(f"http://{at}\n")
        sys.stdin.readline()
