"""Fields that KML has elements for: names, descriptions and times of placemarks.

LIBKML makes fields of these elements and of those of drawing. They get names with a prefix that no attribute
has, so that attributes of any name, `begin`, `icon` or `id` too, are attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gpserverless.features.fields import find_free_name
from gpserverless.features.rows import Column
from gpserverless.formats.files.gdal_columns import GdalColumn
from gpserverless.formats.files.kml_options import NAMES, PREFIX


def name_columns(columns: Sequence[GdalColumn]) -> list[GdalColumn]:
    """Return the attributes under their own names, without the columns of drawing and those without a value.

    Args:
        columns: The columns under LIBKML's names.
    """
    attributes = {each.name.lower(): each.values for each in columns if not _is_own(each.name)}
    taken = set(attributes)
    made: list[GdalColumn] = []
    for each in columns:
        title: str | None = each.name
        if _is_own(each.name):
            title = NAMES.get(each.name.removeprefix(PREFIX))
            title = title and _choose_name(title, each.values, attributes, taken)
        if title is not None:
            made.append(replace(each, name=title))
    return made


def _is_own(name: str) -> bool:
    return name.startswith(PREFIX)


def _choose_name(title: str, column: Column, attributes: Mapping[str, Column], taken: set[str]) -> str | None:
    """Return a free name, None for a column without a value and for one that an attribute repeats."""
    same = attributes.get(title.lower())
    values = column.tolist()
    if all(value is None for value in values) or (same is not None and same.tolist() == values):
        return None
    name = find_free_name(title, taken)
    taken.add(name.lower())
    return name
