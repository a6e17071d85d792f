"""Leave out of botocore's descriptions of services what only its documentation needs, and unpack them.

Each cold start reads those of the services that a function uses. Called by the Makefile with the folder of
the packages and the names of the services that are kept.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any


def trim(data: Path, services: set[str]) -> None:
    """Trim botocore's folder of data.

    Args:
        data: The folder.
        services: Names of the services that are kept.
    """
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in services:
            shutil.rmtree(folder)
    for path in [*data.rglob("*.json"), *data.rglob("*.json.gz")]:
        _rewrite(path)
    _keep_endpoints(data / "endpoints.json", services)


def _rewrite(path: Path) -> None:
    if path.name.startswith("examples-"):
        path.unlink()
        return
    packed = path.suffix == ".gz"
    content = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    path.unlink()
    _write(path.with_suffix("") if packed else path, _without_documentation(json.loads(content)))


def _keep_endpoints(path: Path, services: set[str]) -> None:
    document = json.loads(path.read_bytes())
    for partition in document["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in known if name in services}
    _write(path, document)


def _without_documentation(part: Any) -> Any:
    """Return a description with empty texts: botocore asks for some. A member of that name is an object."""
    if isinstance(part, list):
        return [_without_documentation(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: "" if name == "documentation" and isinstance(value, str) else _without_documentation(value)
        for name, value in part.items()
    }


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    folder = Path(sys.argv[1], "botocore/data")
    if folder.is_dir():
        trim(folder, set(sys.argv[2:]))
