"""The calls: parameters of each tool, with layers and files in the places of their names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LAYERS = ROOT / "tests/data"

Upload = Callable[[str, bytes], str]
"""Uploads a file by its name and its bytes, and returns the id of its item."""


def read_calls() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the parameters of a call by the names of service and tool.

    "@airports" is the layer of that name of tests/data, "#airports" its attributes alone, and
    "^tests/data/jacksboro_dem.tif" the file of that path, which is uploaded.
    """
    calls: dict[str, dict[str, dict[str, Any]]] = json.loads(
        Path(__file__).with_name("calls.json").read_text("utf-8")
    )
    return calls


def fill_fields(call: Mapping[str, Any], upload: Upload) -> dict[str, str]:
    """Return the fields of the request of a call.

    Args:
        call: Parameters of a call.
        upload: Uploads a file to its service.
    """
    filled = {name: _fill(value, upload) for name, value in call.items()}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in filled.items()}


def count_features(call: Mapping[str, Any]) -> int:
    """Return the number of features and rows that a call sends; a file that it uploads is not counted.

    Args:
        call: Parameters of a call.
    """
    return sum(_count(value) for value in call.values())


def _count(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_count, value))
    if isinstance(value, dict):
        return len(value.get("features", ()))
    layer = _find_layer(value)
    return 0 if layer is None else len(_read(layer)["features"])


def _find_layer(value: Any) -> str | None:
    return value[1:] if isinstance(value, str) and value[:1] in ("@", "#") else None


def _fill(value: Any, upload: Upload) -> Any:
    if isinstance(value, list):
        return [_fill(each, upload) for each in value]
    if isinstance(value, str) and value[:1] == "^":
        file = ROOT / value[1:]
        return {"itemID": upload(file.name, file.read_bytes())}
    name = _find_layer(value)
    if name is None:
        return value
    layer = _read(name)
    if value[0] == "@":
        return layer
    rows = [{"attributes": feature["attributes"]} for feature in layer["features"]]
    return {"fields": layer["fields"], "features": rows}


def list_calls() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the service, the tool and the parameters of each call."""
    for service, calls in read_calls().items():
        for task, call in calls.items():
            yield service, task, call


def _read(name: str) -> dict[str, Any]:
    layer: dict[str, Any] = json.loads((LAYERS / f"{name}.json").read_text("utf-8"))
    return layer
