"""LIBKML's options: the names of the fields that it makes of elements of KML."""

from __future__ import annotations

from collections.abc import Mapping

PREFIX = "kml:"
"""Beginning of the names of these fields, which no attribute has."""

NAMES = {"name": "Name", "description": "description", "snippet": "snippet"} | {
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

OPTIONS: Mapping[str, str] = {f"LIBKML_{n.upper()}_FIELD": PREFIX + n for n in (*NAMES, *_DRAWING)}
"""GDAL's options for the names of the fields."""
