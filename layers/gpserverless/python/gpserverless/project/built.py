"""The functions and layers that `sam build` has made: their sizes, times and processor."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FUNCTION = "AWS::Serverless::Function"
LAYER = "AWS::Serverless::LayerVersion"

LIMIT = 262_144_000
"""Most bytes of a function with its layers, unzipped: 250 MiB
(docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

UNKNOWN = "none"
"""What stands for the name of a resource, which only the deployment gives."""

MADE_AT = 315_619_200
"""Modification time of every built file: 1980-01-02, the first day that a zip holds in every time zone."""

_PROCESSORS = re.compile(r"^( *(?:Compatible)?Architectures:\n *- )Ref: Architecture$", re.MULTILINE)
"""Where a built template says for which processor a function or a layer is."""


@dataclass(frozen=True)
class BuiltFunction:
    """One function as `sam build` made it.

    Attributes:
        name: Its logical id.
        code: The folder that becomes `/var/task`.
        layers: The folders that become `/opt`, one over the other, in their order.
        handler: Its handler, `module.function`.
        variables: Its environment variables; those that only the deployment knows have none.
    """

    name: str
    code: Path
    layers: tuple[Path, ...]
    handler: str
    variables: Mapping[str, str]

    @property
    def bytes(self) -> int:
        """Its size with its layers, unzipped."""
        return sum(path.stat().st_size for folder in (self.code, *self.layers) for path in folder.rglob("*"))


def read_build(folder: Path) -> list[BuiltFunction]:
    """Read the functions of a built template.

    Args:
        folder: The build folder of `sam build`.
    """
    import yaml

    template = yaml.safe_load((folder / "template.yaml").read_text(encoding="utf-8"))
    resources: dict[str, dict[str, Any]] = template["Resources"]
    layers = {
        name: folder / each["Properties"]["ContentUri"]
        for name, each in resources.items()
        if each["Type"] == LAYER
    }
    shared = template["Globals"]["Function"]
    defaults = {name: each.get("Default", "") for name, each in template.get("Parameters", {}).items()}
    return [
        BuiltFunction(
            name=name,
            code=folder / each["Properties"]["CodeUri"],
            layers=tuple(layers[name] for name in _list_layers(shared, each["Properties"])),
            handler=each["Properties"].get("Handler", shared.get("Handler", "")),
            variables={
                key: _read_variable(value, defaults)
                for properties in (shared, each["Properties"])
                for key, value in properties.get("Environment", {}).get("Variables", {}).items()
            },
        )
        for name, each in resources.items()
        if each["Type"] == FUNCTION
    ]


def _list_layers(shared: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
    """List the layers as SAM does: those of all functions before the function's own."""
    return [layer["Ref"] for layer in (*shared.get("Layers", ()), *own.get("Layers", ()))]


def _read_variable(value: Any, defaults: Mapping[str, Any]) -> str:
    if not isinstance(value, dict):
        return str(value)
    return str(defaults.get(str(value.get("Ref")), UNKNOWN))


def fix_processor(template: Path, processor: str) -> None:
    """Write the processor into a built template, so that it is deployed for no other.

    A deployment keeps the parameters of the one before, so the parameter `Architecture` may be wrong.

    Args:
        template: The template that `sam build` wrote.
        processor: Lambda's name for it.

    Raises:
        ValueError: The template still refers to the parameter somewhere.
    """
    text = _PROCESSORS.sub(rf"\g<1>{processor}", template.read_text(encoding="utf-8"))
    text = text.replace("${Architecture}", processor)
    if re.search(r"Ref\W+Architecture\b", text):
        raise ValueError(f"{template} refers to the parameter Architecture in a place that is not known here")
    template.write_text(text, encoding="utf-8")


def finish_build(folder: Path, processor: str) -> list[BuiltFunction]:
    """Finish a build: for one processor, with the same times whenever it is made.

    Args:
        folder: The build folder of `sam build`.
        processor: Lambda's name for the processor.

    Returns:
        The functions, the largest first.
    """
    fix_processor(folder / "template.yaml", processor)
    normalize(folder)
    return sorted(read_build(folder), key=lambda each: each.bytes, reverse=True)


def normalize(folder: Path) -> None:
    """Set the same times and modes everywhere in a folder, so that two builds make the same zips."""
    for path in folder.rglob("*"):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
        os.utime(path, (MADE_AT, MADE_AT))
