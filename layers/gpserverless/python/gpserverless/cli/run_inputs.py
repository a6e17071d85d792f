"""The inputs of a run: texts of the command line as values of the protocol, files read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gpserverless.cli.run_places import Place
from gpserverless.errors import AuthoringError, CommandError, InvalidValue

FEATURES = frozenset({"GPFeatureRecordSetLayer", "GPRecordSet"})
FILES = frozenset({"GPDataFile", "GPRasterDataLayer", "GPRasterData"})
JSON_FILES = frozenset({".json", ".geojson"})

_MULTIPLE = "GPMultiValue:"


def read_inputs(
    described: Mapping[str, Any], texts: Mapping[str, Any], place: Place, service: str
) -> dict[str, Any]:
    """Return the values of a call.

    Args:
        described: The description of the task.
        texts: What the command line gives, by parameter name.
        place: Where the task runs.
        service: Its service, to which files are sent.

    Raises:
        CommandError: A file is not there, or of another type.
    """
    parameters = {each["name"]: each for each in described["parameters"]}
    return {name: _read_input(parameters[name], text, place, service) for name, text in texts.items()}


def _read_input(parameter: Mapping[str, Any], given: Any, place: Place, service: str) -> Any:
    kind = parameter["dataType"].removeprefix(_MULTIPLE)

    def read(text: str) -> Any:
        if _is_written_out(text, parameter):
            return text
        if kind in FEATURES:
            return read_feature_file(_find_file(parameter["name"], text), parameter["name"])
        if kind in FILES:
            return place.send_file(_find_file(parameter["name"], text), service)
        return text

    return [read(text) for text in given] if isinstance(given, list) else read(given)


def _is_written_out(text: str, parameter: Mapping[str, Any]) -> bool:
    """Return whether a text is the value itself: JSON, an address, the name of a layer."""
    start = text.lstrip()
    return start.startswith(("{", "http://", "https://")) or text in (parameter.get("choiceList") or ())


def _find_file(name: str, text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_file():
        raise CommandError(f"--{name}: there is no file '{text}'")
    return path.absolute()


def read_feature_file(path: Path, name: str) -> str:
    """Read a file of features as JSON of the protocol.

    Args:
        path: The file.
        name: Name of the parameter, for errors.

    Raises:
        CommandError: It is of another type, or damaged.
    """
    if path.suffix.lower() in JSON_FILES:
        text = _read_text(path, name)
        try:
            if not isinstance(json.loads(text), dict):
                raise ValueError("it is no object")
        except ValueError as error:
            raise CommandError(f"--{name}: {path.name} is no GeoJSON or Esri JSON: {error}") from None
        return text
    return str(explain_files(lambda: _convert(path), f"--{name}: {path.name}"))


def explain_files(work: Callable[[], Any], subject: str) -> Any:
    """Do something with a file of features, and turn its errors into one sentence.

    Args:
        work: What to do.
        subject: The file, for the errors.

    Raises:
        CommandError: The file is of another type, or cannot hold the features, or a library is missing.
    """
    try:
        return work()
    except InvalidValue as error:
        accepted = f"; accepted: {error.accepted}" if error.accepted else ""
        raise CommandError(f"{subject}: {error.problem}{accepted}") from None
    except AuthoringError:
        raise CommandError(f"{subject} needs another package: pip install 'gpserverless[vector]'") from None


def _read_text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"--{name}: {path.name} cannot be read: {error}") from None


def _convert(path: Path) -> str:
    from gpserverless.formats.esri_json import stream_features
    from gpserverless.formats.files.read import read_features

    features = read_features(path)
    return b"".join(stream_features(features, z=features.has_z, m=features.has_m)).decode()
