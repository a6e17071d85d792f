"""`python -m dev.pages.reference_systems FILE`: write the reference systems that a form offers.

A JSON list of [code, name], in the order of the codes. A code that EPSG and Esri both give means EPSG's, as
on the wire.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
from pyproj.database import query_crs_info
from pyproj.enums import PJType

AUTHORITIES = ("ESRI", "EPSG")
TYPES = (PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS)


def list_reference_systems() -> list[tuple[int, str]]:
    """List code and name of every projected and geographic system of PROJ, deprecated ones left out."""
    found = {
        int(info.code): info.name
        for authority in AUTHORITIES
        for info in query_crs_info(auth_name=authority, pj_types=list(TYPES))
    }
    return sorted(found.items())


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(orjson.dumps(list_reference_systems()))
