"""The calls: parameters of each tool, with the layers of tests/data in the places of their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LAYERS = Path(__file__).parents[2] / "tests/data"


def read_calls() -> dict[str, dict[str, Any]]:
    """Return the parameters of a call by the name of its tool.

    "@airports" is the layer of that name, "#airports" its attributes alone.
    """
    calls: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("calls.json").read_text("utf-8"))
    return calls


def fill_fields(call: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of the request of a call.

    Args:
        call: Parameters as `read_calls` returns them.
    """
    filled = {name: _fill(value) for name, value in call.items()}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in filled.items()}


def count_features(call: Mapping[str, Any]) -> int:
    """Return the number of features and rows that a call sends.

    Args:
        call: Parameters as `read_calls` returns them.
    """
    values = [each for value in call.values() for each in (value if isinstance(value, list) else [value])]
    layers = [each[1:] for each in values if isinstance(each, str) and each[:1] in ("@", "#")]
    return sum(len(_read(layer)["features"]) for layer in layers)


def _fill(value: Any) -> Any:
    if isinstance(value, list):
        return [_fill(each) for each in value]
    if not isinstance(value, str) or value[:1] not in ("@", "#"):
        return value
    layer = _read(value[1:])
    if value[0] == "@":
        return layer
    rows = [{"attributes": feature["attributes"]} for feature in layer["features"]]
    return {"fields": layer["fields"], "features": rows}


def _read(name: str) -> dict[str, Any]:
    layer: dict[str, Any] = json.loads((LAYERS / f"{name}.json").read_text("utf-8"))
    return layer
