"""The outputs of a run: into files, or onto the terminal."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gpserverless.cli.inspect import is_input
from gpserverless.errors import CommandError

if TYPE_CHECKING:
    from gpserverless.cli.run_places import Place

FEATURES = "GPFeatureRecordSetLayer"
TABLE = "GPRecordSet"
FILES = frozenset({"GPDataFile", "GPRasterDataLayer", "GPRasterData"})
PACKED = frozenset({".zip"})
"""Extensions of files that hold a shapefile."""


@dataclass(frozen=True)
class RunOutput:
    """One output.

    Attributes:
        name: Its name.
        data_type: Its GP data type.
        value: Its value, as JSON.
    """

    name: str
    data_type: str
    value: Any

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> RunOutput:
        """Read an output as the protocol writes it.

        Args:
            document: JSON of the output.
        """
        return cls(document["paramName"], document["dataType"], document["value"])


def check_targets(described: Mapping[str, Any], out: Sequence[str]) -> dict[str, Path]:
    """Return the files for the outputs of a task, by name of the output; checked before anything runs.

    Args:
        described: The description of the task.
        out: What the command line says: FILE or NAME=FILE.

    Raises:
        CommandError: There is no such output, or the file cannot hold it.
    """
    outputs = {each["name"]: each for each in described["parameters"] if not is_input(each)}
    targets: dict[str, Path] = {}
    for text in out:
        name, equals, file = text.partition("=")
        if not equals or name not in outputs:
            name, file = next(iter(outputs)) if len(outputs) == 1 else "", text
        if not name:
            raise CommandError(f"--out {text}: write NAME=FILE, where NAME is one of {', '.join(outputs)}")
        if name in targets:
            raise CommandError(f"--out {text}: the output '{name}' has a file already")
        targets[name] = _check_target(Path(file).expanduser().absolute(), outputs[name]["dataType"])
    return targets


def _check_target(path: Path, data_type: str) -> Path:
    if not path.parent.is_dir():
        raise CommandError(f"--out: there is no folder {path.parent}")
    if path.is_dir():
        raise CommandError(f"--out: {path} is a folder")
    if data_type == FEATURES and path.suffix.lower() not in {".json", *_list_suffixes()}:
        accepted = ", ".join([".json", *sorted(_list_suffixes())])
        raise CommandError(f"--out: no features are written as '{path.name}'; accepted are {accepted}")
    if data_type == TABLE and path.suffix.lower() not in (".json", ".csv"):
        raise CommandError(f"--out: no table is written as '{path.name}'; accepted are .csv and .json")
    return path


def _list_suffixes() -> set[str]:
    from gpserverless.formats.files.file_formats import FORMATS

    return {each.suffix for each in FORMATS if not each.packed} | PACKED


def write_outputs(outputs: Sequence[RunOutput], targets: Mapping[str, Path], place: Place) -> None:
    """Write outputs into their files; a file is there as a whole, or as it was.

    Args:
        outputs: The outputs.
        targets: The files by name of the output.
        place: Where the outputs come from.

    Raises:
        CommandError: A file cannot hold its output.
    """
    for output in outputs:
        if output.name not in targets:
            continue
        target = targets[output.name]
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".out-") as folder:
            made = _write(output, Path(folder, target.name), place)
            made.replace(target)


def _write(output: RunOutput, path: Path, place: Place) -> Path:
    if output.data_type in FILES:
        place.take_file(output, path)
    elif output.data_type in (FEATURES, TABLE) and path.suffix.lower() != ".json":
        return _write_features(output, path)
    else:
        text = output.value if isinstance(output.value, str) else json.dumps(output.value, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    return path


def _write_features(output: RunOutput, path: Path) -> Path:
    from gpserverless.cli.run_inputs import explain_files
    from gpserverless.formats.feature_json import decode_features
    from gpserverless.formats.files.file_formats import find_format
    from gpserverless.formats.files.write import write_features

    found = find_format(path.suffix)
    name = "Shapefile" if path.suffix.lower() in PACKED else (found.name if found else "GeoJSON")

    def write() -> Path:
        features = decode_features(json.dumps(output.value))
        return write_features(features, name, path.stem, warn=_warn)

    made: Path = explain_files(write, f"--out {path.name}")
    shutil.move(made, path)
    return path


def _warn(text: str) -> None:
    typer.echo(f"Warning: {text}", err=True)


def print_outputs(outputs: Sequence[RunOutput], targets: Mapping[str, Path], *, as_json: bool) -> None:
    """Print what the outputs are, or all of them as JSON.

    Args:
        outputs: The outputs.
        targets: The files that some of them are in.
        as_json: Whether to print JSON; an output in a file is the path of the file there.
    """
    if as_json:
        shown = {o.name: str(targets[o.name]) if o.name in targets else o.value for o in outputs}
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for output in outputs:
        typer.echo(f"{output.name}: {_describe(output, targets)}")


def _describe(output: RunOutput, targets: Mapping[str, Path]) -> str:
    value = output.value
    count = ""
    if isinstance(value, dict) and isinstance(value.get("features"), list):
        number, what = len(value["features"]), "feature" if output.data_type == FEATURES else "row"
        count = f"{number:,} {what}{'' if number == 1 else 's'}"
        if value.get("exceededTransferLimit"):
            count += ", and more that the service does not give out"
    if output.name in targets:
        return f"{count + ' in ' if count else ''}{targets[output.name]}"
    if count:
        return f"{count} (--out writes them into a file, --json shows them)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
