"""`gpserverless run --map`: what went in and what came out, in a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from gpserverless.cli.run_outputs import FEATURES, RunOutput
from gpserverless.errors import CommandError, InvalidValue


def check_picture(path: Path | None) -> None:
    """Raise unless a picture can be written, before anything runs.

    Args:
        path: The file, or None if none is wanted.

    Raises:
        CommandError: It is of another type, or its folder is not there.
    """
    if path is None:
        return
    if path.suffix.lower() != ".svg":
        raise CommandError(f"--map: no picture is written as '{path.name}'; accepted is .svg")
    if not path.absolute().parent.is_dir():
        raise CommandError(f"--map: there is no folder {path.absolute().parent}")


def write_picture(path: Path, title: str, values: Mapping[str, Any], outputs: Sequence[RunOutput]) -> None:
    """Draw the features of a run into a file.

    Args:
        path: The file.
        title: Title of the picture.
        values: Inputs of the run; those that are no features are left out.
        outputs: Outputs of the run, likewise.

    Raises:
        CommandError: There is nothing to draw.
    """
    from gpserverless.cli.map_picture import MapLayer, draw_map
    from gpserverless.formats.feature_json import decode_features

    layers = []
    for name, text in _list_features(values, outputs):
        try:
            layers.append(MapLayer(name, decode_features(text)))
        except InvalidValue as error:
            typer.echo(f"Warning: --map leaves out {name}: {error.problem}", err=True)
    if not layers:
        raise CommandError("--map: neither the inputs nor the outputs are features that are at hand")
    path.write_text(draw_map(layers, title), encoding="utf-8")


def _list_features(values: Mapping[str, Any], outputs: Sequence[RunOutput]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, str) and value.lstrip().startswith("{") and '"features"' in value:
            yield name, value
    for output in outputs:
        if output.data_type == FEATURES and isinstance(output.value, dict) and "features" in output.value:
            yield output.name, json.dumps(output.value)
