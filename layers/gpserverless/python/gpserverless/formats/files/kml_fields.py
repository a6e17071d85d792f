"""Fields that KML has elements for: names, descriptions and times of placemarks.

LIBKML makes fields of these elements and of those of drawing. They get names with a prefix that no attribute
has, so that attributes of any name, `begin`, `icon` or `id` too, are attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gpserverless.features.rows import Column

_PREFIX = "kml:"
_NAMES = {"name": "Name", "description": "description", "snippet": "snippet"} | {
    name: name for name in ("timestamp", "begin", "end")
}
_DRAWING = (
    *("id", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "heading", "tilt"),
    *("roll", "model", "scale_x", "scale_y", "scale_z", "networklink", "networklink_refreshvisibility"),
    *("networklink_flytoview", "networklink_refreshmode", "networklink_refreshinterval", "camera_longitude"),
    *("networklink_viewrefreshmode", "networklink_viewrefreshtime", "networklink_viewboundscale"),
    *("networklink_viewformat", "networklink_httpquery", "photooverlay", "photooverlay_shape", "leftfov"),
    *("rightfov", "bottomfov", "topfov", "near", "imagepyramid_tilesize", "imagepyramid_maxwidth"),
    *("imagepyramid_maxheight", "imagepyramid_gridorigin", "camera_latitude", "camera_altitude"),
    *("camera_altitudemode",),
)

OPTIONS: Mapping[str, str] = {f"LIBKML_{n.upper()}_FIELD": _PREFIX + n for n in (*_NAMES, *_DRAWING)}
"""GDAL's options for the names of the fields."""


def name_columns(names: Sequence[str], columns: Sequence[Column]) -> list[str | None]:
    """Return the names of columns that were read; None for one of drawing, and for one without any value.

    Args:
        names: LIBKML's names.
        columns: The values of each, shape (N,).
    """
    attributes = {name.lower(): c for name, c in zip(names, columns, strict=True) if not _is_own(name)}
    taken = set(attributes)
    made: list[str | None] = []
    for name, column in zip(names, columns, strict=True):
        title = _NAMES.get(name.removeprefix(_PREFIX)) if _is_own(name) else name
        if title is not None and _is_own(name):
            title = _choose_name(title, column, attributes, taken)
        made.append(title)
    return made


def _is_own(name: str) -> bool:
    return name.startswith(_PREFIX)


def _choose_name(title: str, column: Column, attributes: Mapping[str, Column], taken: set[str]) -> str | None:
    """Return a free name, None for a column without a value and for one that an attribute repeats."""
    same = attributes.get(title.lower())
    values = column.tolist()
    if all(value is None for value in values) or (same is not None and same.tolist() == values):
        return None
    name, number = title, 0
    while name.lower() in taken:
        number += 1
        name = f"{title}_{number}"
    taken.add(name.lower())
    return name
