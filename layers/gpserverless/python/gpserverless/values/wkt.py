"""WKT of coordinate systems from callers, checked before PROJ reads it."""

from __future__ import annotations

import re

from gpserverless.errors import InvalidValue

LONGEST_WKT = 4096
"""Most characters of a WKT; the longest in the PROJ database has about half of that."""

_ACCEPTED = "a WKID of EPSG or Esri such as 4326 or 3857, or a WKT"
_START = re.compile(
    r"\s*(PROJCS|GEOGCS|PROJCRS|PROJECTEDCRS|GEOGCRS|GEODCRS|GEODETICCRS|COMPD_?CS|COMPOUNDCRS)"
)
_HALF = re.compile("[\ud800-\udfff]")  # of a character; no text of PROJ holds one
_REFUSED = re.compile(r"PARAMETERFILE|BOUNDCRS", re.IGNORECASE)
# PROJ writes a method that WKT does not know in its own words, and reads them, names of files included:
# METHOD["PROJ hgridshift grids=…"]. Only a turned pole is what servers of weather send.
_METHOD = re.compile(r"(?:METHOD|PROJECTION)\s*[\[(]\W*PROJ\W", re.IGNORECASE)
_TURNED_POLE = re.compile(r'METHOD\["PROJ ob_tran o_proj=(?:longlat|lonlat|latlong|latlon)"', re.IGNORECASE)
# GDAL says in PROJ's words what WKT 1 cannot: EXTENSION["PROJ4","+proj=merc …"]. A node PROJ4_GRIDS names
# files.
_EXTENSION = re.compile(r',\s*EXTENSION\s*[\[(]\s*"(\w*)"\s*,\s*"([^"]*)"\s*[\])]', re.IGNORECASE)
_GRIDS = re.compile(r"PROJ4_GRIDS", re.IGNORECASE)
_OPERATIONS = (
    "pipeline|step|push|pop|set|noop|axisswap|unitconvert|affine|helmert|molo\\w*|deformation|defmodel|horner|cart"
    "|geoc|geogoffset|vertoffset|topocentric|geoid|\\w*shift"
)
"""What PROJ can do beside projections; some of them read files."""

_NUMBER_KEYS = (
    "lat_[012bt]|lat_ts|lon_[012]|lonc|lon_wrap|[xyz]_0|k|k_0|alpha|gamma|zone|a|b|f|rf|es|e|R|h|tilt|azi|sweep|W|M"
    "|m|n|q|theta|to_meter|vto_meter|towgs84|path|lsat|o_lat_[pc012]|o_lon_[pc012]|o_alpha"
)
_SAFE_WORD = re.compile(
    rf"\+(?:(?:o_)?proj=(?!(?:{_OPERATIONS})\Z)\w+|nadgrids=@null|(?:{_NUMBER_KEYS})=[\w.,:+-]*"
    r"|(?:ellps|datum|pm|units|vunits|type|axis|shape|mode|title)=[\w.,:+-]*"
    r"|south|no_defs|wktext|over|no_u?off|no_rot|no_cut|guam|R_\w+)",
    re.ASCII,
)


def check_wkt(wkt: str) -> str:
    """Return a WKT of a horizontal or compound system; PROJ has not read it yet.

    Args:
        wkt: WKT 1 of Esri or GDAL, or WKT 2.

    Raises:
        InvalidValue: It is none, it is too long, or it can name files of this machine.
    """
    if len(wkt) > LONGEST_WKT:
        raise InvalidValue(
            f"the WKT has {len(wkt):,} characters", f"a WKT of at most {LONGEST_WKT:,} characters"
        )
    if not _START.match(wkt.upper()) or _REFUSED.search(wkt) or _HALF.search(wkt):
        raise InvalidValue("it is not a spatial reference", _ACCEPTED)
    if len(_METHOD.findall(wkt)) != len(_TURNED_POLE.findall(wkt)):
        raise InvalidValue("the WKT has a method in the words of PROJ, which can name a file", _ACCEPTED)
    extensions = _EXTENSION.findall(wkt)
    if len(extensions) != len(re.findall("EXTENSION", wkt, re.IGNORECASE)):
        raise InvalidValue("the WKT has an EXTENSION that is not read", _ACCEPTED)
    words = [word for kind, text in extensions if not _GRIDS.fullmatch(kind) for word in text.split()]
    if not all(map(_SAFE_WORD.fullmatch, words)):
        raise InvalidValue("the WKT has an EXTENSION that can name a file", _ACCEPTED)
    return wkt


def drop_grids(wkt: str) -> str:
    """Return a WKT without the names of grid files: no transformation uses them.

    Args:
        wkt: A checked WKT.
    """
    return _EXTENSION.sub(lambda node: "" if _GRIDS.fullmatch(node[1]) else node[0], wkt)
