"""The step of a reading that a query is: whether it begins to read rows, or goes on."""

from __future__ import annotations

from gpserverless.http.request import Request
from gpserverless.items.readings import Step, Way
from gpserverless.protocols.featureserver.options import Options
from gpserverless.protocols.featureserver.read_filter import is_for_all_rows

_CONDITIONS = (
    "time",
    "text",
    "geometry",
    "geometryType",
    "inSR",
    "defaultSR",
    "spatialRel",
    "relationParam",
    "distance",
    "units",
    "outStatistics",
    "groupByFieldsForStatistics",
    "having",
    "havingClause",
    "returnDistinctValues",
)
"""Fields, beside `where`, by which the rows of two queries differ; the columns do not count."""

WHOLE = Step("whole")


def read_step(request: Request, layer: int) -> Step:
    """Return the step that a query of a layer is.

    Args:
        request: The query.
        layer: Number of the layer.

    Raises:
        InvalidParameter: A field of the request is wrong.
    """
    caller = request.caller
    client = (caller.name or caller.address, request.headers.get("user-agent", ""))
    return Step(_find_way(request), client, layer, _read_condition(request))


def _find_way(request: Request) -> Way:
    options = Options(request)
    if any(text.strip() for text in request.all("objectIds")):
        return "part"
    has_count = options.flag("returnCountOnly")
    if options.flag("returnIdsOnly") and not has_count:
        return "ids"
    if has_count or options.flag("returnExtentOnly"):
        return "total" if options.text("outFields") else "count"
    offset = options.whole("resultOffset")
    if offset is None:
        return "first"
    return "next" if offset else "again"


def _read_condition(request: Request) -> str:
    where = request.get("where").strip()
    texts = ["" if is_for_all_rows(where) else where]
    for name in _CONDITIONS:
        texts += [f"{name}={text.strip()}" for text in request.all(name)[-1:] if text.strip()]
    return "\0".join(texts)
