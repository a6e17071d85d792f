"""The catalogue file of the toolboxes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

MODULE = "gpserverless.toolkit"
FILE = "toolboxes/catalogue.json"


async def write_catalogue(python_path: Sequence[Path]) -> str:
    """Make the catalogue file from the tools' signatures, if there are tools.

    Args:
        python_path: Folders of the package and the toolboxes.

    Returns:
        The error of a toolbox; empty if there is none.
    """
    if not any((path / "toolboxes").is_dir() for path in python_path):
        return ""
    making = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", MODULE),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, python_path))},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    )
    try:
        process = await asyncio.shield(making)
        _, problem = await process.communicate()
    except asyncio.CancelledError:
        process = await making
        process.kill()
        await process.wait()
        raise
    return problem.decode(errors="replace").strip() if process.returncode else ""


def read_published_services(
    python_path: Sequence[Path], variables: Mapping[str, str]
) -> list[dict[str, object]]:
    """Read the published services of the catalogue file.

    Args:
        python_path: Folders of the toolboxes.
        variables: Environment variables of the functions, some of which publish a service.
    """
    found = next((path / FILE for path in python_path if (path / FILE).exists()), None)
    if found is None:
        return []
    entries: list[dict[str, object]] = orjson.loads(found.read_bytes())["services"]
    switched_on = {"", *(name for name, value in variables.items() if value == "true")}
    return [entry for entry in entries if entry.get("published_when", "") in switched_on]
