"""Layers of data sets: which there are, and the names by which a caller tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.csv import read_csv
from gpserverless.formats.files.file_formats import ALIASES
from gpserverless.formats.files.gdal import load_pyogrio, relay_gdal_messages
from gpserverless.formats.files.sources import Source
from gpserverless.formats.files.warn import Warn, ignore_warning

Layer = tuple[Source, str]
"""A data set, and the name of a layer in it."""


def list_all_layers(sources: Sequence[Source], warn: Warn) -> list[Layer]:
    """Return the layers of data sets; one that cannot be opened does not hide the others.

    Texts such as README.txt or metadata.json, which hold no features, are left out without a word.

    Args:
        sources: The data sets of a file.
        warn: Takes a sentence about every other one that is left out.

    Raises:
        InvalidValue: None can be opened.
    """
    layers: list[Layer] = []
    problems: list[tuple[Source, InvalidValue]] = []
    for source in sources:
        try:
            layers += [(source, name) for name in _list_layers(source, len(sources) == 1, warn)]
        except InvalidValue as problem:
            problems.append((source, problem))
    if problems and not layers:
        raise problems[0][1]
    for source, reason in problems:
        if source.path.suffix.lower() not in ALIASES:
            warn(f"'{source.path.name[:60]}' is left out: {reason.problem}.")
    return layers


def title_layers(layers: Sequence[Layer]) -> list[tuple[str, Layer]]:
    """Return layers with titles: their names, with those of the files where several have one name.

    Args:
        layers: The layers.
    """
    counts = Counter(name.lower() for _, name in layers)
    return [
        (name if counts[name.lower()] == 1 else _qualify(source, name), (source, name))
        for source, name in layers
    ]


def _qualify(source: Source, name: str) -> str:
    file = f"{source.path.parent.name}/{source.path.name}" if source.is_below else source.path.name
    return f"{file}/{name}" if source.format.layered else file


def _list_layers(source: Source, alone: bool, warn: Warn) -> list[str]:
    """Return the names of the layers with geometry."""
    if source.format.name == "CSV":
        if not alone:  # a text may be no table
            read_csv(source.path, warn=ignore_warning, maximum=0)
        return [source.path.stem]
    if source.format.name == "Shapefile":  # opened when its files are in order
        return [source.path.stem]
    load_pyogrio()
    from pyogrio import list_layers

    with relay_gdal_messages("be opened", None):
        names = [str(name) for name, kind in list_layers(source.path) if kind is not None]
    return [name for name in names if _can_open(source, name, warn)] if len(names) > 1 else names


def _can_open(source: Source, name: str, warn: Warn) -> bool:
    """Return whether a layer can be opened, unlike a view of a table that is gone."""
    from pyogrio import read_info

    try:
        with relay_gdal_messages("be opened", None):
            read_info(source.path, layer=name)
    except InvalidValue as problem:
        warn(f"Layer '{name[:60]}' is left out: {problem.problem}.")
        return False
    return True
