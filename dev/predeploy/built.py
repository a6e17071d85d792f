"""`python -m dev.predeploy.built FOLDER PROCESSOR`: finish a build of `sam build`, and print every size."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from local.functions import LAYER
from local.template import FUNCTION, Template

LIMIT = 262_144_000
"""Most bytes of a function with its layers, unzipped: 250 MiB
(docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

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
    """

    name: str
    code: Path
    layers: tuple[Path, ...]

    @property
    def bytes(self) -> int:
        """Its size with its layers, unzipped."""
        return sum(path.stat().st_size for folder in (self.code, *self.layers) for path in folder.rglob("*"))


def read_build(folder: Path) -> list[BuiltFunction]:
    """Read the functions of a built template.

    Args:
        folder: The build folder of `sam build`.
    """
    template = Template.read(folder / "template.yaml")
    layers = {layer.name: folder / layer.properties["ContentUri"] for layer in template.of_type(LAYER)}
    return [
        BuiltFunction(
            name=function.name,
            code=folder / function.properties["CodeUri"],
            layers=tuple(layers[layer["Ref"]] for layer in function.properties["Layers"]),
        )
        for function in template.of_type(FUNCTION)
    ]


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


def normalize(folder: Path) -> None:
    """Set the same times and modes everywhere in a folder, so that two builds make the same zips."""
    for path in folder.rglob("*"):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
        os.utime(path, (MADE_AT, MADE_AT))


def main(folder: Path, processor: str) -> int:
    """Finish a build; 1 if one of its functions is too large."""
    fix_processor(folder / "template.yaml", processor)
    normalize(folder)
    functions = read_build(folder)
    for function in sorted(functions, key=lambda each: each.bytes, reverse=True):
        print(f"{function.name:24} {function.bytes:11,} of {LIMIT:,} bytes")
    return int(any(function.bytes > LIMIT for function in functions))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
