"""Layers of the example calls of tools, in which not just any shape makes sense."""

from typing import Any


def _make_layer(geometries: list[dict[str, Any]]) -> dict[str, Any]:
    names = "ABCDE"
    features = [
        {"attributes": {"NAME": names[row], "POP": 1200 * (row + 1)}, "geometry": geometry}
        for row, geometry in enumerate(geometries)
    ]
    return {"spatialReference": {"wkid": 4326}, "features": features}


PLACES = _make_layer([{"x": x, "y": y} for x, y in ((13.2, 52.4), (13.5, 52.5), (13.6, 52.2), (13.8, 52.6))])
"""Four points that are not on one line."""

ZONES = _make_layer([{"rings": [[[x, 52], [x, 53], [x + 1, 53], [x + 1, 52], [x, 52]]]} for x in (13, 14)])
"""Two squares, of which one holds the places."""

AREAS = _make_layer([{"rings": [[[13.5, 52.5], [13.5, 53.5], [14.5, 53.5], [14.5, 52.5], [13.5, 52.5]]]}])
"""A square over parts of both zones."""

ROWS = {"features": [{"attributes": {"NAME": "A", "LON": 13.5, "LAT": 52.37}}]}
"""A row with a longitude and a latitude."""
